"""Shadow gradients: equal at D = ½, e^(-t) apart where D wins, and the trained one's as the ledger has it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.probes.base import Subject
from ganviz.training.probes.ledger import LedgerProbe
from ganviz.training.probes.shadow_gradients import ShadowGradientsProbe
from ganviz.training.trainer import Trainer

KEYS = ("non_saturating", "wgan_gp", "rpgan")
PROBE = ShadowGradientsProbe(("saturating", "non_saturating", "wasserstein", "hinge"), n=32)


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    lanes = tuple(LaneConfig(named_formulation(key)) for key in KEYS)
    config = RunConfig(lanes, architecture=MLP(width=8), training=TrainingSettings(batch_size=16))
    trainer = Trainer(config, torch.float64)
    trainer.train(70)
    return trainer


def with_scores(subject: Subject, score: float) -> Subject:
    """Return a subject whose D gives everything nearly one score, with the slopes that it has."""

    def judge(samples: torch.Tensor) -> torch.Tensor:
        return score + 1e-9 * subject.discriminator(samples)

    return dataclasses.replace(subject, discriminator=judge)


def test_the_trained_loss_comes_first(trainer: Trainer) -> None:
    found, ledger = PROBE.measure(trainer.subject()), LedgerProbe(n=32).measure(trainer.subject())
    np.testing.assert_allclose(found.norms[:, 0], ledger.g_norm[:, 0], rtol=1e-10)
    np.testing.assert_allclose(found.norms[0, 1:3], ledger.g_norm[0, 1:], rtol=1e-10)
    np.testing.assert_allclose(found.values[:, 0], ledger.g_loss[:, 0], rtol=1e-12)
    np.testing.assert_allclose(found.norms[0, 2], found.norms[0, 0], rtol=1e-12)
    np.testing.assert_allclose(found.norms[:, 3], found.norms[:, 4], rtol=1e-12)  # both are -t


def test_cosines_are_those_of_gradients(trainer: Trainer) -> None:
    cosines = PROBE.measure(trainer.subject()).cosines
    np.testing.assert_allclose(np.diagonal(cosines, axis1=1, axis2=2), 1, rtol=1e-12)
    np.testing.assert_allclose(cosines, cosines.transpose(0, 2, 1), rtol=1e-12)
    assert np.abs(cosines).max() <= 1 + 1e-12
    assert (cosines[:, 1, 2] > 0).all()


@pytest.mark.parametrize("t", [0.0, -3.0, -9.0, 2.0])
def test_saturating_and_non_saturating_part_by_e_to_the_minus_t(trainer: Trainer, t: float) -> None:
    """A9: both slopes are -½ at D = ½; elsewhere σ(-t) / σ(t) = e^(-t), and the direction is the same."""
    found = PROBE.measure(with_scores(trainer.subject(), t))
    np.testing.assert_allclose(found.norms[:, 2] / found.norms[:, 1], np.exp(-t), rtol=1e-6)
    np.testing.assert_allclose(found.cosines[:, 1, 2], 1, rtol=1e-9)
    np.testing.assert_allclose(found.mean_score, t, atol=1e-6)


def test_the_mean_score_is_that_of_the_generated_samples(trainer: Trainer) -> None:
    subject = trainer.subject()
    made = subject.generator(subject.latents(32))
    expected = subject.discriminator(made).detach().mean(-1)
    np.testing.assert_allclose(PROBE.measure(subject).mean_score, expected, rtol=1e-5, atol=1e-6)


def test_before_the_first_step_there_are_gradients_but_no_values() -> None:
    found = PROBE.measure(Trainer(RunConfig(architecture=MLP(width=8))).subject())
    assert np.isnan(found.values).all()
    assert (found.norms > 0).all()

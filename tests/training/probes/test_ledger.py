"""The ledger's numbers: against the history, NumPy and torch's own autograd; what cancels, cancels to 0."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.probes.ledger import Ledger, LedgerProbe, is_cross_entropy
from ganviz.training.trainer import Trainer

KEYS = ("saturating", "non_saturating", "wgan_gp", "rpgan", "ragan", "least_squares", "r3gan")
LN2 = math.log(2)


def trainer_of(*keys: str, steps: int = 70, **training: object) -> Trainer:
    lanes = tuple(LaneConfig(named_formulation(key)) for key in keys)
    config = RunConfig(lanes, architecture=MLP(width=8), training=TrainingSettings(batch_size=16, **training))
    trainer = Trainer(config, torch.float64)
    trainer.train(steps)
    return trainer


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    return trainer_of(*KEYS)


@pytest.fixture(scope="module")
def ledger(trainer: Trainer) -> Ledger:
    return LedgerProbe(n=32).measure(trainer.subject())


def softplus(t: np.ndarray) -> np.ndarray:
    return np.logaddexp(0, t)


def test_the_parts_and_the_penalty_add_up_to_the_loss_of_the_history(
    trainer: Trainer, ledger: Ledger
) -> None:
    for lane in range(len(KEYS)):
        row = trainer.history.last_row(lane)
        both = np.nansum(ledger.parts[lane]) + ledger.penalty[lane]
        assert both == pytest.approx(row["d_loss"], rel=1e-5, abs=1e-6), KEYS[lane]
        assert ledger.penalty[lane] == row["penalty"]
        assert ledger.g_trained[lane] == row["g_loss"]
    assert (ledger.penalty > 0).tolist() == ["gp" in key or key == "r3gan" for key in KEYS]
    assert np.isnan(ledger.parts[:, 1]).tolist() == [key in ("rpgan", "r3gan") for key in KEYS]


def test_the_papers_sums_are_those_of_numpy(trainer: Trainer, ledger: Ledger) -> None:
    subject = trainer.subject()
    assert subject.real_scores is not None
    assert subject.fake_scores is not None
    for lane, own in ((0, 1), (1, 2)):
        real, fake = (s[lane].astype(float) for s in (subject.real_scores, subject.fake_scores))
        np.testing.assert_allclose(
            ledger.parts[lane], [softplus(-real).mean(), softplus(fake).mean()], rtol=1e-13
        )
        expected = [-softplus(fake).mean(), softplus(-fake).mean()]
        np.testing.assert_allclose(ledger.g_loss[lane, 1:], expected, rtol=1e-13)
        assert ledger.g_loss[lane, 0] == ledger.g_loss[lane, own]
        assert ledger.value[lane] == pytest.approx(-ledger.parts[lane].sum(), rel=1e-13)
        assert ledger.parts[lane, 1] + ledger.g_loss[lane, 2] >= 2 * LN2
    assert np.isnan(ledger.value[2:]).all()
    assert np.isnan(ledger.g_loss[2:, 1:]).all()


def test_what_cancels_leaves_nothing_for_the_generator(ledger: Ledger) -> None:
    """A2: the fake part and the saturating loss are equal and opposite, and so are their gradients."""
    assert (np.abs(ledger.parts[:2, 1] + ledger.g_loss[:2, 1]) <= 1e-15).all()
    assert (ledger.sum_norm[:2, 1] <= 1e-14 * ledger.g_norm[:2, 1]).all()
    assert ledger.sum_norm[2, 0] <= 1e-14 * ledger.g_norm[2, 0]
    assert (ledger.sum_norm[:2, 2] > 1e-3 * ledger.g_norm[:2, 2]).all()


@pytest.mark.parametrize("lane", range(len(KEYS)))
def test_gradient_norms_are_those_of_an_ordinary_network(trainer: Trainer, ledger: Ledger, lane: int) -> None:
    subject, loss = trainer.subject(), trainer.config.lanes[lane].formulation.loss
    generator = trainer.generator_module(lane).double()
    samples = generator(subject.latents(32)[lane].double())
    both = torch.stack([samples] * len(KEYS))
    fake = subject.discriminator(both)[lane : lane + 1]
    real = torch.from_numpy(subject.real(32)).double()
    real = subject.discriminator(torch.stack([real] * len(KEYS)))[lane : lane + 1].detach()
    of_g = loss.generator(real_scores=real, fake_scores=fake)
    total = of_g + loss.discriminator(real_scores=real, fake_scores=fake)
    for value, norms in ((of_g, ledger.g_norm), (total, ledger.sum_norm)):
        parts = torch.autograd.grad(value.sum(), list(generator.parameters()), retain_graph=True)
        norm = math.sqrt(sum(float((part**2).sum()) for part in parts))
        assert norms[lane, 0] == pytest.approx(norm, rel=1e-5, abs=1e-9)  # its weights are float32


def test_before_the_first_step_there_is_no_batch() -> None:
    found = LedgerProbe(n=4).measure(trainer_of("saturating", steps=0).subject())
    for values in (found.parts, found.penalty, found.g_loss, found.value, found.g_trained):
        assert np.isnan(values).all()
    assert found.g_norm[0, 0] > 0


def test_a_penalty_of_another_formulation_is_not_added() -> None:
    changed = trainer_of("r3gan", "rpgan")
    config = changed.config
    other = dataclasses.replace(config.lanes[1], formulation=named_formulation("wgan_gp"))
    changed.reconfigure(dataclasses.replace(config, lanes=(config.lanes[0], other)))
    found = LedgerProbe(n=4).measure(changed.subject())
    assert found.penalty[0] > 0
    assert np.isnan(found.penalty[1])
    changed.train(1)
    assert LedgerProbe(n=4).measure(changed.subject()).penalty[1] > 0


def test_looking_back_shows_the_step_that_is_shown(trainer: Trainer) -> None:
    step = trainer.keyframes.steps[-1]
    found = LedgerProbe(n=4).measure(trainer.subject(step))
    row = trainer.history.table(2)[step - 1]
    names = list(trainer.history.last_row(2))
    assert found.penalty[2] == row[names.index("penalty")]
    assert found.parts[2].sum() + found.penalty[2] == pytest.approx(row[names.index("d_loss")], rel=1e-5)


def test_whose_discriminator_minimizes_the_papers_value() -> None:
    keys = {cls.key for cls in ADVERSARIAL_LOSSES.values() if is_cross_entropy(cls())}
    assert keys >= {"saturating", "non_saturating", "reverse_kl"}
    assert not keys & {"wasserstein", "hinge", "least_squares", "rpgan", "ragan", "fgan_kl", "fgan_js"}
    assert not is_cross_entropy(NonSaturating(real_target=0.9))
    assert not is_cross_entropy(Saturating(fake_target=0.1))

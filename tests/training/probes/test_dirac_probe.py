"""The probe of the Dirac game: the same course as the command's, what it conserves, and why there is none."""

import dataclasses

import numpy as np
import pytest

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import named_formulation
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.dirac import course
from ganviz.training.optimizers import SGD
from ganviz.training.probes.dirac import DiracProbe, DiracSettings
from ganviz.training.rules import Simultaneous
from ganviz.training.trainer import Trainer

FREE = Formulation(loss=ADVERSARIAL_LOSSES["wasserstein"]())


def plays(settings, *formulations):
    lanes = tuple(LaneConfig(one) for one in formulations)
    return DiracProbe(settings).measure(Trainer(RunConfig(lanes=lanes)).subject())


def test_each_lane_plays_its_own_game_with_the_settings_of_the_view():
    settings = DiracSettings(
        theta=0.5, psi=-1.2, rule=Simultaneous(), steps=40, optimizer=SGD(learning_rate=0.1)
    )
    chosen = (named_formulation("saturating"), named_formulation("r3gan"))
    found = plays(settings, *chosen)
    for lane, formulation in enumerate(chosen):
        one = LaneConfig(formulation, "", settings.optimizer, settings.optimizer)
        config = RunConfig(lanes=(one,), training=TrainingSettings(rule=Simultaneous()))
        theta, psi = course(config, 0.5, -1.2, 40)
        assert (found.theta[lane] == theta).all()
        assert (found.psi[lane] == psi).all()
    assert found.step_verdicts == (
        "steps of this size lead away from the equilibrium",
        "steps of this size converge",
    )
    assert np.abs(found.step_roots[0]) == pytest.approx(np.sqrt(1 + 0.1**2 / 4), abs=1e-9)
    of_field = sorted(found.roots[0].tolist(), key=lambda root: root.imag)
    assert of_field == pytest.approx([-0.5j, 0.5j], abs=1e-6), (
        "±f′(0) i in continuous time, Mescheder et al. 2018"
    )


def test_what_a_course_conserves_is_told():
    alternating, simultaneous = (
        plays(DiracSettings(rule=rule), FREE) for rule in (DiracSettings().rule, Simultaneous())
    )
    assert alternating.conserved == ("θ² + ψ² − hθψ = 1.8 is conserved",)
    assert simultaneous.conserved == ("",)
    assert np.hypot(simultaneous.theta, simultaneous.psi)[0, -1] == pytest.approx(
        2**0.5 * 1.04**150, rel=1e-9
    )


def test_a_lane_without_a_game_says_why_beside_one_that_has_it():
    rare = dataclasses.replace(PENALTIES["r1"](), interval=4)
    found = plays(
        DiracSettings(steps=3), Formulation(loss=ADVERSARIAL_LOSSES["saturating"](), penalties=(rare,)), FREE
    )
    assert "intervals must be 1" in found.refusals[0]
    assert np.isnan(found.theta[0]).all()
    assert np.isfinite(found.theta[1]).all()


def test_a_course_that_runs_away_does_not_make_the_others_small():
    wild = DiracSettings(theta=1.5, rule=Simultaneous(), optimizer=SGD(learning_rate=3.0), steps=3000)
    found = plays(wild, FREE)
    assert not np.isfinite(found.theta[0, -1])
    assert found.axis[-1] == 2.0

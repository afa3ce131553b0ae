"""A run's configuration: what changes between two steps and what restarts, and lanes that cannot be."""

from __future__ import annotations

import dataclasses

import pytest

from ganviz.losses.penalties.zero_centered import R1
from ganviz.session.settings import with_settings
from ganviz.spec import InvalidValueError, differences
from ganviz.training.config import MAX_LANES, LaneConfig, RunConfig, config_from_plain

LIVE = (
    "label=mine", "formulation=wgan_gp", "formulation.loss=hinge", "formulation.penalties.r1.gamma=3",
    "formulation.constraint=clipping", "generator_optimizer=sgd", "discriminator_optimizer.beta1=0.9",
    "training.d_steps=2", "training.fresh_latents=false", "training.ema_decay=0.9", "training.threads=2",
    "formulation=r3gan", "training.rule=extragradient", "formulation.inputs.instance_noise.sigma=0.1",
    "formulation.loss.real_target=0.9",
)  # fmt: skip
RESTARTS = (
    "seed=1", "distribution=grid", "distribution.n_modes=5", "architecture.width=8", "latents.size=3",
    "latents.distribution=uniform", "training.batch_size=8", "training.seed=1", "training.device=cpu",
)  # fmt: skip


@pytest.mark.parametrize("assignment", [*LIVE, *RESTARTS])
def test_a_change_is_made_at_once_or_restarts(assignment):
    changed = with_settings(RunConfig(), [assignment])
    assert changed != RunConfig()
    assert RunConfig().needs_restart(changed) is (assignment in RESTARTS)
    assert not changed.needs_restart(changed)


def test_other_lanes_need_a_restart():
    assert RunConfig().needs_restart(RunConfig((LaneConfig(), LaneConfig())))


def test_every_difference_is_named_as_set_has_it():
    assignments = ["training.ema_decay=0.9", "lanes.0.formulation.penalties.r1.gamma=0.2", "seed=4"]
    before = with_settings(RunConfig(), ["formulation=non_saturating_r1"])
    found = {change.path: change for change in differences(before, with_settings(before, assignments))}
    assert set(found) == {"training.ema_decay", "lanes.0.formulation.penalties.r1.gamma", "lanes.0.seed"}
    gamma = found["lanes.0.formulation.penalties.r1.gamma"]
    assert (gamma.of, gamma.title, gamma.old, gamma.new) == (R1.title, "γ", R1().gamma, 0.2)
    assert found["training.ema_decay"].title == "EMA decay"


@pytest.mark.parametrize("n", [0, MAX_LANES + 1])
def test_too_few_and_too_many_lanes_are_refused(n):
    with pytest.raises(InvalidValueError, match=f"A run has between 1 and {MAX_LANES} lanes, not {n}"):
        RunConfig((LaneConfig(),) * n)


@pytest.mark.parametrize("field", [{"seed": -1}, {"seed": 2**31}, {"label": "x" * 61}])
def test_a_lane_checks_its_fields_when_it_is_made(field):
    with pytest.raises(InvalidValueError, match=next(iter(field))):
        LaneConfig(**field)


def test_parts_are_written_without_a_kind_and_names_are_read():
    plain = RunConfig().to_plain()
    assert [part for part in plain if "kind" in plain[part]] == ["distribution", "architecture"]
    assert config_from_plain({"lanes": [{"formulation": "non_saturating"}]}) == RunConfig()
    lane = dataclasses.replace(LaneConfig(), label="b")
    assert config_from_plain({"lanes": [{"label": "b"}]}).lanes == (lane,)

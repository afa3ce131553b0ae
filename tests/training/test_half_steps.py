"""One player moved by hand: D and then G make the step that both make together, wherever the run stops in between."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.presets import named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.training.checkpoint import load_checkpoint, save_checkpoint
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.probes.ledger import LedgerProbe
from ganviz.training.probes.loss_trace import LossTraceProbe
from ganviz.training.trainer import Trainer

SMALL = TrainingSettings(batch_size=16)
TIMED = COLUMNS.index("seconds")


def run(*formulations, architecture=None, training=SMALL, **changes):
    lanes = tuple(
        LaneConfig(named_formulation(one) if isinstance(one, str) else one)
        for one in formulations or ("non_saturating",)
    )
    return RunConfig(lanes=lanes, architecture=architecture or MLP(width=8), training=training, **changes)


def of(**training):
    return dataclasses.replace(SMALL, **training)


NOISY = Formulation(NonSaturating(), inputs=(InstanceNoise(sigma=0.3),))
RUNS = {
    "perceptrons": run(),
    "two lanes, one without D": run("saturating", "mmd"),
    "a penalty": run("wgan_gp"),
    "losses of pairs": run("r3gan"),
    "latents used again": run(training=of(fresh_latents=False)),
    "latents used again in digits": run(
        distribution=MNIST(digits="35"), architecture=DCGAN16(channels=2), training=of(fresh_latents=False)
    ),
    "noise": run(NOISY),
    "seeds and packs": run("saturating", "hinge", training=of(seeds=3, packing=2, fresh_latents=False)),
    "an average": run(training=of(ema_decay=0.9)),
}


def moved(config, *, between=lambda trainer: trainer):
    """Return a run whose last step was made by hand, with what was done to it between its halves."""
    trainer = Trainer(config, torch.float64)
    trainer.train(70)
    trainer.half_step("discriminator")
    trainer = between(trainer)
    trainer.half_step("generator")
    trainer.flush()
    return trainer


@pytest.mark.parametrize("name", RUNS)
def test_both_halves_are_the_step(name):
    halves, whole = moved(RUNS[name]), Trainer(RUNS[name], torch.float64)
    whole.train(71)
    whole.flush()
    for each, tensor in whole._players.tensors.items():
        torch.testing.assert_close(halves._players.tensors[each], tensor, rtol=1e-9, atol=1e-12, msg=each)
    for row in range(RUNS[name].n_rows):
        tables = [np.delete(one.history.table(row), TIMED, axis=1) for one in (halves, whole)]
        np.testing.assert_allclose(*tables, rtol=1e-9, atol=1e-12)
    for run_ in (halves, whole):
        run_.train(20)
    tables = [one._read_history().table(0)[:, COLUMNS.index("d_loss")] for one in (halves, whole)]
    np.testing.assert_allclose(*tables, rtol=1e-6)


@pytest.mark.parametrize("name", RUNS)
def test_a_run_that_is_saved_between_both_halves_goes_on_as_if_it_had_not_been(name, tmp_path):
    def saved(trainer):
        save_checkpoint(tmp_path / "run.ganviz", trainer)
        return load_checkpoint(tmp_path / "run.ganviz")

    there, never = moved(RUNS[name], between=saved), moved(RUNS[name])
    for each, tensor in never._players.tensors.items():
        assert torch.equal(there._players.tensors[each], tensor), each
    for row in range(RUNS[name].n_rows):
        tables = [np.delete(one.history.table(row), TIMED, axis=1) for one in (there, never)]
        np.testing.assert_array_equal(*tables)


def test_of_several_updates_of_d_the_last_one_is_that_of_the_step():
    trainer = Trainer(run())
    trainer.train(5)
    for _ in range(3):
        trainer.half_step("discriminator")
    told = LedgerProbe().measure(trainer.subject())
    trainer.half_step("generator")
    trainer.flush()
    assert trainer.history.last_row(0)["d_loss"] == pytest.approx(told.parts[0].sum(), rel=1e-6)
    assert trainer.history.last_row(0)["d_updates"] == 8


def test_after_a_change_of_formulation_d_is_measured_anew_and_stays_as_it_is():
    config, kept = run(), []

    def changed(trainer):
        kept.append((trainer._players.discriminator.parameters.clone(), trainer.subject().real_scores.copy()))
        trainer.reconfigure(dataclasses.replace(config, lanes=run("hinge").lanes))
        return trainer

    trainer = moved(config, between=changed)
    weights, scores = kept[0]
    assert torch.equal(trainer._players.discriminator.parameters, weights)
    assert (trainer.subject().real_scores != scores).any()


@pytest.mark.parametrize("lane", [0, 1])
def test_a_lane_that_goes_between_both_halves_takes_its_scores_along(lane):
    def gone(trainer):
        trainer.remove_lane(1 - lane)
        return trainer

    config = run("saturating", "wgan_gp")
    left, both = moved(config, between=gone), moved(config)
    np.testing.assert_array_equal(
        *(np.delete(one.history.table(row), TIMED, axis=1) for one, row in ((left, 0), (both, lane)))
    )


def test_a_fork_between_both_halves_is_trained_on():
    def forked(trainer):
        trainer.fork(0, LaneConfig(named_formulation("wgan_gp")))
        return trainer

    trainer = moved(run(), between=forked)
    assert np.isfinite(trainer.history.last_row(1)["penalty_gradient_penalty"])
    assert [trainer.history.n_rows(lane) for lane in (0, 1)] == [71, 71]


@pytest.mark.parametrize("seeds", [1, 3])
def test_what_is_said_of_now_is_of_ds_last_update(seeds):
    trainer = Trainer(run("saturating", "wgan_gp", training=of(seeds=seeds)))
    trainer.train(5)
    before = LossTraceProbe().measure(trainer.subject())
    assert before.ahead is None
    np.testing.assert_array_equal(before.latest, before.current)
    for _ in range(30):
        trainer.half_step("discriminator")
    trace = LossTraceProbe().measure(trainer.subject())
    np.testing.assert_array_equal(trace.current, before.current)
    now = {name: trace.latest[:, trace.column(name)] for name in trace.columns}
    each = [one.real_scores.astype(float) for one in trainer.subject().each_seed()]
    np.testing.assert_allclose(
        now["real_mean"], np.median([scores.mean(-1) for scores in each], axis=0), rtol=1e-9
    )
    assert now["real_probability"][0] > trace.current[0, trace.column("real_probability")]
    parts = now["d_loss_real"] + now["d_loss_fake"]
    if seeds == 1:
        assert now["d_loss"][0] == pytest.approx(parts[0])
    assert now["penalty"][0] == 0.0
    assert np.isnan([now["penalty"][1], now["d_loss"][1], now["total"][1]]).all()
    if seeds == 1:  # as the ledger has it: one step must not have two losses
        np.testing.assert_allclose(
            now["g_loss"], LedgerProbe().measure(trainer.subject()).g_loss[:, 0], rtol=1e-9
        )
        assert now["total"][0] == pytest.approx(now["d_loss"][0] + now["g_loss"][0])
    trainer.half_step("generator")
    after = LossTraceProbe().measure(trainer.subject())
    assert after.ahead is None
    assert LossTraceProbe().measure(trainer.subject(at_step=4)).ahead is None


def test_of_scores_that_are_asked_for_by_name_those_are_told():
    trainer = Trainer(run())
    trainer.train(5)
    trainer.half_step("discriminator")
    whole, some = LossTraceProbe(), LossTraceProbe(columns=("fake_mean", "d_loss"), steps=(1, 5))
    all_, few = (probe.measure(trainer.subject()) for probe in (whole, some))
    np.testing.assert_array_equal(
        few.latest, all_.latest[:, [all_.column(name) for name in ("fake_mean", "d_loss")]]
    )


def changed_at_a_keyframe():
    """Return a run with changes before the keyframe of step 64 was kept and after it, at that very step."""
    config = run("saturating", "hinge")
    trainer = Trainer(config)
    trainer.train(10)
    trainer.half_step("discriminator")
    trainer.train(54)
    assert 64 in trainer.keyframes.steps
    for _ in range(3):
        trainer.half_step("discriminator")
    trainer.reconfigure(dataclasses.replace(config, lanes=(config.lanes[0], run("wgan_gp").lanes[0])))
    return trainer


def labels(trainer):
    return [(mark.step, mark.lane, mark.label) for mark in trainer.history.marks]


def test_going_back_to_a_keyframe_takes_the_marks_of_what_was_done_since(tmp_path):
    """They stayed where the change was made at the keyframe's own step, though the change was gone."""
    trainer = changed_at_a_keyframe()
    assert [label[:2] for label in labels(trainer)] == [(10, None), (64, None), (64, 1)]
    save_checkpoint(tmp_path / "run.ganviz", trainer)
    for one in (load_checkpoint(tmp_path / "run.ganviz"), trainer):
        one.rewind(64)
        assert labels(one) == [(10, None, "D moved by hand")]
        assert one.config.lanes[1] == run("hinge").lanes[0]


def test_going_back_keeps_the_marks_of_what_was_done_before_a_keyframe_was_kept():
    trainer = changed_at_a_keyframe()
    before = labels(trainer)
    trainer.fork(1, trainer.config.lanes[1])  # which keeps a keyframe
    trainer.train(3)
    trainer.rewind(64)
    assert {*before} < {*labels(trainer)}
    trainer.remove_lane(0)
    trainer.half_step("discriminator")
    trainer.rewind(64)
    moved_up = [(step, lane and lane - 1, label) for step, lane, label in before]
    assert [mark for mark in labels(trainer) if mark[1] in (None, 0)] == moved_up


def test_a_keyframe_of_an_earlier_version_keeps_what_it_may_have_had(tmp_path):
    trainer = changed_at_a_keyframe()
    state = trainer.state()
    for frame in (state["now"], *state["keyframes"]):
        del frame["marks"]
    there = Trainer.from_state(state)
    there.rewind(64)
    assert labels(there) == labels(trainer)

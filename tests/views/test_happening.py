"""What is said of constructed states: each of them is a run of which one knows what is happening."""

from __future__ import annotations

import dataclasses
import math

import made_up
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ganviz.session.happening import RULES, Facts, happening, speaking
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.config import RunConfig, TrainingSettings
from ganviz.training.history import ChangeMark
from ganviz.training.optimizers import OPTIMIZERS
from ganviz.training.probes.loss_shape import LossShapeProbe
from ganviz.training.probes.loss_trace import LossTraceProbe
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.probes.samples import Samples
from ganviz.training.snapshot import LaneStatus
from ganviz.training.trainer import Trainer
from ganviz.views.controls.reasons import Reasons
from ganviz.views.window.explanation import REASONS, explained

LN2 = math.log(2)


def facts(
    formulation: str = "non_saturating", optimizer: str = "adam", *, quality: tuple[float, float] | None = None,
    diverged_at: int | None = None, generated: np.ndarray | None = None, **values: float,
) -> Facts:  # fmt: skip
    """Return a lane with these scalars; quality is modes hit and the share of high quality."""
    config = made_up.run_config(formulations=(formulation,))
    lane = dataclasses.replace(config.lanes[0], generator_optimizer=OPTIMIZERS[optimizer]())
    config = RunConfig((lane,), config.distribution, config.architecture)
    current = np.full((1, len(COLUMNS)), np.nan)
    current[0, COLUMNS.index("penalty")] = 0.0
    for name, value in values.items():
        current[0, COLUMNS.index(name)] = value
    trace = dataclasses.replace(made_up.trace(1, 10, np.random.default_rng(0)), current=current)
    return Facts(
        config,
        0,
        LaneStatus(diverged_at, "d_loss" if diverged_at else ""),
        trace,
        _metrics(quality),
        _samples(generated),
    )


def _metrics(quality: tuple[float, float] | None) -> Metrics | None:
    if quality is None:
        return None
    found = made_up.metrics(1, 8, np.random.default_rng(0))
    hit, share = (np.array([value]) for value in quality)
    return dataclasses.replace(found, modes_hit=hit, quality_fraction=share)


def _samples(generated: np.ndarray | None) -> Samples | None:
    return (
        None
        if generated is None
        else Samples(np.zeros((9, 2), np.float32), generated[None].astype(np.float32))
    )


AHEAD = {
    "real_probability": 0.98, "fake_probability": 0.01, "fake_q10": -6.0, "fake_q50": -5.0, "fake_q90": -4.0,
    "d_loss": 0.03, "d_loss_real": 0.02, "d_loss_fake": 0.01,
}  # fmt: skip
LEVEL = {
    "real_probability": 0.5, "fake_probability": 0.5, "fake_q10": -0.1, "fake_q50": 0.0, "fake_q90": 0.1,
    "d_loss": 2 * LN2, "d_loss_real": LN2, "d_loss_fake": LN2,
}  # fmt: skip


def test_d_that_was_moved_by_hand_is_told_as_it_is_now() -> None:
    before, now = facts("saturating", **LEVEL), facts("saturating", **AHEAD)
    assert before.trace is not None
    assert now.trace is not None
    moved = dataclasses.replace(before, trace=dataclasses.replace(before.trace, ahead=now.trace.current))
    assert happening(moved) == happening(now) != happening(before)


def test_adam_hides_that_the_saturating_slope_is_gone() -> None:
    """σ(-6), σ(-5), σ(-4) are 0.0091 in the mean."""
    words = happening(facts("saturating", "adam", **AHEAD))
    assert words.startswith(
        "D is far ahead: D(G(z)) ≈ 0.01 in D's last batch, G's slope is gone (0.0091); Adam hides it"
    )
    surer = AHEAD | {"fake_probability": 1e-5, "fake_q10": -13.0, "fake_q50": -12.0, "fake_q90": -11.0}
    words = happening(facts("saturating", "sgd", **surer))
    assert (
        words
        == "D is far ahead: D(G(z)) < 0.01 in D's last batch, G's slope is gone (< 0.001); G hardly moves"
    )


@pytest.mark.parametrize(
    ("optimizer", "is_hidden"), [("sgd", False), ("optimistic_sgd", False), ("rmsprop", True)]
)
def test_what_the_lost_slope_does_depends_on_the_optimizer(optimizer: str, is_hidden: bool) -> None:
    words = happening(facts("saturating", optimizer, **AHEAD))
    assert ("hides it" in words) is is_hidden
    assert ("G hardly moves" in words) is not is_hidden


def test_the_non_saturating_slope_stays() -> None:
    assert (
        happening(facts("non_saturating", **AHEAD))
        == "D is far ahead: D(G(z)) ≈ 0.01 in D's last batch, yet G's slope is 0.99"
    )


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ((0.0, 0.002), "G does not move: its learning rate is 0"),
        ((0.0003, 0.0), "D does not move: its learning rate is 0"),
        ((0.0, 0.0), "neither G nor D moves: their learning rates are 0"),
    ],
)
def test_a_player_whose_learning_rate_is_0_is_said_not_to_move(
    rates: tuple[float, float], words: str
) -> None:
    found = facts("non_saturating", quality=(8, 0.01), **AHEAD)
    lane = found.config.lanes[0]
    lane = dataclasses.replace(
        lane,
        generator_optimizer=dataclasses.replace(lane.generator_optimizer, learning_rate=rates[0]),
        discriminator_optimizer=dataclasses.replace(lane.discriminator_optimizer, learning_rate=rates[1]),
    )
    found = dataclasses.replace(found, config=dataclasses.replace(found.config, lanes=(lane,)))
    assert happening(found) == words
    assert "learning rate is 0 in the settings" in explained(found)


def test_nothing_is_said_where_the_two_are_level_and_the_samples_good() -> None:
    assert happening(facts(quality=(8, 0.95), **LEVEL)) == ""
    assert happening(facts(**LEVEL)) == ""


def test_losses_at_equilibrium_do_not_hide_a_collapse() -> None:
    """A7: the generator sits on 1 mode of 8 while L_D = 1.387."""
    collapsed = facts("saturating", quality=(1, 0.97), **(LEVEL | {"d_loss": 1.387}))
    assert happening(collapsed) == "collapse: 1 of 8 modes, while the losses sit at equilibrium"
    assert happening(facts(quality=(2, 0.9), **(LEVEL | {"d_loss": 0.6}))) == "collapse: 2 of 8 modes"
    assert happening(facts(quality=(6, 0.9), **LEVEL)) == ""
    assert "collapse" not in happening(facts(quality=(1, 0.01), **LEVEL)), "a cloud is no collapse"


@pytest.mark.parametrize(
    ("measured_at", "is_told"), [(29, False), (74, False), (75, True), (149, True), (-1, True)]
)
def test_nothing_is_said_of_modes_that_were_measured_long_ago(measured_at: int, is_told: bool) -> None:
    """Samples of step 149 lay on the modes, and were called a cloud, by a quality of step 29, at equilibrium."""
    state = facts(quality=(0, 0.0), **LEVEL)
    assert state.metrics is not None
    assert state.trace is not None
    metrics, trace = (
        dataclasses.replace(one, step=at) for one, at in ((state.metrics, measured_at), (state.trace, 149))
    )
    words = happening(dataclasses.replace(state, metrics=metrics, trace=trace))
    assert ("cloud" in words) is is_told


def test_a_cloud_is_called_one() -> None:
    for d_loss, yet in ((2 * LN2, ", while the losses sit at equilibrium"), (0.6, "")):
        words = happening(facts(quality=(8, 0.01), **(LEVEL | {"d_loss": d_loss})))
        assert words == f"a cloud that misses the modes{yet}: quality 1 %"


def test_a_critic_with_one_update_a_step_is_said_to_miss_modes() -> None:
    words = "modes are missed: the critic has 1 update a step, its papers give it 5"
    for quality in ((0, 0.01), (2, 0.8)):
        found = facts("wgan_gp", quality=quality)
        assert happening(found) == words
        five = dataclasses.replace(found.config, training=TrainingSettings(d_steps=5))
        assert happening(dataclasses.replace(found, config=five)) != words
    assert happening(facts("wgan_gp", quality=(5, 0.8))) == ""


def test_a_critic_is_no_distance_where_its_slope_is_not_1() -> None:
    """With λ = 10, a penalty of 0.5 is a root mean square deviation of √0.05 = 0.22, and of 4.9 it is 0.7."""
    weight = made_up.run_config(formulations=("wgan_gp",)).lanes[0].formulation.penalties[0].weight
    scalars = {"d_loss_real": -3.0, "d_loss_fake": 1.0, "d_loss": -2.0}
    near = facts("wgan_gp", **scalars, penalty=0.05 * weight, penalty_gradient_penalty=0.05 * weight)
    assert happening(near) == ""
    far = facts("wgan_gp", **scalars, penalty=0.49 * weight, penalty_gradient_penalty=0.49 * weight)
    assert happening(far) == "the critic's slope is off 1 by 0.70 (rms): −L_D is no distance"
    for word in ("D(", "probability", "nats", "logit"):
        assert word not in happening(far)


def test_a_penalty_that_dominates_is_named() -> None:
    words = happening(facts("non_saturating_r1", **(LEVEL | {"d_loss": 13.9, "penalty": 12.5})))
    assert words == "the penalty is 90 % of what D minimizes: D hardly learns to tell samples apart"
    assert happening(facts("non_saturating_r1", **(LEVEL | {"penalty": 0.1}))) == ""


def test_a_penalty_is_a_share_of_the_sizes_of_all_parts() -> None:
    """A critic's parts have both signs: 36 of 36 + |−3| + |1| is 90 %, of L_D = 34 it would be 106 %."""
    parts = {"d_loss_real": -3.0, "d_loss_fake": 1.0, "d_loss": 34.0}
    words = happening(facts("wgan_gp", penalty=36.0, **parts))
    assert words == "the penalty is 90 % of what D minimizes: D hardly learns to tell samples apart"


def test_one_of_two_lanes_diverged() -> None:
    words = happening(facts(diverged_at=321, **AHEAD))
    assert words == (
        "diverged at step 321: the discriminator's loss is not finite; a smaller learning rate often helps"
    )
    assert "diverged" not in happening(facts(**AHEAD))


def test_the_lane_beside_one_that_diverged_is_told_as_ever_and_that_one_by_its_last_finite_figures() -> None:
    fine, gone = facts(**LEVEL), facts(diverged_at=321, **AHEAD)
    assert fine.trace is not None
    assert gone.trace is not None
    mean = gone.trace.mean.copy()
    mean[0, COLUMNS.index("d_loss"), -3:] = 8.25, 1234.5, np.nan
    traces = (fine.trace, dataclasses.replace(gone.trace, mean=mean))
    rows = {
        name: np.concatenate([getattr(one, name) for one in traces])
        for name in ("low", "high", "mean", "current")
    }
    both = dataclasses.replace(fine.trace, **rows)
    config = dataclasses.replace(fine.config, lanes=fine.config.lanes * 2)
    first, second = (
        dataclasses.replace(one, config=config, lane=lane, trace=both)
        for lane, one in enumerate((fine, gone))
    )
    assert happening(first) == happening(fine) == ""
    assert happening(second).startswith("diverged at step 321: the discriminator's loss is not finite")
    assert explained(first) == explained(fine)
    told = explained(second)
    assert told.startswith("Just before: L_D 1234")
    assert told.endswith(REASONS[speaking(second)])


def test_everything_outside_the_plane_is_told_before_anything_else_is_concluded() -> None:
    far = np.full((100, 2), 50.0)
    assert (
        happening(facts(generated=far, quality=(0, 0.0), **AHEAD))
        == "100 % of the samples lie outside the plane"
    )
    assert happening(facts(generated=0 * far, **LEVEL)) == ""


@pytest.mark.parametrize(
    ("live", "is_said"),
    [((5, 0.61), True), ((8, 0.79), True), ((8, 0.85), False), ((8, 0.97), False), ((5, 0.9), True)],
)
def test_an_average_far_better_than_g_is_told(live: tuple[float, float], is_said: bool) -> None:
    found = facts(quality=(8, 0.95), **LEVEL)
    assert found.metrics is not None
    hit, quality = (np.array([value]) for value in live)
    words = happening(
        dataclasses.replace(
            found, metrics=dataclasses.replace(found.metrics, live_modes_hit=hit, live_quality=quality)
        )
    )
    expected = f"8 of 8 modes, quality 95 %, against {live[0]} and {100 * live[1]:.0f} %"
    assert words == (f"the running average is far better than G itself: {expected}" if is_said else "")


def test_the_generator_behind_an_average_is_measured_too() -> None:
    plain = dataclasses.replace(
        made_up.run_config(), training=TrainingSettings(batch_size=16, metrics_every=0)
    )
    averaged = dataclasses.replace(plain, training=dataclasses.replace(plain.training, ema_decay=0.99))
    of_plain, of_average = (Trainer(config) for config in (plain, averaged))
    for trainer in (of_plain, of_average):
        trainer.train(150)
    expected, found = (MetricsProbe(500).measure(one.subject()) for one in (of_plain, of_average))
    np.testing.assert_array_equal(found.live_quality, expected.quality_fraction)
    np.testing.assert_array_equal(found.live_modes_hit, expected.modes_hit)
    assert found.quality_fraction[0] != expected.quality_fraction[0]
    assert expected.live_quality is None


def test_every_rule_has_a_reason_with_its_threshold_and_figures() -> None:
    assert set(REASONS) == set(RULES)
    why = explained(facts("saturating", "adam", quality=(8, 0.5), **AHEAD))
    figures, reason = why.split("\n")
    assert "D(G(z)) 0.010" in figures
    assert "mean |slope| of L_G, at 10, 50 and 90 % of the scores 0.009" in figures
    assert "quality 50.0 % of 2\u202f500 samples" in figures
    assert "D(G(z)) < 0.1 and D(x) > 0.8" in reason
    assert "arXiv 1406.2661" in reason
    assert explained(facts(**LEVEL)).partition("by the mean scores of D's last batch.")[1]


def test_reasons_are_set_and_read_aloud_in_plain_words(qtbot: QtBot) -> None:
    why = Reasons()
    qtbot.addWidget(why)
    why.show_reasons(lambda: [("<b>", "L_D < 1\nL_G 2")])
    why.click()
    title, words = why.list.findChildren(QLabel)
    assert (title.text(), title.textFormat()) == ("<b>", Qt.TextFormat.PlainText)
    assert words.text() == "L<sub>D</sub> &lt; 1<br>L<sub>G</sub> 2"
    assert words.accessibleName() == "L_D < 1\nL_G 2"
    why.list.close()


def test_nothing_is_concluded_from_nothing() -> None:
    config = made_up.run_config()
    assert happening(Facts(config, 0, LaneStatus(), None, None, None)) == ""
    assert happening(facts()) == ""


def measured(now: tuple[float, float], best: tuple[int, float, float] | None) -> Facts:
    """Return a lane with modes and quality now, and at the best step since the last switch."""
    state = facts(quality=now)
    assert state.metrics is not None
    step, modes, quality = (np.array([value]) for value in best or (math.nan,) * 3)
    metrics = dataclasses.replace(state.metrics, best_steps=step, best_modes=modes, best_quality=quality)
    return dataclasses.replace(state, metrics=metrics)


@pytest.mark.parametrize(
    ("now", "best", "said"),
    [
        ((8, 0.31), (5000, 8, 0.94), "samples have become worse: quality 31 %; 94 % at step 5,000"),
        ((5, 0.6), (900, 8, 0.9), "worse: quality 60 %, 5 of 8 modes; 90 % and 8 modes at step 900"),
        ((8, 0.8), (5000, 8, 0.96), ""),
        ((8, 0.7), (5000, 8, 0.95), ""),
        ((7, 0.9), (5000, 8, 0.95), ""),
        ((8, 0.31), None, ""),
    ],
)
def test_samples_that_have_become_worse_are_told_with_the_step(now, best, said) -> None:
    assert said in happening(measured(now, best))
    assert bool(said) == bool(happening(measured(now, best)))


def test_the_best_measurement_is_of_the_formulation_in_force_and_the_one_before_it() -> None:
    config = made_up.run_config()
    training = dataclasses.replace(config.training, metrics_every=64, batch_size=8)
    trainer = Trainer(dataclasses.replace(config, training=training))
    trainer.train(300)
    steps, values = trainer.history.measured.table(0)
    quality = METRICS.index("quality_fraction")
    for row, value in zip(values, (0.9, 0.5, 0.6, 0.4), strict=True):
        row[quality] = value
    trainer.history.measured = trainer.history.measured.from_tables([(steps, values)])
    measure = MetricsProbe(n=64).measure
    assert measure(trainer.subject()).best_steps == [64]
    trainer.history.mark(ChangeMark(150, None, "a → b", True))
    found = measure(trainer.subject())
    assert (found.best_steps, found.best_quality) == ([192], [0.6])
    trainer.history.mark(ChangeMark(280, None, "b → c", True))
    assert measure(trainer.subject()).best_steps == [256], "the one just before counts: the weights were kept"


def test_the_slope_of_loss_shape_is_the_slope_that_is_told() -> None:
    trainer = Trainer(made_up.run_config())
    trainer.train(3)
    subject = trainer.subject()
    trace, shape = (
        dataclasses.replace(probe.measure(subject), step=3) for probe in (LossTraceProbe(), LossShapeProbe())
    )
    state = Facts(trainer.config, 0, LaneStatus(), trace, None, None, shape)
    assert state.mean_slope == shape.mean_slope[0]
    assert "mean |slope| of L_G " in explained(state)
    earlier = dataclasses.replace(state, shape=dataclasses.replace(shape, step=2))
    assert "mean |slope| of L_G, at 10, 50 and 90 % of the scores" in explained(earlier)


def of_both(first: Facts, second: Facts, lane: int) -> Facts:
    """Return one of two lanes that stand beside each other in every reading."""
    assert first.trace is not None
    assert second.trace is not None
    assert first.metrics is not None
    assert second.metrics is not None
    config = dataclasses.replace(first.config, lanes=(first.config.lanes[0], second.config.lanes[0]))
    current = np.concatenate([first.trace.current, second.trace.current])
    names = (
        "modes_hit",
        "quality_fraction",
        "live_modes_hit",
        "live_quality",
        "best_steps",
        "best_modes",
        "best_quality",
    )
    pairs = {name: (getattr(first.metrics, name), getattr(second.metrics, name)) for name in names}
    joined = {name: np.concatenate(pair) for name, pair in pairs.items() if pair[0] is not None}
    metrics = dataclasses.replace(made_up.metrics(2, 8, np.random.default_rng(0)), **joined)
    trace = dataclasses.replace(made_up.trace(2, 10, np.random.default_rng(0)), current=current)
    samples = None
    if first.samples is not None and second.samples is not None:
        made = np.concatenate([first.samples.generated, second.samples.generated])
        samples = dataclasses.replace(first.samples, generated=made)
    return Facts(config, lane, LaneStatus(), trace, metrics, samples)


def test_each_of_two_lanes_is_told_of_by_its_own_figures() -> None:
    """Scores, modes, samples, the average and the best measurement: what is said alone is said beside another."""
    inside, far = np.zeros((100, 2)), np.tile([[9.0, 0.0]], (100, 1))
    ahead = facts("saturating", "sgd", quality=(8, 0.9), **AHEAD)
    cases = [
        (facts(quality=(8, 0.95), **LEVEL), ahead),
        (facts(quality=(8, 0.95), **LEVEL), facts(quality=(2, 0.9), **(LEVEL | {"d_loss": 0.6}))),
        (facts(quality=(8, 0.9), **LEVEL), facts(quality=(8, 0.01), **LEVEL)),
        (facts(quality=(8, 0.9), generated=inside, **LEVEL), facts(quality=(8, 0.9), generated=far, **LEVEL)),
        (measured((8, 0.9), (64, 8, 0.9)), measured((5, 0.6), (900, 8, 0.9))),
        (averaged((8, 0.94)), averaged((5, 0.61))),
    ]
    for one, other in cases:
        for first, second in ((one, other), (other, one)):
            told = [happening(of_both(first, second, lane)) for lane in (0, 1)]
            assert told == [happening(first), happening(second)]
            assert told[0] != told[1]
    assert ahead.trace is not None
    trace = dataclasses.replace(of_both(*cases[0], 1).trace, step=7)
    made = made_up.loss_shape(2, np.random.default_rng(0))
    shape = dataclasses.replace(made, mean_slope=np.array([0.8, 0.012], np.float32), step=7)
    state = dataclasses.replace(of_both(*cases[0], 1), trace=trace, shape=shape)
    assert "G's slope is gone (0.012); G hardly moves" in happening(state)


def averaged(live: tuple[float, float]) -> Facts:
    """Return a lane whose running average is shown, with modes and quality of what is behind it."""
    state = facts(quality=(8, 0.95), **LEVEL)
    assert state.metrics is not None
    hit, quality = (np.array([value]) for value in live)
    return dataclasses.replace(
        state, metrics=dataclasses.replace(state.metrics, live_modes_hit=hit, live_quality=quality)
    )


def test_the_share_outside_is_that_of_the_samples_there() -> None:
    generated = np.zeros((100, 2))
    generated[:93, 0] = 9.0
    assert happening(facts(generated=generated, **LEVEL)) == "93 % of the samples lie outside the plane"
    generated[:12, 0] = 0.0
    assert happening(facts(generated=generated, **LEVEL)) == ""


def test_d_must_be_sure_of_both_to_be_far_ahead() -> None:
    """D that rejects everything, real samples too, is no D that tells them apart; and 0.4 is no slope that is gone."""
    assert "far ahead" not in happening(facts("saturating", **(AHEAD | {"real_probability": 0.4})))
    mixed = AHEAD | {"fake_q10": -6.0, "fake_q50": -1.0, "fake_q90": 1.0, "fake_probability": 0.09}
    slope = np.mean([1 / (1 + np.exp(-t)) for t in (-6.0, -1.0, 1.0)])
    assert f"yet G's slope is {slope:.2f}" in happening(facts("saturating", **mixed))


def test_slopes_of_both_signs_are_not_averaged_away() -> None:
    """Least squares pulls down what is above its target: |t - c| at -1, 1 and 3 is 2, 0 and 2."""
    state = facts("least_squares", fake_q10=-1.0, fake_q50=1.0, fake_q90=3.0)
    assert state.mean_slope == pytest.approx(4 / 3, abs=1e-3)


def test_a_collapse_comes_before_a_d_that_is_ahead_and_that_before_a_cloud() -> None:
    collapse, cloud = facts(quality=(2, 0.9), **AHEAD), facts(quality=(8, 0.01), **AHEAD)
    assert happening(collapse).startswith("collapse")
    assert happening(cloud).startswith("D is far ahead")


def test_losses_with_a_penalty_sit_at_equilibrium_without_it() -> None:
    """L_D = 2 ln 2 + 0.9, of which 0.9 is the penalty; small losses are within a tenth of 1, large ones of theirs."""
    found = facts("non_saturating", quality=(1, 0.97), **(LEVEL | {"d_loss": 2 * LN2 + 0.9, "penalty": 0.9}))
    assert happening(found).endswith("while the losses sit at equilibrium")
    for key, d_loss, is_level in (
        ("non_saturating", 2 * LN2 + 0.13, True), ("non_saturating", 2 * LN2 + 0.15, False),
        ("least_squares", 0.34, True), ("least_squares", 0.36, False),
    ):  # fmt: skip
        found = facts(key, quality=(1, 0.97), **(LEVEL | {"d_loss": d_loss}))
        assert ("equilibrium" in happening(found)) is is_level

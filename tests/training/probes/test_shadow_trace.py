"""Shadow losses at every step: as NumPy has them of the same scores, whoever looks when, and the run the same."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.training import shadows
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.probes.shadow_trace import ShadowTraceProbe, _of_lanes
from ganviz.training.shadows import ShadowCurve
from ganviz.training.trainer import Trainer

LOSSES = ("saturating", "non_saturating", "hinge", "least_squares", "rpgan")
PROBE = ShadowTraceProbe(LOSSES, buckets=2048)


def config(*keys: str, seeds: int = 1) -> RunConfig:
    lanes = tuple(LaneConfig(named_formulation(key)) for key in keys)
    return RunConfig(lanes, architecture=MLP(width=8), training=TrainingSettings(batch_size=16, seeds=seeds))


def by_hand(key: str, real: np.ndarray, fake: np.ndarray) -> float:
    """Return L_G of one step's scores, from the formulas of the papers."""
    return float(
        np.mean(
            {
                "saturating": -np.logaddexp(0, fake),
                "non_saturating": np.logaddexp(0, -fake),
                "hinge": -fake,
                "least_squares": 0.5 * (fake - 1) ** 2,
                "rpgan": np.logaddexp(0, real - fake),
            }[key]
        )
    )


def test_every_step_has_every_ticked_loss() -> None:
    trainer, scores = Trainer(config("non_saturating", "wgan_gp"), torch.float64), []
    for _ in range(150):
        trainer.train(1)
        subject = trainer.subject()
        scores.append((subject.real_scores.astype(float), subject.fake_scores.astype(float)))
    found = PROBE.measure(trainer.subject())
    for key, curve in zip(LOSSES, found.curves[1:], strict=True):
        assert curve.first.tolist() == curve.last.tolist() == list(range(1, 151))
        for lane in range(2):
            values = [by_hand(key, real[lane], fake[lane]) for real, fake in scores]
            np.testing.assert_allclose(curve.mean[lane], values, rtol=2e-6, atol=2e-6)
            assert found.now[lane, 1 + LOSSES.index(key)] == pytest.approx(values[-1], rel=2e-6, abs=2e-6)
    trained = found.curves[0]
    np.testing.assert_allclose(trained.mean[0], found.curves[2].mean[0], rtol=1e-12)
    np.testing.assert_allclose(trained.mean[1], found.curves[3].mean[1], rtol=1e-12)  # -t both


def test_what_the_history_has_and_what_is_evaluated_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(config("non_saturating"), torch.float64)
    trainer.train(200)
    kept = PROBE.measure(trainer.subject()).curves
    monkeypatch.setattr(shadows, "RECORDED", {})
    evaluated = PROBE.measure(trainer.subject()).curves
    for one, other in zip(kept[:3], evaluated[:3], strict=True):
        assert one.last.tolist() == other.last.tolist()
        np.testing.assert_allclose(one.mean, other.mean, rtol=1e-12)


def test_it_does_not_matter_when_somebody_looks() -> None:
    often, late = Trainer(config("hinge")), Trainer(config("hinge"))
    for _ in range(60):
        often.train(7)
        PROBE.measure(often.subject())
    late.train(420)
    for one, other in zip(
        PROBE.measure(often.subject()).curves, PROBE.measure(late.subject()).curves, strict=True
    ):
        np.testing.assert_array_equal(one.last, other.last)
        np.testing.assert_allclose(one.mean, other.mean, rtol=1e-12)
    np.testing.assert_array_equal(often.history.table(0)[:, :20], late.history.table(0)[:, :20])


def test_of_a_long_run_the_last_scores_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadows, "KEPT_BYTES", 200 * 32 * 4)
    trainer = Trainer(config("non_saturating"))
    trainer.train(1000)
    _, saturating, _, hinge, *_ = PROBE.measure(trainer.subject()).curves
    assert saturating.first[0] == 1  # the history has it
    assert 1000 - 264 < hinge.first[0] <= 1000 - 200 + 1
    begun = hinge.first[0]
    for _ in range(20):
        trainer.train(100)
        hinge = PROBE.measure(trainer.subject()).curves[3]
    assert hinge.first[0] == begun  # nothing is lost of what is looked at
    assert hinge.last[-1] == 3000


def test_nothing_is_evaluated_of_what_nobody_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadows, "PATIENCE_STEPS", 100)
    calls = []
    evaluate = shadows.l_g
    monkeypatch.setattr(shadows, "l_g", lambda *taken: calls.append(1) or evaluate(*taken))
    trainer = Trainer(config("non_saturating"))
    trainer.train(128)
    assert not calls
    PROBE.measure(trainer.subject())
    trainer.train(512)
    n = len(calls)
    trainer.train(512)
    assert len(calls) == n


def test_lanes_that_come_and_go_and_a_rewound_run_keep_their_scores() -> None:
    trainer = Trainer(config("hinge", "rpgan"))
    trainer.train(100)
    trainer.fork(0, LaneConfig(named_formulation("non_saturating")))
    trainer.train(20)
    trainer.remove_lane(1)
    trainer.train(20)
    found = PROBE.measure(trainer.subject()).curves[3]
    assert found.mean.shape == (2, 140)
    np.testing.assert_array_equal(found.mean[0, :100], found.mean[1, :100])
    assert (found.mean[0, 101:] != found.mean[1, 101:]).all()
    step = trainer.keyframes.steps[2]
    trainer.rewind(step)
    again = PROBE.measure(trainer.subject()).curves[3]
    assert again.last[-1] == step
    np.testing.assert_allclose(again.mean[0], found.mean[0, :step], rtol=1e-12)


def test_of_seeds_there_is_the_median() -> None:
    trainer = Trainer(config("non_saturating", seeds=3))
    trainer.train(70)
    of_lane = PROBE.measure(trainer.subject())
    of_all = trainer.history.shadows.curve("hinge", 2048, trainer.history)
    np.testing.assert_allclose(of_lane.curves[3].mean[0], np.median(of_all.mean, axis=0), rtol=1e-12)


def test_a_break_of_a_seed_is_one_of_its_lane() -> None:
    values = np.zeros((6, 1))
    step = np.array([30])
    curve = ShadowCurve(step, step, values, values, values, ((3, 20), (4, 20), (5, 20)))
    assert _of_lanes(curve, 3).breaks == ((1, 20),)


def test_before_the_first_step_there_is_nothing() -> None:
    found = PROBE.measure(Trainer(config("hinge")).subject())
    assert found.curves[0] is None
    assert found.curves[3] is None


def test_the_trained_curve_breaks_where_its_loss_is_another_one() -> None:
    trainer = Trainer(config("hinge", "rpgan"))
    trainer.train(70)
    lanes = trainer.config.lanes[0], LaneConfig(named_formulation("least_squares"))
    trainer.reconfigure(dataclasses.replace(trainer.config, lanes=lanes))
    trainer.train(30)
    trained, *others = PROBE.measure(trainer.subject()).curves
    assert trained.breaks == ((1, 71),)
    assert not any(other.breaks for other in others)
    trainer.train(40)
    assert PROBE.measure(trainer.subject()).curves[0].breaks == ((1, 71),)


def test_kept_scores_lie_together_in_mappings_and_not_in_the_heap():
    shelf = shadows._Shelf()
    given = [np.random.default_rng(n).random((3, 2, n)).astype(np.float32) for n in (5, 7, 40_000, 9)]
    kept = [shelf.put(values) for values in given]
    for values, copy in zip(given, kept, strict=True):
        assert np.array_equal(copy, values)
        assert copy.dtype == values.dtype
    first, second, large, last = (copy.ctypes.data for copy in kept)
    assert second == first + kept[0].nbytes
    assert last != large + kept[2].nbytes

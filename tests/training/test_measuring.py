"""Metrics that the engine measures by a schedule of steps: the same watched or not, kept, cut, copied and filed."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.training.columns import METRICS
from ganviz.training.config import RunConfig, TrainingSettings
from ganviz.training.measurements import N_SAMPLES
from ganviz.training.measuring import is_due, measured
from ganviz.training.probes.metrics import MetricsProbe
from ganviz.training.trainer import Trainer

CONFIG = RunConfig(training=TrainingSettings(batch_size=8, metrics_every=200))
CONFIG = dataclasses.replace(CONFIG, lanes=CONFIG.lanes * 2)
DUE = [64, 128, 256, 448, 640, 832]
"""Steps below 900: doubling up to 200, then the first multiple of 64 from each multiple of 200 on."""


def trained(steps, config=CONFIG):
    trainer = Trainer(config)
    trainer.train(steps)
    return trainer


def test_the_schedule_is_one_of_steps():
    assert [step for step in range(900) if is_due(step, 200)] == DUE
    assert not any(is_due(step, 0) for step in range(3000))
    late = [step for step in range(50_000) if is_due(step, 1000)]
    assert late[:5] == [64, 128, 256, 512, 1024]
    assert max(np.diff(late)) <= 1024
    assert len(late) == 4 + 49


def test_what_is_kept_is_what_a_look_would_have_read_then():
    trainer = trained(128)
    steps, values = trainer.history.measured.table(1)
    found = MetricsProbe(N_SAMPLES, with_live=False).measure(trainer.subject())
    assert steps.tolist() == [64, 128]
    np.testing.assert_array_equal(values[-1], [getattr(found, name)[1] for name in METRICS])
    assert np.isfinite(values[-1]).all()


def test_each_seed_is_measured_by_its_own_samples():
    trainer = trained(64, dataclasses.replace(CONFIG, training=dataclasses.replace(CONFIG.training, seeds=2)))
    subject = trainer.subject()
    rows = measured(subject)
    assert rows.shape == (2 * len(CONFIG.lanes), len(METRICS))
    for i, one in enumerate(subject.each_seed()):
        found = MetricsProbe(N_SAMPLES, with_live=False).measure(one)
        expected = np.stack([getattr(found, name) for name in METRICS], axis=1)
        np.testing.assert_array_equal(rows[i::2], expected)
    assert (rows[0::2] != rows[1::2]).any()


def test_measuring_changes_no_number_and_can_be_turned_off():
    plain = dataclasses.replace(CONFIG, training=dataclasses.replace(CONFIG.training, metrics_every=0))
    one, other = trained(140), trained(140, plain)
    one.flush()
    other.flush()
    assert other.history.measured.table(0)[0].size == 0
    for lane in (0, 1):
        np.testing.assert_array_equal(one.history.table(lane), other.history.table(lane))
    for name, tensor in one._players.tensors.items():
        assert torch.equal(tensor, other._players.tensors[name])


def test_a_rewind_cuts_a_fork_copies_a_file_keeps_and_both_go_on_alike():
    straight = trained(300)
    trainer = trained(200)
    trainer.rewind(64)
    assert trainer.history.measured.table(0)[0].tolist() == [64]
    trainer.fork(1, CONFIG.lanes[1])
    trainer.remove_lane(0)
    again = Trainer.from_state(trainer.state())
    for one in (trainer, again):
        one.train(236)
        for lane in (0, 1):
            steps, values = one.history.measured.table(lane)
            assert steps.tolist() == [64, 128, 256]
            np.testing.assert_array_equal(values, straight.history.measured.table(1)[1])


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(lanes=m["lanes"][:1]),
        lambda m: m.update(columns=["a", "a"]),
        lambda m: m["lanes"][0].__setitem__(0, torch.tensor([64, 64])),
        lambda m: m["lanes"][0].__setitem__(0, torch.tensor([64, 900])),
        lambda m: m["lanes"][0].__setitem__(1, torch.zeros(2, 3, dtype=torch.float64)),
    ],
)
def test_a_file_with_other_measurements_is_refused(change):
    state = trained(140).state()
    change(state["history"]["measured"])
    with pytest.raises(ValueError, match="measure"):
        Trainer.from_state(state)


def test_files_of_before_open_and_unknown_metrics_are_left_out():
    state = trained(140).state()
    kept = state["history"]["measured"]
    kept["columns"] = ["of tomorrow", *METRICS[1:]]
    _, values = Trainer.from_state(state).history.measured.table(0)
    assert np.isnan(values[:, 0]).all()
    assert np.isfinite(values[:, 1:]).all()
    del state["history"]["measured"]
    assert Trainer.from_state(state).history.measured.table(0)[0].size == 0

"""How far a run is, beside the number of its steps: counts from the configuration, seconds by a clock that is given."""

import dataclasses
import itertools

import numpy as np
import pytest

from ganviz.training import progress
from ganviz.training.columns import COLUMNS, PROGRESS_PLACES
from ganviz.training.config import RunConfig, TrainingSettings
from ganviz.training.trainer import Trainer

CONFIG = RunConfig(training=TrainingSettings(batch_size=16, d_steps=3, g_steps=2))
PLACES = list(PROGRESS_PLACES)


def columns(trainer, lane=0):
    trainer.flush()
    return trainer.history.table(lane)[:, PLACES].T


def test_every_step_knows_its_updates_samples_and_seconds(monkeypatch):
    ticks = itertools.count()
    monkeypatch.setattr(progress, "clock", lambda: float(next(ticks)))
    trainer = Trainer(CONFIG)
    trainer.train(70)
    trainer.half_step("discriminator")
    trainer.reconfigure(
        dataclasses.replace(CONFIG, training=dataclasses.replace(CONFIG.training, d_steps=1, g_steps=5))
    )
    trainer.half_step("generator")  # which leaves D alone
    trainer.train(8)
    updates, samples, seconds, of_g = columns(trainer)
    expected = [*range(3, 211, 3), 211, *range(212, 220)]
    np.testing.assert_array_equal(updates, expected)
    np.testing.assert_array_equal(samples, 16 * updates)
    np.testing.assert_array_equal(of_g, [*range(2, 142, 2), 141, *range(146, 186, 5)])
    # One tick a step, and one at the start and the end of each call: looks and pauses in between are no training.
    assert seconds[0] == 1
    np.testing.assert_array_equal(np.diff(seconds[:70]), 1)
    assert (seconds[70], seconds[71]) == (71 + 1 + 1, 71 + 1 + 2 + 1)


def test_a_rewind_cuts_seconds_a_fork_and_a_file_keep_them(monkeypatch):
    ticks = itertools.count()
    monkeypatch.setattr(progress, "clock", lambda: float(next(ticks)))
    trainer = Trainer(CONFIG)
    trainer.train(100)
    trainer.rewind(64)
    before = columns(trainer)
    assert before.shape == (4, 64)
    trainer.fork(0, CONFIG.lanes[0])
    again = Trainer.from_state(trainer.state())
    for one in (trainer, again):
        one.train(10)
        for lane in (0, 1):
            found = columns(one, lane)
            np.testing.assert_array_equal(found[:, :64], before)
            np.testing.assert_array_equal(found[2, 64:], before[2, -1] + np.arange(1, 11))
            assert (found[0, -1], found[3, -1]) == (3 * 74, 2 * 74)


def test_a_run_of_before_does_not_invent_its_past():
    trainer = Trainer(CONFIG)
    trainer.train(20)
    state = trainer.state()
    kept = [i for i in range(len(COLUMNS)) if i not in PLACES]
    state["history"]["columns"] = [COLUMNS[i] for i in kept]
    state["history"]["lanes"] = [[block[:, kept] for block in lane] for lane in state["history"]["lanes"]]
    older = Trainer.from_state(state)
    older.train(5)
    assert np.isnan(columns(older)[:3]).all()
    assert columns(older)[3].tolist() == [
        *range(1, 21),
        *range(22, 32, 2),
    ]  # one a step, until there was a choice
    assert older.history.n_steps == 25


@pytest.mark.parametrize("name", progress.PROGRESS)
def test_progress_is_no_secret_of_a_lane(name):
    trainer = Trainer(dataclasses.replace(CONFIG, lanes=CONFIG.lanes * 2))
    trainer.train(3)
    trainer.flush()
    assert trainer.history.last_row(0)[name] == trainer.history.last_row(1)[name] >= 0

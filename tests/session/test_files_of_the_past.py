"""Files of a keyframe: all of that moment, while the run itself goes on from where it is."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from ganviz.session.commands import Export, ExportKind, SaveCheckpoint
from ganviz.session.runner import Runner
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.config import RunConfig


@pytest.fixture
def runner():
    runner = Runner(RunConfig())
    runner.trainer.train(200)
    return runner


def test_data_and_checkpoint_are_of_the_keyframe(runner, tmp_path):
    keyframe = runner.trainer.keyframes.steps[-2]
    shown = runner.trainer.subject(keyframe)
    wanted = shown.generator(shown.latents(2500)).detach().cpu().numpy()
    runner.handle(Export(ExportKind.SAMPLES, tmp_path / "samples.npz", at_step=keyframe))
    runner.handle(Export(ExportKind.HISTORY, tmp_path / "history.csv", at_step=keyframe))
    runner.handle(SaveCheckpoint(tmp_path / "run.ganviz", at_step=keyframe))
    assert 0 < keyframe < 200
    with np.load(tmp_path / "samples.npz") as samples:
        assert int(samples["step"]) == keyframe
        np.testing.assert_array_equal(samples["generated"], wanted)
    lines = [line for line in (tmp_path / "history.csv").read_text("utf-8").splitlines() if line[0] != "#"]
    assert int(list(csv.DictReader(lines))[-1]["step"]) == keyframe
    saved = load_checkpoint(tmp_path / "run.ganviz")
    assert saved.step == keyframe
    assert runner.trainer.step == 200


def test_the_run_goes_on_as_if_nothing_had_been_written(runner, tmp_path):
    other = Runner(RunConfig())
    other.trainer.train(200)
    runner.handle(SaveCheckpoint(tmp_path / "run.ganviz", at_step=64))
    for one in (runner, other):
        one.trainer.train(50)
        one.trainer.flush()
    assert runner.trainer.keyframes.steps == other.trainer.keyframes.steps
    np.testing.assert_equal(runner.trainer.history.last_row(0), other.trainer.history.last_row(0))

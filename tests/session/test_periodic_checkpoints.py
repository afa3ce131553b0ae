"""A run under way is in a file that opens, in few of them, and nothing else is touched."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from ganviz.session import periodic_checkpoints
from ganviz.session.periodic_checkpoints import Interval, PeriodicCheckpoints, read_interval
from ganviz.session.settings import with_settings
from ganviz.spec import InvalidValueError
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.trainer import Trainer


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def trainer() -> Trainer:
    return Trainer(with_settings(RunConfig(), ["architecture.width=4", "training.batch_size=8"]))


@pytest.mark.parametrize(
    ("texts", "seconds", "steps"),
    [
        ([], 60, None),
        (["1000"], None, 1000),
        (["30s"], 30, None),
        (["0.5 min"], 30, None),
        (["2h", "500 steps"], 7200, 500),
        (["never"], None, None),
        (["100", "never"], None, None),
    ],
)
def test_intervals_are_read(texts: list[str], seconds: float | None, steps: int | None) -> None:
    assert read_interval(texts) == Interval(seconds, steps)


@pytest.mark.parametrize("text", ["", "0", "0s", "-5", "often", "1.5", "1e9", "9" * 400, "5 parsecs", "1m1"])
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match=r"^--checkpoint-every takes .{1,150}\.$"):
        read_interval([text])


def test_the_last_two_are_kept_and_open(tmp_path: Path, trainer: Trainer) -> None:
    (tmp_path / "ganviz-step-10.ganviz").write_text("mine")
    clock = Clock()
    periodic = PeriodicCheckpoints(tmp_path, Interval(seconds=60), clock)
    for minute in range(1, 6):
        trainer.train(5)
        periodic.keep_if_due(trainer)
        clock.now = 60.0 * minute
        periodic.keep_if_due(trainer)
        periodic.keep_if_due(trainer)
    assert [load_checkpoint(path).step for path in periodic.kept] == [20, 25]
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["ganviz-step-10.ganviz", "ganviz-step-20.ganviz", "ganviz-step-25.ganviz"]
    periodic.remove()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def test_large_ones_are_kept_alone(tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic_checkpoints, "MOST_BYTES", 100_000)
    periodic = PeriodicCheckpoints(tmp_path, Interval(steps=5))
    for _ in range(3):
        trainer.train(5)
        periodic.keep_if_due(trainer)
    assert [path.name for path in tmp_path.iterdir()] == ["ganviz-step-15.ganviz"]


def test_steps_stop_where_a_checkpoint_is_due(tmp_path: Path) -> None:
    periodic = PeriodicCheckpoints(tmp_path, Interval(steps=100))
    assert [periodic.stop_after(step, 250) for step in (0, 99, 100, 200)] == [100, 100, 200, 250]
    assert PeriodicCheckpoints(tmp_path, Interval(seconds=1)).stop_after(3, 250) == 250


def test_a_folder_that_is_removed_meanwhile_is_said_in_words(
    tmp_path: Path, trainer: Trainer, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    periodic = PeriodicCheckpoints(folder, Interval(steps=1))
    for _ in range(2):
        trainer.train(1)
        periodic.keep_if_due(trainer)
        shutil.rmtree(folder, ignore_errors=True)
    (said,) = caplog.messages
    assert said == f"No checkpoint is written to {str(folder)!r} for now: No such file or directory."


def test_what_cannot_be_written_is_said_once_and_tried_again(
    tmp_path: Path, trainer: Trainer, caplog: pytest.LogCaptureFixture
) -> None:
    clock, folder = Clock(), tmp_path / "gone"
    periodic = PeriodicCheckpoints(folder, Interval(seconds=60), clock)
    with caplog.at_level(logging.WARNING):
        for minute in range(1, 10):
            clock.now = 60.0 * minute
            trainer.train(1)
            periodic.keep_if_due(trainer)
    (record,) = caplog.records
    assert record.getMessage().startswith(f"No checkpoint is written to {str(folder)!r} for now: ")
    folder.mkdir()
    clock.now += 600
    periodic.keep_if_due(trainer)
    assert len(periodic.kept) == 1


def test_a_disk_that_is_nearly_full_is_left_to_the_run_itself(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    periodic = PeriodicCheckpoints(tmp_path, Interval(steps=5))
    trainer.train(5)
    periodic.keep_if_due(trainer)
    size = periodic.kept[0].stat().st_size
    monkeypatch.setattr(
        "ganviz.session.periodic_checkpoints.shutil.disk_usage",
        lambda _: type("Usage", (), {"free": 2 * size - 1}),
    )
    trainer.train(5)
    periodic.keep_if_due(trainer)
    assert [path.name for path in periodic.kept] == ["ganviz-step-5.ganviz"]

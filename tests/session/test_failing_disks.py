"""Every kind of file that is written while a run trains, where the disk fails: a sentence, and nothing is lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ganviz.session.commands import Export, ExportKind, PutAside, Run, SaveCheckpoint
from ganviz.session.events import AsideWritten, Refused
from ganviz.session.runner import Runner
from ganviz.session.settings import with_settings
from ganviz.training import atomic
from ganviz.training.config import RunConfig

ENDINGS = {"history": "csv", "samples": "npz", "config": "json", "weights": "safetensors", "script": "py"}
COMMANDS: dict[str, Callable[[Path], SaveCheckpoint | PutAside | Export]] = {
    "checkpoint.ganviz": SaveCheckpoint,
    "aside.ganviz": PutAside,
    **{f"file.{ENDINGS[kind.value]}": (lambda path, kind=kind: Export(kind, path)) for kind in ExportKind},  # type: ignore[misc]
}
PLACES = {"flush": (atomic, "_flush_to_disk"), "rename": (Path, "replace"), "begin": (os, "open")}


@pytest.mark.parametrize("place", PLACES)
def test_whatever_a_disk_refuses_the_run_goes_on_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    config = with_settings(RunConfig(), ["architecture.width=8", "training.batch_size=16"])
    runner = Runner(config)
    runner.handle(Run())
    runner.advance()
    for name in COMMANDS:
        (tmp_path / name).write_text("old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as broken:
        broken.setattr(*PLACES[place], fail)
        told = []
        for name, command in COMMANDS.items():
            told += [*runner.handle(command(tmp_path / name)), *runner.finish_writing()]
    (aside,) = (event for event in told if isinstance(event, AsideWritten))
    assert not aside.is_well
    refused = [aside.reason, *(event.message for event in told if isinstance(event, Refused))]
    assert len(refused) == len(COMMANDS)
    assert all(text.endswith("cannot be written: No space left on device.") for text in refused), refused
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(COMMANDS, "old")
    step = runner.trainer.step
    runner.advance()
    assert runner.is_running
    assert runner.trainer.step > step

"""A log as TensorBoard's event files: a folder of which each seed of a lane is a run, or one file.

Each step is one message, with the names of the history as tags. Values are of single precision, and those that are not
numbers are left out.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ganviz.session.exporting import formulation_name, row_name, settings_text
from ganviz.session.live_log.base import (
    NAMES,
    AbstractLogFile,
    Logged,
    check_unchanged,
    fresh_rows,
    write_over,
)
from ganviz.session.logs.event_files import event_files, read_ends, whole_bytes
from ganviz.session.saved_run import EVENT_FILES
from ganviz.training.config import RunConfig
from ganviz.training.history import History

_ODD = re.compile(r"[^\w.+-]+")
_TEXT = 7
"""TensorFlow's number of the type of text, ``DT_STRING``."""


class EventFilesLog(AbstractLogFile):
    """Event files; what follows an earlier log goes to new files beside its own, as TensorBoard has it."""

    rest_s = 2.0

    def __init__(self, path: Path, config: RunConfig) -> None:
        super().__init__(path, config)
        self._is_one_file, is_alone = EVENT_FILES in path.name, config.n_rows == 1
        runs = [_run_name(config, row) for row in range(config.n_rows)]
        self._prefixes = [f"{run}/" if self._is_one_file and not is_alone else "" for run in runs]
        self._folders = [path if is_alone else path / run for run in runs]
        self._files: list[Path] = []
        self._known = [0] * config.n_rows
        self._sizes: dict[Path, int] = {}
        self._old: list[Path] = []
        self._heads: dict[Path, list[bytes]] = {}

    def _there(self, row: int) -> list[Path]:
        """Return the files that may have steps of a row already."""
        if self._is_one_file:
            return [self.path] if self.path.exists() else []
        return event_files(self._folders[row])

    def logged(self) -> Logged | None:
        """Read how the log begins and ends."""
        if not any(self._there(row) for row in range(self.config.n_rows)):
            return None
        newest, first = read_ends(self._there(0))
        start = self._prefixes[0]
        return Logged(
            {tag.removeprefix(start): value for tag, value in first.items()}, _newest(newest, start)
        )

    def begin(self, after: int | None) -> int:
        """Begin, or go on after a step that is there."""
        for row, prefix in enumerate(self._prefixes):
            if after is None:
                self._old += self._there(row)
            else:
                self._known[row] = min(after, _newest(read_ends(self._there(row))[0], prefix))
        due = min(self._known)
        if self._is_one_file:
            self._files = [self.path] * self.config.n_rows
            if self.path.exists() and after is not None:
                os.truncate(self.path, whole_bytes(self.path))
            elif self._old:
                self.path.open("r+b").close()
        else:
            name = f"events.out.{EVENT_FILES}.{time.time():.6f}.ganviz"
            self._files = [folder / name for folder in self._folders]
            for folder in self._folders:
                folder.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryFile(dir=folder):
                    pass
        self._heads = {path: _head(settings_text(self.config), due) for path in self._files}
        if not self._old:
            self._write(self._heads)
        return due

    def append(self, history: History, after: int, until: int) -> None:
        """Write the rows of some steps."""
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        now = time.time()
        messages = {path: [*self._heads[path]] if self._old else [] for path in self._files}
        tags = [[prefix + name for name in NAMES] for prefix in self._prefixes]
        for one in fresh_rows(history, after, until):
            if one.step <= self._known[one.row]:
                continue
            values = zip(tags[one.row], (*one.values, *(one.metrics or ())), strict=False)
            found = [Summary.Value(tag=tag, simple_value=value) for tag, value in values if value == value]
            event = Event(wall_time=now, step=one.step, summary=Summary(value=found))
            messages[self._files[one.row]].append(event.SerializeToString())
        if self._old:
            self._take_place(messages)
        else:
            self._write(messages)

    def _take_place(self, messages: dict[Path, list[bytes]]) -> None:
        """Write in place of an old log, which goes when there is what follows it."""
        if self._is_one_file:
            write_over(self.path, _records(messages[self.path]))
            self._sizes = {self.path: self.path.stat().st_size}
        else:
            self._write(messages)
            for path in self._old:
                path.unlink(missing_ok=True)
        self._old = []

    def _write(self, messages: dict[Path, list[bytes]]) -> None:
        """Add messages to files: all of them, or none."""
        for path, size in self._sizes.items():
            check_unchanged(path, size)
        sizes = {path: path.stat().st_size if path.exists() else 0 for path in messages}
        try:
            for path, of_file in messages.items():
                with path.open("ab") as file:
                    file.write(_records(of_file))
        except OSError:
            for path, size in sizes.items():
                if path.exists():
                    os.truncate(path, size)
            raise
        self._sizes = {path: path.stat().st_size for path in sizes}


def _run_name(config: RunConfig, row: int) -> str:
    """Return what TensorBoard calls a row: its lane, its seed where there are several, its formulation."""
    lane = row // config.training.seeds
    return _ODD.sub("_", f"lane_{row_name(config, row)}_{formulation_name(config, lane)}")[:80]


def _newest(by_tag: dict[str, int], prefix: str) -> int:
    return max((step for tag, step in by_tag.items() if tag.startswith(prefix)), default=0)


def _records(messages: Iterable[bytes]) -> bytes:
    from tensorboard.summary.writer.record_writer import RecordWriter

    packed = io.BytesIO()
    writer = RecordWriter(packed)
    for message in messages:
        writer.write(message)
    return packed.getvalue()


def _head(settings: str, after: int) -> list[bytes]:
    """Return what a file or a part begins with: its version, from which step on it counts, and the settings."""
    from tensorboard.compat.proto.event_pb2 import Event, SessionLog
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata

    now = time.time()
    words = {"dtype": _TEXT, "string_val": [settings.encode()]}
    plugin: Any = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    text = Summary.Value(tag="settings", metadata=plugin, tensor=words)
    events = [
        Event(wall_time=now, file_version="brain.Event:2"),
        Event(wall_time=now, step=after + 1, session_log=SessionLog(status=SessionLog.START)),
        Event(wall_time=now, step=after, summary=Summary(value=[text])),
    ]
    return [event.SerializeToString() for event in events]

"""Keeps the log of a run that trains, by a name whose ending says the format."""

from __future__ import annotations

import contextlib
import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ganviz.session.live_log.archive import NpzLog
from ganviz.session.live_log.base import AbstractLogFile, Logged
from ganviz.session.live_log.event_files import EventFilesLog
from ganviz.session.live_log.text import CsvLog, JsonLinesLog
from ganviz.session.logs.event_files import is_name_of_events, need_tensorboard
from ganviz.spec import InvalidValueError
from ganviz.spec.words import reason_of
from ganviz.training.atomic import FileError
from ganviz.training.columns import COLUMNS

if TYPE_CHECKING:
    from ganviz.training.history import History
    from ganviz.training.trainer import Trainer

log = logging.getLogger("ganviz")

ENDINGS: dict[str, type[AbstractLogFile]] = {
    ".csv": CsvLog, ".npz": NpzLog, ".jsonl": JsonLinesLog, ".ndjson": JsonLinesLog,
}  # fmt: skip


def check_log_name(path: Path) -> type[AbstractLogFile]:
    """Return the format that a log's name says.

    Raises
    ------
    InvalidValueError
        When it says none, its folder is not there, or TensorBoard's package is needed and missing.
    """
    found = ENDINGS.get(path.suffix.lower())
    if found is not None and path.is_dir():
        raise InvalidValueError(f"{str(path)!r} is a folder; a log is a file.")
    if found is None and is_name_of_events(path):
        need_tensorboard()
        found = EventFilesLog
    if found is None:
        raise InvalidValueError(
            f"{path.name!r} must end in {', '.join(ENDINGS)}; TensorBoard's event files go to a folder (a name "
            "without an ending), or to a name with .tfevents in it."
        )
    if not path.absolute().parent.is_dir():
        raise InvalidValueError(f"There is no folder {str(path.parent)!r} for the log.")
    return found


class NoLog:
    """Stands for the log of a run that has none."""

    files: tuple[Path, ...] = ()
    missing = ""

    def follow(self) -> None:
        """Write nothing."""

    def write(self) -> None:
        """Write nothing."""

    def close(self) -> None:
        """End nothing."""


class RunLog:
    """A log that follows a run; what cannot be written is said once and tried again, and the run goes on.

    Parameters
    ----------
    path : Path
    trainer : Trainer
        The log has all steps, those too that were made before it was begun.
    goes_on : bool
        Whether it may be there already, with the beginning of this run.
    is_forced : bool
        Whether anything of that name may be overwritten instead.

    Raises
    ------
    InvalidValueError
        When the name says no format, or there is something that must not be overwritten.
    FileError
        When it cannot be written.
    """

    def __init__(
        self,
        path: Path,
        trainer: Trainer,
        *,
        goes_on: bool,
        is_forced: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = check_log_name(path)(path, trainer.config)
        self._clock, self._trainer = clock, trainer
        there = None if is_forced else self._file.logged()
        if there is not None:
            self._check(path, there, goes_on=goes_on)
        self._written = self._begin(path, trainer.step if there is not None else None)
        self._path, self._due_at = path, clock()
        self._has_warned, self._reason = False, ""

    def _begin(self, path: Path, after: int | None) -> int:
        """Begin, or raise FileError and leave nothing new: an empty log would be in the way of the next one."""
        was_there = path.exists()
        try:
            return self._file.begin(after)
        except OSError as error:
            self._file.close()
            with contextlib.suppress(OSError):
                if not was_there:
                    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            raise FileError(f"The log {str(path)!r} cannot be written: {reason_of(error)}.") from error

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the log, where it has all steps."""
        return () if self.missing else (self._path,)

    @property
    def missing(self) -> str:
        """Return where a log ends that lacks steps, and why; nothing where it has all."""
        if self._written >= self._trainer.history.n_steps:
            return ""
        return f"The log {str(self._path)!r} ends at step {self._written}: {self._reason}"

    def _check(self, path: Path, there: Logged, *, goes_on: bool) -> None:
        """Raise InvalidValueError unless what is there may be continued by this run."""
        if not goes_on:
            raise InvalidValueError(
                f"{str(path)!r} is there already; choose another name, or give --force to overwrite it."
            )
        if there.last and not _is_of(self._trainer.history, there):
            raise InvalidValueError(
                f"{str(path)!r} is the log of another run; choose another name, or give --force to overwrite it."
            )

    def follow(self) -> None:
        """Write what is new, if it is time for it."""
        if self._clock() >= self._due_at:
            self.write()

    def write(self) -> None:
        """Write what is new."""
        start = self._clock()
        self._trainer.flush()
        newest = self._trainer.history.n_steps
        try:
            while self._written < newest:
                until = min(self._written + self._file.most_steps, newest)
                self._file.append(self._trainer.history, self._written, until)
                self._written = until
        except OSError as error:
            self._reason = reason_of(error)
            if not self._has_warned:
                log.warning("The log %r cannot be written for now: %s.", str(self._path), self._reason)
            self._has_warned = True
        now = self._clock()
        self._due_at = now + max(self._file.rest_s, self._file.rest_share * (now - start))

    def close(self) -> None:
        """Write the rest, and no more."""
        try:
            self.write()
        finally:
            self._file.close()


def _is_of(history: History, there: Logged) -> bool:
    """Return whether a log's first step is that of a history; event files hold single precision."""
    if not history.n_rows(0):
        return False
    (row,) = history.between(0, 0, 1, list(range(len(COLUMNS))))
    known = dict(zip(COLUMNS, row.tolist(), strict=True))
    pairs = [(known[name], value) for name, value in there.first.items() if name in known]
    return bool(pairs) and all(np.float32(a) == np.float32(b) for a, b in pairs if a == a and b == b)

"""The state of a run that its process puts aside from time to time, for the case that it dies, or the window."""

from __future__ import annotations

import contextlib
import math
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from ganviz.session.aside_note import note_path
from ganviz.session.commands import PutAside, SaveCheckpoint
from ganviz.session.events import AsideWritten, Event, FileWritten
from ganviz.session.port import refusal
from ganviz.training.atomic import atomic_path
from ganviz.training.snapshot import Stamp

EVERY_S = 10.0
FIRST_S = 2.0
"""A run is put aside so soon after its first steps, which takes it 7 ms then, and 65 with 32 lanes and seeds."""
UNTIL_RETRIED_S = 300.0
LEAST_REST = 25.0
"""After putting a run aside for a second, it is not done again for so many seconds."""

RUN = "run.ganviz"
OPENED = "opened.ganviz"
"""A run that was found after its window had been killed, and opened: it is kept until it has been put aside anew."""
SAVED = "saved"
"""Holds the step up to which the run is in a file of the person's."""


class Aside:
    """When to put the run aside, and whether what is there belongs to it; belongs to the process that trains.

    Parameters
    ----------
    folder : Path
        Where to put it: one of a window, beside those of other windows.
    clock : callable
        Seconds that only grow.
    every_s : float
        How often at most; the first time soon after the run has moved.
    is_usable : bool
        Whether the run that begins is the one that is there.
    """

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
        *,
        every_s: float = EVERY_S,
        is_usable: bool = False,
    ) -> None:
        self._clock, self._every_s = clock, every_s
        self._folder, self.path = folder, folder / RUN
        self._asked = 0.0
        if is_usable:
            self._forget(is_usable=True)
        else:
            self.begin()

    def begin(self) -> None:
        """Take note that another run has begun: what was put aside of the one before is of no use."""
        self._forget(is_usable=False)
        remove_aside(self._folder)

    def _forget(self, *, is_usable: bool) -> None:
        self.is_usable, self._is_wanted = is_usable, False
        self._kept_step = self._saved_step = 0
        self._due, self._has_moved = self._clock() + self._every_s, is_usable

    def is_of_person(self, path: Path | None) -> bool:
        """Return whether a file is a run that a person keeps, and not one that some window has put aside."""
        return (
            path is not None and path.suffix.lower() == ".ganviz" and self._folder.parent not in path.parents
        )

    def due_in_s(self, stamp: Stamp, *, is_running: bool) -> float:
        """Return after how many seconds the run has to be put aside; infinity where nothing is to be done.

        A run that stands still is put aside once after it has moved.
        """
        if not is_running and stamp.step in (0, self._kept_step, self._saved_step):
            return math.inf
        if not self._has_moved and stamp.step not in (0, self._saved_step):
            self._has_moved, self._due = True, min(self._due, self._clock() + FIRST_S)
        return max(0.0, self._due - self._clock())

    def asked(self, step: int) -> None:
        """Take note that the run is being put aside as it is at ``step``."""
        self._asked, self._due, self._is_wanted, self._kept_step = self._clock(), math.inf, True, step

    def ended(self, *, well: bool) -> None:
        """Take note of the end of what was asked for."""
        now = self._clock()
        if well and self._is_wanted:
            self.is_usable = True
            opened = self._folder / OPENED
            _remove(opened, note_path(opened))
        elif not self._is_wanted:
            _remove(self.path, note_path(self.path))
        rest = self._every_s if well else UNTIL_RETRIED_S
        self._due = now + max(rest, LEAST_REST * self.age_s)

    def saved(self, step: int) -> None:
        """Take note that the person has the run in a file, as it was at ``step``."""
        self._saved_step = step
        with contextlib.suppress(OSError):
            (self._folder / SAVED).write_text(str(step), encoding="ascii")

    @property
    def age_s(self) -> float:
        """Return how long ago the run was as it was asked to be put aside last."""
        return self._clock() - self._asked


def remove_aside(folder: Path) -> None:
    """Remove what was put aside in a window's folder."""
    run = folder / RUN
    _remove(run, note_path(run), folder / SAVED)


def _remove(*paths: Path) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def copied(source: Path, command: SaveCheckpoint | PutAside) -> Event:
    """Save what was put aside where a run was to be saved whose process has ended; return what came of it."""
    try:
        with atomic_path(command.path) as temporary:
            shutil.copyfile(source, temporary)
    except OSError as error:
        return refusal(command, str(error))
    return AsideWritten(True, command.path) if isinstance(command, PutAside) else FileWritten(command.path)

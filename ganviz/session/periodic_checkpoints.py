"""Checkpoints that a run on the command line writes every so often, so that little is lost with the process."""

from __future__ import annotations

import contextlib
import logging
import re
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ganviz.session.run_folder import save_under_new_name
from ganviz.spec import InvalidValueError
from ganviz.spec.frozen import dataclass
from ganviz.spec.words import reason_of

if TYPE_CHECKING:
    from ganviz.training.trainer import Trainer

log = logging.getLogger("ganviz")

DEFAULT = ("1min",)
LEAST_REST = 25.0
"""After writing for a second, time alone is no reason to write for so many seconds: training keeps 96 % of it."""
UNTIL_RETRIED_S = 300.0
MOST_KEPT = 2
MOST_BYTES = 1 << 30
"""Where that many files would hold more than this, only the newest one is kept."""

_SECONDS = {"s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_INTERVAL = re.compile(r"(\d{1,12})(?:\.(\d{1,9}))?\s*([a-z]*)")


@dataclass(frozen=True, slots=True)
class Interval:
    """How often a checkpoint is written: after so many seconds or so many steps, whichever comes first."""

    seconds: float | None = None
    steps: int | None = None


def read_interval(texts: Iterable[str]) -> Interval:
    """Return what texts such as "5min", "30 s", "1000" (steps) and "never" say together; none say :data:`DEFAULT`.

    Raises
    ------
    InvalidValueError
        When a text says none of these.
    """
    found: dict[str, float | int | None] = {}
    for text in tuple(texts) or DEFAULT:
        match = _INTERVAL.fullmatch(text.strip().lower())
        if text.strip().lower() == "never":
            found |= {"seconds": None, "steps": None}
        elif match and match[3] in _SECONDS and (seconds := float(f"{match[1]}.{match[2] or 0}")) > 0:
            found["seconds"] = seconds * _SECONDS[match[3]]
        elif match and not match[2] and match[3] in ("", "steps") and int(match[1]) > 0:
            found["steps"] = int(match[1])
        else:
            raise InvalidValueError(
                "--checkpoint-every takes a number of steps (1000), a time (30s, 5min, 1h) or never, "
                f"not {text[:40]!r}."
            )
    return Interval(**found)  # type: ignore[arg-type] # seconds are numbers, steps whole ones


class PeriodicCheckpoints:
    """The newest checkpoints of a run that is under way, ``ganviz-step-N.ganviz``; older ones are removed.

    Nothing that the folder held before is overwritten or removed. What cannot be written is said once, and tried again
    later; the run goes on. No file takes more than half of what the disk has left.

    Parameters
    ----------
    folder : Path
    interval : Interval
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, folder: Path, interval: Interval, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._interval, self._clock = folder, interval, clock
        self._due_at = clock() + (interval.seconds or 0.0)
        self._retried_at = clock()
        self._written_at: int | None = None
        self._has_warned = False
        self.kept: list[Path] = []

    def stop_after(self, step: int, until: int) -> int:
        """Return at which step, at most ``until``, the run has to stand still for a checkpoint."""
        every = self._interval.steps
        return until if every is None else min(until, step - step % every + every)

    def keep_if_due(self, trainer: Trainer) -> None:
        """Write the run if it is time for it."""
        now, step = self._clock(), trainer.step
        is_due = self._interval.seconds is not None and now >= self._due_at
        is_due |= self._interval.steps is not None and step % self._interval.steps == 0
        if not is_due or step in (0, self._written_at) or now < self._retried_at:
            return
        is_well = self._keep(trainer)
        after = self._clock()
        self._due_at = after + max(self._interval.seconds or 0.0, LEAST_REST * (after - now))
        self._retried_at = after if is_well else after + UNTIL_RETRIED_S

    def _keep(self, trainer: Trainer) -> bool:
        try:
            if self.kept and 2 * self._size_of(self.kept[-1]) > shutil.disk_usage(self._folder).free:
                raise OSError("the disk is nearly full")
            path = save_under_new_name(self._folder, trainer)
        except OSError as error:
            if not self._has_warned:
                where, why = str(self._folder), reason_of(error)
                log.warning("No checkpoint is written to %r for now: %s.", where, why)
            self._has_warned = True
            return False
        self._written_at = trainer.step
        self.kept.append(path)
        self._remove_old()
        return True

    def _size_of(self, path: Path) -> int:
        return path.stat().st_size if path.exists() else 0

    def _remove_old(self) -> None:
        sizes = sum(self._size_of(path) for path in self.kept)
        n = MOST_KEPT if sizes <= MOST_BYTES else 1
        while len(self.kept) > n:
            _remove(self.kept.pop(0))

    def remove(self) -> None:
        """Remove what was written: the run has been kept in another way, or was not meant to be kept."""
        while self.kept:
            _remove(self.kept.pop())


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)

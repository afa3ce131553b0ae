"""What a run is worth: how long it has been trained since it was saved, and whether it differs from its file."""

from __future__ import annotations

import time
from collections.abc import Callable

from ganviz.session.commands import HalfStep, KeepAgain, Pause, PutAside, SaveCheckpoint, SetPace, Step
from ganviz.session.state import RunState
from ganviz.training.config import RunConfig

WORTH_ASKING_S = 60.0
"""A run that has been trained for longer than this since it was saved is not given up unasked."""
IDLE = (SetPace, SaveCheckpoint, PutAside, KeepAgain)
"""Commands that change nothing of a run."""


class RunWorth:
    """Counts what would be lost with the run.

    Parameters
    ----------
    config : RunConfig
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, config: RunConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._config = self._kept_config = config
        self._now = self._kept = (-1, 0)  # counts of runs and of steps
        self._trained_s = 0.0
        self._since: float | None = None
        self._is_wished = self._is_by_hand = self._is_replayable = self._is_owed = False

    def note(self, command: object) -> None:
        """Take note of what is asked of the engine: the run that a new window begins by itself was nobody's wish."""
        if isinstance(command, IDLE):
            return
        self._is_wished = True
        self._is_by_hand |= isinstance(command, Step) and command.players is not HalfStep.BOTH
        self._is_replayable = self._is_replayable and isinstance(command, Pause)

    def played(self) -> None:
        """Take note that the run is an experiment that has just ended: whoever plays it has it again."""
        self._is_replayable = not self._is_by_hand

    def begin(self, config: RunConfig, run: int, step: int) -> None:
        """Take note of another run, which has just begun or been read from a file."""
        self._config = self._kept_config = config
        self._now = self._kept = (run, step)
        self._is_by_hand = self._is_replayable = self._is_owed = False
        self._forget_time()

    def go_on(self, run: int, step: int) -> None:
        """Take note that the same run goes on in another process, from a step that may lie behind."""
        self._kept = (run, self._kept[1]) if self._kept[0] == self._now[0] else (-1, 0)
        self._now = (run, step)

    def owe(self) -> None:
        """Take note that the run is in no file of the person's, and was worth asking about before it came here."""
        self._kept = (-1, 0)
        self._trained_s, self._is_wished, self._is_owed = 2 * WORTH_ASKING_S, True, True

    def keep(self, step: int | None) -> None:
        """Take note that the run has been saved, as it was at ``step``; None is now."""
        run, now = self._now
        self._kept = (run, now if step is None else step)
        self._now = (run, max(now, self._kept[1]))
        self._kept_config = self._config
        self._is_owed = False
        self._forget_time()

    def _forget_time(self) -> None:
        self._trained_s = 0.0
        if self._since is not None:
            self._since = self._clock()

    def show_config(self, config: RunConfig) -> None:
        """Take note of the configuration in force."""
        self._config = config

    def show_step(self, run: int, step: int) -> None:
        """Take note of where the run is."""
        self._now = (run, step)

    def show_state(self, state: RunState) -> None:
        """Count the time while the run trains."""
        if self._since is not None:
            self._trained_s += self._clock() - self._since
        self._since = self._clock() if state is RunState.RUNNING else None

    @property
    def unsaved_s(self) -> float:
        """Return for how many seconds the run has been trained since it was saved or begun."""
        return self._trained_s + (self._clock() - self._since if self._since is not None else 0.0)

    @property
    def lost_words(self) -> str:
        """Return what would be lost with the run; nobody knows how long one that was found had been trained."""
        return "all of its training" if self._is_owed else f"{duration_words(self.unsaved_s)} of training"

    @property
    def is_modified(self) -> bool:
        """Return whether the run differs from what was read, begun or saved."""
        return self._now != self._kept or self._config != self._kept_config

    @property
    def is_worth_asking(self) -> bool:
        """Return whether more would be lost than a minute makes anew, of a run that somebody has touched.

        A played experiment that nobody went on from is not lost.
        """
        is_lost = self._is_wished and self.is_modified and not self._is_replayable
        return is_lost and self.unsaved_s > WORTH_ASKING_S


def duration_words(seconds: float) -> str:
    """Return how long something took, in whole minutes or hours."""
    minutes = max(1, round(seconds / 60))
    if minutes < 120:
        return "one minute" if minutes == 1 else f"{minutes} minutes"
    return f"{round(minutes / 60)} hours"

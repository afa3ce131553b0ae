"""How many steps to make at once: as many as fit a slice of time, but no more than a pace makes due."""

from __future__ import annotations

import math
from collections.abc import Callable

from ganviz.spec import InvalidValueError

SLICE_S = 0.008
MOST_SLICE_STEPS = 4096
MOST_CATCH_UP_S = 0.25


class Pacing:
    """Measures how long steps take, and when the next one is due.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    steps_per_second : float or None
        The pace; None is no limit.

    Raises
    ------
    InvalidValueError
        When the pace is not a number greater than 0.
    """

    def __init__(self, clock: Callable[[], float], steps_per_second: float | None) -> None:
        self._clock = clock
        self._slice = 1
        self.set(steps_per_second, 0)

    def set(self, steps_per_second: float | None, step: int) -> None:
        """Keep another pace, from ``step`` on."""
        if steps_per_second is not None and not (math.isfinite(steps_per_second) and steps_per_second > 0):
            raise InvalidValueError(
                f"The pace must be a number of steps per second greater than 0, not {steps_per_second!r}."
            )
        self._pace = steps_per_second
        self.start(step)

    def start(self, step: int) -> None:
        """Count what is due from now and ``step`` on: after a pause, or when steps are numbered anew."""
        self._since_s, self._since_step = self._clock(), step

    def begin(self, step: int) -> None:
        """Start with another run: its steps may be a thousand times as long, so that a slice is one step again."""
        self._slice = 1
        self.start(step)

    def due_in_s(self, step: int) -> float:
        """Return after how many seconds step ``step + 1`` is due; 0 when it is due now."""
        if self._pace is None:
            return 0.0
        return max(0.0, self._since_s + (step + 1 - self._since_step) / self._pace - self._clock())

    def n_steps(self, step: int) -> int:
        """Return how many steps to make now; a long delay is not caught up with."""
        if self._pace is None:
            return self._slice
        due = self._due(step, self._pace)
        if due > MOST_CATCH_UP_S * self._pace + 1:
            self._since_s = self._clock() - max(MOST_CATCH_UP_S, 1 / self._pace)
            self._since_step = step
            due = self._due(step, self._pace)
        return min(self._slice, due)

    def _due(self, step: int, pace: float) -> int:
        rounding = 1e-6
        return int((self._clock() - self._since_s) * pace + rounding) - (step - self._since_step)

    def run(self, train: Callable[[int], int], n: int) -> None:
        """Call ``train(n)``, which returns how many steps it made, and learn from the time it took."""
        start = self._clock()
        made = train(n)
        seconds = self._clock() - start
        fitting = int(made * SLICE_S / seconds) if seconds > 0 else MOST_SLICE_STEPS
        self._slice = max(1, min(fitting, 2 * self._slice, MOST_SLICE_STEPS))

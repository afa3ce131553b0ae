"""Steps that take long: when commands are served within one, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable

from ganviz.session.events import Event, StepTakes

FIRST_S = 0.25
EVERY_S = 0.1
LONG_S = 2.0
NEWS = 1.3
"""Another duration is told where it is so many times the one that was told, or less by as much."""


class LongSteps:
    """Measures steps, and the updates within one.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._told_s = 0.0
        self.begin()

    def begin(self) -> None:
        """Take note that steps are made from now on."""
        self._since = self._clock()
        self._n_updates, self._next = 0, self._since + FIRST_S

    def is_break(self) -> bool:
        """Take note of an update; return whether commands are to be served now."""
        self._n_updates += 1
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + EVERY_S
        return True

    def within(self, n_updates: int) -> list[Event]:
        """Return what is to be said within a step of so many updates, which take as long as each other."""
        seconds = (self._clock() - self._since) * max(1.0, n_updates / self._n_updates)
        return self._tell(seconds) if seconds >= LONG_S else []

    def ended(self, n_steps: int) -> list[Event]:
        """Return what is to be said when so many steps have been made."""
        return self._tell((self._clock() - self._since) / n_steps) if n_steps > 0 else []

    def _tell(self, seconds: float) -> list[Event]:
        seconds = seconds if seconds >= LONG_S else 0.0
        is_old = seconds == self._told_s or self._told_s / NEWS < seconds < self._told_s * NEWS
        if is_old:
            return []
        self._told_s = seconds
        return [StepTakes(seconds)]

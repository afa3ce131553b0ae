"""Which readings a look gets: those that have a meaning for the run, the costly ones not more often than it bears."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ganviz.session.commands import Look
from ganviz.training.probes.base import AbstractProbe, Subject


class Measuring:
    """Measures for looks, and remembers when each costly probe was last used.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._measured: dict[AbstractProbe, float] = {}

    def forget(self) -> None:
        """Let every probe be used at the next look: the run is another one."""
        self._measured.clear()

    def take(
        self, look: Look, subject: Subject, *, is_training: bool
    ) -> tuple[tuple[AbstractProbe, Any], ...]:
        """Return each probe with its reading; while a run trains, costly ones rest between looks."""
        rests = is_training and look.at_step is None and look.after is not None
        return tuple(
            (probe, self._measure(probe, subject))
            for probe in look.needs
            if probe.supports(subject.config) and not (rests and self._was_used(probe))
        )

    def _was_used(self, probe: AbstractProbe) -> bool:
        return probe in self._measured and self._clock() - self._measured[probe] < probe.min_interval_s

    def _measure(self, probe: AbstractProbe, subject: Subject) -> Any:
        if probe.min_interval_s:
            self._measured[probe] = self._clock()
        return probe.measure(subject)

"""Which readings a look gets: those that have a meaning for the run, the costly ones not more often than it bears."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from ganviz.session.commands import Look
from ganviz.training.probes.base import AbstractProbe, Subject

MOST_SHARE = 1 / 25
"""Of the time of a run that trains, at most this much goes into any one probe."""


class Measuring:
    """Measures for looks, and remembers until when each costly probe rests.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._rests_until: dict[AbstractProbe, float] = {}

    def forget(self) -> None:
        """Let every probe be used at the next look: the run is another one."""
        self._rests_until.clear()

    def take(
        self, look: Look, subject: Subject, *, is_training: bool
    ) -> tuple[tuple[AbstractProbe, Any], ...]:
        """Return each probe with its reading; while a run trains, costly ones rest between looks at the present."""
        is_present = look.at_step is None
        rests = is_training and is_present and look.after is not None
        return tuple(
            (probe, self._measure(probe, subject, is_present=is_present))
            for probe in look.needs
            if probe.supports(subject.config) and not (rests and self._is_resting(probe))
        )

    def _is_resting(self, probe: AbstractProbe) -> bool:
        return self._clock() < self._rests_until.get(probe, 0.0)

    def _measure(self, probe: AbstractProbe, subject: Subject, *, is_present: bool) -> Any:
        probe.prepare(subject.config)
        start = self._clock()
        reading = dataclasses.replace(probe.measure(subject), step=subject.step)
        if is_present:
            cost = self._clock() - start
            self._rests_until[probe] = start + max(probe.min_interval_s, cost / MOST_SHARE)
        return reading

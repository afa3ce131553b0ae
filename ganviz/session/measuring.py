"""Which readings a look gets: those that have a meaning for the run, the costly ones not more often than it bears."""

from __future__ import annotations

import dataclasses
import math
import statistics
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple

from ganviz.session.commands import Look
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, Subject


class _Rest(NamedTuple):
    """What a reading took, and when the next one may be taken: as far as the run bears it, and as it is wished."""

    cost: float
    at_least_until: float
    until: float
    lately: tuple[float, ...] = ()


_NO_REST = _Rest(0.0, 0.0, 0.0)
N_LATELY = 3
"""What a probe costs is the median of so many readings: a single one that was held up, as the start of another program
does, let it rest twenty-five times as long, up to half a minute."""
TOGETHER = AbstractProbe.most_share
"""Share of the time that all probes get together which have no larger one of their own."""
FRAME_S = 1 / 30
"""A probe that may be used at each look is used so often."""
FIRST_REST_S = 1.0
"""After its first reading a probe rests no longer: what is made once for it does not tell what the next one costs."""


class Measuring:
    """Measures for looks, and remembers until when each costly probe rests.

    Parameters
    ----------
    clock : callable
        Seconds that only grow.
    prepares_beside : bool
        Whether probes that need a second to prepare themselves do so in a thread, their readings coming later: who
        waits for a picture would wait for them otherwise.
    """

    def __init__(self, clock: Callable[[], float], *, prepares_beside: bool = False) -> None:
        self._clock, self._prepares_beside = clock, prepares_beside
        self._rests: dict[AbstractProbe, _Rest] = {}
        self._met: set[type[AbstractProbe]] = set()
        self._prepared: dict[AbstractProbe, Future[None]] = {}
        self._prepared_of: object = None
        self._missing: Future[None] | None = None

    def forget(self) -> None:
        """Let every probe be used at the next look: the run is another one."""
        self._rests.clear()
        self._met.clear()

    def take(
        self, look: Look, subject: Subject, *, is_training: bool, has_time: bool = False
    ) -> tuple[tuple[AbstractProbe, Any], ...]:
        """Return each probe with its reading; while a run trains, costly ones rest between looks at the present.

        They rest less where the run has time: where its pace makes it wait for the next step.
        """
        is_present = look.at_step is None
        needed = [probe for probe in look.needs if probe.supports(subject.config)]
        if is_present:
            now = self._clock()
            self._rests = {p: rest for p, rest in self._rests.items() if p in needed or rest.until > now}
        is_resting = is_training and is_present and look.after is not None
        taken = []
        for probe in self._due(needed) if is_resting else needed:
            if self._prepares_beside and not self._is_prepared(probe, subject.config):
                continue
            probe.prepare(subject.config)
            start = self._clock()
            taken.append((probe, dataclasses.replace(probe.measure(subject), step=subject.step)))
            if is_present:
                self._let_rest(probe, start, [] if has_time else needed)
        return tuple(taken)

    def _due(self, probes: list[AbstractProbe]) -> list[AbstractProbe]:
        """Return the probes that do not rest; where all do, the cheapest that the run bears: something is to move."""
        now = self._clock()
        rests = {probe: self._rests.get(probe, _NO_REST) for probe in probes}
        due = [probe for probe, rest in rests.items() if now >= rest.until]
        able = [probe for probe, rest in rests.items() if now >= rest.at_least_until]
        return due or sorted(able, key=lambda probe: rests[probe].cost)[:1]

    @property
    def is_preparing(self) -> bool:
        """Return whether a reading is missing because its probe is being prepared."""
        return self._missing is not None

    def has_prepared(self) -> bool:
        """Return, once, that a reading that was missing can be had now."""
        if self._missing is None or not self._missing.done():
            return False
        self._missing = None
        return True

    def _is_prepared(self, probe: AbstractProbe, config: RunConfig) -> bool:
        if type(probe).prepare is AbstractProbe.prepare:
            return True
        of = config.distribution, config.distribution.version, config.training.seed
        if self._prepared_of != of:
            self._prepared, self._prepared_of = {}, of
        if probe not in self._prepared:
            self._prepared[probe] = _beside(lambda: probe.prepare(config))
        future = self._prepared[probe]
        if not future.done():
            self._missing = future
            return False
        future.result()  # raises what the preparation has raised
        return True

    def _let_rest(self, probe: AbstractProbe, start: float, beside: list[AbstractProbe]) -> None:
        """Let a probe that has measured since ``start`` rest, so that with those ``beside`` it the run bears it."""
        lately = (*self._rests.get(probe, _NO_REST).lately, self._clock() - start)[-N_LATELY:]
        cost = statistics.median_low(lately)
        is_first = type(probe) not in self._met
        self._met.add(type(probe))
        share = self._share(probe, cost, beside)
        borne = start + min(cost / share, FIRST_REST_S if is_first else math.inf)
        self._rests[probe] = _Rest(cost, borne, max(borne, start + probe.min_interval_s), lately)

    def _share(self, probe: AbstractProbe, cost: float, beside: list[AbstractProbe]) -> float:
        """Return the share of the time that this probe may take: all that have no larger one share one.

        Six views that took a twenty-fifth each kept a run of images from a quarter of its steps.
        """
        if probe.most_share > TOGETHER:
            return probe.most_share
        costs = {known: self._rests.get(known, _NO_REST).cost for known in beside} | {probe: cost}
        wished = [
            each / max(FRAME_S, known.min_interval_s)
            for known, each in costs.items()
            if known.most_share <= TOGETHER
        ]
        return min(probe.most_share, _level(wished, TOGETHER))


def _level(wished: list[float], whole: float) -> float:
    """Return the most that one may get so that all get ``whole``: who wishes less leaves the rest to others."""
    left = whole
    for n_left, wish in zip(range(len(wished), 0, -1), sorted(wished), strict=True):
        if wish * n_left >= left:
            return left / n_left
        left -= wish
    return math.inf


def _beside(work: Callable[[], None]) -> Future[None]:
    """Do some work in a thread that nobody waits for at the end of the program."""
    future: Future[None] = Future()

    def run() -> None:
        try:
            work()
            future.set_result(None)
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="ganviz-preparing", daemon=True).start()
    return future

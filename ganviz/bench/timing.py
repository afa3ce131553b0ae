"""Interleaved timing: A B A B, medians and spread, so that a noisy machine disturbs all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from ganviz.spec.frozen import dataclass

ROUNDS = 5
MOST_STEPS = 1 << 30


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds per step: the median over rounds, and the spread between slowest and fastest as a share of it."""

    seconds: float
    spread: float

    @property
    def rate(self) -> float:
        """Return steps per second."""
        return 1 / self.seconds


def interleaved(
    subjects: dict[str, Callable[[int], object]], budget_s: float, rounds: int = ROUNDS
) -> dict[str, Timing]:
    """Time functions that make ``n`` steps, in turns, for about ``budget_s`` seconds each in all."""
    counts = {name: _steps_for(train, budget_s / rounds) for name, train in subjects.items()}
    found: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, train in subjects.items():
            start = time.perf_counter()
            train(counts[name])
            found[name].append((time.perf_counter() - start) / counts[name])
    return {name: summary(seconds) for name, seconds in found.items()}


def summary(seconds: list[float]) -> Timing:
    """Return median and spread."""
    median = statistics.median(seconds)
    return Timing(median, (max(seconds) - min(seconds)) / median)


def _steps_for(train: Callable[[int], object], seconds: float) -> int:
    """Warm up, and return how many steps take about that long."""
    n = 2
    while True:
        start = time.perf_counter()
        train(n)
        elapsed = time.perf_counter() - start
        if elapsed > seconds / 4:
            return max(1, int(n * seconds / elapsed))
        if n > MOST_STEPS:
            raise RuntimeError(f"{n} steps take no time: training has stopped, which cannot be measured")
        n *= 2

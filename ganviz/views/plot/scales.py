"""How values are laid along an axis: scales with their round values, and how those are written. No Qt."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass

Array = NDArray[np.floating[Any]]
Floats = NDArray[np.float64]

SYMLOG_UNIT = 0.1
MOST = 1e300
"""Axes end here: beyond it, differences and powers of values are no longer numbers."""
FINEST = 1e-12
"""The smallest range as a share of its values: a little below it, pixels would have the same number."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A way to lay values along an axis: "linear", "symlog" (linear within ±0.1, logarithmic beyond) or "log"."""

    key: str
    title: str

    def forward(self, values: Array) -> Floats:
        """Return positions; values that the scale cannot show become NaN."""
        at: Floats = np.asarray(values, dtype=np.float64)
        if self.key == "symlog":
            at = np.arcsinh(at / SYMLOG_UNIT)
        if self.key == "log":
            at = np.log10(np.where(at > 0, at, np.nan))
        return at

    def backward(self, position: float) -> float:
        """Return the value at a position."""
        if self.key == "symlog":
            return math.sinh(position) * SYMLOG_UNIT
        return 10.0**position if self.key == "log" else position

    def ticks(self, low: float, high: float, n: int) -> list[float]:
        """Return about ``n`` round values between ``low`` and ``high``."""
        if self.key == "linear":
            return linear_ticks(low, high, n)
        decades = _decades(low, high, self.key == "symlog")
        inside = [tick for tick in decades if low <= tick <= high]
        if len(inside) < 3:
            return [t for t in linear_ticks(low, high, n) if self.key == "symlog" or t > 0]
        return inside[:: math.ceil(len(inside) / max(n, 3))] if len(inside) > n + 2 else inside

    def text(self, tick: float) -> str:
        """Return the label of a tick."""
        return tick_text(tick)

    def rounded(self, low: float, high: float) -> tuple[float, float]:
        """Return a slightly larger range that ends at round values; never an empty one."""
        low, high = min(max(low, -MOST), MOST), max(min(high, MOST), -MOST)
        if self.key == "linear":
            step = tick_step(low, high, 8)
            first, last = math.floor(low / step - 1e-9), math.ceil(high / step + 1e-9)
            return first * step, max(last, first + 1) * step
        if self.key == "log":
            low = max(low, 1e-9)
            return _down(low), round_up(max(high, low * 1.5))
        if low >= 0 >= high:
            return 0.0, SYMLOG_UNIT
        return _down(low) if low < 0 else 0.0, round_up(high) if high > 0 else 0.0


LINEAR = Scale("linear", "Linear")
SYMLOG = Scale("symlog", "Symlog")
LOG = Scale("log", "Log")
SCALES = (LINEAR, SYMLOG, LOG)


_ROUND = [s * 10.0**e for e in range(-10, 308) for s in (1, 2, 5)]
"""Of a run that diverges, anything that a number can be."""


def _down(value: float) -> float:
    """Return the nearest of ±{1, 2, 5}·10ⁿ that is not larger."""
    if value >= 0:
        return _ROUND[max(bisect_right(_ROUND, value * (1 + 1e-9)) - 1, 0)]
    return -_ROUND[min(bisect_left(_ROUND, -value * (1 - 1e-9)), len(_ROUND) - 1)]


def round_up(value: float) -> float:
    """Return the nearest of {1, 2, 5}·10ⁿ that is not smaller than a positive value."""
    return -_down(-value)


def _decades(low: float, high: float, with_zero: bool) -> list[float]:
    powers = [10.0**e for e in range(-9, 10)]
    if not with_zero:
        narrow = high / max(low, 1e-12) < 200
        return [p * s for p in powers for s in ((1, 2, 5) if narrow else (1,))]
    powers = [p for p in powers if p >= SYMLOG_UNIT]
    return [-p for p in reversed(powers)] + [0.0] + powers


def tick_step(low: float, high: float, n: int) -> float:
    """Return the round distance (1, 2 or 5 times a power of ten) that gives at most about ``n`` ticks."""
    span = max(high - low, 1e-9, FINEST * max(abs(low), abs(high)))
    power = 10.0 ** math.floor(math.log10(span / max(n, 1)))
    return next((s * power for s in (1, 2, 5, 10) if span / (s * power) <= n), 10 * power)


def linear_ticks(low: float, high: float, n: int) -> list[float]:
    """Return the multiples of a round step between ``low`` and ``high``: about ``n``, and never one alone."""
    ticks: list[float] = []
    for more in range(6):
        step = tick_step(low, high, n + more)
        first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
        ticks = [round(i * step, 12) for i in range(first, last + 1)]
        if len(ticks) > 1:
            break
    return ticks


def told_ticks(ticks: list[tuple[float, str]], apart: float) -> list[tuple[float, str]]:
    """Return the labels of a vertical axis that have room, at least so many pixels apart.

    Those are every one, or every second or third with 0 among them; else, from the lowest on, each that has room.
    """
    zero = next((i for i, (_, text) in enumerate(ticks) if text == "0"), 0)
    for every in range(1, len(ticks)):
        some = ticks[zero % every :: every]
        if len(some) > 1 and all(a[0] - b[0] >= apart for a, b in itertools.pairwise(some)):
            return some
    found: list[tuple[float, str]] = []
    for at, text in sorted(ticks, reverse=True):
        if not found or at <= found[-1][0] - apart:
            found.append((at, text))
    return found


def tick_text(value: float) -> str:
    """Return a tick's label, with all the decimals that a step as small as 1e-9 needs."""
    if value != 0 and (abs(value) >= 1e6 or abs(value) < 1e-3):
        mantissa, exponent = f"{value:.8e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        head = "" if mantissa in ("1", "-1") else f"{mantissa.lstrip('-')}·"
        return ("−" if value < 0 else "") + f"{head}10{superscript(int(exponent))}"
    text = f"{value:,.9f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:,.0f}"
    return text.replace(",", "\u202f").replace("-", "−")


def superscript(number: int) -> str:
    """Return a whole number in raised digits."""
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def next_round(value: float) -> float:
    """Return a round number that is at least ``value`` and at most about a quarter larger."""
    step = tick_step(0.0, max(value, 1.0), 10) / 2
    return float(np.ceil(value / step) * step)

"""Many decimal numbers made doubles at once, rounded as Python rounds them.

A number is m · 10^k. Where m and 10^|k| are doubles themselves, one product or quotient rounds right (Clinger, "How to
read floating point numbers accurately", 1990). A longer m is a sum of two doubles, its quotient one with its
remainder, and their sum rounds right but for the rare ones that lie halfway between two doubles, as far as can be told.
Digits become m eight at a time, as neighbors in a word of eight bytes (Lemire, "Number parsing at a gigabyte per
second", 2021).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganviz.session.logs.table import Array, Whole

MOST_POWER = 22
"""The largest power of ten that is a double."""
MOST_DIGITS = 24
"""Digits of a run, zeros before the number among them."""

_AT_ONCE = 8
_MOST_HIGH, _MOST_WHOLE = 900, 8e18
"""Bounds of a number's digits beyond sixteen, and of a number to which a digit is still added, by 64 bits."""
_PAIRS, _OF_PAIRS, _OF_FOURS = (
    np.uint64(one) for one in (0x000000FF000000FF, 0x000F424000000064, 0x0000271000000001)
)
_TENS = 10.0 ** np.arange(MOST_DIGITS + 1)
_WHOLE_TENS = np.array([10**k if k <= 18 else 0 for k in range(MOST_DIGITS + 1)])

_POWERS = np.array([float(10**k) for k in range(MOST_POWER + 1)])
_EXACT = 2**53
_SPLIT = float(2**27 + 1)
_NEAR = 2.0**-30
"""Sums this near to the middle between two doubles, in units of their distance, are not told apart from it."""


def doubles(whole: Whole, power: Whole) -> tuple[Array, NDArray[np.bool_]]:
    """Return ``whole`` · 10^``power``, and which of them are sure to be rounded right; the others are rough.

    Parameters
    ----------
    whole : ndarray, ``[n]`` int64
        From 0 on.
    power : ndarray, ``[n]`` int64
    """
    least, most = int(power.min(initial=0)), int(power.max(initial=-MOST_POWER))
    if least == most >= -MOST_POWER and most <= 0 and whole.max(initial=0) <= _EXACT:
        return whole / _POWERS[-most], np.ones(len(whole), dtype=bool)
    is_sure = np.abs(power) <= MOST_POWER
    scale = _POWERS[np.where(is_sure, np.abs(power), 0)]
    found = np.where(power < 0, whole / scale, whole * scale)
    long = np.flatnonzero(whole > _EXACT)
    if len(long):
        found[long], is_right = _quotients(whole[long], scale[long])
        is_sure[long] &= is_right & (power[long] <= 0)
    return found, is_sure


def words_of(digits: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the word of eight digits that begins at each of them."""
    return np.ndarray((len(digits) - _AT_ONCE + 1,), "<u8", digits.data, strides=(1,))


def whole_number(words: NDArray[np.uint64], end: Whole, n: Whole) -> tuple[Whole, NDArray[np.bool_]]:
    """Return whole numbers, and which of them 64 bits hold; the others are nonsense.

    Parameters
    ----------
    words : ndarray, ``[m]`` uint64
        Those of digits, with ``MOST_DIGITS`` others before the first one of a number.
    end : ndarray, ``[n_numbers]`` int64
        Where each ends.
    n : ndarray, ``[n_numbers]`` int64
        How many digits each has.
    """
    found, is_held = _eight(words, end, n), n <= MOST_DIGITS
    for k in range(1, -(-min(int(n.max(initial=0)), MOST_DIGITS) // _AT_ONCE)):
        more = _eight(words, end - k * _AT_ONCE, n - k * _AT_ONCE)
        if k == 2:
            is_held &= more < _MOST_HIGH
        found = found + 10 ** (k * _AT_ONCE) * more
    return found, is_held


def joined(first: Whole, then: Whole, n: Whole) -> tuple[Whole, NDArray[np.bool_]]:
    """Return numbers with the ``n`` digits of others behind them, and which of them 64 bits hold."""
    n = np.minimum(n, MOST_DIGITS)
    return first * _WHOLE_TENS[n] + then, first * _TENS[n] < _MOST_WHOLE


def _eight(words: NDArray[np.uint64], end: Whole, n: Whole) -> Whole:
    """Return what the last eight digits, or fewer, before each ``end`` are."""
    found = words[end - _AT_ONCE]
    least, most = int(n.min(initial=_AT_ONCE)), int(n.max(initial=0))
    if least < _AT_ONCE:  # what stands before the digits goes
        cut = _AT_ONCE * (_AT_ONCE - (np.clip(n, 1, _AT_ONCE) if least < most else np.array(max(1, most))))
        found = found >> cut.astype(np.uint64) << cut.astype(np.uint64)
    pairs = 10 * found
    found >>= np.uint64(8)
    pairs += found
    found = pairs >> np.uint64(16)
    found &= _PAIRS
    found *= _OF_FOURS
    pairs &= _PAIRS
    pairs *= _OF_PAIRS
    pairs += found
    pairs >>= np.uint64(32)
    whole = pairs.view(np.int64)
    return whole if least > 0 else np.where(n > 0, whole, 0)


def _quotients(whole: Whole, scale: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return whole / scale of whole numbers that are no doubles, and which of them are sure to be rounded right."""
    high = whole.astype(np.float64)
    low = (whole - high.astype(np.int64)).astype(np.float64)
    quotient = high / scale
    product, error = _product(quotient, scale)
    rest = ((high - product) - error + low) / scale
    found = quotient + rest
    beyond = np.abs(rest - (found - quotient))
    half = 0.5 * np.minimum(np.spacing(found), found - np.nextafter(found, 0))
    return found, beyond < half * (1 - _NEAR)


def _product(a: Array, b: Array) -> tuple[Array, Array]:
    """Return a product and what rounding took from it (Dekker 1971)."""
    product = a * b
    a_high, b_high = _high(a), _high(b)
    a_low, b_low = a - a_high, b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def _high(a: Array) -> Array:
    scaled = _SPLIT * a
    return scaled - (scaled - a)

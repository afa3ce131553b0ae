"""How far seeds lie apart, told as their number allows: a band needs seeds that lie outside of it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

MIDDLE_HALF, TENTHS = 0.25, 0.1
"""What a band leaves out at each of its ends: the middle half of all seeds, and 10 to 90 % of them."""


def least_seeds(left_out: float) -> int:
    """Return from how many seeds on a band leaves one out at each end; of fewer it only joins the outermost ones."""
    return math.ceil(1 / left_out) + 1


def has_band(n_seeds: int, left_out: float) -> bool:
    """Return whether a band of quantiles says more of so many seeds than the seeds themselves."""
    return n_seeds >= least_seeds(left_out)


def known(values: Iterable[float | None]) -> list[float]:
    """Return values in order of their size, without those that have no meaning."""
    return sorted(one for one in values if one is not None and math.isfinite(one))


def spread(values: Iterable[float | None]) -> tuple[float, float] | None:
    """Return the middle half's ends, of too few seeds the least and the greatest value; None of fewer than two."""
    found = known(values)
    if len(found) < 2:
        return None
    if not has_band(len(found), MIDDLE_HALF):
        return found[0], found[-1]
    low, high = np.quantile(found, (MIDDLE_HALF, 1 - MIDDLE_HALF)).tolist()
    return low, high


IN_BRACKETS = (
    f"in brackets the middle half of them, of fewer than {least_seeds(MIDDLE_HALF)} the outermost ones"
)
"""What :func:`spread` is of, where it stands in brackets after a median of seeds."""

"""What the seeds of a lane have in common: the middle one, and the band that nine out of ten keep to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

BAND = (0.05, 0.95)
"""Quantiles at both edges of a band."""


def by_lane(rows: Values, n_seeds: int) -> Values:
    """Return values of all rows, ``[lanes · seeds, …]``, as ``[lanes, seeds, …]``."""
    return rows.reshape(len(rows) // n_seeds, n_seeds, *rows.shape[1:])


def quantiles(values: Values, shares: tuple[float, ...]) -> list[Values]:
    """Return quantiles over the second axis of ``[lanes, seeds, …]``, by linear interpolation; NaN is no value.

    ``numpy.nanquantile`` computes the same, a hundred times slower.
    """
    ordered = np.sort(values, axis=1)  # NaN comes last
    last = np.maximum(np.count_nonzero(~np.isnan(values), axis=1) - 1, 0)
    return [_quantile(ordered, last, share) for share in shares]


def _quantile(ordered: Values, last: NDArray[np.int64], share: float) -> Values:
    position = share * last
    low = position.astype(np.int64)
    a, b = (
        np.take_along_axis(ordered, place[:, None], axis=1)[:, 0]
        for place in (low, np.minimum(low + 1, last))
    )
    with np.errstate(invalid="ignore"):  # of infinite values
        between: Values = np.where(a == b, a, a + (position - low) * (b - a))
    return between


def median(rows: Values, n_seeds: int) -> Values:
    """Return each lane's median over its seeds, ``[lanes, …]`` of ``[lanes · seeds, …]``; the very rows of one seed."""
    return rows if n_seeds == 1 else quantiles(by_lane(rows, n_seeds), (0.5,))[0]

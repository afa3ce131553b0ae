"""What running averages need of long histories: sums of whole groups of rows, each row counting less than the next.

Of a group, Σ wⁱ x₋ᵢ over its rows, as its last row sees them, and Σ wⁱ over those that have a value. An average over
millions of steps is made of these without reading a row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WEIGHTS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
"""What a running average may give to the step before; 0.99 remembers about 100 steps."""
GROUP = 256
"""Rows of a group; a multiple of the steps between which a short range reads its averages."""

Values = NDArray[np.float64]


def _powers(weights: tuple[float, ...], length: int) -> Values:
    """Return by what each of ``length`` rows counts at the last one, ``[weights, length]``."""
    powers: Values = np.power(np.array(weights)[:, None], np.arange(length - 1.0, -1.0, -1.0))
    return powers


def faded(rows: Values, length: int, weights: tuple[float, ...] = WEIGHTS) -> Values:
    """Return the sums of rows ``[k, columns]`` in groups of ``length``: ``[weights, k / length, 2 · columns]``.

    For each weight and group the weighted sums of all columns, without values that are missing, and the sums of the
    weights of those that are there.
    """
    groups, powers = rows.reshape(-1, length, rows.shape[1]), _powers(weights, length)
    is_there = np.isfinite(groups)
    result = np.empty((len(groups), len(weights), 2 * rows.shape[1]))
    sums, counts = np.split(result, 2, axis=2)
    is_whole = np.asarray(is_there.all(axis=1))
    np.matmul(powers, groups if is_whole.all() else np.where(is_there, groups, 0.0), out=sums)
    counts[:] = powers.sum(axis=1)[:, None] * is_whole[:, None]
    partly = np.asarray((is_there.any(axis=1) & ~is_whole).any(axis=0))
    if partly.any():
        counts[:, :, partly] = powers @ is_there[:, :, partly].astype(np.float64)
    swapped: Values = result.swapaxes(0, 1)
    return swapped


def together(sums: Values, length: int, weights: tuple[float, ...] = WEIGHTS) -> Values:
    """Return the sums ``[weights, 2 · columns]`` of groups of ``length`` rows, ``[weights, groups, 2 · columns]``."""
    decays = tuple(weight**length for weight in weights)
    result: Values = np.einsum("wg,wgc->wc", _powers(decays, sums.shape[1]), sums)
    return result

"""Compares two settings over the same seeds, seed by seed: the middle difference, and whether it could be chance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass

MOST_EXACT = 50
"""With more pairs the normal approximation is as good; the exact count is one of 2^n signs."""


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """What the pairs say.

    Attributes
    ----------
    n : int
        Pairs in which both have a value.
    median_difference : float
        Of second minus first; NaN without pairs.
    p : float
        Two-sided, of Wilcoxon's signed-rank test; NaN where all differences are 0.
    """

    n: int
    median_difference: float
    p: float

    @property
    def plain(self) -> dict[str, float | int | None]:
        """Return all of it as JSON can say it: None for a p that is NaN."""
        p = None if math.isnan(self.p) else self.p
        return {"n": self.n, "median_difference": self.median_difference, "p": p}


def compare(first: NDArray[np.float64], second: NDArray[np.float64]) -> PairedComparison:
    """Compare values ``[n]`` of equal seeds; pairs with a NaN are left out.

    Notes
    -----
    Pairs without a difference are dropped (Wilcoxon 1945). Exact up to 50 pairs, also where some are as far apart as
    others; else by the normal approximation with a correction for these, as ``scipy.stats.wilcoxon`` does.
    """
    difference = np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    difference = difference[np.isfinite(difference)]
    if not len(difference):
        return PairedComparison(0, math.nan, math.nan)
    return PairedComparison(len(difference), float(np.median(difference)), signed_rank_p(difference))


def signed_rank_p(difference: NDArray[np.float64]) -> float:
    """Return the two-sided p of Wilcoxon's signed-rank test of finite differences ``[n]`` around 0."""
    nonzero = difference[difference != 0]
    n = len(nonzero)
    if n == 0:
        return math.nan
    _, place, count = np.unique(np.abs(nonzero), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]  # equal sizes share the mean of their ranks
    smaller = min(float(ranks[nonzero > 0].sum()), float(ranks[nonzero < 0].sum()))
    if n <= MOST_EXACT:
        return min(1.0, 2 * _share_at_most(round(2 * smaller), np.rint(2 * ranks).astype(np.int64).tolist()))
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((count**3 - count).sum()) / 48
    return math.erfc((n * (n + 1) / 4 - smaller) / math.sqrt(2 * variance))


def _share_at_most(total: int, ranks: list[int]) -> float:
    """Return in which share of all choices of signs the ranks with a plus sum up to at most ``total``."""
    ways = np.zeros(total + 1)
    ways[0] = 1.0
    for rank in ranks:
        if rank <= total:
            ways[rank:] += ways[:-rank].copy()
    return float(ways.sum() / 2.0 ** len(ranks))

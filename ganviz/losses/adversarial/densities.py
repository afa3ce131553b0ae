"""Means over two densities that are known on cells, in place of batches: shares ``[cells]`` that add up to 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ganviz.losses.adversarial.abstract import Floats

FARTHEST = 30.0
"""Log-ratios are held within ±30: beyond, what is left of either density adds nothing to a mean."""
N_PLACES = 4096
LEAST_SHARE = 1e-15
"""Cells with less of both densities do not stretch the places that scores are put on."""


def log_ratios(p: Floats, q: Floats) -> Floats:
    """Return ln(p / q) within ±30; 0 where there is neither."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.log(p) - np.log(q)
    return np.nan_to_num(found, nan=0.0, posinf=FARTHEST, neginf=-FARTHEST).clip(-FARTHEST, FARTHEST)


def answers(p: Floats, q: Floats) -> tuple[Floats, float]:
    """Return p / (p + q), ½ where there is neither, and by how much its mean over the data is above that over samples.

    That difference E_p - E_q is ½ ∫ (p - q)² / (p + q), between 0 for equal densities and 1 for separate ones.
    """
    d: Floats = 0.5 + 0.5 * np.tanh(0.5 * log_ratios(p, q))
    return d, expected(p, d) - expected(q, d)


def expected(shares: Floats, values: Floats) -> float:
    """Return the mean of values, of which those without a share may be infinite."""
    return float((shares * np.where(shares > 0, values, 0.0)).sum())


def leads_of_pairs(p: Floats, q: Floats, scores: Floats) -> tuple[Floats, Floats]:
    """Return the leads t_real - t_fake of all pairs, and their shares.

    Scores are put on evenly spaced places, each shared by the two nearest so that means are kept, because all pairs of
    cells are too many. With places h apart a mean of φ is off by φ″ h²/4 at most.
    """
    is_there = p + q > LEAST_SHARE
    p, q, scores = p[is_there], q[is_there], scores[is_there]
    low, width = float(scores.min()), float(np.ptp(scores))
    h = width / (N_PLACES - 2) or 1.0
    at = (scores - low) / h
    below = np.floor(at).astype(np.intp)
    of_p, of_q = (_placed(below, at - below, shares) for shares in (p, q))
    return h * np.arange(1.0 - N_PLACES, N_PLACES), np.convolve(of_p, of_q[::-1])


def _placed(below: NDArray[np.intp], above: Floats, shares: Floats) -> Floats:
    """Return the share of each place: a score's is split between the place ``below`` it and the next one."""
    placed = np.zeros(N_PLACES)
    for at, part in ((below, 1 - above), (below + 1, above)):
        placed += np.bincount(at, shares * part, N_PLACES)
    return placed

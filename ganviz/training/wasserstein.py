"""The true Wasserstein-1 distance of two samples, by the best of all matchings, beside what a critic reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ganviz.training.probes.base import Subject

N_SAMPLES = 300
"""Each distance takes half a second then; it grows with the third power."""

Values = NDArray[np.float64]


def wasserstein(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Return the Wasserstein-1 distance of samples ``[n, …]``: the least mean distance of all n! ways to pair them.

    Notes
    -----
    Of samples it is a little more than that of their distributions, whose best pairs need not be among them.
    """
    a, b = (points.reshape(len(points), -1).astype(np.float64) for points in (first, second))
    if a.shape != b.shape:
        raise ValueError(f"both samples must have one shape, not {first.shape} and {second.shape}")
    costs = np.linalg.norm(a[:, None] - b[None], axis=2)
    return float(costs[np.arange(len(a)), best_matching(costs)].mean())


def best_matching(costs: Values) -> NDArray[np.intp]:
    """Return the column of each row so that the chosen ones of ``costs``, ``[n, n]``, have the least sum.

    Notes
    -----
    Shortest augmenting paths (Jonker & Volgenant 1987): rows are taken in one by one, and each takes the cheapest chain
    of changes to the columns of those before it. Prices ``u`` of rows and ``v`` of columns keep every ``costs - u - v``
    at 0 or more, and at 0 where a row has its column: that is what makes the end the best of all.
    """
    n = len(costs)
    u, v = np.zeros(n), np.zeros(n)
    row_of, column_of = np.full(n, -1), np.full(n, -1)
    for new in range(n):
        shortest, before, is_done = np.full(n, np.inf), np.full(n, -1), np.zeros(n, bool)
        row, length = new, 0.0
        while row != -1:  # until a column is reached that nobody has
            through = length + costs[row] - u[row] - v
            is_shorter = ~is_done & (through < shortest)
            shortest[is_shorter], before[is_shorter] = through[is_shorter], row
            column = int(np.where(is_done, np.inf, shortest).argmin())
            is_done[column], length, row = True, shortest[column], row_of[column]
        u[new] += length
        gained = length - shortest[is_done]
        v[is_done] -= gained
        others = row_of[is_done]
        u[others[others != -1]] += gained[others != -1]
        while column != -1:
            row = before[column]
            row_of[column] = row
            column_of[row], column = column, column_of[row]
    return column_of


def readings(subject: Subject) -> tuple[Values, Values]:
    """Return what each critic reads and the true distance, ``[lanes]``, of the same samples.

    The reading is the mean score of real samples minus that of generated ones: what a Wasserstein critic maximizes,
    without the penalty. NaN where a lane has no discriminator, or samples are not finite.
    """
    real, generated = both = subject.both(N_SAMPLES)
    scores = (subject.scores(points, number) for number, points in enumerate(both))
    of_real, of_generated = (found.detach().double().flatten(1).mean(1).cpu().numpy() for found in scores)
    one = real[0].cpu().numpy()
    distances = [
        wasserstein(one, made) if np.isfinite(made).all() else np.nan for made in generated.cpu().numpy()
    ]
    return of_real - of_generated, np.array(distances)

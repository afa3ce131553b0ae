"""Reference points of the plane of losses: the best D on generators that cover some modes, and what cannot be.

A generator that is perfect on a share m of the data has, at the best D, L_D = (1 + m) ln(1 + m) - m ln m,
-E log D(G(z)) = ln((1 + m) / m), E log(1 - D(G(z))) = -ln(1 + m) and JSD = ln 2 - L_D / 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ganviz.training.config import RunConfig

Array = NDArray[np.float64]

PHASE, FAKE, DIVERGENCE = "phase", "fake", "divergence"
"""Which pair of numbers is drawn: (L_D, L_G), D's fake part and L_G of the same scores, or (JSD, total)."""


def coverage(shares: Array) -> dict[str, Array]:
    """Return the losses of generators that cover these shares of the data, by the names of the history's columns."""
    m = np.asarray(shares, dtype=np.float64)
    d_loss = (1 + m) * np.log1p(m) - m * np.log(m)
    non_saturating = np.log1p(m) - np.log(m)
    return {
        "d_loss": d_loss,
        "g_non_saturating": non_saturating,
        "g_saturating": -np.log1p(m),
        "js_divergence": np.log(2) - d_loss / 2,
        "total_non_saturating": d_loss + non_saturating,
        "d_fake": np.log1p(m),
    }


def perfect_on_parts(columns: Sequence[tuple[str, str]]) -> list[tuple[float, float]]:
    """Return where generators that are perfect on k of 8 modes are marked, for each pair of columns."""
    at = coverage(np.arange(1, 9) / 8)
    return [point for x, y in columns for point in zip(at[x].tolist(), at[y].tolist(), strict=True)]


def constant_d(n: int = 200) -> dict[str, Array]:
    """Return the losses of a D that says the same of every sample, from 0 to 1."""
    t = np.linspace(-8, 8, n)
    on_real, on_fake = np.logaddexp(0, -t), np.logaddexp(0, t)
    return {
        "d_loss": on_real + on_fake, "g_non_saturating": on_real, "g_saturating": -on_fake, "d_fake": on_fake,
    }  # fmt: skip


def spread(d_fake: float, g_non_saturating: float) -> float:
    """Return 1 - e^(-A) - e^(-B): 0 where D says the same of every generated sample, and never below."""
    return float(1 - np.exp(-d_fake) - np.exp(-g_non_saturating))


def ends_of(config: RunConfig, mode: str) -> list[tuple[float, float]]:
    """Return where the game of each lane ends, each once."""
    if mode == FAKE:
        return [(math.log(2), math.log(2))]
    if mode == DIVERGENCE:
        return [(0.0, 3 * math.log(2)), (0.4969, 2.5897)]
    ends = [config.equilibrium(lane) for lane in range(len(config.lanes))]
    return list(
        dict.fromkeys((e.d_loss, e.g_loss) for e in ends if e.d_loss is not None and e.g_loss is not None)
    )

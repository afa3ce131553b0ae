"""The best score of a typed loss, found by search, not by theory.

With a perfect generator the discriminator sees the same samples twice, so that it is at the score where the sum of its
two functions is least.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganviz.losses.expressions import FARTHEST, GRID, expression
from ganviz.losses.operations import NumPyArrays
from ganviz.spec.frozen import dataclass

FLAT = 1e-6
"""A sum of D's functions that varies less than this has no best score: D is a critic."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What D's two functions come to together: its best score, its loss there, and whether it is cross-entropy's."""

    score: float | None
    d_loss: float | None
    is_cross_entropy: bool


@lru_cache(maxsize=64)
@np.errstate(all="ignore")
def sought(real: str, fake: str) -> Sought:
    """Return what two formulas of the score t, on real and on fake samples, come to."""
    on_real, on_fake = expression(real, "t"), expression(fake, "t")
    of_real, of_fake = on_real(GRID), on_fake(GRID)
    softplus = NumPyArrays.softplus
    is_cross_entropy = bool(
        np.allclose(of_real, softplus(-GRID), rtol=0, atol=1e-9)
        and np.allclose(of_fake, softplus(GRID), rtol=0, atol=1e-9)
    )
    values = of_real + of_fake
    best = int(values.argmin())
    is_flat = np.ptp(values) < FLAT
    is_open = best in (0, len(GRID) - 1) and not is_flat
    if is_open or not np.isfinite(values).all():  # it falls on beyond, without a least value, or into a pole
        return Sought(None, None, is_cross_entropy)
    least = float(values[best]) + 0.0  # never -0
    if is_flat or (values < least + FLAT * 1e-6).sum() > 3:
        return Sought(None, least, is_cross_entropy)
    score = _turn(lambda t: on_real.slope(t) + on_fake.slope(t), *GRID[[best - 1, best + 1]])
    value = float((on_real(np.array([score])) + on_fake(np.array([score])))[0])
    if not least - FARTHEST < value < least + FLAT:  # there is a pole
        return Sought(None, None, is_cross_entropy)
    return Sought(None if _comes_again(values, best) else score, value, is_cross_entropy)


def _comes_again(values: NDArray[np.float64], best: int) -> bool:
    """Return whether a value as small as the least one is found elsewhere, too, as that of a sine is."""
    # Between two places, a parabola is lower by this at most.
    lower = (values[best - 1] - 2 * values[best] + values[best + 1]) / 8
    return bool(np.diff(np.flatnonzero(values < values[best] + lower)).max(initial=1) > 1)


def _turn(slope: Any, low: float, high: float) -> float:
    """Return where a slope changes its sign from - to +, by halving."""
    for _ in range(60):
        middle = 0.5 * (low + high)
        if float(slope(np.array([middle]))[0]) < 0:
            low = middle
        else:
            high = middle
    return 0.0 if abs(high) < 1e-12 else high

"""What a chart draws of one quantity: its buckets over the steps. NumPy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Track:
    """One scalar of one lane: ``steps`` ``[n]`` with ``low``, ``high`` and ``mean`` ``[n]``; NaN breaks the line.

    ``average`` has steps and values of the running average, where the trace has one.
    """

    steps: Floats
    low: Floats
    high: Floats
    mean: Floats
    average: tuple[Floats, Floats] | None = None

"""What a chart draws of one quantity: its buckets over the steps. NumPy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Track:
    """One scalar of one lane: ``steps`` ``[n]`` with ``low``, ``high`` and ``mean`` ``[n]``; NaN breaks the line.

    ``average`` has steps and values of the running average, where the trace has one. ``first`` and ``last`` ``[n]`` are
    the ends of the buckets, where a value may be that of several steps and what is read off says so.
    """

    steps: Floats
    low: Floats
    high: Floats
    mean: Floats
    average: tuple[Floats, Floats] | None = None
    first: Floats | None = None
    last: Floats | None = None

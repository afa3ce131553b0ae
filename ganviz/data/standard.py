"""Standardized data: networks learn numbers of mean 0 and standard deviation 1, everybody else sees the data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass

Floats = NDArray[np.float64]

FARTHEST_MEAN = 3.0
SCALES = (1 / 3, 3.0)
"""Means up to so far from 0, and standard deviations between these, are learned as they are."""


@dataclass(frozen=True, slots=True)
class Standardization:
    """The map between data x and what networks learn, (x − offset) / scale.

    Attributes
    ----------
    offset, scale : tuple of float
        One number a coordinate; scales are positive.
    """

    offset: tuple[float, ...]
    scale: tuple[float, ...]

    def standardized(self, data: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return data ``[n, d]`` as networks see them; computed in double precision, for offsets may be large."""
        found: Floats = (data - np.array(self.offset)) / np.array(self.scale)
        return found.astype(np.float32)


def standardization_of(points: Floats) -> Standardization:
    """Return mean and standard deviation of the columns of ``[n, d]`` points; a constant column keeps its scale."""
    scale = points.std(0)
    scale[scale <= 1e-9 * np.abs(points).max(0)] = 1.0
    return Standardization(tuple(points.mean(0).tolist()), tuple(scale.tolist()))


def is_far(points: Floats) -> bool:
    """Return whether some column's mean or standard deviation is far from 0 and 1: such points are learned slowly."""
    mean, scale = np.abs(points.mean(0)), points.std(0)
    return bool(((mean > FARTHEST_MEAN) | (scale < SCALES[0]) | (scale > SCALES[1])).any())

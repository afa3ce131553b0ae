"""Densities on a line and their divergence: what :mod:`ganviz.training.distances` has for the plane."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import Extent
from ganviz.training.distances import KERNEL_WIDTH, Points, divergence_on_grid

Floats = NDArray[np.float64]

MOST_POINTS = 4000
_MARGIN = 4 * KERNEL_WIDTH


class SmoothedLine:
    """Estimates the Jensen–Shannon divergence to a known density on a line after both are smoothed by N(0, h²).

    Parameters
    ----------
    density : ndarray, ``[n]``
        The density of the data, smoothed by ``KERNEL_WIDTH``, at :func:`line_points`.
    extent : Extent
    """

    def __init__(self, density: Floats, extent: Extent) -> None:
        self._x, self._p = line_points(extent), density
        self._cell = float(self._x[1] - self._x[0])

    def divergence(self, samples: Points) -> float:
        """Return the estimate in nats of samples ``[n, 1]``, between 0 and ln 2."""
        return divergence_on_grid(self._p, line_density(samples, self._x), self._cell)


def is_resolved(extent: Extent) -> bool:
    """Return whether the points are close enough to see the kernel."""
    return extent.x_max - extent.x_min + 2 * _MARGIN <= 2 * KERNEL_WIDTH * MOST_POINTS


def line_points(extent: Extent) -> Floats:
    """Return points at most two thirds of a kernel's width apart, as far as they may be many; past the extent."""
    low, high = extent.x_min - _MARGIN, extent.x_max + _MARGIN
    n = math.ceil(1.5 * (high - low) / KERNEL_WIDTH) + 1
    return np.linspace(low, high, min(n, MOST_POINTS))


def line_density(samples: Points, x: Floats, width: float = KERNEL_WIDTH) -> Floats:
    """Return the Gaussian kernel estimate of samples ``[n, 1]`` at points of a line, ``[len(x)]``."""
    offsets = (x[:, None] - samples.reshape(1, -1).astype(np.float64)) / width
    estimate: Floats = np.exp(-0.5 * offsets**2).mean(1) / (math.sqrt(2 * math.pi) * width)
    return estimate

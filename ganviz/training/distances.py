"""How far samples are from the data: the measures, and what a perfect generator scores.

All take and return NumPy values; samples of the plane are ``[n, 2]``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import Extent, Modes
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

Points = NDArray[np.floating]

HIGH_QUALITY_RADIUS = 3.0

N_DIRECTIONS = 128
KERNEL_WIDTH = 0.1
CUT, EXACT_CUT = -43.0, -350.0
"""Least exponents of a kernel, in float32 and in float64.

The product of two is then still one of the ordinary numbers, above e^-87.3 and e^-708: smaller ones make exp ten times
and the matrix product of many of them twenty-five times as slow.
"""
SMALLEST_GRID, LARGEST_GRID = 128, 512


HIT_SHARE = 0.1
"""A mode counts as hit from this part of the high-quality samples on that real samples would have there."""


@dataclass(frozen=True, slots=True)
class ModeCoverage:
    """How samples fall on modes.

    Attributes
    ----------
    modes_with_a_sample : int
        Modes that are nearest to at least one high-quality sample, the count of the literature (Srivastava et al.
        2017, arXiv 1705.07761); scattered samples hit many modes so.
    quality_fraction : float
        Share of samples within three standard deviations of their nearest mode.
    reverse_kl, good_reverse_kl : float
        Divergence of the samples' shares over modes from the modes' weights, in nats; all samples count, each for
        its nearest mode, or those of high quality alone (NaN where there are none). Its floor is about
        (modes - 1) / (2 n) where modes do not overlap.
    counts, good_counts : ndarray, ``[modes]``
        Samples whose nearest mode is each one: all, and those of high quality.
    """

    modes_with_a_sample: int
    quality_fraction: float
    reverse_kl: float
    good_reverse_kl: float
    counts: NDArray[np.float64]
    good_counts: NDArray[np.float64]

    def are_hit(self, good_shares: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which modes are hit, as of :func:`modes_are_hit`."""
        return modes_are_hit(self.good_counts, good_shares, self.counts.sum())

    def modes_hit(self, good_shares: NDArray[np.float64]) -> int:
        """Return how many modes are hit."""
        return int(self.are_hit(good_shares).sum())


def modes_are_hit(
    good_counts: NDArray[np.float64], good_shares: NDArray[np.float64], n: float
) -> NDArray[np.bool_]:
    """Return which modes have a tenth of the high-quality samples that real samples have there, and any.

    Parameters
    ----------
    good_counts : ndarray, ``[modes]``
        High-quality samples that are nearest to each mode, of ``n``.
    good_shares : ndarray, ``[modes]``
        Share of all real samples that are of high quality and nearest to each mode.
    """
    hit: NDArray[np.bool_] = good_counts >= np.maximum(1, HIT_SHARE * good_shares * n)
    return hit


def mode_coverage(samples: Points, modes: Modes) -> ModeCoverage:
    """Return the coverage of ``modes``; distances are measured in each mode's standard deviations."""
    offsets = (samples[:, None, :].astype(np.float64) - modes.centers) / modes.scales
    distances = np.sqrt((offsets**2).sum(-1))
    nearest = distances.argmin(1)
    is_good = distances[np.arange(len(samples)), nearest] < HIGH_QUALITY_RADIUS
    counts, good = (_counts(chosen, len(modes.centers)) for chosen in (nearest, nearest[is_good]))
    of_all, of_good = (_divergence(found, modes.weights) for found in (counts, good))
    return ModeCoverage(int((good > 0).sum()), float(is_good.mean()), of_all, of_good, counts, good)


def _divergence(counts: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Return KL(shares ‖ weights) in nats; NaN where nothing was counted."""
    if not counts.any():
        return math.nan
    shares, there = counts / counts.sum(), counts > 0
    return float((shares[there] * np.log(shares[there] / weights[there])).sum())


def _counts(nearest: NDArray[np.intp], n_modes: int) -> NDArray[np.float64]:
    return np.bincount(nearest, minlength=n_modes).astype(np.float64)


def directions(dimensions: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return unit vectors ``[dimensions, 128]``: evenly spaced in the plane, random in more dimensions.

    On a line there is one, ``[1, 1]``, and the sliced distance is the Wasserstein-1 distance itself.
    """
    if dimensions == 1:
        return np.ones((1, 1))
    if dimensions == 2:
        angles = np.pi * (np.arange(N_DIRECTIONS) + 0.5) / N_DIRECTIONS
        return np.stack([np.cos(angles), np.sin(angles)])
    drawn = rng.standard_normal((dimensions, N_DIRECTIONS))
    unit: NDArray[np.float64] = drawn / np.linalg.norm(drawn, axis=0)
    return unit


def sliced_wasserstein(a: Points, b: Points, onto: NDArray[np.float64]) -> float:
    """Return the sliced Wasserstein-1 distance of two equally large samples ``[n, d]``.

    The mean over the directions ``onto`` of the distance of sorted projections (Rabin et al. 2012). A shift by v in
    the plane gives (2/π) ‖v‖.
    """
    if a.shape != b.shape:
        raise ValueError(f"both samples must have one shape, not {a.shape} and {b.shape}")
    return float(np.abs(projected(a, onto) - projected(b, onto)).mean())


def projected(points: Points, onto: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sorted projections of ``[n, …]`` points onto each direction, ``[directions, n]``."""
    return np.sort(_projections(points, onto), axis=1)


def projected_quickly(points: Points, onto: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the same in half of the time, each right to 1e-7 of its distance from their mean: sorted as float32."""
    found = _projections(points, onto)
    middle = found.mean(axis=1, keepdims=True)
    made: NDArray[np.float64] = np.sort((found - middle).astype(np.float32), axis=1) + middle
    return made


def _projections(points: Points, onto: NDArray[np.float64]) -> NDArray[np.float64]:
    return _product(onto.T, points.reshape(len(points), -1).T.astype(np.float64))


class SmoothedPlane:
    """Estimates the Jensen–Shannon divergence to a known density after both are smoothed by N(0, h² I).

    The samples' density is a kernel estimate, the data's is exact, so the divergence vanishes for perfect samples as
    their number grows, and never exceeds the true one (data processing).

    Parameters
    ----------
    density : ndarray, ``[grid_size · grid_size]``
        The density of the data, smoothed by ``KERNEL_WIDTH``, at :func:`grid_points`.
    extent : Extent
    """

    def __init__(self, density: NDArray[np.float64], extent: Extent) -> None:
        self._x, self._y = _axes(extent)
        self._cell = (self._x[1] - self._x[0]) * (self._y[1] - self._y[0])
        self._p = density.reshape(len(self._y), len(self._x))

    def divergence(self, samples: Points) -> float:
        """Return the estimate in nats, between 0 and ln 2."""
        q = _estimate(samples, self._x, self._y, KERNEL_WIDTH, _quickly)
        return divergence_on_grid(self._p, q, self._cell)


def divergence_on_grid(p: NDArray[np.float64], q: NDArray[np.float64], cell: float) -> float:
    """Return the Jensen–Shannon divergence in nats of densities at the middles of cells of one size."""
    middle = (p + q) / 2
    total = _relative_entropy(p, middle) + _relative_entropy(q, middle)
    # Mass outside the grid belongs to one side only and adds its own ln 2.
    missing = max(0.0, 1 - p.sum() * cell) + max(0.0, 1 - q.sum() * cell)
    return float(min(0.5 * (total * cell + missing * np.log(2)), np.log(2)))


def kernel_density(
    samples: Points, x: NDArray[np.float64], y: NDArray[np.float64], width: float = KERNEL_WIDTH
) -> NDArray[np.float64]:
    """Return the Gaussian kernel estimate of samples ``[n, 2]`` on the grid of two axes, ``[len(y), len(x)]``."""
    return _estimate(samples, x, y, width, _exactly)


def _estimate(
    samples: Points,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    width: float,
    kernel: Callable[[Tensor], Tensor],
) -> NDArray[np.float64]:
    import torch

    scaled = torch.from_numpy(samples.astype(np.float64)).div_(width)
    rows = kernel(torch.from_numpy(y / width)[:, None] - scaled[:, 1])
    columns = kernel(scaled[:, :1] - torch.from_numpy(x / width))
    estimate: NDArray[np.float64] = (rows @ columns).double().numpy()
    return estimate / (2 * np.pi * width**2 * len(samples))


def _exactly(distances: Tensor) -> Tensor:
    """Return exp(-d² / 2); from 26 on it is e^-350, which weighs nothing beside any sample that is near."""
    return distances.square_().mul_(-0.5).clamp_(min=EXACT_CUT).exp_()


def _quickly(distances: Tensor) -> Tensor:
    """Return exp(-d² / 2) as float32, in a third of the time, right to 1e-6; distances are exact, tiny values cut."""
    return distances.float().square_().mul_(-0.5).clamp_(min=CUT).exp_()


def _product(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a matrix product, made by as many threads as training has.

    NumPy's library would take a thread a core, and wait for each: beside another busy process (the window is one) that
    makes 24 milliseconds of one.
    """
    import torch

    found: NDArray[np.float64] = (torch.from_numpy(a) @ torch.from_numpy(b)).numpy()
    return found


def grid_size(extent: Extent) -> int:
    """Return the points a side of the grid for ``extent``: few, but not farther apart than 1.5 kernel widths."""
    wanted = math.ceil((extent.x_max - extent.x_min + 2 * _margin(extent)) / (1.5 * KERNEL_WIDTH)) + 1
    return min(max(wanted, SMALLEST_GRID), LARGEST_GRID)


def is_resolved(extent: Extent) -> bool:
    """Return whether the grid's points are close enough to see the kernel, so that the estimate has a meaning."""
    return extent.x_max - extent.x_min + 2 * _margin(extent) <= 2 * KERNEL_WIDTH * (grid_size(extent) - 1)


def grid_points(extent: Extent) -> NDArray[np.float64]:
    """Return the grid's points ``[grid_size², 2]``, row by row from y_min; it reaches past the extent."""
    x, y = _axes(extent)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _axes(extent: Extent) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    margin, n = _margin(extent), grid_size(extent)
    x = np.linspace(extent.x_min - margin, extent.x_max + margin, n)
    y = np.linspace(extent.y_min - margin, extent.y_max + margin, n)
    return x, y


def _margin(extent: Extent) -> float:
    return 0.1 * (extent.x_max - extent.x_min) + 4 * KERNEL_WIDTH


def _relative_entropy(p: NDArray[np.float64], middle: NDArray[np.float64]) -> float:
    there = p > 1e-300
    return float((p[there] * np.log(p[there] / middle[there])).sum())

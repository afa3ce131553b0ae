"""What mixtures of Gaussians share: exact sampling, density and modes."""

from __future__ import annotations

import abc

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import AbstractDistribution, Extent, FloatArray, Modes

SAMPLER = '''
def sample_real(n, rng):
    """Return n points: a Gaussian is chosen for each, and its noise added."""
    {chosen}
    noise = rng.standard_normal((n, {axes}), dtype=torch.float32)
    return (centers[chosen] + scales[chosen] * noise).float()
'''
CHUNK = 1_000_000
"""Pairs of point and component that are worked on at once."""
LEAST_REACH = 1.15
"""Of the outermost center: with less, modes without width lie on the edge of what is shown, and samples beside them
outside it."""

_MADE: dict[int, tuple[AbstractMixture, Modes, Extent]] = {}
_MAX_MADE = 64


def _made(mixture: AbstractMixture) -> tuple[AbstractMixture, Modes, Extent]:
    """Return what is made once per object: hashing a drawing of many points takes longer than sampling it."""
    made = _MADE.get(id(mixture))
    if made is None:
        if len(_MADE) >= _MAX_MADE:
            _MADE.clear()
        parts = mixture.components()
        reach = float(np.max(np.abs(parts.centers) + 4 * parts.scales)) * 1.05
        reach = max(reach, float(np.max(np.abs(parts.centers))) * LEAST_REACH)
        made = _MADE[id(mixture)] = (mixture, parts, Extent(-reach, reach, -reach, reach))
    return made


def _components(mixture: AbstractMixture) -> Modes:
    """Return the Gaussians."""
    return _made(mixture)[1]


class AbstractMixture(AbstractDistribution):
    """A mixture of Gaussians with axes along x and y, or on a line."""

    __slots__ = ()

    @abc.abstractmethod
    def components(self) -> Modes:
        """Return the Gaussians that the mixture is made of."""

    def centers_script(self) -> str:
        """Return lines that make ``centers``, ``[k, 2]``: the numbers themselves, unless an entry has their formula."""
        rows = ",\n    ".join(str(row) for row in _components(self).centers.tolist())
        return f"centers = torch.tensor([\n    {rows},\n], dtype=torch.float64)"

    def script(self) -> str:
        """Return the Gaussians and a sampler."""
        parts = _components(self)
        is_round, is_even = np.ptp(parts.scales) == 0, np.ptp(parts.weights) == 0
        scales = (
            f"torch.full_like(centers, {parts.scales[0, 0]})"
            if is_round
            else f"torch.tensor({parts.scales.tolist()}, dtype=torch.float64)"
        )
        lines = [self.centers_script(), f"scales = {scales}  # standard deviations"]
        if is_even:
            chosen = "chosen = rng.integers(len(centers), n)"
        else:
            lines.append(f"shares = torch.tensor({parts.weights.tolist()}, dtype=torch.float64)")
            chosen = "chosen = torch.searchsorted(shares.cumsum(0), rng.random((n,)), right=True)"
        return "\n".join(lines) + "\n\n" + SAMPLER.format(chosen=chosen, axes=parts.centers.shape[1])

    @property
    def extent(self) -> Extent:
        """Return a square that holds every component to four standard deviations, with room around narrow ones."""
        return _made(self)[2]

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Return ``n`` samples: a component drawn by its weight, and its noise."""
        parts = _components(self)
        if np.ptp(parts.weights) == 0:
            chosen = rng.integers(0, len(parts.weights), n)
        else:
            shares = np.cumsum(parts.weights)
            chosen = np.searchsorted(shares / shares[-1], rng.random(n), side="right")
        samples = np.take(parts.scales, chosen, axis=0)
        samples *= rng.standard_normal((n, parts.centers.shape[1]), dtype=np.float32)
        samples += np.take(parts.centers, chosen, axis=0)
        return samples.astype(np.float32)

    def density(self, points: NDArray[np.float64], bandwidth: float = 0.0) -> NDArray[np.float64] | None:
        """Return the exact density; smoothing by N(0, h² I) widens every component."""
        parts = _components(self)
        variances = parts.scales**2 + bandwidth**2
        if np.any(variances == 0):
            return None
        axes = range(parts.centers.shape[1])
        factors = parts.weights / ((2 * np.pi) ** (len(axes) / 2) * np.sqrt(variances).prod(1))
        found = np.empty(len(points))
        rows = max(1, CHUNK // len(factors))
        for first in range(0, len(points), rows):
            # Axis by axis and in place: four times as fast as one array of both axes, and the same to a bit.
            exponents, *others = (
                (points[first : first + rows, axis, None] - parts.centers[:, axis]) ** 2 / variances[:, axis]
                for axis in axes
            )
            for other in others:
                exponents += other
            exponents *= -0.5
            found[first : first + rows] = np.exp(exponents, out=exponents) @ factors
        return found


class AbstractModalMixture(AbstractMixture):
    """A mixture whose components are the modes that a generator should find."""

    __slots__ = ()

    def modes(self) -> Modes | None:
        """Return the components."""
        return _components(self)


def equal_modes(centers: NDArray[np.float64], sigma: float) -> Modes:
    """Return modes of equal weight and width at ``centers`` ``[k, 2]`` (or ``[k, 1]``)."""
    k = len(centers)
    return Modes(centers, np.full(centers.shape, sigma), np.full(k, 1 / k))

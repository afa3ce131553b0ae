"""Data along curves: fine mixtures of Gaussians on the curve, so that their density is exact."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.data.base import Modes
from ganviz.data.mixture import AbstractMixture, equal_modes
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

POINTS = 200
_ARM_POINTS = 80
_WIDTH_HELP = "Standard deviation of the samples around the curve."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(AbstractMixture):
    """A straight line through the origin."""

    key: ClassVar[str] = "line"
    title: ClassVar[str] = "Line"
    help: ClassVar[str] = "Samples along a straight line: the simplest thing to learn."

    length: float = param(4.0, "Length", "Length of the line.", low=0, high=100, open_low=True)
    angle: float = param(30.0, "Angle", "Rotation against the x axis.", low=-180, high=180, unit="°")
    sigma: float = param(0.05, "Width σ", _WIDTH_HELP, low=0, high=10, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians along the line."""
        along = self.length * (np.arange(POINTS) / (POINTS - 1) - 0.5)
        angle = math.radians(self.angle)
        return equal_modes(np.outer(along, [math.cos(angle), math.sin(angle)]), self.sigma)

    def centers_script(self) -> str:
        """Return points along the line."""
        return (
            f"along = {self.length} * (torch.arange({POINTS}).double() / {POINTS - 1} - 0.5)\n"
            f"angle = math.radians({self.angle})\n"
            "centers = torch.stack([along * math.cos(angle), along * math.sin(angle)], 1)"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle(AbstractMixture):
    """A circle around the origin."""

    key: ClassVar[str] = "circle"
    title: ClassVar[str] = "Circle"
    help: ClassVar[str] = "Samples on a circle: the generator has to bend a sheet until its ends meet."

    radius: float = param(2.0, "Radius", "Radius of the circle.", low=0, high=100, open_low=True)
    sigma: float = param(0.05, "Width σ", _WIDTH_HELP, low=0, high=10, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians around the circle."""
        angles = 2 * math.pi * np.arange(POINTS) / POINTS
        return equal_modes(self.radius * np.stack([np.cos(angles), np.sin(angles)], axis=1), self.sigma)

    def centers_script(self) -> str:
        """Return points around the circle."""
        return (
            f"angles = 2 * math.pi * torch.arange({POINTS}).double() / {POINTS}\n"
            f"centers = {self.radius} * torch.stack([angles.cos(), angles.sin()], 1)"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoRings(AbstractMixture):
    """Two concentric circles, half of the samples on each (scikit-learn's ``make_circles``)."""

    key: ClassVar[str] = "two_rings"
    title: ClassVar[str] = "Two rings"
    help: ClassVar[str] = "Two concentric circles: a hole, a gap, and a piece inside another."

    radius: float = param(2.0, "Radius", "Radius of the outer circle.", low=0, high=100, open_low=True)
    inner: float = param(
        0.5, "Inner", "Radius of the inner circle as a part of the outer one.", low=0, high=1
    )
    sigma: float = param(0.08, "Width σ", _WIDTH_HELP, low=0, high=10, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians around both circles."""
        angles = 2 * math.pi * np.arange(POINTS) / POINTS
        outer = self.radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return equal_modes(np.concatenate([outer, self.inner * outer]), self.sigma)

    def centers_script(self) -> str:
        """Return points around both circles."""
        return (
            f"angles = 2 * math.pi * torch.arange({POINTS}).double() / {POINTS}\n"
            f"outer = {self.radius} * torch.stack([angles.cos(), angles.sin()], 1)\n"
            f"centers = torch.cat([outer, {self.inner} * outer])"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoMoons(AbstractMixture):
    """Two interleaved half circles."""

    key: ClassVar[str] = "two_moons"
    title: ClassVar[str] = "Two moons"
    help: ClassVar[str] = "Two interleaved half circles: separate pieces with a bridge to resist."

    radius: float = param(1.5, "Radius", "Radius of both half circles.", low=0, high=100, open_low=True)
    sigma: float = param(0.08, "Width σ", _WIDTH_HELP, low=0, high=10, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians along both moons, centered on the origin."""
        angles = math.pi * np.arange(POINTS // 2) / (POINTS // 2 - 1)
        upper = np.stack([np.cos(angles) - 0.5, np.sin(angles) - 0.25], axis=1)
        return equal_modes(self.radius * np.concatenate([upper, -upper]), self.sigma)

    def centers_script(self) -> str:
        """Return points along both moons."""
        return (
            f"angles = math.pi * torch.arange({POINTS // 2}).double() / {POINTS // 2 - 1}\n"
            "upper = torch.stack([angles.cos() - 0.5, angles.sin() - 0.25], 1)\n"
            f"centers = {self.radius} * torch.cat([upper, -upper])"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spiral(AbstractMixture):
    """An Archimedean spiral, evenly filled along its length."""

    key: ClassVar[str] = "spiral"
    title: ClassVar[str] = "Spiral"
    help: ClassVar[str] = "Samples along a spiral: long, thin and curled, slow to learn."

    turns: float = param(1.5, "Turns", "Revolutions of the arm.", low=0.1, high=6)
    radius: float = param(2.5, "Radius", "How far from the origin it ends.", low=0, high=100, open_low=True)
    sigma: float = param(0.05, "Width σ", _WIDTH_HELP, low=0, high=10, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians along the arm."""
        fine = np.linspace(0.08, 1.0, 20 * POINTS)
        angles = 2 * math.pi * self.turns * fine
        arm = self.radius * fine[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return equal_modes(_evenly(arm, POINTS), self.sigma)

    def centers_script(self) -> str:
        """Return points at equal distances along the arm."""
        return (
            f"fine = torch.linspace(0.08, 1, {20 * POINTS}, dtype=torch.float64)\n"
            f"angles = 2 * math.pi * {self.turns} * fine\n"
            f"arm = {self.radius} * fine[:, None] * torch.stack([angles.cos(), angles.sin()], 1)\n"
            "lengths = F.pad(arm.diff(dim=0).norm(dim=1).cumsum(0), (1, 0))  # from the start to each point\n"
            f"at = torch.linspace(0, lengths[-1].item(), {POINTS}, dtype=torch.float64)\n"
            "i = torch.searchsorted(lengths, at).clamp(min=1)\n"
            "share = (at - lengths[i - 1]) / (lengths[i] - lengths[i - 1])\n"
            "centers = torch.lerp(arm[i - 1], arm[i], share[:, None])"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SwissRoll(AbstractMixture):
    """The plane section of scikit-learn's ``make_swiss_roll``, as in Gulrajani et al. 2017 (arXiv 1704.00028).

    The angle runs evenly from 3π/2 to 9π/2 and the radius in proportion, so the inner turns are denser.
    """

    key: ClassVar[str] = "swiss_roll"
    title: ClassVar[str] = "Swiss roll"
    help: ClassVar[str] = "A rolled-up sheet, denser inside: the generator has to unroll it or tear."

    radius: float = param(2.5, "Radius", "How far from the origin it ends.", low=0, high=100, open_low=True)
    sigma: float = param(0.05, "Width σ", _WIDTH_HELP, low=0, high=10, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians along the roll, twice as many as elsewhere: the outer ones lie far apart."""
        angles = 1.5 * math.pi * (1 + 2 * np.linspace(0, 1, 2 * POINTS))
        roll = angles[:, None] / (4.5 * math.pi) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return equal_modes(self.radius * roll, self.sigma)

    def centers_script(self) -> str:
        """Return points along the roll."""
        return (
            f"angles = 1.5 * math.pi * (1 + 2 * torch.linspace(0, 1, {2 * POINTS}, dtype=torch.float64))\n"
            f"reach = {self.radius} * angles[:, None] / (4.5 * math.pi)\n"
            "centers = reach * torch.stack([angles.cos(), angles.sin()], 1)"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinwheel(AbstractMixture):
    """Arms that turn as they reach outward: Johnson et al. 2016 (arXiv 1603.06277), there 5 arms at radius 1."""

    key: ClassVar[str] = "pinwheel"
    title: ClassVar[str] = "Pinwheel"
    help: ClassVar[str] = "Bent arms around a hub: separate pieces, none of which is a Gaussian."

    arms: int = param(5, "Arms", "How many arms.", low=1, high=16)
    radius: float = param(
        1.8, "Radius", "Distance of the arms' middles from the hub.", low=0, high=100, open_low=True
    )
    sigma: float = param(0.1, "Width σ", _WIDTH_HELP, low=0, high=10, open_low=True, log=True)

    def components(self) -> Modes:
        """Return the Gaussians along the arms, at equal quantiles of the radii outward."""
        out = np.array(_radii())
        angles = 2 * math.pi * np.arange(self.arms)[:, None] / self.arms + 0.25 * np.exp(out)
        arms = self.radius * out[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
        return equal_modes(arms.reshape(-1, 2), self.sigma)

    def centers_script(self) -> str:
        """Return points along the arms; the quantiles of the radii are numbers."""
        out = _radii()
        rows = ",\n    ".join(", ".join(map(repr, out[i : i + 5])) for i in range(0, _ARM_POINTS, 5))
        return (
            f"out = torch.tensor([  # quantiles of N(1, 0.3^2)\n    {rows},\n], dtype=torch.float64)\n"
            f"angles = 2 * math.pi * torch.arange({self.arms})[:, None] / {self.arms} + 0.25 * out.exp()\n"
            f"arms = {self.radius} * out[:, None] * torch.stack([angles.cos(), angles.sin()], -1)\n"
            "centers = arms.reshape(-1, 2)"
        )


def _radii() -> list[float]:
    """Return points along an arm: equal quantiles of N(1, 0.3²)."""
    from statistics import NormalDist  # decimals and fractions, which no start needs

    return [NormalDist(1, 0.3).inv_cdf((i + 0.5) / _ARM_POINTS) for i in range(_ARM_POINTS)]


def _evenly(curve: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Return ``n`` points at equal distances along a finely sampled curve."""
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    at = np.linspace(0, lengths[-1], n)
    return np.stack([np.interp(at, lengths, curve[:, axis]) for axis in range(2)], axis=1)

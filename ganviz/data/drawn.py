"""Points drawn by the person."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ganviz.data.base import Modes
from ganviz.data.mixture import AbstractMixture, equal_modes
from ganviz.spec import InvalidValueError, param
from ganviz.spec.frozen import dataclass

MAX_POINTS = 20_000
_HEART = tuple(
    (
        round(1.6 * float(np.sin(t)) ** 3, 3),
        round(1.3 * float(np.cos(t)) - 0.5 * float(np.cos(2 * t)) - 0.2 * float(np.cos(3 * t)) + 0.2, 3),
    )
    for t in np.linspace(0, 2 * np.pi, 60, endpoint=False)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn(AbstractMixture):
    """A narrow Gaussian on every drawn point."""

    key: ClassVar[str] = "drawn"
    title: ClassVar[str] = "Draw your own"
    help: ClassVar[str] = "Points that you draw in the plane, each a narrow Gaussian."

    points: tuple[tuple[float, float], ...] = param(
        _HEART, "Points", "Drawn with the mouse; every point is the center of a Gaussian.",
        low=-1000, high=1000, editor="points",
    )  # fmt: skip
    sigma: float = param(
        0.05, "Width σ", "Standard deviation around each point.", low=0, high=10, open_low=True, log=True
    )

    def __post_init__(self) -> None:
        super(AbstractMixture, self).__post_init__()
        if not 1 <= len(self.points) <= MAX_POINTS:
            raise InvalidValueError(
                f"A drawing has between 1 and {MAX_POINTS} points, not {len(self.points)}."
            )

    def components(self) -> Modes:
        """Return the Gaussians."""
        return equal_modes(np.array(self.points, dtype=np.float64), self.sigma)

"""The discriminator's surface over the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganviz.data.base import Extent
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class Surface(Reading):
    """Raw scores ``[lanes, rows, columns]`` at cell centers; row 0 is y_min, column 0 is x_min."""

    scores: FloatArray
    extent: Extent


@dataclass(frozen=True, slots=True)
class SurfaceProbe(AbstractProbe):
    """D on a square grid over the extent."""

    resolution: int = 64

    def supports(self, config: RunConfig) -> bool:
        """Return whether samples are points in the plane."""
        return not config.distribution.is_image

    def measure(self, subject: Subject) -> Surface:
        """Return the surface at this step."""
        raise NotImplementedError

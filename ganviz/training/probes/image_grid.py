"""Generated and real images with their scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class ImageGrid(Reading):
    """``generated`` ``[lanes, n, 28, 28]`` with ``generated_scores`` ``[lanes, n]``; ``real`` ``[n, 28, 28]`` with
    ``real_scores`` ``[lanes, n]``. Pixels lie in -1 … 1; scores are raw.
    """

    generated: FloatArray
    generated_scores: FloatArray
    real: FloatArray
    real_scores: FloatArray


@dataclass(frozen=True, slots=True)
class ImageGridProbe(AbstractProbe):
    """``n`` fixed latents and ``n`` fixed real images."""

    n: int = 36

    def supports(self, config: RunConfig) -> bool:
        """Return whether samples are images."""
        return config.distribution.is_image

    def measure(self, subject: Subject) -> ImageGrid:
        """Return the images at this step."""
        raise NotImplementedError

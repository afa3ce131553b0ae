"""Generated and real images with their scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class ImageGrid(Reading):
    """Images of the generator and of the data, and what D says of each.

    ``generated`` is ``[lanes, n, channels, height, width]`` with ``generated_scores`` ``[lanes, n]``; ``real`` lacks
    lanes, with ``real_scores`` ``[lanes, n]``. Pixels lie in -1 … 1; scores are raw.
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
        return config.distribution.kind.name == "image"

    def measure(self, subject: Subject) -> ImageGrid:
        """Return the images at this step."""
        import torch

        real, packing = subject.real(self.n), subject.config.training.packing
        with torch.no_grad():
            generated = subject.generator(subject.latents(self.n))
            shown = torch.from_numpy(real).to(subject.device).expand(subject.n_lanes, *real.shape)
            scores = [
                subject.scores(images, number).repeat_interleave(packing, 1).float().cpu().numpy()
                for number, images in ((1, generated), (0, shown))
            ]
        return ImageGrid(generated.float().cpu().numpy(), scores[0], real, scores[1])

"""Generated points of several seeds of each lane, for small planes beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ganviz.data.base import Extent
from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject

if TYPE_CHECKING:
    from ganviz.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class SeedSamples(Reading):
    """``generated`` is ``[lanes, seeds shown, n, 2]``, of the first seeds; ``n_seeds`` is how many there are."""

    generated: FloatArray
    n_seeds: int
    extent: Extent


@dataclass(frozen=True, slots=True)
class SeedSamplesProbe(AbstractProbe):
    """``n`` points of each of the first seeds, of at most ``most`` pairs of networks."""

    min_interval_s: ClassVar[float] = 0.2

    n: int = 150
    most: int = 16

    def supports(self, config: RunConfig) -> bool:
        """Return whether samples are points in the plane."""
        return config.distribution.kind.name == "plane"

    def measure(self, subject: Subject) -> SeedSamples:
        """Return the points at this step."""
        shown = min(subject.n_seeds, max(1, self.most // subject.n_lanes))
        seeds = [subject] if subject.seeds is None else [subject.seeds.subject(i) for i in range(shown)]
        found = [one.generator(one.latents(self.n)).detach().cpu().numpy() for one in seeds]
        return SeedSamples(np.stack(found, axis=1), subject.n_seeds, subject.config.distribution.extent)

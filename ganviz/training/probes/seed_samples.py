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
    """Points of some seeds beside each other.

    Attributes
    ----------
    generated : ndarray
        ``[lanes, seeds shown, n, 2]``.
    n_seeds : int
        How many there are.
    extent : Extent
    first : int
        The place of the first one shown, 0 to ``n_seeds`` - seeds shown.
    """

    generated: FloatArray
    n_seeds: int
    extent: Extent
    first: int = 0


@dataclass(frozen=True, slots=True)
class SeedSamplesProbe(AbstractProbe):
    """``n`` points of each seed from number ``first`` on, of at most ``most`` pairs of networks."""

    min_interval_s: ClassVar[float] = 0.2

    n: int = 150
    most: int = 16
    first: int = 0

    def supports(self, config: RunConfig) -> bool:
        """Return whether samples are points in the plane."""
        return config.distribution.kind.name == "plane"

    def measure(self, subject: Subject) -> SeedSamples:
        """Return the points at this step."""
        shown = min(subject.n_seeds, max(1, self.most // subject.n_lanes))
        first = min(self.first, subject.n_seeds - shown)
        seeds = (
            [subject]
            if subject.seeds is None
            else [subject.seeds.subject(i) for i in range(first, first + shown)]
        )
        found = [one.generator(one.latents(self.n)).detach().cpu().numpy() for one in seeds]
        extent = subject.config.distribution.extent
        return SeedSamples(np.stack(found, axis=1), subject.n_seeds, extent, first)

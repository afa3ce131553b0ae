"""Real and generated samples."""

from __future__ import annotations

from typing import ClassVar

from ganviz.spec.frozen import dataclass
from ganviz.training.probes.base import AbstractProbe, FloatArray, Reading, Subject


@dataclass(frozen=True, slots=True)
class Samples(Reading):
    """``real`` is ``[n, *shape]`` (shared by all lanes), ``generated`` ``[lanes, n, *shape]``."""

    real: FloatArray
    generated: FloatArray


@dataclass(frozen=True, slots=True)
class SamplesProbe(AbstractProbe):
    """``n`` fixed real samples and ``n`` samples generated from fixed latents."""

    n: int = 500

    def measure(self, subject: Subject) -> Samples:
        """Return the samples at this step."""
        generated = subject.generator(subject.latents(self.n))
        return Samples(subject.real(self.n), generated.detach().cpu().numpy())


@dataclass(frozen=True, slots=True)
class EarlierSamples(Reading):
    """Samples, as of :class:`Samples`, at the keyframe of step ``at_step``: its lanes may not be those of now."""

    real: FloatArray
    generated: FloatArray
    at_step: int


@dataclass(frozen=True, slots=True)
class EarlierSamplesProbe(AbstractProbe):
    """``n`` samples as of :class:`SamplesProbe` at the keyframe at or before ``of_step``, whatever one looks at."""

    min_interval_s: ClassVar[float] = 0.5

    of_step: int = 0
    n: int = 160

    def measure(self, subject: Subject) -> EarlierSamples:
        """Return the samples at that keyframe; those of the subject itself where nothing earlier is known."""
        earlier = subject if subject.earlier is None else subject.earlier(self.of_step)
        found = SamplesProbe(self.n).measure(earlier)
        return EarlierSamples(found.real, found.generated, earlier.step)

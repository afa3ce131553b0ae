"""Real and generated samples."""

from __future__ import annotations

from dataclasses import dataclass

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

"""The initializations that papers and libraries use."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from ganviz.networks.initializations.base import AbstractInitialization, FloatArray
from ganviz.spec.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform(AbstractInitialization):
    """PyTorch's default for a linear layer, weights and bias alike."""

    key: ClassVar[str] = "uniform"
    title: ClassVar[str] = "Uniform"
    reference: ClassVar[str] = "torch.nn.Linear"
    formula: ClassVar[str] = "U(±1/√n<sub>in</sub>)"
    drawn: ClassVar[str] = (
        "bound = 1 / math.sqrt(n_in)\n"
        "weights = rng.uniform(-bound, bound, (n_in, n_out))\n"
        "bias = rng.uniform(-bound, bound, (n_out,))"
    )

    def weights(self, n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
        """Draw from U(±1/√n_in)."""
        bound = 1.0 / math.sqrt(n_in)
        return rng.uniform(-bound, bound, (n_in, n_out))

    def bias(self, n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
        """Draw from the same."""
        bound = 1.0 / math.sqrt(n_in)
        return rng.uniform(-bound, bound, n_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class He(AbstractInitialization):
    """Keeps the variance through layers of rectifiers."""

    key: ClassVar[str] = "he"
    title: ClassVar[str] = "He"
    reference: ClassVar[str] = "He et al. 2015"
    formula: ClassVar[str] = "N(0, 2/n<sub>in</sub>)"
    drawn: ClassVar[str] = "weights = rng.standard_normal((n_in, n_out)) * math.sqrt(2 / n_in)"

    def weights(self, n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
        """Draw from N(0, 2/n_in)."""
        return rng.standard_normal((n_in, n_out)) * math.sqrt(2.0 / n_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class Xavier(AbstractInitialization):
    """Keeps the variance both ways through layers that are linear around 0."""

    key: ClassVar[str] = "xavier"
    title: ClassVar[str] = "Xavier"
    reference: ClassVar[str] = "Glorot & Bengio 2010"
    formula: ClassVar[str] = "U(±√(6/(n<sub>in</sub> + n<sub>out</sub>)))"
    drawn: ClassVar[str] = (
        "bound = math.sqrt(6 / (n_in + n_out))\nweights = rng.uniform(-bound, bound, (n_in, n_out))"
    )

    def weights(self, n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
        """Draw uniformly with variance 2/(n_in + n_out)."""
        bound = math.sqrt(6.0 / (n_in + n_out))
        return rng.uniform(-bound, bound, (n_in, n_out))


@dataclass(frozen=True, slots=True, kw_only=True)
class Orthogonal(AbstractInitialization):
    """Orthonormal rows or columns, times 0.8 (the gain of Metz et al. 2017)."""

    key: ClassVar[str] = "orthogonal"
    title: ClassVar[str] = "Orthogonal"
    reference: ClassVar[str] = "Saxe et al. 2014"
    formula: ClassVar[str] = "0.8 Q"
    drawn: ClassVar[str] = (
        "tall = rng.standard_normal((max(n_in, n_out), min(n_in, n_out)))\n"
        "q, r = torch.linalg.qr(tall)\n"
        "q = q * r.diag().sign()\n"
        "weights = 0.8 * (q if n_in >= n_out else q.T)"
    )

    def weights(self, n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
        """Draw a random matrix whose shorter side is orthonormal, times the gain."""
        return 0.8 * orthogonal(n_in, n_out, rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallNormal(AbstractInitialization):
    """Small normal weights, whatever the layer's size."""

    key: ClassVar[str] = "small_normal"
    title: ClassVar[str] = "Small normal"
    reference: ClassVar[str] = "Radford et al. 2016"
    formula: ClassVar[str] = "N(0, 0.02²)"
    drawn: ClassVar[str] = "weights = 0.02 * rng.standard_normal((n_in, n_out))"

    def weights(self, n_in: int, n_out: int, rng: np.random.Generator) -> FloatArray:
        """Draw with a standard deviation of 0.02."""
        return rng.standard_normal((n_in, n_out)) * 0.02


def orthogonal(rows: int, columns: int, rng: np.random.Generator) -> FloatArray:
    """Return a random matrix whose shorter side is orthonormal."""
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))
    return np.ascontiguousarray(q if rows >= columns else q.T)

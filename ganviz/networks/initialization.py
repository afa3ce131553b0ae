"""First weights, drawn with NumPy so that they are the same on every device."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def linear_weights(
    kind: str, n_in: int, n_out: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return a weight matrix ``[n_in, n_out]`` and a bias ``[n_out]``.

    ``kind`` is "uniform" (both U(±1/√n_in), PyTorch's default for a linear layer), or, with zero bias, "he"
    (normal, variance 2/n_in; He et al. 2015), "xavier" (uniform, variance 2/(n_in + n_out); Glorot & Bengio 2010),
    "orthogonal" (gain 0.8; Saxe et al. 2014, the gain of Metz et al. 2017) or "small_normal" (s.d. 0.02; Radford et
    al. 2016).
    """
    if kind == "uniform":
        bound = 1.0 / math.sqrt(n_in)
        return rng.uniform(-bound, bound, (n_in, n_out)), rng.uniform(-bound, bound, n_out)
    if kind == "he":
        weights = rng.standard_normal((n_in, n_out)) * math.sqrt(2.0 / n_in)
    elif kind == "xavier":
        bound = math.sqrt(6.0 / (n_in + n_out))
        weights = rng.uniform(-bound, bound, (n_in, n_out))
    elif kind == "orthogonal":
        weights = 0.8 * orthogonal(n_in, n_out, rng)
    elif kind == "small_normal":
        weights = rng.standard_normal((n_in, n_out)) * 0.02
    else:
        raise ValueError(f"unknown initialization {kind!r}")
    return weights, np.zeros(n_out)


def orthogonal(rows: int, columns: int, rng: np.random.Generator) -> FloatArray:
    """Return a random matrix whose shorter side is orthonormal."""
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))
    return np.ascontiguousarray(q if rows >= columns else q.T)

"""Large matrix products on a CPU, by oneDNN.

The BLAS that torch multiplies with leaves the widest instructions of AMD processors unused. Where these work on all of
their 512 bits at once, oneDNN, which torch brings along, takes half the time, as soon as a product is large enough for
its slower beginning. Where they take them in halves it gains nothing, and its results have to be copied; of Intel's
processors the BLAS, Intel's too, uses all. Plain, no product is large.
"""

from __future__ import annotations

import platform
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ganviz.kernels import switch

LARGE = 1 << 21
"""Multiplications in one lane from which on oneDNN is faster."""
WHOLE_WIDTH = 26
"""AMD's family of processors that first work on 512 bits at once: Zen 5. On Zen 4 a step took a quarter longer."""


def is_large(x: Tensor, weight: Tensor) -> bool:
    """Return whether x W, ``[…, n, n_in]`` and ``[…, n_in, n_out]``, is to be computed here."""
    if switch.PLAIN:
        return False
    n_multiplications = x.shape[-2] * weight.shape[-2] * weight.shape[-1]
    return n_multiplications >= LARGE and x.is_cpu and x.dtype == torch.float32 and _has_unused_width()


@lru_cache(maxsize=1)
def _has_unused_width() -> bool:
    """Return whether the processor has AVX-512, the BLAS does not use it, and torch has the function."""
    has_function = hasattr(torch.ops.mkldnn, "_linear_pointwise")
    has_instructions = torch.backends.cpu.get_cpu_capability() == "AVX512"
    return has_function and has_instructions and _amd_family(_about_processor()) >= WHOLE_WIDTH


def _about_processor() -> str:
    """Return what the system says of its first processor."""
    if platform.system() != "Linux":
        return platform.processor()
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
    except OSError:
        return ""


def _amd_family(about: str) -> int:
    """Return the family of a processor of AMD, 0 of another one."""
    found = re.search(r"\bfamily\b[\s:]*(\d+)", about, re.IGNORECASE)
    return int(found[1]) if found and "AuthenticAMD" in about else 0


def multiply(a: Tensor, b: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return a b + bias of matrices; it is not differentiable. The bias has to lie without gaps."""
    result: Tensor = torch.ops.mkldnn._linear_pointwise(a, b.mT, bias, "none", [], "")
    return result


def put_product(out: Tensor, a: Tensor, b: Tensor, bias: Tensor | None = None) -> None:
    """Write a b + bias of matrices."""
    out.copy_(multiply(a, b, bias))


def affine(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return x W + b, with a lane axis or without; it can be differentiated as often as one likes."""
    result: Tensor = _Affine.apply(x, weight, bias)  # type: ignore[no-untyped-call]
    return result


def _product(a: Tensor, b: Tensor) -> Tensor:
    result: Tensor = _Product.apply(a, b)  # type: ignore[no-untyped-call]
    return result


def _by_lane(*tensors: Tensor) -> Tensor:
    if tensors[0].dim() == 2:
        return multiply(*tensors)
    lanes = [multiply(*lane) for lane in zip(*(t.unbind() for t in tensors), strict=True)]
    return torch.stack(lanes) if len(lanes) > 1 else lanes[0].unsqueeze(0)


class _Affine(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return _by_lane(x, weight, bias)

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor | None, ...]:
        (slope,), (x, weight) = slopes, ctx.saved_tensors
        to_x, to_weight, to_bias = ctx.needs_input_grad
        return (
            _product(slope, weight.mT) if to_x else None,
            _product(x.mT, slope) if to_weight else None,
            slope.sum(-2) if to_bias else None,
        )


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor) -> Tensor:
        ctx.save_for_backward(a, b)
        return _by_lane(a, b)

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor | None, ...]:
        (slope,), (a, b) = slopes, ctx.saved_tensors
        to_a, to_b = ctx.needs_input_grad
        return (_product(slope, b.mT) if to_a else None, _product(a.mT, slope) if to_b else None)

"""The slope of max(t - threshold, 0).

Fast, it is one call of what autograd calls. Plain, it is a comparison and a product; the results are equal to the bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganviz.kernels import switch
from ganviz.kernels.constants import constant

if TYPE_CHECKING:
    from torch import Tensor


def threshold_slope(t: Tensor, threshold: float = 0.0, factor: float = 1.0) -> Tensor:
    """Return ``factor`` where t is above the threshold, or no number, and 0 elsewhere, as autograd does."""
    import torch

    if switch.PLAIN:
        return (t <= threshold).logical_not().to(t.dtype) * factor
    given = constant(factor, t.shape, t.dtype, t.device)
    slope: Tensor = torch.ops.aten.threshold_backward.default._op(given, t, threshold)
    return slope

"""Slopes above a threshold are autograd's of relu, also where there is no number."""

import pytest
import torch

from ganviz.kernels.thresholds import threshold_slope


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(("threshold", "factor"), [(0.0, 1.0), (-1.0, -1.0), (1.0, 2.5)])
def test_both_are_the_slope_of_relu(both, threshold, factor, dtype):
    at = [-1e30, -1.0, -0.5, 0.0, 1.0, 1.0000001, 3.0, torch.inf, -torch.inf, torch.nan]
    t = torch.tensor([at, at[::-1]], dtype=dtype)
    fast, plain = both(lambda: threshold_slope(t, threshold, factor))
    leaf = t.clone().requires_grad_()
    (slope,) = torch.autograd.grad((leaf - threshold).relu().sum() * factor, leaf)
    assert torch.equal(fast, slope)
    assert torch.equal(plain, fast)

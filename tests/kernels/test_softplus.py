"""The slope of softplus is σ, and both forms give it to the same bit."""

import pytest
import torch

from ganviz.kernels.softplus import softplus_slope


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("factor", [1.0, -1.0, 0.9])
def test_both_are_sigma(both, dtype, factor):
    t = torch.linspace(-80, 80, 3201, dtype=torch.float64).to(dtype)
    fast, plain = both(lambda: softplus_slope(t, factor))
    eps = torch.finfo(dtype).eps
    exact = factor / (1 + torch.exp(-t.double()))
    for found in (fast, plain):
        torch.testing.assert_close(found.double(), exact, rtol=8 * eps, atol=0)
    assert torch.equal(fast, plain)

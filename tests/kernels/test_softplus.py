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


@pytest.mark.parametrize("factor", [1.0, -0.7])
def test_both_can_be_differentiated(both, factor):
    t = torch.linspace(-30, 30, 301, dtype=torch.float64)

    def derivative():
        leaf = t.clone().requires_grad_()
        return torch.autograd.grad(softplus_slope(2 * leaf, factor).sum(), leaf)[0]

    exact = 2 * factor * torch.sigmoid(2 * t) * torch.sigmoid(-2 * t)
    for found in both(derivative):
        torch.testing.assert_close(found, exact, rtol=1e-12, atol=1e-15)


def test_neither_leaves_a_graph_where_none_is_wanted(both):
    for found in both(lambda: softplus_slope(torch.zeros(3))):
        assert not found.requires_grad

"""Activations in place and the way back through them: the formulas, and what autograd gives."""

import pytest
import torch
from torch.nn import functional as F

from ganviz.kernels.activations import LEAKY_SLOPE, activate, curve, unwind
from ganviz.kernels.program import run

FUNCTIONS = {
    "leaky_relu": lambda t: F.leaky_relu(t, LEAKY_SLOPE), "relu": torch.relu, "tanh": torch.tanh, "": torch.clone,
}  # fmt: skip


def some(seed):
    t = torch.randn(3, 7, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    t[0, 0, :2] = 0
    return t


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_values_and_slopes(both, kind):
    x, delta = some(0).requires_grad_(), some(1)
    value = FUNCTIONS[kind](x)
    (slope,) = torch.autograd.grad(value, x, delta)

    def there_and_back(is_in_place):
        h, given = x.detach().clone(), delta.clone()
        out = given if is_in_place else torch.full_like(given, torch.nan)
        run(activate(kind, h))
        run(unwind(kind, given, h, out))
        return h, out

    for is_in_place in (True, False):
        for h, out in both(lambda: there_and_back(is_in_place)):  # noqa: B023
            torch.testing.assert_close(h, value.detach(), rtol=1e-14, atol=1e-16)
            torch.testing.assert_close(out, slope, rtol=1e-13, atol=1e-15)


def test_the_curvature_of_tanh(both):
    """σ''(a) c d, where the slopes d that are handed over have σ' inside."""
    a, change, above = some(2).requires_grad_(), some(3), some(4)
    (first,) = torch.autograd.grad(a.tanh().sum(), a, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), a)
    h = a.detach().tanh()
    delta = first.detach() * above

    def work():
        out = torch.empty_like(h)
        run(curve(change, h, delta, out))
        return out

    for found in both(work):
        torch.testing.assert_close(found, second * change * above, rtol=1e-12, atol=1e-14)

"""Activations and the way back through them: the formulas, and what autograd gives."""

import pytest
import torch

from ganviz.kernels.activations import BESIDE, CURVED, KINDS, activate, curve, unwind
from ganviz.kernels.program import run
from ganviz.networks.activations import ACTIVATIONS


def function_of(kind):
    return ACTIVATIONS[kind]().value if kind else torch.clone


def some(seed, size=1.0):
    t = torch.randn(3, 7, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    t[0, 0, :2] = 0
    return t * size


def applied(kind, x):
    """Return what is kept of a layer's sums, and the result."""
    kept = x.detach().clone()
    h = torch.full_like(kept, torch.nan) if kind in BESIDE else kept
    run(activate(kind, kept, h))
    return kept, h


def test_every_activation_has_a_kernel():
    assert set(KINDS) == {*ACTIVATIONS, ""}


@pytest.mark.parametrize("size", [1.0, 100.0])
@pytest.mark.parametrize("kind", KINDS)
def test_values_and_slopes(both, kind, size):
    x, delta = some(0, size).requires_grad_(), some(1)
    value = function_of(kind)(x)
    (slope,) = torch.autograd.grad(value, x, delta)

    def there_and_back(is_in_place):
        kept, h = applied(kind, x)
        given = delta.clone()
        out = given if is_in_place else torch.full_like(given, torch.nan)
        run(unwind(kind, given, kept, out))
        return h, out

    for is_in_place in (True, False):
        for h, out in both(lambda: there_and_back(is_in_place)):  # noqa: B023
            torch.testing.assert_close(h, value.detach(), rtol=1e-14, atol=1e-16)
            torch.testing.assert_close(out, slope, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", ["elu", "silu", "sine"])
def test_functions_are_those_that_torch_knows(kind):
    x = torch.tensor(
        [-800.0, -90.0, -20.0, -1.5, -1e-9, 0.0, 1e-9, 0.3, 2.0, 90.0, 800.0], dtype=torch.float64
    )
    expected = {"elu": torch.nn.functional.elu, "silu": torch.nn.functional.silu, "sine": torch.sin}[kind]
    for dtype, tolerance in ((torch.float64, 1e-13), (torch.float32, 1e-5)):
        mine, known = (t.requires_grad_() for t in (x.to(dtype), x.to(dtype)))
        values = function_of(kind)(mine), expected(known)
        torch.testing.assert_close(*values, rtol=tolerance, atol=tolerance)
        slopes = [
            torch.autograd.grad(value.sum(), at)[0] for value, at in zip(values, (mine, known), strict=True)
        ]
        torch.testing.assert_close(*slopes, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("kind", CURVED)
def test_curvature(both, kind):
    """σ''(a) c d, where the slopes d that are handed over have σ' inside."""
    a, change, above = some(2).requires_grad_(), some(3), some(4)
    (first,) = torch.autograd.grad(function_of(kind)(a).sum(), a, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), a)
    second = torch.where(a.detach() == 0, 0 if kind == "elu" else second, second)
    kept, _ = applied(kind, a)
    delta = first.detach() * above

    def work():
        out, untouched = torch.empty_like(kept), above.clone()
        run(curve(kind, change, kept, delta, untouched, out))
        assert torch.equal(untouched, above)
        return out

    for found in both(work):
        torch.testing.assert_close(found, second * change * above, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [5, 31, 77, 136])
def test_a_number_is_rounded_alike_wherever_it_stands(both, kind, size):
    """So that a lane does not depend on its neighbors, in the kernels and in what autograd differentiates."""
    alone = torch.randn(size, generator=torch.Generator().manual_seed(size))
    several = torch.cat([alone, alone, alone]).requires_grad_()

    def computed(x):
        kept, h = applied(kind, x)
        out, bent = torch.empty_like(kept), torch.zeros_like(kept)
        run(unwind(kind, torch.ones_like(kept), kept, out))
        if kind in CURVED:
            run(curve(kind, torch.ones_like(kept), kept, out, torch.ones_like(kept), bent))
        x = x.detach().requires_grad_()
        value = function_of(kind)(x)
        (slope,) = torch.autograd.grad(value.sum(), x)
        return h, out, bent, value.detach(), slope

    for one, many in zip(both(lambda: computed(alone)), both(lambda: computed(several)), strict=True):
        for a, b in zip(one, many, strict=True):
            assert torch.equal(a.repeat(3), b)

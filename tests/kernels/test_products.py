"""Programs of products: tiny, narrow, ordinary and large ones of one lane and of several are products."""

import itertools

import pytest
import torch

from ganviz.kernels import large_products
from ganviz.kernels.products import TINY, affine, input_slopes, sample_sums, weight_gradient
from ganviz.kernels.program import run

SIZES = [(n, a, b) for n, (a, b) in itertools.product((3, 40), ((1, 1), (2, 16), (16, 1), (16, 3), (16, 16)))]
assert min(n * a * b for n, a, b in SIZES) < TINY < max(n * a * b for n, a, b in SIZES)


def some(*shape, dtype=torch.float64):
    rng = torch.Generator().manual_seed(sum(shape))
    return torch.randn(shape, generator=rng, dtype=torch.float64).to(dtype)


def written(make, *shape, dtype=torch.float64):
    out = torch.full(shape, torch.nan, dtype=dtype)
    run(make(out))
    return out


def check(both, lead, n, a, b, dtype, tolerance):
    x, weight, delta = (some(*lead, *shape, dtype=dtype) for shape in ((n, a), (a, b), (n, b)))
    bias = some(*lead, 1, b, dtype=dtype) if lead else some(b, dtype=dtype)
    cases = (
        (x @ weight + bias, lambda out: affine(x, weight, bias, out)),
        (delta @ weight.mT, lambda out: input_slopes(delta, weight, out)),
        (x.mT @ delta, lambda out: weight_gradient(x, delta, out)),
        (delta.sum(-2), lambda out: sample_sums(delta, out)),
        (delta.sum(-2, keepdim=True), lambda out: sample_sums(delta, out)),
    )
    for right, make in cases:
        for found in both(lambda: written(make, *right.shape, dtype=dtype)):  # noqa: B023
            torch.testing.assert_close(found, right, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("n", "a", "b"), SIZES)
@pytest.mark.parametrize("lead", [(), (2,), (3,)], ids=["one lane", "two lanes", "three lanes"])
def test_both_forms_are_products(both, lead, n, a, b):
    check(both, lead, n, a, b, torch.float64, 1e-12)


@pytest.mark.skipif(
    not hasattr(torch.ops.mkldnn, "_linear_pointwise"), reason="this build of torch has no oneDNN"
)
@pytest.mark.parametrize("lead", [(), (3,)], ids=["one lane", "three lanes"])
def test_large_products_are_products(both, lead, monkeypatch):
    monkeypatch.setattr(large_products, "LARGE", 1)
    monkeypatch.setattr(large_products, "_has_unused_width", lambda: True)
    check(both, lead, 40, 16, 24, torch.float32, 2e-5)

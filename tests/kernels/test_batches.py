"""Lanes that are multiplied at once are each lane's own product, whatever the library does."""

import pytest
import torch

from ganviz.kernels import batches, linear, products
from ganviz.kernels.program import run

SHAPES = [
    (1, 256, 32),
    (64, 32, 1),
    (256, 1, 32),
    (2, 128, 32),
    (128, 32, 32),
    (150, 14, 14),
    (64, 2, 8),
    (7, 5, 3),
]


@pytest.fixture
def forget():
    """Try all shapes anew, before and after."""
    caches = batches._product_is_alike, batches._affine_is_alike
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.fixture
def otherwise(forget, monkeypatch):
    """Let the library round batches otherwise, in one bit."""
    for name in ("bmm", "baddbmm"):
        monkeypatch.setattr(torch, name, _rounded_otherwise(getattr(torch, name)))


def _rounded_otherwise(product):
    def other(*factors, out=None):
        error = 2**-22 if len(factors[-1]) > 1 else 0.0
        if out is None:
            return product(*factors) * (1 + error)
        return product(*factors, out=out).mul_(1 + error)

    return other


def of_lanes(n_lanes, *sizes):
    numbers = torch.Generator().manual_seed(3)
    return [torch.randn(n_lanes, *size, generator=numbers) for size in sizes]


def assert_each_lane_is_alone(build, given, out_sizes):
    n_lanes = len(given[0])
    together = torch.empty(n_lanes, *out_sizes)
    run(build(*given, together))
    for lane in range(n_lanes):
        alone = torch.empty(out_sizes)
        run(build(*(one[lane].clone() for one in given), alone))
        assert torch.equal(together[lane], alone)


@pytest.mark.parametrize("n_lanes", [2, 3, 16])
@pytest.mark.parametrize(("n", "n_in", "n_out"), SHAPES)
class TestEveryLaneIsAlone:
    def check(self, n_lanes, n, n_in, n_out):
        x, weight, delta = of_lanes(n_lanes, (n, n_in), (n_in, n_out), (n, n_out))
        (bias,) = of_lanes(n_lanes, (1, n_out))
        assert_each_lane_is_alone(products.input_slopes, (delta, weight), (n, n_in))
        assert_each_lane_is_alone(products.weight_gradient, (x, delta), (n_in, n_out))
        together = torch.empty(n_lanes, n, n_out)
        run(products.affine(x, weight, bias, together))
        for lane in range(n_lanes):
            alone = torch.empty(n, n_out)
            run(products.affine(x[lane].clone(), weight[lane].clone(), bias[lane, 0].clone(), alone))
            assert torch.equal(together[lane], alone)
        self.check_slopes(x, weight, bias.squeeze(1), delta)

    def check_slopes(self, *given):
        together = slopes(*given)
        for lane in range(len(given[0])):
            alone = slopes(*(one[lane : lane + 1].clone() for one in given))
            assert all(torch.equal(a[lane], b[0]) for a, b in zip(together, alone, strict=True))

    def test_with_the_library_of_this_machine(self, forget, n_lanes, n, n_in, n_out):
        self.check(n_lanes, n, n_in, n_out)

    def test_with_a_library_that_rounds_batches_otherwise(self, otherwise, n_lanes, n, n_in, n_out):
        self.check(n_lanes, n, n_in, n_out)


def slopes(x, weight, bias, delta):
    leaves = [one.clone().requires_grad_() for one in (x, weight, bias)]
    result = linear.affine(*leaves)
    return [result.detach(), *torch.autograd.grad(result, leaves, delta)]


def test_a_difference_of_one_bit_is_noticed(otherwise):
    x, weight, out = of_lanes(2, (8, 8), (8, 8), (8, 8))
    assert not batches.is_alike(out, x, weight)
    assert not batches.affine_is_alike(linear._batched, x, weight)


def test_a_shape_is_tried_once(forget):
    x, weight, out = of_lanes(2, (8, 8), (8, 8), (8, 8))
    for _ in range(3):
        batches.is_alike(out, x, weight)
        batches.affine_is_alike(linear._batched, x, weight)
    assert batches._product_is_alike.cache_info().misses == 1
    assert batches._affine_is_alike.cache_info().misses == 1

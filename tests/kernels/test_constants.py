"""Constants are what they say, and kept only where tricks are on."""

import pytest
import torch

from ganviz.kernels.constants import constant, doubled, scaled


def test_equal_numbers(both):
    for found in both(lambda: constant(0.7, (2, 3), torch.float64, torch.device("cpu"))):
        assert torch.equal(found, torch.full((2, 3), 0.7, dtype=torch.float64))


def test_kept_with_tricks_alone(both):
    fast, plain = both(lambda: [constant(0.3, (), torch.float32, torch.device("cpu")) for _ in range(2)])
    assert fast[0] is fast[1]
    assert plain[0] is not plain[1]


def test_made_in_inference_mode_they_can_be_followed(both):
    def slope():
        with torch.inference_mode():
            kept = constant(0.625, (), torch.float32, torch.device("cpu"))
        leaf = torch.ones(2, requires_grad=True)
        return torch.autograd.grad((leaf * leaf * kept).sum(), leaf)[0]

    for found in both(slope):
        assert torch.equal(found, torch.full((2,), 1.25))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("factor", [1 / 150, -0.7, 3.0])
def test_scaled_alike(both, factor, dtype):
    x = torch.randn(3, 33, generator=torch.Generator().manual_seed(0), dtype=dtype)
    fast, plain = both(lambda: scaled(x, factor))
    assert torch.equal(fast, x * factor)
    assert torch.equal(plain, fast)
    assert torch.equal(scaled(x, torch.tensor(2.0, dtype=dtype)), 2 * x)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_doubled_alike(both, dtype):
    x = torch.randn(3, 333, generator=torch.Generator().manual_seed(1), dtype=dtype)
    fast, plain = both(lambda: doubled(x, -1.0))
    assert torch.equal(fast, 2 * (x - 1))
    assert torch.equal(plain, fast)

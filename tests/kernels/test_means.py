"""Means of rows are the library's own to the bit, and so are their derivatives."""

import pytest
import torch

from ganviz.kernels.means import less_row_means, row_means


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("n", [1, 5, 32, 33, 128, 150, 1000])
@pytest.mark.parametrize("lanes", [1, 3])
def test_both_are_the_mean(both, lanes, n, dtype):
    x = 3 * torch.randn(lanes, n, generator=torch.Generator().manual_seed(n), dtype=dtype)
    fast, plain = both(lambda: row_means(x))
    assert torch.equal(fast, x.mean(-1, keepdim=True))
    assert torch.equal(plain, fast)
    fast, plain = both(lambda: less_row_means(x[:, : n // 2 + 1], x))
    assert torch.equal(fast, x[:, : n // 2 + 1] - x.mean(-1, keepdim=True))
    assert torch.equal(plain, fast)


def test_parts_of_rows(both):
    x = torch.randn(3, 64, generator=torch.Generator().manual_seed(1))[:, 32:]
    fast, plain = both(lambda: row_means(x))
    assert torch.equal(plain, fast)


@pytest.mark.parametrize("n", [7, 128])
def test_slopes(both, n):
    x = torch.randn(2, n, generator=torch.Generator().manual_seed(n), dtype=torch.float64)

    def slope():
        leaf = x.clone().requires_grad_()
        return torch.autograd.grad((row_means(leaf) ** 3).sum(), leaf)[0]

    fast, plain = both(slope)
    torch.testing.assert_close(fast, plain, rtol=1e-15, atol=0)
    torch.testing.assert_close(fast, 3 * x.mean(-1, keepdim=True).pow(2).expand(2, n) / n)

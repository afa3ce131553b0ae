"""Two batches in one tensor are what each is by itself."""

import pytest
import torch

from ganviz.kernels.means import less_row_means
from ganviz.kernels.pairs import less_each_others_means, turned


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(2, 32), (3, 2, 64), (2, 2, 33)])
def test_batches_side_by_side_are_those_apart(both, shape, dtype):
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=dtype)
    first, second = x.unbind(-2)

    def check():
        one, other = less_each_others_means(x).unbind(-2)
        assert torch.equal(one, less_row_means(first, second))
        assert torch.equal(other, less_row_means(second, first))
        for which in (0, 1):
            parts = turned(x, which).unbind(-2)
            assert torch.equal(parts[which], -x.select(-2, which))
            assert torch.equal(parts[1 - which], x.select(-2, 1 - which))

    both(check)

"""A number that the host writes is the number that torch adds 1 to."""

import torch

from ganviz.kernels import counter as module
from ganviz.kernels.counter import counter


def count_to(n, start):
    count, advance = counter(start, torch.device("cpu"))
    for _ in range(n):
        advance()
    return count


def test_both_count_in_the_same_kind_of_tensor(both):
    for start, n in ((0, 0), (0, 3), (41, 1), (2**23, 2)):
        fast, plain = both(lambda: count_to(n, start))  # noqa: B023
        assert (fast.dtype, fast.shape, fast.device) == (plain.dtype, plain.shape, plain.device)
        assert float(fast) == float(plain) == start + n


def test_devices_count_by_themselves(monkeypatch):
    monkeypatch.setattr(module, "COUNTED_BY_HOST", ())
    assert float(count_to(3, 2)) == 5

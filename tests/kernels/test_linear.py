"""Linear layers of several lanes: values, first and second derivatives of both forms."""

import threading

import pytest
import torch

from ganviz.kernels import switch
from ganviz.kernels.crew import run_at_once
from ganviz.kernels.linear import affine, lanes_apart


def some(*shape):
    rng = torch.Generator().manual_seed(sum(shape))
    return torch.randn(shape, generator=rng, dtype=torch.float64)


def with_derivatives(x, weight, bias):
    x, weight, bias = (t.clone().requires_grad_() for t in (x, weight, bias))
    y = affine(x, weight, bias)
    (slope,) = torch.autograd.grad(torch.tanh(y).sum(), x, create_graph=True)
    penalty = slope.square().sum()
    return y, penalty, *torch.autograd.grad(penalty + y.square().sum(), (x, weight, bias))


@pytest.mark.parametrize("n_out", [1, 2, 4, 5])
@pytest.mark.parametrize("lead", [(), (1,), (3,)], ids=["matrices", "one lane", "three lanes"])
def test_values_and_both_derivatives(both, lead, n_out):
    tensors = some(*lead, 9, 6), some(*lead, 6, n_out), some(*lead, n_out)
    fast, plain = both(lambda: with_derivatives(*tensors))
    torch.testing.assert_close(plain[0], tensors[0] @ tensors[1] + tensors[2].unsqueeze(-2))
    for mine, textbook in zip(fast, plain, strict=True):
        torch.testing.assert_close(mine, textbook, rtol=1e-12, atol=1e-12)


def test_lanes_are_kept_apart_by_one_thread_for_itself_alone(monkeypatch):
    """Two parts of a step are in and out of it at any time; numbers would depend on which is quicker."""
    monkeypatch.setattr(switch, "PLAIN", False)
    tensors = [one.requires_grad_() for one in (some(3, 8, 8), some(3, 8, 8), some(3, 8))]
    both_in, one_out = threading.Barrier(2), threading.Barrier(2)

    def is_batched():
        return "Baddbmm" in affine(*tensors).grad_fn.name()

    def first():
        with lanes_apart():
            both_in.wait(10)
        one_out.wait(10)
        seen.append(is_batched())

    def last():
        with lanes_apart():
            both_in.wait(10)
            one_out.wait(10)
            seen.append(not is_batched())

    seen = [is_batched()]
    run_at_once([first, last])
    assert seen == [True] * 3
    assert is_batched()

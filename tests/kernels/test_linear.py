"""Linear layers of several lanes: values, first and second derivatives of both forms."""

import contextlib
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


SHAPES = [(10, 8, 5), (10, 8, 7), (33, 8, 5), (10, 5, 8), (40, 2, 16), (40, 16, 1), (10, 8, 8)]


@pytest.mark.parametrize("way", ["as it is", "apart", "plain"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("lies", ["by rows", "by columns"])
def test_a_lane_is_rounded_as_it_is_alone_by_rows(monkeypatch, lies, shape, way):
    """Where its numbers begin in memory, and how they lie there, is its neighbors' doing."""
    monkeypatch.setattr(switch, "PLAIN", way == "plain")
    n, n_in, n_out = shape
    numbers = torch.Generator().manual_seed(1)
    for _ in range(10):
        sizes = (n, n_in), (n_in, n_out), (n_out,), (n, n_out)
        x, *others = (torch.randn(3, *size, generator=numbers) for size in sizes)
        together = (x if lies == "by rows" else x.mT.contiguous().mT), *others
        with lanes_apart() if way == "apart" else contextlib.nullcontext():
            found = slopes_too(*together)
            for lane in range(3):
                alone = slopes_too(*(one[lane : lane + 1].clone() for one in (x, *others)))
                for many, one in zip(found, alone, strict=True):
                    assert torch.equal(many[lane], one[0])


def slopes_too(x, weight, bias, slopes):
    leaves = [one.detach().requires_grad_() for one in (x, weight, bias)]
    y = affine(*leaves)
    return y.detach(), *torch.autograd.grad(y, leaves, slopes)


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

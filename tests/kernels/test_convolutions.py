"""Convolutions and their transposes are the library's own, with first and second derivatives by finite differences."""

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.nn import functional as F

from ganviz.kernels import convolutions, switch


def some(*shape):
    rng = torch.Generator().manual_seed(len(shape) + sum(shape))
    return torch.randn(shape, generator=rng, dtype=torch.float64, requires_grad=True)


def transposed(y, weight):
    return F.conv_transpose2d(y, weight, stride=2, padding=1)


CASES = {
    "forward": (
        convolutions.forward,
        lambda x, weight, bias: F.conv2d(x, weight, bias, stride=2, padding=1),
        (some(2, 1, 4, 6), some(3, 1, 4, 4), some(3)),
    ),
    "forward, no bias, three colors": (
        lambda x, weight: convolutions.forward(x, weight, None),
        lambda x, weight: F.conv2d(x, weight, stride=2, padding=1),
        (some(2, 3, 4, 4), some(2, 3, 4, 4)),
    ),
    "forward, many channels": (
        convolutions.forward,
        lambda x, weight, bias: F.conv2d(x, weight, bias, stride=2, padding=1),
        (some(2, 4, 4, 6), some(5, 4, 4, 4), some(5)),
    ),
    "transposed": (convolutions.transposed, transposed, (some(2, 3, 2, 3), some(3, 1, 4, 4))),
    "transposed, two channels": (convolutions.transposed, transposed, (some(2, 3, 3, 1), some(3, 2, 4, 4))),
    "transposed, three colors": (convolutions.transposed, transposed, (some(2, 5, 3, 2), some(5, 3, 4, 4))),
}


@pytest.mark.parametrize("name", CASES)
def test_values_and_derivatives(name):
    ours, library, tensors = CASES[name]
    torch.testing.assert_close(ours(*tensors), library(*tensors), rtol=1e-12, atol=1e-12)
    assert gradcheck(ours, tensors)
    assert gradgradcheck(ours, tensors)


SLOW = {
    "convolve, few": ((2, 1, 4, 6), (33, 1, 4, 4), (33,)),
    "convolve, many": ((2, 9, 4, 6), (32, 9, 4, 4), (32,)),
    "convolve_transposed, few": ((2, 33, 2, 3), (33, 8, 4, 4), (8,)),
    "convolve_transposed, many": ((2, 32, 2, 3), (32, 9, 4, 4), (9,)),
}


@pytest.mark.parametrize("case", SLOW)
def test_the_switch_leaves_them_to_torch(case, monkeypatch):
    name, tensors = case.split(",")[0], [some(*shape) for shape in SLOW[case]]
    calls = []

    def counting(function):
        return lambda *args: (calls.append(function), function(*args))[1]

    for trick in ("forward", "transposed"):
        monkeypatch.setattr(convolutions, trick, counting(getattr(convolutions, trick)))
    found = []
    for plain in (False, True):
        monkeypatch.setattr(switch, "PLAIN", plain)
        found.append(getattr(convolutions, name)(*tensors))
    torch.testing.assert_close(*found, rtol=1e-12, atol=1e-12)
    assert len(calls) == 1


def test_between_many_channels_they_are_torchs_own(monkeypatch):
    monkeypatch.setattr(convolutions, "forward", None)
    tensors = some(2, 9, 4, 6), some(33, 9, 4, 4), some(33)
    torch.testing.assert_close(
        convolutions.convolve(*tensors), F.conv2d(*tensors, stride=2, padding=1), rtol=0, atol=0
    )

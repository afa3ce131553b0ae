"""Normalization is the library's own: values, running statistics, first and second derivatives."""

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.nn import functional as F

from ganviz.kernels import normalization, switch

SHAPE = (3, 4, 2, 3)


def some(*shape, seed=0):
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=rng, dtype=torch.float64)


def batch():
    return 3 * some(*SHAPE) + 5, some(4, seed=1), some(4, seed=2)


@pytest.mark.parametrize("momentum", [0.1, 0.37, 1.0])
def test_values_and_running_statistics(momentum):
    kept, expected = [(some(4, seed=3), some(4, seed=4).abs()) for _ in range(2)]
    found = normalization.normalize(*batch(), kept, momentum)
    library = F.batch_norm(batch()[0], *expected, *batch()[1:], training=True, momentum=momentum)
    torch.testing.assert_close(found, library, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(kept, expected, rtol=1e-12, atol=1e-12)


def test_a_batch_far_from_zero_keeps_the_digits_that_its_numbers_have():
    x = (some(64, 2, 14, 14) + 1000).float()
    ones, zeros = torch.ones(2), torch.zeros(2)
    found = normalization.normalize(x, ones, zeros, None, 0.1)
    exact = F.batch_norm(x.double(), None, None, ones.double(), zeros.double(), training=True)
    assert (found - exact).abs().max() < 4 * 1000 * torch.finfo(torch.float32).eps


def test_derivatives():
    tensors = [one.requires_grad_() for one in batch()]
    assert gradcheck(lambda *each: normalization.normalize(*each, None, 0.1), tensors)
    assert gradgradcheck(lambda *each: normalization.normalize(*each, None, 0.1), tensors)


def test_derivatives_with_respect_to_the_batch_alone():
    x, scale, shift = batch()
    assert gradcheck(lambda each: normalization.normalize(each, scale, shift, None, 0.1), x.requires_grad_())


def test_the_switch_leaves_it_to_torch(monkeypatch):
    monkeypatch.setattr(normalization, "_Normalize", None)
    monkeypatch.setattr(switch, "PLAIN", True)
    found = normalization.normalize(*batch(), None, 0.1)
    torch.testing.assert_close(
        found, F.batch_norm(batch()[0], None, None, *batch()[1:], training=True), rtol=0, atol=0
    )


def test_a_single_number_is_refused_as_torch_does():
    with pytest.raises(ValueError, match="more than 1 value"):
        normalization.normalize(some(1, 2, 1, 1), torch.ones(2), torch.zeros(2), None, 0.1)

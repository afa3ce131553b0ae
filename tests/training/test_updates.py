"""Optimizers on flat rows against torch's own."""

import pytest
import torch

from ganviz.training.optimizers import SGD, Adam, RMSprop
from ganviz.training.updates import FlatOptimizer

SPECS = {
    "adam": (
        Adam(learning_rate=3e-3, beta1=0.5, beta2=0.99, eps=1e-7),
        lambda p: torch.optim.Adam(p, 3e-3, (0.5, 0.99), 1e-7),
    ),
    "adam_without_momentum": (
        Adam(learning_rate=3e-3, beta1=0.0),
        lambda p: torch.optim.Adam(p, 3e-3, (0.0, 0.999)),
    ),
    "sgd": (SGD(learning_rate=0.1), lambda p: torch.optim.SGD(p, 0.1)),
    "momentum": (SGD(learning_rate=0.1, momentum=0.9), lambda p: torch.optim.SGD(p, 0.1, momentum=0.9)),
    "rmsprop": (
        RMSprop(learning_rate=0.01, alpha=0.9, eps=1e-6),
        lambda p: torch.optim.RMSprop(p, 0.01, 0.9, 1e-6),
    ),
}


def flat(specs, active=None, n=48):
    lanes = len(specs)
    weights = torch.randn(lanes, n, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    zeros = torch.zeros_like(weights)
    optimizer = FlatOptimizer(weights, zeros, zeros.clone(), [0] * lanes, specs, active or [True] * lanes)
    return weights, optimizer


def gradients(steps, shape):
    return torch.randn(steps, *shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("name", SPECS)
def test_twenty_updates_are_torchs(name):
    spec, make = SPECS[name]
    weights, optimizer = flat([spec, spec])
    leaf = weights.clone().requires_grad_()
    theirs = make([leaf])
    for gradient in gradients(20, weights.shape):
        optimizer.gradients.copy_(gradient)
        optimizer.update()
        leaf.grad = gradient.clone()
        theirs.step()
    torch.testing.assert_close(weights, leaf.detach(), rtol=1e-12, atol=1e-14)


def test_lanes_have_their_own_optimizer_and_resting_lanes_rest():
    specs = [spec for spec, _ in SPECS.values()]
    alone = [flat([spec] * len(specs)) for spec in specs]
    mixed, optimizer = flat(specs, [True, True, False, True, True])
    before = mixed.clone()
    for gradient in gradients(5, mixed.shape):
        for _, one in [*alone, (mixed, optimizer)]:
            one.gradients.copy_(gradient)
            one.update()
    for lane, (weights, _) in enumerate(alone):
        expected = before[2] if lane == 2 else weights[lane]
        assert torch.equal(mixed[lane], expected)
    assert optimizer.updated_counts()[0] == 5
    assert optimizer.updated_counts()[2] == 0


def test_adams_count_goes_on_where_it_was():
    """The bias correction of a resumed optimizer is not that of a new one."""
    spec = Adam(learning_rate=1e-2)
    weights, optimizer = flat([spec])
    resumed = weights.clone()
    steps = gradients(8, weights.shape)
    for gradient in steps[:4]:
        optimizer.gradients.copy_(gradient)
        optimizer.update()
    resumed.copy_(weights)
    moments = optimizer.first.clone(), optimizer.second.clone()
    second = FlatOptimizer(resumed, *moments, optimizer.updated_counts(), [spec], [True])
    for gradient in steps[4:]:
        for one in (optimizer, second):
            one.gradients.copy_(gradient)
            one.update()
    assert torch.equal(weights, resumed)

"""Optimizers on flat rows against torch's own."""

from types import SimpleNamespace

import pytest
import torch

from ganviz.training.optimizers import OPTIMIZERS, SGD, Adam, OptimisticAdam, OptimisticSGD, RMSprop
from ganviz.training.steps.base import AbstractStep
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
OPTIMISTIC = {
    "optimistic_sgd": OptimisticSGD(learning_rate=0.05),
    "optimistic_adam": OptimisticAdam(learning_rate=3e-3, beta1=0.5, beta2=0.99, eps=1e-7),
    "optimistic_adam_without_momentum": OptimisticAdam(learning_rate=3e-3, beta1=0.0),
}
ALL = {name: spec for name, (spec, _) in SPECS.items()} | OPTIMISTIC


def flat(specs, active=None, n=48):
    lanes = len(specs)
    weights = torch.randn(lanes, n, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    slots = {name: torch.zeros_like(weights) for spec in specs for name in spec.slots}
    optimizer = FlatOptimizer(weights, slots, [0] * lanes, specs, active or [True] * lanes)
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


def direction_of(spec, gradient, state, n):
    """Return the textbook's direction of the n-th update, with NumPy-like arithmetic only."""
    if isinstance(spec, OptimisticSGD):
        return gradient
    state["m"] = spec.beta1 * state.get("m", 0) + (1 - spec.beta1) * gradient
    state["v"] = spec.beta2 * state.get("v", 0) + (1 - spec.beta2) * gradient**2
    m, v = state["m"] / (1 - spec.beta1**n), state["v"] / (1 - spec.beta2**n)
    return m / (v**0.5 + spec.eps)


@pytest.mark.parametrize("name", OPTIMISTIC)
def test_optimistic_updates_are_the_textbooks(name):
    """Daskalakis et al. 2018, Algorithm 1: w - 2 η d + η d′, where d′ is the update before's direction."""
    spec = OPTIMISTIC[name]
    weights, optimizer = flat([spec, spec])
    expected, state, before = weights.clone(), {}, None
    for n, gradient in enumerate(gradients(20, weights.shape), start=1):
        optimizer.gradients.copy_(gradient)
        optimizer.update()
        direction = direction_of(spec, gradient, state, n)
        if before is None:
            before = direction
        expected = expected - 2 * spec.learning_rate * direction + spec.learning_rate * before
        before = direction
    torch.testing.assert_close(weights, expected, rtol=1e-12, atol=1e-14)


def test_the_gradient_before_is_remembered_and_not_the_place_where_it_stood():
    """f = ½ (k + 1) w² in update k, from w = 1 and g′ = 0: an alias would give .8, .64, .448, .2688."""
    weights = torch.ones(1, 1, dtype=torch.float64)
    slots = {"previous": torch.zeros_like(weights)}
    optimizer = FlatOptimizer(weights, slots, [1], [OptimisticSGD(learning_rate=0.1)], [True])
    seen = []
    for k in range(4):
        optimizer.gradients.copy_((k + 1) * weights)
        optimizer.update()
        optimizer.gradients.zero_()
        seen.append(float(weights))
    assert seen == pytest.approx([0.8, 0.58, 0.392, 0.2524], abs=1e-12)


def test_optimistic_adam_corrects_its_means_in_double_precision():
    """1 - β₂ⁿ has four digits in single precision at first; the first update's size is the learning rate."""
    spec = OptimisticAdam(learning_rate=1.0, beta2=0.9999, eps=1e-12)
    weights = torch.zeros(1, 8)
    slots = {name: torch.zeros_like(weights) for name in spec.slots}
    optimizer = FlatOptimizer(weights, slots, [0], [spec], [True])
    optimizer.gradients.fill_(0.3)
    optimizer.update()
    torch.testing.assert_close(weights, torch.full_like(weights, -1.0), rtol=1e-6, atol=0)


@pytest.mark.parametrize("spec", [cls() for cls in OPTIMIZERS.values()], ids=lambda spec: spec.key)
def test_gradients_are_left_as_they_are_and_slots_are_what_is_declared(spec):
    weights, optimizer = flat([spec, spec])
    given = gradients(1, weights.shape)[0]
    for _ in range(3):
        optimizer.gradients.copy_(given)
        optimizer.update()
        assert torch.equal(optimizer.gradients, given)
    assert list(optimizer.slots) == list(spec.slots)
    pointers = [tensor.data_ptr() for tensor in (weights, optimizer.gradients, *optimizer.slots.values())]
    assert len(set(pointers)) == len(pointers)


def test_lanes_have_their_own_optimizer_and_resting_lanes_rest():
    specs = list(ALL.values())
    alone = [flat([spec] * len(specs)) for spec in specs]
    mixed, optimizer = flat(specs, [lane != 2 for lane in range(len(specs))])
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


@pytest.mark.parametrize("spec", ALL.values(), ids=ALL)
def test_counts_and_slots_go_on_where_they_were(spec):
    """The bias correction of a resumed optimizer is not that of a new one."""
    weights, optimizer = flat([spec])
    resumed = weights.clone()
    steps = gradients(8, weights.shape)
    for gradient in steps[:4]:
        optimizer.gradients.copy_(gradient)
        optimizer.update()
    resumed.copy_(weights)
    slots = {name: slot.clone() for name, slot in optimizer.slots.items()}
    second = FlatOptimizer(resumed, slots, optimizer.updated_counts(), [spec], [True])
    for gradient in steps[4:]:
        for one in (optimizer, second):
            one.gradients.copy_(gradient)
            one.update()
    assert torch.equal(weights, resumed)


@pytest.mark.parametrize(("decay", "gain"), [(0.99, 0.10004126), (0.999, 0.01000867)])
def test_an_average_shrinks_a_rotation_as_a_low_pass_does(decay, gain):
    """gan-maths 2.4: weights that turn by ω = 0.1 a step leave |(1 - β)/(1 - β e^iω)| of their radius."""
    n = round(20 / (1 - decay))
    turning = torch.exp(1j * 0.1 * torch.arange(n, dtype=torch.float64))
    weights, average = torch.zeros(1, dtype=turning.dtype), torch.zeros(1, dtype=turning.dtype)
    step = SimpleNamespace(
        players=SimpleNamespace(
            averaged=[(average, weights)], generator=SimpleNamespace(optimizer=SimpleNamespace(update=int))
        ),
        ema_share=1.0 - decay,
        _leave_stopped=str,
    )
    for place in turning:
        weights.copy_(place)
        AbstractStep.finish_generator(step)
    assert float(average.abs()) == pytest.approx(gain, abs=1e-8)

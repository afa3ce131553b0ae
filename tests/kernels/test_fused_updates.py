"""Fused updates and the textbook's: weights and what is remembered, over twenty updates."""

import pytest
import torch

from ganviz.kernels import fused_updates

UPDATES = {
    "adam": (
        2,
        lambda w, g, slots, n: fused_updates.adam(w, g, slots, n, rate=3e-3, betas=(0.5, 0.99), eps=1e-7),
    ),
    "adam without memory": (
        2,
        lambda w, g, slots, n: fused_updates.adam(w, g, slots, n, rate=3e-3, betas=(0.0, 0.0), eps=1e-8),
    ),
    "rmsprop": (
        1,
        lambda w, g, slots, n: fused_updates.rmsprop(w, g, *slots, rate=0.01, alpha=0.9, eps=1e-6),
    ),
    "sgd": (1, lambda w, g, slots, n: fused_updates.sgd(w, g, *slots, rate=0.1, momentum=0.0)),
    "momentum": (1, lambda w, g, slots, n: fused_updates.sgd(w, g, *slots, rate=0.1, momentum=-0.3)),
}


def some(seed, dtype):
    rng = torch.Generator().manual_seed(seed)
    return [torch.randn(n, generator=rng, dtype=torch.float64).to(dtype) for n in (48, 7)]


def played(name, dtype):
    n_slots, update = UPDATES[name]
    weights, count = some(0, dtype), torch.tensor(0.0)
    slots = tuple([torch.zeros_like(w) for w in weights] for _ in range(n_slots))
    for n in range(1, 21):
        gradients = some(n, dtype)
        kept = [g.clone() for g in gradients]
        update(weights, gradients, slots, count.add_(1))
        assert all(torch.equal(*pair) for pair in zip(gradients, kept, strict=True))
    return [*weights, *(row for rows in slots for row in rows)]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", UPDATES)
def test_both_forms_make_the_same_updates(both, name, dtype):
    fast, plain = both(lambda: played(name, dtype))
    tolerance = {torch.float32: 1e-5, torch.float64: 1e-13}[dtype]
    for mine, textbook in zip(fast, plain, strict=True):
        assert mine.dtype == textbook.dtype == dtype
        torch.testing.assert_close(mine, textbook, rtol=tolerance, atol=tolerance)
    assert not torch.equal(fast[0], some(0, dtype)[0])

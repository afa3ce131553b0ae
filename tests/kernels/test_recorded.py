"""A recorded formula is the formula to the bit, whatever its tensors hold later."""

import pytest
import torch

from ganviz.kernels.program import run
from ganviz.kernels.recorded import recorded, recorded_into
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.elementary import derivative

GAMES = [key for key, loss in ADVERSARIAL_LOSSES.items() if loss.has_discriminator]


def check(formula, n_calls=None, dtype=torch.float32, n=64):
    """Record a formula of two halves of a batch, then run it with numbers in them that it has not seen."""
    scores = torch.full((2, 2 * n), torch.nan, dtype=dtype)
    halves = scores.split(n, 1)
    program, results = recorded(formula, *halves)
    for seed in range(2):
        scores.copy_(5 * torch.randn(2, 2 * n, generator=torch.Generator().manual_seed(seed)))
        before = scores.clone()
        run(program)
        for found, wanted in zip(results, formula(*halves), strict=True):
            assert torch.equal(found, wanted)
            assert found.dtype == wanted.dtype
        assert torch.equal(scores, before)
    assert n_calls is None or len(program) == n_calls


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("key", GAMES)
def test_slopes_of_every_loss(both, key, dtype):
    loss = ADVERSARIAL_LOSSES[key]()
    both(lambda: check(loss.d_slopes, dtype=dtype))
    both(lambda: check(lambda a, b: (loss.g_slopes(a, b),), dtype=dtype))


@pytest.mark.parametrize("n", [32, 96])
@pytest.mark.parametrize("key", GAMES)
def test_slopes_of_both_batches_in_one_tensor(both, key, n):
    """A share of them too: where it is a power of two, it may be multiplied with earlier."""
    numbers = torch.Generator().manual_seed(1)
    loss, scores = ADVERSARIAL_LOSSES[key](), torch.randn(2, 2, n, generator=numbers)

    def check_pairs(share):
        first, second = scores.unbind(1)
        slopes = loss.d_slopes_of(scores, share)
        parts = slopes if len(slopes) == 2 else slopes[0].unbind(1)
        for found, wanted in zip(parts, loss.d_slopes(first, second), strict=True):
            assert torch.equal(found, share * wanted)
        assert torch.equal(loss.g_slopes_of(scores, share), share * loss.g_slopes(second, first))

    for share in (1.0, 1 / n):
        both(lambda share=share: check_pairs(share))


def test_numbers_parts_and_repetitions():
    # e^a is computed once; a part of a batch and a constant are no calls; 3 - x is x taken from a tensor.
    check(lambda a, b: (3 - a.exp(), 2 * a.exp() / 7, b[:1].expand(2, -1), a.new_full((2,), 4)), 4)


def test_halves_of_a_tensor_are_no_calls_and_no_reason_to_give_up():
    scores = torch.ones(3, 2)
    program, (found,) = recorded(lambda x: (x.unbind(1)[1] * x.unbind(1)[0],), scores)
    scores[:, 1] = 5
    run(program)
    assert len(program) == 1
    assert found.tolist() == [5.0] * 3


def test_some_lanes():
    lanes = torch.tensor([1, 0])
    check(lambda a, b: (a[lanes] * b[lanes],), 3)


@pytest.mark.parametrize(
    "formula",
    [
        lambda a, b: (derivative(torch.exp, a),),
        lambda a, b: (a.clone().mul_(b),),
        lambda a, b: (a.max(-1).values,),
        lambda a, b: (a * float(b.numel()) + float((a != a).sum()) * 0,),
    ],
)
def test_what_cannot_be_recorded_is_called_anew(formula):
    check(formula, 1)


def parts_and_wholes(x):
    """Return a call's result, a part of another's, what a third one is made of as well, x itself, and a constant."""
    root = x.exp()
    return x + 1, (2 * x)[..., :1], root, root.neg(), x, x.new_ones(3)


@pytest.mark.parametrize("lanes", [1, 3])
def test_results_at_places_with_gaps_between_lanes(both, lanes):
    x = torch.full((lanes, 4), torch.nan)

    def check_places():
        places = [torch.zeros(2 * lanes, *one.shape[1:])[::2] for one in parts_and_wholes(x)[:-1]]
        places.append(torch.zeros(3))
        program, once = recorded_into(places, parts_and_wholes, x)
        run(once)
        for seed in range(2):
            x.copy_(torch.randn(lanes, 4, generator=torch.Generator().manual_seed(seed)))
            before = x.clone()
            run(program)
            for place, wanted in zip(places, parts_and_wholes(x), strict=True):
                assert torch.equal(place, wanted)
            assert torch.equal(x, before)
        return len(program), len(once)

    fast, plain = both(check_places)
    assert fast == (4 + 2, 1), "one call each, and copies of a part and of what was given; the constant once"
    assert plain == (1 + 6, 0)

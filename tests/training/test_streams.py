"""Random streams: the sequence depends on the seed only."""

import numpy as np
import pytest
import torch

from ganviz.training.streams import BatchStream, NamedStream


def stream(batch=8, size=3, seed=0):
    def draw(n, rng):
        return rng.standard_normal((n, size)).astype(np.float32)

    return BatchStream(draw, batch, size, [seed, 1], "cpu", torch.float32)


def take(source, n):
    return torch.stack([source.take().clone() for _ in range(n)])


def test_pairs_are_two_single_batches():
    singles, pairs = stream(), stream()
    pairs.take(), singles.take()
    expected = take(singles, 200)
    got = torch.cat([pairs.take_two().clone() for _ in range(100)]).reshape(expected.shape)
    assert torch.equal(got, expected)


@pytest.mark.parametrize("n_before", [0, 1, 63, 64, 65, 200])
def test_a_restored_stream_goes_on(n_before):
    source = stream()
    for _ in range(n_before):
        source.take()
    state = source.state()
    expected = take(source, 100)
    other = stream(seed=7)
    other.load_state(state)
    assert torch.equal(take(other, 100), expected)


def test_batches_do_not_repeat():
    batches = take(stream(), 300).flatten(1)
    assert len(torch.unique(batches, dim=0)) == 300


def test_a_position_outside_the_block_is_refused():
    source = stream()
    state = source.state() | {"position": 1000}
    with pytest.raises(ValueError, match="position"):
        source.load_state(state)


def named(batch=8, size=3, seed=0):
    def draw(n, rng):
        return rng.standard_normal((n, size)).astype(np.float32)

    return NamedStream(draw, batch, size, [seed, 6], "cpu", torch.float32)


def test_batches_by_name_depend_on_name_and_place_alone():
    every, some = named(), named()
    found = []
    for _ in range(150):
        found.append((every.take("a").clone(), every.take("b").clone()))
        every.advance()
    assert len(torch.unique(torch.stack([x for pair in found for x in pair]).flatten(1), dim=0)) == 300
    for place in range(150):
        if place % 7 == 3:
            assert torch.equal(some.take("b"), found[place][1])
        some.advance()
    back = named()
    back.load_state(70)
    assert torch.equal(back.take("a"), found[70][0])
    assert back.state() == 70


@pytest.mark.parametrize("state", [-1, 1.0, "3", None, True])
def test_a_place_that_is_none_is_refused(state):
    with pytest.raises(ValueError, match="cannot be at"):
        named().load_state(state)

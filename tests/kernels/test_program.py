"""A program's calls are made in their order, each time it is run."""

from functools import partial

from ganviz.kernels.program import run


def test_calls_are_made_in_order_and_again():
    seen = []
    program = [partial(seen.append, 1), partial(seen.append, 2)]
    run(program)
    run(program)
    assert seen == [1, 2, 1, 2]

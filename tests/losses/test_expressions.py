"""Typed formulas: what they compute, and that nothing else can be done with them."""

import math
import string
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ganviz.losses.expressions import DEEPEST, GRID, LONGEST, Expression, expression, reach
from ganviz.losses.operations import FUNCTIONS
from ganviz.spec import InvalidValueError

T = torch.linspace(-6, 6, 97, dtype=torch.float64)

KNOWN = [
    ("softplus(-t)", lambda t: np.logaddexp(0, -t)),
    ("-log(sigmoid(t))", lambda t: np.logaddexp(0, -t)),
    ("(t - 1)**2 / 2", lambda t: (t - 1) ** 2 / 2),
    ("max(0, 1 - t)", lambda t: np.maximum(0, 1 - t)),
    ("relu(1 + t)", lambda t: np.maximum(0, 1 + t)),
    ("exp(t / 10) - 2**(t / 9)", lambda t: np.exp(t / 10) - 2 ** (t / 9)),
    ("sqrt(t * t + 1e-3) * tanh(t)", lambda t: np.sqrt(t * t + 1e-3) * np.tanh(t)),
    ("min(t, 3) * max(-t, -2)", lambda t: np.minimum(t, 3) * np.maximum(-t, -2)),
    ("log1p(square(t)) + expm1(-abs(t))", lambda t: np.log1p(t * t) + np.expm1(-abs(t))),
    ("sin(pi * t) + cos(t / e)", lambda t: np.sin(math.pi * t) + np.cos(t / math.e)),
    ("1 / (1 + t**4)", lambda t: 1 / (1 + t**4)),
    ("−2·t", lambda t: -2 * t),
    ("3", lambda t: 3 + 0 * t),
    ("+t", lambda t: t),
    ("(1 + abs(t))**sigmoid(t)", lambda t: (1 + abs(t)) ** (1 / (1 + np.exp(-t)))),
]


@pytest.mark.parametrize(("text", "function"), KNOWN)
def test_values_and_slopes(text, function):
    found = expression(text, "t")
    np.testing.assert_allclose(found(T).numpy(), function(T.numpy()), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found(T.numpy()), function(T.numpy()), rtol=1e-12, atol=1e-12)
    leaf = T.clone().requires_grad_()
    by_torch = torch.autograd.grad(found(leaf).sum(), leaf, allow_unused=True)[0]
    slope = found.slope(T)
    assert slope.shape == T.shape
    torch.testing.assert_close(slope, by_torch, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.slope(T.numpy()), slope.numpy(), rtol=1e-12, atol=1e-12)
    apart = T.numpy()[np.abs(T.numpy() * 8 % 1 - 0.5) < 0.3] + 0.013  # from the kinks of these formulas
    differences = (function(apart + 1e-6) - function(apart - 1e-6)) / 2e-6
    np.testing.assert_allclose(found.slope(apart), differences, rtol=1e-6, atol=1e-6)


def test_precision_is_that_of_the_scores():
    found = expression("softplus(-t) + 0.1", "t")
    assert found(T.float()).dtype == found.slope(T.float()).dtype == torch.float32
    assert found(T).dtype == torch.float64


REFUSED = [
    ("", "not an empty text"),
    ("  ", "not an empty text"),
    ("t +", "is not a formula"),
    ("t; t", "is not a formula"),
    ("x", "cannot hold the name 'x' (character 1)"),
    (" −t·(2 + relu(x))", "cannot hold the name 'x' (character 15)"),
    ("(t +\n σ)", "cannot hold the name 'σ' (character 7)"),
    ("-log(D)", "cannot hold the name 'D' (character 6); write D as sigmoid(t)."),
    ("-log D", "write log(…), and D as sigmoid(t)."),
    ("-log t", "write log(…)."),
    ("2 * (t", "'(' was never closed (character 5)"),
    ("t^2", "a power is written **"),
    ("t.__class__", "cannot hold 't.__class__'"),
    ("__import__('os').system('true')", "cannot hold"),
    ("open('x')", "the call of 'open'"),
    ("exp(t, out=t)", "cannot hold"),
    ("exp(*t)", "cannot hold '*t'"),
    ("(lambda: 1)()", "cannot hold"),
    ("[t for t in (1,)]", "cannot hold"),
    ("t if t else 1", "cannot hold"),
    ("t := 3", "is not a formula"),
    ("True", "cannot hold 'True'"),
    ("1j", "cannot hold '1j'"),
    ("'t'", "cannot hold \"'t'\""),
    ("max(t)", "max takes 2 arguments, not 1"),
    ("9**9**9**9", "too large"),
    ("1" * 400, "too large"),
    ("(-8)**0.5", "too large, or undefined"),
    ("log(t)", "not finite at t = 0"),
    ("1 / t", "not finite at t = 0"),
    ("exp(2 * t)", "not finite at t = 44"),
    ("sqrt(abs(t))", "Its slope is not finite at t = 0"),
    ("t / 0", "not finite"),
    ("\0", "is not a formula"),
    ("~" * 499 + "t", "cannot hold"),
    ("-" * 400 + "t", f"nested more than {DEEPEST} deep"),
    ("(" * 240 + "t" + ")" * 240, "is not a formula"),
    ("t" * (LONGEST + 1), f"at most {LONGEST} characters"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=lambda value: value[:20])
def test_what_is_no_formula_is_a_sentence(text, words):
    with pytest.raises(InvalidValueError) as caught:
        expression(text, "t")
    assert words in str(caught.value)
    assert len(str(caught.value)) < 400


def test_the_variable_has_one_name():
    assert expression("softplus(-u)", "u")(T).shape == T.shape
    with pytest.raises(InvalidValueError, match="the variable u"):
        expression("softplus(-t)", "u")


TOKENS = [
    *FUNCTIONS, "t", "u", "pi", "e", "0", "1", "2.5", "1e30", "+", "-", "*", "/", "**", "(", ")", ",", " ", "if",
    "else", "lambda", ":", "[", "]", "{", "}", "'", "\"", ".", "__class__", "@", "==", "not", "\\", "\n", "#", "9" * 60,
]  # fmt: skip
LEAVES = st.sampled_from(["t", "1", "0.5", "2", "pi", "t"])
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(
            lambda x: f"({x[0]}{x[1]}{x[2]})"
        ),
        st.tuples(
            st.sampled_from([name for name in FUNCTIONS if FUNCTIONS[name].n_arguments == 1]), inner
        ).map(lambda x: f"{x[0]}({x[1]})"),
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.lists(st.sampled_from(TOKENS), max_size=60).map("".join),
        st.text(string.printable, max_size=200),
        st.text(max_size=60),
        FORMULAS,
    )
)
def test_anything_is_a_formula_or_a_sentence(text):
    def seconds() -> float:
        start = time.process_time()
        try:
            found = expression.__wrapped__(text, "t")
        except InvalidValueError:
            pass
        else:
            places = torch.linspace(-79, 79, 41)
            assert torch.isfinite(found(places)).all()
            assert torch.isfinite(found.slope(places)).all()
        return time.process_time() - start

    # At most 5 ms where a core is free; asked again where a collection of garbage or a neighbor was counted with it.
    assert any(seconds() < 0.25 for _ in range(3))


def test_a_range_looks_at_the_whole_formula_once():
    """The widest formula there is room for takes milliseconds there, and its box asks at every letter."""
    looks = []
    formula = expression("(t - 1)**2 - 3 * sin(t)", "t")

    def part(operations, t):
        looks.append(len(t[0]) > len(GRID) // 4)
        return formula.part(operations, t)

    watched = Expression("watched", part)
    assert reach(watched) == reach(watched) == reach(formula)
    assert sum(looks) == 1
    assert reach(formula)[0] == pytest.approx(
        min((t - 1) ** 2 - 3 * np.sin(t) for t in np.linspace(1, 2, 9999))
    )

"""What formulas are made of: each operation with the rule by which its slope follows from those of its arguments.

The same rules serve NumPy arrays (where formulas are checked and drawn, without torch) and torch tensors (where they
train).
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ganviz.losses import elementary
from ganviz.spec.frozen import dataclass

Dual = tuple[Any, Any]
"""A value and its slope; None where the slope is zero, which saves computing it."""


class NumPyArrays:
    """Operations on arrays."""

    exp, expm1, log, log1p = np.exp, np.expm1, np.log, np.log1p
    sqrt, abs, sign, tanh, sin, cos = np.sqrt, np.abs, np.sign, np.tanh, np.sin, np.cos
    power, minimum, maximum = np.power, np.minimum, np.maximum

    @staticmethod
    def relu(x: Any) -> Any:
        """Return max(x, 0)."""
        return np.maximum(x, 0.0)

    @staticmethod
    def softplus(x: Any) -> Any:
        """Return ln(1 + e^x)."""
        return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))

    @staticmethod
    def sigmoid(x: Any) -> Any:
        """Return 1 / (1 + e^-x)."""
        return np.exp(-NumPyArrays.softplus(-x))


class _Torch:
    """The same on tensors; torch is imported when the first one is computed with."""

    softplus, sigmoid = staticmethod(elementary.softplus), staticmethod(elementary.sigmoid)

    def __getattr__(self, name: str) -> Any:
        import torch

        return getattr(torch, "pow" if name == "power" else name)

    def minimum(self, x: Any, y: Any) -> Any:
        """Return the smaller of tensors and numbers."""
        return -self.maximum(-x, -y)

    def maximum(self, x: Any, y: Any) -> Any:
        """Return the larger of tensors and numbers; clamping would differ in its slope where they are equal."""
        import torch

        first, second = (y, x) if isinstance(x, float) else (x, y)
        return torch.maximum(first, first.new_full((), second) if isinstance(second, float) else second)


TorchTensors = _Torch()


@dataclass(frozen=True, slots=True)
class Function:
    """An operation: how many arguments it takes, and its rule for values and slopes."""

    n_arguments: int
    rule: Callable[..., Dual]


def _of_one(value: Callable[[Any, Any], Any], slope: Callable[[Any, Any, Any], Any]) -> Function:
    """Return a function of one argument from its value and its slope, given operations, argument (and value)."""

    def rule(o: Any, x: Dual) -> Dual:
        found = value(o, x[0])
        return found, None if x[1] is None else slope(o, x[0], found) * x[1]

    return Function(1, rule)


def _plus(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None else a + b


def _times(a: Any, factor: Any) -> Any:
    return None if a is None else a * factor


def _negative(o: Any, x: Dual) -> Dual:
    return -x[0], _times(x[1], -1.0)


def _sum(o: Any, x: Dual, y: Dual) -> Dual:
    return x[0] + y[0], _plus(x[1], y[1])


def _difference(o: Any, x: Dual, y: Dual) -> Dual:
    return x[0] - y[0], _plus(x[1], _times(y[1], -1.0))


def _product(o: Any, x: Dual, y: Dual) -> Dual:
    return x[0] * y[0], _plus(_times(x[1], y[0]), _times(y[1], x[0]))


def _quotient(o: Any, x: Dual, y: Dual) -> Dual:
    value = x[0] / y[0]
    inverse = math.inf if isinstance(y[0], float) and y[0] == 0 else 1 / y[0]
    return value, _plus(_times(x[1], inverse), _times(y[1], -value * inverse))


def _power(o: Any, x: Dual, y: Dual) -> Dual:
    """Return x**y: a constant exponent has the rule of powers, which holds for negative x too."""
    value = o.power(x[0], y[0])
    by_base = (
        None
        if x[1] is None or (isinstance(y[0], float) and y[0] == 0)
        else x[1] * (y[0] * o.power(x[0], y[0] - 1.0))
    )
    by_exponent = None if y[1] is None else y[1] * (value * _logarithm(o, x[0]))
    return value, _plus(by_base, by_exponent)


def _logarithm(o: Any, x: Any) -> Any:
    if isinstance(x, float):
        return math.log(x) if x > 0 else math.nan
    return o.log(x)


def _extreme(name: str) -> Function:
    """Return min or max; where both are equal the slope is the mean of theirs."""

    def rule(o: Any, x: Dual, y: Dual) -> Dual:
        value = getattr(o, name)(x[0], y[0])
        share = 0.5 + 0.5 * o.sign(x[0] - y[0]) * (1.0 if name == "maximum" else -1.0)
        return value, _plus(_times(x[1], share), _times(y[1], 1.0 - share))

    return Function(2, rule)


NEGATIVE = Function(1, _negative)

OPERATORS: Mapping[type[ast.operator], Function] = {
    ast.Add: Function(2, _sum),
    ast.Sub: Function(2, _difference),
    ast.Mult: Function(2, _product),
    ast.Div: Function(2, _quotient),
    ast.Pow: Function(2, _power),
}

FUNCTIONS: Mapping[str, Function] = {
    "exp": _of_one(lambda o, x: o.exp(x), lambda o, x, y: y),
    "expm1": _of_one(lambda o, x: o.expm1(x), lambda o, x, y: y + 1),
    "log": _of_one(lambda o, x: o.log(x), lambda o, x, y: 1 / x),
    "log1p": _of_one(lambda o, x: o.log1p(x), lambda o, x, y: 1 / (1 + x)),
    "sqrt": _of_one(lambda o, x: o.sqrt(x), lambda o, x, y: 0.5 / y),
    "square": _of_one(lambda o, x: x * x, lambda o, x, y: 2 * x),
    "abs": _of_one(lambda o, x: o.abs(x), lambda o, x, y: o.sign(x)),
    "relu": _of_one(lambda o, x: o.relu(x), lambda o, x, y: o.sign(y)),
    "softplus": _of_one(lambda o, x: o.softplus(x), lambda o, x, y: o.sigmoid(x)),
    "sigmoid": _of_one(lambda o, x: o.sigmoid(x), lambda o, x, y: y * o.sigmoid(-x)),
    "tanh": _of_one(lambda o, x: o.tanh(x), lambda o, x, y: 1 - y * y),
    "sin": _of_one(lambda o, x: o.sin(x), lambda o, x, y: o.cos(x)),
    "cos": _of_one(lambda o, x: o.cos(x), lambda o, x, y: -o.sin(x)),
    "min": _extreme("minimum"),
    "max": _extreme("maximum"),
}

CONSTANTS = {"pi": math.pi, "e": math.e}

"""Formulas that people type: functions of one number, with their slope.

A formula is read as Python's own grammar reads it, and then every part of it has to be on a short list: numbers, the
variable, ``pi`` and ``e``, ``+ - * / **``, and a dozen functions. Nothing is ever evaluated as code. Values and slopes
are computed together, part by part, by the rules of differentiation: a formula of n parts costs n steps, while written
out, derivatives of products of products would grow without bound.
"""

from __future__ import annotations

import ast
import html
import re
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from ganviz.losses.operations import (
    CONSTANTS,
    FUNCTIONS,
    NEGATIVE,
    OPERATORS,
    Dual,
    Function,
    NumPyArrays,
    TorchTensors,
)
from ganviz.losses.written import Written, WrittenOperations
from ganviz.spec import InvalidValueError
from ganviz.spec.frozen import dataclass
from ganviz.spec.values import quoted

LONGEST = 500
DEEPEST = 40
FARTHEST = 80.0
"""Scores up to here, of either sign, must have finite values and slopes."""

GRID = np.linspace(-FARTHEST, FARTHEST, 6401)
"""Where formulas are looked at as a whole."""
_WHOLE = slice(None)
_INNER = slice(len(GRID) // 4, len(GRID) - len(GRID) // 4)

Part = Callable[[Any, Dual], Dual]
"""What returns value and slope, given the operations and the variable's."""

_SIGNS = {"−": "-", "·": "*", "×": "*", "÷": "/"}


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula that has been read: call it for values, or ask for the slope too."""

    text: str
    part: Part

    def __call__(self, t: Any) -> Any:
        """Return values at a tensor or an array, element by element."""
        with np.errstate(all="ignore"):  # there may be a pole between the places that were tried
            value, _ = self.part(_operations(t), (t, None))
            return value if isinstance(value, Written) else t * 0 + value

    def slope(self, t: Any) -> Any:
        """Return the derivative there; at a kink the mean of both sides, as automatic differentiation has it."""
        with np.errstate(all="ignore"):
            _, slope = self.part(_operations(t), (t, 1.0))
            # Of the variable's shape where the slope is constant, too.
            return t * 0 + (0.0 if slope is None else slope)


@lru_cache(maxsize=64)  # a box asks for the same ranges several times at each letter
def reach(*formulas: Expression) -> tuple[float, float]:
    """Return the smallest and the largest value of a sum of formulas of one score.

    One that goes on by more than 1 over the outer half of :data:`GRID` is taken to go on without end, and so is one
    with a pole.
    """
    values = _sum(formulas, GRID)
    if not np.isfinite(values).all():
        return -np.inf, np.inf
    low, minus_high = (_lowest(formulas, values, sign) for sign in (1.0, -1.0))
    return _rounded(low), _rounded(-minus_high)


def _lowest(formulas: Sequence[Expression], values: Any, sign: float) -> float:
    """Return the smallest value on the grid, or minus the largest one; -∞ where it goes on."""
    low, inner = (_least(formulas, GRID[part], sign * values[part], sign) for part in (_WHOLE, _INNER))
    return low if low >= inner - 1 else -np.inf


def _sum(formulas: Sequence[Expression], places: Any) -> Any:
    return sum(one(places) for one in formulas)


def _least(formulas: Sequence[Expression], places: Any, values: Any, sign: float) -> float:
    """Return the smallest value, or minus the largest one, looked for between the places too."""
    found = float(values.min())
    for _ in range(3):  # a hundred times as close each time: to 3e-8
        i = int(values.argmin())
        if not 0 < i < len(places) - 1:
            break
        places = np.linspace(places[i - 1], places[i + 1], 201)
        values = sign * _sum(formulas, places)
        least = float(values.min())
        if not least > found - abs(found) - 1:  # not finite, or as deep as only a pole is
            return -np.inf
        found = min(found, least)
    return found


def formula_html(text: str, variable: str, shown: str) -> str:
    """Return a formula as it stands behind E: powers raised, products with a dot, a sum within parentheses."""
    text = re.sub(rf"\b{variable}\b", shown, html.escape(text.strip())).replace("-", "−")
    if shown.startswith("("):
        text = text.replace(f"({shown})", shown)
    text = re.sub(r"\s*\*\*\s*(\d+)(?![\w.]|\s*\*\*)", r"<sup>\1</sup>", text)
    text = re.sub(r"\s*\*\*\s*", "^", text)
    text = re.sub(r"\s*\*\s*", "·", text)
    outside = re.sub(r"\d[eE]−", "", text)
    while outside != (flatter := re.sub(r"\([^()]*\)", "", outside)):
        outside = flatter
    return f"({text})" if re.search("[+−]", outside) else text


def _rounded(value: float) -> float:
    """Return a value without the last digits, where there is noise; never -0."""
    return 0.0 if abs(value) < 1e-9 else float(f"{value:.12g}")


def _operations(t: Any) -> Any:
    if isinstance(t, Written):
        return WrittenOperations()
    return NumPyArrays if isinstance(t, np.ndarray) else TorchTensors


@lru_cache(maxsize=256)
def expression(text: str, variable: str) -> Expression:
    """Read a formula.

    Raises
    ------
    InvalidValueError
        With one sentence: what is not understood, and what is.
    """
    if not text.strip():
        raise InvalidValueError(f"A formula of {variable} is wanted, not an empty text.")
    if len(text) > LONGEST:
        raise InvalidValueError(f"A formula has at most {LONGEST} characters, not {len(text)}.")
    reader = _Reader(_plain(text), variable, len(text) - len(text.lstrip()))
    _, part = reader.read(reader.tree(), DEEPEST)
    found = Expression(text, part)
    _check_finite(found, variable)
    return found


def _plain(text: str) -> str:
    """Return a formula with the signs of a keyboard."""
    for sign, meant in _SIGNS.items():
        text = text.replace(sign, meant)
    return text.strip()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one formula, part by part; ``start`` counts the spaces before it."""

    text: str
    variable: str
    start: int

    def tree(self) -> ast.expr:
        """Return what Python's grammar makes of the text."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "1if t" is legal and deprecated
                return ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            reason, place = "it is nested too deeply", ""
            if isinstance(error, SyntaxError):
                reason = error.msg
                place = self._at(error.offset - 1) if error.offset and error.lineno == 1 else ""
            advice = self._advice()
            raise InvalidValueError(
                f"{quoted(self.text)} is not a formula: {reason}{place}{advice}."
            ) from None

    def _advice(self) -> str:
        """Return how a function is written, where one stands without parentheses as on paper."""
        bare = re.search(rf"\b({'|'.join(FUNCTIONS)})\s+(\w)", self.text)
        if bare is None:
            return ""
        d = f", and D as sigmoid({self.variable})" if re.search(r"\bD\b", self.text) else ""
        return f"; write {bare[1]}(…){d}"

    def read(self, node: ast.expr, depth: int) -> tuple[float | None, Part]:
        """Return a part's value where it is constant, and what computes it."""
        if depth == 0:
            raise InvalidValueError(f"The formula is nested more than {DEEPEST} deep.")
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return _constant(number)
            case ast.Name(id=name) if name == self.variable:
                return None, lambda operations, t: t
            case ast.Name(id=name) if name in CONSTANTS:
                return _constant(CONSTANTS[name])
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                return self.read(inner, depth - 1)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self._apply(NEGATIVE, [inner], depth)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in OPERATORS:
                return self._apply(OPERATORS[type(op)], [left, right], depth)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
                wanted = FUNCTIONS[name].n_arguments
                if len(arguments) != wanted:
                    place = self._place(node)
                    noun = "argument" if wanted == 1 else "arguments"
                    raise InvalidValueError(f"{name} takes {wanted} {noun}, not {len(arguments)}{place}.")
                return self._apply(FUNCTIONS[name], arguments, depth)
        raise InvalidValueError(self._refusal(node))

    def _apply(self, function: Function, arguments: list[ast.expr], depth: int) -> tuple[float | None, Part]:
        """Return a function of parts; of constants it is a constant, computed once and in floating point."""
        read = [self.read(argument, depth - 1) for argument in arguments]
        parts = [part for _, part in read]
        rule = function.rule
        if all(value is not None for value, _ in read):
            with np.errstate(all="ignore"):
                value, _ = rule(NumPyArrays, *((np.float64(one), None) for one, _ in read))
            return _constant(value)
        return None, lambda operations, t: rule(operations, *(part(operations, t) for part in parts))

    def _refusal(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                what = f"the name {quoted(name)}"
                if name == "D":
                    return f"A formula cannot hold {what}{self._place(node)}; write D as sigmoid({self.variable})."
            case ast.Call(func=ast.Name(id=name)):
                what = f"the call of {quoted(name)}"
            case ast.BinOp(op=ast.BitXor()):
                what = "'^' (a power is written **)"
            case _:
                what = quoted(ast.get_source_segment(self.text, node))
        known = f"the variable {self.variable}, numbers, pi, e, + - * / **, and {', '.join(FUNCTIONS)}"
        return f"A formula cannot hold {what}{self._place(node)}; it is made of {known}."

    def _place(self, node: ast.expr) -> str:
        """Return where a part of the formula begins; Python counts bytes of UTF-8 on each line."""
        lines = self.text.splitlines(keepends=True)
        before = lines[node.lineno - 1].encode()[: node.col_offset].decode()
        return self._at(sum(map(len, lines[: node.lineno - 1])) + len(before))

    def _at(self, place: int) -> str:
        return f" (character {self.start + place + 1})"


def _constant(number: float) -> tuple[float | None, Part]:
    try:
        value = float(number)
    except OverflowError:
        value = np.inf
    if not np.isfinite(value):
        raise InvalidValueError("A number in the formula is too large, or undefined.")
    return value, lambda operations, t: (value, None)


def _check_finite(found: Expression, variable: str) -> None:
    """Refuse what is infinite or undefined at a score that may come up, in the precision that networks train in."""
    places = GRID.astype(np.float32)
    for what, values in (("It", found(places)), ("Its slope", found.slope(places))):
        broken = ~np.isfinite(values)
        if broken.any():
            place = min(places[broken], key=abs)
            raise InvalidValueError(
                f"{quoted(found.text)} cannot be used. {what} is not finite at {variable} = {place:g}; "
                f"it must be from -{FARTHEST:g} to {FARTHEST:g}."
            )

"""Formulas that write themselves down: what a function of tensors answers when it is given a name in place of one.

Losses, penalties and inputs are made of a few operations. A :class:`Written` has these too; each returns a larger one,
so that ``loss.on_real(Written.name("t"))`` leaves the formula itself, ``softplus(-t)``, with the numbers that the loss
has. What is shown or copied is thus what is computed.
"""

from __future__ import annotations

from typing import Any, cast

from ganviz.spec.frozen import dataclass

FUNCTIONS = (
    "exp", "expm1", "log", "log1p", "sqrt", "abs", "sign", "tanh", "sin", "cos", "relu", "softplus", "sigmoid",
    "maximum", "minimum",
)  # fmt: skip
"""Functions with the name that torch has for them."""

_BINARY = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}
NEGATED = 3
ATOM = 5

Part = Any
"""A number or a :class:`Written`."""


@dataclass(frozen=True, slots=True)
class Written:
    """A name, or an operation with its arguments."""

    operation: str
    arguments: tuple[Part, ...] = ()

    @classmethod
    def name(cls, name: str) -> Written:
        """Return a variable."""
        return cls(name)

    @property
    def shape(self) -> tuple[int, ...]:
        """Return nothing to tell apart: names stand for tensors of equal shapes."""
        return ()

    def __add__(self, other: Part) -> Written:
        if isinstance(other, Written) and other.operation == "negated":
            return Written("-", (self, other.arguments[0]))
        return self if is_number(other, 0) else Written("+", (self, other))

    def __radd__(self, other: Part) -> Written:
        return Written("+", (other, self))

    def __sub__(self, other: Part) -> Written:
        if (isinstance(other, Written) and other.operation == "negated") or is_below_0(other):
            return cast("Written", self + -other)
        return self if is_number(other, 0) else Written("-", (self, other))

    def __rsub__(self, other: Part) -> Written:
        if self.operation == "negated":
            return cast("Written", other + self.arguments[0])
        return Written("-", (other, self))

    def __mul__(self, other: Part) -> Written:
        return self if is_number(other, 1) else Written("*", (self, other))

    def __rmul__(self, other: Part) -> Written:
        return self if is_number(other, 1) else Written("*", (other, self))

    def __truediv__(self, other: Part) -> Written:
        return Written("/", (self, other))

    def __rtruediv__(self, other: Part) -> Written:
        return Written("/", (other, self))

    def __pow__(self, other: Part) -> Written:
        return Written("**", (self, other))

    def __rpow__(self, other: Part) -> Written:
        return Written("**", (other, self))

    def __neg__(self) -> Written:
        return self.arguments[0] if self.operation == "negated" else Written("negated", (self,))

    def square(self) -> Written:
        """Return the square."""
        return self**2

    def reciprocal(self) -> Written:
        """Return the inverse."""
        return 1 / self

    def clip(self, min: float | None = None, max: float | None = None) -> Written:
        """Return this held within bounds."""
        return Written("clip", (self, min, max))

    def mean(self) -> Written:
        """Return the mean over the batch."""
        return Written("mean", (self,))

    def __getattr__(self, name: str) -> Any:
        if name not in FUNCTIONS:
            raise AttributeError(f"a written formula has no {name!r}")
        return lambda *others: Written(name, (self, *others))

    def __str__(self) -> str:
        """Return the formula as Python with torch, and its functional module as ``F``."""
        return _python(self)[0]


class WrittenOperations:
    """The operations that typed formulas ask for, as those of arrays and tensors are."""

    def __getattr__(self, name: str) -> Any:
        if name == "power":
            return lambda base, exponent: Written("**", (base, exponent))
        return lambda *parts: Written(name, parts)


def is_number(part: Part, number: float) -> bool:
    """Return whether a part is this number."""
    return not isinstance(part, Written) and part == number


def is_below_0(part: Part) -> bool:
    """Return whether a part is a negative number."""
    return not isinstance(part, Written) and part < 0


def number_text(number: float) -> str:
    """Return a number to all its digits, and whole ones without a point."""
    return repr(int(number)) if number == int(number) and abs(number) < 1e15 else repr(float(number))


def _python(part: Part) -> tuple[str, int]:
    """Return a part as Python, and how strongly it holds together."""
    if not isinstance(part, Written):
        number = number_text(part)
        return number, NEGATED if number.startswith("-") else ATOM
    operation, arguments = part.operation, part.arguments
    if not arguments:
        return operation, ATOM
    if operation in _BINARY:
        return _binary(operation, *arguments)
    if operation == "negated":
        return f"-{held(_python(arguments[0]), NEGATED)}", NEGATED
    if operation == "mean":
        return f"{held(_python(arguments[0]), ATOM)}.mean()", ATOM
    if operation in ("clip", "maximum", "minimum"):
        return _within(operation, arguments), ATOM
    room = "F" if operation in ("relu", "softplus") else "torch"
    return f"{room}.{operation}({_python(arguments[0])[0]})", ATOM


def held(text: tuple[str, int], strength: int) -> str:
    """Return a text, in parentheses where it holds together less than ``strength``."""
    return text[0] if text[1] >= strength else f"({text[0]})"


def _binary(operation: str, left: Part, right: Part) -> tuple[str, int]:
    strength = _BINARY[operation]
    base = strength + (operation == "**")  # Python's powers lean to the right, everything else to the left
    return f"{held(_python(left), base)} {operation} {held(_python(right), strength + 1)}", strength


def _within(operation: str, arguments: tuple[Part, ...]) -> str:
    """Return bounds that are numbers as ``clip``, which keeps the tensor's kind of number."""
    if operation == "clip":
        first, low, high = arguments
    else:
        first, bound = arguments if isinstance(arguments[0], Written) else arguments[::-1]
        if isinstance(bound, Written):
            return f"torch.{operation}({first}, {bound})"
        low, high = (bound, None) if operation == "maximum" else (None, bound)
    bounds = [
        f"{name}={number_text(bound)}" for name, bound in (("min", low), ("max", high)) if bound is not None
    ]
    return f"{held(_python(first), ATOM)}.clip({', '.join(bounds)})"

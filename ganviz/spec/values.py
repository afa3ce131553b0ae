"""The values of parameters: what is known of one, what is allowed, and the sentences where it is not."""

from __future__ import annotations

import difflib
import math
import sys
from collections.abc import Collection
from typing import Any

from ganviz.spec.frozen import dataclass

LONGEST_QUOTE = 120
"""Characters of a value that a message quotes."""
LONGEST_MESSAGE = 1000
"""Characters of a whole message, whatever names and paths of others it holds."""

Plain = Any
"""Data that JSON can carry: None, bool, int, float, str, lists and dictionaries of these."""
UNFIT = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)
"""What is raised where somebody else's plain data are made numbers and texts, and are others than they should be."""


WANTED = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
_JSON_WORDS = {None: "null", True: "true", False: "false"}


class InvalidValueError(ValueError):
    """A value that cannot be used; its text is one sentence that names the value and what is allowed."""

    def __str__(self) -> str:
        return readable(super().__str__())


class UnknownKeyError(InvalidValueError):
    """A name that is not in a list; its text gives the nearest valid names, where there are any."""

    def __init__(self, what: str, key: str, known: list[str]) -> None:
        near = ", ".join(difflib.get_close_matches(key[:LONGEST_QUOTE], known, n=3, cutoff=0.4) or known)
        super().__init__(
            f"Unknown {what} {quoted(key)}; " + (f"did you mean {near}?" if near else "there is none.")
        )


@dataclass(frozen=True, slots=True)
class ParamInfo:
    """What is known of one parameter besides its type and default.

    Attributes
    ----------
    title : str
        Label, sentence case, without a colon.
    help : str
        One or two sentences: what it does and what happens when it is changed.
    low, high : float or None
        Inclusive bounds of a number (for a tuple: of every element); ``open_low`` excludes ``low``.
    choices : collection of str
        Allowed texts, empty when any is allowed; a catalog, where they are keys of its entries.
    unit : str
        Unit or symbol shown behind the value.
    log : bool
        Whether the value is best chosen on a logarithmic scale.
    longest : int or None
        Characters that a text may have.
    noun : str
        What messages call the value in front of its range, "a whole number" for example.
    live : bool
        Whether a change takes effect without a restart.
    editor : str
        Hint for forms: "" for the ordinary widget of the type, "file", "folder", "points", or "hidden".
    """

    title: str
    help: str
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    choices: Collection[str] = ()
    unit: str = ""
    log: bool = False
    editor: str = ""
    longest: int | None = None
    noun: str = ""
    live: bool = False


def finite(value: float) -> float | None:
    """Return a number, or None for NaN and infinities, which JSON has not."""
    return float(value) if math.isfinite(value) else None


def to_plain_value(value: Any) -> Plain:
    """Return a parameter's value as JSON carries it: tuples become lists."""
    return [to_plain_value(item) for item in value] if isinstance(value, tuple) else value


def coerce(value: Any, kind: Any, name: str) -> Any:
    """Return ``value`` as an instance of ``kind`` (bool, int, float, str or a tuple of these), or raise.

    Whole floats become integers where an integer is asked for, integers become floats, lists become tuples; nothing
    else is converted.
    """
    arguments = getattr(kind, "__args__", None)
    if getattr(kind, "__origin__", None) is not tuple or not arguments:
        return _coerce_scalar(value, kind, name)
    if not isinstance(value, (list, tuple)):
        raise InvalidValueError(f"{name} must be a list, not {quoted(value)}.")
    if arguments[-1] is Ellipsis:
        return tuple(_coerce_item(item, arguments[0], name) for item in value)
    if len(value) != len(arguments):
        raise InvalidValueError(f"{name} must have {len(arguments)} values, not {len(value)}.")
    return tuple(coerce(item, part, name) for item, part in zip(value, arguments, strict=True))


def _coerce_item(item: Any, kind: Any, name: str) -> Any:
    """Return an item of a list; where it is wrong, the sentence is about the list."""
    try:
        return coerce(item, kind, name)
    except InvalidValueError:
        raise InvalidValueError(
            f"{name} must be a list of {_items_of(kind)}, not of {quoted(item)}."
        ) from None


def _items_of(kind: Any) -> str:
    """Return what a list's items are, in the plural; those that are lists have a length."""
    arguments = getattr(kind, "__args__", None)
    if arguments:
        return f"lists of {len(arguments)} {_items_of(arguments[0])}"
    return {int: "whole numbers", float: "finite numbers", bool: "true or false", str: "texts"}[kind]


def _coerce_scalar(value: Any, kind: type, name: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            value = float(value)
        except OverflowError:
            raise InvalidValueError(
                f"{name} must be a number below {sys.float_info.max:.0e}, not {quoted(value)}."
            ) from None
    if kind is int and isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not kind:
        raise InvalidValueError(f"{name} must be {WANTED[kind]}, not {quoted(value)}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidValueError(f"{name} must be a finite number, not {value!r}.")
    return value


def check_range(value: Any, info: ParamInfo, name: str) -> None:
    """Raise :class:`InvalidValueError` when a value lies outside what ``info`` allows."""
    if isinstance(value, tuple):
        for item in value:
            check_range(item, info, name)
        return
    if info.choices and value not in info.choices:
        raise UnknownKeyError(name, str(value), list(info.choices))
    if isinstance(value, str) and info.longest is not None and len(value) > info.longest:
        raise InvalidValueError(
            f"{name} must be a text of at most {info.longest} characters, not {quoted(value)}."
        )
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        too_low = info.low is not None and (value < info.low or (info.open_low and value == info.low))
        if too_low or (info.high is not None and value > info.high):
            noun = f"{info.noun} " if info.noun else ""
            raise InvalidValueError(f"{name} must be {noun}{allowed_range(info)}, not {quoted(value)}.")


def quoted(value: Any) -> str:
    """Return a value as messages quote it, and files write it: its beginning, where it is long."""
    if value is None or isinstance(value, bool):
        return _JSON_WORDS[value]
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # more digits, or deeper, than Python is willing to write
        return f"a {type(value).__name__} of unusual size"
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


def readable(message: str) -> str:
    """Return a message without the middle of what is too long to be read: its beginning and its end say the most."""
    if len(message) <= LONGEST_MESSAGE:
        return message
    return f"{message[: 2 * LONGEST_MESSAGE // 3]} … {message[-LONGEST_MESSAGE // 4 :]}"


def allowed_range(info: ParamInfo) -> str:
    """Return the allowed range in words: "at least 1", "between 0 and 1", "greater than 0"."""
    low, high = (f"{bound:.10g}" if bound is not None else None for bound in (info.low, info.high))
    if low is not None and high is not None:
        return f"greater than {low} and at most {high}" if info.open_low else f"between {low} and {high}"
    if low is not None:
        return f"greater than {low}" if info.open_low else f"at least {low}"
    return f"at most {high}" if high is not None else "any number"

"""Ground floor: what a variant is, lists of variants, and their plain-data form.

A *spec* is a frozen value (a loss, a penalty, a distribution, an optimizer …) whose dataclass fields are its
parameters. Each field says, through :func:`param`, how it is named, what it does and which values are allowed; forms,
the command line, files and error messages all read that one description. A :class:`Catalog` is an ordered, read-only
list of spec classes by key. Nothing here knows Qt or torch.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar, get_type_hints

LONGEST_QUOTE = 120
"""Characters of a value that a message quotes."""

Plain = Any
"""Data that JSON can carry: None, bool, int, float, str, lists and dictionaries of these."""


class InvalidValueError(ValueError):
    """A value that cannot be used; its text is one sentence that names the value and what is allowed."""


class UnknownKeyError(InvalidValueError):
    """A name that is not in a list; its text gives the nearest valid names."""

    def __init__(self, what: str, key: str, known: list[str]) -> None:
        near = difflib.get_close_matches(key, known, n=3, cutoff=0.4) or known
        super().__init__(f"Unknown {what} {key!r}; did you mean {', '.join(near)}?")


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
    choices : tuple of str
        Allowed texts, empty when any is allowed.
    unit : str
        Unit or symbol shown behind the value.
    log : bool
        Whether the value is best chosen on a logarithmic scale.
    editor : str
        Hint for forms: "" for the ordinary widget of the type, "file", "folder", "points", or "hidden".
    """

    title: str
    help: str
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    choices: tuple[str, ...] = ()
    unit: str = ""
    log: bool = False
    editor: str = ""


def param(default: Any, title: str, help: str, **info: Any) -> Any:
    """Declare a spec's field with its default and its :class:`ParamInfo` (further keywords go there)."""
    return dataclasses.field(default=default, metadata={"param": ParamInfo(title, help, **info)})


def param_info(field: dataclasses.Field[Any]) -> ParamInfo:
    """Return the :class:`ParamInfo` of a field made by :func:`param`."""
    info = field.metadata["param"]
    assert isinstance(info, ParamInfo)
    return info


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """Base of every variant: checks its own fields against their :class:`ParamInfo` when it is made.

    Raises
    ------
    InvalidValueError
        When a field has the wrong type, is not finite, or lies outside its range.
    """

    key: ClassVar[str]
    title: ClassVar[str]

    def __post_init__(self) -> None:
        hints = field_types(type(self))
        for field in dataclasses.fields(self):
            if "param" in field.metadata:
                value = coerce(getattr(self, field.name), hints[field.name], field.name)
                check_range(value, param_info(field), field.name)
                object.__setattr__(self, field.name, value)

    def to_plain(self) -> dict[str, Plain]:
        """Return ``{"kind": key, field: value, …}``, which JSON can carry."""
        return {
            "kind": self.key,
            **{f.name: to_plain_value(getattr(self, f.name)) for f in dataclasses.fields(self)},
        }


_FIELD_TYPES: dict[type, dict[str, Any]] = {}


def field_types(cls: type) -> dict[str, Any]:
    """Return the resolved types of a dataclass's fields (cached)."""
    if cls not in _FIELD_TYPES:
        _FIELD_TYPES[cls] = get_type_hints(cls)
    return _FIELD_TYPES[cls]


def to_plain_value(value: Any) -> Plain:
    """Return a parameter's value as JSON carries it: tuples become lists."""
    return [to_plain_value(item) for item in value] if isinstance(value, tuple) else value


def coerce(value: Any, kind: Any, name: str) -> Any:
    """Return ``value`` as an instance of ``kind`` (bool, int, float, str or a tuple of these), or raise.

    Whole floats become integers where an integer is asked for, integers become floats, lists become tuples; nothing
    else is converted.
    """
    arguments = getattr(kind, "__args__", None)
    if getattr(kind, "__origin__", None) is tuple and arguments:
        if not isinstance(value, (list, tuple)):
            raise InvalidValueError(f"{name} must be a list, not {quoted(value)}.")
        if arguments[-1] is Ellipsis:
            return tuple(coerce(item, arguments[0], name) for item in value)
        if len(value) != len(arguments):
            raise InvalidValueError(f"{name} must have {len(arguments)} values, not {len(value)}.")
        return tuple(coerce(item, part, name) for item, part in zip(value, arguments, strict=True))
    return _coerce_scalar(value, kind, name)


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
        wanted = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}[kind]
        raise InvalidValueError(f"{name} must be {wanted}, not {quoted(value)}.")
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
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        too_low = info.low is not None and (value < info.low or (info.open_low and value == info.low))
        if too_low or (info.high is not None and value > info.high):
            raise InvalidValueError(f"{name} must be {allowed_range(info)}, not {quoted(value)}.")


def quoted(value: Any) -> str:
    """Return a value as messages quote it: its beginning, where it is long."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # more digits, or deeper, than Python is willing to write
        return f"a {type(value).__name__} of unusual size"
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


def allowed_range(info: ParamInfo) -> str:
    """Return the allowed range in words: "at least 1", "between 0 and 1", "greater than 0"."""
    low, high = (f"{bound:.10g}" if bound is not None else None for bound in (info.low, info.high))
    if low is not None and high is not None:
        return f"greater than {low} and at most {high}" if info.open_low else f"between {low} and {high}"
    if low is not None:
        return f"greater than {low}" if info.open_low else f"at least {low}"
    return f"at most {high}" if high is not None else "any number"


S = TypeVar("S", bound=Spec)


class Catalog(Mapping[str, type[S]], Generic[S]):
    """An ordered, read-only list of spec classes by key; its order is the order in menus.

    Parameters
    ----------
    what : str
        What one entry is, for messages: "loss", "distribution".
    *classes : type
        The entries; their ``key`` must be unique.
    """

    def __init__(self, what: str, *classes: type[S]) -> None:
        self.what = what
        self._classes = {cls.key: cls for cls in classes}
        if len(self._classes) != len(classes):
            raise ValueError(f"two entries of the {what} catalog share a key")

    def __getitem__(self, key: str) -> type[S]:
        try:
            return self._classes[key]
        except KeyError:
            raise UnknownKeyError(self.what, key, list(self._classes)) from None

    def __contains__(self, key: object) -> bool:
        return key in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)

    def from_plain(self, plain: Plain, path: str) -> S:
        """Make a spec from ``{"kind": key, …}`` or from a bare key; fields not given take their defaults.

        Raises
        ------
        InvalidValueError
            When the kind or a field is unknown or a value is not allowed; the text starts with ``path``.
        """
        if isinstance(plain, str):
            plain = {"kind": plain}
        if not isinstance(plain, Mapping) or not isinstance(plain.get("kind"), str):
            raise InvalidValueError(
                f"{path} must be an object with a text field 'kind', not {quoted(plain)}."
            )
        cls = self[plain["kind"]]
        return spec_from_plain(cls, {name: value for name, value in plain.items() if name != "kind"}, path)


def spec_from_plain(cls: type[S], fields: Mapping[str, Plain], path: str) -> S:
    """Make ``cls`` from a dictionary of its fields, with errors that start with ``path``."""
    known = [field.name for field in dataclasses.fields(cls)]
    for name in fields:
        if name not in known:
            raise UnknownKeyError("setting", f"{path}.{name}", [f"{path}.{other}" for other in known])
    try:
        return cls(**fields)
    except UnknownKeyError:
        raise
    except InvalidValueError as error:
        raise InvalidValueError(f"{path}.{error}") from None

"""What a spec is, its fields and its plain-data form, and lists of specs by key."""

from __future__ import annotations

import dataclasses
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import MISSING
from inspect import get_annotations
from types import SimpleNamespace
from typing import Any, ClassVar, Generic, TypeVar, get_type_hints

from ganviz.spec.frozen import dataclass
from ganviz.spec.values import (
    WANTED,
    InvalidValueError,
    ParamInfo,
    Plain,
    UnknownKeyError,
    allowed_range,
    check_range,
    coerce,
    quoted,
    to_plain_value,
)


@dataclass(frozen=True, slots=True)
class PartInfo:
    """What is known of a field that holds specs: one of a class, several of it, or entries of a catalog.

    Attributes
    ----------
    title, help : str
        As of a :class:`ParamInfo`.
    spec : type or None
        The class of a part; None where ``catalog`` says which there are.
    catalog : Catalog or None
        The entries to choose from.
    is_many : bool
        Whether the field holds a tuple: parts in a row, or entries of the catalog, each kind once.
    live : bool
        Whether every change of it takes effect without a restart.
    keeps_shared : bool
        Whether another kind keeps the values of fields that both kinds have.
    named : mapping or None
        Values of the field that have a name, by it; the name is accepted in place of the value.
    """

    title: str
    help: str
    spec: type[Spec] | None = None
    catalog: Catalog[Any] | None = None
    is_many: bool = False
    live: bool = False
    keeps_shared: bool = False
    named: Mapping[str, Spec] | None = None


def param(default: Any, title: str, help: str, **info: Any) -> Any:
    """Declare a spec's field with its default and its :class:`ParamInfo` (further keywords go there)."""
    return dataclasses.field(default=default, metadata={"param": ParamInfo(title, help, **info)})


def part(spec: type[Spec], default: Any, title: str, help: str, **info: Any) -> Any:
    """Declare a field that holds a spec of one class, or a tuple of them where ``is_many``."""
    return _holding(default, PartInfo(title, help, spec=spec, **info))


def choice(catalog: Catalog[Any], default: Any, title: str, help: str, **info: Any) -> Any:
    """Declare a field that holds one entry of a catalog; ``MISSING`` as the default asks for it."""
    return _holding(default, PartInfo(title, help, catalog=catalog, **info))


def several(catalog: Catalog[Any], title: str, help: str, **info: Any) -> Any:
    """Declare a field that holds any entries of a catalog in their order, each kind once."""
    return _holding((), PartInfo(title, help, catalog=catalog, is_many=True, **info))


def _holding(default: Any, info: PartInfo) -> Any:
    return dataclasses.field(default=default, metadata={"part": info})


def param_info(field: dataclasses.Field[Any]) -> ParamInfo:
    """Return the :class:`ParamInfo` of a field made by :func:`param`."""
    info = field.metadata["param"]
    assert isinstance(info, ParamInfo)
    return info


def field_info(field: dataclasses.Field[Any]) -> ParamInfo | PartInfo:
    """Return what is known of a field, whichever maker made it."""
    info = field.metadata.get("part")
    return info if isinstance(info, PartInfo) else param_info(field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """Base of every variant: checks its own fields against what is known of them when it is made.

    Entries of catalogs have a ``key``; specs that are parts of others have none.

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
            value, info = getattr(self, field.name), field_info(field)
            if isinstance(info, ParamInfo):
                value = _checked(value, hints[field.name], field.name, info)
            elif info.is_many:
                value = tuple(value)
                keys = [spec.key for spec in value] if info.catalog is not None else []
                if len(set(keys)) != len(keys):
                    raise InvalidValueError(f"{field.name} takes each kind once, not {', '.join(keys)}.")
            object.__setattr__(self, field.name, value)

    def script(self) -> str:
        """Return this choice as plain Python with torch, for a script that stands alone; each base says in which form.

        Raises
        ------
        InvalidValueError
            Where nobody has written it down.
        """
        raise InvalidValueError(
            f"{self.title} has no form as a script yet; choose another entry to export one."
        )

    def to_plain(self) -> dict[str, Plain]:
        """Return ``{"kind": key, field: value, …}``, which JSON can carry; "kind" only where there is a key."""
        kind = {"kind": self.key} if hasattr(self, "key") else {}
        return kind | {f.name: _to_plain(getattr(self, f.name), f) for f in dataclasses.fields(self)}


def _checked(value: Any, kind: Any, name: str, info: ParamInfo) -> Any:
    """Return a parameter's value in its type; of one that is none, the sentence tells the range, too."""
    try:
        value = coerce(value, kind, name)
    except InvalidValueError:
        if info.choices:
            wanted = f"one of {', '.join(info.choices)}"
        elif kind in (int, float) and (info.low, info.high) != (None, None):
            is_endless = kind is float and isinstance(value, float) and not math.isfinite(value)
            noun = info.noun or ("a finite number" if is_endless else WANTED[kind])
            wanted = f"{noun} {allowed_range(info)}"
        else:
            raise
        raise InvalidValueError(f"{name} must be {wanted}, not {quoted(value)}.") from None
    check_range(value, info, name)
    return value


def _to_plain(value: Any, field: dataclasses.Field[Any]) -> Plain:
    """Return a field's value as JSON carries it; several entries of a catalog are keyed by their kind."""
    info = field_info(field)
    if isinstance(info, ParamInfo):
        return to_plain_value(value)
    if not info.is_many:
        return value.to_plain()
    if info.catalog is None:
        return [spec.to_plain() for spec in value]
    plains = [spec.to_plain() for spec in value]
    return {plain.pop("kind"): plain for plain in plains}


_FIELD_TYPES: dict[type, dict[str, Any]] = {}


def field_types(cls: type) -> dict[str, Any]:
    """Return the resolved types of a dataclass's fields (cached)."""
    if cls not in _FIELD_TYPES:
        fields = {field.name for field in dataclasses.fields(cls)}
        types: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            # Of a class, `get_type_hints` resolves every ClassVar of every base as well: thirty for a field or two.
            own = {name: hint for name, hint in get_annotations(base).items() if name in fields}
            types |= get_type_hints(SimpleNamespace(__annotations__=own), vars(sys.modules[base.__module__]))
        _FIELD_TYPES[cls] = types
    return _FIELD_TYPES[cls]


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
            found = "but is missing" if plain is MISSING else f"not {quoted(plain)}"
            raise InvalidValueError(f"{path} must be an object with a text field 'kind', {found}.")
        cls = self[plain["kind"]]
        return spec_from_plain(cls, {name: value for name, value in plain.items() if name != "kind"}, path)


def spec_from_plain(cls: type[S], fields: Plain, path: str) -> S:
    """Make ``cls`` from a dictionary of its fields, with errors that start with ``path`` (empty: the root)."""
    if not isinstance(fields, Mapping):
        raise InvalidValueError(f"{path} must be {_object_of(cls)}, not {quoted(fields)}.")
    start = f"{path}." if path else ""
    known = {field.name: field for field in dataclasses.fields(cls)}
    for name in fields:
        if name not in known:
            raise UnknownKeyError("setting", f"{start}{name}", [f"{start}{other}" for other in known])
    made = {
        name: _from_plain(fields.get(name, MISSING), field, f"{start}{name}")
        for name, field in known.items()
        if name in fields or field.default is MISSING
    }
    try:
        return cls(**made)
    except UnknownKeyError:
        raise
    except InvalidValueError as error:
        raise InvalidValueError(f"{start}{error}") from None


def _object_of(cls: type[Spec]) -> str:
    """Return what a spec is written as, in words; one that is made of parts alone names them."""
    fields = dataclasses.fields(cls)
    if len(fields) < 2 or any(isinstance(field_info(field), ParamInfo) for field in fields):
        return "an object"
    *names, last = (f"'{field.name}'" for field in fields)
    return f"an object with {', '.join(names)} and {last}"


def _from_plain(plain: Plain, field: dataclasses.Field[Any], path: str) -> Any:
    info = field_info(field)
    if isinstance(info, ParamInfo):
        return plain
    if info.catalog is not None and info.is_many:
        if not isinstance(plain, Mapping):
            raise InvalidValueError(f"{path} must be an object, not {quoted(plain)}.")
        return tuple(spec_from_plain(info.catalog[key], plain[key], f"{path}.{key}") for key in plain)
    if info.catalog is not None:
        return info.catalog.from_plain(plain, path)
    assert info.spec is not None
    if info.is_many:
        if not isinstance(plain, list):
            raise InvalidValueError(f"{path} must be a list, not {quoted(plain)}.")
        return tuple(spec_from_plain(info.spec, item, f"{path}.{i}") for i, item in enumerate(plain))
    if info.named is not None and isinstance(plain, str):
        if plain not in info.named:
            raise UnknownKeyError(field.name, plain, list(info.named))
        return info.named[plain]
    return spec_from_plain(info.spec, plain, path)

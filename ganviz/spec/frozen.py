"""``dataclass`` for frozen values, made in a fifth of the time that the standard one takes.

The standard decorator compiles six functions for every class, half a millisecond in all; the window's process has three
hundred of them when it is painted, and so has the engine's. Here ``__init__`` alone is compiled, the others are written
once, below. Everything else is as with the standard one, which type checkers take it for: ``fields``, ``replace``,
pickling, ``__match_args__``, comparison as tuples, errors. What is not frozen is left to the standard one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None, /, *, frozen: bool = False, eq: bool = True, **options: Any
    ) -> Any:
        """Make a data class of ``cls``, or return what makes one; ``options`` are those of the standard decorator."""
        if cls is None:
            return lambda made: dataclass(made, frozen=frozen, eq=eq, **options)
        if not frozen:
            return dataclasses.dataclass(cls, eq=eq, **options)
        return _frozen(cls, eq, options)


_set = object.__setattr__


def _frozen(cls: type, has_eq: bool, options: dict[str, bool]) -> type:
    own = set(cls.__dict__)
    made = _with_fields(cls, options)
    methods: dict[str, Any] = {
        "__init__": _init_of(made),
        "__repr__": _repr,
        "__setattr__": _refusing(made, "assign to", "__setattr__"),
        "__delattr__": _refusing(made, "delete", "__delattr__"),
    }
    if has_eq:
        methods |= _comparison(made)
        if "__hash__" in own and not ("__eq__" in own and cls.__hash__ is None):
            del methods["__hash__"]
    if options.get("slots"):
        methods |= _state(made)
    for name, method in methods.items():
        if name not in own or name == "__hash__":
            setattr(made, name, method)
    return made


def _with_fields(cls: type, options: dict[str, bool]) -> type:
    """Let the standard decorator find the fields, and make none of the functions.

    It makes those that refuse changes whenever it is told of a frozen class, and refuses a changeable one below a
    frozen one. So it is told afterwards, and the classes above are called changeable meanwhile; a class below that the
    standard decorator makes finds a frozen one above it, as it should.
    """
    known = (base.__dict__.get("__dataclass_params__") for base in cls.__mro__)
    above = [parameters for parameters in known if parameters is not None and parameters.frozen]
    for parameters in above:
        parameters.frozen = False
    try:
        made: type = dataclasses.dataclass(init=False, repr=False, eq=False, **options)(cls)
    finally:
        for parameters in above:
            parameters.frozen = True
    made.__dict__["__dataclass_params__"].frozen = True
    return made


def _init_of(cls: type) -> Callable[..., None]:
    """Compile ``__init__``: a parameter for each field, in order, those by keyword alone at the end."""
    known: dict[str, Any] = {"_set": _set, "_MADE": dataclasses.MISSING}
    parameters: dict[bool, list[str]] = {False: [], True: []}
    lines = []
    for field in dataclasses.fields(cls):
        name, value = field.name, field.name
        if field.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"] = field.default_factory
            value = f"_make_{name}() if {name} is _MADE else {name}" if field.init else f"_make_{name}()"
        elif field.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = field.default
            value = name if field.init else f"_default_{name}"
        if field.init:
            parameters[bool(field.kw_only)].append(name + _default(name, known))
        elif value == name:
            continue  # a field that __post_init__ sets
        lines.append(f"    _set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    by_keyword = ["*", *parameters[True]] if parameters[True] else []
    head = ", ".join(("self", *parameters[False], *by_keyword))
    exec(f"def __init__({head}):\n" + "\n".join(lines or ["    pass"]), known)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = {field.name: field.type for field in dataclasses.fields(cls) if field.init}
    return init


def _default(name: str, known: dict[str, Any]) -> str:
    if f"_make_{name}" in known:
        return "=_MADE"
    return f"=_default_{name}" if f"_default_{name}" in known else ""


@recursive_repr()
def _repr(self: Any) -> str:
    values = (
        f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr
    )
    return f"{type(self).__qualname__}({', '.join(values)})"


def _comparison(cls: type) -> dict[str, Any]:
    names = [field.name for field in dataclasses.fields(cls) if field.compare]
    values = _values_of(names)
    hashed = [f.name for f in dataclasses.fields(cls) if (f.compare if f.hash is None else f.hash)]
    to_hash = values if hashed == names else _values_of(hashed)

    def is_equal(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return {"__eq__": is_equal, "__hash__": lambda self: hash(to_hash(self))}


def _values_of(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    """Return what reads these attributes as a tuple: ``attrgetter`` makes one of two or more only."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _refusing(cls: type, verb: str, way: str) -> Callable[..., None]:
    names = frozenset(field.name for field in dataclasses.fields(cls))

    def refuse(self: object, name: str, *value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot {verb} field {name!r}")
        getattr(super(cls, self), way)(name, *value)

    return refuse


def _state(cls: type) -> dict[str, Any]:
    """Return what pickling calls: a window and its engine send each other hundreds of values thirty times a second."""
    names = [field.name for field in dataclasses.fields(cls)]
    values = _values_of(names)

    def set_state(self: object, state: list[object]) -> None:
        for name, value in zip(names, state, strict=True):
            _set(self, name, value)

    return {"__getstate__": lambda self: list(values(self)), "__setstate__": set_state}

"""What differs between two specs, leaf by leaf, and whether the difference needs a restart."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, NamedTuple

from ganviz.spec.specs import PartInfo, Spec, field_info


class Difference(NamedTuple):
    """One field that is not the same in two specs.

    ``path`` is as ``--set`` has it; ``of`` is the title of the spec that has the field ("R1", "Adam"), empty where it
    has none. Where another kind was chosen, ``old`` and ``new`` are whole specs; None stands for one that is not there.
    """

    path: str
    title: str
    old: Any
    new: Any
    of: str
    live: bool


def differences(old: Spec, new: Spec, path: str = "", *, live: bool = False) -> Iterator[Difference]:
    """Yield every difference of two specs of one class, in the order of their fields.

    Parameters
    ----------
    path : str
        Where the specs are, in front of every path.
    live : bool
        Whether all of it takes effect without a restart.
    """
    of = getattr(type(new), "title", "")
    for field in dataclasses.fields(new):
        a, b, info = getattr(old, field.name), getattr(new, field.name), field_info(field)
        where = f"{path}.{field.name}" if path else field.name
        is_live = live or info.live
        pairs = _pairs(a, b, info) if isinstance(info, PartInfo) else {"": (a, b)}
        for name, (x, y) in pairs.items():
            inner = f"{where}.{name}" if name else where
            if type(x) is type(y) and isinstance(x, Spec):
                yield from differences(x, y, inner, live=is_live)
            elif x != y:
                yield Difference(inner, info.title, x, y, of if isinstance(of, str) else "", is_live)


def _pairs(old: Any, new: Any, info: PartInfo) -> dict[str, tuple[Any, Any]]:
    """Return what stands in the same place of two values of a field, by its name there."""
    if not info.is_many:
        return {"": (old, new)}
    if info.catalog is not None:
        a, b = ({spec.key: spec for spec in specs} for specs in (old, new))
        return {key: (a.get(key), b.get(key)) for key in {**a, **b}}
    if len(old) != len(new):
        return {"": (old, new)}
    return {str(i): pair for i, pair in enumerate(zip(old, new, strict=True))}


def needs_restart(old: Spec, new: Spec) -> bool:
    """Return whether a change between two specs of one class cannot be made while a run goes on."""
    return any(not change.live for change in differences(old, new))

"""A wish made over settings that have changed meanwhile: what it changes is changed, all else stays as it is now.

Settings are chosen in the window over those in force as it knows them. While a step takes long, a second choice is made
before the first one, or another lane, is there; taken word by word it would take those back.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from ganviz.spec import InvalidValueError, Spec
from ganviz.training.config import LaneConfig, RunConfig


def rebased(before: RunConfig, wished: RunConfig, present: RunConfig) -> RunConfig:
    """Return ``present`` with what ``wished`` changes of ``before``.

    Raises
    ------
    InvalidValueError
        When a lane that is meant has gone, or both changes cannot be made together.
    """
    return wished if before == present else _changed(before, wished, present)


def _changed(before: Any, wished: Any, present: Any) -> Any:
    """Return the present value of a field with a wished change; where both have changed it, the wish is the newer."""
    if wished == before:
        return present
    if present == before:
        return wished
    if isinstance(present, Spec) and type(before) is type(wished) is type(present):
        fields = [field.name for field in dataclasses.fields(present)]
        values = {
            name: _changed(*(getattr(one, name) for one in (before, wished, present))) for name in fields
        }
        return dataclasses.replace(present, **values)
    if isinstance(present, tuple) and all(isinstance(one, LaneConfig) for one in present):
        return _changed_lanes(before, wished, present)
    return wished


def _changed_lanes(
    before: tuple[LaneConfig, ...], wished: tuple[LaneConfig, ...], present: tuple[LaneConfig, ...]
) -> tuple[LaneConfig, ...]:
    """Return lanes with a wished change: those that were added since, last of all, stay as they are."""
    if len(wished) != len(before):
        return wished
    if len(present) < len(before):
        return _changed_remaining(before, wished, present)
    merged = [_changed(*three) for three in zip(before, wished, present, strict=False)]
    return (*merged, *present[len(before) :])


def _changed_remaining(
    before: tuple[LaneConfig, ...], wished: tuple[LaneConfig, ...], present: tuple[LaneConfig, ...]
) -> tuple[LaneConfig, ...]:
    """Return the lanes that are left with a wished change, each found by what it was."""
    found, at = [], 0
    for lane in present:
        while at < len(before) and before[at] != lane:
            at += 1
        if at == len(before):
            raise InvalidValueError("The lanes have changed meanwhile; choose once more.")
        found.append(wished[at])
        at += 1
    return tuple(found)

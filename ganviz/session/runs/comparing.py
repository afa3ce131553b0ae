"""In which settings runs differ: one walk over nested specs for each run, against the first one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, NamedTuple

from ganviz.spec import Difference, Spec, differences, field_info
from ganviz.training.config import RunConfig

NOTHING = "–"


class SettingRow(NamedTuple):
    """A setting that is not the same in all runs: its path as ``--set`` has it, its name, its value in each run."""

    path: str
    title: str
    values: tuple[str, ...]


def differing_settings(configs: Sequence[RunConfig]) -> list[SettingRow]:
    """Return the settings in which any run differs from the first one, in the order of the fields.

    A part that a run has of another kind, or not at all, is one setting; the numbers in it have no value there.
    """
    if not configs:
        return []
    first, *others = configs
    found = [{change.path: change for change in differences(first, other)} for other in others]
    changes = {path: change for of_one in found for path, change in of_one.items()}
    rows = []
    for path in _in_order(found):
        change = changes[path]
        values = (change.old, *(_value(of_one, change) for of_one in found))
        title = f"{change.of} {change.title}".strip()
        rows.append(SettingRow(path, title, tuple(map(words_of, values))))
    return rows


def _in_order(found: list[dict[str, Difference]]) -> list[str]:
    """Return all paths, a path that only later runs have before the one that follows it there."""
    paths: list[str] = []
    for of_one in found:
        at = 0
        for path in of_one:
            if path in paths:
                at = paths.index(path) + 1
            else:
                paths.insert(at, path)
                at += 1
    return paths


def _value(of_one: dict[str, Difference], change: Difference) -> Any:
    """Return a run's value of a setting in which some run differs; None where it has no such setting."""
    if change.path in of_one:
        return of_one[change.path].new
    parts = change.path.split(".")
    is_elsewhere = any(".".join(parts[:n]) in of_one for n in range(1, len(parts)))
    return None if is_elsewhere else change.old


def words_of(value: Any) -> str:
    """Return a setting's value in words: a part is its title with the numbers that are not as they are at first."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Spec):
        return _spec_words(value)
    if isinstance(value, tuple):
        return ", ".join(map(words_of, value)) or NOTHING
    return str(value) or NOTHING


def _spec_words(value: Spec) -> str:
    """Return the title of a kind with its numbers; a title that is made of the parts says them already."""
    of_kind = getattr(type(value), "title", None)
    if of_kind is not None and not isinstance(of_kind, str):
        return str(getattr(value, "title", ""))
    changed = [
        f"{field_info(field).title} {words_of(own)}" if of_kind else words_of(own)
        for field in dataclasses.fields(value)
        if (own := getattr(value, field.name)) != field.default
    ]
    numbers = ", ".join(changed)
    return f"{of_kind} ({numbers})" if of_kind and numbers else of_kind or numbers or "as at first"

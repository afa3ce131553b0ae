"""Every setting of a run by name: what ``--set`` reaches and ``ganviz list settings`` prints."""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ganviz.losses import Formulation
from ganviz.losses.presets import title_of
from ganviz.spec import (
    InvalidValueError,
    ParamInfo,
    PartInfo,
    Plain,
    Spec,
    UnknownKeyError,
    allowed_range,
    field_info,
    field_types,
    quoted,
    to_plain_value,
)
from ganviz.spec.frozen import dataclass
from ganviz.training.config import LaneConfig, RunConfig, config_from_plain

NONE = "none"
"""No entry of several."""
LANE_SETTINGS = tuple(field.name for field in dataclasses.fields(LaneConfig))


@dataclass(frozen=True, slots=True)
class Setting:
    """One name that can be set.

    Attributes
    ----------
    path : str
    of : str
        The kind that has this setting (a distribution's key, for example), empty where every run has it.
    type, default, allowed, help : str
        In words.
    name : str
        What forms call it, after the groups that it stands in, as "Training · D updates per step".
    titles : tuple of (str, str)
        What forms call those of its values that are names.
    """

    path: str
    of: str
    type: str
    default: str
    allowed: str
    help: str
    name: str = ""
    titles: tuple[tuple[str, str], ...] = ()


def list_settings() -> tuple[Setting, ...]:
    """Return all settings; those of lanes go to every lane, or are written ``lanes.0.…`` for one."""
    # Once each: a part that several kinds have, as every optimizer its schedule, is met with each of them.
    return tuple(dict.fromkeys(_settings_of(RunConfig(), "")))


def _settings_of(spec: Spec, start: str, of: str = "", group: str = "") -> Iterator[Setting]:
    """Yield what can be set in a spec, its fields' paths after ``start``; the values it has are the defaults."""
    for field in dataclasses.fields(spec):
        info, value = field_info(field), getattr(spec, field.name)
        path, title = f"{start}{field.name}", f"{group}{info.title}"
        if isinstance(info, ParamInfo):
            yield _leaf(path, of, info, field_types(type(spec))[field.name], value, title)
        elif info.catalog is None and info.is_many:
            yield from _settings_of(value[0], "")
        elif info.catalog is None:
            if info.named:
                name = next(name for name, named in info.named.items() if named == value)
                named = tuple((key, _title(one, key)) for key, one in info.named.items())
                yield Setting(path, "", "text", name, ", ".join(info.named), info.help, title, named)
            yield from _settings_of(value, f"{path}.", "", f"{title} · ")
        else:
            kinds = tuple((key, cls.title) for key, cls in info.catalog.items())
            if not info.is_many:
                yield Setting(path, "", "text", value.key, ", ".join(info.catalog), info.help, title, kinds)
            else:
                # Penalties, what D sees: which there are, with their usual numbers.
                allowed = f"{NONE}, or names with + between them: {', '.join(info.catalog)}"
                yield Setting(path, "", "text", NONE, allowed, info.help, title, ((NONE, "None"), *kinds))
            for key, cls in info.catalog.items():
                inner, whole = f"{path}.", f"{title} · "
                if info.is_many:
                    inner, whole = f"{path}.{key}.", f"{title} · {cls.title} · "
                yield from _settings_of(value if type(value) is cls else cls(), inner, key, whole)


def _title(named: object, key: str) -> str:
    return title_of(named) if isinstance(named, Formulation) else key


def _leaf(path: str, of: str, info: ParamInfo, kind: Any, value: Any, title: str) -> Setting:
    names = {int: "whole number", float: "number", bool: "true or false", str: "text"}
    if info.editor == "points":
        return Setting(path, of, "list", "a heart", "list of [x, y]", info.help, title)
    allowed = allowed_range(info) if kind in (int, float) else ", ".join(info.choices)
    if kind not in names and info.low is not None:
        allowed = f"each {allowed_range(info)}"
    if info.longest is not None:
        allowed = f"at most {info.longest} characters"
    default = json.dumps(to_plain_value(value), ensure_ascii=False)
    return Setting(path, of, names.get(kind, "list"), default, allowed, info.help, title)


def with_settings(config: RunConfig, assignments: list[str]) -> RunConfig:
    """Return the configuration with ``KEY=VALUE`` assignments carried out, in their order.

    A value is read as JSON where that is possible and as a text otherwise, or where a text is wanted.

    Raises
    ------
    InvalidValueError
        When an assignment has no ``=``, names no setting (the nearest names are given), or its value is not allowed.
    """
    plain = config.to_plain()
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals or not key.strip():
            raise InvalidValueError(f"--set takes KEY=VALUE, not {assignment!r}.")
        _assign(plain, key.strip(), text.strip())
    return config_from_plain(plain)


def _assign(plain: dict[str, Plain], key: str, text: str) -> None:
    parts = key.split(".")
    if parts[0] == "lanes":
        lanes = plain["lanes"]
        if len(parts) < 3 or not parts[1].isdecimal() or int(parts[1]) >= len(lanes):
            there = "only lane 0" if len(lanes) == 1 else f"lanes 0 to {len(lanes) - 1}"
            raise InvalidValueError(
                f"{key!r} is no setting of a lane: this run has {there}, as in lanes.0.formulation."
            )
        _assign_in(LaneConfig, lanes[int(parts[1])], parts[2:], text)
    elif parts[0] in LANE_SETTINGS:
        for lane in plain["lanes"]:
            _assign_in(LaneConfig, lane, parts, text)
    else:
        _assign_in(RunConfig, plain, parts, text)


def _assign_in(cls: type[Spec], where: Plain, parts: list[str], text: str, depth: int = 0) -> None:
    """Set what ``parts`` lead to from ``depth`` on, in the plain form ``where`` of a ``cls``."""
    path, name = ".".join(parts), parts[depth]
    info = {field.name: field_info(field) for field in dataclasses.fields(cls)}.get(name)
    if info is None or not isinstance(where, dict) or name not in where:
        raise _unknown(path)
    if depth + 1 == len(parts):
        where[name] = _new_value(info, where[name], path, text)
        return
    inner, following = where[name], parts[depth + 1]
    if isinstance(info, ParamInfo) or not isinstance(inner, dict):
        raise _unknown(path)
    if info.catalog is None:
        assert info.spec is not None
        _assign_in(info.spec, inner, parts, text, depth + 1)
    elif not info.is_many:
        _assign_in(info.catalog[str(inner.get("kind"))], inner, parts, text, depth + 1)
    elif depth + 2 < len(parts) and following in info.catalog:
        entry = info.catalog[following]
        given = inner.get(following, {})
        inner[following] = _defaults(entry) | given if isinstance(given, dict) else given
        _assign_in(entry, inner[following], parts, text, depth + 2)
    elif depth + 2 == len(parts) and following in inner:
        inner[following] = _new_value(PartInfo("", ""), inner[following], path, text)
    else:
        raise _unknown(path)


def _new_value(info: ParamInfo | PartInfo, old: Plain, path: str, text: str) -> Plain:
    """Return what a text makes of the field; another kind starts from its defaults."""
    value = _value(text, old)
    if isinstance(info, ParamInfo) or not isinstance(value, str):
        return value
    if info.named is not None:
        if value not in info.named:
            raise UnknownKeyError(path.rpartition(".")[2], value, list(info.named))
        return info.named[value].to_plain()
    if info.catalog is not None and info.is_many:
        return _several(info.catalog, path, old, value)
    if info.catalog is None:
        raise InvalidValueError(f"{path!r} holds several settings; set one of them, such as {_first(path)}.")
    new = _defaults(info.catalog[value])
    kept = old if info.keeps_shared and isinstance(old, dict) else {}
    return {"kind": value} | new | {name: kept[name] for name in new if name in kept}


def _several(catalog: Mapping[str, type[Spec]], path: str, old: Plain, text: str) -> Plain:
    """Return the entries whose names stand between plus signs, or none; those that were there keep their values."""
    names = [] if text.strip() == NONE else [name.strip() for name in text.split("+")]
    given = old if isinstance(old, dict) else {}
    for name in names:
        if name not in catalog:
            raise UnknownKeyError(path.rpartition(".")[2], name, [NONE, *catalog])
    if len(set(names)) != len(names):
        raise InvalidValueError(f"{path} takes each kind once, not {quoted(text)}.")
    return {name: given.get(name, _defaults(catalog[name])) for name in names}


def _defaults(cls: type[Spec]) -> dict[str, Plain]:
    return {name: value for name, value in cls().to_plain().items() if name != "kind"}


def _value(text: str, old: Plain) -> Plain:
    """Return the value that a text stands for, in the place of ``old``: where a text is wanted, digits are one."""
    try:
        value = json.loads(text.lower() if isinstance(old, bool) else text)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(old, str) and not isinstance(value, str) else value


def _first(path: str) -> str:
    return next(setting.path for setting in list_settings() if setting.path.startswith(f"{path}."))


def _unknown(path: str) -> InvalidValueError:
    """Return the error of a name that the run does not have: with the kind that has it, or the nearest names."""
    settings = list_settings()
    kinds = [setting.of for setting in settings if setting.path == path]
    if kinds:
        group = path.rpartition(".")[0]
        return InvalidValueError(
            f"The setting {path!r} belongs to {' and '.join(kinds)}; choose that first: --set {group}={kinds[0]}."
        )
    nearness = {setting.path: _nearness(path, setting.path) for setting in settings}
    near = sorted((known for known in nearness if nearness[known] > 0.6), key=lambda known: -nearness[known])
    if near:
        return UnknownKeyError("setting", path, near[:3])
    return InvalidValueError(f"Unknown setting {path!r}; `ganviz list settings` prints all there are.")


def _nearness(given: str, known: str) -> float:
    whole = difflib.SequenceMatcher(None, given, known).ratio()
    group, _, end = given.rpartition(".")
    known_group, _, known_end = known.rpartition(".")
    ends = difflib.SequenceMatcher(None, end, known_end).ratio()
    if "".join(word[0] for word in known_end.split("_")) == end != "":
        # What everybody writes for it: lr for learning_rate.
        ends = 1.0 + 0.1 * difflib.SequenceMatcher(None, group, known_group).ratio()
    return max(whole, 0.95 * ends)

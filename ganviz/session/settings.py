"""Every setting of a run by name: what ``--set`` reaches and ``ganviz list settings`` prints."""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ganviz.data import DISTRIBUTIONS
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.constraints import CONSTRAINTS
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS, named_formulation
from ganviz.networks import ARCHITECTURES
from ganviz.spec import (
    Catalog,
    InvalidValueError,
    Plain,
    Spec,
    UnknownKeyError,
    allowed_range,
    field_types,
    param_info,
    to_plain_value,
)
from ganviz.training.config import Latents, RunConfig, TrainingSettings, config_from_plain
from ganviz.training.optimizers import OPTIMIZERS

LANE_SETTINGS = ("label", "seed", "formulation", "generator_optimizer", "discriminator_optimizer")

_CHOICES: dict[str, Catalog[Any]] = {
    "distribution": DISTRIBUTIONS,
    "architecture": ARCHITECTURES,
    "formulation.loss": ADVERSARIAL_LOSSES,
    "formulation.constraint": CONSTRAINTS,
    "generator_optimizer": OPTIMIZERS,
    "discriminator_optimizer": OPTIMIZERS,
}


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
    """

    path: str
    of: str
    type: str
    default: str
    allowed: str
    help: str


def list_settings() -> tuple[Setting, ...]:
    """Return all settings; those of lanes go to every lane, or are written ``lanes.0.…`` for one."""
    found = [
        Setting(
            "formulation", "", "text", "non_saturating", ", ".join(FORMULATIONS),
            "A named formulation: loss, penalties and constraint at once.",
        ),
        Setting("label", "", "text", '""', "at most 60 characters", "The name of a lane in legends and files."),
        Setting(
            "seed", "", "whole number", "0", f"between 0 and {2**31 - 1}",
            "Added to training.seed for the first weights of a lane; lanes with the same number start equal.",
        ),
    ]  # fmt: skip
    for path, catalog in _CHOICES.items():
        now = _default_at(path)
        found.append(Setting(path, "", "text", now["kind"], ", ".join(catalog), f"The {catalog.what}."))
        for cls in catalog.values():
            found += _fields(path, cls, cls.key, now if cls.key == now["kind"] else {})
    for cls in PENALTIES.values():
        found += _fields(f"formulation.penalties.{cls.key}", cls, cls.key, {})
    found += _fields("latents", Latents, "", _default_at("latents"))
    found += _fields("training", TrainingSettings, "", _default_at("training"))
    return tuple(found)


def _default_at(path: str) -> dict[str, Plain]:
    plain = RunConfig().to_plain()
    where: Any = {**plain["lanes"][0], **plain}
    for part in path.split("."):
        where = where[part]
    assert isinstance(where, dict)
    return where


def _fields(path: str, cls: type[Spec], of: str, now: Mapping[str, Plain]) -> Iterator[Setting]:
    types = field_types(cls)
    for field in dataclasses.fields(cls):
        info = param_info(field)
        if info.editor == "points":
            default, allowed = "a heart", "list of [x, y]"
        else:
            value = now.get(field.name, to_plain_value(field.default))
            default = json.dumps(value, ensure_ascii=False)
            is_number = types[field.name] in (int, float)
            allowed = allowed_range(info) if is_number else ", ".join(info.choices)
        kind = {int: "whole number", float: "number", bool: "true or false", str: "text"}.get(
            types[field.name], "list"
        )
        yield Setting(f"{path}.{field.name}", of, kind, default, allowed, info.help)


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
        _assign_in(lanes[int(parts[1])], parts[2:], text)
    elif parts[0] in LANE_SETTINGS:
        for lane in plain["lanes"]:
            _assign_in(lane, parts, text)
    else:
        _assign_in(plain, parts, text)


def _assign_in(root: dict[str, Plain], parts: list[str], text: str) -> None:
    where: Any = root
    for i, part in enumerate(parts[:-1]):
        if parts[i - 1 : i + 1] == ["penalties", part] and part in PENALTIES:
            where.setdefault(part, {})
            for field in dataclasses.fields(PENALTIES[part]):
                where[part].setdefault(field.name, to_plain_value(field.default))
        if not isinstance(where, Mapping) or part not in where:
            raise _unknown(".".join(parts))
        where = where[part]
    last = parts[-1]
    if not isinstance(where, dict) or last not in where or last == "kind":
        raise _unknown(".".join(parts))
    value = _value(text, where[last])
    if parts == ["formulation"] and isinstance(value, str):
        where[last] = named_formulation(value).to_plain()
    elif isinstance(where[last], dict) and isinstance(value, str):
        where[last] = _switched(where[last], parts, value)
    else:
        where[last] = value


def _value(text: str, old: Plain) -> Plain:
    """Return the value that a text stands for, in the place of ``old``: where a text is wanted, digits are one."""
    try:
        value = json.loads(text.lower() if isinstance(old, bool) else text)
    except (ValueError, RecursionError):
        return text
    return text if isinstance(old, str) and not isinstance(value, str) else value


def _switched(old: dict[str, Plain], parts: list[str], key: str) -> dict[str, Plain]:
    """Return another kind's defaults; an optimizer keeps the values of fields that both kinds have."""
    path = ".".join(parts)
    catalog = _CHOICES.get(path)
    if catalog is None:
        raise InvalidValueError(f"{path!r} holds several settings; set one of them, such as {_first(path)}.")
    new = {"kind": key}
    for field in dataclasses.fields(catalog[key]):
        is_shared = field.name in old and "optimizer" in parts[-1]
        new[field.name] = old[field.name] if is_shared else to_plain_value(field.default)
    return new


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
    ends = difflib.SequenceMatcher(None, given.rpartition(".")[2], known.rpartition(".")[2]).ratio()
    return max(whole, 0.95 * ends)

"""Every setting of a run by name: what ``--set`` reaches and ``ganviz list settings`` prints."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ganviz.catalog import (
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
from ganviz.data import DISTRIBUTIONS
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.constraints import CONSTRAINTS
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS, named_formulation
from ganviz.networks import ARCHITECTURES
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
    """Return all settings; those of lanes can also be written ``lanes.0.…`` for one lane."""
    found: list[Setting] = [
        Setting(
            "formulation", "", "text", "non_saturating", ", ".join(FORMULATIONS),
            "A named formulation: loss, penalties and constraint at once.",
        )
    ]  # fmt: skip
    for path, catalog in _CHOICES.items():
        first = next(iter(catalog))
        found.append(Setting(path, "", "text", first, ", ".join(catalog), f"The {catalog.what}."))
        for cls in catalog.values():
            found += _fields(path, cls, cls.key)
    for cls in PENALTIES.values():
        found += _fields(f"formulation.penalties.{cls.key}", cls, cls.key)
    found += _fields("latents", Latents, "")
    found += _fields("training", TrainingSettings, "")
    return tuple(found)


def _fields(path: str, cls: type[Spec], of: str) -> Iterator[Setting]:
    types = field_types(cls)
    for field in dataclasses.fields(cls):
        info = param_info(field)
        if info.editor == "points":
            default, allowed = "a heart", "list of [x, y]"
        else:
            default = json.dumps(to_plain_value(field.default), ensure_ascii=False)
            allowed = ", ".join(info.choices) or (
                "" if types[field.name] in (str, bool) else allowed_range(info)
            )
        kind = {int: "whole number", float: "number", bool: "true or false", str: "text"}.get(
            types[field.name], "list"
        )
        yield Setting(f"{path}.{field.name}", of, kind, default, allowed, info.help)


def with_settings(config: RunConfig, assignments: list[str]) -> RunConfig:
    """Return the configuration with ``KEY=VALUE`` assignments carried out, in their order.

    A value is read as JSON where that is possible and as a text otherwise.

    Raises
    ------
    InvalidValueError
        When an assignment has no ``=``, names no setting (the nearest names are given), or its value is not allowed.
    """
    plain = config.to_plain()
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals or not key:
            raise InvalidValueError(f"--set takes KEY=VALUE, not {assignment!r}.")
        _assign(plain, key.strip(), _value(text.strip()))
    return config_from_plain(plain)


def _value(text: str) -> Plain:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _assign(plain: dict[str, Plain], key: str, value: Plain) -> None:
    parts = key.split(".")
    if parts[0] == "lanes":
        lanes = plain["lanes"]
        if len(parts) < 3 or not parts[1].isdigit() or int(parts[1]) >= len(lanes):
            raise InvalidValueError(f"{key!r}: lanes are 0 to {len(lanes) - 1}, as in lanes.0.formulation.")
        _assign_in(lanes[int(parts[1])], parts[2:], value, key)
    elif parts[0] in LANE_SETTINGS:
        for lane in plain["lanes"]:
            _assign_in(lane, parts, value, key)
    else:
        _assign_in(plain, parts, value, key)


def _assign_in(root: dict[str, Plain], parts: list[str], value: Plain, key: str) -> None:
    where: Any = root
    for i, part in enumerate(parts[:-1]):
        if parts[i - 1 : i + 1] == ["penalties", part] and part in PENALTIES:
            where.setdefault(part, {})
            for field in dataclasses.fields(PENALTIES[part]):
                where[part].setdefault(field.name, to_plain_value(field.default))
        if not isinstance(where, Mapping) or part not in where:
            raise UnknownKeyError("setting", key, known_paths())
        where = where[part]
    last = parts[-1]
    if not isinstance(where, dict) or last not in where or last == "kind":
        raise UnknownKeyError("setting", key, known_paths())
    if parts == ["formulation"] and isinstance(value, str):
        where[last] = named_formulation(value).to_plain()
    elif isinstance(where[last], dict) and isinstance(value, str):
        where[last] = _switched(where[last], parts, value)
    else:
        where[last] = value


def _switched(old: dict[str, Plain], parts: list[str], key: str) -> dict[str, Plain]:
    """Return another kind's defaults, with the values of fields that both kinds have."""
    catalog = _CHOICES.get(".".join(parts))
    if catalog is None:
        raise InvalidValueError(f"{'.'.join(parts)} holds several settings; set one of them.")
    new = {"kind": key}
    for field in dataclasses.fields(catalog[key]):
        is_shared = field.name in old and "optimizer" in parts[-1]
        new[field.name] = old[field.name] if is_shared else to_plain_value(field.default)
    return new


def known_paths() -> list[str]:
    """Return every setting's name."""
    return [setting.path for setting in list_settings()]

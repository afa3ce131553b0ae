"""Runs to start from, one JSON file each in ``resources/presets``."""

from __future__ import annotations

import json
from functools import cache

from ganviz.resources import resource
from ganviz.spec import InvalidValueError, UnknownKeyError
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig, config_from_plain

DEFAULT = "default"
DIGITS = "digits"
FITTING = {"plane": DEFAULT, "image": DIGITS, "line": "line"}
"""The preset whose networks, latents and rates fit data of a kind."""


@dataclass(frozen=True, slots=True)
class RunPreset:
    """A run with a name.

    Attributes
    ----------
    key, title, help : str
        ``help`` says what the run is made of and promises nothing: what is to be seen is for experiments to measure.
    steps : int
        After how many steps there is something to see.
    pace : float or None
        Steps per second in the window; None is full speed.
    config : RunConfig
    """

    key: str
    title: str
    help: str
    steps: int
    pace: float | None
    config: RunConfig


@cache
def run_presets() -> tuple[RunPreset, ...]:
    """Return all presets in the order of the menu."""
    found = []
    for path in resource("presets").glob("*.json"):
        plain = json.loads(path.read_text(encoding="utf-8"))
        try:
            config = config_from_plain(plain["config"])
        except InvalidValueError as error:
            raise InvalidValueError(f"The preset {path.name} cannot be used: {error}") from error
        preset = RunPreset(path.stem, plain["title"], plain["help"], plain["steps"], plain["pace"], config)
        found.append((plain["order"], preset))
    return tuple(preset for _, preset in sorted(found, key=lambda pair: pair[0]))


def run_preset(key: str) -> RunPreset:
    """Return one preset; raise UnknownKeyError with the nearest names when there is none."""
    known = {preset.key: preset for preset in run_presets()}
    if key not in known:
        raise UnknownKeyError("preset", key, list(known))
    return known[key]

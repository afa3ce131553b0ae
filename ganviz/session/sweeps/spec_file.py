"""A sweep written down: a JSON file of what is varied and what all cells share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from ganviz.session.settings_file import read_content, read_json
from ganviz.session.sweeps.plan import Axis, Base, as_text
from ganviz.spec import InvalidValueError, UnknownKeyError
from ganviz.spec.chosen_path import chosen_path
from ganviz.spec.frozen import dataclass

USUAL_SEEDS = 8
_TEXTS = ("preset", "config", "data", "formulation", "device")
_KINDS: dict[str, tuple[type, str]] = {
    "vary": (dict, "an object"), "settings": (dict, "an object"),
    "seed": (int, "a whole number"), "seeds": (int, "a whole number"), "steps": (int, "a whole number"),
}  # fmt: skip
_KEYS = (*_KINDS, *_TEXTS)


@dataclass(frozen=True, slots=True)
class SweepSpec:
    """What :func:`ganviz.session.sweeps.plan.plan_of` takes."""

    axes: tuple[Axis, ...] = ()
    base: Base = field(default_factory=Base)
    n_seeds: int = USUAL_SEEDS
    steps: int | None = None


def axes_of(vary: Mapping[str, Any]) -> tuple[Axis, ...]:
    """Return the axes of ``{path: [values]}``; raise InvalidValueError where values are no list."""
    for path, values in vary.items():
        if isinstance(values, str) or not isinstance(values, list | tuple):
            raise InvalidValueError(f"The values of {path} are a list, not {values!r:.60}.")
    return tuple(Axis(path, tuple(map(as_text, values))) for path, values in vary.items())


def settings_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the assignments of ``{path: value}``."""
    return tuple(f"{path}={as_text(value)}" for path, value in settings.items())


def read_spec(path: Path) -> SweepSpec:
    """Return the sweep in a file: "vary" and "settings" are objects; the rest are options of ``ganviz sweep``.

    Raises
    ------
    InvalidValueError
        When the file cannot be read or has something else in it.
    """
    plain = read_json(read_content(path), path)
    try:
        return _spec(plain, path)
    except InvalidValueError as error:
        raise InvalidValueError(f"{str(path)!r}: {error}") from error
    except RecursionError as error:  # what could just be read is quoted from deeper down
        raise InvalidValueError(f"{str(path)!r} is nested too deeply.") from error


def _spec(plain: Any, path: Path) -> SweepSpec:
    if not isinstance(plain, dict):
        raise InvalidValueError("a sweep is an object with vary, seeds, steps.")
    for key, value in plain.items():
        if key not in _KEYS:
            raise UnknownKeyError("key of a sweep", key, list(_KEYS))
        kind, words = _KINDS.get(key, (str, "a text"))
        if type(value) is not kind:
            raise InvalidValueError(f"{key} is {words}, not {value!r:.60}.")
    base: dict[str, Any] = {key: plain[key] for key in (*_TEXTS, "seed") if key in plain}
    if "config" in base:  # beside the file that names it
        base["config"] = path.parent / chosen_path(base["config"])
    return SweepSpec(
        axes_of(plain.get("vary", {})),
        Base(**base, settings=settings_of(plain.get("settings", {}))),
        plain.get("seeds", USUAL_SEEDS),
        plain.get("steps"),
    )

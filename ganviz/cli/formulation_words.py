"""A formulation by name, as ``ganviz list formulations`` tells of it: in a few lines, and as data."""

from __future__ import annotations

import dataclasses
import math
import re
from typing import Any

from ganviz.losses.adversarial.facts import Range
from ganviz.losses.presets import NamedFormulation

Entry = dict[str, Any]

_MARKUP = re.compile(r"</?\w+>")
_RAISED = re.compile(r"<sup>(.*?)</sup>")


def plain_words(markup: str) -> str:
    """Return a formula without markup: subscripts after an underscore, superscripts after a caret."""
    raised = _RAISED.sub(lambda found: f"^{found[1]}" if len(found[1]) < 2 else f"^({found[1]})", markup)
    return _MARKUP.sub("", raised.replace("<sub>", "_"))


def formulation_entry(named: NamedFormulation) -> Entry:
    """Return all that is known of a formulation, as JSON can carry it; a bound that is infinite is None."""
    formulation = named.formulation
    loss, whole = formulation.loss, formulation.title
    name = named.title if named.title == whole else f"{named.title}: {whole}"
    return {
        "key": named.key,
        "title": f"{name}, L_G = {plain_words(loss.g_formula)}",
        "settings": formulation.to_plain(),
        "name": named.title,
        "family": loss.family,
        "d_formula": plain_words(loss.d_words()) if loss.has_discriminator else None,
        "penalties": [f"{one.title}: {plain_words(one.words)}" for one in formulation.penalties],
        "g_formula": plain_words(loss.g_formula),
        "has_discriminator": loss.has_discriminator,
        "d_range": _bounds(loss.d_range),
        "g_range": _bounds(loss.g_range),
        "total_range": _bounds(loss.total_range),
        "range_note": loss.range_note or None,
        "divergence": plain_words(loss.divergence) or None,
        "divergence_at": formulation.followed_at if loss.has_discriminator else None,
        "equilibrium": dataclasses.asdict(formulation.equilibrium()),
        "papers": list(named.papers),
        "behavior": plain_words(named.behavior),
        "warning": loss.warning or None,
    }


def described(entry: Entry) -> list[str]:
    """Return an entry in lines: D's loss, ranges, what G follows, the equilibrium, papers."""
    d_terms = [entry["d_formula"], *(text.partition(": ")[2] for text in entry["penalties"])]
    ranges = (f"{name} in {_range(entry[key])}" for name, key in (("L_D", "d_range"), ("L_G", "g_range")))
    divergence, plays = entry["divergence"] or "nothing that has a name", entry["has_discriminator"]
    lines = [
        f"L_D = {' + '.join(d_terms)}" if plays else "no L_D: there is no D",
        f"{', '.join(ranges)}, their sum in {_range(entry['total_range'])}"
        if plays
        else f"L_G in {_range(entry['g_range'])}",
        *([entry["range_note"]] if entry["range_note"] else []),
        f"G descends, at {entry['divergence_at']}: {divergence}" if plays else f"G descends: {divergence}",
        f"at equilibrium {_equilibrium(entry['equilibrium'], has_d=plays)}",
        entry["behavior"],
        *([entry["warning"]] if entry["warning"] else []),
        "; ".join(entry["papers"]),
    ]
    return [line for line in lines if line]


def _bounds(one: Range) -> list[float | None]:
    return [bound if math.isfinite(bound) else None for bound in (one.low, one.high)]


def _range(bounds: list[float | None]) -> str:
    low, high = bounds
    return str(Range(-math.inf if low is None else low, math.inf if high is None else high))


def _equilibrium(values: dict[str, float | None], *, has_d: bool) -> str:
    """Return both losses and their sum, or L_G alone; a number that the equilibrium leaves open is called so."""
    names = [("L_D", "d_loss"), ("L_G", "g_loss"), ("sum", "total")] if has_d else [("L_G", "g_loss")]
    if all(value is None for value in values.values()):
        return "nothing is known: D may not be flat"
    told = (f"{name} = {_number(values[key])}" for name, key in names if values[key] is not None)
    left_open = [name for name, key in names if values[key] is None]
    return ", ".join([*told, *([f"{' and '.join(left_open)} open"] if left_open else [])])


def _number(value: float | None) -> str:
    assert value is not None
    return f"{value + 0.0:.6g}".replace("-", "−")  # adding 0 takes the sign from -0

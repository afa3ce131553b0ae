"""Small pictures of what experiments show, kept as numbers in ``resources/pictures`` and drawn in any colors.

``packaging/experiment_pictures.py`` plays and keeps them; :mod:`ganviz.session.picturing` makes them.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256

from ganviz.resources import resource
from ganviz.session.experiments import Experiment
from ganviz.spec.frozen import dataclass

N_PLACES = 60
"""Places of a curve: each is the mean of the steps since the one before it."""
LEVELS = "0123456789abcdef"
"""Brightness of a pixel, from -1 to 1."""


@dataclass(frozen=True, slots=True)
class Pane:
    """What one generator makes beside what it is to learn.

    Samples are ``[[x, y], …]``, numbers on a line ``[x, …]``, images lists of rows with a letter of :data:`LEVELS` for
    each pixel, real ones left out.
    """

    real: list[object]
    generated: list[object]


@dataclass(frozen=True, slots=True)
class Curve:
    """A column of the history at :data:`N_PLACES` places of the whole run; None where there was nothing."""

    column: str
    lane: int
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class Picture:
    """Panes or curves; ``of`` is :func:`set_up_of` what was played, which took so many seconds of one processor."""

    of: str
    seconds: float
    kind: str
    panes: list[Pane]
    curves: list[Curve]


def set_up_of(key: str) -> str:
    """Return a fingerprint of what an experiment's file says that decides what comes of it."""
    plain = json.loads(resource("experiments", f"{key}.json").read_text(encoding="utf-8"))
    stages = [[stage["steps"], *stage.get("set", ())] for stage in plain["stages"]]
    return sha256(json.dumps([plain["config"], stages], sort_keys=True).encode()).hexdigest()[:12]


@cache
def kept_picture(key: str) -> Picture | None:
    """Return an experiment's picture; None where there is none yet."""
    try:
        text = resource("pictures", f"{key}.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    plain = json.loads(text)
    panes = [Pane(**one) for one in plain.pop("panes")]
    curves = [Curve(**one) for one in plain.pop("curves")]
    return Picture(panes=panes, curves=curves, **plain)


def duration_words(one: Experiment, *, is_watched: bool = True) -> str:
    """Return about how long an experiment takes; empty where nobody has measured it.

    Watched, it keeps its pace, where it has one; otherwise it goes at full speed.
    """
    kept = kept_picture(one.key)
    if kept is None:
        return ""
    seconds = max(kept.seconds, one.steps / one.pace if is_watched and one.pace is not None else 0.0)
    return f"about {5 * max(1, round(seconds / 5))} s" if seconds < 55 else f"about {round(seconds / 60)} min"

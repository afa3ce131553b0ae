"""A saved run in a list: where it is, how far, what each lane came to, its settings, and the words on it."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import field
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from ganviz.data import DISTRIBUTIONS
from ganviz.losses.presets import FORMULATIONS
from ganviz.session.runs.about import About
from ganviz.session.saved_run import run_name
from ganviz.spec import UNFIT, InvalidValueError
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig, config_from_plain

Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class LaneEnd:
    """What a lane came to: its name, its formulation's key, "trained" or why not, and end figures by name.

    Of several seeds the figures are medians.
    """

    label: str
    formulation: str
    state: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Entry:
    """One saved run.

    Attributes
    ----------
    place : str
        Its file, seen from the folder, with "/" between parts.
    saved : float
        When it was written, in seconds since 1970.
    step : int
    keyframes : tuple of int
        Steps that a fork can go on from, ascending.
    data : str
        The key of its distribution.
    lanes : tuple of LaneEnd
    settings : str
        Its configuration as JSON; empty where the file cannot be read.
    error : str
        Why it cannot be read, as a sentence; else empty.
    about : About
    """

    place: str
    saved: float
    step: int = 0
    keyframes: tuple[int, ...] = ()
    data: str = ""
    lanes: tuple[LaneEnd, ...] = ()
    settings: str = ""
    error: str = ""
    about: About = field(default_factory=About)

    @property
    def name(self) -> str:
        """Return what it is called: its file without the ending, or its folder where that holds one run."""
        return run_name(self.place)

    @property
    def formulations(self) -> str:
        """Return the formulation of each lane."""
        return " | ".join(lane.formulation for lane in self.lanes)

    @property
    def formulation_titles(self) -> str:
        """Return the formulation of each lane as the window calls it."""
        named = (FORMULATIONS.get(lane.formulation) for lane in self.lanes)
        return " | ".join(
            lane.formulation if one is None else one.title
            for lane, one in zip(self.lanes, named, strict=True)
        )

    @property
    def data_file(self) -> str:
        """Return the name of the file or folder that its data come from; empty where there is none."""
        return _of_settings(self.settings)[0]

    @property
    def data_title(self) -> str:
        """Return what the window calls its distribution: where it comes from a file or a folder, the name of that."""
        if file := self.data_file:
            return file
        return DISTRIBUTIONS[self.data].title if self.data in DISTRIBUTIONS else self.data

    @property
    def n_seeds(self) -> int:
        """Return how many seeds train in each lane."""
        return _of_settings(self.settings)[1]

    def figure(self, name: str, lane: int = 0) -> float:
        """Return an end figure; NaN where the lane does not have it."""
        value = self.lanes[lane].figures.get(name) if lane < len(self.lanes) else None
        return math.nan if value is None else value

    def config(self) -> RunConfig:
        """Return its settings; raise InvalidValueError where this program cannot use them."""
        if not self.settings:
            raise InvalidValueError(self.error or "It has no settings.")
        return config_from_plain(json.loads(self.settings))

    def to_plain(self) -> dict[str, Any]:
        """Return all but the words on it as plain data."""
        return {
            "saved": self.saved, "step": self.step, "keyframes": list(self.keyframes), "data": self.data,
            "lanes": [[lane.label, lane.formulation, lane.state, lane.figures] for lane in self.lanes],
            "settings": self.settings, "error": self.error,
        }  # fmt: skip


def entry_from_plain(place: str, plain: Any, about: About) -> Entry:
    """Return the entry; raise one of ``UNFIT`` where plain data are of none."""
    lanes = tuple(
        LaneEnd(str(label), str(formulation), str(state), {str(k): _figure(v) for k, v in figures.items()})
        for label, formulation, state, figures in plain["lanes"]
    )
    return Entry(
        place, float(plain["saved"]), int(plain["step"]), tuple(int(step) for step in plain["keyframes"]),
        str(plain["data"]), lanes, str(plain["settings"]), str(plain["error"]), about,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _of_settings(settings: str) -> tuple[str, int]:
    """Return the file name of the data, empty where there is none, and how many seeds train in each lane."""
    name, n_seeds = "", 1
    with contextlib.suppress(*UNFIT):
        plain = json.loads(settings)
        n_seeds = int(plain.get("training", {}).get("seeds", 1))
        path = DISTRIBUTIONS[str(plain["distribution"]["kind"])].file_of(plain["distribution"])
        name = PurePath(path.replace("\\", "/")).name
    return name, n_seeds


def _figure(value: Any) -> float | None:
    return None if value is None else float(value)


_KEYS: dict[str, Callable[[Entry], Any]] = {
    "name": lambda entry: entry.name.casefold(),
    "saved": lambda entry: entry.saved,
    "step": lambda entry: entry.step,
    "data": lambda entry: (entry.data, entry.data_file),
    "formulation": lambda entry: entry.formulations,
    "tags": lambda entry: ", ".join(entry.about.tags).casefold(),
    "notes": lambda entry: entry.about.notes.casefold(),
    "parent": lambda entry: entry.about.parent_words,
}


def sorted_entries(entries: Iterable[Entry], by: str, *, descends: bool = False) -> list[Entry]:
    """Return entries by a quality or an end figure of their first lane; those without it come last.

    Raises
    ------
    InvalidValueError
        When no entry has such a figure.
    """
    entries = sorted(entries, key=lambda entry: entry.place)
    if by in _KEYS:
        return sorted(entries, key=_KEYS[by], reverse=descends)
    figures = sorted({name for entry in entries for lane in entry.lanes[:1] for name in lane.figures})
    if by not in figures and entries:
        raise InvalidValueError(f"Runs are sorted by {', '.join([*_KEYS, *figures])}, not by {by!r}.")
    known = [entry for entry in entries if not math.isnan(entry.figure(by))]
    others = [entry for entry in entries if math.isnan(entry.figure(by))]
    return sorted(known, key=lambda entry: entry.figure(by), reverse=descends) + others


def found_in(entry: Entry, words: str) -> bool:
    """Return whether each word stands in what is said of a run: names, data, formulations, tags, notes."""
    about = entry.about
    parts = [entry.place, entry.data, entry.formulations, *about.tags, about.notes, about.parent, entry.error]
    parts += [entry.data_title, entry.formulation_titles]
    text = " ".join([*parts, *(lane.label for lane in entry.lanes)]).casefold()
    return all(word in text for word in words.casefold().split())

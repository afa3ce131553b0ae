"""Where a saved run is: in a file of any name, or in a folder that a command has written."""

from __future__ import annotations

import os
from pathlib import Path

from ganviz.spec import InvalidValueError
from ganviz.spec.chosen_path import is_there
from ganviz.spec.words import reason_of

CHECKPOINT = "checkpoint.ganviz"
EVENT_FILES = "tfevents"
"""Stands in the name of every event file of TensorBoard."""


def saved_run(place: Path) -> Path:
    """Return the file of a saved run, which may be named by its folder; it need not be there."""
    return place / CHECKPOINT if place.is_dir() else place


def opened_place(place: Path) -> Path:
    """Return what a window opens of a file or a folder: of a run's folder its file, of one of event files the folder.

    Raises
    ------
    InvalidValueError
        Of any other folder.
    """
    if not is_there(place) or not place.is_dir():
        return place
    path = saved_run(place)
    try:
        if path.is_file():
            return path
        with os.scandir(place) as entries:
            if any(EVENT_FILES in entry.name for entry in entries):
                return place
    except OSError as error:
        raise InvalidValueError(f"The folder {str(place)!r} cannot be read: {reason_of(error)}.") from error
    raise InvalidValueError(
        f"{str(place)!r} is a folder without a saved run, {CHECKPOINT}. "
        "A run or its folder, settings, points or a loss log can be opened."
    )


def run_name(place: str) -> str:
    """Return what the run in a file is called: the file without its ending, or the folder of one run."""
    bare = place.removesuffix(".ganviz")
    folder, _, last = bare.rpartition("/")
    return folder if folder and last == "checkpoint" else bare

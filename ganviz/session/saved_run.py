"""Where a saved run is: in a file of any name, or in a folder that a command has written."""

from __future__ import annotations

from pathlib import Path

CHECKPOINT = "checkpoint.ganviz"


def saved_run(place: Path) -> Path:
    """Return the file of a saved run, which may be named by its folder; it need not be there."""
    return place / CHECKPOINT if place.is_dir() else place


def run_name(place: str) -> str:
    """Return what the run in a file is called: the file without its ending, or the folder of one run."""
    bare = place.removesuffix(".ganviz")
    folder, _, last = bare.rpartition("/")
    return folder if folder and last == "checkpoint" else bare

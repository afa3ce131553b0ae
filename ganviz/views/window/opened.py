"""What a file is that somebody opens, and which settings it asks for."""

from __future__ import annotations

from pathlib import Path

from ganviz.data.points_file import PointsFile
from ganviz.session.data_change import with_data
from ganviz.session.logs.event_files import EVENT_FILES
from ganviz.session.logs.kinds import LOG, LOGS, TABLES, kind_of
from ganviz.session.settings_file import PICTURES, read_config
from ganviz.spec.chosen_path import is_there
from ganviz.training.config import RunConfig

SETTINGS = (".json", *PICTURES)


def opened_as(path: Path) -> str:
    """Return "log", "either", or something else for files that are a run's."""
    if is_there(path) and path.is_dir():
        return LOG if next(path.glob(f"*{EVENT_FILES}*"), None) is not None else "run"
    may_be_log = path.suffix.lower() in (*TABLES, *LOGS) or EVENT_FILES in path.name
    return kind_of(path) if may_be_log else "run"


def wished_config(path: Path, config: RunConfig) -> RunConfig | None:
    """Return the settings that a file holds, or these with its points; None of a run's own file.

    Raises
    ------
    InvalidValueError
        Where the file cannot be used.
    """
    if path.suffix.lower() in SETTINGS:
        return read_config(path)
    if path.suffix.lower() not in TABLES:
        return None
    points = PointsFile(path=str(path))
    points.load()
    return with_data(config, points)

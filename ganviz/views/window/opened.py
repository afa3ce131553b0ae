"""Which settings a file asks for that somebody opens."""

from __future__ import annotations

from pathlib import Path

from ganviz.data.points_file import PointsFile
from ganviz.session.data_change import with_data
from ganviz.session.logs.kinds import TABLES
from ganviz.session.settings_file import PICTURES, read_config
from ganviz.training.checkpoint_seal import check_soon
from ganviz.training.config import RunConfig

SETTINGS = (".json", *PICTURES)


def wished_config(path: Path, config: RunConfig, *, asks: bool = False) -> RunConfig | None:
    """Return the settings that a file holds, or these with its points; None of a run's own file.

    A run's file is looked at, too, where the window ``asks`` what is to become of its own run before it opens another:
    not for one that is no such file.

    Raises
    ------
    InvalidValueError
        Where the file cannot be used.
    """
    if path.suffix.lower() in SETTINGS:
        return read_config(path)
    if path.suffix.lower() not in TABLES:
        if asks:
            check_soon(path)
        return None
    points = PointsFile(path=str(path))
    points.load()
    return with_data(config, points)

"""Whether a file is a loss log, points, or a run's, by its name and its first lines."""

from __future__ import annotations

from pathlib import Path

from ganviz.session.saved_run import EVENT_FILES
from ganviz.spec import InvalidValueError
from ganviz.spec.chosen_path import is_there

LOGS = (".jsonl", ".ndjson", ".log")
"""Endings of files that are logs whatever stands in them."""
TABLES = (".csv", ".tsv", ".txt", ".dat")
"""Endings of files that may be points, too."""
LOG, POINTS, EITHER, RUN = "log", "points", "either", "run"

_LINES = 50


def kind_of(path: Path) -> str:
    """Return whether a file is a loss log, points, either, or a run's; a folder is one of event files.

    Of a table that cannot be read, points: reading them says why. A log names a loss, or holds JSON lines. Columns of
    one letter, and steps beside nameless numbers, tell nothing.
    """
    # What reads logs: many files that no start needs, which asks for the endings above.
    from ganviz.data.table_layout import find_layout
    from ganviz.data.text_lines import first_lines
    from ganviz.session.logs.cells import is_json
    from ganviz.session.logs.names import LOSSES, is_named_loss, places_of, steps_of
    from ganviz.session.logs.printed import is_printed

    ending = path.suffix.lower()
    if ending in LOGS or EVENT_FILES in path.name or (is_there(path) and path.is_dir()):
        return LOG
    if ending not in TABLES:
        return RUN
    try:
        lines = first_lines(path, _LINES)
        if lines and (is_json(lines[0]) or is_printed(lines)):
            return LOG
        layout = find_layout(lines, "auto") if lines else None
    except (InvalidValueError, OSError):
        return POINTS
    if layout is None:
        return LOG if lines and is_named_loss(lines[0]) else POINTS
    if not layout.names:
        return POINTS
    try:
        places, _ = places_of(layout.names, {})
    except InvalidValueError:
        return EITHER if any(place is not None for place in steps_of(layout.names)) else POINTS
    is_sure = any(is_named_loss(layout.names[places[role]]) for role in LOSSES if role in places)
    return LOG if is_sure else EITHER

"""Where saved runs are in a folder."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from ganviz import __version__
from ganviz.session.runs.about import about_path
from ganviz.session.saved_run import EVENT_FILES
from ganviz.spec.frozen import dataclass

ENDING = ".ganviz"
DEEPEST = 8
MOST_RUNS, MOST_ENTRIES = 20_000, 500_000
"""Where a folder holds more, as a whole disk does, the rest is not looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may hold a run.

    Attributes
    ----------
    place : str
        Seen from the folder, with "/" between parts.
    saved : float
        When it was written, in seconds since 1970.
    mark, about_mark : str
        Another one when the file, or the one with the words on it, has changed, and for another ganviz, which may
        read more of it.
    """

    place: str
    saved: float
    mark: str
    about_mark: str


def find_runs(folder: Path) -> Iterator[Found]:
    """Yield the runs in a folder and below it, but for links to folders, what is hidden and names that are no text.

    Raises
    ------
    OSError
        When the folder itself cannot be read.
    """
    for path in itertools.islice(_files(folder, 0, itertools.count()), MOST_RUNS):
        try:
            status = path.stat()
        except OSError:  # it has just gone
            continue
        place = path.relative_to(folder).as_posix()
        if not place.isprintable():  # line feeds, and names that are no text, which no index holds
            continue
        yield Found(place, status.st_mtime, _mark(status), _mark_of(about_path(path)))


def _files(folder: Path, depth: int, seen: Iterator[int]) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        found = sorted(itertools.islice(entries, MOST_ENTRIES), key=lambda entry: entry.name)
    for entry in found:
        if next(seen) >= MOST_ENTRIES:
            return
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < DEEPEST:
                yield from _files_of_another(Path(entry.path), depth + 1, seen)
        elif entry.name.endswith(ENDING) and EVENT_FILES not in entry.name and entry.is_file():
            yield Path(entry.path)


def _files_of_another(folder: Path, depth: int, seen: Iterator[int]) -> Iterator[Path]:
    try:
        yield from _files(folder, depth, seen)
    except OSError:  # one that may not be read is as if it were empty
        return


def _mark_of(path: Path) -> str:
    try:
        return _mark(path.stat())
    except OSError:
        return ""


def _mark(status: os.stat_result) -> str:
    return f"{__version__} {status.st_size} {status.st_mtime_ns}"

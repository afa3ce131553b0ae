"""Brings the index of a folder up to date, run by run, and lists what is in it."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ganviz.session.runs.about import About, read_about
from ganviz.session.runs.curves import RunCurves, unpacked
from ganviz.session.runs.entry import Entry
from ganviz.session.runs.finding import Found, find_runs
from ganviz.session.runs.index import RunIndex, index_path, is_damaged, throw_away
from ganviz.spec import UNFIT, InvalidValueError
from ganviz.spec.words import reason_of
from ganviz.training.atomic import FileError

KEPT_S = 90 * 86400.0
Tell = Callable[[int, int], object]


def listed(folder: Path, tell: Tell = lambda n, n_all: None) -> list[Entry]:
    """Return the runs in a folder as they are; ``tell`` hears how many of those that are new have been read.

    Raises
    ------
    InvalidValueError
        When there is no such folder.
    FileError
        When the folder cannot be read, or its index not be written.
    """
    if not folder.is_dir():
        raise InvalidValueError(f"There is no folder {str(folder)!r}.")
    try:
        try:
            return _listed(folder, tell)
        except sqlite3.Error as error:
            if not is_damaged(error):
                raise
            throw_away(index_path(folder))
            return _listed(folder, tell)
    except sqlite3.Error as error:
        raise FileError(f"The index {str(index_path(folder))!r} cannot be used: {error}.") from error
    except OSError as error:
        raise FileError(f"{str(folder)!r} cannot be read: {reason_of(error)}.") from error


def _listed(folder: Path, tell: Tell) -> list[Entry]:
    _tidy_up(folder)
    with RunIndex(index_path(folder)) as index:
        for n, n_all in scan(folder, index):
            tell(n, n_all)
        return index.entries()


def _tidy_up(folder: Path) -> None:
    """Remove indices of folders in which nothing has changed for long: one that is wanted again is made anew."""
    with contextlib.suppress(OSError):
        for path in index_path(folder).parent.glob("*.sqlite"):
            if path.stat().st_mtime < time.time() - KEPT_S:
                throw_away(path)


def known(folder: Path) -> tuple[list[Entry], dict[str, bytes]]:
    """Return the runs and pictures that the index has of a folder, which is not looked at; none where it has none."""
    path = index_path(folder)
    if path.exists():
        try:
            with RunIndex(path) as index:
                return index.entries(), index.pictures()
        except sqlite3.Error:
            pass
    return [], {}


def known_curves(folder: Path, place: str) -> RunCurves | None:
    """Return the curves that the index has of a run; None where it has none that can be read."""
    with contextlib.suppress(sqlite3.Error, OSError, *UNFIT), RunIndex(index_path(folder)) as index:
        return unpacked(index.curves(place))
    return None


def note_about(folder: Path, place: str, about: About) -> None:
    """Keep other words on a run in the index, where there is one, before the folder is looked through again."""
    with contextlib.suppress(sqlite3.Error), RunIndex(index_path(folder)) as index:
        index.put_about(place, "", about)


def scan(folder: Path, index: RunIndex) -> Iterator[tuple[int, int]]:
    """Bring an index up to date in small pieces; yields how many of how many runs have been read, first of none."""
    found = {one.place: one for one in find_runs(folder)}
    marks = index.marks()
    if gone := marks.keys() - found.keys():
        index.drop(gone)
    changed = [one for one in found.values() if marks.get(one.place, ("",))[0] != one.mark]
    for one in found.values():
        if marks.get(one.place, ("",))[0] == one.mark and marks[one.place][1] != one.about_mark:
            index.put_about(one.place, one.about_mark, read_about(folder / one.place))
    yield 0, len(changed)
    for n, one in enumerate(changed, 1):
        _read(folder, one, index)
        yield n, len(changed)


def _read(folder: Path, found: Found, index: RunIndex) -> None:
    from ganviz.session.runs.reading import read_run  # with torch, which lists do without

    read = read_run(folder, found, read_about(folder / found.place))
    index.put(read.entry, (found.mark * read.is_final, found.about_mark), read.picture, read.curves)

"""The index of a folder of runs: an SQLite file that can be thrown away at any time, for the folder is the truth.

It lies in the person's folder of caches, never among the runs: these may be on a disk that several machines share,
where SQLite's locks do not hold, or on one that may only be read. What is read from it is bounded and never executed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ganviz.session.runs.about import About, about_from_plain
from ganviz.session.runs.curves import MOST_BYTES
from ganviz.session.runs.entry import Entry, entry_from_plain
from ganviz.spec import UNFIT

VERSION = 1
PROGRAM = 0x67616E76
"""Says in the file's head whose it is: "ganv"."""
WAIT_S = 10.0
_NOT_DAMAGED = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY,
     sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM}
)  # fmt: skip
_TABLES = """
CREATE TABLE IF NOT EXISTS runs (place TEXT PRIMARY KEY, mark TEXT, about_mark TEXT, entry TEXT, about TEXT);
CREATE TABLE IF NOT EXISTS pictures (place TEXT PRIMARY KEY, png BLOB);
CREATE TABLE IF NOT EXISTS curves (place TEXT PRIMARY KEY, npz BLOB);
"""


class DamagedIndexError(sqlite3.DatabaseError):
    """An index with something else in it than was written."""


def is_damaged(error: sqlite3.Error) -> bool:
    """Return whether an index is to be thrown away; not where a disk is full or another program writes."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF not in _NOT_DAMAGED


def caches() -> Path:
    """Return the folder of ganviz's caches of this person."""
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches"
    else:
        root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "ganviz"


def index_path(folder: Path) -> Path:
    """Return where the index of a folder is."""
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:32]
    return caches() / "runs" / f"{name}.sqlite"


class RunIndex:
    """An open index; close it, or use it in a ``with`` block. Where no file can be had it lives in memory.

    Parameters
    ----------
    path : Path

    Raises
    ------
    sqlite3.Error
        When the file cannot be used; :func:`is_damaged` says whether to :func:`throw_away` it.
    """

    def __init__(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._base = sqlite3.connect(path, timeout=WAIT_S)
            self._begin()
        except sqlite3.Error as error:
            if is_damaged(error):
                raise
            self._base = sqlite3.connect(":memory:")
            self._begin()

    def _begin(self) -> None:
        base = self._base
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA journal_mode = WAL")  # so that lists are read while runs are written
        base.execute("PRAGMA synchronous = OFF")  # what a power cut damages is made anew
        found = [base.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        if found == [PROGRAM, VERSION]:
            return
        if found != [0, 0] or base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise DamagedIndexError("the file is of another program or version")
        with base:
            base.executescript(
                f"BEGIN IMMEDIATE;{_TABLES}PRAGMA application_id = {PROGRAM};PRAGMA user_version = {VERSION};"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def marks(self) -> dict[str, tuple[str, str]]:
        """Return the marks (:class:`ganviz.session.runs.finding.Found`) of every run as it was read, by place."""
        return {
            str(place): (str(mark), str(about))
            for place, mark, about in self._base.execute("SELECT place, mark, about_mark FROM runs")
        }

    def entries(self) -> list[Entry]:
        """Return all runs; raise DamagedIndexError where one is none."""
        rows = self._base.execute("SELECT place, entry, about FROM runs ORDER BY place").fetchall()
        try:
            return [
                entry_from_plain(str(place), json.loads(entry), about_from_plain(json.loads(about)))
                for place, entry, about in rows
            ]
        except UNFIT as error:
            raise DamagedIndexError(f"a run is none: {error}") from error

    def put(self, entry: Entry, marks: tuple[str, str], picture: bytes, curves: bytes) -> None:
        """Keep a run that has been read."""
        place, texts = entry.place, (json.dumps(entry.to_plain()), json.dumps(entry.about.to_plain()))
        with self._base as base:
            base.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)", (place, *marks, *texts))
            base.execute("INSERT OR REPLACE INTO pictures VALUES (?, ?)", (place, picture))
            base.execute("INSERT OR REPLACE INTO curves VALUES (?, ?)", (place, curves))

    def put_about(self, place: str, mark: str, about: About) -> None:
        """Keep other words on a run."""
        with self._base as base:
            row = (mark, json.dumps(about.to_plain()), place)
            base.execute("UPDATE runs SET about_mark = ?, about = ? WHERE place = ?", row)

    def drop(self, places: set[str]) -> None:
        """Forget runs that have gone."""
        with self._base as base:
            for table in ("runs", "pictures", "curves"):
                base.executemany(f"DELETE FROM {table} WHERE place = ?", [(place,) for place in places])

    def pictures(self) -> dict[str, bytes]:
        """Return the picture of every run that has one, by place."""
        return {place: png for place, png in self._base.execute("SELECT place, png FROM pictures") if png}

    def curves(self, place: str) -> bytes:
        """Return the curves of a run; nothing where it has none."""
        row: Any = self._base.execute("SELECT npz FROM curves WHERE place = ?", (place,)).fetchone()
        return row[0] if row and isinstance(row[0], bytes) else b""


def throw_away(path: Path) -> None:
    """Remove an index, with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)

"""What ``ganviz runs`` changes: tags and notes on the runs that are named, and which of them go to the wastebasket."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ganviz.session.runs.about import LONGEST_NOTES, About, read_about, tags_of, write_about
from ganviz.session.runs.entry import Entry
from ganviz.session.runs.removal import what_goes
from ganviz.spec import InvalidValueError
from ganviz.training.atomic import FileError

ToWastebasket = Callable[[Path], bool]


def named(entries: Sequence[Entry], names: Iterable[str], folder: Path) -> list[Entry]:
    """Return the runs of these names or files, in the order of ``entries``; all of them where none is named.

    Raises
    ------
    InvalidValueError
        When there is no such run.
    """
    wanted = [Path(name).as_posix() for name in names]
    for name in wanted:
        if not any(name in (entry.name, entry.place) for entry in entries):
            raise InvalidValueError(f"There is no run {name!r} in {str(folder)!r}; ganviz runs lists them.")
    return [entry for entry in entries if not wanted or {entry.name, entry.place} & set(wanted)]


def check_changes(options: argparse.Namespace) -> bool:
    """Return whether anything is to be changed; raise InvalidValueError where it is not said of which runs."""
    wished = options.tag or options.untag or options.note is not None or options.delete
    if wished and not options.run:
        raise InvalidValueError(
            "--tag, --untag, --note and --delete change the runs that --run names, and none is."
        )
    return bool(wished)


def write_words(folder: Path, entries: Sequence[Entry], options: argparse.Namespace) -> None:
    """Write tags and notes on runs; raise FileError where they cannot be written."""
    for entry in entries:
        before = read_about(folder / entry.place)
        about = _changed(before, options)
        if about != before:
            write_about(folder / entry.place, about)


def _changed(about: About, options: argparse.Namespace) -> About:
    gone = tags_of(",".join(options.untag))
    kept = [tag for tag in about.tags if tag not in gone]
    notes = about.notes if options.note is None else options.note[:LONGEST_NOTES]
    return dataclasses.replace(about, tags=tags_of(",".join([*kept, *options.tag])), notes=notes)


def delete(folder: Path, entries: Sequence[Entry], to_wastebasket: ToWastebasket) -> None:
    """Move runs to the wastebasket; raise FileError where one cannot be, which is then still there."""
    for entry in entries:
        for path in what_goes(folder, entry.place):
            if not to_wastebasket(path):
                raise FileError(
                    f"{str(path)!r} could not be moved to the wastebasket; its disk may have none. It is still there."
                )

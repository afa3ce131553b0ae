"""``ganviz runs``: the saved runs in a folder, in which settings they differ, and the words on them."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ganviz.cli.run_changes import ToWastebasket, check_changes, delete, named, write_words
from ganviz.session.runs.comparing import SettingRow, differing_settings
from ganviz.session.runs.entry import Entry, found_in, sorted_entries
from ganviz.session.runs.scanning import listed
from ganviz.spec import InvalidValueError

_FIGURES = {"L_D": "d_loss", "L_G": "g_loss", "modes": "modes_hit", "quality": "quality_fraction",
            "SW": "sliced_wasserstein"}  # fmt: skip
TOLD_EVERY_S = 0.5
LONGEST_NOTES = 48
MEDIANS = "figures of several seeds are medians"


def runs(options: argparse.Namespace, to_wastebasket: ToWastebasket) -> int:
    """Change what is to be changed and print the list; raise InvalidValueError or FileError where there is none."""
    changes = check_changes(options)
    if options.background:
        if hasattr(os, "nice"):
            os.nice(10)
        listed(options.folder, _tell_reader)
        return 0
    told = _Progress()
    entries = _chosen(options, listed(options.folder, told))
    told.end()
    if changes:
        write_words(options.folder, entries, options)
        if options.delete:
            delete(options.folder, entries, to_wastebasket)
            options.run = []
        entries = _chosen(options, listed(options.folder))
    entries = sorted_entries(entries, options.sort, descends=options.reverse)
    rows = _differing(entries) if options.differ else None
    if options.json:
        plain = {"folder": str(options.folder), "runs": [_as_plain(entry) for entry in entries]}
        if rows is not None:
            plain["differ"] = [{"path": row.path, "values": list(row.values)} for row in rows]
        print(json.dumps(plain, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(_as_text(entries, rows)))
    return 0


def _chosen(options: argparse.Namespace, entries: Sequence[Entry]) -> list[Entry]:
    """Return the runs that are named and have the words that are looked for."""
    return [entry for entry in named(entries, options.run, options.folder) if found_in(entry, options.find)]


def _tell_reader(n: int, n_all: int) -> None:
    """Print how far it is; it fails, and ends this program, when whoever reads it has gone."""
    sys.stdout.write(f"{n} of {n_all}\n")
    sys.stdout.flush()


class _Progress:
    """A line on standard error that counts runs where reading them takes a while, on terminals only."""

    def __init__(self) -> None:
        self._since, self._is_shown = time.perf_counter(), False

    def __call__(self, n: int, n_all: int) -> None:
        now = time.perf_counter()
        if now - self._since > TOLD_EVERY_S and sys.stderr.isatty():
            self._since, self._is_shown = now, True
            print(f"\rreading run {n} of {n_all}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line."""
        if self._is_shown:
            print(file=sys.stderr)


def _differing(entries: Sequence[Entry]) -> list[SettingRow]:
    """Return the settings that differ between the runs that can be read."""
    configs = []
    for entry in entries:
        with contextlib.suppress(InvalidValueError):
            configs.append(entry.config())
    return differing_settings(configs)


def _as_plain(entry: Entry) -> dict[str, Any]:
    plain = entry.to_plain()
    names = ("label", "formulation", "state", "figures")
    return {
        "file": entry.place, "name": entry.name, **plain, "seeds": entry.n_seeds,
        "figures_are_medians": entry.n_seeds > 1,
        "lanes": [dict(zip(names, lane, strict=True)) for lane in plain["lanes"]],
        "settings": json.loads(entry.settings) if entry.settings else None, **entry.about.to_plain(),
    }  # fmt: skip


def _as_text(entries: Sequence[Entry], rows: Iterable[SettingRow] | None) -> Iterator[str]:
    good = [entry for entry in entries if not entry.error]
    if not entries:
        yield "no runs; ganviz train --out FOLDER/NAME, ganviz sweep and the window's Save put them into a folder"
    if good:
        yield from _runs(good)
    for entry in entries:
        if entry.error:
            yield _printable(f"{entry.place}: {entry.error}")
    if rows is not None:
        yield from _settings(good, list(rows))


def _runs(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the table of runs, with a column of seeds where some have several, whose figures are medians."""
    head = ("run", "steps", "seeds", "data", "formulation", *_FIGURES, "tags", "notes", "forked from")
    texts = [head, *(_cells(entry) for entry in entries)]
    has_medians = any(entry.n_seeds > 1 for entry in entries)
    yield from _table(texts if has_medians else [(*row[:2], *row[3:]) for row in texts])
    if has_medians:
        yield MEDIANS


def _cells(entry: Entry) -> tuple[str, ...]:
    figures = (
        " | ".join(_number(entry.figure(name, lane)) for lane in range(len(entry.lanes)))
        for name in _FIGURES.values()
    )
    about = entry.about
    notes = textwrap.shorten(_printable(about.notes), LONGEST_NOTES, placeholder=" …")
    words = (", ".join(about.tags), notes, about.parent_words)
    numbers = f"{entry.step}", f"{entry.n_seeds}"
    return (entry.name, *numbers, entry.data_file or entry.data, entry.formulations, *figures, *words)


def _printable(text: str) -> str:
    """Return a text on one line, without what would move a terminal's cursor."""
    return "".join(one if one.isprintable() else " " for one in text)


def _number(value: float) -> str:
    return "–" if value != value else f"{value:.4g}"


def _settings(entries: Sequence[Entry], rows: list[SettingRow]) -> Iterator[str]:
    yield ""
    if not rows:
        yield "no settings differ"
        return
    yield from _table(
        [("setting", *(entry.name for entry in entries)), *((row.path, *row.values) for row in rows)]
    )


def _table(texts: Sequence[Sequence[str]]) -> Iterator[str]:
    rows = [[_printable(cell) for cell in row] for row in texts]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()

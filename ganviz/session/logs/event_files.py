"""TensorBoard's event files: their scalars as a table of a row a step and a column a tag.

A file is a sequence of records, each a length of 8 bytes, 4 bytes of its check sum, a message, and 4 bytes of the
message's (``tensorboard/summary/writer/record_writer.py``). The messages are TensorBoard's own, read by its package,
which is loaded when there is one to read. Its ways of reading whole files take twenty times as long: they sum the
check of every message in Python, where this one takes the word of lengths and of the messages' own grammar.
"""

from __future__ import annotations

import contextlib
import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganviz.data.table_layout import MAX_COLUMNS
from ganviz.session.logs.table import Array, Columns, Table
from ganviz.spec import InvalidValueError

EVENT_FILES = "tfevents"
"""Stands in the name of every event file."""
MAX_BYTES = 4_000_000_000
MOST_RECORD_BYTES = 1_000_000
"""Larger ones are pictures, graphs, sounds: they are passed over."""


MAX_SCALARS = 10_000_000

_HEAD = struct.Struct("<QI")
_SUM_BYTES = 4
_STEP = "step"


def is_name_of_events(path: Path) -> bool:
    """Return whether a name is that of event files: one with ``tfevents`` in it, or a folder's."""
    return EVENT_FILES in path.name or not path.suffix or path.is_dir()


def need_tensorboard() -> None:
    """Raise InvalidValueError where TensorBoard's package is not installed."""
    try:
        import tensorboard  # noqa: F401 - is loaded for its errors
    except ImportError as error:
        raise InvalidValueError(
            "Event files need TensorBoard's package: `pip install 'ganviz[tensorboard]'`."
        ) from error


def event_table(path: Path) -> Table:
    """Return the scalars in an event file, or in those of a folder, in the order of their names.

    Raises
    ------
    InvalidValueError
        When there are none, they are too many, or TensorBoard's package is not installed.
    OSError
        When they cannot be read.
    """
    paths = event_paths(path)
    need_tensorboard()
    if sum(one.stat().st_size for one in paths) > MAX_BYTES:
        raise InvalidValueError(f"{str(path)!r} is larger than {MAX_BYTES // 10**9} GB, which is the limit.")
    found = _Scalars()
    for one in paths:
        found.read(one)
    if not found.tags:
        raise InvalidValueError(f"{str(path)!r} holds no scalars.")
    words = f"{len(paths)} event file{'s' * (len(paths) != 1)} of TensorBoard"
    if found.n_damaged:
        words += f", {found.n_damaged} of them damaged or cut and read up to there"
    return Table((_STEP, *found.tags), words, partial(_loaded, *found.arrays()))


def event_files(folder: Path) -> list[Path]:
    """Return the event files of a folder, oldest first as their names tell; none where there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(one for one in folder.iterdir() if EVENT_FILES in one.name and one.is_file())


def event_paths(path: Path) -> list[Path]:
    """Return an event file, or those that a folder holds; raise InvalidValueError where there are none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise InvalidValueError(f"There is no file and no folder {str(path)!r}.")
    if found := event_files(path):
        return found
    inner = sorted({one.parent.relative_to(path) for one in path.rglob(f"*{EVENT_FILES}*") if one.is_file()})
    if inner:
        more = " …" if len(inner) > 5 else ""
        raise InvalidValueError(
            f"The event files of {str(path)!r} are in folders of it; choose one: "
            f"{', '.join(map(str, inner[:5]))}{more}."
        )
    raise InvalidValueError(f"The folder {str(path)!r} holds no event file of TensorBoard.")


@dataclass
class _Scalars:
    """Scalars in the order of the files: the row of each, its tag's number and its value; a row's step."""

    tags: dict[str, int] = field(default_factory=dict)
    n_damaged: int = 0
    steps: array[int] = field(default_factory=lambda: array("q"))
    rows: array[int] = field(default_factory=lambda: array("q"))
    places: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))

    def arrays(self) -> tuple[Array, NDArray[np.int64], NDArray[np.int64], Array]:
        """Return steps by row, and row, tag and value of each scalar."""
        steps = np.array(self.steps, dtype=np.float64)
        rows, places = (np.array(one, dtype=np.int64) for one in (self.rows, self.places))
        return steps, rows, places, np.array(self.values, dtype=np.float64)

    def read(self, path: Path) -> None:
        """Add a file's scalars, up to where it is damaged or cut."""
        from google.protobuf.message import DecodeError
        from tensorboard.compat.proto.event_pb2 import Event

        parse, steps = Event.FromString, self.steps
        try:
            for _, message in _records(path):
                event = parse(message)
                for value in event.summary.value:
                    number = value.simple_value if value.HasField("simple_value") else _of_tensor(value)
                    if number is None:
                        continue
                    if not steps or steps[-1] != event.step:
                        steps.append(event.step)
                    self._add(value.tag, number)
        except (DecodeError, _DamagedError):
            self.n_damaged += 1

    def _add(self, tag: str, number: float) -> None:
        """Add a scalar of the newest step."""
        if len(self.values) >= MAX_SCALARS:
            raise InvalidValueError(f"There are more than {MAX_SCALARS:,} scalars, which is the limit.")
        place = self.tags.setdefault(tag, len(self.tags))
        if place >= MAX_COLUMNS:
            raise InvalidValueError(f"There are more than {MAX_COLUMNS:,} tags, which is the limit.")
        self.rows.append(len(self.steps) - 1)
        self.places.append(place)
        self.values.append(number)


class _DamagedError(Exception):
    """A file ends within a record, or something else stands there."""


def _records(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield where each message ends in a file, and the message; raise _DamagedError where the file ends too early.

    A message that is too large for numbers is yielded empty.
    """
    end, size = 0, path.stat().st_size  # what is written from now on is left for another time
    with path.open("rb") as file:
        while end < size:
            head = file.read(_HEAD.size)
            if len(head) < _HEAD.size:
                raise _DamagedError
            length, _ = _HEAD.unpack(head)
            end += _HEAD.size + length + _SUM_BYTES
            if end > size:
                raise _DamagedError
            if length > MOST_RECORD_BYTES:
                file.seek(end)
                yield end, b""
            else:
                yield end, file.read(length + _SUM_BYTES)[:length]


def _of_tensor(value: Any) -> float | None:
    """Return the one number that a tensor holds, as newer programs write scalars; None for anything else."""
    if not value.HasField("tensor"):
        return None
    from tensorboard.util.tensor_util import make_ndarray

    try:
        found = make_ndarray(value.tensor)
    except (ValueError, TypeError):
        return None
    return float(found.item()) if found.size == 1 and found.dtype.kind in "fiub" else None


def _loaded(
    steps: Array, rows: NDArray[np.int64], places: NDArray[np.int64], values: Array, chosen: Columns
) -> tuple[Array, int]:
    table = np.full((len(steps), len(chosen)), np.nan)
    for k, column in enumerate(chosen):
        if column == 0:
            table[:, k] = steps
        else:
            of_tag = places == column - 1
            table[rows[of_tag], k] = values[of_tag]
    return table, 0


def read_ends(paths: Sequence[Path]) -> tuple[dict[str, int], dict[str, float]]:
    """Return the newest step of each tag of event files, and each tag's value at step 1."""
    found = _Scalars()
    for one in paths:
        found.read(one)
    steps, rows, places, values = found.arrays()
    newest = np.zeros(len(found.tags))
    np.maximum.at(newest, places, steps[rows])
    tags, of_first = list(found.tags), np.flatnonzero(steps[rows] == 1)
    first = {tags[places[k]]: float(values[k]) for k in of_first}
    return dict(zip(tags, newest.astype(int).tolist(), strict=True)), first


def whole_bytes(path: Path) -> int:
    """Return how many bytes of an event file are whole messages."""
    end = 0
    with contextlib.suppress(_DamagedError):
        for reached, _ in _records(path):
            end = reached
    return end

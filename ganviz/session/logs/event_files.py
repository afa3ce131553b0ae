"""TensorBoard's event files: their scalars as a table of a row a step and a column a tag.

A file is a sequence of records, each a length of 8 bytes, 4 bytes of its check sum, a message, and 4 bytes of the
message's (``tensorboard/summary/writer/record_writer.py``). The messages are TensorBoard's own, read by its package,
which is loaded when there is one to read. Its ways of reading whole files take twenty times as long: they sum the
check of every message in Python, where this one takes the word of lengths and of the messages' own grammar, and of
messages of one kind it reads all at once.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from ganviz.session.logs.event_scalars import DamagedError, Messages, Scalars
from ganviz.session.logs.table import Array, Columns, Table, Whole
from ganviz.session.saved_run import EVENT_FILES
from ganviz.spec import InvalidValueError

MAX_BYTES = 4_000_000_000
MOST_LOOKED_AT, MOST_TOLD = 100_000, 5
"""Files and folders that are looked through for folders of event files, and how many of these are told."""
MOST_RECORD_BYTES = 1_000_000
"""Larger ones are pictures, graphs, sounds: they are passed over."""

_HEAD = struct.Struct("<QI")
_AROUND = _HEAD.size + 4
_BLOCK = 4 << 20
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
    found = Scalars()
    for one in paths:
        _read_into(found, one)
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
    inner = [str(one.relative_to(path)) for one in islice(_folders_below(path), MOST_TOLD + 1)]
    if inner:
        told = ", ".join(inner[:MOST_TOLD]) + " …" * (len(inner) > MOST_TOLD)
        raise InvalidValueError(f"The event files of {str(path)!r} are in folders of it; choose one: {told}.")
    raise InvalidValueError(f"The folder {str(path)!r} holds no event file of TensorBoard.")


def _folders_below(path: Path) -> Iterator[Path]:
    """Yield the folders below a folder that hold event files; of a whole disk not all are looked at."""
    n_left = MOST_LOOKED_AT
    for folder, folders, names in os.walk(path):
        folders.sort()
        if any(EVENT_FILES in name for name in names):
            yield Path(folder)
        n_left -= 1 + len(names)
        if n_left < 0:
            return


def _read_into(found: Scalars, path: Path) -> None:
    """Add a file's scalars, up to where it is damaged or cut."""
    try:
        for messages in _messages(path):
            found.add(messages)
    except DamagedError:
        found.n_damaged += 1


def _messages(path: Path) -> Iterator[Messages]:
    """Yield the messages of a file, many at once; raise DamagedError where the file ends too early.

    What is too large for numbers is passed over, and what is written from now on is left for another time.
    """
    left, rest = path.stat().st_size, b""
    with path.open("rb") as file:
        while left > 0 and (read := file.read(min(_BLOCK, left))):
            left -= len(read)
            content = rest + read
            starts, lengths, end = _walked(content)
            if starts:
                yield Messages(content, np.array(starts), np.array(lengths))
            rest = content[end:]
            if _size(rest) > MOST_RECORD_BYTES + _AROUND:
                beyond = _size(rest) - len(rest)
                if beyond > left:
                    raise DamagedError
                file.seek(beyond, os.SEEK_CUR)
                left, rest = left - beyond, b""
    if rest:
        raise DamagedError


def _size(record: bytes) -> int:
    """Return how long a record is, with what stands around its message; 0 while its length is not known."""
    return _HEAD.unpack_from(record)[0] + _AROUND if len(record) >= _HEAD.size else 0


def _walked(content: bytes) -> tuple[list[int], list[int], int]:
    """Return where messages begin and how long they are, and where the last whole record ends."""
    starts, lengths, end, n, head = [], [], 0, len(content), _HEAD.unpack_from
    while end + _AROUND <= n:
        length = head(content, end)[0]
        if end + _AROUND + length > n:
            break
        if length <= MOST_RECORD_BYTES:
            starts.append(end + _HEAD.size)
            lengths.append(length)
        end += _AROUND + length
    return starts, lengths, end


def _loaded(steps: Array, rows: Whole, places: Whole, values: Array, chosen: Columns) -> tuple[Array, int]:
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
    found = Scalars()
    for one in paths:
        _read_into(found, one)
    steps, rows, places, values = found.arrays()
    newest = np.zeros(len(found.tags))
    np.maximum.at(newest, places, steps[rows])
    tags, of_first = list(found.tags), np.flatnonzero(steps[rows] == 1)
    first = {tags[places[k]]: float(values[k]) for k in of_first}
    return dict(zip(tags, newest.astype(int).tolist(), strict=True)), first


def whole_bytes(path: Path) -> int:
    """Return how many bytes of an event file are whole messages."""
    end, n = 0, path.stat().st_size
    with path.open("rb") as file:
        while (size := _size(file.read(_HEAD.size))) and end + size <= n:
            end = file.seek(end + size)
    return end

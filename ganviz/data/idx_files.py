"""The IDX format in which MNIST is distributed: a big-endian header, then bytes; optionally gzipped."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from ganviz.spec import InvalidValueError

Bytes = NDArray[np.uint8]

MOST_BYTES = 600_000_000
"""Bytes of data that a set may hold: enough for ten times MNIST; with copies within 2 GB of memory."""

_GZIP = b"\x1f\x8b"
_HEADERS = {1: 2049, 3: 2051}
_BYTES_AT_ONCE = 1 << 24


def read_idx(path: Path, dimensions: int, most_bytes: int = MOST_BYTES) -> Bytes:
    """Return the array in a file, which is unpacked when its content is gzipped, whatever its name.

    The header says how many bytes there must be; no more than these are unpacked.

    Raises
    ------
    InvalidValueError
        When it is no file, truncated, too long, larger than ``most_bytes``, or not an IDX file of bytes with that many
        axes.
    """
    if not path.is_file():
        raise InvalidValueError(f"{str(path)!r} is not a file.")
    try:
        with path.open("rb") as raw:
            is_packed = raw.read(2) == _GZIP
            raw.seek(0)
            if not is_packed:
                return _array(raw, path.name, dimensions, most_bytes)
            with gzip.open(raw) as unpacked:
                return _array(cast(BinaryIO, unpacked), path.name, dimensions, most_bytes)
    except (OSError, EOFError, zlib.error) as error:
        raise InvalidValueError(f"{path.name} cannot be read; is it complete? ({error})") from error


def _array(file: BinaryIO, name: str, dimensions: int, most_bytes: int) -> Bytes:
    length = 4 + 4 * dimensions
    header = file.read(length)
    if len(header) < length or int.from_bytes(header[:4], "big") != _HEADERS[dimensions]:
        raise InvalidValueError(f"{name} is not an IDX file of bytes with {dimensions} dimensions.")
    shape = tuple(int.from_bytes(header[i : i + 4], "big") for i in range(4, length, 4))
    expected = math.prod(shape)
    if expected > most_bytes:
        raise InvalidValueError(
            f"{name} is of shape {shape}, which is {expected / 1e6:,.0f} MB of data; "
            f"{most_bytes / 1e6:,.0f} MB are the limit."
        )
    data = np.empty(expected, dtype=np.uint8)
    n_read = _fill(data, file)
    if n_read < expected or file.read(1):
        found = f"{n_read}" if n_read < expected else "more"
        raise InvalidValueError(
            f"{name} should hold {expected} bytes of data for shape {shape}, not {found}."
        )
    return data.reshape(shape)


def _fill(data: Bytes, file: BinaryIO) -> int:
    """Read into an array until it is full or the file ends; return how many bytes were read."""
    n_read = 0
    while piece := file.read(min(_BYTES_AT_ONCE, len(data) - n_read)):
        data[n_read : n_read + len(piece)] = np.frombuffer(piece, dtype=np.uint8)
        n_read += len(piece)
    return n_read

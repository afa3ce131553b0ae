"""The IDX format in which MNIST is distributed: a big-endian header, then bytes; optionally gzipped."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganviz.spec import InvalidValueError

Bytes = NDArray[np.uint8]

_HEADERS = {1: 2049, 3: 2051}
_MOST_BYTES = 1 << 30


def read_idx(folder: Path, name: str, dimensions: int) -> Bytes:
    """Return the array in ``folder/name`` or ``folder/name.gz``.

    Raises
    ------
    InvalidValueError
        When neither file is there, or it is truncated, too long, or not an IDX file of bytes with that many axes.
    """
    path = next((folder / (name + end) for end in ("", ".gz") if (folder / (name + end)).is_file()), None)
    if path is None:
        raise InvalidValueError(f"The folder {str(folder)!r} holds neither {name} nor {name}.gz.")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(_MOST_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise InvalidValueError(f"{path.name} cannot be read; is it complete? ({error})") from error
    length = 4 + 4 * dimensions
    if len(content) < length or int.from_bytes(content[:4], "big") != _HEADERS[dimensions]:
        raise InvalidValueError(f"{path.name} is not an IDX file of bytes with {dimensions} dimensions.")
    shape = tuple(int.from_bytes(content[i : i + 4], "big") for i in range(4, length, 4))
    expected = math.prod(shape)
    if len(content) - length != expected:
        raise InvalidValueError(
            f"{path.name} should hold {expected} bytes of data for shape {shape}, not {len(content) - length}."
        )
    return np.frombuffer(content, dtype=np.uint8, offset=length).reshape(shape)

"""Arrays out of an NPZ file that may be damaged or a stranger's: nothing in it is executed, and its size is bounded."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any, BinaryIO

from numpy.lib import format as npy
from numpy.typing import NDArray

_ENDING = ".npy"


def read_arrays(
    file: Path | BinaryIO, most: int, names: Collection[str] | None = None
) -> dict[str, NDArray[Any]]:
    """Return the arrays in an NPZ file.

    Parameters
    ----------
    file : Path or binary file
    most : int
        How many bytes they may have when they are unpacked.
    names : collection of str or None
        Those that are wanted; None wants all.

    Raises
    ------
    ValueError
        When it is no NPZ file, is damaged, holds objects, or lacks one of the names.
    OSError
        When it cannot be read.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            sizes = {entry.filename.removesuffix(_ENDING): entry.file_size for entry in archive.infolist()}
            wanted = sizes.keys() if names is None else names
            if sum(sizes[name] for name in wanted) > most:
                raise ValueError("its arrays are larger than they may be")
            return {name: _array(archive, name) for name in wanted}
    except OSError:
        raise
    except Exception as error:  # of zipfile, zlib, NumPy's headers or its allocations
        raise ValueError(f"it is no file of arrays that can be read: {error}") from error


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with archive.open(name + _ENDING) as file:
        found: NDArray[Any] = npy.read_array(file, allow_pickle=False)
        return found

"""The one place that knows where the files beside the code are: checkout, installed wheel or frozen bundle."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import BinaryIO

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Return the path of a file or folder below ``resources/``.

    Raises
    ------
    FileNotFoundError
        When the installation lacks it.
    """
    for root in (_PACKAGE / "_resources", _PACKAGE.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"This installation lacks the file resources/{'/'.join(parts)}.")


def is_other(path: Path) -> bool:
    """Return whether something stands at a path that is no file: a folder, or a pipe or device, which may never end."""
    return path.exists() and not path.is_file()


def open_file(path: Path) -> BinaryIO:
    """Open a file to read it.

    Raises
    ------
    OSError
        When it cannot be opened, or is none.
    """
    if is_other(path):
        raise OSError(errno.EINVAL, "It is not a file", str(path))
    return path.open("rb")

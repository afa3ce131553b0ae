"""Paths of files that the person chose."""

from __future__ import annotations

from pathlib import Path

from ganviz.spec import InvalidValueError

LONGEST_NAME, LONGEST_PATH = 255, 4095
"""Bytes of one name in a path, and of all: no usual system takes more."""


def chosen_path(text: str | Path) -> Path:
    """Return the path, with ``~`` replaced by the person's folder.

    Raises
    ------
    InvalidValueError
        When the text cannot be a path at all, or ``~name`` names nobody.
    """
    try:
        if "\0" in str(text):
            raise ValueError("it holds a null character")
        if any(len(_bytes(name)) > LONGEST_NAME for name in Path(text).parts):
            raise ValueError(f"a name in it is longer than {LONGEST_NAME} bytes")
        if len(_bytes(str(text))) > LONGEST_PATH:
            raise ValueError(f"it is longer than {LONGEST_PATH} bytes")
        return Path(text).expanduser()
    except (RuntimeError, ValueError) as error:
        reason = "nobody has a home folder of that name" if isinstance(error, RuntimeError) else error
        raise InvalidValueError(f"{str(text)!r} cannot be used as a path: {reason}.") from error


def is_there(path: str | Path) -> bool:
    """Return whether there is a file or folder; asked with a name that no system takes, a path itself fails."""
    try:
        return Path(path).exists()
    except OSError:
        return False


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

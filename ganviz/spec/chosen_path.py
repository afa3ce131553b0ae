"""Paths of files that the person chose."""

from __future__ import annotations

from pathlib import Path

from ganviz.spec import InvalidValueError


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
        return Path(text).expanduser()
    except (RuntimeError, ValueError) as error:
        reason = "nobody has a home folder of that name" if isinstance(error, RuntimeError) else error
        raise InvalidValueError(f"{str(text)!r} cannot be used as a path: {reason}.") from error

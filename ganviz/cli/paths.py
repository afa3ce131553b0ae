"""Files and folders as the command line names them: ``~`` is one's own folder, and an empty text is none."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from ganviz.session.saved_run import saved_run
from ganviz.spec import InvalidValueError
from ganviz.spec.chosen_path import chosen_path


def _reader(kind: str) -> Callable[[str], Path]:
    """Return what reads a path, and raises ArgumentTypeError for what cannot be one."""

    def read(text: str) -> Path:
        if not text.strip():
            raise argparse.ArgumentTypeError(f"{kind} is wanted, not an empty text")
        try:
            return chosen_path(text)
        except InvalidValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return read


file, folder = _reader("a file"), _reader("a folder")


def file_of_run(text: str) -> Path:
    """Return the file of a saved run that is named by itself or by its folder."""
    return saved_run(file(text))

"""What a checkpoint begins with, its kind, its version and a digest of the rest: looked at without torch."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ganviz.spec import InvalidValueError
from ganviz.spec.words import reason_of

VERSION = 2
MAGIC = b"ganviz checkpoint "
DIGEST_LENGTH = 64
LONGEST_HEADER = 200
SOON_BYTES = 64 << 20
"""Of a larger file, the digest takes longer than a window may stand still."""


class CheckpointError(InvalidValueError):
    """A file that is no checkpoint that can be used; its text is one sentence."""


def check_soon(path: Path) -> None:
    """Refuse a file that is no checkpoint, or a damaged one, as far as that is seen at once.

    Raises
    ------
    CheckpointError
    """
    name = repr(str(path))
    try:
        if path.exists() and not path.is_file():
            raise CheckpointError(f"{name} is not a file.")
        with path.open("rb") as file:
            check_version(name, file.readline(LONGEST_HEADER))
            if os.fstat(file.fileno()).st_size <= SOON_BYTES:
                check_seal(name, file.read(DIGEST_LENGTH + 1), file.read())
    except OSError as error:
        raise CheckpointError(f"{name} cannot be read: {reason_of(error)}.") from error


def check_version(name: str, first: bytes) -> None:
    """Refuse files of another kind or version by their first line."""
    if not first.startswith(MAGIC):
        raise CheckpointError(f"{name} is not a ganviz checkpoint.")
    version = first.rstrip(b"\n")[len(MAGIC) :].decode("ascii", "replace")
    if version != str(VERSION):
        raise CheckpointError(
            f"{name} is a checkpoint of version {version[:20]}; this ganviz reads version {VERSION}."
        )


def check_seal(name: str, digest: bytes, content: bytes | memoryview) -> None:
    """Refuse files that were changed after they were written."""
    if digest != hashlib.sha256(content).hexdigest().encode() + b"\n":
        raise CheckpointError(f"{name} is damaged: it was cut short or changed after it was written.")

"""Files that are there completely or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


class FileError(OSError):
    """A file that cannot be read or written; its text is one sentence."""


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Give a new file beside ``path`` to write to; when the block ends well, it takes the place of ``path``.

    On any error the new file is removed and what was at ``path`` stays.

    Raises
    ------
    FileError
        Where the system refuses: no such folder, no permission, a full disk.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        temporary.open("xb").close()
        yield temporary
        _flush_to_disk(temporary)
        temporary.replace(path)
    except FileError:
        raise
    except OSError as error:
        raise FileError(f"{str(path)!r} cannot be written: {error.strerror or error}.") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _flush_to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())

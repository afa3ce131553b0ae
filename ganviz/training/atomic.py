"""Files that are there completely or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from ganviz.spec import readable
from ganviz.spec.words import reason_of
from ganviz.training.claims import claim

PART = ".part"
OLD_S = 86400.0
LONGEST_NAME = 200
"""Names have up to 255 bytes, those of what is written beside a file among them."""
IS_POSIX = os.name == "posix"


class FileError(OSError):
    """A file that cannot be read or written; its text is one sentence."""

    def __str__(self) -> str:
        return readable(super().__str__())


class TakenError(FileError):
    """A file that was to be new is there already."""


def obstacle(path: Path) -> str:
    """Return what stands at a path that no file may take the place of: a folder, a pipe, a device; else nothing."""
    if path.is_dir():
        return "it is a folder"
    return "it is no file" if path.exists() and not path.is_file() else ""


@contextlib.contextmanager
def atomic_path(path: Path, *, is_new: bool = False) -> Iterator[Path]:
    """Give a new file beside ``path`` to write to; when the block ends well, it takes the place of ``path``.

    On any error the new file is removed and what was at ``path`` stays. A link there goes on to lead to the same
    place, and who may read the file does not change. With ``is_new`` nothing is replaced, also not what another
    process has put there in the meantime.

    Raises
    ------
    TakenError
        Where something is there, and ``is_new``.
    FileError
        Where the system refuses: no such folder, no permission, a full disk; or there is no file to be replaced.
    """
    path = Path(path)
    with contextlib.suppress(OSError):  # what the system refuses is a sentence below
        path = Path(os.path.realpath(path)) if path.is_symlink() else path
    temporary = path.with_name(f"{_beginning(path)}{secrets.token_hex(4)}{PART}")
    held = None
    try:
        if reason := obstacle(path):
            raise FileError(f"{str(path)!r} cannot be written: {reason}.")
        _remove_leftovers(path)
        if IS_POSIX:
            held = claim(temporary)
        else:  # Windows moves no file that is open
            temporary.open("xb").close()
        mode = _mode(path)
        if mode is not None:
            _allow(temporary, mode | stat.S_IRUSR | stat.S_IWUSR)  # nobody else reads it meanwhile either
        yield temporary
        _flush_to_disk(temporary)
        if mode is not None:
            _allow(temporary, mode)
        _publish(temporary, path) if is_new else temporary.replace(path)
    except FileError:
        raise
    except OSError as error:
        raise FileError(f"{str(path)!r} cannot be written: {reason_of(error)}.") from error
    finally:
        if held is not None:
            held.give_up()
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _beginning(path: Path) -> str:
    """Return what the names of all files begin with that are written for this one; of a long name its digest."""
    name = os.fsencode(path.name)
    return f".{path.name}." if len(name) <= LONGEST_NAME else f".{hashlib.sha256(name).hexdigest()}."


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def _allow(path: Path, mode: int) -> None:
    """Let a file be read and written by whom a mode says, where the file system knows modes."""
    with contextlib.suppress(OSError):
        path.chmod(mode)


def _publish(temporary: Path, path: Path) -> None:
    """Let a file be there under a new name; of two that try, one is refused."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError as error:
        raise TakenError(f"{str(path)!r} is there already.") from error
    except OSError as error:  # the file system knows no second names
        if path.exists():
            raise TakenError(f"{str(path)!r} is there already.") from error
        temporary.replace(path)


def _remove_leftovers(path: Path) -> None:
    """Remove what writers of this file have left that were killed."""
    start = _beginning(path)
    with contextlib.suppress(OSError), os.scandir(path.parent) as entries:
        for entry in entries:
            if entry.name.startswith(start) and entry.name.endswith(PART):
                _remove_leftover(Path(entry.path))


def _remove_leftover(path: Path) -> None:
    with contextlib.suppress(OSError):
        if IS_POSIX:
            held = claim(path)
            if held is not None:
                held.give_up()
        elif path.stat().st_mtime < time.time() - OLD_S:
            path.unlink()


def _flush_to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())

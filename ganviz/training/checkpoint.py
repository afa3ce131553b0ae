"""Whole runs in one file, ``*.ganviz``: written atomically, checked by a digest, read without executing anything.

Layout: the line ``ganviz checkpoint 2``, the SHA-256 of the rest in hexadecimal and a line feed, then what
``torch.save`` writes of :meth:`ganviz.training.trainer.Trainer.state`, to be read back with ``weights_only=True``.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import zipfile
from pathlib import Path
from typing import IO, Any, cast

import torch

from ganviz.spec import InvalidValueError
from ganviz.training.atomic import atomic_path
from ganviz.training.trainer import Trainer

VERSION = 2
MOST_BYTES = 64 << 30

_MAGIC = b"ganviz checkpoint "
_DIGEST_LENGTH = 64
_LONGEST_HEADER = 200
_NOT_A_RUN = (
    LookupError, TypeError, ValueError, AttributeError, RuntimeError, ArithmeticError, EOFError, MemoryError,
)  # fmt: skip


class CheckpointError(InvalidValueError):
    """A file that is no checkpoint that can be used; its text is one sentence."""


def save_checkpoint(path: Path, trainer: Trainer) -> None:
    """Write the run; on any error what was at ``path`` stays.

    Raises
    ------
    FileError
        When the file cannot be written.
    """
    write_state(path, trainer.state())


def write_state(path: Path, state: dict[str, Any]) -> None:
    """Write what :meth:`ganviz.training.trainer.Trainer.state` gave, block by block; any thread may do so.

    Raises
    ------
    FileError
        When the file cannot be written.
    """
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        file.write(_MAGIC + str(VERSION).encode() + b"\n")
        place = file.tell()
        file.write(bytes(_DIGEST_LENGTH) + b"\n")
        body = _Digesting(file)
        try:
            torch.save(state, cast("IO[bytes]", body))
        except RuntimeError as error:
            raise body.error or error from error
        file.seek(place)
        file.write(body.digest.hexdigest().encode())


class _Digesting:
    """A file to write to; learns the digest on the way, and why it failed, which torch does not tell."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self._file.flush()


def load_checkpoint(path: Path) -> Trainer:
    """Return the run in a file.

    Raises
    ------
    CheckpointError
        When the file is missing, of another kind or version, truncated, changed, or holds anything but tensors and
        plain values; nothing in it is executed.
    InvalidValueError
        When its configuration cannot be used here (data that is missing).

    Notes
    -----
    A run of a GPU opens where there is none, on the CPU.
    """
    name = str(path)
    payload = _payload(name, _read(Path(path), name))
    try:
        state = torch.load(io.BytesIO(payload), map_location="cpu", weights_only=True)
        return Trainer.from_state(state)
    except InvalidValueError as error:
        raise CheckpointError(f"{name!r} cannot be opened: {error}") from error
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f"{name!r} holds something other than tensors and plain values, and was not opened."
        ) from error
    except _NOT_A_RUN as error:
        reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
        raise CheckpointError(f"{name!r} does not hold a complete run: {reason}.") from error


def _read(path: Path, name: str) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise CheckpointError(f"{name!r} is not a file.")
        if path.stat().st_size > MOST_BYTES:
            raise CheckpointError(f"{name!r} is larger than {MOST_BYTES >> 30} GiB, which no checkpoint is.")
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{name!r} cannot be read: {error.strerror or error}.") from error


def _payload(name: str, content: bytes) -> bytes:
    first, _, rest = content[:_LONGEST_HEADER].partition(b"\n")
    if not first.startswith(_MAGIC):
        raise CheckpointError(f"{name!r} is not a ganviz checkpoint.")
    version = first[len(_MAGIC) :].decode("ascii", "replace")
    if version != str(VERSION):
        raise CheckpointError(
            f"{name!r} is a checkpoint of version {version[:20]}; this ganviz reads version {VERSION}."
        )
    payload = content[len(first) + 1 + _DIGEST_LENGTH + 1 :]
    if not rest.startswith(hashlib.sha256(payload).hexdigest().encode() + b"\n"):
        raise CheckpointError(f"{name!r} is damaged: it was cut short or changed after it was written.")
    _check_archive(name, payload)
    return payload


def _check_archive(name: str, payload: bytes) -> None:
    """Refuse what ``torch.save`` does not write, above all archives that are larger when unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise CheckpointError(f"{name!r} does not hold a run: {error}.") from error
    if size > len(payload):
        raise CheckpointError(f"{name!r} is compressed, which no checkpoint of ganviz is.")

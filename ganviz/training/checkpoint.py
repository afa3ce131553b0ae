"""Whole runs in one file, ``*.ganviz``: written atomically, checked by a digest, read without executing anything.

Layout: the line ``ganviz checkpoint 2``, the SHA-256 of the rest in hexadecimal and a line feed, then what
``torch.save`` writes of :meth:`ganviz.training.trainer.Trainer.state`; :mod:`ganviz.training.plain_archive` reads it.
"""

from __future__ import annotations

import hashlib
import io
import mmap
import os
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, cast

import torch

from ganviz.spec import InvalidValueError
from ganviz.spec.words import reason_of
from ganviz.training.atomic import atomic_path
from ganviz.training.checkpoint_seal import (
    DIGEST_LENGTH,
    LONGEST_HEADER,
    MAGIC,
    VERSION,
    CheckpointError,
    check_seal,
    check_version,
)
from ganviz.training.memory_need import NEVER_REFUSED, free_bytes, memory_in_words
from ganviz.training.plain_archive import ForeignError, copied, read_archive
from ganviz.training.trainer import Trainer

MOST_BYTES = 64 << 30
COPIES = 3
"""A run takes about so many times the memory of its file while it is being opened."""

LONGEST_REASON = 300


def save_checkpoint(path: Path, trainer: Trainer, *, is_new: bool = False) -> None:
    """Write the run; on any error what was at ``path`` stays, and anyhow with ``is_new``.

    Raises
    ------
    FileError
        When the file cannot be written.
    """
    write_state(path, trainer.state(), is_new=is_new)


def write_state(path: Path, state: dict[str, Any], *, is_new: bool = False) -> None:
    """Write what :meth:`ganviz.training.trainer.Trainer.state` gave, block by block; any thread may do so.

    Raises
    ------
    FileError
        When the file cannot be written.
    """
    with atomic_path(path, is_new=is_new) as temporary, temporary.open("wb") as file:
        _write(file, state)


def checkpoint_bytes(trainer: Trainer) -> bytes:
    """Return what :func:`save_checkpoint` writes."""
    file = io.BytesIO()
    _write(file, trainer.state())
    return file.getvalue()


def _write(file: IO[bytes], state: dict[str, Any]) -> None:
    file.write(MAGIC + str(VERSION).encode() + b"\n")
    place = file.tell()
    file.write(bytes(DIGEST_LENGTH) + b"\n")
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


def load_checkpoint(path: Path, at_step: int | None = None) -> Trainer:
    """Return the run in a file, or as it was at the keyframe at ``at_step``, from where another run goes on.

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
    name = repr(str(path))
    digest, content = _read(Path(path), name)
    with ThreadPoolExecutor(1) as beside:
        seal = beside.submit(check_seal, name, digest, content)
        try:
            return _opened(name, content, at_step)
        finally:
            seal.result()  # what is damaged is said, instead of what follows from it


def _opened(name: str, content: memoryview, at_step: int | None) -> Trainer:
    try:
        with memory_in_words(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of libraries, about what is not as it should be
            trainer = Trainer.from_state(_with_rows_in_place(read_archive(content)))
            if at_step is not None:
                trainer.rewind(at_step)
            return trainer
    except InvalidValueError as error:
        raise CheckpointError(f"{name} cannot be opened: {error}") from error
    except ForeignError as error:
        raise CheckpointError(
            f"{name} holds something other than tensors and plain values, and was not opened."
        ) from error
    except zipfile.BadZipFile as error:
        raise CheckpointError(f"{name} does not hold a run: {error}.") from error
    except Exception as error:  # whatever is wrong with something foreign is said in a sentence
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:LONGEST_REASON].rstrip(".")
        raise CheckpointError(f"{name} does not hold a complete run: {reason}.") from error


def _with_rows_in_place(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state of which only the history's rows, which it takes over or copies, keep the content of the file."""
    history = state["history"]
    beside = {name: part for name, part in history.items() if name != "lanes"}
    others = {name: part for name, part in state.items() if name != "history"}
    return {**copied(others), "history": {**copied(beside), "lanes": history["lanes"]}}


def _read(path: Path, name: str) -> tuple[bytes, memoryview]:
    """Return the digest's line and what follows it."""
    try:
        if path.exists() and not path.is_file():
            raise CheckpointError(f"{name} is not a file.")
        with path.open("rb") as file:
            # Of the file that is open: at this path there may be a longer one in a moment.
            size, free = os.fstat(file.fileno()).st_size, free_bytes("cpu")
            if size > MOST_BYTES:
                raise CheckpointError(
                    f"{name} is larger than {MOST_BYTES >> 30} GiB, which no checkpoint is."
                )
            if free is not None and size > NEVER_REFUSED and COPIES * size > free:
                raise CheckpointError(
                    f"{name} is of {size / 1e9:.1f} GB, for which there is not enough memory."
                )
            check_version(name, file.readline(LONGEST_HEADER))
            digest = file.read(DIGEST_LENGTH + 1)
            return digest, _rest(file, size - file.tell())
    except OSError as error:
        raise CheckpointError(f"{name} cannot be read: {reason_of(error)}.") from error
    except CheckpointError:
        raise
    except ValueError as error:  # a path that no file system takes
        raise CheckpointError(f"{name} cannot be read: {error}.") from error


def _rest(file: BufferedReader, n_bytes: int) -> memoryview:
    """Return what follows in a file, at an address that numbers of 8 bytes can have; it goes back to the system."""
    room = memoryview(mmap.mmap(-1, max(1, n_bytes)))[: max(0, n_bytes)]
    return room[: file.readinto(room)]

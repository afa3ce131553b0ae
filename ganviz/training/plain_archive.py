"""Reads what ``torch.save`` writes of tensors and plain values; nothing else is called, unpacked or made.

``torch.load(weights_only=True)`` executes nothing either, but it makes what a file asks for: an archive that its own
reader finds at another place than Python's, buffers of any length, tensors beyond their record. Here one reader sees
the archive, records are taken as they are, a handful of instructions is understood, and what comes out is not larger
than what went in.
"""

from __future__ import annotations

import io
import pickle
import struct
import sys
import zipfile
import zlib
from typing import Any

import torch
from torch import Tensor

MOST_PICKLE_BYTES = 32 << 20
PICKLE_BYTES_PER_RECORD = 1000
MOST_READS = 2_000_000
READS_PER_RECORD = 300
MOST_VALUES = 3_000_000
DEEPEST = 16
SHORT_BYTES = 1 << 16
"""A record so long at least is not copied."""

_LOCAL_HEADER = 30

_KINDS = {
    "FloatStorage": torch.float32, "DoubleStorage": torch.float64, "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16, "LongStorage": torch.int64, "IntStorage": torch.int32,
    "ShortStorage": torch.int16, "CharStorage": torch.int8, "ByteStorage": torch.uint8, "BoolStorage": torch.bool,
}  # fmt: skip
_UNDERSTOOD = (
    pickle.PROTO, pickle.STOP, pickle.MARK, pickle.NONE, pickle.NEWTRUE, pickle.NEWFALSE, pickle.BININT,
    pickle.BININT1, pickle.BININT2, pickle.LONG1, pickle.BINFLOAT, pickle.BINUNICODE, pickle.EMPTY_LIST,
    pickle.APPEND, pickle.APPENDS, pickle.EMPTY_DICT, pickle.SETITEM, pickle.SETITEMS, pickle.EMPTY_TUPLE,
    pickle.TUPLE, pickle.TUPLE1, pickle.TUPLE2, pickle.TUPLE3, pickle.BINPUT, pickle.LONG_BINPUT, pickle.BINGET,
    pickle.LONG_BINGET, pickle.GLOBAL, pickle.REDUCE, pickle.BINPERSID,
)  # fmt: skip


class ForeignError(pickle.UnpicklingError):
    """Something other than tensors and plain values."""


def read_archive(content: memoryview) -> Any:
    """Return the tensors and plain values of an archive, which may stand behind other bytes.

    Long tensors lie in ``content`` itself, which must be writable, and which they keep: see :func:`copied`.

    Raises
    ------
    ForeignError
        When it holds anything else.
    Exception
        Of many kinds, when it is damaged or was not made by ``torch.save``.
    """
    with zipfile.ZipFile(_Archive(content)) as archive:
        entries = archive.infolist()
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise ValueError("it is compressed, which no checkpoint of ganviz is")
    if sum(entry.file_size for entry in entries) > len(content):
        raise ValueError("its parts are larger than the whole, as if it were compressed")
    records = _Records(content, entries)
    state = _Unpickler(records.pickle(), records).load()
    _check_size(state, records.n_bytes, records.n_pickle_bytes)
    return state


def copied(value: Any) -> Any:
    """Return what :func:`read_archive` gave, or a part of it, with tensors that keep nothing but themselves."""
    if isinstance(value, Tensor):
        return value.clone()
    if isinstance(value, dict):
        return {key: copied(part) for key, part in value.items()}
    return type(value)(map(copied, value)) if isinstance(value, list | tuple) else value


class _Archive(io.RawIOBase):
    """Bytes as a file, which ``BytesIO`` would copy."""

    def __init__(self, content: memoryview) -> None:
        self._content, self._at = content, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        at = offset + (0, self._at, len(self._content))[whence]
        if at < 0:
            raise OSError("a place before the beginning")
        self._at = at
        return at

    def read(self, size: int = -1) -> bytes:
        end = len(self._content) if size < 0 else self._at + size
        found = bytes(self._content[self._at : end])
        self._at += len(found)
        return found


class _Records:
    """The parts of an archive, each of which is read once."""

    def __init__(self, content: memoryview, entries: list[zipfile.ZipInfo]) -> None:
        self._content, self._entries = content, {entry.filename: entry for entry in entries}
        names = [entry.filename for entry in entries]
        (main,) = (name for name in names if name.endswith("data.pkl"))
        self._folder = main.removesuffix("data.pkl")
        self.n_records = sum(name.startswith(f"{self._folder}data/") for name in names)
        self._storages: dict[str, Tensor] = {}
        self.n_bytes = self.n_pickle_bytes = 0
        order = f"{self._folder}byteorder"
        if order in names and bytes(self._read(order, 10)).decode() != sys.byteorder:
            raise ValueError("it was written by a machine with another order of bytes")

    def _read(self, name: str, most: int | None = None) -> memoryview:
        entry = self._entries[name]
        if most is not None and entry.file_size > most:
            raise ValueError(f"its part {name[-40:]!r} is too long")
        header = self._content[entry.header_offset :][:_LOCAL_HEADER]
        start = entry.header_offset + _LOCAL_HEADER + sum(struct.unpack_from("<HH", header, 26))
        part = self._content[start : start + entry.file_size]
        if len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
            raise zipfile.BadZipFile(f"its part {name[-40:]!r} is not as it was written")
        return part

    def pickle(self) -> bytes:
        """Return the instructions that put everything together."""
        most = MOST_PICKLE_BYTES + PICKLE_BYTES_PER_RECORD * self.n_records
        content = bytes(self._read(f"{self._folder}data.pkl", most))
        self.n_pickle_bytes = len(content)
        return content

    def storage(self, key: str, dtype: torch.dtype, n: int) -> Tensor:
        """Return the numbers of a record as a flat tensor."""
        if key not in self._storages:
            self._storages[key] = self._numbers(self._read(f"{self._folder}data/{key}"), dtype)
        storage = self._storages[key]
        if storage.dtype != dtype or len(storage) != n:
            raise ValueError(f"its record {key[:40]!r} is not as long as it should be")
        return storage

    def _numbers(self, content: memoryview, dtype: torch.dtype) -> Tensor:
        self.n_bytes += len(content)
        if not content:
            return torch.empty(0, dtype=dtype)
        if len(content) < SHORT_BYTES:
            return torch.frombuffer(bytearray(content), dtype=dtype)
        numbers = torch.frombuffer(content, dtype=dtype)
        return numbers.clone() if numbers.data_ptr() % dtype.itemsize else numbers


class _Bounded(io.BytesIO):
    """Instructions, of which only so many are read."""

    def __init__(self, content: bytes, most: int) -> None:
        super().__init__(content)
        self._left = most

    def read(self, size: int | None = -1) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise ValueError("it has more parts than any run")
        return super().read(size)


class _Unpickler(
    pickle._Unpickler
):  # the one in Python: that in C makes room for any number that a file names
    """Understands tensors and plain values."""

    dispatch = {  # noqa: RUF012 - as in the base class
        code[0]: pickle._Unpickler.dispatch[code[0]] for code in _UNDERSTOOD
    }

    def __init__(self, content: bytes, records: _Records) -> None:
        super().__init__(_Bounded(content, MOST_READS + READS_PER_RECORD * records.n_records))
        self._records = records

    def load(self) -> Any:
        try:
            return super().load()
        except KeyError as error:
            if error.args and type(error.args[0]) is int:  # an instruction that is not understood
                raise ForeignError("an instruction that no checkpoint has") from error
            raise

    def find_class(self, module: str, name: str) -> Any:
        if module == "torch" and name in _KINDS:
            return _KINDS[name]
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if (module, name) == ("collections", "OrderedDict"):
            return _no_hooks
        raise ForeignError(f"{module[:80]}.{name[:80]}")

    def persistent_load(self, pid: Any) -> Tensor:
        match pid:
            case ("storage", torch.dtype() as dtype, str(key), str(), int(n)):
                return self._records.storage(key, dtype, n)
        raise ForeignError("a reference to something else than a record")


def _tensor(
    storage: Tensor,
    offset: int,
    size: tuple[int, ...],
    stride: tuple[int, ...],
    is_differentiated: bool,
    hooks: Any,
) -> Tensor:
    """Return what ``torch._utils._rebuild_tensor_v2`` makes of a record; torch checks that it lies within."""
    if type(storage) is not Tensor:
        raise ForeignError("a tensor without a record")
    if hooks or is_differentiated:
        raise ForeignError("a tensor that is not plain")
    return storage.as_strided(size, stride, offset)


def _no_hooks() -> dict[str, Any]:
    """Return what a tensor's hooks are in a file: none."""
    return {}


def _check_size(state: Any, n_bytes: int, n_pickle_bytes: int) -> None:
    """Raise ValueError where what is used, counted as often as it is used, is larger than what a file holds."""
    n_values = n_characters = n_tensor_bytes = 0
    waiting: list[tuple[Any, int]] = [(state, 0)]
    while waiting:
        value, depth = waiting.pop()
        n_values += 1
        if isinstance(value, str):
            n_characters += len(value)
        elif isinstance(value, Tensor):
            n_tensor_bytes += value.numel() * value.element_size()
        elif isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
        elif isinstance(value, list | tuple):
            waiting += [(part, depth + 1) for part in value]
        if n_values + len(waiting) > MOST_VALUES or depth > DEEPEST:
            raise ValueError("it has more parts than any run")
        if n_tensor_bytes > n_bytes or n_characters > MOST_PICKLE_BYTES + 2 * n_pickle_bytes:
            raise ValueError("it uses a part of its content again and again")

"""Scalars of many messages of event files at once: those of one tag differ in their time, step and value alone.

Where these stand in a message is found by the wire format (protobuf.dev/programming-guides/encoding) in the first one
of its kind; those that are equal in every other byte, and whose steps take as many bytes, have them at the same places.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ganviz.session.logs.table import Array
from ganviz.spec.frozen import dataclass

Bytes = NDArray[np.uint8]
Span = tuple[int, int]

_VARINT, _EIGHT, _SIZED, _FOUR = 0, 1, 2, 5
_WALL_TIME, _STEP, _SUMMARY = 1, 2, 5
_VALUE, _SIMPLE, _TENSOR = 1, 2, 8
_CONTENT, _FLOATS = 4, 5
_WIDTH = 4
_MORE = np.uint8(0x80)


class _OtherError(Exception):
    """A message is of another kind."""


@dataclass(frozen=True, slots=True, eq=False)
class EventPattern:
    """A message with one scalar of 32 bits, as it is written.

    Attributes
    ----------
    message : ndarray, ``[n]`` uint8
    is_fixed : ndarray, ``[n]`` bool
        Which bytes are the same in all messages of the kind.
    step : (int, int)
        Where the step stands; nowhere where it is 0.
    value : int
        Where the scalar's four bytes begin.
    """

    message: Bytes
    is_fixed: NDArray[np.bool_]
    step: Span
    value: int

    def fits(self, messages: Bytes) -> NDArray[np.bool_]:
        """Return which of some messages, ``[m, n]``, are of this kind."""
        first, end = self.step
        is_same: NDArray[np.bool_] = (messages[:, self.is_fixed] == self.message[self.is_fixed]).all(axis=1)
        is_same &= ((messages[:, first:end] & _MORE) == (self.message[first:end] & _MORE)).all(axis=1)
        return is_same

    def read(self, messages: Bytes) -> tuple[NDArray[np.int64], Array]:
        """Return steps and values of messages of this kind."""
        first, end = self.step
        steps = np.zeros(len(messages), dtype=np.int64)
        for k in range(first, end):
            steps |= (messages[:, k] & ~_MORE).astype(np.int64) << (7 * (k - first))
        values = np.ascontiguousarray(messages[:, self.value : self.value + _WIDTH]).view("<f4")[:, 0]
        return steps, values.astype(np.float64)


def event_pattern(message: Bytes) -> EventPattern | None:
    """Return the pattern of a message; None where it has not one scalar of 32 bits, or other parts."""
    try:
        return _pattern(message)
    except (_OtherError, IndexError):
        return None


def _pattern(message: Bytes) -> EventPattern:
    content = message.tobytes()
    is_fixed = np.ones(len(message), dtype=bool)
    step, value = (0, 0), None
    for number, wire, span in _fields(content, (0, len(content))):
        if (number, wire) == (_WALL_TIME, _EIGHT):
            is_fixed[slice(*span)] = False
        elif (number, wire) == (_STEP, _VARINT) and step == (0, 0):
            step = span
            is_fixed[slice(*span)] = False
        elif (number, wire) == (_SUMMARY, _SIZED) and value is None:
            value = _scalar(content, span)
        else:
            raise _OtherError
    if value is None:
        raise _OtherError
    is_fixed[value : value + _WIDTH] = False
    return EventPattern(message, is_fixed, step, value)


def _scalar(content: bytes, summary: Span) -> int:
    """Return where the only value of a summary has its four bytes."""
    values = list(_fields(content, summary))
    if len(values) != 1 or values[0][:2] != (_VALUE, _SIZED):
        raise _OtherError
    parts = {(number, wire): span for number, wire, span in _fields(content, values[0][2])}
    if (_SIMPLE, _FOUR) in parts and (_TENSOR, _SIZED) not in parts:
        return parts[_SIMPLE, _FOUR][0]
    if (_TENSOR, _SIZED) not in parts or (_SIMPLE, _FOUR) in parts:
        raise _OtherError
    fields = list(_fields(content, parts[_TENSOR, _SIZED]))
    held = [(wire, span) for number, wire, span in fields if number >= _CONTENT]
    is_float = any(number == 1 and content[slice(*span)] == b"\x01" for number, _, span in fields)
    if not is_float or len(held) != 1 or held[0][0] not in (_SIZED, _FOUR):
        raise _OtherError
    start, end = held[0][1]
    if end - start != _WIDTH or not any(number in (_CONTENT, _FLOATS) for number, _, _ in fields):
        raise _OtherError
    return start


def _fields(content: bytes, span: Span) -> Iterator[tuple[int, int, Span]]:
    """Yield number, wire type and place of what each field of a message holds."""
    at, end = span
    while at < end:
        key, at = _varint(content, at)
        number, wire = key >> 3, key & 7
        start = at
        if wire == _VARINT:
            _, at = _varint(content, at)
        elif wire == _SIZED:
            size, start = _varint(content, at)
            at = start + size
        elif wire in (_EIGHT, _FOUR):
            at += 8 if wire == _EIGHT else 4
        else:
            raise _OtherError
        if at > end:
            raise _OtherError
        yield number, wire, (start, at)


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length and where the next byte is."""
    value = shift = 0
    while content[at] & 0x80:
        value |= (content[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
    return value | content[at] << shift, at + 1

"""The scalars in messages of event files: those of a kind at once, the others by TensorBoard's own reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ganviz.data.table_layout import MAX_COLUMNS
from ganviz.session.logs.event_patterns import Bytes, EventPattern, event_pattern
from ganviz.session.logs.table import Array, Whole
from ganviz.spec import InvalidValueError
from ganviz.spec.frozen import dataclass

MAX_SCALARS = 10_000_000

_FEWEST, _MOST_KINDS, _MOST_MISSES = 16, 64, 4
_LONGEST = 1000
"""Longer messages are read one by one: they hold something else."""


class DamagedError(Exception):
    """A file ends within a record, or something else stands there."""


@dataclass(frozen=True, slots=True, eq=False)
class Messages:
    """Some messages of a file: its bytes, and where each begins and how long it is."""

    content: bytes
    starts: Whole
    lengths: Whole

    def one(self, k: int) -> bytes:
        """Return a message."""
        return self.content[self.starts[k] : self.starts[k] + self.lengths[k]]

    def rows(self, places: Whole, length: int) -> Bytes:
        """Return messages of one length, ``[n, length]``."""
        return sliding_window_view(np.frombuffer(self.content, np.uint8), length)[self.starts[places]]


@dataclass(frozen=True, slots=True, eq=False)
class _OfTag:
    """Scalars of one tag: of which messages, their steps and values."""

    tag: str
    messages: Whole
    steps: Whole
    values: Array


@dataclass
class Scalars:
    """Scalars in the order of the files: step, tag's number and value of each."""

    tags: dict[str, int] = field(default_factory=dict)
    n_damaged: int = 0
    parts: list[tuple[Whole, Whole, Array]] = field(default_factory=list)

    def arrays(self) -> tuple[Array, Whole, Whole, Array]:
        """Return steps by row, and row, tag and value of each scalar; equal steps that follow each other are a row."""
        none = np.empty(0, dtype=np.int64)
        parts = zip(*self.parts, strict=True) if self.parts else ([none], [none], [np.empty(0)])
        steps, places, values = map(np.concatenate, parts)
        is_new = np.concatenate(([True], steps[1:] != steps[:-1]))[: len(steps)]
        return steps[is_new].astype(np.float64), np.cumsum(is_new) - 1, places, values

    def add(self, messages: Messages) -> None:
        """Add the scalars of messages.

        Raises
        ------
        DamagedError
            When one of them is none; those before it are added.
        InvalidValueError
            When there are too many scalars or tags.
        """
        found, others = _of_kinds(messages)
        n_whole, singles = _one_by_one(messages, others)
        self._keep([*found, *singles], n_whole)
        if n_whole < len(messages.starts):
            raise DamagedError

    def _keep(self, found: list[_OfTag], n_whole: int) -> None:
        """Add the scalars of the first messages, in their order."""
        found = [one for one in found if one.messages[0] < n_whole]
        for one in sorted(found, key=lambda each: each.messages[0]):
            self.tags.setdefault(one.tag, len(self.tags))
        if len(self.tags) > MAX_COLUMNS:
            raise InvalidValueError(f"There are more than {MAX_COLUMNS:,} tags, which is the limit.")
        if not found:
            return
        at, steps, values = (
            np.concatenate([getattr(one, name) for one in found]) for name in ("messages", "steps", "values")
        )
        places = np.repeat([self.tags[one.tag] for one in found], [len(one.steps) for one in found])
        order = np.argsort(at, kind="stable")
        order = order[at[order] < n_whole]
        self.parts.append((steps[order], places[order], values[order]))
        if sum(len(part[0]) for part in self.parts) > MAX_SCALARS:
            raise InvalidValueError(f"There are more than {MAX_SCALARS:,} scalars, which is the limit.")


def _of_kinds(messages: Messages) -> tuple[list[_OfTag], list[int]]:
    """Return the scalars of messages of which many are alike, and which messages are left."""
    found: list[_OfTag] = []
    others: list[int] = []
    for length in np.unique(messages.lengths).tolist():
        rest = np.flatnonzero(messages.lengths == length)
        if length <= _LONGEST and len(rest) >= _FEWEST:
            rest = _of_length(messages, messages.rows(rest, length), rest, found)
        others.extend(rest.tolist())
    return found, sorted(others)


def _of_length(messages: Messages, rows: Bytes, places: Whole, found: list[_OfTag]) -> Whole:
    """Add the scalars of messages of one length, and return which are left."""
    n_misses, left = 0, []
    for _ in range(_MOST_KINDS):
        if len(places) < _FEWEST or n_misses > _MOST_MISSES:
            break
        pattern = event_pattern(rows[0])
        one = None if pattern is None else _checked(pattern, messages.one(int(places[0])))
        fits = np.arange(len(places)) == 0
        if pattern is not None and one is not None:
            fits = pattern.fits(rows)
            steps, values = pattern.read(rows[fits])
            found.append(_OfTag(one, places[fits], steps, values))
        else:
            left.append(places[:1])
        n_misses += int(fits.sum()) < _FEWEST
        rows, places = rows[~fits], places[~fits]
    return np.concatenate([*left, places])


def _checked(pattern: EventPattern, message: bytes) -> str | None:
    """Return the tag of a message where TensorBoard's own reader finds the same step and value in it."""
    from google.protobuf.message import DecodeError

    try:
        scalars = list(_scalars_of(message))
    except DecodeError:
        return None
    steps, values = pattern.read(pattern.message[None])
    if len(scalars) != 1 or scalars[0][0] != steps[0] or not _are_same(scalars[0][2], values[0]):
        return None
    return scalars[0][1]


def _are_same(one: float, other: float) -> bool:
    return one == other or (one != one and other != other)


def _one_by_one(messages: Messages, places: list[int]) -> tuple[int, list[_OfTag]]:
    """Return how many messages there are up to the first that is damaged, and the scalars of those that were left."""
    from google.protobuf.message import DecodeError

    found: dict[str, list[tuple[int, int, float]]] = {}
    n_whole = len(messages.starts)
    for place in places:
        try:
            scalars = list(_scalars_of(messages.one(place)))
        except DecodeError:
            n_whole = place
            break
        for step, tag, value in scalars:
            found.setdefault(tag, []).append((place, step, value))
    return n_whole, [_of_tag(tag, scalars) for tag, scalars in found.items()]


def _of_tag(tag: str, scalars: list[tuple[int, int, float]]) -> _OfTag:
    at, steps, values = zip(*scalars, strict=True)
    return _OfTag(tag, np.array(at), np.array(steps, dtype=np.int64), np.array(values, dtype=np.float64))


def _scalars_of(message: bytes) -> Iterator[tuple[int, str, float]]:
    """Yield step, tag and value of the scalars in a message."""
    from tensorboard.compat.proto.event_pb2 import Event

    event = Event.FromString(message)
    for value in event.summary.value:
        number = value.simple_value if value.HasField("simple_value") else _of_tensor(value)
        if number is not None:
            yield event.step, value.tag, number


def _of_tensor(value: Any) -> float | None:
    """Return the one number that a tensor holds, as newer programs write scalars; None for anything else."""
    if not value.HasField("tensor"):
        return None
    from tensorboard.util.tensor_util import make_ndarray

    try:
        found = make_ndarray(value.tensor)
    except (ValueError, TypeError):
        return None
    return float(found.item()) if found.size == 1 and found.dtype.kind in "fiub" else None

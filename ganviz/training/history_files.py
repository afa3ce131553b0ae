"""A run's history as plain values, for files, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ganviz.training.columns import COLUMNS
from ganviz.training.config import RunConfig
from ganviz.training.history import CHUNK_ROWS, ChangeMark, History
from ganviz.training.keyframes import Frame
from ganviz.training.measuring import measurements_from_plain, measurements_to_plain
from ganviz.training.memory_need import check_table
from ganviz.training.players import check_tensor

MOST_COLUMNS = 1000
MOST_MARKS = 50_000


def history_to_plain(history: History) -> dict[str, Any]:
    """Return marks as plain values and all rows as blocks ``[k, columns]``, each lane's in order."""
    history = history.frozen()
    return {
        "columns": list(COLUMNS),
        "lanes": [
            [torch.from_numpy(values) for _, values in history.rows(lane)] for lane in range(history.n_lanes)
        ],
        "marks": marks_to_plain(history.marks),
        "measured": measurements_to_plain(history.measured),
    }


def history_from_plain(plain: dict[str, Any], frame: Frame) -> History:
    """Return the history of a run that is at ``frame``; raise ValueError where it is not complete."""
    lanes, statuses = plain["lanes"], frame["lanes"]
    columns = _checked_columns(plain["columns"])
    if len(lanes) != len(statuses):
        raise ValueError("the history has other lanes than the run")
    stops = [frame["step"] if at.diverged_at is None else at.diverged_at - 1 for at in statuses]
    ends = [min(frame["step"], stop) for stop in stops]
    for blocks, end in zip(lanes, ends, strict=True):
        _check_blocks(blocks, end, len(columns))
    marks = marks_from_plain(plain["marks"], frame["config"])
    check_table(frame["step"] * len(lanes), len(COLUMNS))
    history = History.from_blocks(
        [_rows(blocks, columns) for blocks in lanes], frame["config"].training.seeds
    )
    history.marks, history.measured = list(marks), measurements_from_plain(plain.get("measured"), ends)
    return history


def marks_to_plain(marks: Iterable[ChangeMark]) -> list[list[Any]]:
    """Return marks of changes as plain values."""
    return [[mark.step, mark.lane, mark.label, mark.breaks] for mark in marks]


def marks_from_plain(plain: Any, config: RunConfig) -> tuple[ChangeMark, ...]:
    """Return the marks; raise ValueError where there are too many, or one does not fit the run."""
    if len(plain) > MOST_MARKS:
        raise ValueError("it has more marks of changes than any run")
    marks = tuple(_change_mark(*mark) for mark in plain)
    if any(mark.lane is not None and mark.lane not in range(len(config.lanes)) for mark in marks):
        raise ValueError("a change mark belongs to a lane that is not there")
    return marks


def _change_mark(step: Any, lane: Any, label: Any, breaks: Any) -> ChangeMark:
    if type(step) is not int or not isinstance(label, str) or not isinstance(lane, int | None):
        raise ValueError("a mark of a change is none")
    return ChangeMark(step, lane, label, bool(breaks))


def _checked_columns(columns: Any) -> list[str]:
    """Return the names of scalars in a file; raise ValueError where they are none."""
    if not isinstance(columns, list) or len(columns) > MOST_COLUMNS or len(set(columns)) != len(columns):
        raise ValueError("the history has no columns, too many or some twice")
    if not all(isinstance(name, str) for name in columns):
        raise ValueError("the history has columns without a name")
    return columns


def _rows(blocks: list[Any], columns: list[str]) -> list[NDArray[np.float64]]:
    """Return the rows of a lane with the columns of now: unknown ones are left out, missing ones are NaN.

    Before they had columns, G's updates were one a step, and a batch's total was "total". Blocks of now are not copied.
    """
    if tuple(columns) == COLUMNS:
        return [block.contiguous().numpy() for block in blocks]
    known = [(i, COLUMNS.index(name)) for i, name in enumerate(columns) if name in COLUMNS]
    if "batch_total" not in columns:
        known += [(i, COLUMNS.index("batch_total")) for i, name in enumerate(columns) if name == "total"]
    source, target = [i for i, _ in known], [j for _, j in known]
    tables, n_before = [], 0
    for block in blocks:
        table = np.full((len(block), len(COLUMNS)), np.nan)
        table[:, target] = block.numpy()[:, source]
        if "g_updates" not in columns:
            table[:, COLUMNS.index("g_updates")] = np.arange(n_before + 1, n_before + len(table) + 1)
        n_before += len(table)
        tables.append(table)
    return tables


def _check_blocks(blocks: list[Any], n_steps: int, n_columns: int) -> None:
    for block in blocks:
        n = min(CHUNK_ROWS, n_steps)
        check_tensor("history", block, (n, n_columns), torch.float64)
        n_steps -= n
    if n_steps:
        raise ValueError("the history is not complete")

"""A run's history as other runs' charts show it beside their own: a few hundred points of every column, as bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganviz.session.foreign_arrays import read_arrays
from ganviz.spec.frozen import dataclass
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.history import ChangeMark, History
from ganviz.training.probes.loss_trace import LossTrace, bands, thinned_marks
from ganviz.training.probes.metrics_trace import grouped
from ganviz.training.progress import PROGRESS

N_POINTS = 300
MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class RunCurves:
    """Every step's scalars, thinned, and what was measured of some; of several seeds medians.

    Between the points of ``history`` nothing but means is kept, save of the progress, along which steps are laid.
    """

    history: LossTrace
    measured: LossTrace

    def of(self, column: str) -> LossTrace | None:
        """Return the trace that has a column, or None."""
        return next((one for one in (self.history, self.measured) if column in one.columns), None)


def curves_of(history: History, n_seeds: int) -> RunCurves:
    """Return the curves of a history, of which nothing changes."""
    first, last, low, high, mean, current = history.thinned(N_POINTS)
    marks = thinned_marks(history.marks, last)
    whole = LossTrace(COLUMNS, first, last, low, high, mean, current, marks)
    steps, values = history.measured.all_lanes()
    starts, ends, low, high, mean = grouped(steps, values, N_POINTS)
    newest = values[..., -1] if len(steps) else np.full(values.shape[:2], np.nan)
    measured = LossTrace(METRICS, starts, ends, low, high, mean, newest, thinned_marks(history.marks, ends))
    return RunCurves(*(one if n_seeds == 1 else bands(one, n_seeds) for one in (whole, measured)))


def packed(curves: RunCurves) -> bytes:
    """Return curves as an NPZ file."""
    arrays: dict[str, Any] = {}
    for name, one in (("history", curves.history), ("measured", curves.measured)):
        marks = [[mark.step, mark.lane, mark.label[:200], mark.breaks] for mark in one.marks]
        arrays |= {
            f"{name}_columns": np.array(one.columns), f"{name}_first": one.first, f"{name}_last": one.last,
            f"{name}_mean": one.mean.astype(np.float32), f"{name}_marks": np.array(json.dumps(marks)),
        }  # fmt: skip
    arrays["progress_columns"] = np.array(PROGRESS)
    places = [curves.history.column(column) for column in PROGRESS]
    arrays["progress"] = np.stack([side[:1, places] for side in (curves.history.low, curves.history.high)])
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def unpacked(content: bytes) -> RunCurves:
    """Return curves from what :func:`packed` made.

    Raises
    ------
    One of ``UNFIT``
        When it is something else.
    """
    arrays = read_arrays(io.BytesIO(content), MOST_BYTES)
    history = _trace(arrays, "history", arrays["progress"])
    return RunCurves(history, _trace(arrays, "measured", None))


def _trace(arrays: Mapping[str, NDArray[Any]], name: str, progress: NDArray[np.float64] | None) -> LossTrace:
    columns = tuple(str(column) for column in arrays[f"{name}_columns"])
    first, last = arrays[f"{name}_first"], arrays[f"{name}_last"]
    mean = arrays[f"{name}_mean"].astype(np.float64)
    if (
        mean.shape[1:] != (len(columns), len(first))
        or not first.shape == last.shape == mean.shape[2:]
        or {first.dtype.kind, last.dtype.kind} - {"i", "f"}
    ):
        raise ValueError("its arrays do not fit each other")
    low, high = mean.copy(), mean.copy()
    if progress is not None:
        for side, values in ((low, progress[0]), (high, progress[1])):
            side[:, [columns.index(str(column)) for column in arrays["progress_columns"]]] = values
    current = mean[..., -1] if len(first) else np.full(mean.shape[:2], np.nan)
    marks = tuple(map(_mark, json.loads(str(arrays[f"{name}_marks"]))))
    return LossTrace(columns, first, last, low, high, mean, current, marks)


def _mark(plain: Any) -> ChangeMark:
    step, lane, label, breaks = plain
    return ChangeMark(int(step), None if lane is None else int(lane), str(label), bool(breaks))

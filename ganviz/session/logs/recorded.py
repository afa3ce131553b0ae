"""A loss log as a run that has only a past: it answers looks with snapshots, which views draw as those of any run."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from ganviz.losses import Formulation
from ganviz.losses.adversarial.abstract import AbstractAdversarialLoss
from ganviz.session.logs.log import CLOSE, LossLog
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.detail import detail, summaries
from ganviz.training.fading import faded
from ganviz.training.history import CHUNK_ROWS, ChangeMark
from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.training.probes.ledger import GENERATORS, Ledger, LedgerProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.smoothing import Averages
from ganviz.training.snapshot import LaneStatus, Snapshot, Stamp

ARTICLE = ("non_saturating", "saturating")
"""Losses whose L_D is −V of the original paper, so that its quantities stand in a log."""

_MOST_STEPS = 2.0**53

Array = NDArray[np.float64]
Steps = NDArray[np.int64]
Memory = tuple[int, tuple[int, ...]]


class RecordedRun:
    """What a log can say to views.

    Parameters
    ----------
    log : LossLog
    loss : AbstractAdversarialLoss
        The loss that is meant: reference lines are its own.
    number : int
        Tells runs apart, as :class:`Stamp` has it.
    before : RecordedRun or None
        What was shown of the same file before: summaries of columns that are the same are taken over.

    Attributes
    ----------
    steps : ndarray, ``[n]`` int64
        Rising: those of the log, or its rows from 0 where they are no whole numbers from 0.
    are_rows : bool
        Whether rows are counted.
    """

    def __init__(
        self, log: LossLog, loss: AbstractAdversarialLoss, number: int = 0, before: RecordedRun | None = None
    ) -> None:
        self.config = RunConfig((LaneConfig(Formulation(loss)),))
        whole = np.rint(log.steps)
        self.are_rows = not (whole[0] >= 0 and whole[-1] < _MOST_STEPS and (np.diff(whole) > 0).all())
        self.steps: Steps = (np.arange(len(whole)) if self.are_rows else whole).astype(np.int64)
        self._log = log
        self._made: dict[str, Array] = {} if before is None or before._log is not log else before._made
        known = _quantities(log, loss, self._made)
        self._rows: LogRows = LogRows(known, len(self.steps), None if before is None else before._rows)
        self._averages = Averages()
        self._number, self._unit = number, log.unit
        parts = self._rows.of("d_loss_real") + self._rows.of("d_loss_fake") + self._rows.of("g_loss")
        self._whole = np.flatnonzero(np.isfinite(parts))
        self._whole_steps = self.steps[self._whole]

    @property
    def unit(self) -> str:
        """What steps are, in a word."""
        return "row" if self.are_rows else self._unit

    def has(self, *columns: str) -> bool:
        """Return whether there are numbers of all of these columns."""
        return all(self._rows.is_known[self._rows.places[name]] for name in columns)

    @property
    def has_ledger(self) -> bool:
        """Return whether there is a row with both parts of L_D and L_G."""
        return bool(len(self._whole))

    def snapshot(self, probes: Iterable[AbstractProbe], step: float | None = None) -> Snapshot:
        """Return what these probes read; what is of one row is of the one nearest to ``step``, or of the last."""
        last = int(self.steps[-1])
        viewed = last
        readings: list[tuple[AbstractProbe, Reading]] = []
        for probe in probes:
            if isinstance(probe, LossTraceProbe):
                readings.append((probe, self._trace(probe)))
            elif isinstance(probe, LedgerProbe) and self.has_ledger:
                row = self._whole_row(step)
                viewed = int(self.steps[row])
                readings.append((probe, self._ledger(row, viewed)))
        stamp, lanes = Stamp(self._number, last, 0), (LaneStatus(),)
        return Snapshot(stamp, self.config, lanes, "recorded", "cpu", tuple(readings), viewed)

    def _trace(self, probe: LossTraceProbe) -> LossTrace:
        """Return the history in buckets; those of a part of it reach one row beyond it at either end."""
        names, n = probe.columns or COLUMNS, len(self.steps)
        columns = [self._rows.places[name] for name in names]
        rows = (1, n)
        if probe.steps is not None:
            start, end = probe.steps
            first = int(np.searchsorted(self.steps, start, side="right"))
            rows = max(1, first), min(n, int(np.searchsorted(self.steps, end)) + 1)
        first_row, last_row, low, high, mean = detail(self._rows, rows, probe.buckets, columns, CHUNK_ROWS)
        at = smoothed = None
        if probe.smoothing:
            at, smoothed = self._averages.of(probe.smoothing, columns).read(self._rows, first_row, last_row)
            at = self.steps[at - 1]
        first_step, last_step = self.steps[first_row - 1], self.steps[last_row - 1]
        newest = self._rows.newest[:, columns]
        return LossTrace(names, first_step, last_step, low, high, mean, newest, (), smoothed, at)

    def _whole_row(self, step: float | None) -> int:
        """Return the row with both parts of L_D, and L_G, that is nearest to a step, or the last."""
        if step is None:
            return int(self._whole[-1])
        at = int(np.searchsorted(self._whole_steps, step))
        near = self._whole[max(0, at - 1) : at + 1]
        return int(near[np.argmin(np.abs(self.steps[near] - step))])

    def _ledger(self, row: int, step: int) -> Ledger:
        """Return the bookkeeping of a row: no gradients, and a penalty where L_D is more than its parts."""
        real, fake, d_loss, g_loss, value, saturating, non_saturating = (
            float(self._rows.of(name)[row])
            for name in (
                "d_loss_real", "d_loss_fake", "d_loss", "g_loss", "value", "g_saturating", "g_non_saturating",
            )
        )  # fmt: skip
        rest = d_loss - real - fake
        penalty = 0.0 if abs(rest) <= CLOSE * (abs(real) + abs(fake)) else rest
        nothing = np.full((1, len(GENERATORS)), np.nan)
        return Ledger(
            np.array([[real, fake]]), np.array([penalty]), np.array([[g_loss, saturating, non_saturating]]),
            np.array([-real - fake if np.isfinite(value) else np.nan]), np.full(1, np.nan), nothing, nothing, 0,
            step=step,
        )  # fmt: skip


@np.errstate(over="ignore", invalid="ignore")  # logs hold what has run away
def _quantities(log: LossLog, loss: AbstractAdversarialLoss, made: dict[str, Array]) -> dict[str, Array]:
    """Return the columns that a log has or that follow from them, some of them the same array.

    Sums that were ``made`` of the same log are not made again; new ones are added.
    """
    known = dict(log.values)
    if {"d_loss", "g_loss"} <= known.keys():
        known["total"] = _once(made, "total", lambda: known["d_loss"] + known["g_loss"])
        known["batch_total"] = known["total"]
    if loss.key not in ARTICLE:
        return known
    for name, role in (("d_real", "d_loss_real"), ("d_fake", "d_loss_fake")):
        if role in known:
            known[name] = known[role]
    _add_value(known, made)
    if loss.key == "non_saturating" and "total" in known:
        known["g_non_saturating"], known["total_non_saturating"] = known["g_loss"], known["total"]
    return known


def _add_value(known: dict[str, Array], made: dict[str, Array]) -> None:
    """Add V, and what the saturating loss is of D's own batch."""
    if "d_real" in known and "d_fake" in known:  # without the penalty that L_D may have
        known["value"] = _once(made, "value", lambda: -(known["d_real"] + known["d_fake"]))
        known["total_saturating"] = known["d_real"]
    elif "d_loss" in known:
        known["value"] = _once(made, "value", lambda: -known["d_loss"])
    if "d_fake" in known:  # what D's own batch would give, whatever G was trained by
        known["g_saturating"] = _once(made, "g_saturating", lambda: -known["d_fake"])


def _once(made: dict[str, Array], name: str, make: Callable[[], Array]) -> Array:
    if name not in made:
        made[name] = make()
    return made[name]


class LogRows:
    """The rows of a log with summaries of many of them: :class:`ganviz.training.rows.Rows` of one lane.

    Attributes
    ----------
    places : dict of int
        The place of every column of ``COLUMNS``; columns that are one array, and all that are unknown, share one.
    is_known : ndarray, ``[n_columns]`` bool
    newest : ndarray, ``[1, n_columns]``
        The last number of each.
    """

    marks: tuple[ChangeMark, ...] = ()
    n_lanes = 1
    _arrays: list[Array]
    _each: dict[Memory, dict[int, Array]]

    def __init__(self, known: dict[str, Array], n: int, before: LogRows | None = None) -> None:
        is_as_long = before is not None and before.n_steps == n
        nothing = before._arrays[-1] if before is not None and is_as_long else np.full(n, np.nan)
        arrays = [*{id(values): values for values in known.values()}.values(), nothing]
        order = [id(values) for values in arrays]
        self.places = {name: order.index(id(known.get(name, arrays[-1]))) for name in COLUMNS}
        self.n_steps: int = n
        self.n_columns = len(arrays)
        self._arrays = arrays = [np.ascontiguousarray(values) for values in arrays]
        self.newest = np.array([[_last_number(values) for values in arrays]])
        self.is_known = np.isfinite(self.newest[0])
        # column by column: NumPy takes ten times as long for rows of a few numbers
        of = {} if before is None or not is_as_long else before._each
        self._each = {
            key: of.get(key) or summaries(values[:, None], CHUNK_ROWS)
            for key, values in zip(map(_memory, arrays), arrays, strict=True)
        }
        each = [self._each[key] for key in map(_memory, arrays)]
        self._summaries = {unit: np.concatenate([one[unit] for one in each], axis=2) for unit in each[0]}

    def n_rows(self, lane: int) -> int:
        """Return how many rows there are."""
        return self.n_steps

    def of(self, name: str) -> Array:
        """Return a column, ``[n]``."""
        return self._arrays[self.places[name]]

    def between(self, lane: int, first: int, end: int, columns: list[int]) -> Array:
        """Return some columns of rows ``first`` to ``end`` (exclusive), counted from 0."""
        return np.stack([self._arrays[column][first:end] for column in columns], axis=1)

    def units(self, lane: int, first: int, end: int, unit: int, columns: list[int]) -> Array:
        """Return low, high, sum and count, ``[4, n, columns]``, of rows ``first`` to ``end`` by ``unit`` rows."""
        return self._summaries[unit][:, first // unit : -(-end // unit)][:, :, columns]

    def faded_units(self, weight: float) -> tuple[int, ...]:
        """Return of how many rows weighted sums are kept: of none, since all rows are in memory."""
        return ()

    def faded(self, lane: int, first: int, end: int, unit: int, weight: float, columns: list[int]) -> Array:
        """Return the weighted sums of rows ``first`` to ``end`` by ``unit`` rows, ``[n, 2 · columns]``."""
        sums: Array = faded(self.between(lane, first, end, columns), unit, (weight,))[0]
        return sums


def _memory(values: Array) -> Memory:
    """Return where an array's numbers lie: arrays that live at the same time and lie there are the same."""
    return values.__array_interface__["data"][0], values.strides


def _last_number(values: Array) -> float:
    """Return the last finite number, NaN where there is none; most columns have it among their last."""
    for end in (values[-CHUNK_ROWS:], values):
        known = np.flatnonzero(np.isfinite(end))
        if len(known):
            return float(end[known[-1]])
    return np.nan

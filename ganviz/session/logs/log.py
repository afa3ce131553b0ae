"""A loss log as this program counts: steps that rise, L_D as the sum of two means, and notes on what was done."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ganviz.session.logs.names import PROBABILITIES, RUNS, places_of, step_unit, steps_of
from ganviz.session.logs.table import Table
from ganviz.session.logs.tables import open_table
from ganviz.spec import InvalidValueError
from ganviz.spec.frozen import dataclass
from ganviz.training.atomic import atomic_path

CLOSE = 0.02
"""L_D and its parts agree within this share of it, in the median."""

_EVEN = 0.05
_ROWS_AT_ONCE = 100_000

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LossLog:
    """What a log says, in this program's conventions.

    Attributes
    ----------
    steps : ndarray, ``[n]`` float64
        Rising.
    values : dict of ndarray, ``[n]`` float64
        By role (see :data:`ganviz.session.logs.names.ROLES`); NaN where the log has none.
    columns : dict of str
        The file's name of each role's column.
    guessed : frozenset of str
        Roles that were guessed.
    d_scale : float
        What the file's L_D was multiplied by: 2 where it was halved.
    unit : str
        What its steps are: "step", "epoch", "row", or "kimg" for thousands of images.
    notes : tuple of str
        What was read and done, a sentence each.
    """

    steps: Array
    values: dict[str, Array]
    columns: dict[str, str]
    guessed: frozenset[str]
    d_scale: float
    unit: str
    notes: tuple[str, ...]


def read_log(path: Path, wanted: Mapping[str, str], is_halved: bool | None) -> LossLog:
    """Return the log in a file, as :func:`log_in` does.

    Raises
    ------
    InvalidValueError
        When the file or its columns cannot be used.
    OSError
        When it cannot be read.
    """
    return log_in(open_table(path), wanted, is_halved)


@np.errstate(over="ignore", invalid="ignore")  # logs hold what has run away
def log_in(table: Table, wanted: Mapping[str, str], is_halved: bool | None) -> LossLog:
    """Return the log in a table.

    Parameters
    ----------
    table : Table
    wanted : mapping
        Columns that the person named, by role, or an empty name for none; the others are guessed.
    is_halved : bool or None
        Whether the file's L_D is half of the sum, ½ (real + fake); None decides by the parts where they are there.

    Raises
    ------
    InvalidValueError
        When its columns cannot be used.
    """
    places, guessed = places_of(table.names, wanted)
    raw, steps, unit, notes = _loaded(table, places)
    empty = {
        place for i, (role, place) in enumerate(places.items()) if role in guessed and _is_empty(raw[:, i])
    }
    if empty and (others := places_of(table.names, wanted, frozenset(empty)))[0] != places:
        places, guessed = others
        raw, steps, unit, notes = _loaded(table, places)
    steps, raw, more = in_order(steps, raw)
    values = {role: raw[:, i] for i, role in enumerate(places)}
    for role in PROBABILITIES:
        if role in values and not _is_share(values[role]):
            notes.append(
                f"{table.names[places[role]]!r} is no probability: it leaves 0 to 1, and is not used."
            )
            del values[role]
    scale, words = _converted(values, is_halved)
    columns = {role: table.names[place] for role, place in places.items() if role in values}
    return LossLog(steps, values, columns, guessed & set(columns), scale, unit, (*notes, *more, *words))


def _loaded(table: Table, places: Mapping[str, int]) -> tuple[Array, Array, str, list[str]]:
    """Return the roles' columns, the step of each row, what steps are, and what is to be said."""
    step, epoch = steps_of(table.names)
    runs = [k for k, name in enumerate(table.names) if name.casefold() in RUNS]
    needed = list(dict.fromkeys(k for k in (*places.values(), step, epoch, *runs) if k is not None))
    found, n_left = table.load(needed)
    notes = [f"{_count(len(found), 'row')}; {table.words}."]
    if n_left:
        notes.append(f"{_count(n_left, 'line')} without these columns left out.")
    for k in runs:
        of_run = found[:, needed.index(k)]
        is_first = of_run == of_run[:1]
        if np.isfinite(of_run).all() and not is_first.all():
            found = found[is_first]
            notes.append(f"Of several runs, that of {table.names[k]} {of_run[0]:g} is read.")
    if not len(found):
        raise InvalidValueError("The log holds no row of numbers.")
    by_step, by_epoch = (None if k is None else found[:, needed.index(k)] for k in (step, epoch))
    steps, unit, words = _steps(by_step, by_epoch, len(found))
    if step is not None and not unit:
        unit, words = step_unit(table.names[step]), f"Steps from {table.names[step]!r}."
    return found[:, : len(places)], steps, unit, [*notes, words]


def _steps(step: Array | None, epoch: Array | None, n: int) -> tuple[Array, str, str]:
    """Return each row's step, and what it is and words where it is not simply the column of steps."""
    rows = np.arange(n, dtype=np.float64)
    if step is not None:
        if epoch is None:
            return step, "", ""
        falls = np.diff(step) < 0
        if not falls.any() or not (np.diff(epoch)[falls] > 0).all():
            return step, "", ""
        return rows, "row", "Steps count within epochs, so rows are numbered from 0."
    if epoch is not None and len(np.unique(epoch)) == n:
        return epoch, "epoch", "Epochs stand for steps."
    return rows, "row", "There is no column of steps, so rows are numbered from 0."


def in_order(steps: Array, values: Array) -> tuple[Array, Array, list[str]]:
    """Return rows with rising steps: what a restart repeats replaces what was there from its first step on.

    Rows of equal steps that follow each other are one, which has the last number of each column.
    """
    notes: list[str] = []
    if np.isfinite(steps).all() and (np.diff(steps) > 0).all() and len(steps):
        return steps, values, _missing(steps)
    known = np.isfinite(steps)
    if not known.all():
        notes.append(f"{_count(int((~known).sum()), 'row')} without a step left out.")
        steps, values = steps[known], values[known]
    if not len(steps):
        raise InvalidValueError("The log holds no row with a step.")
    n_restarts = int((np.diff(steps) < 0).sum())
    later = np.minimum.accumulate(steps[::-1])[::-1]
    kept = steps <= later
    # a restart begins anew: rows of its first step that stand before it are replaced, not merged
    after = np.cumsum(np.concatenate(([0], np.diff(steps) < 0)))
    if n_restarts:
        newest = np.zeros(len(steps), dtype=bool)
        s, a = steps[kept], after[kept]
        newest[np.flatnonzero(kept)] = a == a[np.searchsorted(s, s, side="right") - 1]
        kept &= newest
        words = (
            f"{_count(n_restarts, 'restart')}: {_count(int((~kept).sum()), 'row')} replaced by later ones."
        )
        notes.append(words)
    steps, values = steps[kept], values[kept]
    starts = np.flatnonzero(np.concatenate(([True], np.diff(steps) > 0)))
    if len(starts) < len(steps):
        notes.append(f"{_count(len(steps) - len(starts), 'row')} joined with others of the same step.")
        values = np.stack([_last_known(column, starts) for column in values.T], axis=1)
        steps = steps[starts]
    return steps, values, [*notes, *_missing(steps)]


def _last_known(column: Array, starts: NDArray[np.intp]) -> Array:
    """Return the last number of each group of rows, NaN where it has none."""
    places = np.where(np.isnan(column), -1, np.arange(len(column)))
    last = np.maximum.reduceat(places, starts)
    return np.where(last < 0, np.nan, column[last])


def _missing(steps: Array) -> list[str]:
    """Say which steps are missing where most are evenly spaced."""
    if len(steps) < 3:
        return []
    gaps = np.diff(steps)
    if gaps.min() == gaps.max():
        return []
    usual = float(np.median(gaps))
    n_wide = int((gaps > usual * (1 + _EVEN)).sum())
    return [f"{_count(n_wide, 'gap')} in the steps, which are {usual:,.10g} apart."] if n_wide else []


def _is_empty(values: Array) -> bool:
    return bool(np.isnan(values).all())


def _is_share(values: Array) -> bool:
    known = values[np.isfinite(values)]
    return bool(((known >= 0) & (known <= 1)).all())


def _converted(values: dict[str, Array], is_halved: bool | None) -> tuple[float, list[str]]:
    """Bring L_D and its parts to sums of means; return L_D's factor, and what was done."""
    parts = [values[role] for role in ("d_loss_real", "d_loss_fake") if role in values]
    if "d_loss" not in values:
        if len(parts) < 2:
            return 1.0, []
        if is_halved:
            _double(values, "d_loss_real", "d_loss_fake")
        values["d_loss"] = values["d_loss_real"] + values["d_loss_fake"]
        return 2.0 if is_halved else 1.0, ["L_D is the sum of its parts."]
    if is_halved is False:
        return 1.0, []
    share = _ratio(parts[0] + parts[1], values["d_loss"]) if len(parts) == 2 else np.nan
    if is_halved is None:
        if not abs(share - 2) < 2 * CLOSE:
            return 1.0, []
        _double(values, "d_loss")
        return 2.0, ["L_D is half the sum of its parts, and was doubled."]
    _double(values, "d_loss")
    if abs(share - 1) < CLOSE:
        _double(values, "d_loss_real", "d_loss_fake")
        return 2.0, ["L_D and its parts were doubled: they were halved."]
    return 2.0, ["L_D was doubled: it was halved."]


def _double(values: dict[str, Array], *roles: str) -> None:
    for role in roles:
        values[role] = 2 * values[role]


def _ratio(above: Array, below: Array) -> float:
    known = np.isfinite(above) & np.isfinite(below) & (below != 0)
    return float(np.median(above[known] / below[known])) if known.any() else float("nan")


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def write_log(path: Path, log: LossLog) -> None:
    """Write steps and values as CSV with this program's names; empty cells where there is no number.

    Raises
    ------
    FileError
        Where the system refuses.
    """
    names = ("step", *log.values)
    rows = np.stack([log.steps, *log.values.values()], axis=1)
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(",".join(names) + "\n")
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            block = rows[first : first + _ROWS_AT_ONCE].tolist()
            file.writelines(
                ",".join("" if value != value else f"{value:.12g}" for value in row) + "\n" for row in block
            )

"""What losses that nobody trains come to on the scores of every step, of which the last ones are kept.

Scores of a step are what its last update of D saw, real and fake. A loss that somebody asks for is evaluated on all
steps whose scores are kept, and from then on at the end of each block, as long as it is asked for now and then. Nothing
of it is fed back.
"""

from __future__ import annotations

import mmap
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass
from ganviz.training.columns import COLUMNS
from ganviz.training.overview import Overview

if TYPE_CHECKING:
    from ganviz.losses.adversarial.base import AbstractAdversarialLoss
    from ganviz.training.history import History

KEPT_BYTES = 8 << 20
"""Of scores: with 150 samples 7,000 steps of a lane."""
SHELF_BYTES = 1 << 18
PATIENCE_STEPS = 20_000
"""A loss that nobody has asked for within so many steps is not evaluated any more."""
TRAINED = ""
"""Stands for each lane's own loss."""
RECORDED = {"saturating": "g_saturating", "non_saturating": "g_non_saturating"}
"""Losses whose value on these scores is a column of the history, of every step."""

Values = NDArray[np.float64]
Steps = NDArray[np.int64]
Losses = tuple["AbstractAdversarialLoss", ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Those of the steps from ``first`` on, ``[steps, rows, 2 · batch]``, and each row's loss."""

    first: int
    values: NDArray[np.floating]
    losses: Losses

    @property
    def last(self) -> int:
        """Return the last step."""
        return self.first + len(self.values) - 1

    def valid(self, n_valid: Sequence[int]) -> Scores:
        """Return them without those of rows that had diverged: of row i, the first ``n_valid[i]`` steps."""
        values = self.values
        if min(n_valid, default=0) < len(values):
            values = values.copy()
            for row, n in enumerate(n_valid):
                values[n:, row] = np.nan
        return replace(self, values=values[: max(n_valid, default=0)])

    def after(self, step: int) -> Scores:
        """Return the steps after one."""
        return replace(
            self, first=max(self.first, step + 1), values=self.values[max(0, step + 1 - self.first) :]
        )


@dataclass(frozen=True, slots=True)
class ShadowCurve:
    """One loss over the steps, in buckets as ``LossTrace`` has them: ``[n]``, and ``[lanes, n]`` of L_G.

    ``breaks`` are lanes and the first steps of a loss that is another one from there on.
    """

    first: Steps
    last: Steps
    low: Values
    high: Values
    mean: Values
    breaks: tuple[tuple[int, int], ...] = ()


class _Shelf:
    """Puts arrays one after the other into mappings, each of which goes back to the system with its last array.

    From the heap, thousands of small arrays that live for a hundred thousand steps would lie between what each step
    takes and gives back: a long run's heap grew by several times their size.
    """

    def __init__(self) -> None:
        self._mapping, self._at = mmap.mmap(-1, SHELF_BYTES), 0

    def put(self, values: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return a copy."""
        if self._at + values.nbytes > len(self._mapping):
            self._mapping, self._at = mmap.mmap(-1, max(SHELF_BYTES, values.nbytes)), 0
        copy = np.frombuffer(self._mapping, values.dtype, values.size, self._at).reshape(values.shape)
        copy[:] = values
        self._at += values.nbytes
        return copy


class Shadows:
    """Keeps scores, and evaluates losses on them.

    Parameters
    ----------
    n_rows : int
        Lanes, each seed of them by itself.
    """

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        self._kept: deque[Scores] = deque()
        self._shelf = _Shelf()
        self._followed: dict[str, _Followed] = {}

    def append(self, scores: Scores) -> None:
        """Add the next steps; older ones are dropped where there are too many."""
        if not len(scores.values):
            return
        self._kept.append(replace(scores, values=self._shelf.put(scores.values)))
        most = max(1, KEPT_BYTES // max(scores.values[0].nbytes, 1))
        while self._kept[-1].last - self._kept[0].last >= most:
            self._kept.popleft()
        for key, followed in list(self._followed.items()):
            if scores.last - followed.asked > PATIENCE_STEPS:
                del self._followed[key]
            else:
                followed.append(scores)

    def curve(self, key: str, buckets: int, history: History) -> ShadowCurve | None:
        """Return a loss's curve of the rows of a history that these scores belong to; None before the first score."""
        if column := self._column(key, history):
            first, last, *values, _ = history.thinned(buckets)
            place = COLUMNS.index(column)
            low, high, mean = (value[:, place] for value in values)
            return ShadowCurve(first, last, low, high, mean)
        if not self._kept:
            return None
        newest = self._kept[-1].last
        if key not in self._followed:
            self._followed[key] = _Followed(key, self._n_rows, self._kept)
        followed = self._followed[key]
        followed.asked = newest
        return followed.curve(buckets)

    def _column(self, key: str, history: History) -> str:
        """Return the column that has the loss already; of the trained one where it has never been another."""
        if key:
            return RECORDED.get(key, "")
        losses = set(self._kept[-1].losses) if self._kept else set()
        is_one = len(losses) == 1 and not any(mark.breaks for mark in history.marks)
        loss = losses.pop() if is_one else None
        return next((RECORDED[name] for name in RECORDED if loss == _of(name)), "")

    def up_to(self, step: int, n_rows: int) -> Shadows:
        """Return the scores of the first rows up to a step."""
        twin = Shadows(n_rows)
        for one in self._kept:
            if one.first <= step:
                values = one.values[: step + 1 - one.first, :n_rows]
                twin._kept.append(Scores(one.first, values, one.losses[:n_rows]))
        return twin

    def chosen(self, rows: Sequence[int]) -> Shadows:
        """Return the scores of some rows, each as often as it is named."""
        twin = Shadows(len(rows))
        for one in self._kept:
            losses = tuple(one.losses[row] for row in rows)
            twin._kept.append(Scores(one.first, one.values[:, list(rows)], losses))
        return twin


class _Followed:
    """A loss that is evaluated on every step from the first one whose scores were there."""

    def __init__(self, key: str, n_rows: int, kept: Sequence[Scores]) -> None:
        self._loss = _of(key) if key else None
        self._before = kept[0].first - 1
        self._losses, self._breaks = kept[0].losses, list[tuple[int, int]]()
        self._overview, self._last, self.asked = Overview(n_rows, 1), self._before, kept[-1].last
        for scores in kept:
            self.append(scores)

    def append(self, scores: Scores) -> None:
        scores = scores.after(self._last)
        losses = scores.losses if self._loss is None else (self._loss,) * len(scores.losses)
        self._overview.append(l_g(scores.values, losses)[..., None])
        self._last = scores.last
        pairs = enumerate(zip(self._losses, losses, strict=True))
        self._breaks += [(row, scores.first) for row, (a, b) in pairs if a != b and self._loss is None]
        self._losses = losses

    def curve(self, buckets: int) -> ShadowCurve:
        first, last, *values = self._overview.thinned(buckets)
        low, high, mean = (value[:, 0] for value in values)
        return ShadowCurve(first + self._before, last + self._before, low, high, mean, tuple(self._breaks))


def l_g(scores: NDArray[np.floating], losses: Losses) -> Values:
    """Return each row's L_G of its scores, ``[steps, rows]``, as the history computes it."""
    import torch

    real, fake = np.split(scores.astype(np.float64), 2, axis=-1)
    found = np.empty(scores.shape[:2])
    with np.errstate(invalid="ignore", over="ignore"):  # scores of a lane that has just diverged
        for row, loss in enumerate(losses):
            of_real, of_fake = (torch.from_numpy(np.ascontiguousarray(part[:, row])) for part in (real, fake))
            found[:, row] = loss.generator(real_scores=of_real, fake_scores=of_fake).numpy()
    return found


def _of(key: str) -> AbstractAdversarialLoss:
    from ganviz.losses.adversarial import ADVERSARIAL_LOSSES

    return ADVERSARIAL_LOSSES[key]()

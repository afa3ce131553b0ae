"""The scores of a block of steps, and the scalars that the history keeps of them.

Steps write raw scores and norms only; everything that can be said about them is computed later, many steps at once.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.adversarial.binary_cross_entropy import AbstractBinaryCrossEntropyLoss
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.formulation import Formulation
from ganviz.losses.game_value import GameValue, game_value, row_means
from ganviz.training.columns import COLUMNS, PENALTY_COLUMNS
from ganviz.training.rules import AbstractRule, Alternating
from ganviz.training.shadows import Scores

BLOCK_STEPS = 64
PART_STEPS = 16
"""Rows are computed so many at once, or several times that: vectors of every processor fit into their elements."""
_SERIAL_ELEMENTS = 32_768
"""torch shares elements among threads from so many on, and cuts them where that happens to be."""
ALTERNATING = Alternating()

Values = NDArray[np.float64]
Scalars = NDArray[np.floating[Any]]

_ARTICLE = tuple(field.name for field in dataclasses.fields(GameValue))
_QUANTILES = (0.1, 0.5, 0.9)
_PLACES = {name: place for place, name in enumerate(COLUMNS)}
_TERMS = [_PLACES[name] for name in PENALTY_COLUMNS.values()]
_TESTED = ("penalty", "d_loss", "g_loss", "d_grad_norm", "g_grad_norm")
_TESTED_WITHOUT_D = ("g_loss", "g_grad_norm")


class ScoreBlock:
    """Room for what ``BLOCK_STEPS`` steps leave behind.

    Attributes
    ----------
    d_scores : Tensor, ``[steps, lanes, 2 · batch]``
        Scores of the last discriminator update of each step: real ones, then fake ones.
    g_scores : Tensor, ``[steps, lanes, batch]``
        Scores of the generator update, by the discriminator that it moved against.
    g_real : Tensor, ``[steps, lanes, batch]``
        Scores of the real samples that the generator update compared with, 0 where nobody needs them.
    d_norms, g_norms, penalties : Tensor, ``[steps, lanes]``
        Euclidean norms of both gradients; the discriminator's weighted penalties, 0 where nobody writes them.
    distances : Tensor, ``[steps, lanes]``
        L_G of lanes without a discriminator, whose scores, norms and penalties are NaN.
    terms : Tensor, ``[steps, kinds of penalties, lanes]``
        The weighted penalties one by one, in the order of ``PENALTY_COLUMNS``; NaN where nobody writes them.
    """

    def __init__(self, n_lanes: int, batch_size: int, device: str, dtype: torch.dtype) -> None:
        def room(*shape: int) -> Tensor:
            return torch.zeros(BLOCK_STEPS, n_lanes, *shape, device=device, dtype=dtype)

        self.batch_size = batch_size
        self.d_scores, self.g_scores = room(2 * batch_size), room(batch_size)
        self.g_real = room(batch_size)
        self.d_norms, self.g_norms, self.penalties = room(), room(), room()
        self.distances = room()
        terms = (BLOCK_STEPS, len(PENALTY_COLUMNS), n_lanes)
        self.terms = torch.full(terms, torch.nan, device=device, dtype=dtype)

    def part(self, lanes: slice) -> ScoreBlock:
        """Return the block of some lanes, on the same memory."""
        part = copy.copy(self)
        for name in ("d_scores", "g_scores", "g_real", "d_norms", "g_norms", "penalties", "distances"):
            setattr(part, name, getattr(self, name)[:, lanes])
        part.terms = self.terms[:, :, lanes]
        return part

    def row(self, step: int) -> list[Tensor]:
        """Return everything that one step leaves behind, as views."""
        scores, norms = (self.d_scores, self.g_scores, self.g_real), (self.d_norms, self.g_norms)
        return [tensor[step] for tensor in (*scores, *norms, self.penalties, self.distances, self.terms)]

    def of_d(self, row: int) -> dict[str, Tensor]:
        """Return a copy of what an update of the discriminator leaves behind of one step, by name."""
        return {name: place.clone() for name, place in self._places_of_d(row).items()}

    def put_of_d(self, row: int, kept: dict[str, Tensor]) -> None:
        """Put back what :meth:`of_d` returned; penalties that are not there stay NaN."""
        for name, place in self._places_of_d(row).items():
            place.copy_(kept.get(name, place))

    def _places_of_d(self, row: int) -> dict[str, Tensor]:
        own = {name: getattr(self, name)[row] for name in ("d_scores", "d_norms", "penalties")}
        return own | dict(zip(PENALTY_COLUMNS.values(), self.terms[row], strict=True))

    @np.errstate(invalid="ignore", over="ignore")  # scores of a lane that has just diverged: inf - inf
    def values(
        self, formulations: Sequence[Formulation], first: int, last: int, rule: AbstractRule = ALTERNATING
    ) -> Values:
        """Return the rows of steps ``first`` to ``last`` (exclusive), ``[steps, lanes, columns]``.

        ``rule`` says what the generator's objective is made of.

        A row must not depend on where a block was cut, but vectorized functions differ in the last bit between the
        middle and the end of an array. So whole parts are computed: none of their elements is at such an end.
        """
        begin, end = first - first % PART_STEPS, last + -last % PART_STEPS
        table = np.full((end - begin, len(formulations), len(COLUMNS)), np.nan)
        is_serial = BLOCK_STEPS * self.batch_size < _SERIAL_ELEMENTS
        at_once = end - begin if is_serial else PART_STEPS
        for start in range(begin, end, at_once):
            rows = slice(start, start + at_once)
            self._fill(table[start - begin : start - begin + at_once], formulations, rows, rule)
        return table[first - begin : last - begin]

    def _fill(
        self, table: Values, formulations: Sequence[Formulation], rows: slice, rule: AbstractRule
    ) -> None:
        """Fill the table of some steps, ``[steps, lanes, columns]``."""
        put = _Columns(table)
        put["penalty"] = self.penalties[rows].cpu().numpy()
        table[..., _TERMS] = self.terms[rows].cpu().numpy().swapaxes(1, 2)
        put["d_grad_norm"] = self.d_norms[rows].cpu().numpy()
        put["g_grad_norm"] = self.g_norms[rows].cpu().numpy()
        put["g_loss"] = self.distances[rows].cpu().numpy()
        d_scores = self.d_scores[rows].cpu().numpy()
        g_real, g_scores = (scores[rows].to("cpu", torch.float64) for scores in (self.g_real, self.g_scores))
        for lane, formulation in enumerate(formulations):  # one by one, it stays in the cache
            own, loss = _Columns(table[:, lane]), formulation.loss
            _describe(own, loss, rule, *np.split(d_scores[:, lane], 2, axis=-1))
            if loss.has_discriminator:
                moved_against = g_real[:, lane].contiguous(), g_scores[:, lane].contiguous()
                own["g_loss"] = _sum_of_means(rule.g_terms(loss, *moved_against))
        put["d_loss"] = put["d_loss"] + put["penalty"]
        put["total"] = put["d_loss"] + put["g_loss"]
        put["batch_total"] = put["d_loss"] + put["batch_total"]

    def scores(self, formulations: Sequence[Formulation], first: int, last: int, step: int) -> Scores:
        """Return a copy of ``d_scores`` of rows ``first`` to ``last`` (exclusive), of the steps after ``step``."""
        values = self.d_scores[first:last].to("cpu", copy=True).numpy()
        return Scores(step + 1, values, tuple(one.loss for one in formulations))

    def last_scores(self, row: int) -> NDArray[np.float32]:
        """Return ``d_scores`` of one step as an array of its own."""
        scores = self.d_scores[row].to("cpu", torch.float32, copy=True)
        return np.array(scores.numpy())


@np.errstate(invalid="ignore", over="ignore")
def row_of_scores(
    formulations: Sequence[Formulation],
    real: Scalars,
    fake: Scalars,
    rule: AbstractRule = ALTERNATING,
) -> Values:
    """Return what the scores of one update of D, ``[lanes, batch]`` each, say: ``[lanes, columns]``.

    L_G is that of these scores: G would be trained after the update, on new latents. NaN is what they do not say:
    gradients, and penalties of lanes that have any.
    """
    table = np.full((len(formulations), len(COLUMNS)), np.nan)
    for lane, formulation in enumerate(formulations):
        if not formulation.loss.has_discriminator:
            continue
        put, own = _Columns(table[lane : lane + 1]), slice(lane, lane + 1)
        both = real[own].astype(np.float64), fake[own].astype(np.float64)
        _describe(put, formulation.loss, rule, *both)
        put["g_loss"] = _sum_of_means(rule.g_terms(formulation.loss, *map(torch.from_numpy, both)))
        put["penalty"] = np.full(1, np.nan if formulation.penalties else 0.0)
        put["d_loss"] = put["d_loss"] + put["penalty"]
        put["total"] = put["batch_total"] = put["d_loss"] + put["g_loss"]
    return table


class _Columns:
    """A table's columns by name."""

    def __init__(self, table: Values) -> None:
        self._table = table

    def __getitem__(self, name: str) -> Values:
        return self._table[..., _PLACES[name]]

    def __setitem__(self, name: str, values: Values) -> None:
        self._table[..., _PLACES[name]] = values


def _describe(
    put: _Columns, loss: AbstractAdversarialLoss, rule: AbstractRule, real: Scalars, fake: Scalars
) -> None:
    """Fill what the scores of D's update say, ``[steps, batch]`` each: all but penalties and G's own update."""
    exact = [scores.astype(np.float64, order="C") for scores in (real, fake)]
    article = game_value(*exact)
    for name in _ARTICLE:
        put[name] = getattr(article, name)
    for name, given, values in zip(("real", "fake"), (real, fake), exact, strict=True):
        put[f"{name}_mean"] = row_means(values)
        quantiles = _quantiles(np.sort(given, axis=-1))  # in their own precision: half of the time
        for share, quantile in zip(_QUANTILES, quantiles, strict=True):
            put[f"{name}_q{round(100 * share)}"] = quantile
    _describe_losses(put, loss, rule, *map(torch.from_numpy, exact))


def _describe_losses(
    put: _Columns, loss: AbstractAdversarialLoss, rule: AbstractRule, real: Tensor, fake: Tensor
) -> None:
    """Fill L_D without penalties, its parts where it has them, and L_G of the same scores."""
    if isinstance(loss, AbstractBinaryCrossEntropyLoss) and loss.has_plain_targets:  # -V, described already
        put["d_loss_real"], put["d_loss_fake"], put["d_loss"] = put["d_real"], put["d_fake"], -put["value"]
    else:
        terms = loss.d_terms(real, fake)
        put["d_loss"] = _sum_of_means(terms)
        if len(terms) == 2:
            put["d_loss_real"], put["d_loss_fake"] = (_mean(term) for term in terms)
    if not rule.unrolling[0] and isinstance(loss, NonSaturating | Saturating):
        put["batch_total"] = put["g_non_saturating" if isinstance(loss, NonSaturating) else "g_saturating"]
    elif loss.has_discriminator:
        put["batch_total"] = _sum_of_means(rule.g_terms(loss, real, fake))


def _sum_of_means(terms: tuple[Tensor, ...]) -> Values:
    total = _mean(terms[0])
    for term in terms[1:]:
        total = total + _mean(term)
    return total


def _mean(values: Tensor) -> Values:
    """Return means over the last axis, each row's own sum whatever stands beside it."""
    return row_means(np.ascontiguousarray(values.numpy()))


def _quantiles(ordered: Scalars) -> Values:
    """Return the quantiles of sorted rows by linear interpolation, ``[quantiles, …]``."""
    most = ordered.shape[-1] - 1
    positions = np.array(_QUANTILES) * most
    below = positions.astype(int)
    low, high = (ordered[..., places].T.astype(np.float64) for places in (below, np.minimum(below + 1, most)))
    between: Values = low + (positions - below)[:, None] * (high - low)
    return between


def first_non_finite(values: Values, lane: int, *, has_discriminator: bool = True) -> tuple[int, str] | None:
    """Return the first row of a lane with a non-finite loss, penalty or gradient norm, and the first such column."""
    tested = _TESTED if has_discriminator else _TESTED_WITHOUT_D
    columns = [_PLACES[name] for name in tested]
    broken = ~np.isfinite(values[:, lane][:, columns])
    rows = np.flatnonzero(broken.any(-1))
    if not len(rows):
        return None
    row = int(rows[0])
    return row, tested[int(np.argmax(broken[row]))]

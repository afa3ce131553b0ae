"""All lanes' penalties on a perceptron, by :mod:`ganviz.training.steps.tangent`.

All lanes are computed together, once for each set of points that some lane looks at. Lanes differ only in what they
make of the squared slopes; one without a penalty has the factor 0 there, so its gradient gains exact zeros. Sets of
points are never merged: the sums over samples would be cut otherwise, and a lane's rounding depend on its neighbors.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ganviz.kernels.constants import scaled
from ganviz.kernels.means import row_means
from ganviz.kernels.program import Program, run
from ganviz.kernels.recorded import recorded, recorded_into
from ganviz.kernels.rooms import room, room_like
from ganviz.losses.penalties.base import AbstractSlopePenalty, Points, at_fake, at_real
from ganviz.spec.frozen import dataclass
from ganviz.training.memories import Memories
from ganviz.training.players import Player
from ganviz.training.sources import Share, Sources
from ganviz.training.steps.base import Drawn, LaneGroup
from ganviz.training.steps.differentiated import DifferentiatedPenalties
from ganviz.training.steps.perceptron import Perceptron
from ganviz.training.steps.tangent import Tangent
from ganviz.training.steps.terms import is_left_out, record_term


@dataclass(frozen=True, slots=True)
class _Look:
    """The penalties of each group at a set of points and their intervals, the passes over them.

    Points that are not samples that are judged anyway need random numbers, and a pass of their own.
    """

    penalties: Sequence[Sequence[AbstractSlopePenalty]]
    intervals: Collection[int]
    needs_numbers: bool
    tangent: Tangent
    measure: Program
    differentiate: Program


class Penalties:
    """The penalties of all groups of lanes.

    Parameters
    ----------
    groups : sequence of LaneGroup
    player : Player
        The discriminator.
    memories : Memories
        What penalties remember.
    judge : Perceptron
        Its passes over ``batch`` real samples and then as many fake ones.
    samples : Tensor, ``[lanes, 2 · batch, features]``
        These samples; without the leading axis where there is one lane.
    shape : tuple of int
        The shape of what D gives one score for.
    n_drawn : int
        How many lanes' numbers are drawn: 1 where all lanes share them.
    """

    def __init__(
        self,
        groups: Sequence[LaneGroup],
        player: Player,
        memories: Memories,
        judge: Perceptron,
        samples: Tensor,
        shape: tuple[int, ...],
        n_drawn: int,
    ) -> None:
        self._groups = [group for group in groups if _of_slopes(group)]
        self._others = DifferentiatedPenalties(groups, player, memories, shape)
        self._player, self._judge = player, judge
        self._real, self._fake = samples.chunk(2, -2)
        self._batch = self._real.shape[-2]
        real, _ = self._pair()
        self._uniforms = real.new_zeros(n_drawn, self._batch, 1)
        self._normals = real.new_zeros(n_drawn, *real.shape[1:])
        wanted = {penalty.points for group in self._groups for penalty in _of_slopes(group)}
        self._looks = [self._look(points) for points in sorted(wanted, key=_name)]
        self._intervals = sorted({one.interval for group in self._groups for one in _of_slopes(group)})
        self._weighings: dict[Any, tuple[Program, tuple[Tensor, ...]]] = {}

    def __bool__(self) -> bool:
        return bool(self._groups) or bool(self._others)

    def _look(self, points: Points) -> _Look:
        penalties = [[one for one in _of_slopes(group) if one.points == points] for group in self._groups]
        intervals = {one.interval for those in penalties for one in those}
        rows = {at_real: slice(0, self._batch), at_fake: slice(self._batch, 2 * self._batch)}
        if points in rows:
            tangent = Tangent(self._judge, rows[points])
            return _Look(penalties, intervals, False, tangent, tangent.measure(), tangent.differentiate())
        buffer = room_like(self._real)
        place = self._place(points, buffer)
        own = Perceptron(self._player, buffer, room(buffer, *buffer.shape[:-1], 1))
        tangent = Tangent(own, slice(0, self._batch))
        measure = place + own.forward(to_output=False) + tangent.measure()
        return _Look(penalties, intervals, True, tangent, measure, tangent.differentiate())

    def add_gradient(
        self,
        sources: Sources,
        normals: Tensor | None,
        in_rows: Callable[[Tensor, Tensor | None], Drawn],
        values: Tensor,
        terms: Tensor,
    ) -> None:
        """Add all penalties' gradient to the optimizer's, and record their weighted values.

        The judge's forward pass has been made, and the optimizer holds the gradient of everything else. ``values``
        ``[lanes]`` get what was added to the objective, ``terms`` ``[kinds, lanes]`` each penalty by itself.
        """
        if not self:
            sources.penalty.skip()
            return
        shares = {interval: sources.updates.share(interval) for interval in self._intervals}
        looks = [look for look in self._looks if not all(is_left_out(shares[k]) for k in look.intervals)]
        drawn: Drawn | None = None
        if self._others or any(look.needs_numbers for look in looks):
            drawn = in_rows(torch.as_tensor(sources.penalty.take((1, self._batch, 1))), normals)
            self._uniforms.copy_(drawn.uniforms)
            if drawn.normals is not None:
                self._normals.copy_(drawn.normals.view(self._normals.shape))
        else:
            sources.penalty.skip()
        if self._others:
            values.zero_()
        for look in looks:
            run(look.measure)
        for i, group in enumerate(self._groups):
            total = self._weigh(i, looks, shares, terms)
            if group.index is None:
                values.copy_(total)
            else:
                values.index_copy_(0, group.index, total)
        for look in looks:
            run(look.differentiate)
        if self._others:
            assert drawn is not None
            self._others.add_gradient(sources.updates, self._pair(), drawn, values, terms)

    def _pair(self) -> tuple[Tensor, Tensor]:
        """Return real and fake samples with an axis of lanes."""
        lanes = len(self._player.parameters)
        real, fake = (x.view(lanes, *x.shape[-2:]) for x in (self._real, self._fake))
        return real, fake

    def _place(self, points: Points, buffer: Tensor) -> Program:
        """Return the calls that fill a buffer with points that are not samples."""
        real, fake = self._pair()
        drawn = Drawn(self._uniforms, self._normals)
        program, once = recorded_into(
            [buffer.view_as(real)], lambda real, fake, *_: (points(real, fake, drawn),), real, fake,
            self._uniforms, self._normals,
        )  # fmt: skip
        return program + once

    def _weigh(self, i: int, looks: Sequence[_Look], shares: Mapping[int, Share], terms: Tensor) -> Tensor:
        """Write a group's factors everywhere and return what its penalties add to the objective."""
        group = self._groups[i]
        for penalty in _of_slopes(group):
            if is_left_out(shares[penalty.interval]):
                record_term(terms, penalty.key, group, None, 0.0)
        looks = [look for look in looks if look.penalties[i]]
        if not looks:
            return terms.new_zeros(len(group.lanes))
        total, *rest = self._weighed(i, looks, shares)
        found = iter(rest)
        for look in looks:
            if group.index is None:
                look.tangent.factors.copy_(next(found))
            else:
                look.tangent.factors[group.index] = next(found)
            for penalty in look.penalties[i]:
                if not is_left_out(share := shares[penalty.interval]):
                    record_term(terms, penalty.key, group, next(found), share)
        return total

    def _weighed(self, i: int, looks: Sequence[_Look], shares: Mapping[int, Share]) -> tuple[Tensor, ...]:
        """Return a group's total, and for each look the factor and every penalty's own value.

        It is computed by a program for each combination of penalties that count, if it is known which do.
        """
        counting = tuple(share for share in shares.values() if isinstance(share, float))
        if (i, counting) not in self._weighings:
            squares = [look.tangent.squares for look in looks]
            formula = partial(_weighed, self._groups[i], [look.penalties[i] for look in looks], shares)
            if len(counting) < len(shares):
                return formula(*squares)
            self._weighings[i, counting] = recorded(formula, *squares)
        program, results = self._weighings[i, counting]
        run(program)
        return results


def _weighed(
    group: LaneGroup,
    penalties: Sequence[Sequence[AbstractSlopePenalty]],
    shares: Mapping[int, Share],
    *squares: Tensor,
) -> tuple[Tensor, ...]:
    """Return the sum of some lanes' penalties, and for those of each set of points the sum of 2 w φ' / batch and each.

    ``squares`` ``[lanes, batch]`` are of all lanes, one tensor for each set of points.
    """
    total: Tensor | None = None
    found: list[Tensor] = []
    for those, all_squares in zip(penalties, squares, strict=True):
        own_squares = group.pick(all_squares)
        value, factor, each = _value_and_factor(those, own_squares, shares)
        if value is not None:
            total = value if total is None else total + value
        found += [torch.zeros_like(own_squares) if factor is None else factor, *each]
    return (squares[0].new_zeros(len(group.lanes)) if total is None else total, *found)


def _value_and_factor(
    penalties: Sequence[AbstractSlopePenalty], squares: Tensor, shares: Mapping[int, Share]
) -> tuple[Tensor | None, Tensor | None, list[Tensor]]:
    """Return the sum of penalties that look at the same points, of their 2 w φ' / batch, and each that counts."""
    value: Tensor | None = None
    factor: Tensor | None = None
    each = []
    for penalty in penalties:
        share = shares[penalty.interval]
        if is_left_out(share):
            continue
        weight: Share = 2 / squares.shape[-1] * penalty.factor
        own = scaled(row_means(penalty.of_squares(squares)).squeeze(-1), penalty.factor)
        each.append(own)
        if penalty.interval > 1:
            own, weight = own * share, weight * share
        slope = scaled(penalty.of_squares_slope(squares), weight)
        value = own if value is None else value + own
        factor = slope if factor is None else factor + slope
    return value, factor, each


def _of_slopes(group: LaneGroup) -> list[AbstractSlopePenalty]:
    return [one for one in group.formulation.penalties if isinstance(one, AbstractSlopePenalty)]


def _name(points: Points) -> str:
    """Return a name to order sets of points by: sums in another order are rounded otherwise."""
    return getattr(points, "__qualname__", repr(points))

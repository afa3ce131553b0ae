"""All lanes' penalties on a perceptron, by :mod:`ganviz.training.steps.tangent`.

All lanes are computed together, once for each set of points that some lane looks at. Lanes differ only in what they
make of the squared slopes; one without a penalty has the factor 0 there, so its gradient gains exact zeros. Sets of
points are never merged: the sums over samples would be cut otherwise, and a lane's rounding depend on its neighbors.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ganviz.kernels.constants import scaled
from ganviz.kernels.means import row_means
from ganviz.kernels.program import Program, run
from ganviz.kernels.rooms import room, room_like
from ganviz.losses.penalties.base import AbstractSlopePenalty, Points, at_fake, at_real
from ganviz.training.memories import Memories
from ganviz.training.players import Player
from ganviz.training.sources import Share
from ganviz.training.steps.base import Drawn, LaneGroup, Sources
from ganviz.training.steps.differentiated import DifferentiatedPenalties
from ganviz.training.steps.perceptron import Perceptron
from ganviz.training.steps.tangent import Tangent
from ganviz.training.steps.terms import is_left_out, record_term


@dataclass(frozen=True, slots=True)
class _Look:
    """A set of points, the penalties of each group there and their intervals, the passes over them.

    ``buffer`` is where points go that are not samples that are judged anyway.
    """

    points: Points
    penalties: Sequence[Sequence[AbstractSlopePenalty]]
    intervals: Collection[int]
    buffer: Tensor | None
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
    """

    def __init__(
        self,
        groups: Sequence[LaneGroup],
        player: Player,
        memories: Memories,
        judge: Perceptron,
        samples: Tensor,
        shape: tuple[int, ...],
    ) -> None:
        self._groups = [group for group in groups if _of_slopes(group)]
        self._others = DifferentiatedPenalties(groups, player, memories, shape)
        self._player, self._judge = player, judge
        self._real, self._fake = samples.chunk(2, -2)
        self._batch = self._real.shape[-2]
        wanted = {penalty.points for group in self._groups for penalty in _of_slopes(group)}
        self._looks = [self._look(points) for points in sorted(wanted, key=_name)]
        self._intervals = sorted({one.interval for group in self._groups for one in _of_slopes(group)})

    def _look(self, points: Points) -> _Look:
        penalties = [[one for one in _of_slopes(group) if one.points == points] for group in self._groups]
        intervals = {one.interval for those in penalties for one in those}
        rows = {at_real: slice(0, self._batch), at_fake: slice(self._batch, 2 * self._batch)}
        if points in rows:
            tangent = Tangent(self._judge, rows[points])
            return _Look(
                points, penalties, intervals, None, tangent, tangent.measure(), tangent.differentiate()
            )
        buffer = room_like(self._real)
        own = Perceptron(self._player, buffer, room(buffer, *buffer.shape[:-1], 1))
        tangent = Tangent(own, slice(0, self._batch))
        measure = own.forward() + tangent.measure()
        return _Look(points, penalties, intervals, buffer, tangent, measure, tangent.differentiate())

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
        shares = {interval: sources.updates.share(interval) for interval in self._intervals}
        looks = [look for look in self._looks if not all(is_left_out(shares[k]) for k in look.intervals)]
        drawn = Drawn(values.new_zeros(0), normals)
        if self._others or any(look.buffer is not None for look in looks):
            drawn = in_rows(torch.as_tensor(sources.penalty.take((1, self._batch, 1))), normals)
            self._place(looks, drawn)
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
            self._others.add_gradient(sources.updates, self._pair(), drawn, values, terms)

    def _pair(self) -> tuple[Tensor, Tensor]:
        """Return real and fake samples with an axis of lanes."""
        lanes = len(self._player.parameters)
        real, fake = (x.view(lanes, *x.shape[-2:]) for x in (self._real, self._fake))
        return real, fake

    def _place(self, looks: Sequence[_Look], drawn: Drawn) -> None:
        """Fill the buffers of points that are not samples."""
        real, fake = self._pair()
        for look in looks:
            if look.buffer is not None:
                look.buffer.view_as(real).copy_(look.points(real, fake, drawn))

    def _weigh(self, i: int, looks: Sequence[_Look], shares: Mapping[int, Share], terms: Tensor) -> Tensor:
        """Write a group's factors everywhere and return what its penalties add to the objective."""
        group, total = self._groups[i], None
        for penalty in _of_slopes(group):
            if is_left_out(shares[penalty.interval]):
                record_term(terms, penalty.key, group, None, 0.0)
        for look in looks:
            if not look.penalties[i]:
                continue
            value, factor = self._value_and_factor(group, look.penalties[i], look.tangent, shares, terms)
            if value is not None:
                total = value if total is None else total + value
            if group.index is None:
                look.tangent.factors.copy_(factor)
            else:
                look.tangent.factors[group.index] = factor
        return terms.new_zeros(len(group.lanes)) if total is None else total

    def _value_and_factor(
        self,
        group: LaneGroup,
        penalties: Sequence[AbstractSlopePenalty],
        tangent: Tangent,
        shares: Mapping[int, Share],
        terms: Tensor,
    ) -> tuple[Tensor | None, Tensor]:
        """Return the sum of penalties that look at the same points, and of their 2 w φ' / batch; record each."""
        squares = group.pick(tangent.squares)
        value: Tensor | None = None
        factor: Tensor | None = None
        for penalty in penalties:
            share = shares[penalty.interval]
            if is_left_out(share):
                continue
            weight: Share = 2 / self._batch * penalty.factor
            own = scaled(row_means(penalty.of_squares(squares)).squeeze(-1), penalty.factor)
            record_term(terms, penalty.key, group, own, share)
            if penalty.interval > 1:
                own, weight = own * share, weight * share
            slope = scaled(penalty.of_squares_slope(squares), weight)
            value = own if value is None else value + own
            factor = slope if factor is None else factor + slope
        return value, torch.zeros_like(squares) if factor is None else factor


def _of_slopes(group: LaneGroup) -> list[AbstractSlopePenalty]:
    return [one for one in group.formulation.penalties if isinstance(one, AbstractSlopePenalty)]


def _name(points: Points) -> str:
    """Return a name to order sets of points by: sums in another order are rounded otherwise."""
    return getattr(points, "__qualname__", repr(points))

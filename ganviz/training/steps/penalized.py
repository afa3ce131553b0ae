"""All lanes' penalties on a perceptron, by :mod:`ganviz.training.steps.tangent`.

All lanes are computed together, once for each set of points that some lane looks at. Lanes differ only in what they
make of the squared slopes; one without a penalty has the factor 0 there, so its gradient gains exact zeros. Sets of
points are never merged: the sums over samples would be cut otherwise, and a lane's rounding depend on its neighbors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ganviz.kernels.program import Program, run
from ganviz.losses.penalties.base import AbstractPenalty, Points, at_fake, at_real
from ganviz.training.players import Player
from ganviz.training.steps.base import Drawn, LaneGroup
from ganviz.training.steps.perceptron import Perceptron
from ganviz.training.steps.tangent import Tangent
from ganviz.training.streams import Uniforms


@dataclass(frozen=True, slots=True)
class _Look:
    """A set of points: where they go, if they are not samples that are judged anyway, and the passes over them."""

    points: Points
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
    judge : Perceptron
        Its passes over ``batch`` real samples and then as many fake ones.
    samples : Tensor, ``[lanes, 2 · batch, features]``
        These samples; without the leading axis where there is one lane.
    """

    def __init__(
        self, groups: Sequence[LaneGroup], player: Player, judge: Perceptron, samples: Tensor
    ) -> None:
        self._groups = [group for group in groups if group.formulation.penalties]
        self._player, self._judge = player, judge
        self._real, self._fake = samples.chunk(2, -2)
        self._batch = self._real.shape[-2]
        wanted = {penalty.points for group in self._groups for penalty in group.formulation.penalties}
        self._looks = [self._look(points) for points in sorted(wanted, key=_name)]
        self._is_random = any(look.buffer is not None for look in self._looks)

    def _look(self, points: Points) -> _Look:
        rows = {at_real: slice(0, self._batch), at_fake: slice(self._batch, 2 * self._batch)}
        if points in rows:
            tangent = Tangent(self._judge, rows[points])
            return _Look(points, None, tangent, tangent.measure(), tangent.differentiate())
        buffer = torch.empty_like(self._real, memory_format=torch.contiguous_format)
        own = Perceptron(self._player, buffer, buffer.new_empty(*buffer.shape[:-1], 1))
        tangent = Tangent(own, slice(0, self._batch))
        return _Look(points, buffer, tangent, own.forward() + tangent.measure(), tangent.differentiate())

    def add_gradient(self, uniforms: Uniforms, normals: Tensor | None, values: Tensor) -> None:
        """Add all penalties' gradient to the optimizer's, and put their weighted values into ``values``, ``[lanes]``.

        The judge's forward pass has been made, and the optimizer holds the gradient of everything else.
        """
        if self._is_random:
            drawn = Drawn(torch.as_tensor(uniforms.take((1, self._batch, 1))), normals)
            self._place(drawn)
        else:
            uniforms.skip()
        for look in self._looks:
            run(look.measure)
        for group in self._groups:
            total = self._weigh(group)
            if group.index is None:
                values.copy_(total)
            else:
                values.index_copy_(0, group.index, total)
        for look in self._looks:
            run(look.differentiate)

    def _place(self, drawn: Drawn) -> None:
        """Fill the buffers of points that are not samples."""
        lanes = len(self._player.parameters)
        real, fake = (x.view(lanes, *x.shape[-2:]) for x in (self._real, self._fake))
        for look in self._looks:
            if look.buffer is not None:
                look.buffer.view_as(real).copy_(look.points(real, fake, drawn))

    def _weigh(self, group: LaneGroup) -> Tensor:
        """Write a group's factors everywhere and return its weighted penalties."""
        total: Tensor | None = None
        for look in self._looks:
            penalties = [one for one in group.formulation.penalties if one.points == look.points]
            if not penalties:
                continue
            squares = group.pick(look.tangent.squares)
            factors = look.tangent.factors
            value, factor = _value(penalties, squares), self._factor(penalties, squares)
            total = value if total is None else total + value
            if group.index is None:
                factors.copy_(factor)
            else:
                factors[group.index] = factor
        assert total is not None
        return total

    def _factor(self, penalties: Sequence[AbstractPenalty], squares: Tensor) -> Tensor:
        """Return 2 w φ' / batch, summed over penalties that look at the same points."""
        share = 2 / self._batch
        total = penalties[0].of_squares_slope(squares) * (share * penalties[0].factor)
        for penalty in penalties[1:]:
            total = total + penalty.of_squares_slope(squares) * (share * penalty.factor)
        return total


def _value(penalties: Sequence[AbstractPenalty], squares: Tensor) -> Tensor:
    total = penalties[0].factor * penalties[0].of_squares(squares).mean(-1)
    for penalty in penalties[1:]:
        total = total + penalty.factor * penalty.of_squares(squares).mean(-1)
    return total


def _name(points: Points) -> str:
    """Return a name to order sets of points by: sums in another order are rounded otherwise."""
    return getattr(points, "__qualname__", repr(points))

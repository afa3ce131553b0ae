"""Penalties that are no functions of slopes alone, beside hand-derived gradients: by automatic differentiation.

Lane by lane, each as if it were alone: all at once they would be rounded otherwise than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor

from ganviz.losses.penalties.base import AbstractPenalty, AbstractSlopePenalty
from ganviz.networks.layers import TRAIN_KEEP_BUFFERS
from ganviz.training.memories import Memories
from ganviz.training.players import Player
from ganviz.training.sources import Updates
from ganviz.training.steps.base import Drawn, LaneGroup
from ganviz.training.steps.terms import is_left_out, record_term


class DifferentiatedPenalties:
    """These penalties of all lanes; false where there is none.

    Parameters
    ----------
    groups : sequence of LaneGroup
    player : Player
        The discriminator.
    memories : Memories
    shape : tuple of int
        The shape of what D gives one score for.
    """

    def __init__(
        self, groups: Sequence[LaneGroup], player: Player, memories: Memories, shape: tuple[int, ...]
    ) -> None:
        self._player, self._memories, self._shape = player, memories, shape
        self._lanes = [
            LaneGroup(group.formulation, (lane,), torch.tensor([lane], device=player.parameters.device))
            for group in groups
            for lane in group.lanes
            if _others(group)
        ]

    def __bool__(self) -> bool:
        return bool(self._lanes)

    def add_gradient(
        self, updates: Updates, pair: tuple[Tensor, Tensor], drawn: Drawn, values: Tensor, terms: Tensor
    ) -> None:
        """Add their gradient to the optimizer's, and their weighted values to ``values`` and ``terms``.

        ``pair`` are real and fake samples as D judges them, ``[lanes, batch, features]``.
        """
        for one in self._lanes:
            (lane,), here = one.lanes, slice(one.lanes[0], one.lanes[0] + 1)
            with torch.inference_mode(False), torch.enable_grad():
                leaf = self._player.parameters[here].clone().detach().requires_grad_()
                buffers = self._player.buffers[here].clone()
                real, fake = (x[here].clone().view(1, -1, *self._shape) for x in pair)
                total, numbers = leaf.new_zeros(1), drawn.of(one)
                for penalty in _others(one):
                    share = updates.share(penalty.interval)
                    if is_left_out(share):
                        self._memories.move(penalty, one.lanes, None, share)
                        record_term(terms, penalty.key, one, None, share)
                        continue
                    memory = self._memories.of(penalty, one.lanes)
                    value = penalty.value(
                        partial(self._score, leaf, buffers), real=real, fake=fake, rng=numbers, memory=memory
                    )
                    self._memories.move(penalty, one.lanes, memory, share)
                    record_term(terms, penalty.key, one, value.detach(), share)
                    total = total + (value if penalty.interval == 1 else share * value)
                if not total.requires_grad:
                    continue
                (gradient,) = torch.autograd.grad(total.sum(), leaf)
            self._player.optimizer.gradients[lane] += gradient[0]
            values[lane] += total.detach()[0]

    def _score(self, weights: Tensor, buffers: Tensor, points: Tensor) -> Tensor:
        return self._player.network.forward(weights, buffers, points, TRAIN_KEEP_BUFFERS)


def _others(group: LaneGroup) -> list[AbstractPenalty]:
    return [one for one in group.formulation.penalties if not isinstance(one, AbstractSlopePenalty)]

"""One pair of convolutional networks on two processors: one judges real samples while the other judges generated ones.

Only the loss needs both, and it needs no more than their scores: each half goes forward to its scores, the loss gives
the slopes there, and each half comes back from these. What it gives is what one pass for both gives, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ganviz.kernels.crew import Crew, size
from ganviz.networks.layers import TRAIN, TRAIN_KEEP_BUFFERS
from ganviz.training.config import RunConfig
from ganviz.training.inputs import Normals
from ganviz.training.players import Players
from ganviz.training.steps.autograd import AutogradStep, leaf_of


def is_halved(config: RunConfig, players: Players, cls: type) -> bool:
    """Return whether a run's steps may be made in halves here, if ``cls`` would make them whole.

    Penalties come back to D's weights as well, and sums in another order are rounded otherwise; several rows are
    parted, a pair of networks to each processor. Buffers of D follow real samples first and then generated ones.
    """
    formulation = config.lanes[0].formulation
    return (
        cls is AutogradStep
        and size(giving_way=True) > 1
        and config.n_rows == 1
        and formulation.loss.has_discriminator
        and not formulation.penalties
        and not players.discriminator.buffers.numel()
    )


class HalvedStep(AutogradStep):
    """Updates by automatic differentiation of a single row without penalties; parameters as of a step."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._forward, self._back = Crew(), Crew()

    def gradients(self, row: int, between: Callable[[], object] | None = None) -> None:
        """Compute both gradients; G's own batch is generated while D's is judged, which does not change G."""
        if not self.fresh_latents:
            super().gradients(row, between)
            return
        leaf, made = leaf_of(self.players.generator), []
        for_d, for_g = self.sources.latents.take_two().chunk(2)
        self._halve(row, lambda: self._fake(for_d), TRAIN, lambda: made.append(self._generate(leaf, for_g)))
        if between is not None:
            between()
        self._teach(row, leaf, made[0])

    def discriminator_gradient(self, row: int, *, is_applied: bool = True) -> None:
        """Compute the discriminator's gradient."""
        latents = self.sources.latents.take()
        self._halve(row, lambda: self._fake(latents), TRAIN if is_applied else TRAIN_KEEP_BUFFERS)

    def _discriminate(self, row: int, fake: Tensor, *, is_applied: bool) -> None:
        self._halve(row, lambda: fake, TRAIN if is_applied else TRAIN_KEEP_BUFFERS)

    def _halve(
        self, row: int, fake: Callable[[], Tensor], mode: Any, beside: Callable[[], object] | None = None
    ) -> None:
        """Compute D's gradient, half by half; ``beside`` is done while generated samples are made."""
        player = self.players.discriminator
        for_real, for_fake = self.normals(self.sources.d_inputs)
        real = self._in_lanes(self.sources.real.take())
        self._drawn = self._numbers(real)
        leaves = leaf_of(player), leaf_of(player)

        def judge(leaf: Tensor, samples: Callable[[], Tensor], normals: Normals) -> Tensor:
            return player.network.forward(leaf, player.buffers, self._seen(samples(), normals), mode)

        def judge_real() -> Tensor:
            scores = judge(leaves[0], lambda: real, for_real)
            if beside is not None:
                beside()
            return scores

        scores = _both(self._forward, judge_real, partial(judge, leaves[1], fake, for_fake))
        slopes = self._slopes(*(half.detach().requires_grad_() for half in scores))
        of_real, of_fake = _both(
            self._back,
            *(partial(_gradient, *half) for half in zip(scores, leaves, slopes, strict=True)),
        )
        torch.add(of_real, of_fake, out=player.optimizer.gradients)
        self.block.d_scores[row] = torch.cat(scores, 1).detach()
        torch.linalg.vector_norm(player.optimizer.gradients, dim=-1, out=self.block.d_norms[row])

    def _slopes(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return the slopes of D's loss at the scores of both batches."""
        (group,) = self.playing
        loss = group.formulation.loss.discriminator(real_scores=real, fake_scores=fake).sum()
        return torch.autograd.grad(loss, (real, fake))


def _both(crew: Crew, first: Callable[[], Tensor], second: Callable[[], Tensor]) -> tuple[Tensor, Tensor]:
    """Return what both give; the second may be made by another thread."""
    found: dict[int, Tensor] = {}

    def make(i: int, of: Callable[[], Tensor]) -> None:
        found[i] = of()

    crew.run([partial(make, 0, first), partial(make, 1, second)])
    return found[0], found[1]


def _gradient(scores: Tensor, leaf: Tensor, slopes: Tensor) -> Tensor:
    return torch.autograd.grad(scores, leaf, slopes)[0]

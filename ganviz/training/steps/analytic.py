"""Updates by hand-derived gradients: perceptrons with losses that are means of functions of single scores.

The loss contributes nothing but its slope at each score. The same update as ``autograd``; a test holds them together.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from ganviz.losses.adversarial.base import AbstractPointwiseLoss
from ganviz.training.config import RunConfig
from ganviz.training.players import Players
from ganviz.training.scores import BLOCK_STEPS, ScoreBlock
from ganviz.training.steps.base import AbstractStep, Streams
from ganviz.training.steps.perceptron import Perceptron


class AnalyticStep(AbstractStep):
    """A few dozen calls into memory that is set aside once.

    The generator's pass for the discriminator's fakes also computes the generator's own batch: its weights do not
    change in between.
    """

    name: ClassVar[str] = "analytic"

    def __init__(
        self, config: RunConfig, players: Players, streams: Streams, block: ScoreBlock, device: str
    ) -> None:
        super().__init__(config, players, streams, block, device)
        batch, lanes = self.batch_size, players.n_lanes
        self._single = lanes == 1
        self._pair, self._alone = (
            Perceptron(players.generator, 2 * batch),
            Perceptron(players.generator, batch),
        )
        self._judge, self._critic = (
            Perceptron(players.discriminator, 2 * batch),
            Perceptron(players.discriminator, batch),
        )
        features = self._judge.plan[0][0]
        lead = () if self._single else (lanes,)
        # Real samples, the discriminator's fakes, the generator's own batch: one after the other.
        self._samples = players.generator.parameters.new_empty(*lead, 3 * batch, features)
        self._real = self._samples[..., :batch, :]
        self._fake = self._samples[..., batch : 2 * batch, :]
        self._judged = self._samples[..., : 2 * batch, :]
        self._both = self._samples[..., batch:, :]
        self._own = self._samples[..., 2 * batch :, :]
        self._prepare_backward(batch)
        self._prepare_rows(block)

    def _prepare_backward(self, batch: int) -> None:
        self._d_back = self._judge.backward_pass(0, 2 * batch)
        self._through = self._critic.backward_pass(0, batch)
        self._g_back_pair = self._pair.backward_pass(batch, 2 * batch)
        self._g_back_alone = self._alone.backward_pass(0, batch)
        score = self._judge.outputs[-1]
        self._d_delta, self._g_delta = torch.empty_like(score), torch.empty_like(self._critic.outputs[-1])
        self._d_slopes, self._g_slopes = (
            delta.view(self.players.n_lanes, -1) for delta in (self._d_delta, self._g_delta)
        )

    def _prepare_rows(self, block: ScoreBlock) -> None:
        def rows(tensor: Tensor) -> list[Tensor]:
            return [row[0] if self._single else row for row in tensor.unsqueeze(-1)]

        self._d_rows, self._g_rows = rows(block.d_scores), rows(block.g_scores)
        self._d_scores, self._g_scores = block.d_scores.unbind(), block.g_scores.unbind()
        self._d_norms, self._g_norms = block.d_norms.unbind(), block.g_norms.unbind()
        assert len(self._d_rows) == BLOCK_STEPS
        block.penalties.zero_()

    def step(self, row: int) -> None:
        """Make one whole step."""
        for _ in range(self.d_steps - 1):
            self._generate(self._alone, self.streams.latents.take(), self._fake)
            self._discriminate(row, is_applied=True)
        if self.fresh_latents:
            latents = self._lanes(self.streams.latents.take_two())
            self._pair.forward(latents, self._both)
            self._discriminate(row, is_applied=True)
            self._teach(row, self._pair, latents[..., self.batch_size :, :])
        else:
            latents = self._lanes(self.streams.latents.take())
            self._alone.forward(latents, self._fake)
            self._discriminate(row, is_applied=True)
            self._own.copy_(self._fake)
            self._teach(row, self._alone, latents)

    def discriminator_step(self, row: int, *, is_applied: bool) -> None:
        """Make one discriminator update, or measure it."""
        self._generate(self._alone, self.streams.latents.take(), self._fake)
        self._discriminate(row, is_applied=is_applied)

    def generator_step(self, row: int) -> None:
        """Make one generator update."""
        latents = self._lanes(self.streams.latents.take())
        self._alone.forward(latents, self._own)
        self._teach(row, self._alone, latents)

    def _generate(self, passes: Perceptron, latents: Tensor, out: Tensor) -> None:
        passes.forward(self._lanes(latents), out)

    def _lanes(self, batch: Tensor) -> Tensor:
        return batch if self._single else batch.expand(self.players.n_lanes, *batch.shape)

    def _discriminate(self, row: int, *, is_applied: bool) -> None:
        batch = self.batch_size
        self._real.copy_(self.streams.real.take().flatten(1))
        self._judge.forward(self._judged, self._d_rows[row])
        scores = self._d_scores[row]
        for group in self.groups:
            loss = group.formulation.adversarial
            assert isinstance(loss, AbstractPointwiseLoss)
            picked = group.pick(scores)
            slopes = loss.on_real_slope(picked[:, :batch]), loss.on_fake_slope(picked[:, batch:])
            if group.index is None:
                torch.cat(slopes, 1, out=self._d_slopes)
            else:
                self._d_slopes[group.index] = torch.cat(slopes, 1)
        self._d_slopes.mul_(1 / batch)
        self._d_back.run(self._d_delta, self._judged, None, to_input=False)
        optimizer = self.players.discriminator.optimizer
        torch.linalg.vector_norm(optimizer.gradients, dim=-1, out=self._d_norms[row])
        if is_applied:
            self.finish_discriminator()

    def _teach(self, row: int, passes: Perceptron, latents: Tensor) -> None:
        self._critic.forward(self._own, self._g_rows[row])
        scores = self._g_scores[row]
        for group in self.groups:
            loss = group.formulation.adversarial
            assert isinstance(loss, AbstractPointwiseLoss)
            slopes = loss.on_generated_slope(group.pick(scores))
            if group.index is None:
                torch.mul(slopes, 1 / self.batch_size, out=self._g_slopes)
            else:
                self._g_slopes[group.index] = slopes / self.batch_size
        self._through.run(self._g_delta, None, None, to_input=True)
        back = self._g_back_pair if passes is self._pair else self._g_back_alone
        back.run(self._through.deltas[0], latents, self._own, to_input=False)
        optimizer = self.players.generator.optimizer
        torch.linalg.vector_norm(optimizer.gradients, dim=-1, out=self._g_norms[row])
        self.finish_generator()

"""Updates by hand-derived gradients: perceptrons with losses of scores and penalties on slopes.

The loss contributes nothing but its slope at each score, a penalty nothing but its slope at each squared gradient. The
same update as ``autograd``; a test holds them together.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from ganviz.kernels.constants import scaled
from ganviz.kernels.program import Program, run
from ganviz.kernels.recorded import recorded_into
from ganviz.kernels.rooms import lasting_room, room
from ganviz.losses.adversarial.abstract import AbstractAdversarialLoss
from ganviz.training.config import RunConfig
from ganviz.training.inputs import Normals
from ganviz.training.players import Players
from ganviz.training.scores import ScoreBlock
from ganviz.training.sources import Sources
from ganviz.training.steps.base import WHOLE_VECTORS, AbstractStep, LaneGroup
from ganviz.training.steps.penalized import Penalties
from ganviz.training.steps.perceptron import Perceptron

Slopes = Callable[..., tuple[Tensor, ...]]


class AnalyticStep(AbstractStep):
    """A few dozen calls into memory that is set aside once.

    The generator's pass for the discriminator's fakes also computes the generator's own batch: no rule changes its
    weights in between.
    """

    name = "analytic"
    is_differentiated = False

    def __init__(
        self, config: RunConfig, players: Players, sources: Sources, block: ScoreBlock, device: str
    ) -> None:
        super().__init__(config, players, sources, block, device)
        # Otherwise what ends a row is computed by other code than in a row twice as long.
        self._is_whole = self.n_scores % WHOLE_VECTORS == 0
        self._make_buffers(config)
        self._make_programs()
        self._d_scores, self._g_scores = block.d_scores.unbind(), block.g_scores.unbind()
        self._g_real = block.g_real.unbind()
        self._penalty_values, self._terms = block.penalties.unbind(), block.terms.unbind()
        self._d_norms, self._g_norms = block.d_norms.unbind(), block.g_norms.unbind()

    def _room(self, n: int, features: int) -> Tensor:
        lanes = self.players.n_lanes
        return room(self.players.generator.parameters, *((lanes,) if lanes > 1 else ()), n, features)

    def _make_buffers(self, config: RunConfig) -> None:
        batch, self._shape = self.batch_size, config.distribution.shape
        features = config.distribution.n_numbers
        self._pair_latents, self._latents = (self._room(n, config.latents.size) for n in (2 * batch, batch))
        # Real samples, the discriminator's fakes, the generator's own batch, its partners: one after the other.
        n_batches = 4 if self.sees_real else 3
        samples = self._room(n_batches * batch, features)
        self._real, self._fake = samples[..., :batch, :], samples[..., batch : 2 * batch, :]
        self._own, self._both = samples[..., 2 * batch : 3 * batch, :], samples[..., batch : 3 * batch, :]
        self._partners = samples[..., 3 * batch :, :]
        seen = self._room(n_batches * batch, features) if self.inputs else samples
        self._seen_real, self._seen_fake = seen[..., :batch, :], seen[..., batch : 2 * batch, :]
        self._seen_own, self._seen_partners = seen[..., 2 * batch : 3 * batch, :], seen[..., 3 * batch :, :]
        self._seen_both = seen[..., 2 * batch :, :]
        self._judged = self._packed(seen[..., : 2 * batch, :])
        self._d_out = self._room(2 * self.n_scores, 1)
        lanes = self.players.n_lanes
        # What a loss whose slopes are the same at all scores writes there once has to stay.
        self._d_delta = lasting_room(self._d_out)
        self._g_delta = lasting_room(self._d_out[..., : self.n_scores, :])
        self._d_flat, self._at_g = self._d_out.view(lanes, -1), self._g_delta.view(lanes, -1)

    def _packed(self, samples: Tensor) -> Tensor:
        """Return the same memory as what D judges: samples of a pack side by side."""
        packing = self.batch_size // self.n_scores
        return samples.view(*samples.shape[:-2], samples.shape[-2] // packing, packing * samples.shape[-1])

    def _make_programs(self) -> None:
        batch, generator, discriminator = self.batch_size, self.players.generator, self.players.discriminator
        everyone = slice(0, batch)
        pair = Perceptron(generator, self._pair_latents, self._both)
        fake = Perceptron(generator, self._latents, self._fake)
        own = Perceptron(generator, self._latents, self._own)
        judge = Perceptron(discriminator, self._judged, self._d_out)
        critic, g_slopes = self._make_critic()
        self._generate_pair, self._generate_fake = pair.forward(), fake.forward()
        self._generate_own, self._judge = own.forward(), judge.forward()
        back, _ = judge.backward(self._d_delta, slice(0, 2 * self.n_scores), to_weights=True)
        pairs = (self.players.n_lanes, 2, self.n_scores)
        of_d = _of_d if self._is_whole else _of_d_apart
        self._d_back = self._slopes(of_d, self._d_delta.view(pairs), self._d_out.view(pairs)) + back
        self._penalties = Penalties(
            self.groups, discriminator, self.players.memories, judge, self._judged, self.judged_shape,
            n_drawn=self.players.n_lanes if self.n_seeds > 1 else 1,
        )  # fmt: skip
        through, at_pack = critic.backward(self._g_delta, slice(0, self.n_scores), to_weights=False)
        self._through = g_slopes + through
        at_sample = self._at_sample = at_pack.view(self._own.shape)
        self._back_pair, _ = pair.backward(at_sample, slice(batch, 2 * batch), to_weights=True)
        self._back_own, _ = own.backward(at_sample, everyone, to_weights=True)
        self._back_fake, _ = fake.backward(at_sample, everyone, to_weights=True)

    def _make_critic(self) -> tuple[Perceptron, Program]:
        """Put together how G's batch and its partners are scored, in one pass where all lanes want both.

        Return the passes over G's batch and the calls for the slopes at its scores.
        """
        player, lanes, n = self.players.discriminator, self.players.n_lanes, self.n_scores
        batches = [self._seen_own, self._seen_partners] if self.sees_real else [self._seen_own]
        apart = [Perceptron(player, self._packed(seen), self._room(n, 1)) for seen in batches]
        # Without partners, what stands in for their scores is read by nobody.
        self._g_flat, self._partner_flat = (one.scores.view(lanes, -1) for one in (apart[0], apart[-1]))
        sees_real = [group.formulation.loss.generator_sees_real for group in self.groups]
        if self._is_whole and all(sees_real):
            joined = Perceptron(player, self._packed(self._seen_both), self._room(2 * n, 1))
            parts = [joined.part(slice(0, n)), joined.part(slice(n, 2 * n))]
            if joined.is_made_of(parts, apart):
                both = joined.scores.view(lanes, 2, n)
                self._criticize, (self._g_flat, self._partner_flat) = joined.forward(), both.unbind(1)
                return parts[0], self._slopes(_of_g, self._at_g, both)
        self._criticize = [call for one in apart for call in one.forward()]
        return apart[0], self._slopes(_of_g_apart, self._at_g, self._g_flat, self._partner_flat)

    def _slopes(self, of: Slopes, place: Tensor, *scores: Tensor) -> Program:
        """Return the calls that fill ``place`` by what ``of`` makes of each group's loss and of its scores."""
        program: Program = []
        for group in self.groups:

            def formula(*scores: Tensor, group: LaneGroup = group) -> tuple[Tensor, ...]:
                return of(group.formulation.loss, 1 / self.n_scores, *(group.pick(one) for one in scores))

            n_parts = len(formula(*scores))
            parts = [place] if n_parts == 1 else list(place.unbind(-2))
            own = parts if group.index is None else [torch.empty_like(group.pick(part)) for part in parts]
            calls, once = recorded_into(own, formula, *scores)
            puts: Program = [
                partial(part.index_copy_, 0, group.index, one)
                for part, one in zip(parts, own, strict=True)
                if group.index is not None
            ]
            run(once)
            if calls:
                program += [*calls, *puts]
            else:  # they do not depend on the scores
                run(puts)
        return program

    def gradients(self, row: int, between: Callable[[], object] | None = None) -> None:
        """Compute both gradients."""
        if self.fresh_latents:
            self._fill(self._pair_latents, self.sources.latents.take_two())
            run(self._generate_pair)
            self._discriminate(row)
        else:
            self.discriminator_gradient(row)
            self._own.copy_(self._fake)
        if between is not None:
            between()
        self._teach(row, self._back_pair if self.fresh_latents else self._back_fake)

    def discriminator_gradient(self, row: int, *, is_applied: bool = True) -> None:
        """Compute the discriminator's gradient; there are no buffers to change."""
        self._fill(self._latents, self.sources.latents.take())
        run(self._generate_fake)
        self._discriminate(row)

    def generator_gradient(self, row: int) -> None:
        """Compute the generator's gradient."""
        self._fill(self._latents, self.sources.latents.take())
        run(self._generate_own)
        self._teach(row, self._back_own)

    def _discriminate(self, row: int) -> None:
        self._fill(self._real, self.sources.real.take())
        for_real, for_fake = self.normals(self.sources.d_inputs)
        self._show(self._real, self._seen_real, for_real)
        self._show(self._fake, self._seen_fake, for_fake)
        if self.playing:
            self._judge_both(row)
        self._penalties.add_gradient(
            self.sources, self.noise(), self.drawn, self._penalty_values[row], self._terms[row]
        )
        optimizer = self.players.discriminator.optimizer
        torch.linalg.vector_norm(optimizer.gradients, dim=-1, out=self._d_norms[row])
        self.without_d.hide_d(row)

    def _judge_both(self, row: int) -> None:
        """Score both batches, and compute the gradient of what the losses make of the scores."""
        run(self._judge)
        self._d_scores[row].copy_(self._d_flat)
        run(self._d_back)

    def _fill(self, place: Tensor, batch: Tensor) -> None:
        """Copy a batch ``[n, *shape]`` to every lane, or all seeds' ``[seeds, n, *shape]`` to each lane's rows."""
        if self.n_seeds > 1:
            place.view(-1, self.n_seeds, *place.shape[1:]).copy_(batch.flatten(2))
        else:
            place.copy_(batch if batch.dim() == 2 else batch.flatten(1))

    def _show(self, samples: Tensor, seen: Tensor, normals: Normals) -> None:
        """Put what D sees of samples into ``seen``; that is the same memory where it sees them as they are."""
        if self.inputs:
            seen.copy_(self.inputs.seen(self._shaped(samples), normals).reshape(seen.shape))

    def _shaped(self, samples: Tensor) -> Tensor:
        """Return samples of one lane or several as ``[lanes, n, *shape]``."""
        return samples.view(self.players.n_lanes, samples.shape[-2], *self._shape)

    def _teach(self, row: int, back: Program) -> None:
        for_own, for_partners = self.normals(self.sources.g_inputs)
        self._take_partners(for_partners)
        if self.playing:
            self._through_d(row, for_own)
        if self.without_d:
            every = (self.players.n_lanes, self.batch_size, -1)
            samples = (one.view(every) for one in (self._partners, self._own, self._at_sample))
            self.without_d.put_slopes(row, *samples)
        run(back)
        optimizer = self.players.generator.optimizer
        torch.linalg.vector_norm(optimizer.gradients, dim=-1, out=self._g_norms[row])

    def _through_d(self, row: int, for_own: Normals) -> None:
        """Score G's batch, and compute the slopes of what the losses make of the scores at its samples."""
        self._show(self._own, self._seen_own, for_own)
        run(self._criticize)
        self._g_scores[row].copy_(self._g_flat)
        if self.sees_real:
            self._g_real[row].copy_(self._partner_flat)
        run(self._through)
        if self.inputs:
            slopes = self.inputs.slopes(self._shaped(self._at_sample), self._shaped(self._own), for_own)
            self._at_sample.copy_(slopes.reshape(self._at_sample.shape))

    def _take_partners(self, normals: Normals) -> None:
        """Draw the real samples that generated ones are compared with."""
        if not self.sees_real:
            self.sources.partners.skip()
            return
        self._fill(self._partners, self.sources.partners.take())
        if self.playing:
            self._show(self._partners, self._seen_partners, normals)


def _of_d(loss: AbstractAdversarialLoss, share: float, both: Tensor) -> tuple[Tensor, ...]:
    return loss.d_slopes_of(both, share)


def _of_d_apart(loss: AbstractAdversarialLoss, share: float, both: Tensor) -> tuple[Tensor, ...]:
    return tuple(scaled(one, share) for one in loss.d_slopes(*both.unbind(-2)))


def _of_g(loss: AbstractAdversarialLoss, share: float, both: Tensor) -> tuple[Tensor, ...]:
    return (loss.g_slopes_of(both, share),)


def _of_g_apart(
    loss: AbstractAdversarialLoss, share: float, generated: Tensor, real: Tensor
) -> tuple[Tensor, ...]:
    return (scaled(loss.g_slopes(real, generated), share),)

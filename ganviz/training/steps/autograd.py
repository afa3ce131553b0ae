"""Updates by automatic differentiation: for every formulation and architecture."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ganviz.kernels.linear import lanes_apart
from ganviz.losses.adversarial.abstract import sum_of_means
from ganviz.networks.layers import TRAIN, TRAIN_KEEP_BUFFERS, Mode
from ganviz.training.inputs import Normals
from ganviz.training.players import Player
from ganviz.training.steps.base import AbstractStep, Drawn, LaneGroup
from ganviz.training.steps.terms import is_left_out, record_term


class AutogradStep(AbstractStep):
    """Each player's gradient with respect to its own flat parameters, and nothing else, is asked of autograd."""

    name = "autograd"

    def gradients(self, row: int, between: Callable[[], object] | None = None) -> None:
        """Compute both gradients."""
        latents = self.sources.latents.take()
        if self.fresh_latents:
            self._discriminate(row, self._fake(latents), is_applied=True)
            latents = self.sources.latents.take()
        leaf = leaf_of(self.players.generator)
        generated = self._generate(leaf, latents)
        if not self.fresh_latents:
            self._discriminate(row, generated.detach(), is_applied=True)
        if between is not None:
            between()
        self._teach(row, leaf, generated)

    def gradients_to_rest(self, row: int, strength: float) -> None:
        """Compute both gradients at one place, and add those of ``strength`` times half the sum of their squares.

        The points at which penalties look count as given.
        """
        with lanes_apart():
            self._differentiate_twice(row, strength)

    def _differentiate_twice(self, row: int, strength: float) -> None:
        players = self.players.generator, self.players.discriminator
        leaves = g_leaf, d_leaf = leaf_of(players[0]), leaf_of(players[1])
        latents = self.sources.latents.take()
        generated = self._generate(g_leaf, latents, TRAIN_KEEP_BUFFERS if self.fresh_latents else TRAIN)
        d_loss = self._d_loss(row, d_leaf, generated, TRAIN)
        if self.fresh_latents:
            generated = self._generate(g_leaf, self.sources.latents.take())
        losses = self._g_loss(row, d_leaf, generated), d_loss
        gradients = [
            torch.autograd.grad(loss, leaf, create_graph=True)[0]
            for loss, leaf in zip(losses, leaves, strict=True)
        ]
        size = 0.5 * (gradients[0].square().sum() + gradients[1].square().sum())
        to_rest = torch.autograd.grad(size, leaves, materialize_grads=True)
        norms = self.block.g_norms[row], self.block.d_norms[row]
        for player, gradient, more, norm in zip(players, gradients, to_rest, norms, strict=True):
            player.optimizer.gradients.copy_(gradient.detach() + strength * more)
            torch.linalg.vector_norm(player.optimizer.gradients, dim=-1, out=norm)
        self.without_d.hide_d(row)

    def discriminator_gradient(self, row: int, *, is_applied: bool = True) -> None:
        """Compute the discriminator's gradient."""
        self._discriminate(row, self._fake(self.sources.latents.take()), is_applied=is_applied)

    def generator_gradient(self, row: int) -> None:
        """Compute the generator's gradient."""
        leaf = leaf_of(self.players.generator)
        self._teach(row, leaf, self._generate(leaf, self.sources.latents.take()))

    def _generate(self, leaf: Tensor, latents: Tensor, mode: Mode = TRAIN) -> Tensor:
        player = self.players.generator
        return player.network.forward(leaf, player.buffers, self._in_lanes(latents), mode)

    def _fake(self, latents: Tensor) -> Tensor:
        player = self.players.generator
        with torch.no_grad():
            return player.network.forward(
                player.parameters, player.buffers, self._in_lanes(latents), TRAIN_KEEP_BUFFERS
            )

    def _in_lanes(self, batch: Tensor) -> Tensor:
        return self.in_rows(batch) if self.n_seeds > 1 else batch.expand(self.players.n_lanes, *batch.shape)

    def _seen(self, samples: Tensor, normals: Normals) -> Tensor:
        """Return what D sees of samples, ``[lanes, n_scores, *judged_shape]``."""
        seen = self.inputs.seen(samples, normals)
        return seen.reshape(len(seen), self.n_scores, *self.judged_shape)

    def _discriminate(self, row: int, fake: Tensor, *, is_applied: bool) -> None:
        player = self.players.discriminator
        leaf = leaf_of(player)
        loss = self._d_loss(row, leaf, fake, TRAIN if is_applied else TRAIN_KEEP_BUFFERS)
        player.optimizer.gradients.copy_(torch.autograd.grad(loss, leaf)[0])
        torch.linalg.vector_norm(player.optimizer.gradients, dim=-1, out=self.block.d_norms[row])
        self.without_d.hide_d(row)

    def _d_loss(self, row: int, leaf: Tensor, fake: Tensor, mode: Mode) -> Tensor:
        """Return the discriminator's objective, summed over lanes."""
        for_real, for_fake = self.normals(self.sources.d_inputs)
        real = self._seen(self._in_lanes(self.sources.real.take()), for_real)
        fake = self._seen(fake, for_fake)
        self._drawn = drawn = self._numbers(real)
        if not self.playing:
            return (leaf * 0.0).sum()
        scores = self._judge(leaf, real, fake, mode)
        loss = scores.new_zeros(())
        for group in self.playing:
            picked = group.pick(scores)
            real_scores, fake_scores = picked[:, : self.n_scores], picked[:, self.n_scores :]
            adversarial = group.formulation.loss
            loss = loss + adversarial.discriminator(real_scores=real_scores, fake_scores=fake_scores).sum()
            if group.formulation.penalties:
                loss = loss + self._penalty(row, group, leaf, real, fake, drawn)
        self.block.d_scores[row] = scores.detach()
        return loss

    def _judge(self, leaf: Tensor, real: Tensor, fake: Tensor, mode: Mode) -> Tensor:
        """Return the scores of both batches, side by side; convolutions are faster in two smaller passes."""
        player = self.players.discriminator
        if player.network.lane_batched:
            return player.network.forward(leaf, player.buffers, torch.cat([real, fake], 1), mode)
        return torch.cat([player.network.forward(leaf, player.buffers, x, mode) for x in (real, fake)], 1)

    def _numbers(self, real: Tensor) -> Drawn:
        """Return the penalties' random numbers, drawn before any lane is visited and alike for all of them."""
        normals = self.noise()
        if not any(group.formulation.penalties for group in self.groups):
            self.sources.penalty.skip()
            return Drawn(real.new_zeros(0))
        shape = (1, real.shape[1]) + (1,) * (real.dim() - 2)
        return self.drawn(torch.as_tensor(self.sources.penalty.take(shape)), normals)

    def _penalty(
        self, row: int, group: LaneGroup, leaf: Tensor, real: Tensor, fake: Tensor, drawn: Drawn
    ) -> Tensor:
        critic, total = self._critic(group, leaf), leaf.new_zeros(len(group.lanes))
        numbers = drawn.of(group)
        for penalty in group.formulation.penalties:
            share, value, memory = self.sources.updates.share(penalty.interval), None, None
            if not is_left_out(share):
                memory = self.players.memories.of(penalty, group.lanes)
                value = penalty.value(
                    critic, real=group.pick(real), fake=group.pick(fake), rng=numbers, memory=memory
                )
                total = total + (value if penalty.interval == 1 else share * value)
            self.players.memories.move(penalty, group.lanes, memory, share)
            record_term(
                self.block.terms[row], penalty.key, group, None if value is None else value.detach(), share
            )
        if group.index is None:
            self.block.penalties[row] = total.detach()
        else:
            self.block.penalties[row].index_copy_(0, group.index, total.detach())
        return total.sum()

    def _critic(self, group: LaneGroup, weights: Tensor) -> Callable[[Tensor], Tensor]:
        """Return a group's score function with these of all lanes' weights.

        They are a node of their own also where they are those of all lanes: autograd adds up what comes back to it
        before it adds that to what comes from the scores, and sums in another order are rounded otherwise.
        """
        player = self.players.discriminator
        own, buffers = group.pick(weights.view_as(weights)), group.pick(player.buffers)
        return lambda points: player.network.forward(own, buffers, points, TRAIN_KEEP_BUFFERS)

    def _teach(self, row: int, leaf: Tensor, generated: Tensor) -> None:
        """Compute the generator's gradient; none is computed for the discriminator's weights."""
        player, weights = self.players.generator, self.players.discriminator.parameters
        if self._rule.unrolling[0]:
            with lanes_apart():
                loss = self._g_loss(row, weights, generated)
        else:
            loss = self._g_loss(row, weights, generated)
        player.optimizer.gradients.copy_(torch.autograd.grad(loss, leaf)[0])
        torch.linalg.vector_norm(player.optimizer.gradients, dim=-1, out=self.block.g_norms[row])

    def _g_loss(self, row: int, weights: Tensor, generated: Tensor) -> Tensor:
        """Return the generator's objective against a discriminator of these weights, summed over lanes."""
        for_own, for_partners = self.normals(self.sources.g_inputs)
        own, partners, real = generated, None, None
        generated = self._seen(generated, for_own)
        if self.sees_real:
            partners = self._in_lanes(self.sources.partners.take())
            real = self._seen(partners, for_partners)
            weights = self._unrolled(weights, real, generated)
        else:
            self.sources.partners.skip()
        loss = generated.new_zeros(())
        if self.without_d and partners is not None:
            loss = self.without_d.g_loss(row, partners, own, is_twice=self._rule.needs_curvature)
        return loss + self._loss_of_scores(row, weights, real, generated) if self.playing else loss

    def _loss_of_scores(self, row: int, weights: Tensor, real: Tensor | None, generated: Tensor) -> Tensor:
        """Return L_G of the lanes that have a discriminator, summed over them."""
        judge = self.players.discriminator
        scores = judge.network.forward(weights, judge.buffers, generated, TRAIN_KEEP_BUFFERS)
        real_scores = scores if real is None else self._real_scores(row, weights, real)
        loss = scores.new_zeros(())
        for group in self.playing:
            terms = self._rule.g_terms(group.formulation.loss, group.pick(real_scores), group.pick(scores))
            loss = loss + sum_of_means(terms).sum()
        self.block.g_scores[row] = scores.detach()
        self.without_d.hide_g(row)
        return loss

    def _real_scores(self, row: int, weights: Tensor, real: Tensor) -> Tensor:
        judge = self.players.discriminator
        with torch.set_grad_enabled(weights.requires_grad):
            scores = judge.network.forward(weights, judge.buffers, real, TRAIN_KEEP_BUFFERS)
        self.block.g_real[row] = scores.detach()
        return scores

    def _unrolled(self, weights: Tensor, real: Tensor, generated: Tensor) -> Tensor:
        """Return the weights that D would have after the rule's inner steps, as a function of generated samples.

        Detached from them, or put back before G's slope is taken, the steps would only make D move more often.
        """
        n_steps, rate = self._rule.unrolling if self.playing else (0, 0.0)
        if n_steps:
            weights = weights.detach().requires_grad_()
        for _ in range(n_steps):
            loss = self._inner_loss(weights, real, generated)
            (slopes,) = torch.autograd.grad(loss, weights, create_graph=True)
            weights = weights - rate * slopes
        return weights

    def _inner_loss(self, weights: Tensor, real: Tensor, generated: Tensor) -> Tensor:
        """Return D's objective on G's batch, summed over lanes; every penalty counts, at points that are given.

        Penalties find the random numbers of D's own update again.
        """
        scores = self._judge(weights, real, generated, TRAIN_KEEP_BUFFERS)
        loss = scores.new_zeros(())
        for group in self.playing:
            on_real, on_fake = torch.split(group.pick(scores), self.n_scores, 1)
            loss = loss + sum_of_means(group.formulation.loss.d_terms(on_real, on_fake)).sum()
            critic, pair = self._critic(group, weights), (group.pick(real), group.pick(generated.detach()))
            numbers = self._drawn.of(group)
            for penalty in group.formulation.penalties:
                memory = self.players.memories.of(penalty, group.lanes)
                value = penalty.value(critic, real=pair[0], fake=pair[1], rng=numbers, memory=memory)
                loss = loss + value.sum()
        return loss


def leaf_of(player: Player) -> Tensor:
    """Return a player's parameters to differentiate by."""
    return player.parameters.detach().requires_grad_()

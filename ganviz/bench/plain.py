"""A plain PyTorch script, written as the tutorials write it: the yardstick of the engine's speed.

``nn.Module``, ``torch.optim``, binary cross-entropy with logits, two backward passes, no tricks. Gradient penalties
are differentiated twice, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ganviz.losses.penalties.base import AbstractSlopePenalty
from ganviz.training.config import RunConfig
from ganviz.training.optimizers import SGD, AbstractOptimizer, Adam
from ganviz.training.players import networks_of

Draw = Callable[[], Tensor]


class PlainScript:
    """A formulation trained by an ordinary loop.

    Parameters
    ----------
    config : RunConfig
        With one lane; its loss must be non-saturating, Wasserstein or relativistic pairing, its penalties R1, R2 and
        the gradient penalty, its optimizers Adam or SGD without momentum.
    """

    def __init__(self, config: RunConfig) -> None:
        torch.set_num_threads(config.training.threads)
        lane = config.lanes[0]
        self._config, self._rng = config, np.random.default_rng(config.training.seed)
        rng = np.random.default_rng([config.training.seed + lane.seed, 0])
        generator, discriminator = networks_of(config)
        self.generator = generator.module(*generator.initial(rng)).train()
        self.discriminator = discriminator.module(*discriminator.initial(rng)).train()
        self._g = _optimizer(self.generator, lane.generator_optimizer)
        self._d = _optimizer(self.discriminator, lane.discriminator_optimizer)
        self._loss = LOSSES[lane.formulation.loss.key]
        self._penalties = [one for one in lane.formulation.penalties if isinstance(one, AbstractSlopePenalty)]

    def train(self, n: int) -> None:
        """Make ``n`` steps on fresh batches."""
        batch, latent = self._config.training.batch_size, self._config.latents.size
        for _ in range(n):
            self.step(
                lambda: torch.from_numpy(self._config.distribution.sample(batch, self._rng)),
                lambda: torch.randn(batch, latent),
                lambda: torch.from_numpy(self._config.distribution.sample(batch, self._rng)),
                lambda: torch.rand(batch, 1),
            )

    def step(self, real: Draw, latents: Draw, partners: Draw, uniforms: Draw) -> None:
        """Make one step on batches that are drawn by these."""
        for _ in range(self._config.training.d_steps):
            self._d.zero_grad()
            x, fake = real(), self.generator(latents()).detach()
            d_loss = self._loss.discriminator(self.discriminator(x), self.discriminator(fake))
            for penalty in self._penalties:
                d_loss = d_loss + PENALTIES[penalty.key](
                    penalty.factor, self.discriminator, x, fake, uniforms
                )
            d_loss.backward()  # type: ignore[no-untyped-call]
            self._d.step()
        for _ in range(self._config.training.g_steps):
            self._g.zero_grad()
            generated = self.discriminator(self.generator(latents()))
            beside = self.discriminator(partners()) if self._loss.is_relativistic else None
            g_loss = self._loss.generator(generated, beside)
            g_loss.backward()  # type: ignore[no-untyped-call]
            self._g.step()


class NonSaturating:
    """Binary cross-entropy with logits."""

    is_relativistic = False

    @staticmethod
    def discriminator(real: Tensor, fake: Tensor) -> Tensor:
        """Return the discriminator's loss."""
        on_real = F.binary_cross_entropy_with_logits(real, torch.ones_like(real))
        return on_real + F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))

    @staticmethod
    def generator(generated: Tensor, real: Tensor | None) -> Tensor:
        """Return the generator's loss."""
        return F.binary_cross_entropy_with_logits(generated, torch.ones_like(generated))


class Wasserstein:
    """Differences of means."""

    is_relativistic = False

    @staticmethod
    def discriminator(real: Tensor, fake: Tensor) -> Tensor:
        """Return the critic's loss."""
        return fake.mean() - real.mean()

    @staticmethod
    def generator(generated: Tensor, real: Tensor | None) -> Tensor:
        """Return the generator's loss."""
        return -generated.mean()


class PairedRelativistic:
    """Softplus of differences by pairs."""

    is_relativistic = True

    @staticmethod
    def discriminator(real: Tensor, fake: Tensor) -> Tensor:
        """Return the discriminator's loss."""
        return F.softplus(fake - real).mean()

    @staticmethod
    def generator(generated: Tensor, real: Tensor | None) -> Tensor:
        """Return the generator's loss."""
        assert real is not None
        return F.softplus(real - generated).mean()


LOSSES: dict[str, type[NonSaturating | Wasserstein | PairedRelativistic]] = {
    "non_saturating": NonSaturating,
    "wasserstein": Wasserstein,
    "rpgan": PairedRelativistic,
}


def _squares(discriminator: nn.Module, x: Tensor) -> Tensor:
    x = x.detach().requires_grad_()
    (gradients,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gradients.flatten(1).square().sum(1)


def _r1(factor: float, d: nn.Module, real: Tensor, fake: Tensor, uniforms: Draw) -> Tensor:
    return factor * _squares(d, real).mean()


def _r2(factor: float, d: nn.Module, real: Tensor, fake: Tensor, uniforms: Draw) -> Tensor:
    return factor * _squares(d, fake).mean()


def _gradient_penalty(factor: float, d: nn.Module, real: Tensor, fake: Tensor, uniforms: Draw) -> Tensor:
    epsilon = uniforms()
    return factor * (_squares(d, epsilon * real + (1 - epsilon) * fake).sqrt() - 1).square().mean()


PENALTIES = {"r1": _r1, "r2": _r2, "gradient_penalty": _gradient_penalty}


def _optimizer(module: nn.Module, spec: AbstractOptimizer) -> torch.optim.Optimizer:
    if isinstance(spec, SGD) and not spec.momentum:
        return torch.optim.SGD(module.parameters(), spec.learning_rate)
    assert isinstance(spec, Adam)
    return torch.optim.Adam(module.parameters(), spec.learning_rate, (spec.beta1, spec.beta2), spec.eps)

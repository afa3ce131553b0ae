"""A plain PyTorch script, written as the tutorials write it: the yardstick of the engine's speed.

``nn.Module``, ``torch.optim.Adam``, binary cross-entropy with logits, two backward passes, no tricks.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from ganviz.training.config import RunConfig
from ganviz.training.optimizers import Adam
from ganviz.training.players import networks_of


class PlainScript:
    """The default formulation (non-saturating) trained by an ordinary loop.

    Parameters
    ----------
    config : RunConfig
        With one lane; its optimizers must be Adam.
    """

    def __init__(self, config: RunConfig) -> None:
        torch.set_num_threads(config.training.threads)
        lane = config.lanes[0]
        self._config, self._rng = config, np.random.default_rng(config.training.seed)
        rng = np.random.default_rng([config.training.seed + lane.seed, 0])
        generator, discriminator = networks_of(config)
        self.generator = _module(generator.module(*_float(generator.initial(rng))))
        self.discriminator = _module(discriminator.module(*_float(discriminator.initial(rng))))
        assert isinstance(lane.generator_optimizer, Adam)
        assert isinstance(lane.discriminator_optimizer, Adam)
        self._g = _adam(self.generator, lane.generator_optimizer)
        self._d = _adam(self.discriminator, lane.discriminator_optimizer)
        self._loss = nn.BCEWithLogitsLoss()
        batch = config.training.batch_size
        self._ones, self._zeros = torch.ones(batch, 1), torch.zeros(batch, 1)

    def train(self, n: int) -> None:
        """Make ``n`` steps on fresh batches."""
        batch, latent = self._config.training.batch_size, self._config.latents.size
        for _ in range(n):
            real = torch.from_numpy(self._config.distribution.sample(batch, self._rng))
            self.step(real, torch.randn(batch, latent), torch.randn(batch, latent))

    def step(self, real: Tensor, latents: Tensor, more: Tensor) -> None:
        """Make one step on these batches."""
        self._d.zero_grad()
        fake = self.generator(latents)
        d_loss = self._loss(self.discriminator(real), self._ones)
        d_loss = d_loss + self._loss(self.discriminator(fake.detach()), self._zeros)
        d_loss.backward()
        self._d.step()
        self._g.zero_grad()
        g_loss = self._loss(self.discriminator(self.generator(more)), self._ones)
        g_loss.backward()
        self._g.step()


def _module(module: nn.Sequential) -> nn.Sequential:
    return module.train()


def _float(drawn: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    return drawn[0].float(), drawn[1].float()


def _adam(module: nn.Module, spec: Adam) -> torch.optim.Optimizer:
    return torch.optim.Adam(module.parameters(), spec.learning_rate, (spec.beta1, spec.beta2), spec.eps)

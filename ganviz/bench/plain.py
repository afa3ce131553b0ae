"""A plain PyTorch script, written as the tutorials write it: the yardstick of the engine's speed.

``nn.Module``, ``torch.optim``, binary cross-entropy with logits, two backward passes, no tricks.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from ganviz.training.config import RunConfig
from ganviz.training.optimizers import SGD, AbstractOptimizer, Adam
from ganviz.training.players import networks_of

Draw = Callable[[], Tensor]


class PlainScript:
    """The default formulation (non-saturating) trained by an ordinary loop.

    Parameters
    ----------
    config : RunConfig
        With one lane; its optimizers must be Adam or SGD without momentum.
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
        self._loss = nn.BCEWithLogitsLoss()
        batch = config.training.batch_size
        self._ones, self._zeros = torch.ones(batch, 1), torch.zeros(batch, 1)

    def train(self, n: int) -> None:
        """Make ``n`` steps on fresh batches."""
        batch, latent = self._config.training.batch_size, self._config.latents.size
        for _ in range(n):
            self.step(
                lambda: torch.from_numpy(self._config.distribution.sample(batch, self._rng)),
                lambda: torch.randn(batch, latent),
            )

    def step(self, real: Draw, latents: Draw) -> None:
        """Make one step on batches that are drawn by these."""
        for _ in range(self._config.training.d_steps):
            self._d.zero_grad()
            fake = self.generator(latents())
            d_loss = self._loss(self.discriminator(real()), self._ones)
            d_loss = d_loss + self._loss(self.discriminator(fake.detach()), self._zeros)
            d_loss.backward()
            self._d.step()
        self._g.zero_grad()
        g_loss = self._loss(self.discriminator(self.generator(latents())), self._ones)
        g_loss.backward()
        self._g.step()


def _optimizer(module: nn.Module, spec: AbstractOptimizer) -> torch.optim.Optimizer:
    if isinstance(spec, SGD) and not spec.momentum:
        return torch.optim.SGD(module.parameters(), spec.learning_rate)
    assert isinstance(spec, Adam)
    return torch.optim.Adam(module.parameters(), spec.learning_rate, (spec.beta1, spec.beta2), spec.eps)

"""What probes may see of a run, from its tensors."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganviz.networks.layers import EVALUATE
from ganviz.training.config import RunConfig
from ganviz.training.history import History
from ganviz.training.players import Tensors, networks_of
from ganviz.training.probes.base import Subject


def subject_of(
    config: RunConfig,
    step: int,
    tensors: Tensors,
    d_scores: NDArray[np.float32] | None,
    read_history: Callable[[], History],
    device: str,
) -> Subject:
    """Return the subject; ``d_scores`` ``[lanes, 2 · batch]`` are those of the last discriminator update."""
    generator, discriminator = networks_of(config)
    shown = tensors.get("ema", tensors["generator"])
    shape = config.distribution.shape

    def generate(latents: Tensor) -> Tensor:
        drawn = latents.to(shown.dtype)
        made = generator.forward(shown, tensors["generator_buffers"], drawn, EVALUATE)
        return made.reshape(*made.shape[:2], *shape)

    def judge(samples: Tensor) -> Tensor:
        flat, buffers = tensors["discriminator"], tensors["discriminator_buffers"]
        return discriminator.forward(flat, buffers, samples.to(flat.dtype), EVALUATE)

    real = fake = None
    if d_scores is not None:
        real, fake = np.split(d_scores, 2, axis=1)
    return Subject(config, step, generate, judge, read_history, real, fake, device)

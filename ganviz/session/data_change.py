"""Other data for a run, with all settings kept that still fit."""

from __future__ import annotations

import dataclasses

from ganviz.data.base import AbstractDistribution
from ganviz.session.run_presets import DEFAULT, DIGITS, run_preset
from ganviz.training.config import RunConfig


def with_data(config: RunConfig, distribution: AbstractDistribution) -> RunConfig:
    """Return the configuration on other data.

    From points to digits or back, the networks, latents, optimizers, batch size and EMA become those of the preset
    ``digits`` or ``default``; formulations, labels and the other settings stay.
    """
    if config.distribution.is_image == distribution.is_image:
        return dataclasses.replace(config, distribution=distribution)
    fitting = run_preset(DIGITS if distribution.is_image else DEFAULT).config
    lanes = [
        dataclasses.replace(
            lane,
            generator_optimizer=fitting.lanes[0].generator_optimizer,
            discriminator_optimizer=fitting.lanes[0].discriminator_optimizer,
        )
        for lane in config.lanes
    ]
    return dataclasses.replace(
        config,
        lanes=tuple(lanes),
        distribution=distribution,
        architecture=fitting.architecture,
        latents=fitting.latents,
        training=dataclasses.replace(
            config.training,
            batch_size=fitting.training.batch_size,
            ema_decay=fitting.training.ema_decay,
        ),
    )

"""Other data for a run, with all settings kept that still fit."""

from __future__ import annotations

import dataclasses

from ganviz.data.base import AbstractDistribution
from ganviz.session.run_presets import DEFAULT, FITTING, run_preset
from ganviz.spec import InvalidValueError
from ganviz.training.config import LaneConfig, RunConfig


def with_data(
    config: RunConfig, distribution: AbstractDistribution, earlier: RunConfig | None = None
) -> RunConfig:
    """Return the configuration on other data.

    From points to digits or back, the networks, latents, optimizers, batch size and EMA become those of a
    configuration that fits; formulations, labels and the other settings stay.

    Parameters
    ----------
    config : RunConfig
    distribution : AbstractDistribution
    earlier : RunConfig, optional
        What was last in force on data of that shape; without it, the preset ``digits`` or ``default`` is taken.
    """
    is_alike = config.distribution.kind.name == distribution.kind.name
    if is_alike and config.architecture.supports(distribution.shape):
        return dataclasses.replace(config, distribution=distribution)
    fitting = earlier or run_preset(FITTING[distribution.kind.name]).config
    return dataclasses.replace(
        config,
        lanes=tuple(_with_optimizers_of(fitting, i, lane) for i, lane in enumerate(config.lanes)),
        distribution=distribution,
        architecture=fitting.architecture,
        latents=fitting.latents,
        training=dataclasses.replace(
            config.training,
            batch_size=fitting.training.batch_size,
            packing=fitting.training.packing,
            ema_decay=fitting.training.ema_decay,
        ),
    )


def startable(config: RunConfig) -> tuple[RunConfig, str]:
    """Return the configuration, with the default data where files of its own are gone, and a sentence about it."""
    if not config.distribution.has_files:
        return config, ""
    try:
        config.distribution.load()
    except InvalidValueError as error:
        default = run_preset(DEFAULT).config.distribution
        return with_data(config, default), f"{error} This run has the data {default.title!r} instead."
    return config, ""


def _with_optimizers_of(fitting: RunConfig, i: int, lane: LaneConfig) -> LaneConfig:
    source = fitting.lanes[i if i < len(fitting.lanes) else 0]
    return dataclasses.replace(
        lane,
        generator_optimizer=source.generator_optimizer,
        discriminator_optimizer=source.discriminator_optimizer,
    )

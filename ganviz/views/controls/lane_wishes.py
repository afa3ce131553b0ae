"""What is wished for in the lanes that settings apply to: optimizers of one network or of both."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ganviz.training.config import LaneConfig

OPTIMIZERS = ("generator_optimizer", "discriminator_optimizer")


def has_one_optimizer(lane: LaneConfig) -> bool:
    """Return whether both networks have the same optimizer."""
    return lane.generator_optimizer == lane.discriminator_optimizer


def differ(lanes: Sequence[LaneConfig]) -> bool:
    """Return whether lanes have different formulations or optimizers."""
    return len({(lane.formulation, *(getattr(lane, name) for name in OPTIMIZERS)) for lane in lanes}) > 1


def with_optimizers(
    lanes: Sequence[LaneConfig], wished: Sequence[LaneConfig], *, are_linked: bool
) -> list[LaneConfig]:
    """Return lanes with the optimizers of those that are wished for.

    Where they are linked, both networks get the one that was changed.
    """
    changed = [
        name
        for name in OPTIMIZERS
        if any(getattr(lane, name) != getattr(new, name) for lane, new in zip(lanes, wished, strict=True))
    ]
    source = dict.fromkeys(OPTIMIZERS, changed[0]) if changed and are_linked else dict.fromkeys(OPTIMIZERS)
    return [
        dataclasses.replace(lane, **{name: getattr(new, of or name) for name, of in source.items()})
        for lane, new in zip(lanes, wished, strict=True)
    ]

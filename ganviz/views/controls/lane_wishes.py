"""What is wished for in the lanes that are meant: formulations, and optimizers of one network or of both."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import title_of
from ganviz.training.config import LaneConfig

SWITCHED = " → "
MOST_LETTERS = 60
"""Of a lane's name."""
OPTIMIZERS = ("generator_optimizer", "discriminator_optimizer")


def under(lane: LaneConfig, formulation: Formulation) -> LaneConfig:
    """Return a lane with another formulation, from buttons, keys or settings.

    A lane that has a name keeps it, and tells what it is now: "mine → Hinge". One that is called as its formulation
    is called as the new one.
    """
    if formulation == lane.formulation:
        return lane
    name = lane.label.split(SWITCHED)[0]
    if not name or lane.label == title_of(lane.formulation):
        return dataclasses.replace(lane, formulation=formulation, label="")
    now = SWITCHED + title_of(formulation)
    return dataclasses.replace(lane, formulation=formulation, label=(name + now)[:MOST_LETTERS])


def called(lanes: Sequence[LaneConfig], name: str) -> list[LaneConfig]:
    """Return lanes that a person calls so; with an empty name, each as its formulation."""
    return [dataclasses.replace(lane, label=name) for lane in lanes]


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

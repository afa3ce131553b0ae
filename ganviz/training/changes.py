"""What a change of configuration is called on the timeline and on every chart."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from ganviz.losses.presets import title_of
from ganviz.spec import Spec, param_info
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.optimizers import AbstractOptimizer

Change = tuple[int | None, str, bool]

_RESET = " · moments reset"


def has_other_loss(old: LaneConfig, new: LaneConfig) -> bool:
    """Return whether the adversarial loss is another one, by kind or by number: optimizers then start afresh."""
    return old.formulation.loss != new.formulation.loss


def other_optimizers(old: LaneConfig, new: LaneConfig) -> tuple[str, ...]:
    """Return the players that get another kind of optimizer, to which the old one's moments mean nothing."""
    pairs = {
        "generator": (old.generator_optimizer, new.generator_optimizer),
        "discriminator": (old.discriminator_optimizer, new.discriminator_optimizer),
    }
    return tuple(name for name, (a, b) in pairs.items() if type(a) is not type(b))


def change_marks(old: RunConfig, new: RunConfig) -> Iterator[Change]:
    """Yield lane (None for all), label and whether the loss curves break, for every difference."""
    pairs = list(zip(old.lanes, new.lanes, strict=True))
    per_lane = [list(_lane_changes(before, after)) for before, after in pairs]
    if all(changes == per_lane[0] for changes in per_lane):
        yield from ((None, label, breaks) for label, breaks in per_lane[0])
    else:
        for lane, changes in enumerate(per_lane):
            yield from ((lane, label, breaks) for label, breaks in changes)
    yield from ((None, label, False) for label in _field_changes(old.training, new.training))


def _lane_changes(old: LaneConfig, new: LaneConfig) -> Iterator[tuple[str, bool]]:
    if old.formulation != new.formulation:
        before, after = title_of(old.formulation), title_of(new.formulation)
        label = f"{before} → {after}" if before != after else f"{after}: {_parts(old, new)}"
        yield label + (_RESET if has_other_loss(old, new) else ""), True
    if old.generator_optimizer == old.discriminator_optimizer and (
        new.generator_optimizer == new.discriminator_optimizer
    ):
        pairs = [("", old.generator_optimizer, new.generator_optimizer)]
    else:
        pairs = [
            ("G ", old.generator_optimizer, new.generator_optimizer),
            ("D ", old.discriminator_optimizer, new.discriminator_optimizer),
        ]
    for player, before_spec, after_spec in pairs:
        yield from ((player + label, False) for label in _field_changes(before_spec, after_spec))


def _parts(old: LaneConfig, new: LaneConfig) -> str:
    a, b = old.formulation, new.formulation
    pairs = [(a.loss, b.loss), (a.constraint, b.constraint)]
    pairs += list(zip(a.penalties, b.penalties, strict=False))
    return ", ".join(label for x, y in pairs for label in _field_changes(x, y)) or "changed"


def _field_changes(old: Spec, new: Spec) -> Iterator[str]:
    if type(old) is not type(new):
        yield f"{old.title} → {new.title}{_RESET if isinstance(new, AbstractOptimizer) else ''}"
        return
    for field in dataclasses.fields(new):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            yield f"{param_info(field).title.lower()} {_text(before)} → {_text(after)}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)

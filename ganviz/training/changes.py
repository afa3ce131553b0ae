"""What a change of configuration is called on the timeline and on every chart."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import name_of, plain_title_of
from ganviz.spec import PartInfo, Spec, field_info, param_info
from ganviz.spec.words import both_in_line, name_in_line, unit_behind, value_in_line
from ganviz.training.config import LaneConfig, RunConfig

Change = tuple[int | None, str, bool]

D_STEP = "D moved by hand"
"""An update of the discriminator alone, which no step counts."""
_RESET = " · optimizer reset"
_BOTH_RESET = " · optimizer, average reset"


def has_other_loss(old: LaneConfig, new: LaneConfig) -> bool:
    """Return whether the adversarial loss is another one, by kind or by number: optimizers then start afresh.

    Numbers that the loss calls gentle do not count.
    """
    before, after = old.formulation.loss, new.formulation.loss
    if type(before) is not type(after):
        return True
    return dataclasses.replace(after, **{name: getattr(before, name) for name in before.gentle}) != before


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
    is_averaged = bool(old.training.ema_decay and new.training.ema_decay)
    per_lane = [list(_lane_changes(before, after, is_averaged)) for before, after in pairs]
    if all(changes == per_lane[0] for changes in per_lane):
        yield from ((None, label, breaks) for label, breaks in per_lane[0])
    else:
        for lane, changes in enumerate(per_lane):
            yield from ((lane, label, breaks) for label, breaks in changes)
    yield from ((None, label, False) for label in _field_changes(old.training, new.training))


def setting_changes(old: RunConfig, new: RunConfig) -> str:
    """Return everything that differs in one line, whether it restarts the run or not."""
    labels: list[str] = []
    for field in dataclasses.fields(new):
        info, before, after = field_info(field), getattr(old, field.name), getattr(new, field.name)
        if field.name not in ("lanes", "training") and isinstance(info, PartInfo):
            labels += _part_changes(before, after)
    if len(old.lanes) == len(new.lanes):
        labels += dict.fromkeys(label for _, label, _ in change_marks(old, new))
        pairs = [(a, b) for a, b in zip(old.lanes, new.lanes, strict=True) if a.formulation == b.formulation]
        labels += [f"name {a.called} → {b.called}" for a, b in pairs if a.label != b.label]
    return ", ".join(labels) or "a setting"


def _lane_changes(old: LaneConfig, new: LaneConfig, is_averaged: bool) -> Iterator[tuple[str, bool]]:
    if old.formulation != new.formulation:
        label = _formulation_change(old.formulation, new.formulation)
        reset = _BOTH_RESET if is_averaged else _RESET
        yield label + (reset if has_other_loss(old, new) else ""), True
    pairs = [
        ("G ", old.generator_optimizer, new.generator_optimizer),
        ("D ", old.discriminator_optimizer, new.discriminator_optimizer),
    ]
    if pairs[0][1:] == pairs[1][1:]:
        pairs = [("", *pairs[0][1:])]
    # Of several marks at a step charts name the last: who begins to learn.
    pairs.sort(key=lambda pair: not getattr(pair[1], "learning_rate", 1.0))
    for name, before, after in pairs:
        player = f"{name}{_starts_or_stops(before, after)}"
        reset = "" if type(before) is type(after) else _RESET
        yield from ((player + label + reset, False) for label in _part_changes(before, after))


def _starts_or_stops(old: Spec, new: Spec) -> str:
    """Return what a rate that becomes 0, or is no longer 0, means for a player."""
    before, after = (getattr(one, "learning_rate", 1.0) for one in (old, new))
    return "" if bool(before) == bool(after) else "learns: " if after else "stands still: "


def _formulation_change(old: Formulation, new: Formulation) -> str:
    """Return both names where a part came or went, and every number that is new."""
    before, after = _parts(old), _parts(new)
    labels = [label for kind in before if kind in after for label in _part_changes(before[kind], after[kind])]
    if list(before) == list(after):
        return ", ".join(labels)
    came = () if name_of(new) else [part for kind, part in after.items() if kind not in before]
    labels += [label for part in came for label in _numbers(part)]
    return ", ".join([f"{plain_title_of(old)} → {plain_title_of(new)}", *labels])


def _parts(formulation: Formulation) -> dict[type[Spec], Spec]:
    return {type(part): part for part in formulation.parts}


def _part_changes(old: Spec, new: Spec) -> Iterator[str]:
    if type(old) is not type(new):
        yield f"{old.title} → {new.title}"
    else:
        yield from (f"{new.title} {label}" for label in _field_changes(old, new))


def _field_changes(old: Spec, new: Spec) -> Iterator[str]:
    for field in dataclasses.fields(new):
        before, after = getattr(old, field.name), getattr(new, field.name)
        info = field_info(field)
        if isinstance(info, PartInfo):
            yield from _part_changes(before, after)
        elif before != after:
            a, b = both_in_line(before, after)
            yield f"{name_in_line(info)} {a} → {b}{unit_behind(info)}"


def _numbers(part: Spec) -> Iterator[str]:
    """Yield a part's first number or text, and the others where they are not what they are by default."""
    for i, field in enumerate(dataclasses.fields(part)):
        info = param_info(field)
        value = getattr(part, field.name)
        if value == "" or (i and value == field.default):
            continue
        yield f"{part.title} {name_in_line(info)} {value_in_line(value)}{unit_behind(info)}"

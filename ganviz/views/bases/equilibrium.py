"""Names of the values at which curves stand when the game is over."""

from __future__ import annotations

import math
from collections.abc import Container
from dataclasses import replace

from ganviz.losses.adversarial.binary_cross_entropy import AbstractBinaryCrossEntropyLoss, softplus_of
from ganviz.losses.adversarial.f_gan import OriginalGAN
from ganviz.training.config import RunConfig
from ganviz.views.plot.chart_margin import ReferenceLine
from ganviz.views.plot.plotting import number

OF_THE_ARTICLE = (AbstractBinaryCrossEntropyLoss, OriginalGAN)
"""Losses whose D minimizes a cross-entropy of single samples, which is −V."""


OPEN_LABEL = "{} has no known value at the end: {} keeps D from being flat"
"""What is said where a line would be without a penalty."""


def is_article(config: RunConfig) -> bool:
    """Return whether all scores that lanes have are logits in a cross-entropy of single samples."""
    losses = [lane.formulation.loss for lane in config.lanes if lane.has_discriminator]
    return all(isinstance(loss, OF_THE_ARTICLE) for loss in losses)


def value_name(value: float) -> tuple[str, str]:
    """Return a value in full ("2 ln 2 = 1.386") and in short ("2 ln 2"), with ln 2 where it is a multiple of it."""
    multiple = value / math.log(2)
    if value != 0 and abs(multiple - round(multiple)) < 1e-9 and abs(multiple) < 9:
        count = round(abs(multiple))
        name = ("−" if value < 0 else "") + (f"{count} ln 2" if count > 1 else "ln 2")
        return f"{name} = {number(value)}", name
    short = f"{value:g}".replace("-", "−") if len(f"{value:g}") < 6 else number(value)
    return short, short


def equilibrium_lines(
    config: RunConfig, *, with_parts: bool, without: Container[str] = ()
) -> tuple[ReferenceLine, ...]:
    """Return the lines of every lane's trained losses, but for roles ``without``; equal ones are drawn once."""
    lines: list[ReferenceLine] = []
    parts: list[ReferenceLine] = []
    for i, lane in enumerate(config.lanes):
        loss = lane.formulation.loss
        equilibrium = config.equilibrium(i)
        lines += open_lines(config, i, tuple(role for role in ("d_loss", "g_loss") if role not in without))
        for role, symbol, value, note in (
            ("d_loss", "L<sub>D</sub>", equilibrium.d_loss, loss.d_convention),
            ("g_loss", "L<sub>G</sub>", equilibrium.g_loss, "mean"),
        ):
            if value is not None and role not in without:
                lines.append(named_line(value, role, symbol, symbol, note, i))
        if with_parts and equilibrium.d_real is not None and equilibrium.d_fake is not None:
            parts += part_lines(equilibrium.d_real, equilibrium.d_fake, i)
    return (*merged(lines), *merged(parts))


def open_lines(config: RunConfig, lane: int, roles: tuple[str, ...]) -> list[ReferenceLine]:
    """Return names without a line for what would have one, did a penalty not keep D from being flat."""
    formulation = config.lanes[lane].formulation
    if formulation.has_equilibrium:
        return []
    bars = " and ".join(one if one.isupper() else one.lower() for one in formulation.flatness_bars)
    end = config.training.rule.equilibrium(formulation.loss)
    known = {
        "d_loss": ("L<sub>D</sub>", end.d_loss), "g_loss": ("L<sub>G</sub>", end.g_loss), "total": ("total", end.total),
    }  # fmt: skip
    return [
        ReferenceLine(
            value, role, OPEN_LABEL.format(symbol, bars), f"{symbol}: open", f"{symbol}: open, {bars}", (lane,),
            is_open=True,
        )
        for role, (symbol, value) in known.items()
        if role in roles and value is not None
    ]  # fmt: skip


def value_lines(config: RunConfig, brief: str) -> tuple[ReferenceLine, ...]:
    """Return where V stands when the game of each lane is over: at ln D + ln(1 - D), which smoothed labels move."""
    lines = []
    for i, lane in enumerate(config.lanes):
        score = lane.formulation.equilibrium().score
        if lane.has_discriminator and score is not None:
            value = -(softplus_of(-score) + softplus_of(score))
            lines.append(named_line(value, "value", "V", brief, "", i))
    return merged(lines)


def named_line(value: float, role: str, name: str, brief: str, note: str, lane: int) -> ReferenceLine:
    """Return a line that says what stands there when the game of a lane is over."""
    full, short = value_name(value)
    label = f"{name} at equilibrium: {full}" + (f", {note}" if note else "")
    prefix = f"{brief}: " if brief else ""
    return ReferenceLine(value, role, label, prefix + short, prefix + full, (lane,), note)


def merged(lines: list[ReferenceLine]) -> tuple[ReferenceLine, ...]:
    """Return the lines, those of several lanes that are alike as one."""
    found: dict[tuple[str, float, str], ReferenceLine] = {}
    for line in lines:
        key = (line.role, line.value, line.label)
        known = found.get(key)
        found[key] = line if known is None else replace(known, lanes=known.lanes + line.lanes)
    return tuple(found.values())


def part_lines(d_real: float, d_fake: float, lane: int) -> list[ReferenceLine]:
    """Return the line at which both parts of the discriminator's loss stand, or one of each."""
    named = (
        [("real", "each part", "parts", d_real)]
        if d_real == d_fake
        else [("real", "real part", "real", d_real), ("generated", "fake part", "fake", d_fake)]
    )
    return [
        named_line(value, role, f"{name} of L<sub>D</sub>", brief, "", lane)
        for role, name, brief, value in named
    ]

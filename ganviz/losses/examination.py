"""What can be told of a typed loss before it trains: where it pushes, its range, and whether its parts may be added."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganviz.losses.adversarial.custom import CustomLoss, CustomPairedLoss
from ganviz.losses.expressions import GRID, Expression

Mask = NDArray[np.bool_]

NOTHING = 1e-9
"""Slopes smaller than this push nobody."""
GONE = 0.05
"""A slope is called gone where it is smaller than this, or than this share of a steepest one below 1."""


def examine(loss: CustomLoss | CustomPairedLoss) -> tuple[str, ...]:
    """Return one sentence each on D's direction, G's direction, both ranges, and on adding them."""
    if isinstance(loss, CustomLoss):
        pushes = [
            ("real", "real samples", -1),
            ("fake", "fake samples", 1),
            ("generated", "its own samples", -1),
        ]
        argument = "score"
    else:
        pushes = [("lead", "pairs", -1), ("generated", "pairs", 1)]
        argument = "lead"
    *of_d, of_g = (_push(loss.read(name), who, sign, argument, name) for name, who, sign in pushes)
    return (*of_d, of_g, _sum(loss))


def _push(formula: Expression, who: str, sign: int, argument: str, name: str) -> str:
    """Return where a formula's owner is pushed on these samples, and whether that is its part of the game."""
    wanted = "higher" if sign < 0 else "lower"
    owner = "G" if name == "generated" else "D"
    slopes = sign * formula.slope(GRID)
    right, wrong = slopes > NOTHING, slopes < -NOTHING
    task = (
        f"a {wanted} {argument}" if who != "pairs" else f"a {'larger' if sign < 0 else 'smaller'} {argument}"
    )
    if not right.any() and not wrong.any():
        return f"{owner} learns nothing from {who}: the slope is 0 everywhere."
    if not wrong.any():
        pushing = slopes >= GONE * min(1.0, slopes.max())
        return f"{owner} wants {task} for {who}" + _where_flat(pushing, argument)
    if not right.any():
        return f"{owner} is pushed the wrong way by {who}: it should want {task}."
    return f"{owner} wants {task} for {who}, but not {_places(wrong, 1)}."


def _places(where: Mask, beside: int) -> str:
    """Return where a condition holds, in words; ``beside`` 1 names the nearest places where it does not.

    Of what holds here and there it is said, after "not", that it does not hold everywhere.
    """
    held, other = np.flatnonzero(where), np.flatnonzero(~where)
    first, last = held[0], held[-1]
    if last - first + 1 != len(held):
        if other[-1] - other[0] + 1 != len(other):
            return "everywhere" if beside else "in places"
        low, high = GRID[other[0] - 1 + beside], GRID[other[-1] + 1 - beside]
        return f"below {_number(low)} and above {_number(high)}"
    if first == 0:
        return f"below {_number(GRID[last + beside])}"
    if last == len(GRID) - 1:
        return f"above {_number(GRID[first - beside])}"
    return f"from {_number(GRID[first - beside])} to {_number(GRID[last + beside])}"


def _number(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _where_flat(pushing: Mask, argument: str) -> str:
    """Return the end of a sentence: at every score or lead, or where the slope is gone."""
    flat = ~pushing
    return f"; {_places(flat, 0)} the slope is gone." if flat.any() else f", at every {argument}."


def _sum(loss: CustomLoss | CustomPairedLoss) -> str:
    """Return whether L_D + L_G says something: both must have a smallest value that their owners make for."""
    of_d, of_g = loss.d_range, loss.g_range
    ranges = f"L_D lies in {of_d}, L_G in {of_g}"
    if loss.is_canceling:
        return f"{ranges}: L_G takes L_D's fake part back, so their sum has lost the generator."
    total = loss.total_range
    if total.low == total.high:
        return f"{ranges}: their sum is {total.low:g} whatever the scores are, so it says nothing."
    endless = [name for name, one in (("L_D", of_d), ("L_G", of_g)) if np.isinf(one.low)]
    if endless:
        return f"{ranges}: {' and '.join(endless)} can fall without end, so their sum says nothing."
    return f"{ranges}: both have a smallest value, so they may be added."

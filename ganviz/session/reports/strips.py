"""A figure of a sweep: a row a cell with its seeds over one axis. Words are HTML, which wraps, and never cut."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from ganviz.session.figure_titles import COUNTS, better_words, figure_title, figure_words
from ganviz.session.reports import page
from ganviz.session.spread import MIDDLE_HALF, TENTHS, has_band, known

if TYPE_CHECKING:
    from ganviz.session.sweeps.results import SweepResult

_EDGE = 2.0
"""What is left at both ends of the axis, in percent of its length."""
_MOST_GAPS = 5

Place = Callable[[float], str]


def strips(result: SweepResult, figure: str) -> str:
    """Return a picture of a figure; nothing where no seed has a value."""
    values = result.trained_values(figure).tolist()
    if not (found := known(value for row in values for value in row)):
        return ""
    low, high = found[0], found[-1]

    def x(value: float) -> str:
        share = (value - low) / (high - low) if high > low else 0.5
        return f"{_EDGE + (100 - 2 * _EDGE) * share:.2f}%"

    ticks = axis_ticks(low, high, is_whole=figure in COUNTS)
    lines = "".join(f'<line x1="{x(tick)}" x2="{x(tick)}" y2="100%" stroke="var(--line)"/>' for tick in ticks)
    rows = [
        _line(result.plan.title(k), lines + _seeds(row, result.plan.seeds, figure, x))
        for k, row in enumerate(values)
    ]
    numbers = "".join(
        f'<text x="{x(tick)}" y="1.2em" text-anchor="middle">{figure_words(figure, tick)}</text>'
        for tick in ticks
    )
    title = page.text(figure_title(figure))
    return (
        f'<figure><figcaption>{title} <span class="soft">{better_words(figure)}</span></figcaption>\n'
        f'<div class="rows" role="img" aria-label="{title}">\n{"".join(rows)}{_line("", numbers)}</div></figure>'
    )


def axis_ticks(low: float, high: float, *, is_whole: bool = False) -> list[float]:
    """Return round numbers from ``low`` to ``high``, about four; a single value where there is no other."""
    if not high > low:
        return [low]
    least = (high - low) / _MOST_GAPS
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= least * (1 - 1e-9))
    step = max(step, 1.0) if is_whole else step
    return [n * step for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _line(title: str, inner: str) -> str:
    svg = f'<svg fill="currentColor" stroke="none">{inner}</svg>'
    return f"<span>{page.text(title)}</span><div>{svg}</div>\n"


def _seeds(row: list[float], numbers: tuple[int, ...], figure: str, x: Place) -> str:
    """Return a cell's seeds as dots, with their median, and with bands where there are seeds enough for them."""
    if not (seeds := known(row)):
        return ""
    dots = "".join(
        f'<circle cx="{x(value)}" r="2.5" fill-opacity=".6"><title>seed {seed}: {figure_words(figure, value)}'
        "</title></circle>"
        for seed, value in zip(numbers, row, strict=True)
        if math.isfinite(value)
    )
    bands, median = "".join(_bands(seeds, x)), x(float(np.median(seeds)))
    stroke = f'<line x1="{median}" x2="{median}" y1="-7" y2="7" stroke="var(--mark)" stroke-width="3"/>'
    return f'<svg y="50%" overflow="visible">{bands}{dots}{stroke if len(seeds) > 1 else ""}</svg>'


def _bands(seeds: list[float], x: Place) -> Iterator[str]:
    if has_band(len(seeds), TENTHS):
        low, high = (x(one) for one in np.quantile(seeds, (TENTHS, 1 - TENTHS)).tolist())
        yield f'<line x1="{low}" x2="{high}" stroke="currentColor" stroke-opacity=".5"/>'
    if has_band(len(seeds), MIDDLE_HALF):
        low, high = (x(one) for one in np.quantile(seeds, (MIDDLE_HALF, 1 - MIDDLE_HALF)).tolist())
        # a line, as its width in pixels is not its length in percent
        yield f'<line class="half" x1="{low}" x2="{high}" stroke="var(--mark)" stroke-opacity=".3" stroke-width="10"/>'

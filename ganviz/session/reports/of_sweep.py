"""The report of a sweep: what was varied, the cells' end figures as tables and pictures, comparisons, settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganviz.session.figure_titles import better_words, figure_title, figure_words
from ganviz.session.reports import page
from ganviz.session.reports.of_run import settings_rows
from ganviz.session.seed_words import difference_text
from ganviz.session.spread import IN_BRACKETS, MIDDLE_HALF, TENTHS, has_band, known, least_seeds, spread
from ganviz.training.columns import METRICS

if TYPE_CHECKING:
    from ganviz.session.sweeps.results import SweepResult

_WIDTH, _LABELS, _ROW, _EDGE = 760, 320, 24, 12
_SHORT = 46
TABLE = f"Medians of the seeds that trained to the end, {IN_BRACKETS}."
PICTURES = (
    f"A dot is a seed that trained to the end, the stroke the median. Of {least_seeds(MIDDLE_HALF)} seeds or more a "
    f"box is the middle half, of {least_seeds(TENTHS)} or more a line goes from 10 to 90 %."
)


def sweep_report(result: SweepResult) -> str:
    """Return the report as HTML."""
    plan = result.plan
    varied = [(axis.path, ", ".join(axis.values)) for axis in plan.axes]
    figures = [figure for figure in METRICS if figure in result.figures]
    n_done = len(result.cells) - len(result.errors)
    return page.page(
        f"Sweep of {' and '.join(axis.path for axis in plan.axes)}",
        page.paragraph(
            f"{n_done} of {len(plan.cells)} cells, {plan.n_seeds} seeds each from {plan.seeds[0]} on, "
            f"{plan.steps:,} steps.",
            "soft",
        ),
        page.section("Varied", page.words_table(varied)),
        page.section("Cells", page.paragraph(TABLE, "soft"), page.table(*_cells(result, figures))),
        page.section("Failed", page.words_table(_errors(result))),
        page.section(
            "Figures",
            page.paragraph(PICTURES, "soft"),
            *(_figure(result, figure) for figure in figures),
        )
        if figures
        else "",
        page.section("Compared by equal seeds", page.table(*_comparisons(result, figures))),
        page.section(
            "Settings",
            page.details(
                "Every setting of the first cell",
                page.words_table(settings_rows(plan.cells[0].config.to_plain())),
            ),
            page.details("The plan as JSON", page.preformatted(json.dumps(plan.to_plain(), indent=1))),
        ),
    )


def _cells(result: SweepResult, figures: list[str]) -> tuple[list[str], list[list[object]]]:
    """Return a row a cell: its values, how many seeds trained, medians of figures, and their spread."""
    rows: list[list[object]] = []
    for index in range(len(result.plan.cells)):
        stopped = result.diverged_at[index]
        cells = [_with_spread(result.trained_values(figure)[index], figure) for figure in figures]
        rows.append([result.plan.title(index), f"{(stopped == 0).sum()} of {result.plan.n_seeds}", *cells])
    return ["cell", "seeds trained to the end", *map(figure_title, figures)], rows


def _with_spread(values: NDArray[np.float64], figure: str) -> str | None:
    if not (seeds := known(values.tolist())):
        return None
    middle, ends = figure_words(figure, float(np.median(seeds))), spread(seeds)
    return f"{middle} ({' to '.join(figure_words(figure, one) for one in ends)})" if ends else middle


def _errors(result: SweepResult) -> Iterator[tuple[str, str]]:
    for index, error in result.errors.items():
        yield result.plan.title(index), error


def _comparisons(result: SweepResult, figures: list[str]) -> tuple[list[str], list[list[object]]]:
    rows: list[list[object]] = []
    for first, second in result.neighbors():
        found = {figure: result.compare(first, second, figure) for figure in figures}
        cells = [difference_text(one.plain, figure) if one.n else None for figure, one in found.items()]
        rows.append([f"{result.plan.title(second)} minus {result.plan.title(first)}", *cells])
    return ["", *map(figure_title, figures)], rows


def _figure(result: SweepResult, figure: str) -> str:
    """Return a picture of a figure: a row a cell, with its seeds."""
    seeds = [known(values) for values in result.trained_values(figure).tolist()]
    if not (found := [value for values in seeds for value in values]):
        return ""
    low, high = min(found), max(found)
    scale = (_WIDTH - _LABELS - 2 * _EDGE) / ((high - low) or 1.0)

    def x(value: float) -> float:
        return _LABELS + _EDGE + (value - low) * scale

    n = len(result.plan.cells)
    height = n * _ROW + 2 * _ROW
    parts = [_label(result.plan.title(k), k) + _row(seeds[k], k, x) for k in range(n)]
    ends = ((low, "start"), (high, "end")) if high > low else ((low, "start"),)
    numbers = "".join(
        f'<text x="{x(value):.1f}" y="{n * _ROW + _ROW}" text-anchor="{anchor}">'
        f"{figure_words(figure, value)}</text>"
        for value, anchor in ends
    )
    caption = f"{page.text(figure_title(figure))}: {better_words(figure)}"
    return (
        f'<figure><svg class="own" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{page.text(figure_title(figure))}" fill="currentColor" stroke="none" font-size="13">'
        f"{''.join(parts)}{numbers}</svg><figcaption>{caption}</figcaption></figure>"
    )


def _label(title: str, k: int) -> str:
    short = title if len(title) <= _SHORT else f"{title[: _SHORT - 1]}…"
    return f'<text x="{_LABELS - _EDGE}" y="{k * _ROW + 17}" text-anchor="end">{page.text(short)}</text>'


def _row(seeds: list[float], k: int, x: Callable[[float], float]) -> str:
    """Return a cell's seeds as dots, with their median, and with bands where there are seeds enough for them."""
    if not seeds:
        return ""
    y, n = k * _ROW + 12, len(seeds)
    q10, q25, median, q75, q90 = (x(one) for one in np.quantile(seeds, (0.1, 0.25, 0.5, 0.75, 0.9)).tolist())
    line, box = has_band(n, TENTHS), has_band(n, MIDDLE_HALF)
    parts = [
        f'<path d="M{q10:.1f} {y}H{q90:.1f}" stroke="currentColor" stroke-opacity=".5"/>' if line else "",
        f'<rect x="{q25:.1f}" y="{y - 5}" width="{max(q75 - q25, 1):.1f}" height="10" fill="var(--mark)" '
        'fill-opacity=".3"/>'
        if box
        else "",
        *(f'<circle cx="{x(one):.1f}" cy="{y}" r="2.5" fill-opacity=".6"/>' for one in seeds),
        f'<path d="M{median:.1f} {y - 7}v14" stroke="var(--mark)" stroke-width="3"/>' if n > 1 else "",
    ]
    return "".join(parts)

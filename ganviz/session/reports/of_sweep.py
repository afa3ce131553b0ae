"""The report of a sweep: what was varied, the cells' end figures as tables and pictures, comparisons, settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ganviz.session.figure_titles import figure_title, figure_words
from ganviz.session.reports import page
from ganviz.session.reports.of_run import difference, settings_rows
from ganviz.session.reports.strips import strips
from ganviz.session.seed_words import UNLIKELY
from ganviz.session.spread import IN_BRACKETS, MIDDLE_HALF, TENTHS, known, least_seeds, spread
from ganviz.spec.words import grouped
from ganviz.training.columns import METRICS

if TYPE_CHECKING:
    from ganviz.session.sweeps.results import SweepResult

TABLE = f"Medians of the seeds that trained to the end, {IN_BRACKETS}."
PICTURES = (
    f"A dot is a seed that trained to the end, the stroke the median. Of {least_seeds(MIDDLE_HALF)} seeds or more a "
    f"box is the middle half, of {least_seeds(TENTHS)} or more a line goes from 10 to 90 %."
)


def sweep_report(result: SweepResult) -> str:
    """Return the report as HTML."""
    plan = result.plan
    varied = [(axis.path, ", ".join(axis.values)) for axis in plan.axes]
    figures = _figures(result)
    headings, rows = _comparisons(result, figures)
    n_done = len(result.cells) - len(result.errors)
    return page.page(
        f"Sweep of {page.listed([axis.path for axis in plan.axes])}",
        page.paragraph(
            f"{n_done} of {len(plan.cells)} cells, {plan.n_seeds} seeds each from {plan.seeds[0]} on, "
            f"{grouped(plan.steps)} steps.",
            "soft",
        ),
        page.section("Varied", page.words_table(varied)),
        page.section("Cells", page.paragraph(TABLE, "soft"), page.table(*_cells(result, figures))),
        page.section("Failed", page.words_table(_errors(result))),
        page.section(
            "Figures",
            page.paragraph(PICTURES, "soft"),
            page.pictures(filter(None, (strips(result, figure) for figure in figures))),
        )
        if figures
        else "",
        page.section(
            "Compared by equal seeds",
            page.paragraph(_by_chance(rows), "soft") if _n_compared(rows) > 1 else "",
            page.table(headings, rows),
        ),
        page.section(
            "Settings",
            page.details(
                "Every setting of the first cell",
                page.words_table(settings_rows(plan.cells[0].config.to_plain())),
            ),
            page.details("The plan as JSON", page.preformatted(json.dumps(plan.to_plain(), indent=1))),
        ),
    )


def _figures(result: SweepResult) -> list[str]:
    """Return the figures that some seed has: coverage of modes, for one, is nothing for a person's own points."""
    there = (figure for figure in METRICS if figure in result.figures)
    return [figure for figure in there if np.isfinite(result.trained_values(figure)).any()]


def _cells(result: SweepResult, figures: list[str]) -> tuple[list[str], list[list[object]]]:
    """Return a row a cell: its values, how many seeds trained, medians of figures, and their spread."""
    rows: list[list[object]] = []
    for index in range(len(result.plan.cells)):
        stopped = result.diverged_at[index]
        cells = [_with_spread(result.trained_values(figure)[index], figure) for figure in figures]
        rows.append([result.plan.title(index), f"{(stopped == 0).sum()} of {result.plan.n_seeds}", *cells])
    return ["cell", "seeds trained to the end", *map(figure_title, figures)], rows


def _with_spread(values: NDArray[np.float64], figure: str) -> str | tuple[str, str] | None:
    if not (seeds := known(values.tolist())):
        return None
    middle, ends = figure_words(figure, float(np.median(seeds))), spread(seeds)
    return (middle, f"({' to '.join(figure_words(figure, one) for one in ends)})") if ends else middle


def _errors(result: SweepResult) -> Iterator[tuple[str, str]]:
    for index, error in result.errors.items():
        yield result.plan.title(index), error


def _n_compared(rows: list[list[object]]) -> int:
    return sum(cell is not None for row in rows for cell in row[1:])


def _by_chance(rows: list[list[object]]) -> str:
    """Return what many comparisons are worth."""
    return (
        f"Each p is of one comparison; there are {grouped(_n_compared(rows))}. Where nothing differs, up to one in "
        f"twenty has a p of at most {UNLIKELY:g} by chance."
    )


def _comparisons(result: SweepResult, figures: list[str]) -> tuple[list[str], list[list[object]]]:
    rows: list[list[object]] = []
    for first, second in result.neighbors():
        found = {figure: result.compare(first, second, figure) for figure in figures}
        cells = [difference(one.plain, figure) if one.n else None for figure, one in found.items()]
        rows.append([f"{result.plan.title(second)} minus {result.plan.title(first)}", *cells])
    return ["", *map(figure_title, figures)], rows

"""What a box of a sweep's figure stands for, in words."""

from __future__ import annotations

from collections.abc import Sequence

from ganviz.session.figure_titles import COUNTS, figure_title
from ganviz.session.spread import MIDDLE_HALF, has_band, known
from ganviz.views.window.sweep_state import DONE, TRAINING, CellState, SweepState
from ganviz.views.window.sweep_words import figure_value, setting_title


def cell_words(state: SweepState, figure: str, rows: Sequence[int]) -> str:
    """Return what a box of a figure stands for: the settings, the value, over how many seeds, and how far these lie."""
    cells = [state.cells[row] for row in rows]
    named = [
        f"{setting_title(path).rpartition(' · ')[2]} {cells[0].values[axis]}"
        for axis, (path, _) in enumerate(state.axes)
        if len({cell.values[axis] for cell in cells}) == 1
    ]
    head = f"{', '.join(named)}: " if named else ""
    if len(cells) == 1:
        return head + _one_cell(state, figure, cells[0])
    values = known(cell.figures.get(figure, {}).get("median") for cell in cells)
    if not values:
        return f"{head}none of {len(cells)} cells is done."
    mean = _value(figure, sum(values) / len(values))
    ends = f", which go from {_value(figure, values[0])} to {_value(figure, values[-1])}"
    of = (
        f"the median of {len(values)} cell"
        if len(values) == 1
        else f"mean of the medians of {len(values)} cells"
    )
    return f"{head}{figure_title(figure)} {mean}, {of}{ends if len(values) > 1 else ''}."


def _one_cell(state: SweepState, figure: str, cell: CellState) -> str:
    if cell.state != DONE:
        return f"{state_words(state, cell)}{f': {cell.error}' if cell.error else '.'}"
    found, seeds = cell.figures.get(figure), known(cell.seeds.get(figure, ()))
    stopped = f" {cell.diverged} of {state.n_seeds} seeds diverged." if cell.diverged else ""
    if not found:
        return f"no {figure_title(figure)}.{stopped}"
    n, value = int(found["n"]), f"{figure_title(figure)} {_value(figure, found['median'])}"
    if n == 1:
        return f"{value}, one seed.{stopped}"
    shown = [_value(figure, one) for one in seeds]
    if not has_band(n, MIDDLE_HALF):
        each = f": {', '.join(shown)}" if shown else ""
        return f"{value}, median of {n} seeds{each}.{stopped}"
    low, high = (_value(figure, found[name]) for name in ("q25", "q75"))
    ends = f", all {shown[0]} to {shown[-1]}" if shown else ""
    return f"{value}, median of {n} seeds; middle half {low} to {high}{ends}.{stopped}"


def _value(figure: str, value: float) -> str:
    """Return a value as sentences write it: a count that is whole as such."""
    return figure_value(figure, value).removesuffix(".0" if figure in COUNTS else "")


def state_words(state: SweepState, cell: CellState) -> str:
    """Return where a cell is."""
    if cell.state == TRAINING:
        return f"training, {100 * cell.step / max(1, state.steps):.0f} %"
    return cell.state

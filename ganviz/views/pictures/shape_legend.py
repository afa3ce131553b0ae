"""The legend of the loss shape: which curve is whose, and its mean slope where the batch lies."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Sequence

from PySide6.QtGui import QColor

from ganviz.training.config import LaneConfig, RunConfig
from ganviz.views.bases.chart_data import isolated, toggled
from ganviz.views.bases.lane_names import STOPPED, LaneName
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.shape_curves import ShapeCurve
from ganviz.views.plot.legend import LegendEntry
from ganviz.views.plot.plotting import line_pen, number

MEAN = "mean |slope|"


class HiddenCurves:
    """Which curves a press on the legend has hidden, as long as the lanes stay these."""

    def __init__(self) -> None:
        self.keys = frozenset[str]()
        self._lanes: tuple[LaneConfig, ...] = ()

    def begin(self, lanes: tuple[LaneConfig, ...]) -> None:
        """Hide nothing of other lanes."""
        if lanes != self._lanes:
            self._lanes, self.keys = lanes, frozenset()

    def others(self, curves: list[ShapeCurve]) -> list[ShapeCurve]:
        """Return the curves that are not hidden."""
        return [curve for curve in curves if curve.is_ghost or curve.key not in self.keys]

    def hide(self, key: str, curves: list[ShapeCurve], *, alone: bool) -> None:
        """Hide a curve or show it, or hide all others or show them again."""
        self.keys = isolated(self.keys, key, hideable(curves)) if alone else toggled(self.keys, key)


def hideable(curves: list[ShapeCurve]) -> tuple[str, ...]:
    """Return which curves entries of the legend stand for, in their order; none where there is but one."""
    keys = tuple(curve.key for curve in curves if not curve.is_ghost)
    return keys if len(keys) > 1 else ()


def entries_of(
    names: Sequence[LaneName],
    config: RunConfig,
    curves: list[ShapeCurve],
    theme: Theme,
    *,
    of_d: bool,
    hidden: frozenset[str] = frozenset(),
) -> list[LegendEntry]:
    """Return an entry a curve, ghosts left out, and one for what is drawn thin: the slope.

    ``names`` say of each lane whether it has diverged; curves whose keys are ``hidden`` have pale ones.
    """
    muted = QColor(theme.muted)
    slope = LegendEntry(line_pen(muted, 1.4), "slope", muted)
    entries = []
    for curve in curves:
        if curve.is_ghost:
            continue
        pen, letters = line_pen(theme.line(curve.role), 2.2, curve.lane), theme.letters(curve.role)
        stopped = names[curve.lane].reason
        name = html.escape(f"{curve.name}, {STOPPED}" if stopped else curve.name)
        if of_d:
            part = "on real" if curve.role == "real" else "on fake"
            name = f"L<sub>D</sub> {part}" if len(config.lanes) == 1 else f"{name}, {part}"
            entries.append(LegendEntry(pen, name, letters, hidden=curve.key in hidden))
            continue
        mean = stopped or f"{MEAN} {number(curve.mean_size)}"
        if len(config.lanes) == 1:
            formula = config.lanes[0].formulation.loss.g_formula
            entries.append(LegendEntry(pen, "L<sub>G</sub>", letters, formula))
            slope = dataclasses.replace(slope, symbol=f"slope of L<sub>G</sub>, {mean}", short="slope")
        else:
            whole = f"{html.escape(curve.name)}, {mean}"
            entries.append(LegendEntry(pen, whole, letters, short=name, hidden=curve.key in hidden))
    return [*entries, slope]

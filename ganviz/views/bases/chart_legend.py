"""What curves of a chart are told by: hues for quantities and dashes for lanes, or the other way round; the legend."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from PySide6.QtGui import QColor, QPen

from ganviz.views.bases.beside import value_beside
from ganviz.views.bases.chart_content import ChartContent, Curve, lane_key
from ganviz.views.bases.chart_menu import Choices
from ganviz.views.bases.chart_stack import OPACITY
from ganviz.views.bases.lane_names import STOPPED
from ganviz.views.bases.traces import latest_values
from ganviz.views.look.formula import plain_formula
from ganviz.views.look.theme import Theme
from ganviz.views.plot.legend import LegendEntry
from ganviz.views.plot.plotting import line_pen, translucent


def curve_color(by_lane: tuple[Curve, ...], curve: Curve, lane: int, theme: Theme) -> QColor:
    """Return the color of a lane's curve: the quantity's, or the lane's where ``by_lane`` has all curves."""
    return theme.of_lane(lane) if by_lane else theme.line(curve.role)


def curve_pen(by_lane: tuple[Curve, ...], curve: Curve, lane: int, width: float, theme: Theme) -> QPen:
    """Return the pen of a lane's curve, whose dashes say what its color does not."""
    place = by_lane.index(curve) if by_lane else lane
    return line_pen(curve_color(by_lane, curve, lane, theme), width, place)


def legend_entries(content: ChartContent, theme: Theme) -> list[LegendEntry]:
    """Return one entry a curve, with several lanes one a lane, and one for each saved run beside."""
    entries = []
    widest = max((curve.width for curve in content.curves if not curve.underlay), default=0.0)
    for place, curve in enumerate(content.curves):
        color = QColor(theme.muted) if content.by_lane else theme.line(curve.role)
        is_area = curve.underlay or bool(curve.stacked_on)
        pen = line_pen(
            translucent(color, OPACITY) if is_area else color,
            max(theme.width(curve.width), 6.0 if is_area else 1.3),
            place if content.by_lane else 0,
        )
        letters = QColor(theme.text) if content.by_lane else theme.letters(curve.role)
        hidden = curve.column in content.hidden
        symbol = f"{curve.symbol} {curve.when}".rstrip()
        short = curve.short or (curve.symbol if curve.when else "")
        values, told = _values(content, curve)
        lesser = curve.width < widest
        entries.append(
            LegendEntry(pen, symbol, letters, curve.formula, values, short, hidden, told=told, lesser=lesser)
        )
    for lane, label in enumerate(content.lane_labels):
        pen, hidden = line_pen(QColor(theme.muted), 1.7, lane), lane_key(lane) in content.hidden
        if content.by_lane:
            pen = line_pen(theme.of_lane(lane), 2.2)
        name = f"{label}, {STOPPED}" if lane in content.stopped else label
        entries.append(LegendEntry(pen, name, QColor(theme.muted), hidden=hidden))
    for one in content.beside:
        pen = one.pen(QColor(theme.text), QColor(theme.base))
        hidden = one.key in content.hidden
        entries.append(LegendEntry(pen, html.escape(one.name), QColor(theme.muted), hidden=hidden))
    return entries


def _values(content: ChartContent, curve: Curve) -> tuple[str, str]:
    """Return a curve's values at the step that is shown, of all lanes and saved runs, and of those not hidden."""
    latest = latest_values(content.trace, curve.column)
    latest[[lane for lane in curve.without if lane < len(latest)]] = np.nan
    keys = [*map(lane_key, range(len(latest))), *(one.key for one in content.beside)]
    saved = (value_beside(one, curve.column, content.viewed)[0] for one in content.beside)
    texts = [curve.text(value) for value in (*latest.tolist(), *saved)]
    told = [text for text, key in zip(texts, keys, strict=True) if not {key, curve.column} & content.hidden]
    return " | ".join(texts), " | ".join(told)


def legend_choices(
    entries: Sequence[LegendEntry], keys: Sequence[str], hidden: frozenset[str], hide: Callable[..., object]
) -> Choices:
    """Return two menus with a line for each entry of a legend: whether it is shown, and to show it alone."""
    names = [": ".join(filter(None, (plain_formula(e.symbol), plain_formula(e.formula)))) for e in entries]
    pairs = list(zip(names, keys, strict=False))
    shown = [(name, key not in hidden, partial(hide, key, alone=False)) for name, key in pairs]
    alone = [(name, False, partial(hide, key, alone=True)) for name, key in pairs]
    return (("Curves", shown), ("One alone, or all again", alone))

"""The legend of V against its bound: what each lane's D lacks of its best one."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

from PySide6.QtGui import QColor

from ganviz.training.config import RunConfig
from ganviz.training.probes.bound import Bound
from ganviz.views.bases.lane_names import LaneName
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.bound_drawing import floor_color
from ganviz.views.plot.legend import LegendEntry
from ganviz.views.plot.plotting import line_pen, number

FLOOR = "perfect G"


def entries_of_v(
    names: Sequence[LaneName], lanes: Sequence[int], newest: Bound, theme: Theme
) -> list[LegendEntry]:
    """Return the bound's entry, and V's with what D lacks for each lane; none where no lane has a V."""
    if not lanes:
        return []
    entries = []
    for lane in lanes:
        if names[lane].stopped is not None:
            entries.append(_ended(names[lane], lane, "value", theme))
            continue
        name, parts = _begin(names[lane]), (newest.gap, newest.js_divergence, newest.js_divergence_least)
        gap, divergence, least = (number(float(part[lane])) for part in parts)
        words = f"{name}V, gap {gap} nats, JSD {divergence}"
        pen, bracket = line_pen(theme.line("value"), 2.2, lane), f" ≥ {least} = ln 2 + V/2"
        symbol, *shorter = (html.escape(one) for one in (words + bracket, words, f"{name}gap {gap}"))
        entries.append(
            LegendEntry(
                pen, symbol, theme.letters("value"), short=shorter[0], shortest=shorter[1],
                name=names[lane].title,
            )
        )  # fmt: skip
    bound = LegendEntry(
        line_pen(theme.line("total"), 1.6), "V(D*, G)", theme.letters("total"), "2 JSD − 2 ln 2"
    )
    floor = (
        []
        if math.isnan(newest.floor.mean)
        else [LegendEntry(line_pen(floor_color(theme), 6), FLOOR, theme.letters("real"))]
    )
    return [*entries, bound, *floor]


def entries_of_d(
    names: Sequence[LaneName], config: RunConfig, lanes: Sequence[int], newest: Bound, theme: Theme
) -> list[LegendEntry]:
    """Return L_D's entry with what D lacks for each lane that has no V, and that of their best D."""
    entries = []
    for lane in lanes:
        if names[lane].stopped is not None:
            entries.append(_ended(names[lane], lane, "d_loss", theme))
            continue
        unit = " nats" if config.lanes[lane].formulation.loss.is_nats else ""
        gap, best = (number(float(part[lane])) for part in (newest.gap, newest.best_d_loss))
        name = html.escape(_begin(names[lane]))
        words = f"{name}L<sub>D</sub>, gap {gap}{unit}"
        pen = line_pen(theme.line("d_loss"), 2.2, lane)
        entries.append(
            LegendEntry(
                pen, f"{words}, at best {best}", theme.letters("d_loss"), short=words,
                shortest=f"{name}gap {gap}", name=names[lane].title,
            )
        )  # fmt: skip
    if lanes:
        pen = line_pen(theme.line("total"), 1.6)
        words = "L<sub>D</sub> of its own best D"
        entries.append(LegendEntry(pen, words, theme.letters("total"), short="best D"))
    return entries


def _ended(name: LaneName, lane: int, role: str, theme: Theme) -> LegendEntry:
    """Return the entry of a lane that has diverged, which lacks nothing any more."""
    pen, letters = line_pen(theme.line(role), 2.2, lane), QColor(theme.muted)
    return LegendEntry(pen, html.escape(name.words), letters, short=html.escape(name.brief))


def _begin(name: LaneName) -> str:
    """Return what tells a lane from others, if there are any."""
    return f"{name.title}: " if name.title else ""

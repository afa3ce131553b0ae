"""Between which values a chart's vertical axis lies where nobody has chosen: an event must not flatten all the rest.

What is left out stays known: a mark at the edge says how far it went, and one click shows all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ganviz.spec.frozen import dataclass
from ganviz.spec.words import grouped
from ganviz.views.bases.chart_content import ChartContent, Tracks
from ganviz.views.bases.traces import last_break, robust_range, since, value_range
from ganviz.views.plot.scales import LINEAR
from ganviz.views.plot.track import Floats, Track

FLAT, SETTLED_STEPS = 0.2, 50
"""Where values since the last change of a formulation take less of the range than this, the range is theirs: once
there are so many steps of them that it does not jump with each."""
CALM = 0.3
"""So it is with all but the rarest values, where they take less of the range than this. With a fifth, steps of ±35
after a change of WGAN-GP's λ from 10 to 50 left curves within ±9 a quarter of the range, in two of ten seeds; others
keep their extremes with either."""
RARE = 0.03
"""The share of buckets that may be left out at either end: an event takes some tens of steps."""
STAYING = 1.5
"""What was left out is taken in again once the others take this times more of the range than that."""

Span = tuple[float, float]
EVERYTHING: Span = (-np.inf, np.inf)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A vertical range, the step since which values fill it (0 where all do), and whether rare ones are left out."""

    span: Span
    since: int = 0
    is_calm: bool = False


NOTHING = Fitted((0.0, 1.0))


def fitted(content: ChartContent, tracks: Sequence[Track], also: Sequence[float], before: Fitted) -> Fitted:
    """Return the range for all tracks and the values ``also``; ``before`` is that of the last picture."""
    if content.robust:
        return Fitted(robust_range(tracks, also) or (0.0, 1.0))
    whole = value_range(tracks, also) or (0.0, 1.0)
    if content.scale is not LINEAR or content.is_whole or not len(content.trace.last):
        return Fitted(whole)
    step = _step_since(content, tracks, also, before.since)
    own = [since(one, step) for one in tracks] if step else list(tracks)
    span = (value_range(own, also) or whole) if step else whole
    calm = calm_range(own, also)
    share = CALM * (STAYING if before.is_calm else 1.0)
    if calm is None or content.trace.last[-1] - step < SETTLED_STEPS or width(calm) >= share * width(span):
        return Fitted(span, step)
    return Fitted(calm, step, True)


def _step_since(content: ChartContent, tracks: Sequence[Track], also: Sequence[float], before: int) -> int:
    """Return the step of the formulation in force where curves would be flat on the range of those before it."""
    step, look = last_break(content.trace), content.look.x
    if not step or content.trace.last[-1] - step < SETTLED_STEPS or (look is not None and look[1] <= step):
        return 0
    newest = [since(one, step) for one in tracks]
    if value_range(newest, ()) is None:  # nothing was measured since: lines alone are no range
        return 0
    usual = robust_range(newest, also), robust_range(tracks, also)
    is_flat = all(usual) and width(usual[0]) < FLAT * width(usual[1])
    return step if is_flat or before == step else 0


def calm_range(tracks: Sequence[Track], also: Sequence[float]) -> Span | None:
    """Return what all tracks' bands keep to but for their rarest buckets at either end, and ``also``."""
    ends = [end for one in tracks for end in _calm_ends(one)]
    every = np.array([*ends, *also] if ends else [], dtype=np.float64)
    return (float(every.min()), float(every.max())) if len(every) else None


def _calm_ends(one: Track) -> list[float]:
    low, high = one.low[np.isfinite(one.low)], one.high[np.isfinite(one.high)]
    if not len(low) or not len(high):
        return []
    # As np.quantile finds them, between two buckets the inner one, else one of an event would still count: it asks so
    # much beside that it takes six times as long, for eighteen curves a tenth of a redraw.
    inner, outer = math.ceil(RARE * (len(low) - 1)), math.floor((1 - RARE) * (len(high) - 1))
    return [float(np.partition(low, inner)[inner]), float(np.partition(high, outer)[outer])]


def parted(tracks: Tracks, step: int, low: float, high: float) -> tuple[Tracks, Tracks]:
    """Return what tracks have up to a step, and what they have after it.

    Of the former only what lies in the range is left: in other units, all else would be strokes from edge to edge.
    """
    return (
        [(curve, lane, _part(one, step, (low, high), is_later=False)) for curve, lane, one in tracks],
        [(curve, lane, _part(one, step, EVERYTHING, is_later=True)) for curve, lane, one in tracks],
    )


def _part(one: Track, step: int, span: Span, *, is_later: bool) -> Track:
    """Return a track with NaN on the other side of a step, and where its mean lies outside a range."""

    def kept(steps: Floats, judged: Floats, *values: Floats) -> list[Floats]:
        is_seen = ((steps > step) == is_later) & (judged >= span[0]) & (judged <= span[1])
        return [np.where(is_seen, each, np.nan) for each in values]

    low, high, mean = kept(one.steps, one.mean, one.low, one.high, one.mean)
    if one.average is None:
        return Track(one.steps, low, high, mean)
    where, values = one.average
    (average,) = kept(where, values, values)
    return Track(one.steps, low, high, mean, (where, average))


def width(span: Span | None) -> float:
    """Return how much a range covers; 0 for None."""
    return 0.0 if span is None else span[1] - span[0]


@dataclass(frozen=True, slots=True)
class Beyond:
    """The outermost value of a curve that lies above or below the range, and its step."""

    place: int
    step: float
    value: float
    is_above: bool


def in_sight(found: Fitted, tracks: Tracks, span: Span, look: Span) -> Fitted:
    """Return a range that says that it leaves rare values out where one of them would be seen; it stays as it is."""
    if found.is_calm and not beyond(tracks, *span, max(look[0], found.since), look[1]):
        return Fitted(found.span, found.since)
    return found


def bounded(span: Span, bounds: Span) -> Span:
    """Return the part of a range within bounds; where that is none, since all values are there, what lies below."""
    low, high = max(span[0], bounds[0]), min(span[1], bounds[1])
    return (low, high) if low < high else ((bounds[0] + bounds[1]) / 2, bounds[1])


def beyond(tracks: Tracks, low: float, high: float, first: float, last: float) -> list[Beyond]:
    """Return what lies outside a range between two steps: of each track its largest and its smallest value."""
    found = []
    for place, (_, _, one) in enumerate(tracks):
        # A bucket without a mean has steps of two formulations.
        seen = (one.steps > first) & (one.steps <= last) & np.isfinite(one.mean)
        for values, is_above in ((one.high, True), (one.low, False)):
            known = np.flatnonzero(seen & np.isfinite(values))
            if not len(known):
                continue
            at = known[np.argmax(values[known]) if is_above else np.argmin(values[known])]
            value = float(values[at])
            if value > high if is_above else value < low:
                found.append(Beyond(place, float(one.steps[at]), value, is_above))
    return found


def whole_caption(content: ChartContent, found: Fitted) -> str:
    """Return the sentences below a chart, with what its vertical range leaves out."""
    since = calm = ""
    if content.look.y is None:
        since = f"Range since step {grouped(found.since)}." if found.since else ""
        calm = "Range without extremes, marked at its edge." if found.is_calm else ""
    robust = "Robust range." if content.robust else ""
    return " ".join(filter(None, (content.caption, since, calm, robust)))

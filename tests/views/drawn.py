"""What a view has painted, read from its drawing: texts, bars and lines, each with its place and color."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from ganviz.session.figure import Figure
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.plot_export import figure_svg
from ganviz.views.look.theme import LIGHT
from ganviz.views.plot.svg import SVG

ROW_PX = 7.0
"""Texts whose baselines are nearer than this stand in one row: subscripts are a little lower."""


@dataclass(frozen=True)
class Text:
    """A text at the left end of its baseline."""

    x: float
    y: float
    words: str
    color: str


@dataclass(frozen=True)
class Bar:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    color: str

    @property
    def right(self) -> float:
        """Return its right end."""
        return self.x + self.width


@dataclass(frozen=True)
class Line:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    color: str
    width: float


@dataclass(frozen=True)
class Drawn:
    """All that stands in a drawing, in the order in which it was painted."""

    texts: list[Text]
    bars: list[Bar]
    lines: list[Line]

    def rows(self, left: float = -math.inf, right: float = math.inf) -> list[str]:
        """Return the texts that begin between two places, row by row from the top, each from the left."""
        rows: list[list[Text]] = []
        for text in sorted((one for one in self.texts if left <= one.x < right), key=lambda one: one.y):
            if not rows or text.y - rows[-1][0].y > ROW_PX:
                rows.append([])
            rows[-1].append(text)
        return ["|".join(one.words for one in sorted(row, key=lambda one: one.x)) for row in rows]

    def row(self, *words: str) -> str:
        """Return the one row that has all these words."""
        (found,) = [row for row in self.rows() if all(one in row for one in words)]
        return found

    def at(self, words: str) -> Text:
        """Return the one text that is these words."""
        (found,) = [text for text in self.texts if text.words == words]
        return found

    def bars_of(self, color: str) -> list[Bar]:
        """Return the bars of one color."""
        return [bar for bar in self.bars if bar.color == color]


def drawn(view: AbstractPaintedView, width: int = 900, height: int = 560) -> Drawn:
    """Return what a view paints at a size, in the light theme."""
    root = ElementTree.fromstring(figure_svg(view, Figure.of_pixels(width, height), LIGHT))
    found = Drawn([], [], [])
    for group in root.iter(f"{{{SVG}}}g"):
        kind = group.get("transform", "matrix(1,0,0,1,0,0)").removeprefix("matrix(").removesuffix(")")
        a, b, c, d, e, f = (float(part) for part in kind.split(","))

        def place(x: float, y: float, m: tuple[float, ...] = (a, b, c, d, e, f)) -> tuple[float, float]:
            return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]

        for one in group:
            _put(found, one, group, place)
    return found


def _put(found: Drawn, one: ElementTree.Element, group: ElementTree.Element, place) -> None:  # type: ignore[no-untyped-def]
    number = {name: float(one.get(name, 0)) for name in ("x", "y", "width", "height")}
    x, y = place(number["x"], number["y"])
    if one.tag == f"{{{SVG}}}text" and (words := "".join(one.itertext()).strip()):
        found.texts.append(Text(x, y, words, one.get("fill", "")))
    elif one.tag == f"{{{SVG}}}rect" and group.get("fill", "none") != "none":
        found.bars.append(Bar(x, y, number["width"], number["height"], group.get("fill", "")))
    elif one.tag == f"{{{SVG}}}polyline":
        points = tuple(place(*point) for point in _points(one.get("points", "")))
        found.lines.append(Line(points, group.get("stroke", ""), float(group.get("stroke-width", 1))))


def _points(text: str) -> Iterator[tuple[float, float]]:
    for pair in text.split():
        x, y = pair.split(",")
        yield float(x), float(y)

"""LaTeX set as outlines, crisp at every size and in every export: ziamath makes paths, Qt paints them.

ziamath takes half a second to load and tens of milliseconds a formula, so it is loaded when the first one is wanted and
every formula is set once.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtSvg import QSvgRenderer

from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from types import ModuleType

SET_AT = 20.0
"""The size of letters that formulas are set in; painting scales them."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that has been set: its picture, and how far it reaches from its start, at letters of ``SET_AT``."""

    svg: str
    width: float
    above: float
    below: float


@lru_cache(maxsize=1)
def _ziamath() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of importlib.resources, on Python 3.11 and 3.12
        import ziamath
        from ziamath.config import config

    config.svg2 = False  # symbols and uses, which Qt does not paint
    return ziamath


@lru_cache(maxsize=512)
def typeset(latex: str) -> Formula:
    """Return a formula as black outlines."""
    svg: str = _ziamath().Latex(latex, size=SET_AT).svg()
    _, top, width, height = map(float, svg.partition('viewBox="')[2].partition('"')[0].split())
    return Formula(svg, width, -top, top + height)


@lru_cache(maxsize=512)
def _renderer(latex: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(typeset(latex).svg.replace("black", color).encode()))


def paint_formula(painter: QPainter, baseline: QPointF, latex: str, size: float, color: QColor) -> float:
    """Paint a formula in letters of ``size`` pixels from ``baseline`` on; return its width in pixels."""
    formula, scale = typeset(latex), size / SET_AT
    box = QRectF(
        baseline.x(),
        baseline.y() - scale * formula.above,
        scale * formula.width,
        scale * (formula.above + formula.below),
    )
    _renderer(latex, color.name()).render(painter, box)
    return box.width()

"""Check boxes, arrows, handles, scroll bars and icons as large as the letters beside them.

Qt sizes them by the screen alone, never by the letters. As on a screen of more points per inch, they grow here with
the text size that the person chooses: the style is asked as if letters were what they are because the screen is finer.
At the desktop's own size there is no such style, and nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QProxyStyle,
    QStyle,
    QStyleFactory,
    QStyleOption,
    QStyleOptionComplex,
    QWidget,
)

from ganviz.views.look.grown import TITLE_ICON_PX

METERS_PER_INCH = 0.0254
Answer = TypeVar("Answer")
TICK = (0.1, 0.5), (0.4, 0.8), (0.9, 0.2)
TICK_PX, TICK_WIDTH_PX = 7, 1.4
ARROW_PX = 6
"""How much wider the arrow of a menu is than a scroll bar."""
_Metric, _Primitive, _Control = QStyle.PixelMetric, QStyle.PrimitiveElement, QStyle.ControlElement
METRICS = frozenset(
    (
        _Metric.PM_IndicatorWidth, _Metric.PM_IndicatorHeight, _Metric.PM_CheckBoxLabelSpacing,
        _Metric.PM_ExclusiveIndicatorWidth, _Metric.PM_ExclusiveIndicatorHeight, _Metric.PM_RadioButtonLabelSpacing,
        _Metric.PM_ScrollBarExtent, _Metric.PM_ScrollBarSliderMin, _Metric.PM_SplitterWidth,
        _Metric.PM_SliderThickness, _Metric.PM_SliderControlThickness, _Metric.PM_SliderLength,
        _Metric.PM_HeaderMarkSize, _Metric.PM_TreeViewIndentation, _Metric.PM_TabBarScrollButtonWidth,
        _Metric.PM_SmallIconSize, _Metric.PM_ButtonIconSize,
        _Metric.PM_LargeIconSize, _Metric.PM_MessageBoxIconSize, _Metric.PM_ToolBarIconSize,
        _Metric.PM_TitleBarButtonIconSize,
    )
)  # fmt: skip
"""Lengths that grow; margins and gaps do not, for which large letters leave no room."""
PRIMITIVES = frozenset(
    (
        _Primitive.PE_IndicatorArrowUp, _Primitive.PE_IndicatorArrowDown, _Primitive.PE_IndicatorArrowLeft,
        _Primitive.PE_IndicatorArrowRight, _Primitive.PE_IndicatorBranch, _Primitive.PE_IndicatorHeaderArrow,
    )
)  # fmt: skip
CONTENTS = frozenset((QStyle.ContentsType.CT_ComboBox, QStyle.ContentsType.CT_MenuItem))
CONTROLS = frozenset((_Control.CE_MenuItem, _Control.CE_HeaderSection, _Control.CE_Splitter))


class GrownStyle(QProxyStyle):
    """Draws as Fusion does, so many times as large; GUI thread only."""

    def __init__(self) -> None:
        super().__init__(QStyleFactory.create("Fusion"))
        self.setObjectName("fusion")
        self.factor = 1.0
        self._finer: QImage | None = None

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Return a length of the style, grown where it is one of those that grow."""
        px = super().pixelMetric(metric, option, widget)
        if metric not in METRICS or (option is not None and self._is_finer(option.fontMetrics)):
            return px
        if metric == _Metric.PM_SmallIconSize and isinstance(widget, QDockWidget):
            return px + round(
                (self.factor - 1) * TITLE_ICON_PX
            )  # around the icon of a button there is room enough
        return round(self.factor * px)

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw arrows as large as letters; boxes fill the room that they are given."""
        draw = super().drawPrimitive
        if element == _Primitive.PE_IndicatorMenuCheckMark:
            _draw_tick(painter, option, self.factor)
        elif element in PRIMITIVES:
            self._as_finer(option, widget, lambda: draw(element, option, painter, widget))
        else:
            draw(element, option, painter, widget)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw entries of menus, whose ticks and arrows are drawn with them."""
        draw = super().drawControl
        if element in CONTROLS:
            self._as_finer(option, widget, lambda: draw(element, option, painter, widget))
        else:
            draw(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw what has arrows or handles."""
        draw = super().drawComplexControl
        self._as_finer(option, widget, lambda: draw(control, option, painter, widget))

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Return where a part is, as :meth:`drawComplexControl` draws it."""
        place = super().subControlRect
        return self._as_finer(option, widget, lambda: place(control, option, part, widget))  # type: ignore[arg-type]  # None, too

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        """Return how large a control is, with its arrows."""
        needed = super().sizeFromContents
        if kind not in CONTENTS:
            return needed(kind, option, size, widget)  # type: ignore[arg-type]  # None, too
        found = self._as_finer(option, widget, lambda: needed(kind, option, size, widget))  # type: ignore[arg-type]
        if kind == QStyle.ContentsType.CT_ComboBox:
            # For whose arrow Fusion counts on the width of a scroll bar.
            found += QSize(max(0, round((self.factor - 1) * ARROW_PX)), 0)
        return found

    def _as_finer(self, option: QStyleOption, widget: QWidget | None, ask: Callable[[], Answer]) -> Answer:
        """Let Fusion see the letters of ``option`` as the same ones on a finer screen; it sizes arrows by that."""
        metrics = option.fontMetrics
        if self.factor == 1.0 or self._is_finer(metrics):
            return ask()
        font = QFont(widget.font() if widget is not None else QApplication.font())
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() / self.factor)
        option.fontMetrics = QFontMetrics(font, self._screen(metrics.fontDpi()))
        try:
            return ask()
        finally:
            option.fontMetrics = metrics

    def _is_finer(self, metrics: QFontMetrics) -> bool:
        return self._finer is not None and metrics.fontDpi() == self._finer.logicalDpiY()

    def _screen(self, dots_per_inch: float) -> QImage:
        """Return what is as fine as the screen would be."""
        if self._finer is None:
            self._finer = QImage(1, 1, QImage.Format.Format_RGB32)
            dots = round(self.factor * dots_per_inch / METERS_PER_INCH)
            self._finer.setDotsPerMeterX(dots)
            self._finer.setDotsPerMeterY(dots)
        return self._finer

    def grow(self, factor: float) -> None:
        """Draw so many times as large from now on."""
        self.factor, self._finer = factor, None


def _draw_tick(painter: QPainter, option: QStyleOption, factor: float) -> None:
    """Tick an entry of a menu: Qt's own mark has one size, and room for no other one."""
    place, side = QRectF(option.rect), min(factor * TICK_PX, option.rect.height())
    tick = QRectF(0, 0, side, side)
    tick.moveCenter(place.center())
    tick.moveRight(place.right() + TICK_PX / 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(painter.pen().color(), factor * TICK_WIDTH_PX))
    at = (tick.topLeft() + QPointF(x * side, y * side) for x, y in TICK)
    painter.drawPolyline(list(at))
    painter.restore()

"""A plot's widget: a kept picture, the view box that is touched over it, and an overlay that follows the pointer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QWidget

from ganviz.views.look.aloud import announce, is_heard
from ganviz.views.plot.kept import Kept
from ganviz.views.plot.scene_item import SceneItem
from ganviz.views.plot.touched import Touched
from ganviz.views.plot.view_box import TouchBox

KEY_ZOOM, KEY_MOVE, KEY_CROSSHAIR, KEY_FAR = 0.8, 0.1, 0.01, 0.1
"""How much a key zooms in; by which share of what is visible keys move the look and the crosshair, with Shift far."""

FOCUS_PX = 2.0
"""How wide the frame is of a plot that has the focus from the keyboard."""
AXIS_LINES = 2
"""How far from a plot the wheel finds its axis: in lines of text, which its numbers grow with."""
FROM_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
KEYS_ALOUD = (
    "Plus and minus: zoom; hold X or Y: one axis. 0: everything. Shift and arrows: move. "
    "Control and arrows: read values; Shift: in larger steps. T: table of values. Shift+F10: menu."
)

_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip

Draw = Callable[[QPainter, QRectF], None]


class Sheet(pg.GraphicsView):
    """Shows one plot; GUI thread only.

    Parameters
    ----------
    plot : Touched
    paint : callable
        Paints everything but what follows the pointer into an area.
    parent : QWidget
    """

    def __init__(self, plot: Touched, paint: Draw, parent: QWidget) -> None:
        self._kept = Kept(self, paint, self._show)  # the base class lays itself out, which drops the picture
        super().__init__(parent, background=None)
        self._plot = plot
        self._band: QRectF | None = None
        self._has_keys = False  # from the keyboard, which then is to be seen
        self._is_looked = False  # by the pointer, which rests where another step is now
        self.box = TouchBox()
        self.paper = SceneItem(self._draw_paper, -10)
        self.overlay = SceneItem(self._draw_overlay, 10)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusProxy(None)  # type: ignore[arg-type]  # or a second, nameless thing would have the focus
        # The window takes files; and of docks, which Wayland drags like files, Qt would warn here.
        self.setAcceptDrops(False)
        self.setFocusPolicy(Qt.FocusPolicy.WheelFocus)  # what the wheel has zoomed, 0 shows whole
        self.setMouseTracking(True)
        for item in (self.paper, self.box, self.overlay):
            self.scene().addItem(item)
        self.box.banded.connect(self._show_band)
        self.box.looked.connect(self._note_look)

    def redraw(self) -> None:
        """Drop the picture and ask for a new one."""
        self._kept.redraw()

    def close(self) -> bool:
        """Close as any widget does; the base class takes its scene apart, which takes the process down."""
        return QWidget.close(self)

    def _area(self) -> QRectF:
        return QRectF(0, 0, self.width(), self.height())

    def _show(self) -> None:
        """Ask for a paint event."""
        self.viewport().update()

    def _put_box(self) -> None:
        place = self._plot.place()
        if place is not None:
            self.box.show_ranges(*place)

    def _aim(self, at: QPointF) -> None:
        if self._plot.aim(at):
            self._put_box()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the scene over a picture that is up to date."""
        if self._kept.make(self.viewport().visibleRegion().subtracted(event.region())):
            for item in (self.paper, self.overlay):
                item.renew(self._area())
            self._put_box()
            if self._is_looked:
                self._is_looked = False
                self._plot.follow_pointer()
        super().paintEvent(event)

    def _draw_paper(self, painter: QPainter, area: QRectF) -> None:
        self._kept.draw(painter)

    def _draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._plot.draw_overlay(painter, area)
        if self._has_keys:
            painter.setPen(QPen(self.palette().highlight().color(), FOCUS_PX))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inset = FOCUS_PX / 2
            painter.drawRect(area.adjusted(inset, inset, -inset, -inset))
        if self._band is not None:
            color = self.palette().highlight().color()
            fill = QColor(color)
            fill.setAlphaF(0.15)
            painter.setPen(QPen(color, 1))
            painter.setBrush(fill)
            painter.drawRect(self._band)

    def _show_band(self, band: object) -> None:
        self._band = band if isinstance(band, QRectF) else None
        self.viewport().update()

    def _note_look(self) -> None:
        self._is_looked = True

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Paint anew in the new size."""
        super().resizeEvent(event)
        self._kept.drop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the plot answer what is no view box; hand on the rest."""
        if event.buttons() == event.button():  # no other button is held: nothing is being dragged
            self._aim(event.position())
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self._plot.press(event.position(), event.modifiers()):
            event.accept()
            return
        super().mousePressEvent(event)

    def wheelEvent(self, event: Any) -> None:
        """Zoom the plot under the pointer, or the axis there alone."""
        if not event.buttons():
            self._aim(event.position())
        if only := self._axis_at(event.position()):
            self.box.turn(event.position(), event.angleDelta().y(), only)
            event.accept()
        else:
            super().wheelEvent(event)

    def _axis_at(self, at: QPointF) -> str:
        """Return "x" below the plot, "y" beside it, where its axes' numbers stand."""
        place = self._plot.place()
        if place is None or self.box.equal_scales:
            return ""
        area, deep = place[0], AXIS_LINES * self.fontMetrics().height()
        if QRectF(area.left(), area.bottom(), area.width(), deep).contains(at):
            return "x"
        return "y" if QRectF(area.left() - deep, area.top(), deep, area.height()).contains(at) else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hand the pointer on."""
        super().mouseMoveEvent(event)
        self._plot.pointer_moved(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell the plot, too."""
        super().mouseReleaseEvent(event)
        self._plot.release()

    def viewportEvent(self, event: QEvent) -> bool:
        """Keep what the plot tells in a tool tip where the pointer rests: the scene would take it away."""
        return event.type() == QEvent.Type.ToolTip or bool(super().viewportEvent(event))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell the plot that the pointer left."""
        super().leaveEvent(event)
        self._plot.pointer_moved(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the plot's own menu.

        What is read under the pointer goes: Qt says nothing when the pointer leaves over a menu or what it opens.
        """
        self._open_menu(event.pos())
        event.accept()

    def _open_menu(self, at: QPoint) -> None:
        self._plot.pointer_moved(None)
        self._plot.open_menu(QPointF(at))

    def _move_crosshair(self, right: float, up: float) -> None:
        self._plot.move_crosshair(right, up)
        if is_heard():
            announce(self, self._plot.aloud(), is_urgent=True)

    def event(self, event: Any) -> bool:
        """Keep the keys of a plot from being taken as the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and self._meaning(event):
            event.accept()
            return True
        return bool(super().event(event))

    def _meaning(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Return what a key does: to what is looked at, or what the plot says."""
        held, key = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, event.key()
        is_text_size = held & Qt.KeyboardModifier.ControlModifier
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus) and not is_text_size:  # + has Shift on most keyboards
            return partial(self.box.zoom, KEY_ZOOM if key == Qt.Key.Key_Plus else 1 / KEY_ZOOM)
        alone = held == Qt.KeyboardModifier.NoModifier
        if alone:
            return self.box.reset if key == Qt.Key.Key_0 else self._plot.act_of(key)
        if key == Qt.Key.Key_F10 and held == Qt.KeyboardModifier.ShiftModifier:
            return partial(self._open_menu, self.rect().center())
        if key not in _ARROWS:
            return None
        right, up = _ARROWS[key]
        if held == Qt.KeyboardModifier.ShiftModifier:
            return partial(self.box.move, KEY_MOVE * right, KEY_MOVE * up)
        if held & ~Qt.KeyboardModifier.ShiftModifier == Qt.KeyboardModifier.ControlModifier:
            share = KEY_FAR if held & Qt.KeyboardModifier.ShiftModifier else KEY_CROSSHAIR
            return partial(self._move_crosshair, share * right, share * up)
        if held == Qt.KeyboardModifier.AltModifier and right:
            return self.box.back if right < 0 else self.box.forward
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the plot's keys and the axis that is held."""
        act = self._meaning(event)
        if act is not None:
            act()
            self._is_looked = False  # what a key has put somewhere stays there
        elif event.key() in (Qt.Key.Key_X, Qt.Key.Key_Y):
            self.box.only = "x" if event.key() == Qt.Key.Key_X else "y"
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let both axes go again."""
        if event.key() in (Qt.Key.Key_X, Qt.Key.Key_Y) and not event.isAutoRepeat():
            self.box.only = ""
        else:
            event.ignore()

    def focusInEvent(self, event: Any) -> None:
        """Show who has the keys, and tell those who hear it what is drawn now."""
        super().focusInEvent(event)
        if event.reason() in FROM_KEYS:
            self._has_keys = True
            self.viewport().update()
        self.setAccessibleDescription(" ".join(filter(None, (_sentence(self._plot.aloud()), KEYS_ALOUD))))

    def focusOutEvent(self, event: Any) -> None:
        """Hold no axis any more."""
        self.box.only = ""
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._has_keys = False
            self.viewport().update()
        super().focusOutEvent(event)


def _sentence(words: str) -> str:
    return f"{words.removesuffix('.')}." if words else ""

"""The run from its first step to now: keyframes to look back at, and the changes made on the way."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganviz.spec.words import grouped
from ganviz.training.history import ChangeMark
from ganviz.views.bases.horizontal import Along, Horizontal
from ganviz.views.bases.mark_words import MarkTip, by_place, named
from ganviz.views.controls.timeline_range import REACH, ShownRange
from ganviz.views.look.aloud import announce
from ganviz.views.look.theme import LIGHT, Theme
from ganviz.views.plot.plotting import Fonts, line_height, text_width
from ganviz.views.plot.scales import Floats, next_round
from ganviz.views.plot.strokes import draw_segments

MARGIN = 12.0
TRACK_Y = 13.0
LABELS_TOP = 21
"""Where labels begin, below the marks."""
MOST_ALOUD = 3
"""Changes that are told as they come: those of a run that is opened are more."""


class TimelineTrack(QWidget):
    """A track with a handle; dragging it asks to look at the nearest keyframe. GUI thread only."""

    position_changed = Signal(object)
    """Emitted with the step of a keyframe, or None for now."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT
        self._now, self._viewed = 0, 0
        self._keyframes: tuple[int, ...] = ()
        self._marks: tuple[ChangeMark, ...] = ()
        self._mark_tip = MarkTip(self)
        self._wanted: int | None = None
        self.shown = ShownRange(self)
        self._high, self._along = 100.0, Along()
        self._highs: dict[Horizontal, float] = {}  # where it ended along each other quantity
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Timeline")
        self.setToolTip(
            "Drag to look back at a keyframe; ← and → go from one to the next, End to now. "
            "The bar above shows which steps the charts show: drag its ends, or turn the wheel."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the height of a track with labels, however large they are."""
        return QSize(400, max(34, LABELS_TOP + math.ceil(line_height(Fonts.of(self.font()).tick)) + 1))

    def changeEvent(self, event: QEvent) -> None:
        """Make room for larger labels."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    @property
    def wanted(self) -> int | None:
        """Return the keyframe that is looked at; None for now."""
        return self._wanted

    @property
    def place(self) -> tuple[int, int]:
        """Return the step at which the run is, and the one that views show."""
        return self._now, self._viewed

    @property
    def end(self) -> float:
        """Return the value of the axis at which the track ends."""
        return self._high

    def show_run(self, now: int, viewed: int, marks: tuple[ChangeMark, ...] | None) -> None:
        """Show where the run is, which step the views show, and the marks where they are known anew."""
        marks = self._marks if marks is None else marks
        if (now, viewed, marks) == (self._now, self._viewed, self._marks):
            return
        n_known, before = len(self._marks), self._shown()
        if marks[:n_known] == self._marks and 0 < len(marks) - n_known <= MOST_ALOUD:
            announce(self, "; ".join(mark.label for mark in marks[n_known:]))
        self._now, self._viewed, self._marks = now, viewed, marks
        self._reach()
        if self._shown() != before:
            self.update()

    def _shown(self) -> tuple[object, ...]:
        """Return what the picture depends on while a run goes on, with places in half pixels."""
        return round(2 * self._x(self._now)), round(2 * self._x(self._viewed)), self._high, self._marks

    def show_along(self, along: Along) -> None:
        """Lay steps along another quantity, or as it is known now."""
        if along.shown is not self._along.shown:
            self._highs[self._along.shown] = self._high
            self._high = self._highs.get(along.shown, 0.0)
        if along.scale is not self._along.scale:
            self._along = along
            self._reach()
            self.update()

    def _reach(self) -> None:
        """Let the track end at a round value, the same for a while."""
        now, along = self._along.position(self._now), self._along
        if not 0.4 * self._high < now <= self._high:
            self._high = max(1.0 if along.shown.digits else 100.0, next_round(now * 1.1))
        self.shown.whole = (0.0, now)

    def begin(self) -> None:
        """Forget the length of the run before."""
        self._high, self._now, self._along = 100.0, 0, Along(self._along.chosen)
        self._highs.clear()
        self.look_at(None)

    def show_keyframes(self, steps: tuple[int, ...]) -> None:
        """Show which steps can be looked at."""
        self._keyframes = steps
        self.update()

    def go(self, by: int) -> None:
        """Go to an earlier (negative) or later keyframe; past the last one is now."""
        steps = [step for step in self._keyframes if step < self._now]
        index = len(steps) if self._wanted is None else _nearest(steps, self._wanted)
        index = max(0, index + by)
        self.look_at(steps[index] if index < len(steps) else None)

    def look_at(self, step: int | None) -> None:
        """Look at a keyframe, or at now."""
        if step != self._wanted:
            self._wanted = step
            self.update()
            self.position_changed.emit(step)

    def _px(self, at: float) -> float:
        """Return where a value of the axis stands."""
        return MARGIN + (self.width() - 2 * MARGIN) * at / self._high

    def _x(self, step: float) -> float:
        return float(self._xs(np.array([step], dtype=np.float64))[0])

    def _xs(self, steps: Floats) -> Floats:
        return MARGIN + (self.width() - 2 * MARGIN) * self._along.scale.forward(steps) / self._high

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where the pointer is, or take the bar of the shown steps."""
        at = event.position()
        if not (at.y() < REACH and self.shown.take(self._at(at.x()), self._at(MARGIN + 1.0))):
            self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or tell of the mark under the pointer."""
        at, is_pressed = event.position(), bool(event.buttons() & Qt.MouseButton.LeftButton)
        if is_pressed and self.shown.is_held:
            self.shown.drag(self._at(at.x()))
        elif is_pressed:
            self._drag(event)
        else:
            is_on_bar = at.y() < REACH
            shape = self.shown.shape_at(self._at(at.x()), self._at(MARGIN + 1.0)) if is_on_bar else None
            self.setCursor(shape or Qt.CursorShape.ArrowCursor)
            self._mark_tip.tell(at, [] if is_on_bar else self._near(at.x()), self._along)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the bar."""
        self.shown.let_go(self._at(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Enlarge the charts' steps about the pointer."""
        self.shown.turn(self._at(event.position().x()), event.angleDelta().y())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enlarge the charts' steps about the one that is viewed, or show all of them, with the keys of charts."""
        if not self.shown.key(event.key(), self._along.position(self._viewed)):
            super().keyPressEvent(event)

    def _near(self, x: float) -> list[ChangeMark]:
        """Return the marks that stand at this place."""
        away = np.abs(self._xs(np.array([mark.step for mark in self._marks])) - x)
        return [mark for mark, px in zip(self._marks, away.tolist(), strict=True) if px < 6]

    def event(self, event: QEvent) -> bool:
        """Keep what is told of marks where the pointer rests: the track's own tool tip would take its place."""
        if isinstance(event, QHelpEvent) and self._near(event.pos().x()):
            return True
        return super().event(event)

    def _drag(self, event: QMouseEvent) -> None:
        self.look_near(self._along.scale.backward(self._at(event.position().x())))

    def _at(self, x: float) -> float:
        """Return which value of the axis stands at a place."""
        return (x - MARGIN) / max(1.0, self.width() - 2 * MARGIN) * self._high

    def look_near(self, step: float) -> None:
        """Look at the keyframe nearest to a step; at now where that is nearer."""
        steps = [known for known in self._keyframes if known < self._now]
        if not steps or step >= (steps[-1] + self._now) / 2:
            self.look_at(None)
        else:
            self.look_at(steps[_nearest(steps, step)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus, and tell those who hear it where the run is."""
        self.setAccessibleDescription(f"{self._aloud()} {self.toolTip()}")
        self.update()

    def _aloud(self) -> str:
        """Return which step is shown of how many, what can be looked back at, and what was changed last."""
        n_kept, last = len(self._keyframes), self._marks[-1:]
        changed = "".join(f" Last change, after step {grouped(one.step)}: {one.label}." for one in last)
        low, high = (grouped(round(self._along.scale.backward(end))) for end in self.shown.x)
        shown = f" Charts show steps {low} to {high}." if self.shown.is_part else ""
        at = f"Step {grouped(self._viewed)} of {grouped(self._now)}"
        return f"{at}. {n_kept} keyframes to look back at.{shown}{changed}"

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track, keyframes, marks and handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, y = self.theme, TRACK_Y
        self.shown.draw(painter, self._px, theme)
        painter.setPen(QPen(QColor(theme.border), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(MARGIN, y), QPointF(self.width() - MARGIN, y))
        painter.setPen(QPen(QColor(theme.accent), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(MARGIN, y), QPointF(self._x(self._now), y))
        painter.setPen(QPen(QColor(theme.muted), 1))
        at_x = self._xs(np.array(self._keyframes, dtype=np.float64))
        draw_segments(
            painter, np.stack((at_x, np.full_like(at_x, y + 4), at_x, np.full_like(at_x, y + 7)), 1)
        )
        self._draw_marks(painter, y)
        at = QPointF(self._x(self._viewed if self._wanted is not None else self._now), y)
        painter.setPen(QPen(QColor(theme.base), 2))
        painter.setBrush(QColor(theme.warning if self._wanted is not None else theme.accent))
        painter.drawEllipse(at, 6.0, 6.0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawEllipse(at, 8.5, 8.5)
        painter.end()

    def _draw_marks(self, painter: QPainter, y: float) -> None:
        font = Fonts.of(self.font()).tick
        painter.setFont(font)
        free = 0.0
        places = np.round(self._xs(np.array([mark.step for mark in self._marks], dtype=np.float64)))
        for x, marks in by_place(self._marks, places.tolist()).items():
            label = named(marks)
            painter.setPen(QPen(QColor(self.theme.base), 1))
            painter.setBrush(QColor(self.theme.text))
            painter.drawPolygon(_DIAMOND.translated(x, y))
            if x - 4 <= free:
                continue
            width = text_width(font, label)
            left = min(x - 4, self.width() - width - 4)
            if left > free:
                painter.setPen(QColor(self.theme.muted))
                row = QRectF(left, LABELS_TOP, width + 4, line_height(font))
                painter.drawText(row, int(Qt.AlignmentFlag.AlignLeft), label)
                free = left + width + 12


_DIAMOND = QPolygonF([QPointF(*at) for at in ((0, -6), (5, 0), (0, 6), (-5, 0))])


def _nearest(steps: list[int], step: float) -> int:
    return min(range(len(steps)), key=lambda i: abs(steps[i] - step), default=0)

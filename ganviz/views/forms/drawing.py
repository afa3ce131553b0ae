"""A canvas on which the person draws a distribution."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from ganviz.views.look.theme import LIGHT

REACH = 3.0
SPACING = 0.06
MAX_POINTS = 20_000

Points = tuple[tuple[float, float], ...]


class DrawingCanvas(QWidget):
    """The square from -3 to 3: the left button draws points, the right one erases; GUI thread only."""

    def __init__(self, points: Points) -> None:
        super().__init__()
        self.points = list(points)
        self.setMinimumSize(380, 380)
        self.setAccessibleName("Drawing area")
        self.setCursor(Qt.CursorShape.CrossCursor)

    def sizeHint(self) -> QSize:
        """Return a comfortable square."""
        return QSize(460, 460)

    def _square(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Draw or erase where the pointer is."""
        self._touch(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw or erase along the way."""
        self._touch(event)

    def _touch(self, event: QMouseEvent) -> None:
        square = self._square()
        x = (event.position().x() - square.left()) / square.width() * 2 * REACH - REACH
        y = REACH - (event.position().y() - square.top()) / square.height() * 2 * REACH
        if max(abs(x), abs(y)) > REACH:
            return
        if event.buttons() & Qt.MouseButton.RightButton:
            self.points = [p for p in self.points if abs(p[0] - x) + abs(p[1] - y) > 0.25]
        elif event.buttons() & Qt.MouseButton.LeftButton and len(self.points) < MAX_POINTS:
            last = self.points[-1] if self.points else (99.0, 99.0)
            if abs(last[0] - x) + abs(last[1] - y) > SPACING:
                self.points.append((round(x, 3), round(y, 3)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the square and its points."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = self._square()
        painter.fillRect(square, self.palette().base())
        painter.setPen(QPen(self.palette().mid().color(), 1))
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.real))
        unit = square.width() / (2 * REACH)
        for x, y in self.points:
            center = QPointF(square.left() + (x + REACH) * unit, square.bottom() - (y + REACH) * unit)
            painter.drawEllipse(center, 3.0, 3.0)
        painter.end()


class DrawingDialog(QDialog):
    """Asks for points; GUI thread only."""

    def __init__(self, points: Points, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Draw your own distribution")
        layout = QVBoxLayout(self)
        self._hint = QLabel("Draw with the left button, erase with the right one.")
        layout.addWidget(self._hint)
        self._canvas = DrawingCanvas(points)
        layout.addWidget(self._canvas, 1)
        clear = QPushButton("Clear")
        clear.clicked.connect(self._clear)
        kinds = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self._buttons.addButton(clear, QDialogButtonBox.ButtonRole.ResetRole)
        self._buttons.accepted.connect(self._finish)
        self._buttons.rejected.connect(self.reject)
        layout.addWidget(self._buttons)

    def _clear(self) -> None:
        self._canvas.points.clear()
        self._canvas.update()

    def _finish(self) -> None:
        if self._canvas.points:
            self.accept()
        else:
            self._hint.setText("There is nothing to learn yet: draw at least one point with the left button.")

    def points(self) -> Points:
        """Return what was drawn."""
        return tuple(self._canvas.points)

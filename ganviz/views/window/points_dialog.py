"""How a file of points is understood, with a picture of them, before a run starts with them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from ganviz.data.points_file import PointsFile
from ganviz.spec import InvalidValueError, Spec
from ganviz.views.forms.form import SpecForm
from ganviz.views.look.asking import answer_to
from ganviz.views.look.outside_text import plain_label
from ganviz.views.look.theme import theme_of
from ganviz.views.plot.plotting import Axis, Fonts, draw_grid, translucent

MOST_SHOWN = 3000
LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX = 52, 16, 8, 24


class PointsPreview(QWidget):
    """A picture of some points of a file, with its extent; empty without any. GUI thread only."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("The points of the file")
        self.setMinimumSize(260, 240)
        self._data: PointsFile | None = None
        self._points = np.empty((0, 2))

    def sizeHint(self) -> QSize:
        """Return a comfortable square."""
        return QSize(360, 340)

    def show_points(self, data: PointsFile | None) -> None:
        """Show points of a file that has been read, or none."""
        self._data = data
        if data is not None:
            points = data.excerpt()["points"]
            self._points = points[:: -(-len(points) // MOST_SHOWN)]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axes and points."""
        if self._data is None:
            return
        theme, extent = theme_of(self), self._data.extent
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width() - LEFT_PX - RIGHT_PX, self.height() - TOP_PX - BOTTOM_PX)
        area = QRectF(LEFT_PX, TOP_PX, side, side)
        x = Axis(extent.x_min, extent.x_max, area.left(), area.right())
        y = Axis(extent.y_min, extent.y_max, area.bottom(), area.top())
        painter.fillRect(area, QColor(theme.base))
        draw_grid(painter, area, x, y, theme, Fonts.of(self.font()))
        painter.setPen(
            QPen(translucent(theme.line("real"), 0.7), 4.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        for at in zip(
            x.pixels(self._points[:, 0]).tolist(), y.pixels(self._points[:, 1]).tolist(), strict=True
        ):
            painter.drawPoint(*map(round, at))
        painter.end()


class PointsDialog(QDialog):
    """Asks how to read a file; only points that can be used are accepted. GUI thread only."""

    def __init__(self, data: PointsFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Points from a file")
        self.data = data
        self._form = SpecForm(data)
        self._form.spec_changed.connect(self._read)
        self._found, self._refusal = plain_label(), plain_label()
        self._refusal.setObjectName("refusal")
        self._preview = PointsPreview()
        settings = QVBoxLayout()
        settings.addWidget(self._form)
        for label in (self._found, self._refusal):
            label.setWordWrap(True)
            label.setMinimumWidth(280)
            settings.addWidget(label)
        settings.addStretch(1)
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addLayout(settings)
        sides.addWidget(self._preview, 1)
        kinds = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self._use = self._buttons.button(kinds.Ok)
        self._use.setText("Start a run with them")
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(sides, 1)
        layout.addWidget(self._buttons)
        self._read(data)

    def _read(self, data: Spec) -> None:
        """Read the file in this way, and show what comes of it."""
        assert isinstance(data, PointsFile)
        refusal = found = ""
        try:
            data.load()
            found, self.data = data.summary, data
        except InvalidValueError as error:
            refusal = str(error)
        for label, text in ((self._found, found), (self._refusal, refusal)):
            label.setText(text)
            label.setVisible(bool(text))
        self._preview.show_points(None if refusal else data)
        self._use.setEnabled(not refusal)


def ask_for_points(data: PointsFile, parent: QWidget) -> PointsFile | None:
    """Return how a file is to be read, or None where it is not to be used."""
    dialog = PointsDialog(data, parent)
    return dialog.data if answer_to(dialog) else None

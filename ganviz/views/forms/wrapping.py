"""Widgets of which those go on in the next line that have no room in one, as words do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStyle, QWidget


class Wrapping(QWidget):
    """Lines of widgets, each as wide as it asks to be; GUI thread only.

    It puts them in their places itself: a layout that is written in Python may be deleted together with its items.

    Parameters
    ----------
    most : int
        In how many columns they stand at most, all of one width, where there is room; 0: in no columns.
    """

    def __init__(self, most: int = 0) -> None:
        super().__init__()
        self._most = most
        self._parts: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, *widgets: QWidget) -> None:
        """Add widgets that stay beside each other, as a number and what it is called."""
        part = widgets[0]
        if len(widgets) > 1:
            row = QHBoxLayout(part := QWidget())
            row.setContentsMargins(0, 0, 0, 0)
            for widget in widgets:
                row.addWidget(widget)
        part.setParent(self)
        self._parts.append(part)

    def event(self, event: QEvent) -> bool:
        """Give other places to parts that ask for other sizes, or come and go."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._place()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break lines anew."""
        super().resizeEvent(event)
        self._place()

    def heightForWidth(self, width: int) -> int:
        """Return how high all lines are."""
        return max((place.bottom() + 1 for _, place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        """Return the size of as few lines as can be."""
        widths = [size.width() for _, size in self._shown]
        if self._most and widths:
            widths = [max(widths)] * min(self._most, len(widths))
        width = sum(widths) + self._gap * max(len(widths) - 1, 0)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the widest and the highest part: smaller than that it cannot be."""
        sizes = [size for _, size in self._shown]
        return QSize(
            *(max(sides, default=0) for sides in ([s.width() for s in sizes], [s.height() for s in sizes]))
        )

    @property
    def _gap(self) -> int:
        return self.style().pixelMetric(QStyle.PixelMetric.PM_LayoutHorizontalSpacing)

    @property
    def _shown(self) -> list[tuple[QWidget, QSize]]:
        """Return the parts that are not hidden, nor everything in them, with the sizes that they ask for."""
        sizes = [(part, part.sizeHint().expandedTo(part.minimumSize())) for part in self._parts]
        return [(part, size) for part, size in sizes if not (part.isHidden() or size.isEmpty())]

    def _place(self) -> None:
        for part, place in self._places(self.width()):
            part.setGeometry(place)

    def _places(self, width: int) -> list[tuple[QWidget, QRect]]:
        """Return where each part is in lines of a width, in the middle of a line's height."""
        shown, gap, x, y, high = self._shown, self._gap, 0, 0, 0
        widest = max((size.width() for _, size in shown), default=0)
        n = max(1, min(self._most, (width + gap) // (widest + gap)))
        column = (width - gap * (n - 1)) // n if self._most else 0
        places, line = [], 0
        for i, (part, size) in enumerate(shown):
            wide = min(column or size.width(), width)
            if i > line and (i - line == n if column else x + wide > width):
                x, y, high, line = 0, y + high + gap, 0, i
            high = max(high, size.height())
            places.append((part, QRect(x, y, wide, size.height())))
            x += wide + gap
            for _, place in places[line:]:
                place.moveTop(y + (high - place.height()) // 2)
        return places

"""Controls of a row that give way, the least needed first, where not all of them have room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

CHANGES = (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.FontChange, QEvent.Type.Show)


def widgets_in(row: QHBoxLayout) -> list[QWidget]:
    """Return the widgets of a row, from its first to its last.

    Never by itemAt: Python would keep what it makes of an item, and a collection of garbage may delete it before the
    layout does, which then deletes it again (seen as a crash with PySide 6.10).
    """
    found = row.parentWidget().findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return sorted((one for one in found if row.indexOf(one) >= 0), key=row.indexOf)


class TightRow(QObject):
    """Hides controls of a view's row, whole ones rather than parts of each; GUI thread only.

    What is hidden has to be reachable elsewhere: in the context menu, or by a tool tip.

    Parameters
    ----------
    view : QWidget
    row : QHBoxLayout
        As wide as the view.
    giving_way : sequence of QWidget
        Those of the row that may go, the first one first.
    """

    def __init__(self, view: QWidget, row: QHBoxLayout, giving_way: Sequence[QWidget]) -> None:
        super().__init__(view)
        self._view, self._row, self._giving_way = view, row, list(giving_way)
        view.installEventFilter(self)

    def leave_out(self, *widgets: QWidget) -> None:
        """Do without some of the controls, whatever room there is."""
        for widget in widgets:
            self._giving_way.remove(widget)
            widget.hide()

    def has(self, widget: QWidget) -> bool:
        """Return whether a control is there where it has room."""
        return widget in self._giving_way

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Use the room that there is now."""
        if event.type() in CHANGES:
            self._fit()
        return False

    def _fit(self) -> None:
        shown = [one for one in widgets_in(self._row) if one in self._giving_way or not one.isHidden()]
        margins = self._row.contentsMargins()
        room = self._view.width() - margins.left() - margins.right()
        needed = sum(self._needed(one) for one in shown)
        for one in self._giving_way:
            one.setVisible(needed <= room)
            if needed > room:
                needed -= self._needed(one)

    def _needed(self, one: QWidget) -> int:
        """Return the least width of a control that has room for its words, and the gap beside it."""
        least = one.minimumWidth() or one.sizeHint().width()
        return least + self._row.spacing()

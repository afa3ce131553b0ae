"""Why the status line says what it does: opened beside it, or by a click on its sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint

from ganviz.views.controls.lane_list import LaneList

Sentences = Sequence[tuple[str, str]]


class Reasons(LaneList):
    """A button that opens each lane's figures, the rule that spoke, and its source; GUI thread only."""

    def __init__(self) -> None:
        super().__init__()
        self.setText("Why ▴")
        self.setToolTip(
            "Shows the figures behind this sentence, the rule that says it, and where that is from."
        )
        self.list.setAccessibleName("Why this is said")
        self._ask: Callable[[], Sentences] = tuple

    def show_reasons(self, ask: Callable[[], Sentences]) -> None:
        """Show what ``ask`` returns, the title and the reasons of each lane, when it is seen."""
        self._ask = ask
        self.show()
        if self.list.isVisible():
            self._fill()

    def _open(self) -> None:
        super()._open()
        # Its right edge under the button's: the button stands at the window's right.
        above = self.mapToGlobal(QPoint(self.width() - self.list.width(), -self.list.height() - 2))
        self.list.move(max(above.x(), self.window().frameGeometry().left()), above.y())

    def _fill(self) -> None:
        self._sentences = tuple(self._ask())
        super()._fill()
        self.list.adjustSize()

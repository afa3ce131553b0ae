"""The figures of a sweep: one that is chosen, as a map over two settings or seed by seed, and what it is pointed at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from ganviz.session.figure_titles import figure_title
from ganviz.views.look.aloud import announce
from ganviz.views.look.elided_box import ElidedBox
from ganviz.views.look.formula import markup_of
from ganviz.views.look.outside_text import set_label
from ganviz.views.look.scrolled import scrolled
from ganviz.views.look.set_words import SetDelegate
from ganviz.views.window.sweep_map import HeatMap
from ganviz.views.window.sweep_read_out import cell_words
from ganviz.views.window.sweep_spread import SeedRows
from ganviz.views.window.sweep_state import SweepState
from ganviz.views.window.sweep_words import setting_title

HINT = "Point at a cell, or go to one by the arrows: its settings, value, seeds and spread stand here."
LEAST_LETTERS = 5
"""Of what is chosen in a menu, beside other menus where there is little room."""
READ_LINES = 2
"""For which the read-out keeps room, so that nothing moves while one points."""


class SweepFigures(QWidget):
    """Chooses a figure and draws it; GUI thread only."""

    picked = Signal(int)
    """Emitted with a cell that was picked in a figure."""

    def __init__(self, state: SweepState) -> None:
        super().__init__()
        self.state = state
        self._figure, self._across, self._down = ElidedBox(), ElidedBox(), ElidedBox()
        self._map, self._seeds = HeatMap(state), SeedRows(state)
        self._rows, self._current = tuple[int, ...](), -1
        self._figure.setItemDelegate(SetDelegate(self._figure))
        self.read_out = set_label(HINT)
        self.read_out.setWordWrap(True)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Figures of cells")
        self.tabs.setDocumentMode(True)  # else pages stand in a thick frame, grey in the dark theme
        self.tabs.addTab(self._map_page(), "Map of settings")
        self.tabs.addTab(scrolled(self._seeds), "Seeds of cells")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(_named("Figure", self._figure))
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.read_out)
        self._figure.currentTextChanged.connect(self._show_figure)
        for box in (self._across, self._down):
            box.activated.connect(lambda _, box=box: self._turn(box))
        for plot in (self._map, self._seeds):
            plot.pointed.connect(self._read)
            plot.picked.connect(self.picked)
        self._sides.hide()

    def _map_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        self._sides = QWidget()
        sides = QHBoxLayout(self._sides)
        sides.setContentsMargins(0, 0, 0, 0)
        for title, box in (("Across", self._across), ("Down", self._down)):
            sides.addLayout(_named(title, box))
        column.addWidget(self._sides)
        column.addWidget(scrolled(self._map), 1)
        return page

    def show_state(self, state: SweepState) -> None:
        """Show another sweep."""
        self.state = state
        for box, place in ((self._across, 0), (self._down, 1)):
            box.clear()
            box.addItems([setting_title(path) for path, _ in state.axes])
            box.setToolTip("Lays another setting along this side.")
            box.setCurrentIndex(min(place, len(state.axes) - 1))
        self._sides.setVisible(len(state.axes) > 1)
        self._map.show_axes(0, 1)
        self.show_figures()

    def _turn(self, box: QComboBox) -> None:
        """Lay the chosen settings along the sides; where one is chosen for both, the other side takes another."""
        other = self._down if box is self._across else self._across
        if other.currentIndex() == box.currentIndex():
            other.setCurrentIndex((box.currentIndex() + 1) % box.count())
        self._map.show_axes(self._across.currentIndex(), self._down.currentIndex())

    def show_figures(self) -> None:
        """Let the menu name all figures, and draw the chosen one."""
        names = list(self.state.figures())
        if names != [self._figure.itemData(i) for i in range(self._figure.count())]:
            chosen = self._figure.currentData()
            self._figure.blockSignals(True)
            self._figure.clear()
            for name in names:
                self._figure.addItem(figure_title(name), name)
            self._figure.setCurrentIndex(max(0, self._figure.findData(chosen)))
            self._figure.blockSignals(False)
        self._show_figure()

    def _show_figure(self) -> None:
        for plot in (self._map, self._seeds):
            plot.show_state(self.state, self._figure.currentData() or "")
        self._say()

    def mark(self, selected: Sequence[int], current: int) -> None:
        """Mark the cells that are selected in the table, and tell of the current one while nothing is pointed at."""
        self._current = current
        for plot in (self._map, self._seeds):
            plot.mark(selected)
        self._say()

    def _read(self, rows: Sequence[int]) -> None:
        self._rows = tuple(rows)
        self._say()
        if rows and (self._map.hasFocus() or self._seeds.hasFocus()):
            announce(self.read_out, self.read_out.accessibleName(), is_urgent=True)

    def _say(self) -> None:
        """Tell of what is pointed at, else of what is selected, else how to."""
        figure, n = self._figure.currentData() or "", len(self.state.cells)
        rows = self._rows or ((self._current,) if self._current >= 0 else ())
        is_known = bool(figure and rows) and max(rows) < n
        text = cell_words(self.state, figure, rows) if is_known else HINT if figure else ""
        self.read_out.setText(markup_of(text))
        self.read_out.setAccessibleName(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the read-out."""
        super().resizeEvent(event)
        self.read_out.setMinimumHeight(READ_LINES * self.fontMetrics().lineSpacing() + 2)


def _named(title: str, box: QComboBox) -> QHBoxLayout:
    line, label = QHBoxLayout(), QLabel(title)
    label.setBuddy(box)
    box.setAccessibleName(title)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(LEAST_LETTERS)
    line.addWidget(label)
    line.addWidget(box, 1)
    return line

"""The cells of a sweep as a table with what can be done with them, and beside it their figures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from ganviz.views.window.sweep_figures import SweepFigures
from ganviz.views.window.sweep_state import SweepState
from ganviz.views.window.sweep_table import CellsModel, CellsTable

MOST_TABLE = 0.62
"""Of the width, for the table: it gets what its columns need up to that, until a person divides the room."""


class SweepResults(QSplitter):
    """Shows the cells; GUI thread only."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.model = CellsModel()
        self.table = CellsTable(self.model)
        self.figures = SweepFigures(SweepState())
        self.compare, self.open_cell = (
            QPushButton("Compare two cells"),
            QPushButton("Open this cell"),
        )
        self.compare.setToolTip(
            "Compares the two selected cells by equal seeds: median differences, and whether they could be chance."
        )
        self.open_cell.setToolTip("Opens the chosen cell as a run, in the window behind this one.")
        self._is_divided = False
        self.addWidget(self._cells_page())
        self.addWidget(self.figures)
        self.setChildrenCollapsible(False)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.splitterMoved.connect(self._divided)
        self.model.modelReset.connect(self._share_room)
        self.figures.picked.connect(self.table.selectRow)

    def _cells_page(self) -> QWidget:
        page, below = QWidget(), QHBoxLayout()
        for button in (self.compare, self.open_cell):
            below.addWidget(button)
            button.setAutoDefault(False)
        below.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addLayout(below)
        return page

    def show_state(self, state: SweepState) -> None:
        """Show another sweep."""
        self.model.show_state(state)
        self.figures.show_state(state)

    def show_cell(self, row: int, *, has_ended: bool) -> None:
        """Show what has become of a cell."""
        self.model.show_cell(row)
        if has_ended:
            self.figures.show_figures()

    def _divided(self) -> None:
        self._is_divided = True

    def _share_room(self) -> None:
        """Give the table the room that its columns need, as long as no person has said otherwise."""
        if not self._is_divided and self.width() and self.model.rowCount():
            table = min(self.table.wanted_width, round(MOST_TABLE * self.width()))
            self.setSizes([table, self.width() - table])

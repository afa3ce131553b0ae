"""The cells of a sweep as a table that fills in while they are trained."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ganviz.session.figure_titles import better_words, figure_title
from ganviz.views.look.set_words import SetHeader
from ganviz.views.window.sweep_read_out import state_words
from ganviz.views.window.sweep_state import DONE, SweepState
from ganviz.views.window.sweep_words import figure_value, setting_title

MOST_FIGURES = 5
MOST_LETTERS = 28
"""Of a column's width: values of settings may be whole formulas, which their tips show."""
Index = QModelIndex | QPersistentModelIndex


class CellsModel(QAbstractTableModel):
    """A row for each cell: its number, its state, what is varied, its seeds, medians of its first figures."""

    def __init__(self) -> None:
        super().__init__()
        self.state = SweepState()
        self._figures: tuple[str, ...] = ()

    def show_state(self, state: SweepState) -> None:
        """Show another sweep, or other columns."""
        self.beginResetModel()
        self.state, self._figures = state, state.figures()[:MOST_FIGURES]
        self.endResetModel()

    def show_cell(self, row: int) -> None:
        """Show what has become of a cell."""
        if self._figures != self.state.figures()[:MOST_FIGURES]:
            self.show_state(self.state)
            return
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of cells."""
        return 0 if parent.isValid() else len(self.state.cells)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else 3 + len(self.state.axes) + len(self._figures)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Return the name of a column: of a setting in short, and in its tip with its groups."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        names = [setting_title(path) for path, _ in self.state.axes]
        if role == Qt.ItemDataRole.ToolTipRole:
            tips = (f"{figure_title(one)}: median over seeds, {better_words(one)}" for one in self._figures)
            return ["", "", *names, "How many trained to the end", *tips][section]
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        short = (name.rpartition(" · ")[2] for name in names)
        title = ["Cell", "State", *short, "Seeds trained", *map(figure_title, self._figures)][section]
        return two_lines(title) if role == Qt.ItemDataRole.DisplayRole else title

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | Qt.AlignmentFlag | None:
        """Return a cell's text, and in tips why it failed; figures stand below each other by their points."""
        cell = self.state.cells[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() >= 3 + len(self.state.axes):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            is_value = 2 <= index.column() < 2 + len(cell.values)
            return cell.error or (cell.values[index.column() - 2] if is_value else None)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        texts = [str(index.row() + 1), state_words(self.state, cell), *cell.values]
        is_done = cell.state == DONE
        texts.append(f"{cell.trained} of {self.state.n_seeds}" if is_done else "")
        figures = ((name, cell.figures.get(name, {}).get("median")) for name in self._figures)
        words = ("" if value is None else figure_value(name, value, 4) for name, value in figures)
        return [*texts, *words][index.column()]


def two_lines(title: str) -> str:
    """Return a title in two lines as even as its words allow: columns of numbers are not as wide as their names."""
    breaks = [i + 1 for i, letter in enumerate(title) if letter in " –"]
    if not breaks:
        return title
    at = min(breaks, key=lambda i: max(i, len(title) - i))
    return f"{title[:at].rstrip()}\n{title[at:]}"


class CellsTable(QTableView):
    """Shows the cells; GUI thread only."""

    opened = Signal(int)
    """Emitted with the row that was double-clicked, or on which Enter was pressed."""

    def __init__(self, model: CellsModel) -> None:
        super().__init__()
        self.setHorizontalHeader(SetHeader(self))
        self.setModel(model)
        self.setAccessibleName("Cells of the sweep")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)  # or Tab would never leave
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setMaximumSectionSize(MOST_LETTERS * self.fontMetrics().averageCharWidth())
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setResizeContentsPrecision(50)
        self.horizontalHeader().setHighlightSections(False)
        self.activated.connect(lambda index: self.opened.emit(index.row()))

    @property
    def wanted_width(self) -> int:
        """Return the width in which every column is seen."""
        return (
            self.horizontalHeader().length()
            + self.verticalScrollBar().sizeHint().width()
            + 2 * self.frameWidth()
        )

    @property
    def selected(self) -> list[int]:
        """Return all rows that are selected, from the top."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    @property
    def chosen(self) -> int:
        """Return the chosen row, or -1."""
        return self.currentIndex().row() if self.selectionModel().hasSelection() else -1

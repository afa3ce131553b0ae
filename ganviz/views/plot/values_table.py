"""A plot's values as a table that can be walked through with keys and read aloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTableView, QVBoxLayout, QWidget

from ganviz.views.plot.plotting import number
from ganviz.views.plot.values import Values

Index = QModelIndex | QPersistentModelIndex


class ValuesModel(QAbstractTableModel):
    """Values for Qt's tables; GUI thread only."""

    def __init__(self, values: Values, parent: QWidget) -> None:
        super().__init__(parent)
        self.values = values

    def show_values(self, values: Values) -> None:
        """Hold other values."""
        self.beginResetModel()
        self.values = values
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.values.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self.values.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell: text, and for those who hear it the heading before it."""
        value = self.values.rows[index.row()][index.column()]
        text = number(value, 4) if isinstance(value, float) else str(value)
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.values.headings[index.column()]}: {text}"
        if role == Qt.ItemDataRole.TextAlignmentRole and not isinstance(value, str):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a heading, and what is below it as a tip; rows are numbered."""
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return (self.values.tips or {}).get(self.values.headings[section])
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.values.headings[section] if orientation == Qt.Orientation.Horizontal else str(section + 1)


class _Cells(QTableView):
    """Copies the cells that are chosen, as a spreadsheet takes them; Qt copies one of them."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Put them on the clipboard, with tabs between columns; of a whole table, its headings too."""
        if not event.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(event)
            return
        model, chosen = self.model(), self.selectionModel()
        assert isinstance(model, ValuesModel)
        columns = sorted({one.column() for one in chosen.selectedIndexes()})
        rows = sorted({one.row() for one in chosen.selectedIndexes()})
        if rows:
            has_all = len(rows) == model.rowCount()
            QGuiApplication.clipboard().setText(model.values.tabs(rows, columns, has_headings=has_all))


class ValuesTable(QDialog):
    """Shows the values that a plot shows at the moment; stays open beside the window."""

    def __init__(self, title: str, read: Callable[[], Values], parent: QWidget) -> None:
        from ganviz.views.look.set_words import SetDelegate, SetHeader  # classes of Qt that no start needs

        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Values: {title}")
        self._read = read
        self.model = ValuesModel(read(), self)
        self.table = _Cells()
        self.table.setAccessibleName(f"Values of {title.lower()}")
        self.table.setHorizontalHeader(SetHeader(self.table))
        self.table.setItemDelegate(SetDelegate(self.table))
        self.table.setModel(self.model)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)  # or Tab would never reach the buttons
        # Only the rows in sight: a table of a whole run has tens of thousands.
        self.table.horizontalHeader().setResizeContentsPrecision(0)
        self.table.horizontalHeader().setHighlightSections(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        refresh = buttons.addButton("Read again", QDialogButtonBox.ButtonRole.ActionRole)
        refresh.setToolTip("Shows what the plot shows now.")
        copy = buttons.addButton("Copy as CSV", QDialogButtonBox.ButtonRole.ActionRole)
        copy.setToolTip("Puts the whole table on the clipboard, every number in full.")
        buttons.rejected.connect(self.reject)
        refresh.clicked.connect(self.read_again)
        copy.clicked.connect(self.copy)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table)
        layout.addWidget(buttons)
        self.resize(720, 420)
        self.table.resizeColumnsToContents()
        self.table.setCurrentIndex(self.model.index(0, 0))

    def read_again(self) -> None:
        """Show what the plot shows now."""
        self.model.show_values(self._read())
        self.table.resizeColumnsToContents()
        self.table.setCurrentIndex(self.model.index(0, 0))

    def copy(self) -> None:
        """Put the table on the clipboard."""
        QGuiApplication.clipboard().setText(self.model.values.csv())


def open_table(view: QWidget, title: str, read: Callable[[], Values]) -> ValuesTable:
    """Open the table of a view."""
    table = ValuesTable(title, read, view)
    table.show()
    return table


def open_only_table(view: QWidget, title: str, read: Callable[[], Values]) -> ValuesTable:
    """Open the table of a view that has one at most: one that is open already is read again, and comes to the front."""
    table = next((one for one in view.findChildren(ValuesTable) if one.isVisible()), None)
    if table is None:
        return open_table(view, title, read)
    table.read_again()
    table.raise_()
    table.activateWindow()
    return table

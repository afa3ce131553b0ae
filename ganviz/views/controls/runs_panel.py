"""The table of saved runs, with a search, what can be done with them, and a sentence where there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganviz.session.runs.entry import Entry
from ganviz.spec.words import grouped
from ganviz.views.controls.elided import Elided
from ganviz.views.controls.runs_model import COLUMNS, MOST_TICKED, PICTURE_PX, WRITTEN, Index, RunsModel
from ganviz.views.look.outside_text import plain_label
from ganviz.views.look.theme import theme_of

EMPTY = (
    "No saved runs in {folder} yet.\n\nFile ▸ Save as … puts the run that is open there. ganviz train --out and "
    "ganviz sweep --out write folders that are found there, too. Or choose another folder, above."
)
READING = "The runs in {folder} are being read …"
NOTHING_FOUND = "No run has all of these words in its name, data, formulations, tags or notes."
WIDTHS = {"name": 180, "formulation": 120, "tags": 110, "notes": 160, "parent": 150, "saved": 125, "data": 80}
NARROW_PX = 68


class _Table(QTableView):
    """A table that says whether somebody writes in it."""

    @property
    def is_written_in(self) -> bool:
        return self.state() == QAbstractItemView.State.EditingState


class _Ticks(QStyledItemDelegate):
    """Outlines boxes to tick so that they are seen on a dark ground too, as those of forms are."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        palette = option.palette
        palette.setColor(QPalette.ColorRole.Window, QColor(theme_of(self._table).muted))
        option.palette = palette


class RunsPanel(QWidget):
    """Shows runs and emits wishes; GUI thread only."""

    folder_wished = Signal()
    look_wished = Signal()
    """Emitted when the folder is to be looked through again."""
    open_wished = Signal(object)
    fork_wished = Signal(object)
    """Both are emitted with an :class:`Entry`."""
    deletion_wished = Signal(object)
    comparison_wished = Signal(object)
    """Both are emitted with a list of entries."""

    def __init__(self) -> None:
        super().__init__()
        self.model = RunsModel(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search runs")
        self.search.setToolTip(
            "Shows runs with all of these words in name, data, formulations, tags or notes."
        )
        self.search.textChanged.connect(self._find)
        self.folder_button, self.look_button = QToolButton(), QToolButton()
        self.folder_button.setText("Folder …")
        self.folder_button.clicked.connect(self.folder_wished)
        self.look_button.setText("Look again")
        self.look_button.setToolTip("Looks through the folder for runs that are new, changed or gone.")
        self.look_button.clicked.connect(self.look_wished)
        self.table = self._made_table()
        self.empty = plain_label()
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(16)
        self._stack = QStackedWidget()
        for widget in (self.table, self.empty):
            self._stack.addWidget(widget)
        self.status = Elided()
        self._folder_name, self._progress = "", ""
        self._buttons = self._made_buttons()
        self._lay_out()
        self.model.ticked_changed.connect(self._show_status)
        self.model.ticked_changed.connect(self._show_buttons)
        self.model.modelReset.connect(self._show_buttons)
        self._show_all()

    def _made_table(self) -> _Table:
        table = _Table()
        table.setModel(self.model)
        table.setAccessibleName("Saved runs")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # cells of a sweep differ at their ends
        table.setItemDelegateForColumn(0, _Ticks(table))
        table.setIconSize(QSize(PICTURE_PX, PICTURE_PX))
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.horizontalHeader().setHighlightSections(False)
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setDefaultSectionSize(PICTURE_PX + 6)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.setSortingEnabled(True)
        table.sortByColumn(len(COLUMNS) - 1, Qt.SortOrder.DescendingOrder)
        for place, column in enumerate(COLUMNS):
            table.setColumnWidth(place, WIDTHS.get(column.key, NARROW_PX))
        table.setTabKeyNavigation(False)
        table.doubleClicked.connect(self._double_clicked)
        table.selectionModel().selectionChanged.connect(self._show_buttons)
        deletes = QShortcut(QKeySequence.StandardKey.Delete, table, self._delete)
        deletes.setContext(Qt.ShortcutContext.WidgetShortcut)
        return table

    def _made_buttons(self) -> dict[str, QPushButton]:
        made = {}
        for words, tip, does in (
            ("Open", "Opens the run; Save then writes to its file.", self._open),
            ("Fork …", "Goes on from one of the run's keyframes as a new run; its file stays.", self._fork),
            ("Compare settings", "Lists the settings in which ticked runs, or those selected, differ.", self._compare),
            ("Delete …", "Moves the selected runs to the wastebasket.", self._delete),
        ):  # fmt: skip
            button = QPushButton(words)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(tip)
            button.clicked.connect(does)
            # As narrow as its words: four of them stand below a table that may be narrow.
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(words) + 16)
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            made[words] = button
        return made

    def _lay_out(self) -> None:
        top, bottom = QHBoxLayout(), QHBoxLayout()
        for widget in (self.search, self.folder_button, self.look_button):
            top.addWidget(widget)
        for button in self._buttons.values():
            bottom.addWidget(button)
        bottom.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.status)
        layout.addLayout(bottom)

    def changeEvent(self, event: QEvent) -> None:
        """Draw pictures on the ground of the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.model.forget_pictures()

    @property
    def is_written_in(self) -> bool:
        """Return whether somebody writes in the table, which may not be filled anew then."""
        return self.table.is_written_in

    def show_folder(self, folder: Path) -> None:
        """Say which folder's runs these are."""
        self._folder_name = str(folder)
        self.folder_button.setToolTip(f"Chooses the folder whose runs are listed; it is {folder} now.")
        self._show_all()

    def show_runs(self, entries: Sequence[Entry], pictures: Mapping[str, bytes], *, is_whole: bool) -> None:
        """Show other runs, and keep those selected that are still there."""
        selected = {entry.place for entry in self.selected()}
        top = self.table.verticalScrollBar().value()
        if not self.model.show_runs(entries, pictures, is_whole=is_whole):
            return
        self._select(selected)
        self.table.verticalScrollBar().setValue(top)
        self._show_all()

    def _select(self, places: set[str]) -> None:
        chosen = self.table.selectionModel()
        for row, entry in enumerate(self.model.entries):
            if entry.place in places:
                index = self.model.index(row, 0)
                chosen.select(index, chosen.SelectionFlag.Select | chosen.SelectionFlag.Rows)

    def show_progress(self, words: str) -> None:
        """Say how far a look through the folder is; nothing at its end."""
        self._progress = words
        self._show_all()

    def selected(self) -> list[Entry]:
        """Return the selected runs in the order of the table."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.entries[row] for row in rows]

    def ticked(self) -> list[Entry]:
        """Return the ticked runs in the order in which they were ticked."""
        return list(self.model.ticked.values())

    def _find(self, words: str) -> None:
        self.model.find(words)
        self._show_all()

    def _show_all(self) -> None:
        n = self.model.n_all
        self._stack.setCurrentWidget(self.table if self.model.entries else self.empty)
        nothing = READING if self._progress.startswith("reading") else EMPTY
        self.empty.setText(NOTHING_FOUND if n else nothing.format(folder=self._folder_name))
        self._show_status()
        self._show_buttons()

    def _show_status(self) -> None:
        n, found, ticked = self.model.n_all, len(self.model.entries), len(self.model.ticked)
        parts = [
            f"{grouped(found)} of {grouped(n)} runs" if found < n else f"{grouped(n)} run{'s' * (n != 1)}"
        ]
        if ticked:
            most = f", {MOST_TICKED} at most" if ticked == MOST_TICKED else ""
            parts.append(f"{ticked} drawn in the charts{most}")
        self.status.setText(" · ".join([*parts, *filter(None, [self._progress])]))

    def _show_buttons(self) -> None:
        selected = self.selected()
        one = selected[0] if len(selected) == 1 and not selected[0].error else None
        n_compared = max(len(self.model.ticked), len(selected))
        can = (one is not None, one is not None and bool(one.keyframes), n_compared > 0, bool(selected))
        for button, is_possible in zip(self._buttons.values(), can, strict=True):
            button.setEnabled(is_possible)

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() not in WRITTEN:
            self._open()

    def _open(self) -> None:
        for entry in self.selected()[:1]:
            if not entry.error:
                self.open_wished.emit(entry)

    def _fork(self) -> None:
        for entry in self.selected()[:1]:
            self.fork_wished.emit(entry)

    def _compare(self) -> None:
        self.comparison_wished.emit(self.ticked() or self.selected())

    def _delete(self) -> None:
        if selected := self.selected():
            self.deletion_wished.emit(selected)

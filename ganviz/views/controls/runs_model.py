"""Saved runs as rows of a table: ticked, sorted, searched; tags and notes can be written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap

from ganviz.session.figure_titles import percent
from ganviz.session.runs.entry import Entry, found_in, sorted_entries
from ganviz.spec import InvalidValueError
from ganviz.spec.words import grouped, regrouped
from ganviz.views.look.outside_text import plain_tip
from ganviz.views.plot.plotting import number

Index = QModelIndex | QPersistentModelIndex

PICTURE_PX = 44
MEDIAN = "of several seeds their median"
MOST_TICKED = 6
"""Runs that charts draw beside their own at once."""


class Column(NamedTuple):
    """A column: what its runs are sorted by, its heading, what that means, whether it holds numbers."""

    key: str
    heading: str
    tip: str
    is_number: bool = False


COLUMNS = (
    Column("name", "Run", "Tick a run to draw its curves in every chart of steps."),
    Column("step", "Steps", "Updates of the generator", True),
    Column("formulation", "Formulation", "What each lane trains"),
    Column(
        "quality_fraction", "Quality", f"Share of samples within 3σ of a mode, at the end; {MEDIAN}", True
    ),
    Column("sliced_wasserstein", "SW", f"Sliced Wasserstein distance at the end; {MEDIAN}", True),
    Column("d_loss", "L_D", f"The discriminator's loss at the end; {MEDIAN}", True),
    Column("g_loss", "L_G", f"The generator's loss at the end; {MEDIAN}", True),
    Column("data", "Data", "The distribution"),
    Column("tags", "Tags", "Words to find runs by, with commas between; double-click to write."),
    Column("notes", "Notes", "What you want to remember; double-click to write."),
    Column("parent", "Forked from", "The run and the step that it goes on from"),
    Column("saved", "Saved", "When the file was written"),
)
_PLACES = {column.key: i for i, column in enumerate(COLUMNS)}
WRITTEN = frozenset({_PLACES["tags"], _PLACES["notes"]})
"""Columns that a person writes in."""


class RunsModel(QAbstractTableModel):
    """The runs that a search leaves; GUI thread only."""

    ticked_changed = Signal()
    words_written = Signal(object, str, str)
    """Emitted with an :class:`Entry`, "tags" or "notes", and the text."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._all: list[Entry] = []
        self.entries: list[Entry] = []
        self.ticked: dict[str, Entry] = {}
        """By place, in the order in which they were ticked."""
        self._contents: Mapping[str, bytes] = {}
        self._pictures: dict[str, QIcon] = {}
        self._words, self._by, self._descends = "", "saved", True

    def show_runs(
        self, entries: Sequence[Entry], pictures: Mapping[str, bytes], *, is_whole: bool = True
    ) -> bool:
        """Show other runs; return whether anything is not as it was.

        Ticks of runs that are not among them go, unless these are not all: an index that was lost is being made anew.
        """
        if list(entries) == self._all and (self.ticked.keys() <= {entry.place for entry in entries}):
            return False
        before = {entry.place: entry.saved for entry in self._all}
        self._contents = pictures
        for entry in entries:
            if before.get(entry.place) != entry.saved:
                self._pictures.pop(entry.place, None)
        self._all = list(entries)
        known = {entry.place: entry for entry in entries if not entry.error}
        lost = set[str]() if is_whole else self.ticked.keys() - {entry.place for entry in entries}
        kept = {
            place: known.get(place, one)
            for place, one in self.ticked.items()
            if place in known or place in lost
        }
        has_other_ticks, self.ticked = kept != self.ticked, kept
        self._arrange()
        if has_other_ticks:
            self.ticked_changed.emit()
        return True

    @property
    def n_all(self) -> int:
        """Return how many runs there are without a search."""
        return len(self._all)

    def find(self, words: str) -> None:
        """Show only runs with all of these words."""
        self._words = words
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._by, self._descends = COLUMNS[column].key, order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        found = [entry for entry in self._all if found_in(entry, self._words)]
        try:
            self.entries = sorted_entries(found, self._by, descends=self._descends)
        except InvalidValueError:  # none of them has the figure
            self.entries = found
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of rows."""
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a cell."""
        found = super().flags(index)
        if index.column() == 0 and not self.entries[index.row()].error:
            return found | Qt.ItemFlag.ItemIsUserCheckable
        return found | Qt.ItemFlag.ItemIsEditable if index.column() in WRITTEN else found

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a heading, or what it means."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section].heading
            if role == Qt.ItemDataRole.ToolTipRole:
                return COLUMNS[section].tip
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell: its text, in the first column a picture and a tick; errors stand in tips."""
        entry, column = self.entries[index.row()], COLUMNS[index.column()]
        is_first = index.column() == 0
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return cell_text(entry, column.key)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{column.heading}: {cell_text(entry, column.key)}"
            case Qt.ItemDataRole.TextAlignmentRole if column.is_number:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.CheckStateRole if is_first and not entry.error:
                return Qt.CheckState.Checked if entry.place in self.ticked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.DecorationRole if is_first:
                return self._picture(entry)
            case Qt.ItemDataRole.ToolTipRole:
                text = entry.place if is_first else cell_text(entry, column.key)
                return plain_tip(entry.error or text)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a tick, or words that were written."""
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.EditRole and index.column() in WRITTEN:
            key = COLUMNS[index.column()].key
            if str(value) != cell_text(entry, key):
                self.words_written.emit(entry, key, str(value))
            return True
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        if entry.place in self.ticked:
            del self.ticked[entry.place]
        elif len(self.ticked) < MOST_TICKED:
            self.ticked[entry.place] = entry
        self.dataChanged.emit(index, index)
        self.ticked_changed.emit()
        return True

    def keep_ticked(self, data: str) -> None:
        """Untick the runs that are of other data than these."""
        kept = {place: one for place, one in self.ticked.items() if one.data == data}
        if kept != self.ticked:
            self.ticked = kept
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))
            self.ticked_changed.emit()

    def forget_pictures(self) -> None:
        """Draw pictures anew, on another color."""
        self._pictures.clear()

    def _picture(self, entry: Entry) -> QIcon:
        """Return the picture of a run, read when it is first seen; an empty one where there is none.

        It brings its ground along, also where the row is selected: on the color of a selection blue points are not
        seen, and Qt would tint it.
        """
        if entry.place not in self._pictures:
            side, read = 2 * PICTURE_PX, QPixmap()
            made = QPixmap(side, side)
            made.fill(QGuiApplication.palette().base().color())
            content = self._contents.get(entry.place, b"")
            if read.loadFromData(content, "PNG"):  # type: ignore[call-overload] # takes text, whatever stubs say
                painter = QPainter(made)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawPixmap(made.rect(), read)
                painter.end()
            made.setDevicePixelRatio(2.0)
            icon = QIcon(made)
            icon.addPixmap(made, QIcon.Mode.Selected)
            self._pictures[entry.place] = icon
        return self._pictures[entry.place]


def cell_text(entry: Entry, key: str) -> str:
    """Return what stands in a column for a run; of several lanes each has its figure."""
    match key:
        case "name":
            return entry.name
        case "step":
            return grouped(entry.step)
        case "formulation":
            return "cannot be read" if entry.error else entry.formulation_titles
        case "data":
            return entry.data_title
        case "tags":
            return ", ".join(entry.about.tags)
        case "notes":
            return entry.about.notes
        case "parent":
            return regrouped(entry.about.parent_words)
        case "saved":
            return datetime.fromtimestamp(entry.saved).strftime("%Y-%m-%d %H:%M")
    values = [entry.figure(key, lane) for lane in range(len(entry.lanes))]
    return " | ".join("–" if value != value else percent(key, value) or number(value, 3) for value in values)

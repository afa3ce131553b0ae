"""All formulations by family, to be searched: name, formula, shape, and one sentence on how each behaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganviz.losses.presets import FORMULATIONS, NamedFormulation, read_shared
from ganviz.spec import InvalidValueError
from ganviz.views.controls.gallery_rows import FAMILY, NAMED, GalleryRows, sought_in, words_of
from ganviz.views.forms.nothing_found import NothingFound
from ganviz.views.forms.search import distance, has_all
from ganviz.views.look.aloud import announce
from ganviz.views.look.outside_text import plain_label
from ganviz.views.look.theme import LIGHT, Theme

OWN = "Kept by you (Delete takes one away)"
SIZE = QSize(720, 560)
MARGIN_PX = 12
_OF_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Gallery(QFrame):
    """A list that opens below a button; typing searches it, Enter or a click chooses, Esc closes. GUI thread only."""

    chosen = Signal(object)
    """Emitted with the :class:`NamedFormulation`."""
    closed = Signal()
    explanation_wished = Signal(str)
    """Emitted with the family that the person wants to read of."""
    own_wished = Signal(object)
    """Emitted with a :class:`NamedFormulation` from the clipboard, to be kept."""
    own_dropped = Signal(object)
    """Emitted with a :class:`Formulation` of the person's own that is to be forgotten."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setWindowTitle(title)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search names, formulas, families, papers")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search formulations")
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(False)
        self.list.setMouseTracking(True)
        self.list.itemClicked.connect(self._choose)
        self.list.installEventFilter(self)
        self._rows = GalleryRows(self.list)
        self.list.setItemDelegate(self._rows)
        self._nothing = NothingFound("No formulation has all of these words.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addLayout(self._made_top(title))
        layout.addWidget(self.search)
        layout.addWidget(self._nothing)
        layout.addWidget(self.list, 1)
        self.show_own(())
        self.apply_theme(LIGHT)

    def _made_top(self, title: str) -> QHBoxLayout:
        """Return what stands above the search: what it is for, and what else can be done."""
        self._title = plain_label(title)
        self._paste, self._explain = QPushButton("Paste"), QPushButton()
        self._paste.setToolTip(
            "Keeps the formulation on the clipboard: JSON as Copy makes it, formulas, or a name."
        )
        self._paste.clicked.connect(self.paste)
        self._explain.clicked.connect(self._wish_explanation)
        self.list.currentItemChanged.connect(self._show_family)
        self.list.currentItemChanged.connect(self._say_chosen)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        for button in (self._paste, self._explain):
            button.setAutoDefault(False)
            top.addWidget(button)
        return top

    def show_own(self, own: Sequence[NamedFormulation]) -> None:
        """List every formulation below its family, families in the order of their first entry, ``own`` ones first."""
        self._own = tuple(own)
        self.list.clear()
        families: dict[str, list[NamedFormulation]] = {OWN: list(own)} if own else {}
        for named in FORMULATIONS.values():
            families.setdefault(named.formulation.loss.family, []).append(named)
        for family, entries in families.items():
            header = QListWidgetItem(family)
            header.setData(FAMILY, family)
            header.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(header)
            for named in entries:
                item = QListWidgetItem(named.title)
                item.setData(NAMED, named)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, words_of(named))
                item.setToolTip(f"<qt>{'; '.join(named.papers)}</qt>")
                self.list.addItem(item)
        self._filter(self.search.text())

    def show_title(self, title: str) -> None:
        """Say what the choice is for."""
        self._title.setText(title)
        self.list.setAccessibleName(title)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is closed, whatever was chosen."""
        super().hideEvent(event)
        self.closed.emit()

    def open_below(self, button: QWidget, current: str) -> None:
        """Show the list below a button, within its window, with the formulation of that key in sight."""
        window = button.window()
        room = window.rect().adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        corner = window.mapFromGlobal(button.mapToGlobal(QPoint(0, button.height() + 2)))
        self.resize(SIZE.boundedTo(QSize(room.width(), room.bottom() - corner.y())))
        left = max(room.left(), min(corner.x(), room.right() - self.width()))
        self.move(window.mapToGlobal(QPoint(left, corner.y())))
        self.search.clear()
        self._filter("")
        self.list.scheduleDelayedItemsLayout()
        self.show()
        for item in self._entries():
            if cast(NamedFormulation, item.data(NAMED)).key == current:
                self.list.setCurrentItem(item)
                self.list.scrollToItem(item, QListWidget.ScrollHint.PositionAtCenter)
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(i) for i in range(self.list.count())]

    def _entries(self) -> list[QListWidgetItem]:
        return [item for item in self._items() if item.data(NAMED) is not None]

    def shown(self) -> list[str]:
        """Return the keys of the formulations that the search has left, in their order."""
        return [item.data(NAMED).key for item in self._entries() if not item.isHidden()]

    def _filter(self, text: str) -> None:
        """Show what has all words of the search, and the families that have some of it left.

        The first one whose name has them is chosen; else the first.
        """
        wanted = text.casefold().split()
        header: QListWidgetItem | None = None
        found: list[QListWidgetItem] = []
        for item in self._items():
            named = item.data(NAMED)
            if named is None:
                header = item
                header.setHidden(True)
                continue
            item.setHidden(not has_all(wanted, sought_in(named)))
            if not item.isHidden():
                assert header is not None
                header.setHidden(False)
                found.append(item)
        self._nothing.show_where(not found)
        if wanted and found:
            best = min(found, key=lambda item: distance(wanted, item.data(NAMED).title))
            self.list.setCurrentItem(best)
            self.list.scrollToTop()
            self.list.scrollToItem(best)
        self._show_family()

    def _say_chosen(self) -> None:
        """Tell those who hear it what the keys have come to: the search keeps the focus."""
        item: QListWidgetItem | None = self.list.currentItem()
        if item is not None and self.search.hasFocus():
            shown = [one for one in self._entries() if not one.isHidden()]
            place = f", {shown.index(item) + 1} of {len(shown)}" if item in shown else ""
            announce(self.list, f"{item.data(Qt.ItemDataRole.AccessibleTextRole)}{place}", is_urgent=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let arrows move through the list and Enter choose, while the search has the focus."""
        if event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        pressed = cast(QKeyEvent, event)
        item: QListWidgetItem | None = self.list.currentItem()
        if pressed.key() == Qt.Key.Key_F1:
            self._wish_explanation()
            return True
        if pressed.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(item)
            return True
        is_in_text = watched is self.search and self.search.cursorPosition() < len(self.search.text())
        if pressed.key() == Qt.Key.Key_Delete and item is not None and not is_in_text:
            if item.data(NAMED) in self._own:
                self.own_dropped.emit(item.data(NAMED).formulation)
            return True
        if watched is self.search and pressed.key() in _OF_LIST:
            self.list.keyPressEvent(pressed)
            return True
        return super().eventFilter(watched, event)

    def paste(self) -> None:
        """Keep what is on the clipboard, and show it; or say why it is no formulation."""
        try:
            named = read_shared(QGuiApplication.clipboard().text())
        except InvalidValueError as error:
            self._nothing.say(str(error))
            return
        self.own_wished.emit(named)
        self.search.setText(named.title)

    def _show_family(self) -> None:
        """Say whose page the button opens."""
        family = self._family()
        self._explain.setEnabled(bool(family))
        self._explain.setText(f"{family} in the guide (F1)" if family else "In the guide (F1)")

    def _family(self) -> str:
        item: QListWidgetItem | None = self.list.currentItem()
        named = None if item is None or item.isHidden() else item.data(NAMED)
        return named.formulation.loss.family if named is not None else ""

    def _wish_explanation(self) -> None:
        if family := self._family():
            self.hide()
            self.explanation_wished.emit(family)

    def _choose(self, item: QListWidgetItem | None) -> None:
        named = None if item is None or item.isHidden() else item.data(NAMED)
        if named is not None:
            self.hide()
            self.chosen.emit(named)

    def apply_theme(self, theme: Theme) -> None:
        """Draw rows in these colors."""
        self._rows.theme = theme
        palette = self._nothing.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.muted)
        self._nothing.setPalette(palette)
        self.list.viewport().update()

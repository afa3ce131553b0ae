"""Every command by name: what is typed narrows the list down, Enter does what is chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ganviz.views.forms.search import distance, has_all
from ganviz.views.look.aloud import announce
from ganviz.views.window.action_info import ActionInfo
from ganviz.views.window.action_table import plain_words
from ganviz.views.window.actions import Actions

Index = QModelIndex | QPersistentModelIndex
NAME, KEYS = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
SIDE_PX = 6
TO_THE_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def rank(typed: str, info: ActionInfo, title: str) -> int | None:
    """Return how well an action fits what is typed: the smaller the better; None where it does not.

    Every typed word has to stand somewhere in the action's title, menu or tip.
    """
    words = typed.casefold().split()
    return distance(words, title) if has_all(words, title, info.menu, info.tip, info.short) else None


class KeysAside(QStyledItemDelegate):
    """Paints a command's name at the left and its keys at the right, in rows with some air."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a row half as high again as its letters."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(size.height(), round(1.5 * option.fontMetrics.height())))

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Leave the keys out of the text, and their room."""
        super().initStyleOption(option, index)
        name, keys = index.data(NAME), index.data(KEYS)
        letters = option.fontMetrics
        room = (
            option.rect.width() - 2 * SIDE_PX - (letters.horizontalAdvance(keys) + 2 * SIDE_PX if keys else 0)
        )
        option.text = letters.elidedText(name, Qt.TextElideMode.ElideRight, room)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row, then its keys."""
        super().paint(painter, option, index)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if is_chosen else QPalette.ColorRole.PlaceholderText
        painter.save()
        painter.setFont(option.font)
        painter.setPen(option.palette.color(role))
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(option.rect.adjusted(0, 0, -SIDE_PX, 0), align, index.data(KEYS))
        painter.restore()


class Palette(QDialog):
    """Lists all actions that can be used at this moment; GUI thread only."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("All commands")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._actions, self._over = actions, parent
        self._entries = [
            (info, action)
            for info, action in actions
            if action.isEnabled() and action.isVisible() and info.key not in ("palette", "quit")
        ]
        self._typed = QLineEdit()
        self._typed.setPlaceholderText("Type a part of a name")
        self._typed.setAccessibleName("Part of a command's name")
        self._typed.setClearButtonEnabled(True)
        self._list = QListWidget()
        self._list.setAccessibleName("Commands")
        self._list.setUniformItemSizes(True)
        self._list.setItemDelegate(KeysAside(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.addWidget(self._typed)
        layout.addWidget(self._list)
        self._typed.textChanged.connect(self._narrow)
        self._typed.returnPressed.connect(self._do)
        self._list.currentRowChanged.connect(self._say_chosen)
        self._list.itemClicked.connect(lambda _: self._do())
        self._typed.installEventFilter(self)
        self._list.installEventFilter(self)
        self._narrow("")

    def sizeHint(self) -> QSize:
        """Return room for a dozen commands, within the window."""
        parent = self._over
        letter = self.fontMetrics().height()
        return QSize(min(34 * letter, parent.width() - 40), min(24 * letter, parent.height() - 60))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys move through the list while one types, and Enter do what is chosen there."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self._typed and event.key() in TO_THE_LIST:
                self._list.event(event)
                return True
            if watched is self._list and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do()
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, typed: str) -> None:
        """List what fits, the best first."""
        ranked = []
        for i, (info, action) in enumerate(self._entries):
            place = rank(typed, info, _title(info, action))
            if place is not None:
                ranked.append((place, i))
        self._list.blockSignals(True)  # what comes and goes meanwhile is chosen by nobody
        self._list.clear()
        for _, i in sorted(ranked):
            info, action = self._entries[i]
            name, key = _title(info, action), action.shortcut().toString() or info.plot_key
            item = QListWidgetItem(name + (f"    {key}" if key else ""))
            item.setData(NAME, name)
            item.setData(KEYS, key)
            item.setToolTip(action.toolTip())
            item.setData(Qt.ItemDataRole.UserRole, i)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.blockSignals(False)
        self._say_chosen(self._list.currentRow())
        if not ranked:
            announce(self._list, "No command fits.", is_urgent=True)

    def _say_chosen(self, row: int) -> None:
        """Tell those who hear it what the keys have come to: the line that is typed in keeps the focus."""
        if row >= 0 and not self._list.hasFocus():
            item = self._list.item(row)
            keys, place = item.data(KEYS), f"{row + 1} of {self._list.count()}"
            announce(self._list, ", ".join(filter(None, (item.data(NAME), keys, place))), is_urgent=True)

    def _do(self) -> None:
        """Close, and do what is chosen."""
        if self._list.currentRow() < 0:  # nothing fits what is typed
            return
        info = self._entries[self._list.currentItem().data(Qt.ItemDataRole.UserRole)][0]
        self.accept()
        self._over.activateWindow()
        self._actions.do(info.key)


def open_palette(actions: Actions, parent: QWidget) -> None:
    """Open the palette; one that is open lists what could be done before, and makes way."""
    for palette in parent.findChildren(Palette):
        palette.close()
    Palette(actions, parent).show()


def _title(info: ActionInfo, action: QAction) -> str:
    """Return the menu and the name, as in "Presets: Sharp ring"; what a dock's entry would do is said."""
    menu = info.menu.rpartition("/")[2]
    words = plain_words(action.text().partition("\t")[0].replace("&&", "&"))
    if info.key.startswith("show:"):
        return f"{'Hide' if action.isChecked() else 'Show'}: {words}"
    return words if "/" not in info.menu else f"{menu}: {words}"

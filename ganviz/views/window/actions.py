"""The actions of the window: made once from their table, for menus, keys, buttons and the palette alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QDockWidget,
    QGraphicsView,
    QMenu,
    QMenuBar,
    QTabBar,
    QWidget,
)

from ganviz.views.look.icons import icon
from ganviz.views.look.outside_text import menu_words, plain_tip
from ganviz.views.look.theme import Theme
from ganviz.views.window.action_info import ActionInfo
from ganviz.views.window.action_table import action_table
from ganviz.views.window.own_keys import OwnKeys

MENUS = ("File", "Edit", "Run", "View", "Help")


WALKED = (QAbstractSlider, QAbstractScrollArea, QTabBar)
"""What arrows and End go through: values, lists and texts, tabs."""
WALKING = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_End)


class _ControlsFirst(QObject):
    """Leaves keys that a control answers to the one that has the focus, before they are keys of the window.

    The space bar presses a button; arrows go through a slider, a list, tabs, and buttons that are a group.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if not held and _answers(QApplication.focusWidget(), event.key()):
                event.accept()
                return True
        return False


def _answers(control: QWidget | None, key: int) -> bool:
    """Return whether a control does something with a key that is also the window's."""
    if isinstance(control, QAbstractButton):
        return key == Qt.Key.Key_Space or (key in WALKING[:2] and control.group() is not None)
    return isinstance(control, WALKED) and not isinstance(control, QGraphicsView) and key in WALKING


class Actions:
    """All actions of a window by their keys; GUI thread only.

    Parameters
    ----------
    window : QWidget
        Where the keys act, outside text fields.
    commands : mapping
        What each action does, by its key or by what stands before the colon of its key.
    adopted : mapping of str to QAction
        Actions that Qt has made already, as those that show docks.
    """

    def __init__(
        self,
        window: QWidget,
        commands: Mapping[str, Callable[..., object]],
        adopted: Mapping[str, QAction],
    ) -> None:
        self._window, self._commands = window, commands
        self._adopted = adopted
        self.menus: dict[str, QMenu] = {}
        self._made: dict[str, tuple[ActionInfo, QAction]] = {}
        OwnKeys(window)
        self._controls_first = _ControlsFirst(window)
        for widget in (window, *window.findChildren(QDockWidget)):
            widget.installEventFilter(self._controls_first)
        for info in action_table():
            self._make(info, adopted.get(info.key))

    def _make(self, info: ActionInfo, adopted: QAction | None) -> None:
        action = adopted
        if action is None:
            words = f"{menu_words(info.words)}\t{info.plot_key}" if info.plot_key else menu_words(info.words)
            action = QAction(words, self._window)
            action.triggered.connect(lambda _=False, key=info.key: self._command(key))
            action.setCheckable(info.is_switch)
        action.setToolTip(plain_tip(info.full_tip))
        if info.short or info.icon:
            action.setIconText(info.short or info.words)
        if info.shortcut:
            action.setShortcut(QKeySequence(info.shortcut))
        # The window's own too: the keys of a menu act only where its bar can be seen.
        self._window.addAction(action)
        self._made[info.key] = info, action

    def _command(self, key: str) -> None:
        name, colon, rest = key.partition(":")
        self._commands[name](*([rest] if colon else []))

    def do(self, key: str) -> None:
        """Do what an action does, whatever has the focus."""
        if key in self._adopted:
            self[key].trigger()
        else:
            self._command(key)

    def __getitem__(self, key: str) -> QAction:
        return self._made[key][1]

    def of_kind(self, kind: str) -> list[QAction]:
        """Return all actions whose key begins with ``kind`` and a colon."""
        return [action for info, action in self if info.key.startswith(f"{kind}:")]

    def tick(self, kind: str, chosen: str) -> None:
        """Show which one of a kind is chosen, whichever was clicked."""
        for info, action in self:
            name, _, rest = info.key.partition(":")
            if name == kind:
                action.setChecked(rest == chosen)

    def __iter__(self) -> Iterator[tuple[ActionInfo, QAction]]:
        return iter(self._made.values())

    def fill(self, bar: QMenuBar) -> None:
        """Put all actions into the menus of a bar."""
        menus = self.menus = {name: bar.addMenu(f"&{name}") for name in MENUS}
        for info, action in self:
            if info.menu not in menus:
                above, _, name = info.menu.rpartition("/")
                menus[info.menu] = menus[above].addMenu(name)
                menus[info.menu].setToolTipsVisible(True)
            if info.has_gap:
                menus[info.menu].addSeparator()
            menus[info.menu].addAction(action)

    def apply_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        for info, action in self:
            if info.icon:
                action.setIcon(icon(info.icon, theme))
                action.setIconVisibleInMenu(False)

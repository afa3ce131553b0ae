"""Pointer and keys in the real window: events go to the desktop's window, and Qt finds the widget below them."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

PATIENCE_S = 60
CLICKS_S = (1, 2, 4, 8, 15, 30)
"""A click on an entry works at once or never; how long each is waited for, where other processes are busy."""
MOVE_MS = 15
"""Of moves that follow each other faster than 100 a second, pyqtgraph leaves some out."""
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NONE, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)  # fmt: skip


def wait(ms: int) -> None:
    """Let Qt work; QTest.qWait would hold the interpreter lock, and the thread behind the bridge would starve."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def comes(condition: Callable[[], object], patience_s: float) -> bool:
    """Wait until something can be seen; return whether it could."""
    give_up = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > give_up:
            return False
        wait(5)
    return True


def see(what: str, condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Wait until something can be seen; give up with its name."""
    if not comes(condition, patience_s):
        raise SystemExit(f"not seen: {what}")


def near(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share


def choose(word: str) -> None:
    """Click an entry of the open menu, once more where nothing has come of it.

    A menu opens its submenu 20 ms after the click, unless the display's own pointer is on another entry: a display
    tells of a pointer that rests, too, once a menu has come below it. So it goes where the click is.
    """
    menu = QApplication.activePopupWidget()
    entry = next(action for action in menu.actions() if word in action.text())
    for patience_s in CLICKS_S:
        at = menu.actionGeometry(entry).center()
        QCursor.setPos(menu.mapToGlobal(at))
        wait(30)
        QTest.mouseClick(menu.windowHandle(), LEFT, NONE, at)
        if comes(lambda: QApplication.activePopupWidget() is not menu, patience_s):
            return
    raise SystemExit(f"not seen: {word!r} chosen")


def press(key: Qt.Key, modifiers=NONE) -> None:
    """Press a key where the focus is."""
    QTest.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), key, modifiers)
    wait(0)


def click(widget: QWidget) -> None:
    """Click the middle of a widget; of what has words beside it, those."""
    Pointer(widget).click(QPointF(min(20, widget.width() / 2), widget.height() / 2))


def write(field: QWidget, text: str) -> None:
    """Write into a field in place of what is there, and press Enter."""
    click(field)
    QTest.keyClick(field, Qt.Key.Key_A, CTRL)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def in_dialog(opens: Callable[[], object], act: Callable[[QWidget], None]) -> None:
    """Open a dialog or a menu that keeps its caller waiting, and do something in it once it is there."""
    done, window = list[bool](), QApplication.activeWindow()

    def look() -> None:
        opened = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if opened is not None and opened.isVisible() and not done:
            done.append(True)
            if not isinstance(opened, QMenu):
                opened.activateWindow()
                see("a dialog in front", opened.isActiveWindow)
            act(opened)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(50)
    opens()
    see("a dialog", lambda: done)
    timer.stop()
    window.activateWindow()  # where no window manager does
    see("the window in front again", window.isActiveWindow)


def named(parent: QWidget, kind: type, name: str):
    """Return the visible widget of a kind that has these words on it, or is called so."""
    found = (one for one in parent.findChildren(kind) if one.isVisible())
    return next(one for one in found if name in (one.accessibleName(), getattr(one, "text", str)()))


class Pointer:
    """A mouse over one widget; places are in its own pixels."""

    def __init__(self, widget: QWidget) -> None:
        self.widget = widget

    def _place(self, at: QPointF) -> tuple[object, QPoint]:
        window = self.widget.window()
        return window.windowHandle(), self.widget.mapTo(window, at.toPoint())

    def move(self, at: QPointF, modifiers=NONE) -> None:
        window, place = self._place(at)
        QTest.mouseEvent(QTest.MouseAction.MouseMove, window, Qt.MouseButton.NoButton, modifiers, place)
        wait(MOVE_MS)

    def click(self, at: QPointF, modifiers=NONE, button=LEFT) -> None:
        self.move(at)
        window, place = self._place(at)
        QTest.mouseClick(window, button, modifiers, place)
        wait(0)

    def double_click(self, at: QPointF) -> None:
        self.move(at)
        window, place = self._place(at)
        QTest.mouseDClick(window, LEFT, NONE, place)
        wait(0)

    def drag(self, start: QPointF, end: QPointF, modifiers=NONE, button=LEFT) -> None:
        self.move(start)
        window, place = self._place(start)
        QTest.mousePress(window, button, modifiers, place)
        for share in (0.3, 0.7, 1.0):
            self.move(start + (end - start) * share, modifiers)
        window, place = self._place(end)
        QTest.mouseRelease(window, button, modifiers, place)
        wait(0)

    def wheel(self, at: QPointF, notches: int) -> None:
        self.move(at)
        window, place = self._place(at)
        QTest.wheelEvent(window, QPointF(place), QPoint(0, 120 * notches))
        wait(0)


class Plot(Pointer):
    """A plot under the hand: places are shares of it, from its lower left corner."""

    def __init__(self, view) -> None:
        super().__init__(view.canvas)
        self.view = view

    def place(self):
        """Return where the plot is and its ranges, as it is painted now and not when there is time for it."""
        self.widget.grab()
        return self.view.place()

    def at(self, x: float, y: float) -> QPointF:
        area = self.place()[0]
        return QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())

    def place_of(self, step: float, y: float = 0.5) -> QPointF:
        low, high = self.steps()
        return self.at((step - low) / (high - low), y)

    def steps(self) -> tuple[float, float]:
        return self.place()[1]

    def pixels(self, n: float) -> float:
        """Return how many steps some pixels are."""
        low, high = self.steps()
        return n * (high - low) / self.place()[0].width()

    def heights(self) -> tuple[float, float]:
        return self.place()[2]

    def both(self) -> tuple[float, ...]:
        return tuple(round(value, 6) for span in self.place()[1:] for value in span)

    def key(self, key: Qt.Key, modifiers=NONE) -> None:
        QTest.keyClick(QApplication.focusWidget(), key, modifiers)
        wait(0)

    def menu(self, *words: str) -> None:
        """Choose an entry of the context menu, of submenus word by word."""
        self.click(self.at(0.5, 0.5), button=RIGHT)
        for word in words:
            see(f"a menu with {word!r}", lambda: isinstance(QApplication.activePopupWidget(), QMenu))
            choose(word)
        see("no menu", lambda: not isinstance(QApplication.activePopupWidget(), QMenu))

    def copied(self) -> list[dict[str, str]]:
        """Return the rows of CSV that are on the clipboard."""
        return list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))

"""Whatever is done again and again in the window, there are as many objects of Qt afterwards as before."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable

import made_up
from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget
from pytestqt.qtbot import QtBot

from ganviz.session.events import ConfigChanged, Keyframes
from ganviz.training.snapshot import Stamp
from ganviz.views.window.main_window import MainWindow
from ganviz.views.window.workspace_list import WORKSPACES

FIRST, TIMES = 2, 2
"""So often before objects are counted, and between both counts: one left each time is seen."""


class Hand:
    """Does things in a window that has no engine, and puts everything back."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot, self.run = window, qtbot, 0

    def do(self, key: str) -> None:
        QTimer.singleShot(30, self.close_others)  # also what has a loop of its own
        self.window.actions_.do(key)
        self.qtbot.wait(40)
        self.close_others()

    def close_others(self) -> None:
        while popup := QApplication.activePopupWidget():
            popup.close()
        for one in QApplication.topLevelWidgets():
            if one is not self.window and one.isVisible() and not isinstance(one, QDockWidget):
                one.reject() if isinstance(one, QDialog) else one.close()

    def dialogs(self) -> None:
        for key in ("palette", "about", "preferences", "sweep", "gallery"):
            self.do(key)

    def guide(self) -> None:
        for _ in range(2):
            self.do("guide")

    def export(self) -> None:
        self.do("export")

    def workspaces(self) -> None:
        for one in WORKSPACES:
            self.do(f"workspace:{one.key}")
            self.window.show_snapshot(made_up.snapshot(self.window.config))
        self.do(f"workspace:{WORKSPACES[0].key}")

    def lanes(self) -> None:
        for formulations in (("hinge", "saturating", "wasserstein"), ("non_saturating",)):
            made_up.show_in(self.window, made_up.run_config(formulations=formulations))

    def restarts(self) -> None:
        for data in ("ring", "two_gaussians", "ring"):
            config = made_up.run_config(data)
            self.run += 1
            self.window.handle_event(ConfigChanged(config, Stamp(self.run, 0, 0), True))
            self.window.handle_event(Keyframes((0,)))
            self.window.show_snapshot(made_up.snapshot(config))

    def themes(self) -> None:
        for appearance in ("dark", "light"):
            self.window.apply_appearance(appearance)

    def formulations(self) -> None:
        for i in range(4):
            self.window.strip.choose(i)
        self.qtbot.wait(5)

    def docks(self) -> None:
        for dock in self.window.docks.docks.values():
            for is_floating in (True, False):
                dock.setFloating(is_floating)

    def menus(self) -> None:
        for view in list(self.window.docks.views.values())[:4]:
            place = QPoint(20, 20)
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place))
            QTimer.singleShot(20, self.close_others)
            QApplication.sendEvent(view, event)
            self.qtbot.wait(5)
        self.close_others()

    def banner(self) -> None:
        for n in range(3):
            self.window.banner.say(f"Sentence {n}.", action="Do it", does=lambda: None)
        self.window.banner.hide()


def counted() -> Counter[str]:
    """Return how many objects of each class the windows have."""
    for _ in range(2):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        QTest.qWait(150)  # movements of the style end by themselves
    found = Counter(one.metaObject().className() for one in QApplication.topLevelWidgets())
    for window in QApplication.topLevelWidgets():
        found.update(one.metaObject().className() for one in window.findChildren(QObject))
    return found


ACTS = (
    Hand.dialogs, Hand.guide, Hand.export, Hand.workspaces, Hand.lanes, Hand.restarts, Hand.themes, Hand.formulations,
    Hand.docks, Hand.menus, Hand.banner,
)  # fmt: skip


def left_by(hand: Hand, acts: Iterable[Callable[[Hand], None]]) -> Counter[str]:
    """Return what there is more of after acts than before."""
    before = counted()
    for act in acts:
        for _ in range(TIMES):
            act(hand)
    return counted() - before


def test_nothing_is_left_of_what_is_done_again(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window(made_up.run_config())
    made_up.show_in(window)
    hand = Hand(window, qtbot)
    for act in ACTS:
        for _ in range(FIRST):
            act(hand)
    if left_by(hand, ACTS):
        assert {act.__name__: left for act in ACTS if (left := left_by(hand, (act,)))} == {}
        raise AssertionError("what one act leaves lasts until another one")

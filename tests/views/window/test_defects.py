"""What nobody has foreseen is said in the window, also where another thread than the window's has failed."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QThread, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from ganviz.app import Session
from ganviz.views.window.dialogs import confirm_restart


class Failing(QThread):
    """Fails in a thread of Qt's, as the one that supervises the process that trains might."""

    def run(self) -> None:
        raise RuntimeError("torn")


@pytest.mark.qt_no_exception_capture
def test_a_defect_in_another_thread_is_said_by_the_windows(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window's widgets were touched in the thread that had failed, which ended the program."""
    monkeypatch.setenv("GANVIZ_IN_PROCESS", "1")
    monkeypatch.setattr("sys.excepthook", lambda *_: None)
    session = Session()
    said: list[tuple[str, threading.Thread]] = []
    monkeypatch.setattr(
        session.window.banner, "say", lambda text, **_: said.append((text, threading.current_thread()))
    )
    failing = Failing()
    try:
        failing.start()
        assert failing.wait(20_000)
        expected = ("A defect (RuntimeError: torn). The details are in the log.", threading.main_thread())
        qtbot.waitUntil(lambda: expected in said, timeout=20_000)
        assert [text for text, _ in said if "torn" in text] == [expected[0]]
    finally:
        session.window.close_unasked()
        session.leave()


C_ERRORS = {
    "zero": (lambda: 1 / 0, ZeroDivisionError),
    "list": (lambda: [][0], IndexError),
    "key": (lambda: {}["x"], KeyError),
    "array": (lambda: np.zeros(3)[7], IndexError),
    "number": (lambda: float("x"), ValueError),
}


@pytest.mark.qt_no_exception_capture
@pytest.mark.parametrize("kind", C_ERRORS)
def test_what_c_raises_in_what_qt_calls_reaches_the_caller(kind: str, qtbot: QtBot) -> None:
    """On Python 3.11 PySide read such an error's message as an object, and the process died."""
    fail, error = C_ERRORS[kind]
    with pytest.raises(error):
        _Failing(fail).resize(30, 30)


class _Failing(QWidget):
    """Fails when it is resized."""

    __module__ = "ganviz.views.made_up"

    def __init__(self, fail: Callable[[], object]) -> None:
        super().__init__()
        self._fail = fail
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.oldSize().isValid():
            self._fail()


def test_a_question_that_was_answered_stands_a_change_of_the_theme(qtbot: QtBot) -> None:
    """Its check box had gone with the function that asked, while it was there until events were next served."""
    window = QWidget()
    qtbot.addWidget(window)
    QTimer.singleShot(0, lambda: QApplication.activeModalWidget().reject())
    assert confirm_restart(window) == ("", False)
    (box,) = window.findChildren(QMessageBox)
    QApplication.sendEvent(box, QEvent(QEvent.Type.StyleChange))
    assert box.checkBox().text() == "Do not ask again"

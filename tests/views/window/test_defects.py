"""What nobody has foreseen is said in the window, also where another thread than the window's has failed."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from ganviz.app import Session


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

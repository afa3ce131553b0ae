"""Signals are told by Qt's loop, once; the code that they interrupt never notices."""

from __future__ import annotations

import os
import signal
import sys

import pytest
from pytestqt.qtbot import QtBot

from ganviz.worker.end_signals import EndSignals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_told_by_the_loop(qtbot: QtBot, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    signals, told = EndSignals(), []
    signals.arrived.connect(told.append)
    os.kill(os.getpid(), number)  # no exception here
    assert told == []
    assert signal.getsignal(number) == signal.SIG_DFL, "a second one ends the program"
    qtbot.waitUntil(lambda: told == [number])
    signals.stop()
    assert signal.getsignal(number) == before

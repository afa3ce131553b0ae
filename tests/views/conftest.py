"""Views without an engine: made-up snapshots and pictures of views."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import numpy as np
import pytest
from PySide6.QtCore import QSettings, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganviz.training.config import RunConfig
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.plot_export import view_image
from ganviz.views.window.main_window import MainWindow
from ganviz.views.window.memory import WindowMemory

sys.path.insert(0, str(Path(__file__).parent))

SLICE_MS = 10


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Return pytest-qt's fixture with a ``wait`` that the window has its rounds in, however busy the machine is.

    A resize is answered in several rounds, some of them begun by a timer of some milliseconds. Where the first round
    takes as long as the whole wait, the others would not come.
    """
    wait = qtbot.wait

    def in_slices(ms: int) -> None:
        for _ in range(max(1, round(ms / SLICE_MS))):
            wait(min(ms, SLICE_MS))

    qtbot.wait = in_slices
    return qtbot


@pytest.fixture
def own_letters(qapp: QApplication) -> Iterator[None]:
    """Give the program its letters back, which a test makes larger."""
    font = qapp.font()
    yield
    qapp.setFont(font)


@pytest.fixture
def pixels(qapp: object) -> Callable[..., np.ndarray]:
    """Return a function that paints a view and returns its pixels ``[height, width, 3]``."""

    def paint(view: AbstractPaintedView, width: int = 480, height: int = 320) -> np.ndarray:
        image = view_image(view, QSize(width, height), view.theme)
        image = image.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(bytes(image.constBits()), dtype=np.uint8).reshape(height, image.bytesPerLine())
        return rows[:, : 3 * width].reshape(height, width, 3).copy()

    return paint


@pytest.fixture
def calls_of() -> Callable[[Callable[[], object]], int]:
    """Return a function that counts which functions of ganviz something calls."""

    def counted(act: Callable[[], object]) -> int:
        calls = 0

        def count(frame: FrameType, event: str, argument: object) -> None:
            nonlocal calls
            calls += event == "call" and "ganviz" in Path(frame.f_code.co_filename).parts

        sys.setprofile(count)
        try:
            act()
        finally:
            sys.setprofile(None)
        return calls

    return counted


@pytest.fixture(autouse=True)
def _nothing_remembered(qapp: object) -> None:
    QSettings(QSettings.defaultFormat(), QSettings.Scope.UserScope, "ganviz", "ganviz").clear()


@pytest.fixture
def open_window(qtbot: QtBot) -> Callable[..., MainWindow]:
    def opened(config: RunConfig | None = None) -> MainWindow:
        window = MainWindow(config or RunConfig(), 400.0, WindowMemory())
        window.commands = []
        window.command_requested.connect(window.commands.append)
        qtbot.addWidget(window)
        window.resize(1440, 900)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        window.setFocus()
        qtbot.wait(60)  # the docks are laid out in several rounds
        return window

    return opened

"""Releases of Qt's bindings and pyqtgraph that must not slip in: see the dependencies in pyproject.toml."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QObject, QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

N_REDRAWS = 300
N_EMITS = 50_000
IMMORTAL = sys.version_info >= (3, 12)


@pytest.fixture
def plot(qtbot: QtBot) -> pg.PlotWidget:
    widget = pg.PlotWidget()
    qtbot.addWidget(widget)
    widget.resize(300, 200)
    widget.show()
    return widget


# A faulty binding drops references at nearly every call, until none is left and the process aborts. Too many are
# harmless: Qt's drawText keeps a few that it need not, in sound releases too.
TOLERATED_LOSS = 1_000


def lost_references(before: tuple[int, int]) -> int:
    return max(then - now for then, now in zip(before, n_references(), strict=True))


def n_references() -> tuple[int, int]:
    return sys.getrefcount(None), sys.getrefcount(True)


@pytest.mark.skipif(IMMORTAL, reason="None is immortal from Python 3.12 on")
def test_redrawing_keeps_the_references_to_none(plot: pg.PlotWidget) -> None:
    curve = plot.plot(pen="r")
    image = pg.ImageItem()
    plot.addItem(image)
    rng = np.random.default_rng(0)
    before = n_references()
    for _ in range(N_REDRAWS):
        curve.setData(rng.normal(size=50))
        image.setImage(rng.normal(size=(8, 8)), autoLevels=True)
        plot.repaint()
        QApplication.processEvents()
        assert lost_references(before) < TOLERATED_LOSS


class _Emitter(QObject):
    fired = Signal(int)


def test_emitting_keeps_the_references_to_none_and_true(qapp: QApplication) -> None:
    emitter = _Emitter()
    received: list[int] = []
    emitter.fired.connect(received.append)
    before = n_references()
    for number in range(N_EMITS):
        emitter.fired.emit(number)
        assert IMMORTAL or lost_references(before) < TOLERATED_LOSS
    assert len(received) == N_EMITS


def test_svg_of_a_plot_is_xml_with_its_curve(plot: pg.PlotWidget, tmp_path: Path) -> None:
    plot.plot(np.linspace(0, 1, 50), np.sin(np.linspace(0, 9, 50)), pen="b", symbol="o")
    plot.setTitle("loss <D & G>")
    QApplication.processEvents()
    path = tmp_path / "plot.svg"
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setResolution(plot.logicalDpiX())
    generator.setSize(QSize(300, 200))
    generator.setViewBox(QRectF(0, 0, 300, 200))
    painter = QPainter(generator)
    plot.render(painter)
    painter.end()
    root = ElementTree.parse(path).getroot()
    drawn = [element for element in root.iter() if element.tag.endswith(("path", "polyline"))]
    assert root.tag.endswith("svg")
    assert len(drawn) > 10

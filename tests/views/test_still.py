"""What is kept from one picture to the next: on screen alone, and as long as nothing in it changes."""

from __future__ import annotations

import dataclasses

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.plot_export import view_image
from ganviz.views.controls import elided
from ganviz.views.controls.elided import Elided
from ganviz.views.look.theme import DARK
from ganviz.views.pictures.plane_view import PlaneView
from ganviz.views.plot.plotting import painting_on
from ganviz.views.plot.still import Still
from ganviz.views.plot.wide_painter import WidePainter

SIZE = QSize(460, 430)


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()).copy()


def renamed(snapshot: Snapshot) -> Snapshot:
    lanes = tuple(dataclasses.replace(one, label="another name") for one in snapshot.config.lanes)
    return dataclasses.replace(snapshot, config=dataclasses.replace(snapshot.config, lanes=lanes))


@pytest.mark.parametrize("formulations", [("non_saturating",), ("saturating", "wgan_gp")])
def test_the_plane_on_screen_is_the_one_that_is_painted_at_once(qtbot, formulations):
    """Each change shows: another step, theme, layer, name of a lane, look; pictures for files keep nothing."""
    view, config = PlaneView(), made_up.run_config("ring", formulations)
    qtbot.addWidget(view)
    view.resize(SIZE)
    view.show()
    view.show_snapshot(made_up.snapshot(config, step=3000))
    view.canvas.grab()
    view.canvas.make_sheet()
    changes = [
        lambda: None,
        lambda: view.show_snapshot(made_up.snapshot(config, step=4000)),
        lambda: view.apply_theme(DARK),
        lambda: view.set_layer("surface", is_on=False),
        lambda: view.show_snapshot(renamed(made_up.snapshot(config, step=4000))),
        lambda: view.canvas.sheet.box.zoom(0.5),
        lambda: view.resize(SIZE / 1.3),
    ]
    for change in changes:
        change()
        on_screen = pixels(view.canvas.grab().toImage())
        at_once = pixels(view_image(view, view.canvas.size(), view.theme))
        np.testing.assert_array_equal(on_screen, at_once)


def test_what_is_kept_has_lines_as_wide_as_what_is_painted_over_it():
    still, widths = Still(), []
    for share in (1.0, 1.5, 1.5, 1.0):
        shown = QPixmap(20, 20)
        with painting_on(shown, WidePainter(share)) as painter:

            def draw(own):
                own.setPen(QPen(QColor("black"), 4.0))
                own.drawLine(QPointF(-5, 10), QPointF(25, 10))

            still.paint(painter, QRectF(0, 0, 20, 20), "lines", QColor("white"), draw)
        widths.append(int((pixels(shown.toImage())[:, 10] == 0xFF000000).sum()))
    assert widths == [4, 6, 6, 4]


class Layouts(QObject):
    """Counts how often a widget is asked to lay out anew."""

    n = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.n += event.type() == QEvent.Type.LayoutRequest
        return False


def test_another_sentence_in_the_status_line_lays_nothing_out(qtbot):
    window, line, count = QWidget(), Elided("one"), Layouts()
    QHBoxLayout(window).addWidget(line)
    window.resize(300, 60)
    qtbot.addWidget(window)
    window.show()
    QCoreApplication.processEvents()
    window.installEventFilter(count)
    height = line.sizeHint().height()
    before = pixels(line.grab().toImage())
    line.setText("quite another sentence, which is longer")
    QCoreApplication.processEvents()
    assert (line.text(), count.n) == ("quite another sentence, which is longer", 0)
    assert line.accessibleDescription() == line.text()
    assert (
        line.sizeHint().height() == height == Elided("x").sizeHint().height() == Elided().sizeHint().height()
    )
    assert (pixels(line.grab().toImage()) != before).any()


def test_a_screen_reader_is_told_of_a_line_that_changes_all_the_time_now_and_then(qtbot, monkeypatch):
    monkeypatch.setattr(elided, "is_heard", lambda: True)
    monkeypatch.setattr(elided, "HEARD_MS", 60)
    line = Elided("one")
    qtbot.addWidget(line)
    for text in ("two", "three", "four"):
        line.say(text)
    assert (line.text(), line.accessibleDescription()) == ("four", "two")
    qtbot.waitUntil(lambda: line.accessibleDescription() == "four")
    line.say("five")
    assert line.accessibleDescription() == "four"
    qtbot.waitUntil(lambda: line.accessibleDescription() == "five")


def test_where_none_is_there_a_line_can_be_asked_for_at_any_time(qtbot):
    line = Elided("one")
    qtbot.addWidget(line)
    for text in ("two", "three"):
        line.say(text)
        assert line.accessibleDescription() == text

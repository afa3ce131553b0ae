"""Pictures that are painted one in each turn of the event loop."""

from __future__ import annotations

import itertools

import made_up
import pytest
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.look.grown import grow
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.metrics_view import MetricsView
from ganviz.views.plot.kept import Kept, in_turns
from ganviz.views.plot.plotting import painting_on

TICK = "tick"


def lived(ms: int) -> None:
    """Leave the thread to the event loop."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def test_between_two_views_of_a_snapshot_others_have_their_turn_and_a_hand_waits_for_none(
    qapp: object,
) -> None:
    window, views = QWidget(), [LossesView(), MetricsView(), MetricsView()]
    row, noted = QHBoxLayout(window), list[str]()
    for view in views:
        row.addWidget(view)
        view.show_snapshot(made_up.snapshot(made_up.run_config("ring")))
    window.resize(900, 300)
    window.show()
    lived(100)
    for i, view in enumerate(views):
        view.paint_canvas = lambda *_, name=str(i): noted.append(name)  # type: ignore[method-assign, misc]
    timer = QTimer()
    timer.timeout.connect(lambda: noted.append(TICK))
    timer.start(0)
    with in_turns():
        for view in (*views, views[0]):
            view.redraw()
    lived(50)
    at = [i for i, one in enumerate(noted) if one != TICK]
    assert [noted[i] for i in at] == ["0", "1", "2"]
    assert all(TICK in noted[one:other] for one, other in itertools.pairwise(at))
    noted.clear()
    for view in views:
        view.redraw()
    lived(50)
    at = [i for i, one in enumerate(noted) if one != TICK]
    assert at[2] - at[0] == 2, "all in one go"
    timer.stop()
    window.close()


class Regions(QObject):
    """Notes what paint events draw of a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.noted: list[QRegion] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.noted.append(event.region())
        return False


@pytest.mark.parametrize("cls", [LossesView, MetricsView])
def test_a_paint_event_of_a_part_before_the_turn_leaves_nothing_old_on_the_screen(
    qapp: object, cls: type[AbstractPaintedView]
) -> None:
    """What a list had covered was drawn anew, and all else stayed as it had been: key 1's formula below key 2."""
    view = cls()
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring")))
    view.resize(500, 300)
    view.show()
    lived(100)
    sheet = getattr(view.canvas, "sheet", None)
    shown = view.canvas if sheet is None else sheet.viewport()
    regions = Regions(shown)
    for _ in range(50):  # a slow machine is not done with the first pictures yet
        n = len(regions.noted)
        lived(50)
        if len(regions.noted) == n:
            break
    regions.noted.clear()
    with in_turns():
        view.redraw()
    shown.repaint(QRect(0, 0, 20, 20))
    assert [region.boundingRect() for region in regions.noted] == [QRect(0, 0, 20, 20)]
    lived(50)
    assert shown.visibleRegion().subtracted(regions.noted[-1]).isEmpty()
    n = len(regions.noted)
    lived(50)
    assert len(regions.noted) == n, "it is asked for once"
    view.close()


@pytest.mark.parametrize(("factor", "thickness"), [(0.8, 4), (1.0, 4), (1.5, 6), (2.0, 8)])
def test_lines_on_the_screen_grow_with_letters(qapp: object, factor: float, thickness: int) -> None:
    widget = QWidget()
    widget.resize(20, 20)

    def paint(painter: QPainter, area: QRectF) -> None:
        painter.fillRect(area, Qt.GlobalColor.white)
        painter.setPen(QPen(QColor("black"), 4.0))
        painter.drawLine(QPointF(-5, 10), QPointF(25, 10))

    kept = Kept(widget, paint, widget.update)
    grow(qapp, factor)
    try:
        kept.make(QRegion())
    finally:
        grow(qapp, 1.0)
    shown = QImage(20, 20, QImage.Format.Format_RGB32)
    with painting_on(shown) as painter:
        kept.draw(painter)
    assert sum(shown.pixelColor(10, y).black() > 128 for y in range(20)) == thickness

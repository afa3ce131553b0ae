"""Pictures that are painted one in each turn of the event loop."""

from __future__ import annotations

import itertools

import made_up
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.metrics_view import MetricsView
from ganviz.views.plot.kept import in_turns

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

"""The Dirac game under the hand: the start is dragged, settings are typed, and the words say what is seen."""

from __future__ import annotations

import dataclasses
import math

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from test_touched_charts import drag, send

from ganviz.training.optimizers import OPTIMIZERS
from ganviz.training.probes.dirac import DiracSettings
from ganviz.training.rules import RULES
from ganviz.views.bases.plot_export import view_image
from ganviz.views.pictures import dirac_drawing
from ganviz.views.pictures.dirac_course import step_words
from ganviz.views.pictures.dirac_view import TOO_LOW, DiracView
from ganviz.views.plot.plotting import number


@pytest.fixture
def view(qtbot):
    made = DiracView()
    qtbot.addWidget(made)
    made.resize(900, 520)
    made.show()
    qtbot.waitExposed(made)
    made.show_snapshot(made_up.snapshot(made_up.run_config("ring", ("non_saturating", "wgan_gp"))))
    qtbot.waitUntil(lambda: made.canvas.sheet is not None)
    QTest.qWait(50)
    yield made
    assert (made.canvas.sheet.paper.failure, made.canvas.sheet.overlay.failure) == (None, None)


def pixel(view, theta, psi):
    frame = view.frames(view.canvas.rect().toRectF())[0]
    return QPointF(round(frame.x.pixel(theta)), round(frame.y.pixel(psi)))


def test_the_start_is_dragged_and_elsewhere_a_box_is_zoomed(view, qtbot):
    sheet = view.canvas.sheet
    with qtbot.waitSignal(view.needs_changed):
        drag(sheet, pixel(view, 1, 1), pixel(view, -0.5, 0.25))
    (probe,) = view.needs()
    assert (probe.settings.theta, probe.settings.psi) == pytest.approx((-0.5, 0.25), abs=0.02)
    assert view._form.spec == probe.settings
    whole = view.frames(view.canvas.rect().toRectF())[0].x
    drag(sheet, pixel(view, -1, -1), pixel(view, 0, -0.2))
    frame = view.frames(view.canvas.rect().toRectF())[0]
    assert frame.x.high - frame.x.low < 0.6 * (whole.high - whole.low)
    assert view.needs() == (probe,)


def test_the_keyboard_alone_asks_for_every_start_rule_and_optimizer(view, qtbot):
    def field(name):
        (found,) = [one for one in view.findChildren(QWidget) if one.accessibleName() == name]
        return found

    def settings():
        (probe,) = view.needs()
        return probe.settings

    start = field("Start θ")
    start.selectAll()
    qtbot.keyClicks(start, "0.5\r")
    assert settings() == DiracSettings(theta=0.5)
    for part, catalog in (("rule", RULES), ("optimizer", OPTIMIZERS)):
        menu = field(part.title())
        qtbot.keyClick(menu, Qt.Key.Key_Home)
        chosen = [getattr(settings(), part).key]
        for _ in range(len(catalog) - 1):
            qtbot.keyClick(menu, Qt.Key.Key_Down)
            chosen.append(getattr(settings(), part).key)
        assert chosen == list(catalog)
    assert settings().theta == 0.5


def test_words_say_what_eigenvalues_mean_and_why_there_is_no_game(view):
    first, second = view.lines()
    assert first[0].startswith("Non-saturating: steps of this size converge; distance 1.414 → ")
    assert second == ("WGAN-GP: There is no such game.",)
    view._of_field.click()
    assert view.lines()[0][-1] == "Non-saturating: converges"


def test_a_narrow_view_says_what_comes_before_the_colon(view):
    view._plays = dataclasses.replace(view._plays, verdicts=("circles: not locally convergent", "converges"))
    view._of_field.click()
    assert view.lines()[0][-1] == "Non-saturating: circles"


def test_the_nearest_step_is_read_at_the_pointer(view):
    send(
        view.canvas.sheet,
        QEvent.Type.MouseMove,
        pixel(view, 1, 1),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
    )
    (row,) = view.read_out(0, 1.0, 1.0).rows
    assert row.values[0].startswith("step 0: 1.0")
    assert view.read_out(1, 0.6, -0.8).title == "0.600 − 0.800 i"
    assert view.values().headings == ("lane", "step", "theta", "psi")


def test_one_looks_back_over_the_course(view, monkeypatch):
    """The slider goes over the game's own steps; at the end it stays there when the course gets longer."""
    drawn = []
    monkeypatch.setattr(dirac_drawing, "draw_markers", lambda painter, x, y, marker: drawn.append((x, y)))
    n, plays = view._plays.theta.shape[1] - 1, view._plays
    assert view.course.value() == view.course.maximum() == n
    view.course.setValue(n // 2)
    view_image(view, QSize(600, 500), view.theme)
    ends = [(x, y) for x, y in drawn if len(x) == 1]
    frame = view.frames(QRectF(0, 0, 600, 500))[0]
    assert ends[0][0][0] == pytest.approx(frame.x.pixel(plays.theta[0, n // 2]), abs=1)
    far = math.hypot(plays.theta[0, n // 2], plays.psi[0, n // 2])
    assert view._step.text() == step_words(n // 2, n) == f"step {n // 2} of {n}"
    assert f"→ {number(far)} in {n // 2}" in view.lines()[0][0]
    assert len(view.values().rows) == (n + 1) * len(plays.theta)  # the data are whole
    longer = dataclasses.replace(
        plays, theta=np.repeat(plays.theta, 2, axis=1), psi=np.repeat(plays.psi, 2, axis=1)
    )
    view.course.show_length(longer.theta.shape[1] - 1)
    assert view.course.value() == n // 2
    view.course.setValue(view.course.maximum())
    view.course.show_length(n)
    assert view.course.value() == n


def test_where_plots_would_be_all_labels_the_view_says_so(view, monkeypatch):
    said = []
    monkeypatch.setattr(type(view), "say", lambda self, painter, area, words, theme: said.append(words))
    view_image(view, QSize(440, 95), view.theme)
    assert said == [TOO_LOW]
    view_image(view, QSize(440, 260), view.theme)
    assert len(said) == 1

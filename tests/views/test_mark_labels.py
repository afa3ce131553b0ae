"""Where changes are named above a chart: never on each other, in full where there is room on one of two levels."""

from __future__ import annotations

import dataclasses

import made_up
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont

from ganviz.training.history import ChangeMark
from ganviz.views.bases.mark_labels import MarkLabel, levels_of_names, mark_labels
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.plot.plotting import Axis, Fonts, line_height, text_width

PLOT = QRectF(50, 50, 500, 100)
AXIS = Axis(0, 500, PLOT.left(), PLOT.right())
CROWDED = ((20, "WGAN-GP"), (130, "Saturating"), (240, "NS + R1"))


def named(marks: list[ChangeMark], n_levels: int) -> list[MarkLabel]:
    """Return the labels above :data:`PLOT`, none of which lie on each other or on a line."""
    fonts = Fonts.of(QFont())
    found = mark_labels(PLOT, AXIS, marks, fonts, n_levels)
    told = [one for one in found if one.text]
    for one in told:
        assert not any(one.box.intersects(other.box) for other in told if other is not one)
        reaching = [
            other.at for other in found if other.level >= one.level and (one.level == 0 or other is not one)
        ]
        assert not any(one.box.left() - 5 < at < one.box.right() + 5 for at in reaching)
        assert one.level == 1 or one.box.bottom() <= PLOT.top()
    return found


def test_a_new_mark_has_its_label_where_there_is_room(qapp):
    """Left of a line at the right edge, right of it where the left is taken."""
    fonts = Fonts.of(QFont())
    marks = [ChangeMark(step, None, "Non-saturating → Saturating", True) for step in (100, 490, 495)]
    first, second, third = named(marks, 1)
    assert (first.text, second.text, third.text) == (marks[0].label, marks[1].label, "")
    assert first.box.left() > first.at
    assert first.box.left() + text_width(fonts.tick, marks[0].label) < second.box.left()
    assert second.box.right() < second.at
    (alone,) = named(marks[:1], 1)  # the heading of the margin begins LEAD_PX right of the plot
    assert alone.box.right() < PLOT.right()
    crowded = [ChangeMark(step, None, f"Hinge → {name} · optimizer reset", True) for step, name in CROWDED]
    assert [one.text for one in named(crowded, 1)] == [
        *[f"→ {name}" for _, name in CROWDED[:-1]],
        crowded[-1].label,
    ]


def test_names_of_close_marks_stand_on_two_levels_in_full(qapp):
    """None is cut as long as it has room for itself on either level."""
    whose = "learning rate of G 0.002 → 0.001"
    for steps in ((100, 110), (480, 490), (5, 15), (250, 252), (470, 480, 490)):
        found = named([ChangeMark(step, 0, f"{whose}{i}", False) for i, step in enumerate(steps)], 2)
        in_full = [i for i, one in enumerate(found) if one.text == f"{whose}{i}"]
        assert len(in_full) == 2, steps
        assert in_full[-1] == len(steps) - 1, "the newest"
    crowded = [ChangeMark(step, None, f"Hinge → {name} · optimizer reset", True) for step, name in CROWDED]
    assert [one.text for one in named(crowded, 2)] == ["→ WGAN-GP", *(mark.label for mark in crowded[1:])]
    tall, low = PLOT, QRectF(50, 50, 500, 60)
    fonts = Fonts.of(QFont())
    assert [levels_of_names(plot, AXIS, crowded, fonts) for plot in (tall, low)] == [2, 1]
    assert levels_of_names(tall, AXIS, crowded[:1], fonts) == 1


def test_a_second_level_of_names_lies_above_the_plot(qapp):
    view = LossesView()
    view.show_snapshot(made_up.snapshot(made_up.run_config()))
    close = [
        ChangeMark(step, None, "learning rate of the generator 0.002 → 0.001", False) for step in (900, 950)
    ]
    drawings = []
    for marks in (close[:1], close):
        view._trace = dataclasses.replace(view._trace, marks=tuple(marks))
        view.redraw()
        view_image(view, QSize(600, 400), LIGHT)
        drawings.append(view._chart.drawn)
    before, drawn = drawings
    assert {one.level for one in drawn.changes} == {0, 1}
    assert [one.text for one in drawn.changes] == [mark.label for mark in close]
    assert drawn.area.top() == before.area.top() + line_height(view.fonts().tick)
    assert drawn.area.bottom() == before.area.bottom()
    assert (drawn.y.start, drawn.y.end) == (drawn.area.bottom(), drawn.area.top())
    assert all(drawn.legend_area.bottom() <= one.box.top() for one in drawn.changes)

"""What a redraw costs (run with ``--benchmark-only --benchmark-enable``), and what it may not depend on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import made_up
import pytest
from PySide6.QtCore import QSize

from ganviz.training.history import ChangeMark
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.bases.plot_export import view_image
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import VIEWS
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.plot.caption import caption_lines


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_redraw(cls: type, qapp: object, benchmark: Callable[..., Any]) -> None:
    view = cls()
    is_large = cls.key in ("plane", "digits", "line")
    view.show_snapshot(made_up.snapshot(made_up.run_config(made_up.of_view(cls))))
    size = QSize(610, 610) if is_large else QSize(529, 190)
    assert benchmark(view_image, view, size, LIGHT).size() == size


def test_a_chart_draws_no_more_points_than_its_pixels_show(qapp: object) -> None:
    view = LossesView()
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=60_000))
    view_image(view, QSize(529, 190), LIGHT)
    drawn = view._chart.drawn
    assert drawn is not None
    assert all(len(one.steps) <= 529 / 1.8 + 3 for _, _, one in drawn.tracks)


def changed_so_often(n_changes: int) -> LossesView:
    """Return a chart, drawn once, of a run that was changed so often."""
    view, snapshot = LossesView(), made_up.snapshot(made_up.run_config("ring"), step=60_000)
    (probe, trace), *others = [r for r in snapshot.readings if isinstance(r[1], LossTrace)]
    marks = tuple(ChangeMark(60_000 * i // n_changes, 0, f"change {i}", True) for i in range(n_changes))
    readings = ((probe, dataclasses.replace(trace, marks=marks)), *others)
    view.show_snapshot(dataclasses.replace(snapshot, readings=readings))
    view_image(view, QSize(529, 190), LIGHT)
    return view


def test_a_run_that_was_changed_ten_thousand_times_is_drawn_like_one_changed_a_thousand_times(
    qapp: object, calls_of: Callable[..., int]
) -> None:
    def calls(n_changes: int) -> int:
        view = changed_so_often(n_changes)
        return calls_of(lambda: view_image(view, QSize(529, 190), LIGHT))

    assert calls(10_000) < 1.2 * calls(1_000)
    assert calls(1_000) < 5_000


def test_a_caption_is_wrapped_once_a_redraw(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    view, wrapped = LossesView(), []
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring")))
    view._shadows.setChecked(True)

    def count(*given: Any) -> list[str]:
        wrapped.append(caption_lines(*given))
        return wrapped[-1]

    monkeypatch.setattr("ganviz.views.bases.chart.caption_lines", count)
    view_image(view, QSize(600, 400), LIGHT)
    assert len(wrapped) == 1
    assert wrapped[0] == view._chart.drawn.caption

"""What a redraw costs (run with ``--benchmark-only --benchmark-enable``), and what it may not depend on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import made_up
import pytest
from PySide6.QtCore import QSize

from ganviz.views import VIEWS
from ganviz.views.losses_view import LossesView
from ganviz.views.plot_export import view_image
from ganviz.views.theme import LIGHT


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_redraw(cls: type, qapp: object, benchmark: Callable[..., Any]) -> None:
    view = cls()
    is_large = cls.key in ("plane", "digits")
    view.show_snapshot(made_up.snapshot(made_up.run_config("digits" if cls.key == "digits" else "ring")))
    size = QSize(610, 610) if is_large else QSize(529, 190)
    assert benchmark(view_image, view, size, LIGHT).size() == size


def test_a_chart_draws_no_more_points_than_its_pixels_show(qapp: object) -> None:
    view = LossesView()
    view.show_snapshot(made_up.snapshot(made_up.run_config("ring"), step=60_000))
    view_image(view, QSize(529, 190), LIGHT)
    drawn = view._chart.drawn
    assert drawn is not None
    assert all(len(one.steps) <= 529 / 1.8 + 3 for _, _, one in drawn.tracks)

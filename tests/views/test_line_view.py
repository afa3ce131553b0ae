"""The game on a line: where each lane's panels are."""

import made_up
import pytest
from PySide6.QtCore import QRectF

from ganviz.views.pictures.line_view import LineView


@pytest.mark.parametrize(
    ("n", "width", "height", "columns"),
    [(1, 560, 700, 1), (2, 560, 700, 2), (2, 420, 545, 2), (3, 560, 700, 2), (3, 900, 700, 3), (4, 420, 545, 2),
     (4, 900, 700, 2), (4, 1800, 900, 4), (4, 300, 1400, 1)],
)  # fmt: skip
def test_lanes_share_the_room_so_that_none_is_crowded(qtbot, n, width, height, columns):
    """Three thin ones stood beside each other, with the fourth below, and most of the view was empty."""
    view = LineView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(made_up.run_config("line", formulations=("non_saturating",) * n)))
    frames = view.frames(QRectF(0, 0, width, height))
    assert len({frame.area.left() for frame in frames}) == columns
    assert all(a == b or not a.area.intersects(b.area) for a in frames for b in frames)
    assert all(QRectF(0, 0, width, height).contains(frame.area) for frame in frames)

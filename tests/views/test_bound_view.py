"""What D has against what the best D would have: the range that is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from ganviz.views.pictures.bound_drawing import reach


@pytest.mark.parametrize("best", [0.18, 0.25])
def test_the_range_has_room_for_whole_dots(best):
    low, high, _ = reach(np.array([[0.25]]), np.array([[best]]), [0.25])
    assert low < best
    assert high > 0.25

"""Views without an engine: made-up snapshots and pictures of views."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from ganviz.views.canvas import AbstractPaintedView
from ganviz.views.plot_export import view_image

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def pixels(qapp: object) -> Callable[..., np.ndarray]:
    """Return a function that paints a view and returns its pixels ``[height, width, 3]``."""

    def paint(view: AbstractPaintedView, width: int = 480, height: int = 320) -> np.ndarray:
        image = view_image(view, QSize(width, height), view.theme)
        image = image.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(bytes(image.constBits()), dtype=np.uint8).reshape(height, image.bytesPerLine())
        return rows[:, : 3 * width].reshape(height, width, 3).copy()

    return paint

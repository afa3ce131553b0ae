"""Sizes of docks in a window, given later than they were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow


def resize_docks(
    window: QMainWindow, docks: Sequence[QDockWidget], sizes: Sequence[int], along: Qt.Orientation
) -> None:
    """Give docks these sizes, in pixels, as far as they are in the window: one may have been taken out meanwhile.

    A size is what others have left, which is nothing in a window of large letters on a small screen; Qt takes none.
    """
    known = [
        (dock, max(size, 1))
        for dock, size in zip(docks, sizes, strict=True)
        if window.dockWidgetArea(dock) != Qt.DockWidgetArea.NoDockWidgetArea
    ]
    if known:
        window.resizeDocks([dock for dock, _ in known], [size for _, size in known], along)

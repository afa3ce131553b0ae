"""How high docks stand above each other, kept with the layout of a workspace: Qt takes all of a change from one."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganviz.spec import UNFIT
from ganviz.views.controls.tab_bars import tab_bars
from ganviz.views.window.dock_sizes import resize_docks
from ganviz.views.window.memory import WindowMemory


def seen_heights(docks: Mapping[str, QDockWidget]) -> dict[str, int]:
    """Return how high the docks are that can be seen in the window."""
    shown = [dock for dock in docks.values() if not dock.isFloating() and not dock.visibleRegion().isEmpty()]
    return {dock.objectName(): dock.height() for dock in shown}


def keep_heights(memory: WindowMemory, key: str, docks: Mapping[str, QDockWidget]) -> None:
    """Keep the heights that docks have in a workspace."""
    memory.keep_text(f"heights_{key}", json.dumps(seen_heights(docks)))


def kept_heights(memory: WindowMemory, key: str) -> dict[str, int]:
    """Return the heights that docks had in a workspace; none where that is not known."""
    try:
        found = json.loads(memory.text(f"heights_{key}", "{}"))
        return {str(name): int(height) for name, height in found.items() if int(height) > 0}
    except UNFIT:
        return {}


def share(window: QMainWindow, docks: Mapping[str, QDockWidget], heights: Mapping[str, int]) -> None:
    """Give docks that stand above each other the shares of the height that these heights have."""
    layout = window.layout()
    assert layout is not None
    layout.activate()
    columns: dict[int, list[QDockWidget]] = {}
    for key in seen_heights(docks):
        if key in heights:
            columns.setdefault(docks[key].x(), []).append(docks[key])
    resized: list[QDockWidget] = []
    parts: list[int] = []
    for column in columns.values():
        room = sum(dock.height() for dock in column)
        of_all = sum(heights[dock.objectName()] for dock in column)
        resized += column
        parts += [
            max(1, round(room * heights[dock.objectName()] / of_all)) + _tabs_px(window, dock)
            for dock in column
        ]
    resize_docks(window, resized, parts, Qt.Orientation.Vertical)  # at once: each call undoes those before
    layout.invalidate()  # which Qt forgets
    layout.activate()


def _tabs_px(window: QMainWindow, dock: QDockWidget) -> int:
    """Return the height of the tabs below a dock, which Qt counts with it; 0 where there are none."""
    bars = tab_bars(window)
    below = [bar for bar in bars if bar.isVisible() and bar.geometry().top() == dock.geometry().bottom() + 1]
    return next((bar.height() for bar in below if bar.x() == dock.x()), 0)

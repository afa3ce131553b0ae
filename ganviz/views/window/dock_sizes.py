"""Sizes of docks in a window: given later than they were asked for, and shared among those above each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganviz.views.controls.tab_bars import tab_bars


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


def is_seen(dock: QDockWidget) -> bool:
    """Return whether a dock is in its window and not behind others."""
    return not dock.isFloating() and dock.isVisible() and not dock.visibleRegion().isEmpty()


def needed_height(window: QMainWindow) -> int:
    """Return how high a window has to be for all that is open in it: where it is lower, docks lie over bars."""
    layout = window.layout()
    assert layout is not None
    layout.activate()  # else docks count that have just been hidden
    return layout.totalMinimumSize().height()


def lowest_row(docks: Mapping[str, QDockWidget]) -> list[str]:
    """Return the docks that stand lowest, behind each other, in the column that needs most; none where all are single.

    Those that are covered count, too, so they are found by where they are: Qt keeps tabs that are behind far outside.
    """
    front = [one for one in docks.values() if one.isVisible() and not one.isFloating() and one.x() >= 0]

    def need(dock: QDockWidget) -> int:
        return sum(one.minimumSizeHint().height() for one in (dock, *above(dock)))

    def above(dock: QDockWidget) -> list[QDockWidget]:
        sides = dock.x(), dock.x() + dock.width()
        return [o for o in front if o.y() < dock.y() and o.x() < sides[1] and sides[0] < o.x() + o.width()]

    lowest = max(filter(above, front), key=need, default=None)
    if lowest is None:
        return []
    window = lowest.parentWidget()
    behind = window.tabifiedDockWidgets(lowest) if isinstance(window, QMainWindow) else []
    return [one.objectName() for one in (lowest, *behind)]


def seen_heights(docks: Mapping[str, QDockWidget]) -> dict[str, int]:
    """Return how high the docks are that can be seen in the window."""
    return {dock.objectName(): dock.height() for dock in docks.values() if is_seen(dock)}


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

"""Sizes of docks from before one of them floated: Qt shares the room anew when it comes back to a column of its own."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganviz.spec.frozen import dataclass
from ganviz.views.window.dock_sizes import is_seen, resize_docks, share


@dataclass(frozen=True, slots=True)
class DockedSizes:
    """Which docks were to be seen in a window of this size, each with its own."""

    window: QSize
    docks: tuple[QDockWidget, ...]
    sizes: tuple[QSize, ...]

    @classmethod
    def of(cls, window: QMainWindow, docks: Iterable[QDockWidget], leaving: QDockWidget) -> DockedSizes:
        """Return the sizes of all docks that are seen, and of one that is just leaving."""
        seen = tuple(dock for dock in docks if dock is leaving or is_seen(dock))
        return cls(window.size(), seen, tuple(dock.size() for dock in seen))

    def give(self, window: QMainWindow) -> None:
        """Give the docks their sizes again, where all of them, in a window as large, are seen again and no others."""
        others = (one for one in window.findChildren(QDockWidget) if one not in self.docks)
        if window.size() != self.window or any(map(is_seen, others)) or not all(map(is_seen, self.docks)):
            return
        resize_docks(window, self.docks, [one.width() for one in self.sizes], Qt.Orientation.Horizontal)
        named = {dock.objectName(): dock for dock in self.docks}
        share(window, named, {name: one.height() for name, one in zip(named, self.sizes, strict=True)})

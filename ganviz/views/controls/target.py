"""Which lanes the person means: one choice, which the buttons of formulations, the settings and keys share."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

ALL_LANES = -1


class Target(QObject):
    """A lane, or all of them; GUI thread only."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)  # with which the connections of its signal go
        self.lane = ALL_LANES

    def choose(self, lane: int) -> None:
        """Mean a lane from now on, or all with ``ALL_LANES``."""
        if lane != self.lane:
            self.lane = lane
            self.changed.emit()

    def removed(self, lane: int) -> None:
        """Mean the same lane where one before it goes; all where it goes itself."""
        if lane == self.lane:
            self.choose(ALL_LANES)
        elif lane < self.lane:
            self.choose(self.lane - 1)

    def limit(self, n_lanes: int) -> None:
        """Mean all where there is no such lane."""
        if self.lane >= n_lanes:
            self.choose(ALL_LANES)

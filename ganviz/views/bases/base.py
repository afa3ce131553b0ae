"""What a view of a run is: a widget that names its needs and draws the snapshot that answers them."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.look.theme import Theme


class AbstractSnapshotView(QWidget):
    """A view draws from a snapshot and from nothing else; GUI thread only.

    Class attributes ``key`` (for files and the command line) and ``title`` (for docks and menus).
    """

    key: ClassVar[str]
    title: ClassVar[str]
    short_title: ClassVar[str] = ""
    """For tabs that have no room for the title; none where that is short already."""

    is_of_looks: ClassVar[bool] = False
    """Whether it draws what several looks have measured, as at the keyframes of a file."""

    needs_changed = Signal()
    """Emitted when :meth:`needs` returns something else than before (a layer was switched on)."""
    told = Signal(str)
    """Emitted with a sentence on what was done, or why it was not, where the view does not show it."""

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the probes whose readings the next snapshot should carry for this view."""
        raise NotImplementedError

    @classmethod
    def supports(cls, config: RunConfig) -> bool:
        """Return whether the view has a meaning for this run."""
        return True

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw a snapshot; a reading that is missing leaves what is drawn."""
        raise NotImplementedError

    def clear(self) -> None:
        """Draw nothing, as before the first snapshot."""
        raise NotImplementedError

    def apply_theme(self, theme: Theme) -> None:
        """Redraw in the colors of ``theme``."""
        raise NotImplementedError

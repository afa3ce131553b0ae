"""Views in front that have nothing to show for the data give way to one behind them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganviz.training.config import RunConfig
from ganviz.views.bases.base import AbstractSnapshotView
from ganviz.views.window.dock_sizes import is_seen


class GivingWay(QObject):
    """Brings forward what has something to show, and what gave way once it has, too; GUI thread only.

    It looks when other data come and when a workspace is laid out, so that whoever chooses a tab keeps it.
    """

    def __init__(
        self, window: QMainWindow, docks: Mapping[str, QDockWidget], views: Mapping[str, AbstractSnapshotView]
    ) -> None:
        super().__init__(window)
        self._window, self._docks, self._views = window, docks, views
        self._config: RunConfig | None = None
        self._instead: dict[str, str] = {}
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._look)

    def show_config(self, config: RunConfig) -> None:
        """Look anew where the data are others."""
        before, self._config = self._config, config
        if before is None or before.distribution != config.distribution:
            self.laid_out()

    def laid_out(self) -> None:
        """Look once all docks have found their places."""
        self._later.start(0)

    def leave(self) -> None:
        """Put in front again what gave way: the layout that is kept is for all data."""
        self._later.stop()
        for key, other in self._instead.items():
            self._change(other, key)
        self._instead = {}

    def _look(self) -> None:
        for key, other in tuple(self._instead.items()):
            if self._fits(key):
                self._change(other, key)
                del self._instead[key]
        for key in self._views:
            has_nothing = is_seen(self._docks[key]) and not self._fits(key)
            if has_nothing and (behind := self._behind(key)) is not None:
                self._change(key, behind)
                self._instead[key] = behind

    def _fits(self, key: str) -> bool:
        return self._config is None or type(self._views[key]).supports(self._config)

    def _behind(self, key: str) -> str | None:
        """Return the first view behind this one that has something to show."""
        others = [one.objectName() for one in self._window.tabifiedDockWidgets(self._docks[key])]
        return next((one for one in others if one in self._views and self._fits(one)), None)

    def _change(self, front: str, behind: str) -> None:
        """Bring a view forward, if the one that it stands behind is still the one that is seen."""
        if is_seen(self._docks[front]) and not self._docks[behind].isHidden():
            self._docks[behind].raise_()

"""The docks of the main window: settings and one dock a view."""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWidget

from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views import VIEWS
from ganviz.views.base import AbstractSnapshotView
from ganviz.views.canvas import AbstractPaintedView
from ganviz.views.chart_canvas import AbstractChartView
from ganviz.views.theme import Theme

LAYOUT_VERSION = 1
PLACED = {"settings", "plane", "digits", "losses", "total_loss", "loss_shape", "score_histogram", "metrics"}
"""Views that have a place of their own at first; others stand behind the measures."""
FIRST_CLOSED = ("score_histogram",)


class ViewDocks(QObject):
    """Makes, arranges and feeds the docks; GUI thread only."""

    needs_changed = Signal()
    """Emitted when a view was shown or hidden or needs something else."""
    export_wished = Signal(str)
    copy_wished = Signal(str)

    def __init__(self, window: QMainWindow, settings: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.views: dict[str, AbstractSnapshotView] = {}
        self.docks: dict[str, QDockWidget] = {}
        self._snapshot: Snapshot | None = None
        self._seen: set[str] = set()
        self._also: tuple[str, ...] = ()
        self._is_image: bool | None = None
        window.setDockNestingEnabled(True)
        self._add("settings", "Settings", settings)
        for cls in VIEWS:
            view = cls()
            self.views[cls.key] = view
            dock = self._add(cls.key, cls.title, view)
            dock.visibilityChanged.connect(functools.partial(self._visibility_changed, cls.key))
            dock.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            dock.customContextMenuRequested.connect(functools.partial(self._show_menu, dock, cls.key))
            view.needs_changed.connect(self.needs_changed)
        self._link_cursors()

    def _add(self, key: str, title: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(key)
        dock.setWidget(widget)
        dock.setAccessibleName(title)
        self.docks[key] = dock
        return dock

    def _show_menu(self, dock: QDockWidget, key: str, at: QPoint) -> None:
        menu = QMenu(dock)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, signal in (
            ("Export this plot …", self.export_wished),
            ("Copy this plot", self.copy_wished),
        ):
            action = QAction(text, menu)
            action.triggered.connect(lambda _=False, s=signal: s.emit(key))
            menu.addAction(action)
        menu.popup(dock.mapToGlobal(at))

    def _link_cursors(self) -> None:
        charts = [view for view in self.views.values() if isinstance(view, AbstractChartView)]
        for chart in charts:
            for other in charts:
                if other is not chart:
                    chart.cursor_moved.connect(other.show_cursor)

    def arrange(self) -> None:
        """Put all docks where they are at first."""
        window, docks = self._window, self.docks
        for dock in docks.values():
            dock.setFloating(False)
            window.removeDockWidget(dock)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["settings"])
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        window.splitDockWidget(docks["settings"], docks["plane"], across)
        window.splitDockWidget(docks["plane"], docks["losses"], across)
        window.splitDockWidget(docks["losses"], docks["total_loss"], down)
        window.splitDockWidget(docks["total_loss"], docks["loss_shape"], down)
        window.tabifyDockWidget(docks["loss_shape"], docks["score_histogram"])
        window.tabifyDockWidget(docks["score_histogram"], docks["metrics"])
        window.tabifyDockWidget(docks["plane"], docks["digits"])
        self.place_new()
        for dock in docks.values():
            dock.show()
        docks["loss_shape"].raise_()
        docks["digits" if self._is_image else "plane"].raise_()
        width = window.width()
        left = min(290, width * 0.27)
        right = (width - left) * 0.46
        window.resizeDocks(
            [docks["settings"], docks["plane"], docks["losses"]],
            [int(left), int(width - left - right), int(right)],
            across,
        )
        third = window.height() // 3
        window.resizeDocks([docks["losses"], docks["total_loss"], docks["loss_shape"]], [third] * 3, down)
        self._show_fitting(is_image=bool(self._is_image))

    def place_new(self) -> None:
        """Put docks that have no place yet, also none in a layout kept by an older program, behind the measures."""
        nowhere = Qt.DockWidgetArea.NoDockWidgetArea
        for key, dock in self.docks.items():
            if key not in PLACED and self._window.dockWidgetArea(dock) == nowhere:
                self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
                self._window.tabifyDockWidget(self.docks["metrics"], dock)

    def show_config(self, config: RunConfig) -> None:
        """Bring forward the view that suits the data when the kind of data changes."""
        is_image = config.distribution.kind.name == "image"
        if is_image != self._is_image:
            self._is_image = is_image
            self._show_fitting(is_image=is_image)

    def _show_fitting(self, *, is_image: bool) -> None:
        fitting, other = ("digits", "plane") if is_image else ("plane", "digits")
        self.docks[fitting].show()
        self.docks[fitting].raise_()
        self.docks[other].hide()

    def _is_seen(self, key: str) -> bool:
        """Return whether a dock is open and not behind another tab."""
        return key in self._seen and self.docks[key].isVisible()

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the probes of all views that can be seen or are to be drawn all the same, each once."""
        return self.needs_of(tuple(key for key in self.views if self._is_seen(key) or key in self._also))

    def needs_of(self, keys: tuple[str, ...]) -> tuple[AbstractProbe, ...]:
        """Return the probes of these views, each once."""
        return tuple(dict.fromkeys(probe for key in keys for probe in self.views[key].needs()))

    def unseen(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of these views that cannot be seen, and so draw nothing new."""
        return tuple(key for key in keys if not self._is_seen(key))

    def also_need(self, keys: tuple[str, ...]) -> None:
        """Ask for what these views draw from too, seen or not."""
        self._also = keys
        self.needs_changed.emit()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Let every view that can be seen draw the snapshot."""
        self._snapshot = snapshot
        for key, view in self.views.items():
            if self._is_seen(key):
                view.show_snapshot(snapshot)

    def clear(self) -> None:
        """Empty all views."""
        for view in self.views.values():
            view.clear()

    def _visibility_changed(self, key: str, is_seen: bool) -> None:
        (self._seen.add if is_seen else self._seen.discard)(key)
        if is_seen and self._snapshot is not None:
            self.views[key].show_snapshot(self._snapshot)
        # Tabs that change places hide one dock before they show the other.
        QTimer.singleShot(0, self, self.needs_changed.emit)

    def painted_views(self, config: RunConfig) -> list[AbstractPaintedView]:
        """Return the views that have a meaning for a run."""
        return [
            v for v in self.views.values() if isinstance(v, AbstractPaintedView) and type(v).supports(config)
        ]

    def toggle_actions(self) -> dict[str, QAction]:
        """Return an action a dock, which shows or hides it."""
        return {f"show:{key}": dock.toggleViewAction() for key, dock in self.docks.items()}

    def apply_theme(self, theme: Theme) -> None:
        """Redraw all views in the colors of ``theme``."""
        for view in self.views.values():
            view.apply_theme(theme)

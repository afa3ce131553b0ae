"""The docks of the main window: settings and one dock a view."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QMainWindow, QWidget

from ganviz.session.view_names import VIEW_OF_KIND
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.base import AbstractSnapshotView
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_menu import offer_menu
from ganviz.views.look.theme import Theme
from ganviz.views.pictures import VIEWS
from ganviz.views.plot.kept import in_turns
from ganviz.views.window.floating import Floating
from ganviz.views.window.separators import let_go, settle
from ganviz.views.window.tab_titles import TabTitles
from ganviz.views.window.workspace_list import SETTINGS, Column, Workspace, placed

LAYOUT_VERSION = 1
SETTINGS_PX, SETTINGS_SHARE = 290, 0.22
"""How wide the settings are at first: the smaller of the two."""


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
        self._named: tuple[str, ...] = ()
        self._kind = ""
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(self.needs_changed)
        window.setDockNestingEnabled(True)
        self._add("settings", "Settings", settings)
        for cls in VIEWS:
            view = cls()
            self.views[cls.key] = view
            dock = self._add(cls.key, cls.title, view)
            dock.visibilityChanged.connect(functools.partial(self._visibility_changed, cls.key))
            view.needs_changed.connect(self.needs_changed)
            if isinstance(view, AbstractPaintedView):
                offer_menu(dock, view)
                view.picture_acts = (
                    ("Export this plot …", functools.partial(self.export_wished.emit, cls.key)),
                    ("Copy this plot", functools.partial(self.copy_wished.emit, cls.key)),
                )
        self._link_cursors()
        self.floating = Floating(window, self.docks.values())
        TabTitles(window, self.docks, self.views)

    def _add(self, key: str, title: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(key)
        dock.setWidget(widget)
        dock.hide()  # until it is placed: else the window would show all of them first
        dock.setAccessibleName(title)
        dock.toggleViewAction().triggered.connect(lambda is_on: self._toggled(key, is_on))
        self.docks[key] = dock
        return dock

    def add_tool(self, key: str, title: str, widget: QWidget) -> QDockWidget:
        """Add a dock that shows something else than the run; a workspace places it by its key."""
        return self._add(key, title, widget)

    def _link_cursors(self) -> None:
        for chart, other in itertools.permutations(self.charts(), 2):
            chart.cursor_moved.connect(other.show_cursor)
        painted = [view for view in self.views.values() if isinstance(view, AbstractPaintedView)]
        for view, lit in itertools.permutations(painted, 2):
            view.lit.connect(lit.light)

    def charts(self) -> list[AbstractChartView]:
        """Return the charts of values over steps."""
        return [view for view in self.views.values() if isinstance(view, AbstractChartView)]

    def arrange(self, workspace: Workspace) -> None:
        """Put all docks where a workspace has them at first."""
        window, docks, layout = self._window, self.docks, self._window.layout()
        assert layout is not None
        layout.activate()  # tabs and sizes count only in a window that has been laid out
        self._named = workspace.named
        self.put_away()
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks[SETTINGS])
        described = placed(workspace, tuple(self.views)).columns
        columns = [self._rows(column) for column in described]
        heads = [docks[SETTINGS], *(rows[0][0] for rows in columns)]
        for left, right in itertools.pairwise(heads):
            window.splitDockWidget(left, right, Qt.Orientation.Horizontal)
        for rows in columns:
            for above, below in itertools.pairwise(row[0] for row in rows):
                window.splitDockWidget(above, below, Qt.Orientation.Vertical)
            for one, other in (pair for row in rows for pair in itertools.pairwise(row)):
                window.tabifyDockWidget(one, other)
        for dock in (docks[SETTINGS], *(dock for rows in columns for row in rows for dock in row)):
            dock.show()
        for row in (row for rows in columns for row in rows):
            row[0].raise_()
        self._share_room(heads, described, columns)
        self.show_fitting()

    def put_away(self) -> None:
        """Take all docks out of the window, and hide them."""
        let_go(self._window)
        settle(self._window)
        for dock in self.docks.values():
            if dock.isFloating():  # Qt makes a dock anew that does not, too: a millisecond for each
                dock.setFloating(False)
            self._window.removeDockWidget(dock)
            dock.hide()

    def _rows(self, column: Column) -> list[list[QDockWidget]]:
        """Return the docks of a column; where the window is low, the upper rows are tabs of one."""
        rows = ([self.docks[key] for key in row if key in self.docks] for row in column.rows)
        found = [row for row in rows if row]
        while len(found) > column.most_rows(self._window.height()):
            found[:2] = [found[0] + found[1]]
        return found

    def _share_room(
        self, heads: list[QDockWidget], described: tuple[Column, ...], columns: list[list[list[QDockWidget]]]
    ) -> None:
        width, shares = self._window.width(), [column.share for column in described]
        settings = min(SETTINGS_PX, int(width * SETTINGS_SHARE))
        widths = [settings, *(int((width - settings) * share / sum(shares)) for share in shares)]
        self._window.resizeDocks(heads, widths, Qt.Orientation.Horizontal)
        for one, rows in zip(described, columns, strict=True):
            heights = one.row_heights(len(rows), self._window.height())
            self._window.resizeDocks([row[0] for row in rows], heights, Qt.Orientation.Vertical)

    @property
    def closed(self) -> tuple[str, ...]:
        """Return the keys of the docks that are not open, not even behind others."""
        return tuple(key for key, dock in self.docks.items() if dock.isHidden())

    def close(self, keys: tuple[str, ...]) -> None:
        """Close these docks, as far as there are such."""
        for key in set(keys) & self.docks.keys():
            self.docks[key].hide()

    def place_new(self, workspace: Workspace) -> None:
        """Put docks that have no place, also none in a layout kept by an older program, where a workspace has them.

        Views that it names are opened behind their neighbors; others wait there, closed.
        """
        settle(self._window)
        self._named = workspace.named
        rows = [row for column in placed(workspace, tuple(self.views)).columns for row in column.rows]
        for key, dock in self.docks.items():
            if dock.isHidden() and not dock.isFloating() and key not in (SETTINGS, *self._named):
                self._window.removeDockWidget(dock)  # Qt has put what a layout lacks in a strip below all
            if self._window.dockWidgetArea(dock) != Qt.DockWidgetArea.NoDockWidgetArea:
                continue
            row = next((row for row in rows if key in row), rows[-1])
            neighbors = [self.docks[one] for one in row if one != key and one in self.docks]
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            if neighbors:
                self._window.tabifyDockWidget(neighbors[-1], dock)
            dock.setVisible(key in row)

    def show_kind(self, kind: str) -> None:
        """Bring forward the view that suits this kind of data."""
        self._kind = kind
        self.show_fitting()

    def show_fitting(self) -> None:
        """Let only that view be open, of those that exclude each other, which suits the data; none without a place."""
        fitting = VIEW_OF_KIND.get(self._kind, "")
        if not fitting:
            return
        for other in VIEW_OF_KIND.values():
            if other != fitting:
                self.docks[other].hide()
        if fitting in self._named:
            self.docks[fitting].show()
            self.docks[fitting].raise_()
        else:
            self.docks[fitting].hide()

    def bring_forward(self, keys: tuple[str, ...]) -> None:
        """Open these views and let them be seen; of those behind one another, the first."""
        for key in reversed(keys):
            self._place(key)
            self.docks[key].show()
            self.docks[key].raise_()

    def _toggled(self, key: str, is_on: bool) -> None:
        """Bring forward what somebody opens from the menu."""
        if is_on:
            self.bring_forward((key,))

    def _place(self, key: str) -> None:
        """Put a dock that has no place, since the open workspace does not name it, behind the last views there."""
        dock, nowhere = self.docks[key], Qt.DockWidgetArea.NoDockWidgetArea
        if dock.isFloating() or self._window.dockWidgetArea(dock) != nowhere:
            return
        placed_ones = [self.docks[one] for one in self._named if one in self.docks]
        neighbors = [
            one for one in placed_ones if not one.isHidden() and self._window.dockWidgetArea(one) != nowhere
        ]
        let_go(self._window)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        if neighbors:
            self._window.tabifyDockWidget(neighbors[-1], dock)

    def switch(self, key: str, switches: Mapping[str, bool]) -> dict[str, bool]:
        """Switch on or off what a view calls by these names; return how it was before."""
        buttons = {
            button.accessibleName(): button for button in self.views[key].findChildren(QAbstractButton)
        }
        before = {name: buttons[name].isChecked() for name in switches}
        for name, is_on in switches.items():
            buttons[name].setChecked(is_on)
        return before

    def go_to(self, key: str, widget: QWidget) -> None:
        """Let a dock be seen, and give the focus to a widget in it."""
        self.bring_forward((key,))
        widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

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
        """Let every view that can be seen draw it."""
        self._snapshot = snapshot
        with in_turns():
            for key in filter(self._is_seen, self.views):
                self.views[key].show_snapshot(snapshot)

    def clear(self) -> None:
        """Empty all views, also those that come to be seen before there is something of the next run."""
        self._snapshot = None
        for view in self.views.values():
            view.clear()

    def _visibility_changed(self, key: str, is_seen: bool) -> None:
        (self._seen.add if is_seen else self._seen.discard)(key)
        if is_seen and self._snapshot is not None:
            self.views[key].show_snapshot(self._snapshot)
        self._settled.start()  # once: tabs that change places hide one dock before they show the other

    def painted_views(self, config: RunConfig) -> list[AbstractPaintedView]:
        """Return the views that have a meaning for a run."""
        views = self.views.values()
        return [v for v in views if isinstance(v, AbstractPaintedView) and type(v).supports(config)]

    def toggle_actions(self) -> dict[str, QAction]:
        """Return an action a dock, which shows or hides it."""
        return {f"show:{key}": dock.toggleViewAction() for key, dock in self.docks.items()}

    def apply_theme(self, theme: Theme) -> None:
        """Redraw all views in the colors of ``theme``."""
        for view in self.views.values():
            view.apply_theme(theme)

"""Workspaces: sets of views, each laid out as it was left, and as it is at first when asked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ganviz.training.config import RunConfig
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.controls.tab_bars import tab_bars
from ganviz.views.window.dock_sizes import share
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.giving_way import GivingWay
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.own_workspaces import OwnWorkspaces
from ganviz.views.window.settings_width import WISHED
from ganviz.views.window.shares import keep_heights, kept_heights
from ganviz.views.window.steady_tabs import SteadyTabs
from ganviz.views.window.workspace_list import WORKSPACES, Column, Workspace, last_row

STAGED = "staged"
"""What is kept as done while an experiment has laid the window out."""
KIND = "workspace_kind"
"""Under which is kept what kind of data was open when the open workspace was chosen, or while it was open last."""


def _put_away_tabs(window: QMainWindow) -> None:
    """Move bars of tabs that no docks have any more to where Qt has those that it does not need.

    It leaves them over the window, paints them there, and deletes them only after that. A bar may name docks that are
    open, but now behind others.
    """
    groups = {
        frozenset(
            one.windowTitle() for one in (dock, *window.tabifiedDockWidgets(dock)) if not one.isHidden()
        )
        for dock in window.findChildren(QDockWidget)
        if not dock.isHidden()
    }
    for bar in tab_bars(window):
        if frozenset(bar.tabText(i) for i in range(bar.count())) not in groups:
            bar.move(-500 - bar.width(), -500 - bar.height())


class Workspaces(QObject):
    """Knows which workspace is open, and changes to others; GUI thread only."""

    changed = Signal(str)
    """Emitted with the key of the workspace that is open now."""
    leaving = Signal()
    """Emitted before it is kept how the open one is laid out."""
    laid_out = Signal()
    """Emitted when views were put where they are at first, or where another workspace has them."""

    def __init__(self, window: QMainWindow, docks: ViewDocks, memory: WindowMemory) -> None:
        super().__init__(window)
        self._window, self._docks, self._memory = window, docks, memory
        SteadyTabs(window)
        self._giving_way = GivingWay(window, docks.docks, docks.views)
        self.leaving.connect(self._giving_way.leave)
        self.laid_out.connect(self._giving_way.laid_out)
        self.own = OwnWorkspaces(memory)
        self.current = self.own.find(memory.text("workspace", ""))
        self._kind = ""
        self._is_changing = False
        self._before: dict[tuple[str, str], bool] = {}
        self._left: dict[tuple[str, str, str], bool] = {}

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return what the actions of the menu of workspaces do."""
        return {
            "workspace": self.choose,
            "own_workspace": lambda place: self.choose(self.own.keys[int(place)]),
            "save_workspace": self.save,
            "remove_workspace": self.remove,
            "reset_layout": self.reset,
            "float": self._float,
            "values": self._open_table,
        }

    def _float(self, key: str) -> None:
        """Make a window of a view, or put it back."""
        if not self._docks.docks[key].isFloating():
            self._docks.bring_forward((key,))
        self._docks.floating.toggle(self._docks.docks[key])

    def _open_table(self, key: str) -> None:
        """Open the values of a view, which comes to be seen: others are not measured."""
        self._docks.bring_forward((key,))
        view = self._docks.views[key]
        if isinstance(view, AbstractPaintedView):
            view.open_table()

    def save(self) -> None:
        """Keep how the window is laid out under a name that is asked for, and go on in that workspace."""
        if name := self.own.ask_name(self._window, self.current.key if self._is_own else ""):
            self._keep()
            self.current = self.own.find(self.own.add(name, self.current.key or WORKSPACES[0].key))
            self._keep()
            self._opened()

    def remove(self) -> None:
        """Forget the own workspace that is open, and open the one that it began with."""
        if self._is_own:
            self.choose(self.own.remove(self.current.key))

    @property
    def _is_own(self) -> bool:
        return self.current.key in self.own.keys

    def last_row(self) -> tuple[str, ...]:
        """Return the keys of the views that give way first where the window is low."""
        return last_row(self.current, tuple(self._docks.views))

    def restore(self, config: RunConfig) -> bool:
        """Lay the window out as it was when it was closed; return whether that was known.

        For data of another kind than those that its workspace was opened with, the one that is for them opens.
        """
        memory, kind = self._memory, config.distribution.kind.name
        is_known = memory.restore_layout(self._window) and not memory.flag(STAGED)
        memory.keep_text(STAGED, "")  # from now on it is the workspace's
        fitting = self._fitting(kind)
        if fitting is not self.current and kind != memory.text(KIND, ""):
            self.current = fitting
            is_known = memory.restore_workspace(fitting.key, self._window)
            self._opened()
        if is_known:
            self._close_again(self.current.key)
            self._docks.place_new(self.current)
        # When docks come and go: a window that is killed does not get to keep them at its end.
        self._docks.needs_changed.connect(self._keep_closed)
        self._switch_on()
        return is_known

    def _switch_on(self) -> None:
        """Switch on in views what the open workspace begins with, or as it was left here."""
        for view, name in self.current.on:
            is_on = self._left.get((self.current.key, view, name), True)
            self._before[view, name] = self._docks.switch(view, {name: is_on})[name]

    def _switch_back(self) -> None:
        """Switch in views what the workspace that is left began with to what it was before."""
        for (view, name), was in self._before.items():
            self._left[self.current.key, view, name] = self._docks.switch(view, {name: was})[name]
        self._before = {}

    def _keep_closed(self) -> None:
        """Keep what is closed, but not in the midst of a change: a view may say then that it needs something else."""
        if self._is_changing or not self.current.key:
            return
        self._memory.keep_text(f"closed_{self.current.key}", " ".join(self._docks.closed))

    def _close_again(self, key: str) -> None:
        """Close docks that were closed: Qt opens those that a layout does not know, which a new view's has to be."""
        self._docks.close(tuple(self._memory.text(f"closed_{key}", "").split()))

    def arrange(self) -> None:
        """Lay the open workspace out as it is at first."""
        self._docks.arrange(self.current)
        self.laid_out.emit()

    def reset(self) -> None:
        """Let the open workspace be as it is at first, and the settings as wide."""
        self._memory.keep_text(WISHED, "")
        self.arrange()
        for view, name in self.current.on:
            self._docks.switch(view, {name: True})

    @property
    def place(self) -> int | None:
        """Return the place of the open workspace among the program's; None in others, and while views are staged."""
        return WORKSPACES.index(self.current) if self.current in WORKSPACES else None

    def stage(self, title: str, columns: tuple[tuple[str, ...], ...], kind: str) -> None:
        """Lay views out in columns for this kind of data; workspaces are found as they were when they are chosen."""
        self._keep()
        self._switch_back()
        rows = (tuple((key,) for key in column) for column in columns)
        self.current = Workspace("", title, "", tuple(Column(one) for one in rows), (kind,))
        self._memory.set_flag(STAGED)
        self.arrange()
        self.changed.emit("")

    def _keep(self) -> None:
        """Keep how the open workspace is laid out; what is staged is not."""
        self.leaving.emit()
        if self.current.key:
            self._memory.keep_workspace(self.current.key, self._window)
            keep_heights(self._memory, self.current.key, self._docks.docks)
            self._keep_closed()

    def choose(self, key: str) -> None:
        """Open a workspace as it was left, else as it is at first."""
        if key == self.current.key:
            self.changed.emit(key)  # its button has been pressed, and stays down
            return
        self._keep()
        self._switch_back()
        self.current, self._is_changing = self.own.find(key), True
        try:
            self._lay_out(key)
        finally:
            self._is_changing = False
        self._switch_on()  # after all docks have come and gone: it keeps which of them are closed
        _put_away_tabs(self._window)
        self._opened()

    def _lay_out(self, key: str) -> None:
        memory = self._memory
        if memory.restore_workspace(self.current.key, self._window):
            self._close_again(key)
            self._docks.place_new(self.current)
            self._docks.show_fitting()
            self.laid_out.emit()
            # Where the window was larger or smaller, Qt would take all of the difference from one row.
            share(self._window, self._docks.docks, kept_heights(self._memory, key))
        else:
            self.arrange()

    def _opened(self) -> None:
        self._memory.keep_text("workspace", self.current.key)
        self._memory.keep_text(STAGED, "")
        self._memory.keep_text(KIND, self._kind)
        self.changed.emit(self.current.key)

    def show_config(self, config: RunConfig) -> None:
        """Open the workspace that is for another kind of data when it changes, and show what fits."""
        self._giving_way.show_config(config)
        kind, before = config.distribution.kind.name, self._kind
        self._kind = kind
        if kind == before:
            return
        self._docks.show_kind(kind)
        fitting = self._fitting(kind)
        if before and fitting is not self.current:
            self.choose(fitting.key)
        if self.current.key:
            self._memory.keep_text(KIND, kind)

    def _fitting(self, kind: str) -> Workspace:
        """Return the open workspace where it is for this kind of data or for all, else the first that is."""
        if not self.current.kinds or kind in self.current.kinds:
            return self.current
        return next((one for one in WORKSPACES if kind in one.kinds), self.current)

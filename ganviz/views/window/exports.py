"""Plots and data leave the main window as files: all of one moment, under names of their own, none over another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QDesktopServices

from ganviz.session.commands import Export, ExportKind, Pause, Run, SaveCheckpoint
from ganviz.session.exporting import settings_text
from ganviz.session.state import RunState
from ganviz.spec import InvalidValueError
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.views.canvas import AbstractPaintedView
from ganviz.views.plot_export import copy_to_clipboard, export_view
from ganviz.views.status_words import grouped
from ganviz.views.window.dialogs import confirm_existing
from ganviz.views.window.export_dialog import ExportDialog, ExportWish

if TYPE_CHECKING:
    from ganviz.views.window.main_window import MainWindow

UNSEEN_SIZE = QSize(640, 420)
"""Of exported plots that have no size on screen."""


class WindowExports:
    """Writes plots and asks the engine for data; GUI thread only.

    A run that trains stands still meanwhile; while one looks back, everything is of the step that is looked at.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._state, self._stamp = RunState.PAUSED, Stamp(0, 0, 0)
        self._waiting: ExportWish | None = None
        self._missing: set[AbstractProbe] = set()
        self._resumes = False
        self._folder = Path()
        self._awaited: set[Path] = set()
        self._n_written = 0

    def copy(self, key: str) -> None:
        """Copy a plot to the clipboard."""
        view = self._window.docks.views[key]
        if isinstance(view, AbstractPaintedView):
            copy_to_clipboard(view)
            self._window.banner.say(f"{view.title}: copied to the clipboard.", is_brief=True)

    def ask(self, key: str = "") -> None:
        """Ask what to export and do it."""
        window = self._window
        views = window.docks.painted_views(window.config)
        dialog = ExportDialog(views, window.config, chosen=key, moment=self._moment(), parent=window)
        if dialog.exec():
            self.write(dialog.wish())

    def _moment(self) -> str:
        if self._is_looking_back():
            assert self._window.last_snapshot is not None
            return f"Everything is of step {grouped(self._window.last_snapshot.viewed_step)}, which is looked at."
        return "Everything is of one step; a run that trains waits meanwhile."

    def _is_looking_back(self) -> bool:
        last = self._window.last_snapshot
        return last is not None and last.viewed_step < last.stamp.step

    def state_changed(self, state: RunState, stamp: Stamp) -> None:
        """Take note of what the run does, and since when."""
        self._state, self._stamp = state, stamp

    def write(self, wish: ExportWish) -> None:
        """Write what is wished for, once the run stands still and what is not seen can be drawn."""
        window = self._window
        try:
            wish.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            window.banner.say(str(error), kind="warning")
            return
        self._resumes = self._state is RunState.RUNNING and not self._is_looking_back()
        if self._resumes:
            window.command_requested.emit(Pause())
        unseen = window.docks.unseen(wish.views)
        if window.last_snapshot is not None and (unseen or self._resumes):
            self._waiting, self._missing = wish, set(window.docks.needs_of(unseen))
            window.docks.also_need(unseen)
            window.look_wished.emit()
        else:
            self._write_all(wish)

    def snapshot_shown(self, snapshot: Snapshot) -> None:
        """Hand on what plots that are not seen are drawn from, and write once nothing is missing."""
        wish, docks = self._waiting, self._window.docks
        is_early = self._resumes and (self._state is RunState.RUNNING or snapshot.stamp != self._stamp)
        if wish is None or is_early:
            return
        for key in docks.unseen(wish.views):
            docks.views[key].show_snapshot(snapshot)
        missing = self._missing - {probe for probe, _ in snapshot.readings}
        self._missing = {probe for probe in missing if probe.supports(snapshot.config)}
        if not self._missing:
            self._waiting = None
            self._write_all(wish)
            docks.also_need(())

    def run_replaced(self) -> None:
        """Give up what waits for a run that has gone."""
        if self._waiting is not None:
            self._waiting, self._resumes = None, False
            self._window.docks.also_need(())

    def _write_all(self, wish: ExportWish) -> None:
        window, prefix = self._window, self._prefix(wish)
        if prefix is not None:
            self._folder, self._awaited, self._n_written = wish.folder, set(), 0
            self._ask_engine(wish, prefix)
            self._write_plots(wish, prefix)
        if self._resumes:
            self._resumes = False
            window.command_requested.emit(Run())

    def _prefix(self, wish: ExportWish) -> str | None:
        """Return what the names of files begin with: run and step; None where the person gives up."""
        window, last = self._window, self._window.last_snapshot
        run, step = (last.stamp.run, last.viewed_step) if last is not None else (0, 0)
        name = window.files.path.stem if window.files.path is not None else f"run-{run}"
        prefix = f"{name}_step-{step}_"
        n_there = _n_existing(wish, prefix)
        if not n_there:
            return prefix
        answer = confirm_existing(window, n_there, wish.folder)
        if answer == "both":
            copies = (f"{prefix}{number}_" for number in range(2, 10_000))
            return next(found for found in copies if not _n_existing(wish, found))
        return prefix if answer == "overwrite" else None

    def _ask_engine(self, wish: ExportWish, prefix: str) -> None:
        window = self._window
        at_step = (
            window.last_snapshot.viewed_step if self._is_looking_back() and window.last_snapshot else None
        )
        for kind, name in wish.data:
            path = wish.folder / f"{prefix}{name}"
            self._awaited.add(path)
            window.command_requested.emit(Export(ExportKind(kind), path, at_step=at_step))
        if wish.with_checkpoint:
            path = wish.folder / f"{prefix}{wish.checkpoint_name}"
            self._awaited.add(path)
            window.command_requested.emit(SaveCheckpoint(path, at_step=at_step))
        if wish.with_gif:
            window.gif_requested.emit(str(wish.folder / f"{prefix}{wish.gif_view}.gif"))

    def _write_plots(self, wish: ExportWish, prefix: str) -> None:
        window = self._window
        settings = settings_text(window.last_snapshot.config if window.last_snapshot else window.config)
        try:
            for key in wish.views:
                view = window.docks.views[key]
                assert isinstance(view, AbstractPaintedView)
                if window.last_snapshot is not None:
                    view.show_snapshot(window.last_snapshot)
                size = UNSEEN_SIZE if window.docks.unseen((key,)) else None
                for ending in wish.formats:
                    path = wish.folder / f"{prefix}{key}.{ending}"
                    export_view(view, path, size=size, scale=wish.scale, settings=settings)
                    self._n_written += 1
        except (InvalidValueError, OSError) as error:
            window.banner.say(str(error), kind="warning")
            return
        self._tell()

    def file_written(self, path: Path) -> bool:
        """Take note of a file that has been written; return whether it belongs to an export."""
        if path not in self._awaited:
            return False
        self._awaited.remove(path)
        self._n_written += 1
        self._tell()
        return True

    def _tell(self) -> None:
        """Say how many files there are once all are written, and offer to open the folder."""
        if self._n_written and not self._awaited:
            files = "One file" if self._n_written == 1 else f"{self._n_written} files"
            self._window.banner.say(
                f"{files} written to {self._folder}.", action="Open the folder", does=self._open_folder
            )

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def _n_existing(wish: ExportWish, prefix: str) -> int:
    """Return how many of the files of a wish are there already."""
    return sum((wish.folder / f"{prefix}{name}").exists() for name in wish.names())

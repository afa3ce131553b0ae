"""Open, save, export and copy: the files of the main window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFileDialog

from ganviz.session.commands import Export, ExportKind, LoadCheckpoint, SaveCheckpoint
from ganviz.session.exporting import settings_text
from ganviz.session.state import RunState
from ganviz.spec import InvalidValueError
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.views.canvas import AbstractPaintedView
from ganviz.views.dialogs import confirm_leaving, confirm_overwriting
from ganviz.views.export_dialog import ExportDialog, ExportWish
from ganviz.views.plot_export import copy_to_clipboard, export_view
from ganviz.views.run_worth import RunWorth, duration_words

if TYPE_CHECKING:
    from ganviz.views.main_window import MainWindow

PATTERN = "ganviz runs (*.ganviz)"
ENDING = ".ganviz"
UNSEEN_SIZE = QSize(640, 420)
"""Of exported plots that have no size on screen."""


def with_ending(path: Path, ending: str) -> Path:
    """Return the path with an ending, which a name such as "lr0.001" does not have yet."""
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


class WindowFiles:
    """Asks for paths, writes plots, and asks the engine for everything else; GUI thread only.

    ``path`` is the file that holds this run: it was read from there, or has been written there. A file that was
    refused is never the target of saving, and neither is the file of a run that another one has replaced.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.path: Path | None = None
        self.worth = RunWorth(window.config)
        self._wished: Path | None = None
        self._once_saved: Callable[[], object] | None = None
        self._waiting: ExportWish | None = None
        self._missing: set[AbstractProbe] = set()

    @property
    def name(self) -> str:
        """Return what the run is called."""
        return self.path.name if self.path is not None else "New run"

    def show_title(self) -> None:
        """Let the window's title name the file, and say whether the run differs from it."""
        name = self.name.replace(
            "[*]", "[*][*]"
        )  # Qt's own sign for where the mark of a modified file stands
        self._window.setWindowTitle(f"{name}[*] – ganviz")
        self._window.setWindowModified(self.worth.is_modified)

    def unless_kept(self, action: Callable[[], object]) -> None:
        """Do what ends the run, at once or when an unsaved run that is worth something has been dealt with."""
        self._once_saved = None
        if not self.worth.is_worth_asking:
            action()
            return
        answer = confirm_leaving(self._window, self.name, duration_words(self.worth.unsaved_s))
        if answer == "discard":
            action()
        elif answer == "save" and self.save():
            self._once_saved = action

    def refused(self) -> None:
        """Take note that something could not be done: what waits for a saved run is not done either."""
        self._once_saved = None

    def open(self) -> None:
        """Ask for a checkpoint and load it, when the run may end."""
        self.unless_kept(self._choose)

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._window, "Open a run", "", PATTERN)
        if name:
            self.load(Path(name))

    def load(self, path: Path) -> None:
        """Ask for a checkpoint to be loaded; it becomes the file of the run once that has succeeded."""
        self._window.banner.hide()
        self._window.command_requested.emit(LoadCheckpoint(path))

    def run_replaced(self, path: Path | None, config: RunConfig, stamp: Stamp) -> None:
        """Take note that another run has taken the place of the old one, read from ``path`` or begun anew."""
        self.path, self._wished, self._once_saved = path, None, None
        self.worth.begin(config, stamp.run, stamp.step)
        self.show_title()

    def config_changed(self, config: RunConfig) -> None:
        """Take note of the configuration in force."""
        self.worth.show_config(config)
        self.show_title()

    def state_changed(self, state: RunState) -> None:
        """Take note of whether the run trains."""
        self.worth.show_state(state)

    def file_written(self, path: Path, step: int | None) -> None:
        """Take note of a file that has been written."""
        if path not in (self._wished, self.path):
            return
        self.path, self._wished = path, None
        self.worth.keep(step)
        self.show_title()
        action, self._once_saved = self._once_saved, None
        if action is not None:
            action()

    def save(self) -> bool:
        """Save to the file of the run, or ask for one; return whether it is being saved."""
        if self.path is None:
            return self.save_as()
        self._window.command_requested.emit(SaveCheckpoint(self.path))
        return True

    def save_as(self) -> bool:
        """Ask for a file and save to it; what is there is overwritten only when a person says so."""
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            "Save the run",
            "run.ganviz",
            PATTERN,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if not name:
            return False
        path = with_ending(Path(name), ENDING)
        # Asked here and not by the dialog, which would ask about the name before it has its ending.
        if path.exists() and not confirm_overwriting(self._window, path):
            return False
        self._wished = path
        self._window.command_requested.emit(SaveCheckpoint(path))
        return True

    def copy(self, key: str) -> None:
        """Copy a plot to the clipboard."""
        view = self._window.docks.views[key]
        if isinstance(view, AbstractPaintedView):
            copy_to_clipboard(view)
            self._window.banner.say(f"{view.title}: copied to the clipboard.", is_brief=True)

    def export(self, key: str = "") -> None:
        """Ask what to export and do it."""
        views = self._window.docks.painted_views(self._window.config)
        dialog = ExportDialog(views, self._window.config, chosen=key, parent=self._window)
        if dialog.exec():
            self.write(dialog.wish())

    def write(self, wish: ExportWish) -> None:
        """Ask the engine for the data of a wish, and write its plots once those that are not seen can be drawn."""
        window = self._window
        try:
            wish.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            window.banner.say(str(error), kind="warning")
            return
        for kind, name in wish.data:
            window.command_requested.emit(Export(ExportKind(kind), wish.folder / name))
        if wish.with_checkpoint:
            window.command_requested.emit(SaveCheckpoint(wish.folder / "checkpoint.ganviz"))
        if wish.with_gif:
            window.gif_requested.emit(str(wish.folder / f"{wish.gif_view}.gif"))
        unseen = window.docks.unseen(wish.views)
        if unseen and window.last_snapshot is not None:
            self._waiting, self._missing = wish, set(window.docks.needs_of(unseen))
            window.docks.also_need(unseen)
            window.look_wished.emit()
        else:
            self._write_plots(wish)

    def snapshot_shown(self, snapshot: Snapshot) -> None:
        """Hand on what plots that are not seen are drawn from, and write them once nothing is missing."""
        self.worth.show_step(snapshot.stamp.run, snapshot.stamp.step)
        self.show_title()
        wish, docks = self._waiting, self._window.docks
        if wish is None:
            return
        for key in docks.unseen(wish.views):
            docks.views[key].show_snapshot(snapshot)
        missing = self._missing - {probe for probe, _ in snapshot.readings}
        self._missing = {probe for probe in missing if probe.supports(snapshot.config)}
        if not self._missing:
            self._waiting = None
            self._write_plots(wish)
            docks.also_need(())

    def _write_plots(self, wish: ExportWish) -> None:
        window, written = self._window, []
        settings = settings_text(window.config)
        try:
            for key in wish.views:
                view = window.docks.views[key]
                assert isinstance(view, AbstractPaintedView)
                if window.last_snapshot is not None:
                    view.show_snapshot(window.last_snapshot)
                size = UNSEEN_SIZE if window.docks.unseen((key,)) else None
                for ending in wish.formats:
                    path = wish.folder / f"{key}.{ending}"
                    export_view(view, path, size=size, scale=wish.scale, settings=settings)
                    written.append(path.name)
        except (InvalidValueError, OSError) as error:
            window.banner.say(str(error), kind="warning")
            return
        if written:
            window.banner.say(f"Written to {wish.folder}: {', '.join(written)}.", is_brief=True)

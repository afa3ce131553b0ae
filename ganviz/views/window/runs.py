"""Saved runs in the window: the table's folder, and what opens, forks, compares, names and deletes them."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMainWindow

from ganviz.session.runs.about import LONGEST_NOTES, About, parent_of, read_about, tags_of, write_about
from ganviz.session.runs.comparing import differing_settings
from ganviz.session.runs.curves import RunCurves
from ganviz.session.runs.entry import Entry
from ganviz.session.runs.removal import what_goes
from ganviz.session.runs.scanning import known, known_curves, note_about
from ganviz.session.saved_run import CHECKPOINT
from ganviz.spec import InvalidValueError
from ganviz.spec.words import grouped
from ganviz.training.atomic import FileError
from ganviz.training.config import RunConfig
from ganviz.views.bases.beside import lanes_beside
from ganviz.views.controls.runs_panel import RunsPanel
from ganviz.views.plot.values import Values
from ganviz.views.plot.values_table import open_table
from ganviz.views.window.dialogs import confirm_deletion
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.files import ENDING, WindowFiles
from ganviz.views.window.first_place import documents
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.sweep_words import compared_title
from ganviz.views.window.workspace_list import RUNS
from ganviz.wastebasket import to_wastebasket

REST_MS, REST_SHARE = 1000, 20
"""The list is read again after so long, or after so many times as long as reading it takes."""
OPEN_RUN = "the open run"


class WindowRuns(QObject):
    """Keeps the table as the index has it; GUI thread only.

    The folder is the one that was chosen; until one is, that of the newest run which was opened or saved.
    """

    scan_wished = Signal(object)
    """Emitted with a folder that is to be looked through."""

    def __init__(
        self, window: QMainWindow, docks: ViewDocks, files: WindowFiles, memory: WindowMemory
    ) -> None:
        super().__init__(window)
        self._window, self._files, self._memory = window, files, memory
        self._charts = docks.charts()
        self._curves: dict[tuple[str, float], RunCurves] = {}
        self.panel = RunsPanel()
        dock = docks.add_tool(RUNS, "Runs", self.panel)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.read)
        self._rest_ms, self._data = REST_MS, ""
        self.folder = Path()
        self.folder = self._present_folder()
        files.places.folder = self.folder
        self.panel.show_folder(self.folder)
        dock.visibilityChanged.connect(self._visibility_changed)
        files.saved.connect(self._saved)
        files.recent.changed.connect(self._follow)
        self.panel.folder_wished.connect(self._choose_folder)
        self.panel.look_wished.connect(self.look)
        self.panel.open_wished.connect(lambda entry: self.open(self.folder / entry.place))
        self.panel.fork_wished.connect(self._fork)
        self.panel.deletion_wished.connect(self._delete)
        self.panel.comparison_wished.connect(self._compare)
        self.panel.model.words_written.connect(self._write)
        self.panel.model.ticked_changed.connect(self._show_beside)

    def _present_folder(self) -> Path:
        if chosen := self._memory.text("runs_folder", ""):
            return Path(chosen)
        newest = next((path for path in self._files.recent.paths if path.suffix == ENDING), None)
        if newest is not None:
            home = newest.parent.parent if newest.name == CHECKPOINT else newest.parent
            # What is opened from the table lies in its folder, which then stays.
            return self.folder if self.folder in newest.parents else home
        return documents()

    def _follow(self) -> None:
        """Show another folder, where it is another one now."""
        folder = self._present_folder()
        if folder == self.folder:
            return
        self.folder = self._files.places.folder = folder
        self.panel.show_folder(folder)
        self.panel.show_runs([], {}, is_whole=True)
        self.look()

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self._window, "Folder of saved runs", str(self.folder))
        if name:
            self._memory.keep_text("runs_folder", name)
            self._follow()

    @Slot(bool)
    def _visibility_changed(self, is_seen: bool) -> None:
        if is_seen:
            self.look()

    def open(self, path: Path) -> None:
        """Open a run."""
        self._files.open_file(path)

    @Slot()
    def look(self) -> None:
        """Show what is known of the folder, and have it looked through; not while nobody sees the table."""
        if not self.panel.isVisible():
            return
        self.read()
        if self.folder.is_dir():
            self.scan_wished.emit(self.folder)

    @Slot()
    def read(self, *, is_whole: bool = False) -> None:
        """Show the index as it is, but not to somebody who is writing in the table; whole after a scan."""
        if self.panel.is_written_in:
            self._timer.start(REST_MS)
            return
        since = time.perf_counter()
        self.panel.show_runs(*known(self.folder), is_whole=is_whole)
        if any((entry.place, entry.saved) not in self._curves for entry in self.panel.ticked()):
            self._show_beside()
        self._rest_ms = int(max(REST_MS, REST_SHARE * 1000 * (time.perf_counter() - since)))

    @Slot(str)
    def show_progress(self, words: str) -> None:
        """Say how many runs have been read, and show them soon."""
        self.panel.show_progress(f"reading {words}")
        if not self._timer.isActive():
            self._timer.start(self._rest_ms)

    @Slot(str)
    def scan_ended(self, problem: str) -> None:
        """Show all that was found, or why nothing could be."""
        self._timer.stop()
        self.panel.show_progress(problem)
        self.read(is_whole=not problem)

    def _saved(self, path: Path) -> None:
        """Take note of a run that was saved: a fork's words name its parent."""
        parent, step = self._files.parent_run or (path, 0)
        if parent != path:
            about = dataclasses.replace(read_about(path), parent=parent_of(path, parent), parent_step=step)
            self._try_to_write(path, about)
        self.look()

    def _write(self, entry: Entry, key: str, text: str) -> None:
        """Keep tags or notes that were written into the table."""
        path = self.folder / entry.place
        about = read_about(path)
        if key == "tags":
            about = dataclasses.replace(about, tags=tags_of(text))
        else:
            about = dataclasses.replace(about, notes=text[:LONGEST_NOTES])
        if self._try_to_write(path, about):
            note_about(self.folder, entry.place, about)
            QTimer.singleShot(0, self, self.read)  # the table is being written in until this has returned

    def _try_to_write(self, path: Path, about: About) -> bool:
        try:
            write_about(path, about)
        except FileError as error:
            self._files.said.emit(str(error))
            return False
        return True

    def run_begun(self, path: Path | None, config: RunConfig) -> None:
        """Untick runs of other data where a run begins with others than the one before: nobody has ticked them for it.

        Of the same data they stay: a preset, or new weights, are compared with them.
        """
        before, self._data = self._data, config.distribution.key
        if before not in ("", self._data):
            self.panel.model.keep_ticked(self._data)

    def _show_beside(self) -> None:
        """Draw the ticked runs in all charts, from the curves that the index has of them."""
        ticked = self.panel.ticked()
        keys = {(entry.place, entry.saved): entry for entry in ticked}
        self._curves = {key: curves for key, curves in self._curves.items() if key in keys}
        for key in keys.keys() - self._curves.keys():
            if (curves := known_curves(self.folder, key[0])) is not None:
                self._curves[key] = curves
        shown = [(entry, self._curves[key]) for key, entry in keys.items() if key in self._curves]
        beside = lanes_beside(
            (entry.place, entry.name, [lane.label for lane in entry.lanes], curves) for entry, curves in shown
        )
        for chart in self._charts:
            chart.show_beside(beside)

    def _fork(self, entry: Entry) -> None:
        """Ask for a keyframe and go on from there."""
        steps = [grouped(step) for step in entry.keyframes]
        chosen, is_chosen = QInputDialog.getItem(
            self._window, "Fork", f"“{entry.name}” stays as it is; a new run goes on from step",
            steps, len(steps) - 1, False,
        )  # fmt: skip
        if is_chosen:
            self._files.fork(self.folder / entry.place, entry.keyframes[steps.index(chosen)])

    def _compare(self, entries: Sequence[Entry]) -> None:
        """Show a table of the settings in which runs differ; one run is compared with the one that is open."""
        names, configs = [], list[RunConfig]()
        if len(entries) == 1:
            names, configs = [OPEN_RUN], [self._files.config]
        try:
            configs += [entry.config() for entry in entries]
        except InvalidValueError as error:
            self._files.said.emit(str(error))
            return
        names += [entry.name for entry in entries]
        n_lanes = max(len(config.lanes) for config in configs)
        found = differing_settings(configs)
        rows = tuple((compared_title(row, n_lanes), *row.values, row.path) for row in found)
        if not rows:
            self._files.said.emit(f"No settings differ between {' and '.join(names)}.")
            return
        shown = open_table(
            self._window, "settings that differ", lambda: Values(("setting", *names, "path"), rows)
        )
        shown.table.resizeColumnsToContents()

    def _delete(self, entries: Sequence[Entry]) -> None:
        """Move runs to the wastebasket once the person has said so."""
        goes = [path for entry in entries for path in what_goes(self.folder, entry.place)]
        if not confirm_deletion(self._window, [one.name for one in entries], sum(map(Path.is_dir, goes))):
            return
        stayed = [path for path in goes if not to_wastebasket(path)]
        if stayed:
            self._files.said.emit(
                f"{str(stayed[0])!r} could not be moved to the wastebasket; its disk may have none. It is still there."
            )
        self.look()

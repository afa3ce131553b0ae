"""A sweep beside the run: what it varies, its cells as they are trained, and their figures."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganviz.session.saved_run import CHECKPOINT
from ganviz.spec.words import reason_of
from ganviz.subprogram import Subprogram
from ganviz.training.config import RunConfig
from ganviz.views.look.outside_text import plain_label
from ganviz.views.plot.values_table import open_table
from ganviz.views.window.sweep_form import ScrolledForm, SweepForm
from ganviz.views.window.sweep_results import SweepResults
from ganviz.views.window.sweep_state import DONE, FAILED, SweepState

FIRST_SIZE = QSize(1100, 720)
FAILED_CELLS = 1
INTERRUPTED = 128


class SweepWindow(QDialog):
    """Asks for a sweep, shows it while it is trained, and opens its cells; GUI thread only.

    Parameters
    ----------
    parent : QWidget
    config : callable
        Returns the configuration that the cells start from.
    may_stop : callable
        Asks whether a sweep that is being trained may be stopped.
    folder : Path
        Where it is kept, unless the person says otherwise.
    """

    run_wished = Signal(Path)
    """Emitted with the checkpoint of a cell that is to be opened."""

    def __init__(
        self,
        parent: QWidget,
        config: Callable[[], RunConfig],
        may_stop: Callable[[QWidget], bool],
        folder: Path,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sweep")
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(FIRST_SIZE.boundedTo(parent.screen().availableSize() - QSize(16, 40)))
        self._config, self._may_stop = config, may_stop
        self.state, self.process = SweepState(), Subprogram(self)
        self._out = Path()
        self._handed: Path | None = None
        self._is_stopping = False
        self._told = ""
        self.form = SweepForm(folder)
        self._scrolled = ScrolledForm(self.form)
        self.begin, self.resume, self.stop = (
            QPushButton(words) for words in ("Start", "Go on with the folder", "Stop")
        )
        self.said, self.progress = plain_label(), QProgressBar()
        self.results = SweepResults()
        self.model, self.table, self.figures = self.results.model, self.results.table, self.results.figures
        self.compare, self.open_cell = self.results.compare, self.results.open_cell
        self._lay_out()
        self._connect()
        self._show_buttons()

    def _lay_out(self) -> None:
        self.said.setWordWrap(True)
        self.progress.setRange(0, 1000)
        self.progress.setFormat("%p %")
        self.progress.setAccessibleName("How much of the sweep is trained")
        buttons = QHBoxLayout()
        for button in (self.begin, self.resume, self.stop):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addWidget(self.progress, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(self._scrolled)
        layout.addLayout(buttons)
        layout.addWidget(self.said)
        layout.addWidget(self.results, 1)

    def _connect(self) -> None:
        self.begin.clicked.connect(lambda: self._start(resumes=False))
        self.resume.clicked.connect(lambda: self._start(resumes=True))
        self.stop.clicked.connect(self._stop)
        self.form.changed.connect(self._show_buttons)
        self.process.told.connect(self._hear)
        self.process.ended.connect(self._ended)
        self.table.opened.connect(self._open)
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.compare.clicked.connect(self._compare)
        self.open_cell.clicked.connect(lambda: self._open(self.table.chosen))

    def begin_with(self, config: RunConfig) -> None:
        """Say what the cells start from."""
        self.form.base.setText(
            f"Every cell is the run of the window, {config.lane_title(0)} on "
            f"{type(config.distribution).title.lower()}, but for what is varied:"
        )

    def _start(self, *, resumes: bool) -> None:
        """Begin a sweep, or go on with that in the folder, whatever the form says of its cells."""
        out = self.form.folder()
        assert out is not None
        self._out, self._is_stopping = out, False
        options = ["--out", str(out), "--workers", str(self.form.workers.value())]
        if cluster := self.form.cluster.text().strip():
            options += ["--cluster", cluster]
        try:
            options += ["--resume"] if resumes else [*self.form.options(), "--config", self._written()]
        except OSError as error:
            self._forget_settings()
            self._say(f"The settings cannot be handed to the sweep: {reason_of(error)}.")
            return
        self._show_state(SweepState())
        self.process.begin(["sweep", *options, "--quiet", "--progress-json"])
        self._say("Reading the settings …")
        self._show_buttons()

    def _written(self) -> str:
        """Write the first lane of the window's run, with one seed, and return where that is until it has been read."""
        config = self._config()
        training = dataclasses.replace(config.training, seeds=1)
        one = dataclasses.replace(config, lanes=config.lanes[:1], training=training)
        handle, name = tempfile.mkstemp(prefix="ganviz-sweep-", suffix=".json")
        self._handed = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(one.to_plain(), file)
        return name

    def _forget_settings(self) -> None:
        """Remove what was handed over: a window that is killed later leaves nothing in the temporary folder."""
        if self._handed is not None:
            with contextlib.suppress(OSError):
                self._handed.unlink(missing_ok=True)
            self._handed = None

    def end(self, patience_ms: int) -> None:
        """End what is trained, and wait for it; nothing is told any more."""
        self.process.end(patience_ms)
        self._forget_settings()

    def _stop(self) -> None:
        self._is_stopping = True
        self._say("Stopping: what is complete stays …")
        self.process.stop()
        self._show_buttons()

    def _hear(self, line: str) -> None:
        if line.startswith('{"event"'):  # a library may print something, too
            self.read(json.loads(line))

    def read(self, line: Mapping[str, Any]) -> None:
        """Show a line that the sweep has told."""
        self.state.read(line)
        if line["event"] == "planned":
            self._forget_settings()
            self.form.show_plan(line)
            self._show_state(self.state)
        elif "cell" in line:
            self.results.show_cell(line["cell"] - 1, has_ended=line["event"] == "cell")
        self.progress.setValue(round(1000 * self.state.share))
        if not self._is_stopping:
            done = f"{self.state.n_done} of {len(self.state.cells)} cells are done."
            self._say(f"{done}{self._failures()} {self.state.warning}".rstrip())

    def _show_state(self, state: SweepState) -> None:
        self.state = state
        self.progress.setValue(0)
        self.results.show_state(state)
        self._scrolled.leave_room(has_cells=bool(state.cells))

    def _ended(self, code: int, said: str) -> None:
        """Say how the sweep ended, and what can be done now."""
        self._forget_settings()
        self.state.stop()
        self.model.show_state(self.state)
        n, n_all = self.state.n_done, len(self.state.cells)
        if code in (0, FAILED_CELLS) and n_all:
            done = f"{'All' if n == n_all else f'{n} of'} {n_all} cells are done."
            self._say(f"{done}{self._failures()} The tables are in {self._out}.")
        elif n_all:
            why = "Stopped" if self._is_stopping or code > INTERRUPTED else said or "The sweep was ended"
            self._say(
                f"{why.rstrip('.')}: {n} of {n_all} cells are done and stay; the folder can be gone on with."
            )
        else:
            self._say(said or "Stopped before it began.")
        self._show_buttons()

    def _failures(self) -> str:
        n = sum(cell.state == FAILED for cell in self.state.cells)
        return f" {n} failed: choose one to see why." if n else ""

    def _chosen(self) -> None:
        """Say why a cell failed while it is chosen, and let one that is done be opened."""
        self._say(self._told)
        self._show_buttons()

    def _say(self, text: str) -> None:
        """Say how the sweep stands, and below why the chosen cell failed."""
        self._told, row = text, self.table.chosen
        error = self.state.cells[row].error if 0 <= row < len(self.state.cells) else ""
        self.said.setText(f"{text}\nCell {row + 1} failed: {error}" if error else text)

    def _show_buttons(self) -> None:
        """Let those buttons be used that have a meaning now."""
        is_running, out = self.process.is_running, self.form.folder()
        holds_one = out is not None and (out / "sweep.json").is_file()
        self.form.setEnabled(not is_running)
        self.begin.setEnabled(not is_running and out is not None and not holds_one)
        self.begin.setToolTip("The folder holds a sweep already." if holds_one else "Trains every cell.")
        self.resume.setEnabled(not is_running and holds_one)
        self.resume.setToolTip(
            "Trains the cells that the sweep in the folder does not have yet, and shows all."
        )
        self.stop.setEnabled(is_running and not self._is_stopping)
        row = self.table.chosen
        self.figures.mark(self.table.selected, row)
        self.open_cell.setEnabled(0 <= row < len(self.state.cells) and self.state.cells[row].state == DONE)

        selected = [k for k in self.table.selected if k < len(self.state.cells)]
        self.compare.setEnabled(
            len(selected) == 2 and all(self.state.cells[k].state == DONE for k in selected)
        )

    def _compare(self) -> None:
        first, second = self.table.selected
        title = f"cell {second + 1} minus cell {first + 1}, by equal seeds"
        shown = open_table(self, title, lambda: self.state.comparison(first, second))
        shown.table.resizeColumnsToContents()

    def _open(self, row: int) -> None:
        if self.state.cells[row].state == DONE:
            self._say(f"Cell {row + 1} opens in the window behind this one.")
            self.run_wished.emit(self._out / "cells" / f"{row + 1:04}" / CHECKPOINT)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about a sweep that is being trained."""
        if self.process.is_running and not self._may_stop(self):
            event.ignore()
            return
        self.process.stop()
        event.accept()  # a dialog's own way out is reject(), which comes back here

    def reject(self) -> None:
        """Close with Esc as with the button."""
        self.close()

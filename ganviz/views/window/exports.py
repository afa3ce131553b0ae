"""Plots and data leave the main window as files: all of one moment, under names of their own, none over another."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ganviz.session.commands import Export, ExportKind, Pause, Run, SaveCheckpoint
from ganviz.session.saved_run import CHECKPOINT
from ganviz.session.scripting import formulation_script, run_script
from ganviz.session.scripting.trained import USUAL_STEPS, change_notes
from ganviz.session.state import RunState
from ganviz.spec import InvalidValueError
from ganviz.spec.words import grouped, reason_of
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.plot_export import copy_to_clipboard
from ganviz.views.controls.banner import StatusBanner
from ganviz.views.look.asking import answer_to
from ganviz.views.look.folders import open_folder
from ganviz.views.window.dialogs import confirm_dropping, confirm_existing
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.files import WindowFiles
from ganviz.views.window.plot_jobs import Jobs, plot_jobs

if TYPE_CHECKING:
    from ganviz.views.window.export_dialog import ExportWish

UNSEEN = (
    "Plots that are not on the screen were left out: the run has failed, and nothing more is read from it."
)


class WindowExports(QObject):
    """Writes plots and asks the engine for data; GUI thread only.

    A run that trains stands still meanwhile; while one looks back, everything is of the step that is looked at.
    """

    command_requested = Signal(object)
    look_wished = Signal()
    rendering_requested = Signal(str, object)
    """Carries where an animation or a report is wanted, by a program of its own, and how animations are to be."""

    def __init__(
        self, window: QWidget, docks: ViewDocks, files: WindowFiles, banner: StatusBanner, config: RunConfig
    ) -> None:
        super().__init__(window)
        docks.export_wished.connect(self.ask)
        docks.copy_wished.connect(self.copy)
        for view in docks.views.values():
            view.told.connect(partial(self._say_of, view.title))
        self._window, self._docks, self._files, self._banner = window, docks, files, banner
        self._config = config
        self._last: Snapshot | None = None
        self._state, self._stamp = RunState.PAUSED, Stamp(0, 0, 0)
        self._waiting: ExportWish | None = None
        self._missing: set[AbstractProbe] = set()
        self._resumes, self._jobs = False, Jobs(self)
        self._jobs.ended.connect(self._plots_written)
        self._folder = Path()
        self._awaited: set[Path] = set()
        self._n_written, self._problem, self._refused = 0, "", list[str]()
        self.told = ""
        """What was said last of files that could all be written."""
        self.made: Callable[[], str] = str
        """Returns what is still being made, in a word; nothing where all is there."""

    @property
    def is_writing(self) -> bool:
        """Return whether plots are yet to be written."""
        return self._jobs.are_left

    def copy(self, key: str) -> None:
        """Copy a plot to the clipboard."""
        view = self._docks.views[key]
        if isinstance(view, AbstractPaintedView):
            copy_to_clipboard(view)

    def _say_of(self, title: str, words: str) -> None:
        self._banner.say(f"{title}: {words}", is_brief=True)

    def copy_script(self, what: str, lane: int) -> None:
        """Copy a lane as plain PyTorch: the whole "run", or its "formulation" alone."""
        config = self._config
        try:
            if what == "formulation":
                text = formulation_script(config.lanes[lane].formulation)
            else:
                text = run_script(config, lane, *self._steps_and_notes(lane))
        except (InvalidValueError, OSError) as error:
            self._banner.say(str(error), kind="warning")
            return
        QGuiApplication.clipboard().setText(text)
        self._banner.say(f"{config.lane_title(lane)}: copied as PyTorch.", is_brief=True)

    def _steps_and_notes(self, lane: int) -> tuple[int, tuple[str, ...]]:
        """Return how many steps there are of what is shown, and what was changed on the way."""
        trace = self._last.get(LossTrace, LossTraceProbe()) if self._last else None
        steps = self._last.viewed_step if self._last else 0
        return steps or USUAL_STEPS, change_notes(trace.marks, lane) if trace else ()

    def ask(self, key: str = "") -> None:
        """Ask what to export and do it; one export at a time waits for what it is drawn from."""
        if self._waiting is not None or self.is_writing:
            self._banner.say("The export before this one still waits for the engine.", kind="warning")
            return
        from ganviz.views.window.export_dialog import ExportDialog  # several files that no start needs

        views, about = self._docks.painted_views(self._config), {"chosen": key, "moment": self._moment()}
        folder = self._files.places.folder if self._folder == Path() else self._folder
        dialog = ExportDialog(views, self._config, folder, **about, parent=self._window)
        if not answer_to(dialog):
            return
        try:
            wish = dialog.wish()
        except InvalidValueError as error:
            self._banner.say(str(error), kind="warning")
        else:
            self.write(wish)

    def _moment(self) -> str:
        if self._is_looking_back():
            assert self._last is not None
            return f"Everything is of step {grouped(self._last.viewed_step)}, which is looked at."
        return "Everything is of one step; a run that trains waits meanwhile."

    def _is_looking_back(self) -> bool:
        last = self._last
        return last is not None and last.viewed_step < last.stamp.step

    def may_close(self) -> bool:
        """Return whether nothing is being made any more, or the person does without it; plots are written first."""
        self._jobs.finish()
        made = self.made()
        return not made or confirm_dropping(self._window, f"The {made} of this run is still being made.")

    def config_changed(self, config: RunConfig) -> None:
        """Take note of the configuration in force."""
        self._config = config

    @Slot(object, object)
    def state_changed(self, state: RunState, stamp: Stamp) -> None:
        """Take note of what the run does, and since when."""
        self._state, self._stamp = state, stamp
        if state is RunState.FAILED and self._waiting is not None:
            wish, self._waiting = self._waiting, None
            self._docks.also_need(())
            self.write(wish)

    def write(self, wish: ExportWish) -> None:
        """Write what is wished for, once the run stands still and what is not seen can be drawn."""
        self._jobs.finish()
        try:
            wish.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = reason_of(error)
            self._banner.say(f"The folder {wish.folder} cannot be made: {reason}.", kind="warning")
            return
        self._resumes = self._state is RunState.RUNNING and not self._is_looking_back()
        if self._resumes:
            self.command_requested.emit(Pause())
        unseen = self._docks.unseen(wish.views)
        if self._state is RunState.FAILED:  # no look is answered any more
            seen = tuple(key for key in wish.views if key not in unseen)
            self._write_all(dataclasses.replace(wish, views=seen), UNSEEN if unseen else "")
        elif self._last is not None and (unseen or self._resumes):
            self._waiting, self._missing = wish, set(self._docks.needs_of(unseen))
            self._docks.also_need(unseen)
            self.look_wished.emit()
        else:
            self._write_all(wish)

    def snapshot_shown(self, snapshot: Snapshot) -> None:
        """Hand on what plots that are not seen are drawn from, and write once nothing is missing."""
        self._last = snapshot
        wish, docks = self._waiting, self._docks
        # Not "another stamp": a probe that has been prepared meanwhile makes a later one of the same moment.
        is_old = snapshot.stamp.revision < self._stamp.revision
        is_early = self._resumes and (self._state is RunState.RUNNING or is_old)
        if wish is None or is_early:
            return
        for key in docks.unseen(wish.views):
            docks.views[key].show_snapshot(snapshot)
        missing = self._missing - {probe for probe, _ in snapshot.readings}
        self._missing = {probe for probe in missing if probe.supports(snapshot.config)}
        if not self._missing:
            self._waiting = None
            self._write_all(wish)

    @Slot()
    def run_replaced(self) -> None:
        """Give up what waits for a run that has gone."""
        if self._waiting is not None:
            self._waiting, self._resumes = None, False
            self._docks.also_need(())
        if n_left := self._jobs.drop():
            self._resumes, self._problem = False, f"{n_left} plots were not written: their run has gone."

    def _write_all(self, wish: ExportWish, problem: str = "") -> None:
        prefix = self._prefix(wish)
        if prefix is not None:
            self._folder, self._awaited, self._n_written = wish.folder, set(), 0
            self._problem, self._refused = problem, []
            self._ask_engine(wish, prefix)
            self._jobs.begin(
                partial(self._do, job)
                for job in plot_jobs(wish, prefix, self._last, self._config, self._docks)
            )
        else:
            self._docks.also_need(())
            self._go_on()

    def _plots_written(self) -> None:
        self._docks.also_need(())
        self._tell()
        self._go_on()

    def _go_on(self) -> None:
        """Let the run train on that stood still for its export."""
        if self._resumes:
            self._resumes = False
            self.command_requested.emit(Run())

    def _prefix(self, wish: ExportWish) -> str | None:
        """Return what the names of files begin with: run and step; None where the person gives up."""
        last = self._last
        run, step = (last.stamp.run, last.viewed_step) if last is not None else (0, 0)
        name = self._files.path.stem if self._files.path is not None else f"run-{run}"
        prefix = f"{name}_step-{step}_"
        n_there = wish.n_existing(prefix)
        if not n_there:
            return prefix
        answer = confirm_existing(self._window, n_there, wish.folder)
        if answer == "both":
            copies = (f"{prefix}{number}_" for number in range(2, 10_000))
            return next(found for found in copies if not wish.n_existing(found))
        return prefix if answer == "overwrite" else None

    def _ask_engine(self, wish: ExportWish, prefix: str) -> None:
        at_step = self._last.viewed_step if self._is_looking_back() and self._last else None
        for kind, name in wish.data:
            path = wish.folder / f"{prefix}{name}"
            self._awaited.add(path)
            self.command_requested.emit(Export(ExportKind(kind), path, at_step=at_step))
        if wish.with_checkpoint:
            path = wish.folder / f"{prefix}{CHECKPOINT}"
            self._awaited.add(path)
            self.command_requested.emit(SaveCheckpoint(path, at_step=at_step))
        for name in wish.rendered:
            self.rendering_requested.emit(str(wish.folder / f"{prefix}{name}"), wish.options)

    def _do(self, write: Callable[[], None]) -> None:
        try:
            write()
            self._n_written += 1
        except (InvalidValueError, OSError) as error:
            self._refused.append(str(error))

    def file_written(self, path: Path) -> bool:
        """Take note of a file that has been written; return whether it belongs to an export."""
        if path not in self._awaited:
            return False
        self._awaited.remove(path)
        self._n_written += 1
        self._tell()
        return True

    @Slot(object, str)
    def refused(self, path: Path | None, why: str) -> None:
        """Take note of a file that could not be written; what is said of the others says so, too."""
        if path in self._awaited:
            self._awaited.remove(path)
            self._refused.append(why)
            self._tell()

    def _tell(self) -> None:
        """Say how many files there are, and why not all, once all are written; offer to open the folder."""
        if self._awaited or self.is_writing:
            return
        files = "One file" if self._n_written == 1 else f"{self._n_written} files"
        counted = f"{files} written to {self._folder}." if self._n_written else ""
        n, problem = len(self._refused), "".join(self._refused[:1])
        refused = f"{n} files could not be written; the first: {problem}" if n > 1 else problem
        problems = f"{self._problem} {refused}".strip()
        if sentence := f"{counted} {problems}".strip():
            kind, does = "warning" if problems else "info", partial(open_folder, self._folder)
            self.told = "" if problems else sentence
            self._banner.say(sentence, kind=kind, action="Open the folder", does=does, is_brief=not problems)

"""Open and save: the file of the main window's run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ganviz.data.base import AbstractDistribution
from ganviz.data.image_folder import ImageFolder
from ganviz.data.points_file import PointsFile
from ganviz.session.commands import LoadCheckpoint, SaveCheckpoint
from ganviz.session.data_change import with_data
from ganviz.session.logs.kinds import EITHER, LOG, LOGS, TABLES, kind_of
from ganviz.session.saved_run import CHECKPOINT, opened_place, run_name
from ganviz.session.state import RunState
from ganviz.spec import InvalidValueError
from ganviz.spec.chosen_path import is_there
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.views.window.dialogs import ask_log_or_points, confirm_leaving, confirm_overwriting
from ganviz.views.window.first_place import FirstPlace
from ganviz.views.window.known_file import CHANGED, KnownFile
from ganviz.views.window.logs import PATTERN as LOG_PATTERN
from ganviz.views.window.logs import WindowLogs
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.opened import SETTINGS, wished_config
from ganviz.views.window.points_dialog import ask_for_points
from ganviz.views.window.recent import RecentFiles
from ganviz.views.window.run_worth import RunWorth

PATTERN = "ganviz runs (*.ganviz)"
POINTS_PATTERN = f"Points ({' '.join(f'*{ending}' for ending in TABLES)});;All files (*)"
OPENED = " ".join(f"*{ending}" for ending in (".ganviz", *SETTINGS, *TABLES, *LOGS))
OPEN_PATTERN = f"All that can be opened ({OPENED});;{PATTERN};;All files (*)"
"""Runs, settings, pictures that carry settings, points, and loss logs."""
ENDING = ".ganviz"


def with_ending(path: Path, ending: str) -> Path:
    """Return the path with an ending, which a name such as "lr0.001" does not have yet."""
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


class WindowFiles(QObject):
    """Asks for paths, and the engine to read and write; GUI thread only.

    ``path`` is the file that holds this run: it was read from there, or has been written there. A file that was
    refused is never the target of saving, and neither is the file of a run that another one has replaced.
    """

    command_requested = Signal(object)
    config_wished = Signal(object, bool)
    """Emitted with the configuration that a file holds, or that has its points, and whether it was asked about."""
    run_wished = Signal(object)
    """Emitted with a configuration that is to train at once, as somebody has said who chose its points."""
    said = Signal(str)
    """Emitted with why a file cannot be used."""
    saved = Signal(object)
    """Emitted with the path when the run has been saved to a file of the person's."""
    loading = Signal()
    """Emitted when a file is about to be read."""

    def __init__(self, window: QWidget, config: RunConfig, memory: WindowMemory) -> None:
        super().__init__(window)
        self._window = window
        self.path: Path | None = None
        self._known = KnownFile()
        self.worth = RunWorth(config)
        self.recent, self.logs = RecentFiles(memory, self), WindowLogs(window)
        self.logs.opened.connect(self.recent.add)
        self.logs.said.connect(self.said)
        self._config = config
        self._wished: Path | None = None
        self._once_saved: Callable[[], object] | None = None
        self._recovered: Path | None = None
        self._forking: tuple[Path, int] | None = None
        self.places = FirstPlace(window)
        self.parent_run: tuple[Path, int] | None = None
        """The file and the keyframe that the run was forked from, where it was."""

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return what the actions of the File menu do."""
        return {
            "open": self.open,
            "open_log": self.open_log,
            "save": self.save,
            "save_as": self.save_as,
            "recent": lambda place: self.open_file(self.recent.paths[int(place)]),
        }

    @property
    def config(self) -> RunConfig:
        """Return the configuration in force."""
        return self._config

    @property
    def name(self) -> str:
        """Return what the run is called."""
        if self.path is not None:
            # cells of a sweep are told apart by their folders
            return "/".join(self.path.parts[-2 if self.path.name == CHECKPOINT else -1 :])
        if self.parent_run is None:
            return "New run"
        return f"Fork of {Path(run_name(self.parent_run[0].as_posix())).name}"

    def show_title(self) -> None:
        """Let the window's title name the file, and say whether the run differs from it."""
        # Qt's own sign for where the mark of a modified file stands
        name = self.name.replace("[*]", "[*][*]")
        title = f"{name}[*] – ganviz"
        if title != self._window.windowTitle():
            self._window.setWindowTitle(title)
        if self.worth.is_modified != self._window.isWindowModified():  # told anew with every frame
            self._window.setWindowModified(self.worth.is_modified)

    def unless_kept(self, action: Callable[[], object]) -> None:
        """Do what ends the run, at once or when an unsaved run that is worth something has been dealt with."""
        self._once_saved = None
        if not self.worth.is_worth_asking:
            action()
            return
        answer = confirm_leaving(self._window, self.name, self.worth.lost_words)
        if answer == "discard":
            action()
        elif answer == "save":
            self.save_before(action)

    def save_before(self, action: Callable[[], object]) -> None:
        """Save the run, and do what ends it once it has been saved."""
        self._once_saved = action if self.save() else None

    @Slot()
    def refused(self) -> None:
        """Take note that something could not be done: what waits for a saved run is not done either."""
        self._once_saved, self._known.is_being_written = None, False

    def open(self) -> None:
        """Ask for a file, first where runs are saved, then where one was chosen last; open it, when the run may end."""
        if name := self.places.to_open("Open", OPEN_PATTERN):
            self.open_file(Path(name))

    def open_log(self) -> None:
        """Ask for a loss log, and open it beside the run."""
        if name := self.places.to_open("Open a loss log", LOG_PATTERN):
            self.logs.open(Path(name))

    def open_file(self, path: Path, *, is_first: bool = False) -> None:
        """Open a file of any kind: a log beside the run, others when the run may end; a window's first ends none."""
        try:
            path = opened_place(path)
            kind = kind_of(path)
            if kind == EITHER:
                kind = ask_log_or_points(self._window, path)
            asks = not is_first and self.worth.is_worth_asking
            wished = wished_config(path, self._config, asks=asks) if kind not in ("", LOG) else None
        except InvalidValueError as error:
            self._begin_loading()
            self.said.emit(str(error))
            return
        if kind == LOG:
            self.logs.open(path)
        elif kind:
            self._open_run(path, wished, is_first=is_first)

    def _open_run(self, path: Path, wished: RunConfig | None, *, is_first: bool) -> None:
        goes_on = wished is not None and not wished.needs_restart(self._config)
        is_asked = is_first or (not goes_on and self.worth.is_worth_asking)

        def begin() -> None:
            self.load(path) if wished is None else self._wish(path, wished, is_asked)

        begin() if is_first or goes_on else self.unless_kept(begin)

    def load(self, path: Path) -> None:
        """Let a checkpoint go on as a run; it becomes the file of the run once that has succeeded."""
        self._begin_loading()
        self.command_requested.emit(LoadCheckpoint(path))

    def _wish(self, path: Path, wished: RunConfig, is_asked: bool) -> None:
        self._begin_loading()
        self.recent.add(path)
        self.config_wished.emit(wished, is_asked)

    def _begin_loading(self) -> None:
        self._forking = None
        self.loading.emit()

    def fork(self, path: Path, step: int) -> None:
        """Go on from a keyframe of a saved run as a new run, when the present one may end; the file stays as it is."""

        def begin() -> None:
            self._forking = (path, step)
            self.loading.emit()
            self.command_requested.emit(LoadCheckpoint(path, step))

        self.unless_kept(begin)

    @Slot(object)
    def choose_data(self, data: AbstractDistribution) -> None:
        """Ask for what data of this kind are read from."""
        self.choose_pictures() if isinstance(data, ImageFolder) else self.choose_points()

    def choose_points(self) -> None:
        """Ask for a file of points and how to read it; only what can be read is wished for, and asked about once."""
        name = self.places.to_open("Points from a file", POINTS_PATTERN)
        points = ask_for_points(PointsFile(path=name), self._window) if name else None
        if points is not None:
            wished = with_data(self._config, points)
            self.unless_kept(lambda: self.run_wished.emit(wished))

    def choose_pictures(self) -> None:
        """Ask for a folder of pictures; the engine reads them, and says which cannot be read."""
        if not (name := self.places.to_open("Images from a folder")):
            return
        pictures = ImageFolder(path=name)
        try:
            self.said.emit(pictures.summary)
        except InvalidValueError as error:
            self.said.emit(str(error))
            return
        wished = with_data(self._config, pictures)
        self.unless_kept(lambda: self.config_wished.emit(wished, True))

    def recover(self, path: Path) -> None:
        """Load a run that was put aside by a window that has gone; it is a run without a file."""
        self._recovered = path
        self.load(path)

    def run_replaced(self, path: Path | None, config: RunConfig, stamp: Stamp, is_same: bool = False) -> None:
        """Take note of a run that was read from ``path`` or begun anew, or goes on in another process."""
        if is_same:
            self.worth.go_on(stamp.run, stamp.step)
            self.show_title()
            return
        is_recovered = path is not None and path == self._recovered
        self.parent_run = self._forking if self._forking is not None and path == self._forking[0] else None
        self._forking = None
        has_file = not is_recovered and self.parent_run is None
        self.path, self._wished, self._once_saved = path if has_file else None, None, None
        self._known.note(self.path)
        self.worth.begin(config, stamp.run, stamp.step)
        if self.path is not None:
            self.recent.add(self.path)
        if is_recovered:
            self.worth.owe()
        self.show_title()

    def config_changed(self, config: RunConfig) -> None:
        """Take note of the configuration in force."""
        self._config = config
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
        self._known.note(path)
        self.recent.add(path)
        self.saved.emit(path)
        self.worth.keep(step)
        self.show_title()
        action, self._once_saved = self._once_saved, None
        if action is not None:
            action()

    def save(self) -> bool:
        """Save to the file of the run, or ask for one; return whether it is being saved."""
        if self.path is None:
            return self.save_as()
        if self._known.is_changed(self.path) and not confirm_overwriting(self._window, self.path, CHANGED):
            return False
        self._known.is_being_written = True
        self.command_requested.emit(SaveCheckpoint(self.path))
        return True

    def save_as(self) -> bool:
        """Ask for a file and save to it; what is there is overwritten only when a person says so."""
        chosen = self.places.to_save("Save the run", "run.ganviz", PATTERN)
        if chosen is None:
            return False
        path = with_ending(chosen, ENDING)
        if is_there(path) and not confirm_overwriting(self._window, path):
            return False
        self._wished = path
        self.command_requested.emit(SaveCheckpoint(path))
        return True

    def snapshot_shown(self, snapshot: Snapshot) -> None:
        """Take note of where the run is."""
        self.worth.show_step(snapshot.stamp.run, snapshot.stamp.step)
        self.show_title()

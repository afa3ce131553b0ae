"""The window's composition root: builds window and bridge, connects them, and shuts them down in order."""

from __future__ import annotations

import atexit
import logging
import sys
import traceback
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import shiboken6
from PySide6.QtCore import QEvent, QObject, QStandardPaths, QTimer, Signal, Slot
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from ganviz import __version__
from ganviz.animation import AnimationExport
from ganviz.recovery import RecoveryOffer
from ganviz.resources import is_other
from ganviz.scanning import RunScan
from ganviz.session.data_change import startable
from ganviz.session.events import Failed
from ganviz.session.opening import Opening
from ganviz.session.run_presets import DEFAULT, run_preset
from ganviz.session.view_names import VIEW_OF_KIND
from ganviz.spec.words import reason_of
from ganviz.views.window.animation_notes import AnimationNotes
from ganviz.views.window.keeping import Keeping
from ganviz.views.window.main_window import MainWindow
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.slow_start import SLOW, SlowRelease, SlowStart
from ganviz.worker.ahead import is_wanted
from ganviz.worker.bridge import RunBridge
from ganviz.worker.crash_logs import begin_crash_log, keep_crash_logs
from ganviz.worker.end_signals import EndSignals
from ganviz.worker.heap import EVERY_MS, collect_between_events, give_back
from ganviz.worker.in_process import EngineInProcess
from ganviz.worker.process import EngineProcess
from ganviz.worker.window_folder import WINDOW_CRASH, WindowFolder, own_folder

log = logging.getLogger("ganviz")

STOP_MS, KEEP_MS = 3000, 20_000
"""How long the engine is waited for before it is killed: longer where it puts the run aside, or has it to save."""


def run_window(path: Path | None) -> int:
    """Open the window, on a saved run where one is given; return the exit code."""
    app = QApplication(["ganviz"])
    app.setApplicationName("ganviz")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("ganviz")
    _open_log()
    session = Session(path)
    session.painted.connect(collect_between_events)
    if session.folder is not None:
        begin_crash_log(session.folder.path / WINDOW_CRASH)
    signals = EndSignals()
    signals.arrived.connect(session.end)
    try:
        session.window.show()
        code = app.exec()
    finally:
        session.leave()
    signals.stop()
    return 128 + signals.number if signals.number else code


def engine_of(opening: Opening, folder: Path | None) -> EngineProcess | EngineInProcess:
    """Return what trains: a process of its own, or this one where none can be had or GANVIZ_IN_PROCESS is 1."""
    if is_wanted():
        try:
            engine = EngineProcess(opening, folder)
            engine.launch()
        except OSError as error:
            log.warning("the window's own process trains, for no other can be started: %s", error)
        else:
            return engine
    return EngineInProcess(opening)


def _folder_of_window(root: Path) -> tuple[WindowFolder | None, str]:
    """Return the folder where the run is put aside; where none can be made, a sentence that says so."""
    try:
        return own_folder(root), ""
    except OSError as error:
        reason = f"{str(error.filename or root)!r} cannot be made: {reason_of(error)}."
        log.warning("a run cannot be put aside: %s", reason)
        return None, f"The run cannot be put aside: it is lost if ganviz is killed. {reason}"


def _data_folder() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))


def _open_log() -> None:
    folder = _data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if is_other(folder / "ganviz.log"):
            raise OSError(f"{folder / 'ganviz.log'} is not a file")
        handler = _Log(folder / "ganviz.log", maxBytes=1 << 20, backupCount=1, encoding="utf-8")
    except OSError as error:
        log.warning("no log can be written: %s", error)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.info("ganviz %s starts", __version__)


class _Log(RotatingFileHandler):
    """Says nothing on standard error, with a traceback for each line, where a disk is full."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - a name of logging
        """Let the line go."""


class _FirstPaint(QObject):
    """Tells when a window was painted for the first time."""

    happened = Signal()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.happened.emit)
        return False


class Session(QObject):
    """A window, the bridge to its engine, and what passes between them; GUI thread only."""

    painted = Signal()
    """Emitted once, when the window was painted for the first time."""
    _defect = Signal(str)
    """Emitted with what is to be said of a defect, in whatever thread it happened: from another one than the window's
    it comes queued, for a widget that is touched there ends the program."""

    def __init__(self, path: Path | None = None, opening: Opening | None = None) -> None:
        super().__init__()
        preset, memory = run_preset(DEFAULT), WindowMemory()
        config, missing = startable(memory.config() or preset.config) if opening is None else (None, "")
        is_new = opening is None and path is None
        chosen = memory.pace(preset.pace)
        pace = min(SLOW, chosen or SLOW) if is_new else chosen
        opening = opening or Opening(config or preset.config, pace, is_running=path is None)
        root = _data_folder() / "windows"
        self.folder, homeless = _folder_of_window(root)
        self._engine = engine_of(opening, self.folder.path if self.folder else None)
        self.window = MainWindow(opening.config, opening.pace, memory)
        self.window.run_bar.pace_chosen.connect(memory.keep_pace)
        self.bridge = RunBridge(self._engine, self)
        if problem := " ".join(filter(None, (missing, homeless))):
            self.window.banner.say(problem, kind="warning")
        self._animation = AnimationExport(self.bridge, self.folder.path if self.folder else None, self)
        self._scan = RunScan(self)
        self._keeping = Keeping(self.window, memory, lambda: self.window.config)
        self.recovery = RecoveryOffer(self.window, root, self.folder)
        self._connect()
        if is_new:
            self.bridge.snapshot_arrived.connect(SlowStart(self.window.run_bar, chosen).note)
        self.bridge.snapshot_arrived.connect(SlowRelease(self.window.run_bar, self.window.status).note)
        if path is not None:
            self.window.open_path(path)
        self._first_paint = _FirstPaint(self)
        self.window.installEventFilter(self._first_paint)
        self._first_paint.happened.connect(self.painted)
        self._first_paint.happened.connect(self.bridge.start)
        self._first_paint.happened.connect(self.recovery.begin)
        self._trim = QTimer(self, interval=EVERY_MS)
        # Docks ask the style for their icons anew whenever they are laid out, and each answer stays here, up to 10 MB.
        self._trim.timeout.connect(QPixmapCache.clear)
        self._trim.timeout.connect(give_back)
        self._trim.start()
        self._before, self._is_over = sys.excepthook, False
        sys.excepthook = self._unforeseen
        atexit.register(self.leave)

    def _connect(self) -> None:
        window, bridge = self.window, self.bridge
        window.command_requested.connect(bridge.send)
        window.needs_changed.connect(bridge.set_needs)
        window.look_back_requested.connect(bridge.set_look_back)
        window.look_wished.connect(bridge.look_anew)
        window.rendering_requested.connect(self._rendering_wished)
        window.closing.connect(self._keeping.stop)
        self._keeping.refused.connect(self._warn)
        window.closing.connect(self.shut_down)
        bridge.snapshot_arrived.connect(window.show_snapshot)
        bridge.event_arrived.connect(self._note)
        bridge.event_arrived.connect(window.handle_event)
        bridge.event_arrived.connect(self._keeping.read)
        bridge.event_arrived.connect(self.recovery.note)
        bridge.rates_changed.connect(window.show_rates)
        window.runs.scan_wished.connect(self._scan.begin)
        self._scan.progressed.connect(window.runs.show_progress)
        self._scan.ended.connect(window.runs.scan_ended)
        self._connect_animations()
        self._defect.connect(self._warn)

    def _connect_animations(self) -> None:
        making, exports = self._animation, self.window.exports
        notes = AnimationNotes(self.window.banner, lambda: exports.told, making.cancel, self)
        making.progressed.connect(notes.progressed)
        making.told.connect(notes.told)
        exports.made = making.made

    @Slot(object)
    def _note(self, event: object) -> None:
        if isinstance(event, Failed):
            log.error("%s: %s\n%s", event.kind, event.message, event.details)

    @Slot(str, object)
    def _rendering_wished(self, path: str, options: Sequence[str]) -> None:
        config = self.window.config
        theme = next(iter(self.window.docks.painted_views(config))).theme
        view = VIEW_OF_KIND[config.distribution.kind.name]
        self._animation.begin(Path(path), view, theme.key, options)

    def _unforeseen(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.error("unforeseen:\n%s", "".join(traceback.format_exception(kind, error, trace)))
        self._defect.emit(f"A defect ({kind.__name__}: {error}). The details are in the log.")
        self._before(kind, error, trace)

    @Slot(str)
    def _warn(self, sentence: str) -> None:
        self.window.banner.say(sentence, kind="warning")

    @Slot(int)
    def end(self, number: int) -> None:
        """Close the window unasked, because a signal says so; the run is offered at the next start."""
        log.info("signal %d ends the window", number)
        self._engine.keeps_run = True
        self.window.sweeps.stop()  # which would ask
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog | QMenu):
                widget.close()
        self.window.close_unasked()

    def leave(self) -> None:
        """End before the interpreter does, also where nobody has closed the window: what lives on would crash then.

        A run whose window was not closed, for the display has gone, is offered at the next start.
        """
        atexit.unregister(self.leave)
        if not self._is_over:
            self._engine.keeps_run = True
        self.shut_down()
        if shiboken6.isValid(self.window):
            self.window.hide()
        for widget in QApplication.topLevelWidgets():  # floating docks would be closed too late
            widget.hide()

    @Slot()
    def shut_down(self) -> bool:
        """Stop the engine and wait for it; return whether it ended in time."""
        self._is_over = True
        sys.excepthook = self._before
        self._animation.shut_down()
        self._scan.shut_down()
        self._engine.is_writing = shiboken6.isValid(self.window) and self.window.pending.is_writing
        is_patient = self._engine.keeps_run or self._engine.is_writing
        ended = self.bridge.shut_down(KEEP_MS if is_patient else STOP_MS)
        if not ended:
            log.error("the training thread did not end in time")
        self._hear_last_words()
        if self.folder is not None:
            keep_crash_logs(self.folder, self.folder.path.parent.parent)
            if not (self._engine.keeps_run and self.folder.is_worth_offering):
                self.folder.remove()
        return ended

    def _hear_last_words(self) -> None:
        """Keep settings that were chosen so late that the engine has answered only now."""
        events = self.bridge.last_words()
        if shiboken6.isValid(self.window):
            for event in events:
                self.window.pending.read(event)
                self.recovery.note(event)
            self._keeping.keep_late(self.window.pending.expected)

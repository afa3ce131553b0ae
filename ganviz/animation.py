"""An animation or a report of the run that is open, made by a program of its own from the run as it is put aside.

Neither training nor the window takes part: ``ganviz render`` and ``ganviz report`` draw, as from the command line.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal, Slot

from ganviz.session.commands import PutAside
from ganviz.session.events import AsideWritten, Relaunched
from ganviz.training.atomic import atomic_path
from ganviz.worker.bridge import RunBridge

SIZE = "640x560"
REPORT = ".html"
KILLED_MS = 3000


def program() -> list[str]:
    """Return how this program is called as another process."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-P", "-m", "ganviz"]  # -P: files of the present folder are no modules


class AnimationExport(QObject):
    """Has animations and reports made, one at a time; GUI thread only.

    Parameters
    ----------
    bridge : RunBridge
    folder : Path, optional
        Where the run is put aside and the file made, in a folder that goes afterwards.
    """

    told = Signal(str, bool)
    """Carries a sentence and whether it is a warning: the last thing that is said of a file."""
    progressed = Signal(str)
    """Carries a sentence on how far the file is."""

    def __init__(self, bridge: RunBridge, folder: Path | None, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._parent_folder = bridge, folder
        self._folder: Path | None = None
        self._target, self._options, self._is_cancelled = Path(), [""], False
        self._what, self._part, self._command = "animation", "frame", "render"
        self._waiting: deque[tuple[Path, str, str]] = deque()
        self._process: QProcess | None = None
        bridge.event_arrived.connect(self._note)

    def begin(self, path: Path, view: str, theme: str) -> None:
        """Make an animation of a view over the run as it is, or a report, once those before are made."""
        if self._folder is not None:
            self._waiting.append((path, view, theme))
            return
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="animation-", dir=self._parent_folder))
        except OSError as error:
            self.told.emit(f"{str(path)!r} cannot be made: {error.strerror or error}.", True)
            return
        self._target, self._is_cancelled = path, False
        if path.suffix == REPORT:
            self._what, self._part, self._command, self._options = "report", "picture", "report", []
        else:
            self._what, self._part, self._command = "animation", "frame", "render"
            self._options = ["--view", view, "--size", SIZE, "--theme", theme]
        self.progressed.emit(f"Making the {self._what} …")
        self._bridge.send(PutAside(self._folder / "run.ganviz"))

    @Slot(object)
    def _note(self, event: object) -> None:
        if self._folder is None or self._process is not None:
            return
        if isinstance(event, AsideWritten) and event.path.parent == self._folder:
            if event.is_well and not self._is_cancelled:
                self._render(self._folder, event.path)
            else:
                self._end("" if self._is_cancelled else "The run could not be put aside for it")
        elif isinstance(event, Relaunched):
            self._end("The training process has ended")

    def _render(self, folder: Path, run: Path) -> None:
        self._process = process = QProcess(self)
        process.readyReadStandardOutput.connect(self._read_progress)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        out = str(folder / f"out{self._target.suffix}")
        command = [*program(), self._command, str(run), "--out", out, "--background"]
        process.start(command[0], [*command[1:], *self._options])

    @Slot()
    def _read_progress(self) -> None:
        assert self._process is not None
        while self._process.canReadLine():
            frame = bytes(self._process.readLine().data()).decode("utf-8", "replace").strip()
            if not self._is_cancelled:
                self.progressed.emit(f"Making the {self._what}: {self._part} {frame} …")

    @Slot()
    def _finished(self) -> None:
        assert self._process is not None
        assert self._folder is not None
        if self._process.exitStatus() is QProcess.ExitStatus.NormalExit and self._process.exitCode() == 0:
            self._end(_copy(self._folder / f"out{self._target.suffix}", self._target))
            return
        said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        self._end(said.rpartition("\n")[2] or "The program that draws it has ended")

    @Slot(QProcess.ProcessError)
    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end("The program that draws it cannot be started")

    def _end(self, problem: str) -> None:
        """Say how it went and leave nothing behind."""
        self._clear()
        if self._is_cancelled:
            self.told.emit(f"The {self._what} was not written: it was cancelled.", False)
        elif problem:
            self.told.emit(f"The {self._what} was not written: {problem.rstrip('.')}.", True)
        else:
            self.told.emit(f"Written: {self._target}", False)
        if self._waiting:
            self.begin(*self._waiting.popleft())

    def _clear(self) -> None:
        if self._process is not None:
            self._process.deleteLater()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._process = self._folder = None

    @Slot()
    def cancel(self) -> None:
        """Make nothing after all, of what waits either."""
        self._is_cancelled = True
        self._waiting.clear()
        if self._process is not None:
            self._process.kill()

    def shut_down(self) -> None:
        """End what is being made; the window is closing."""
        self._waiting.clear()
        if self._process is not None:
            self._process.blockSignals(True)
            self._process.kill()
            self._process.waitForFinished(KILLED_MS)
        self._clear()


def _copy(made: Path, target: Path) -> str:
    """Put a file where it is wanted; return a sentence where it cannot be."""
    try:
        with atomic_path(target) as temporary:
            shutil.copyfile(made, temporary)
    except OSError as error:
        return str(error)
    return ""

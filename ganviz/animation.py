"""An animation or a report of the run that is open, made by a program of its own from the run as it is put aside.

Neither training nor the window takes part: ``ganviz render`` and ``ganviz report`` draw, as from the command line.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from ganviz.session.commands import PutAside
from ganviz.session.events import AsideWritten, Relaunched
from ganviz.spec.words import reason_of
from ganviz.subprogram import Subprogram
from ganviz.training.atomic import atomic_path
from ganviz.worker.bridge import RunBridge

SIZE = "640x560"
REPORT = ".html"
KINDS = {REPORT: "report", ".gif": "GIF", ".webp": "WebP animation", ".mp4": "film"}
"""What a file is called, by its ending."""


class AnimationExport(QObject):
    """Has animations and reports made, one at a time; GUI thread only.

    Parameters
    ----------
    bridge : RunBridge
    folder : Path, optional
        Where the run is put aside and the file made, in a folder that goes afterwards.
    """

    told = Signal(str, bool, object)
    """Carries a sentence, whether it is a warning, and the file that was written: the last thing that is said of it."""
    progressed = Signal(str)
    """Carries a sentence on how far the file is."""

    def __init__(self, bridge: RunBridge, folder: Path | None, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._parent_folder = bridge, folder
        self._folder: Path | None = None
        self._target, self._is_canceled, self._what, self._part = Path(), False, "animation", "frame"
        self._arguments: list[str] = []
        self._waiting: deque[tuple[Path, Path, str, str, Sequence[str]]] = deque()
        self._asides: dict[Path, str] = {}  # by the folder; a sentence where the run could not be had
        self._program = Subprogram(self)
        self._program.told.connect(self._tell)
        self._program.ended.connect(self._ended)
        bridge.event_arrived.connect(self._note)

    def made(self) -> str:
        """Return what is being made, in a word, or nothing."""
        return "" if self._folder is None else self._what

    def begin(self, path: Path, view: str, theme: str, options: Sequence[str] = ()) -> None:
        """Make an animation of a view over the run as it is now, or a report, once those before are made.

        ``options`` are further ones of ``ganviz render``.
        """
        try:
            folder = Path(tempfile.mkdtemp(prefix="animation-", dir=self._parent_folder))
        except OSError as error:
            self.told.emit(f"{str(path)!r} cannot be made: {reason_of(error)}.", True, None)
            return
        self._waiting.append((folder, path, view, theme, options))
        if self._folder is None:
            self._begin_next()
        self._bridge.send(PutAside(folder / "run.ganviz"))

    def _begin_next(self) -> None:
        self._folder, path, view, theme, options = self._waiting.popleft()
        self._target, self._is_canceled, self._what = path, False, KINDS.get(path.suffix, "animation")
        if path.suffix == REPORT:
            self._part, self._arguments = "picture", ["report"]
        else:
            self._part = "frame"
            self._arguments = ["render", "--view", view, "--theme", theme, *(options or ("--size", SIZE))]
        self.progressed.emit(f"Making the {self._what}\u00a0…")
        self._render_once_put_aside()

    @Slot(object)
    def _note(self, event: object) -> None:
        folders = {self._folder, *(folder for folder, *_ in self._waiting)} - {None, *self._asides}
        if isinstance(event, AsideWritten) and event.path.parent in folders:
            self._asides[event.path.parent] = "" if event.is_well else "The run could not be put aside for it"
        elif isinstance(event, Relaunched):
            self._asides |= {folder: "The training process has ended" for folder in folders if folder}
        else:
            return
        if not self._program.is_running:
            self._render_once_put_aside()

    def _render_once_put_aside(self) -> None:
        problem = self._asides.get(self._folder) if self._folder is not None else None
        if problem:
            self._end(problem)
        elif problem is not None and self._folder is not None:
            command, *options = self._arguments
            out = str(self._folder / f"out{self._target.suffix}")
            run = str(self._folder / "run.ganviz")
            self._program.begin([command, run, "--out", out, "--background", *options])

    def _tell(self, frame: str) -> None:
        if not self._is_canceled:
            self.progressed.emit(f"Making the {self._what}: {self._part} {frame}\u00a0…")

    def _ended(self, code: int, said: str) -> None:
        assert self._folder is not None
        if code == 0:
            self._end(_copy(self._folder / f"out{self._target.suffix}", self._target))
        else:
            self._end(said or "The program that draws it has ended")

    def _end(self, problem: str) -> None:
        """Say how it went and leave nothing behind."""
        self._clear()
        if self._is_canceled:
            self.told.emit(f"The {self._what} was not written: it was canceled.", False, None)
        elif problem:
            self.told.emit(f"The {self._what} was not written: {problem.rstrip('.')}.", True, None)
        else:
            self.told.emit(f"Written: {self._target}", False, self._target)
        if self._waiting:
            self._begin_next()

    def _clear(self) -> None:
        if self._folder is not None:
            self._remove(self._folder)
        self._folder = None

    def _remove(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self._asides.pop(folder, None)

    def _drop_waiting(self) -> None:
        while self._waiting:
            self._remove(self._waiting.popleft()[0])

    @Slot()
    def cancel(self) -> None:
        """Make nothing after all, of what waits either."""
        self._is_canceled = True
        self._drop_waiting()
        if self._program.is_running:
            self._program.kill()
        elif self._folder is not None:
            self._end("")

    def shut_down(self) -> None:
        """End what is being made; the window is closing."""
        self._drop_waiting()
        self._program.end()
        self._clear()


def _copy(made: Path, target: Path) -> str:
    """Put a file where it is wanted; return a sentence where it cannot be."""
    try:
        with atomic_path(target) as temporary:
            shutil.copyfile(made, temporary)
    except OSError as error:
        return str(error)
    return ""

"""An animation of the run that is open: frames from its keyframes, between the looks of the window."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import QObject, QSize, QThread, Signal, Slot

from ganviz.rendering import frame_of, fresh_view, write_gif
from ganviz.session.exporting import settings_text
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Snapshot
from ganviz.views.theme import Theme
from ganviz.worker.bridge import RunBridge

SIZE = QSize(640, 560)


class _Writer(QThread):
    """Compresses and writes off the GUI thread."""

    def __init__(self, path: Path, frames: list[Image.Image], settings: str, parent: QObject) -> None:
        super().__init__(parent)
        self._path, self._frames, self._settings = path, frames, settings
        self.problem = ""

    def run(self) -> None:
        try:
            write_gif(self._path, self._frames, self._settings)
        except (OSError, ValueError) as error:
            self.problem = str(error)


class GifExport(QObject):
    """Collects one frame a keyframe and writes them; GUI thread only.

    ``told`` carries a sentence and whether it is a warning.
    """

    told = Signal(str, bool)

    def __init__(self, bridge: RunBridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._frames: dict[int, Image.Image] = {}
        self._n = self._n_arrived = 0
        self._run: int | None = None
        self._writer: _Writer | None = None
        bridge.frame_arrived.connect(self._add)

    def begin(self, path: Path, config: RunConfig, steps: tuple[int, ...], theme: Theme) -> None:
        """Ask for all frames; a second wish while one is at work is refused."""
        if self._n or not steps:
            self.told.emit(
                "An animation is being made already." if self._n else "There is no keyframe yet.", True
            )
            return
        self._path, self._settings, self._theme = path, settings_text(config), theme
        self._view = fresh_view("digits" if config.distribution.kind.name == "image" else "plane", config)
        self._frames, self._n, self._n_arrived, self._run = {}, len(steps), 0, None
        self._bridge.collect(self._view.needs(), steps)
        self.told.emit(f"Making an animation of {len(steps)} keyframes …", False)

    @Slot(object)
    def _add(self, snapshot: Snapshot) -> None:
        if not self._n:
            return
        if self._run not in (None, snapshot.stamp.run):
            self._give_up()
            return
        self._run = snapshot.stamp.run
        self._n_arrived += 1
        if (
            snapshot.viewed_step not in self._frames
        ):  # a keyframe that is gone is answered by the one before it
            self._frames[snapshot.viewed_step] = frame_of(self._view, snapshot, SIZE, self._theme)
        if self._n_arrived == self._n:
            self._writer = _Writer(self._path, list(self._frames.values()), self._settings, self)
            self._writer.finished.connect(self._written)
            self._writer.start()

    def _give_up(self) -> None:
        self._bridge.collect((), ())
        self._n, self._frames = 0, {}
        self.told.emit("Another run has begun: the animation was not written.", True)

    @Slot()
    def _written(self) -> None:
        assert self._writer is not None
        problem = self._writer.problem
        self._n, self._frames = 0, {}
        self.told.emit(problem or f"Written: {self._path}", bool(problem))

    def shut_down(self) -> None:
        """Wait for a file that is being written."""
        self._n = 0
        if self._writer is not None:
            self._writer.wait()

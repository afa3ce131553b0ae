"""Where a run can be had from whose process has died."""

from __future__ import annotations

import time
from pathlib import Path

from ganviz.session.events import AsideWritten, ConfigChanged, Event, FileWritten
from ganviz.session.runs.finding import ENDING
from ganviz.worker.aside import OPENED, RUN


class KeptRun:
    """What the process has put aside of the run, else the file that has it; the thread that supervises tells it.

    Parameters
    ----------
    folder : Path
        Where it is put aside.

    Attributes
    ----------
    aside : Path
        The file that it is put aside in.
    """

    def __init__(self, folder: Path) -> None:
        self.aside, self._found = folder / RUN, folder / OPENED
        self._at: float | None = None
        self._file: Path | None = None
        self._file_step = 0

    def forget(self) -> None:
        """Take note that the next run is another one."""
        self._at = self._file = None

    def heard(self, event: Event, run: int) -> None:
        """Take note of what the process tells while it trains the run of this number."""
        match event:
            case ConfigChanged(_, stamp, restarted, path) if stamp.run > run:
                self._at = None
                if restarted:
                    self._file, self._file_step = path, stamp.step
            case FileWritten(path, int(step)) if path.suffix.lower() == ENDING:
                if self._file is None or step >= self._file_step:
                    self._file, self._file_step = path, step
            case AsideWritten(True, self.aside, age_s):
                self._at = time.monotonic() - age_s

    @property
    def is_put_aside(self) -> bool:
        """Return whether the run can be had as it was a while ago."""
        return self._at is not None

    @property
    def age(self) -> str:
        """Return how old what was put aside is."""
        return f"of {time.monotonic() - (self._at or 0.0):.0f} s ago"

    def found(self) -> tuple[Path | None, int | None, str]:
        """Return a file of the run, the step that it had when it was read from there, and how it goes on."""
        if self.is_put_aside:
            return self.aside, None, f"goes on from its state {self.age}"
        is_found = self._file is not None and self._file.parent.parent == self.aside.parent.parent
        file = self._found if is_found else self._file  # what was found has been moved here
        if file is None or not file.is_file():
            return None, None, "starts again"
        what = "it was found" if is_found else f"{file.name!r} has it"
        return file, self._file_step, f"goes on as {what}"

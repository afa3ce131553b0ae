"""Where dialogs of files begin: where runs are saved, until a person has chosen something else."""

from __future__ import annotations

import contextlib
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


def documents() -> Path:
    """Return the folder that is proposed where nobody has saved anything yet."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place) / "ganviz"


def nearest(folder: Path) -> Path:
    """Return a folder, else the first around it that is there: for others, dialogs begin in the working folder."""
    return next((one for one in (folder, *folder.parents) if one.is_dir()), Path.home())


class FirstPlace:
    """Asks for files, first in the folder of saved runs; GUI thread only.

    Attributes
    ----------
    folder : Path
        Where runs are saved.
    """

    def __init__(self, window: QWidget) -> None:
        self._window, self.folder = window, documents()
        self._has_chosen = False

    def to_open(self, title: str, pattern: str = "") -> str:
        """Ask for a file, or for a folder where there is no pattern of files; Qt goes on where one was chosen last."""
        place = "" if self._has_chosen else str(nearest(self.folder))
        if pattern:
            name, _ = QFileDialog.getOpenFileName(self._window, title, place, pattern)
        else:
            name = QFileDialog.getExistingDirectory(self._window, title, place)
        self._has_chosen |= bool(name)
        return name

    def to_save(self, title: str, name: str, pattern: str) -> Path | None:
        """Ask where to save a file; the folder is made for that, and goes again where nothing is saved in it."""
        made = [one for one in (self.folder, *self.folder.parents) if not one.is_dir()]
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
        place = str(nearest(self.folder) / name)
        # What is there is asked about later: the dialog would ask about the name before it has its ending.
        unasked = QFileDialog.Option.DontConfirmOverwrite
        answer, _ = QFileDialog.getSaveFileName(self._window, title, place, pattern, options=unasked)
        chosen = Path(answer) if answer else None
        for one in made:
            if chosen is None or one not in chosen.parents:
                with contextlib.suppress(OSError):
                    one.rmdir()
        return chosen

"""Opens loss logs of other programs' GANs beside the run, which goes on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from ganviz.session.logs.kinds import LOGS, TABLES
from ganviz.session.saved_run import EVENT_FILES
from ganviz.spec import InvalidValueError
from ganviz.spec.words import reason_of
from ganviz.views.look.theme import Theme, theme_of

_ENDINGS = " ".join((*(f"*{ending}" for ending in (*TABLES, *LOGS)), f"*{EVENT_FILES}*"))
PATTERN = f"Loss logs ({_ENDINGS});;All files (*)"


class WindowLogs(QObject):
    """Opens logs, each in a window of its own; GUI thread only."""

    opened = Signal(Path)
    said = Signal(str)
    """Emitted with why a file cannot be opened."""
    _theme_changed = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def open(self, path: Path) -> None:
        """Open a log, or say why it cannot be opened."""
        from ganviz.session.logs.tables import open_table  # many files that no start needs
        from ganviz.views.window.log_window import LogWindow

        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            window = LogWindow(path, open_table(path), theme_of(self._window), self._window)
        except InvalidValueError as error:
            self.said.emit(str(error))
            return
        except OSError as error:
            self.said.emit(f"The file {str(path)!r} cannot be read: {reason_of(error)}.")
            return
        finally:
            QApplication.restoreOverrideCursor()
        self._theme_changed.connect(window.apply_theme)
        window.show()
        self.opened.emit(path)

    def apply_theme(self, theme: Theme) -> None:
        """Draw all logs in the colors of ``theme``."""
        self._theme_changed.emit(theme)

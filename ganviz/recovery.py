"""At the start of a window: looks for runs of windows that were killed, and offers them."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from shiboken6 import isValid

from ganviz.session.events import ConfigChanged
from ganviz.spec.words import grouped
from ganviz.views.look.folders import open_folder
from ganviz.views.window.main_window import MainWindow
from ganviz.views.window.recovery_dialog import RecoveryDialog
from ganviz.worker.crash_logs import keep_crash_logs
from ganviz.worker.window_folder import WindowFolder, left_behind

RETRY_MS = 1500
MOST_TRIES = 6
"""The engine of a window that was killed a moment ago may still be putting its run aside."""


class RecoveryOffer(QObject):
    """Offers one run after the other; GUI thread only.

    The question belongs to the start: it gives way to a run that the person begins, and stays in the File menu.

    Parameters
    ----------
    window : MainWindow
    root : Path
        Where all windows have their folders.
    own : WindowFolder, optional
        This window's folder, which takes over a run that has been opened.
    """

    def __init__(self, window: MainWindow, root: Path, own: WindowFolder | None) -> None:
        super().__init__(window)
        self._window, self._root, self._own = window, root, own
        self._found: list[WindowFolder] = []
        self._opening: WindowFolder | None = None
        self._n_tries = 0
        self._run: int | None = None
        self.dialog: RecoveryDialog | None = None
        window.dialogs.found_wished.connect(self.show)
        self._enable()

    @Slot()
    def begin(self) -> None:
        """Look for runs and offer the newest."""
        found = left_behind(self._root)
        self._n_tries += 1
        self._found += [folder for folder in found.folders if self._is_offered(folder)]
        self._found.sort(key=lambda folder: folder.written_at)
        if found.is_pending and self._n_tries < MOST_TRIES:
            QTimer.singleShot(RETRY_MS, self, self.begin)
        self._enable()
        if self.dialog is None:
            self._offer_next()

    def _enable(self) -> None:
        self._window.actions_["found_runs"].setEnabled(bool(self._found))

    @property
    def _open_dialog(self) -> RecoveryDialog | None:
        return self.dialog if self.dialog is not None and isValid(self.dialog) else None

    @Slot()
    def show(self) -> None:
        """Offer what was found once more."""
        if (dialog := self._open_dialog) is None:
            self._offer_next()
        else:
            dialog.raise_()

    def _is_offered(self, folder: WindowFolder) -> bool:
        """Keep what is known of a crash; return whether there is a run as well."""
        crash = keep_crash_logs(folder, self._root.parent)
        if crash is not None:
            self._window.banner.say(
                f"ganviz crashed before; {crash} says where.", kind="warning",
                action="Show the folder", does=partial(open_folder, crash.parent),
            )  # fmt: skip
        if not folder.is_worth_offering:
            folder.remove()
            return False
        return True

    def _offer_next(self) -> None:
        self.dialog = None
        if not self._found:
            return
        folder = self._found[-1]
        self.dialog = RecoveryDialog(_sentence(folder), self._window)
        self.dialog.open_wished.connect(lambda: self._open(folder))
        self.dialog.discard_wished.connect(lambda: self._discard(folder))
        self.dialog.show()

    def _open(self, folder: WindowFolder) -> None:
        self._opening = folder
        self._window.files.unless_kept(lambda: self._window.files.recover(folder.run))

    def _discard(self, folder: WindowFolder) -> None:
        folder.remove()
        self._forget(folder)
        self._offer_next()

    def _forget(self, folder: WindowFolder) -> None:
        self._found.remove(folder)
        self._enable()

    @Slot(object)
    def note(self, event: object) -> None:
        """Take note of what the engine tells: once a run that was found has been opened, it is this window's."""
        if not isinstance(event, ConfigChanged):
            return
        is_another, self._run = self._run not in (None, event.stamp.run), event.stamp.run
        if is_another and event.restarted and (dialog := self._open_dialog) is not None:
            dialog.close()
        folder = self._opening
        if folder is None or event.path != folder.run:
            return
        self._opening = None
        self._forget(folder)
        if self._own is not None:
            self._own.adopt(folder)


def _sentence(folder: WindowFolder) -> str:
    note = folder.note
    when = time.strftime("%d %B, %H:%M", time.localtime(folder.written_at))
    what = f"{note.title}, step {grouped(note.step)}" if note.title else "a run"
    return f"A run that was not saved was found: {what} (of {when})."

"""What each running window keeps on the disk in case it is killed, and what killed windows have left there."""

from __future__ import annotations

import contextlib
import logging
import secrets
import shutil
import time
from pathlib import Path

from ganviz.session.aside_note import AsideNote, note_path, read_note
from ganviz.spec.frozen import dataclass
from ganviz.training.claims import Claim, claim
from ganviz.worker.aside import OPENED, RUN, SAVED

log = logging.getLogger("ganviz")

KEPT_S, ONCE_MORE_S = 7 * 86400.0, 86400.0
AGED = "aged"
"""Holds when a run was first found to be older than that: the clock may have been wrong, and nobody been asked."""
EARLIEST = 1.7e9
"""The clock of a computer that says less, November 2023, is not set: nobody knows how old what it dates is."""
MOST_FOUND = 10
"""Of the runs of killed windows; older ones go."""
WINDOW_LOCK, ENGINE_LOCK = "window.lock", "engine.lock"
WINDOW_CRASH, ENGINE_CRASH = "window-crash.log", "engine-crash.log"
NEW_S = 5.0


class WindowFolder:
    """The folder of one window, which belongs to this process as long as it lives or until it is given up."""

    def __init__(self, path: Path, claims: list[Claim]) -> None:
        self.path, self._claims = path, claims

    @property
    def run(self) -> Path:
        """Return the file of the run that was put aside, or of the one that it had been opened from."""
        return next(
            (self.path / name for name in (RUN, OPENED) if (self.path / name).is_file()), self.path / RUN
        )

    @property
    def note(self) -> AsideNote:
        """Return what the run is."""
        return read_note(self.run)

    @property
    def written_at(self) -> float:
        """Return when the run was put aside, as seconds since 1970; 0 where there is none."""
        with contextlib.suppress(OSError):
            return self.run.stat().st_mtime
        return 0.0

    @property
    def is_worth_offering(self) -> bool:
        """Return whether there is a run that the person does not have in a file."""
        if not self.run.is_file():
            return False
        with contextlib.suppress(OSError, ValueError):
            saved = int((self.path / SAVED).read_bytes()[:20])
            return not 0 < self.note.step <= saved
        return True

    def is_over(self, now: float) -> bool:
        """Return whether the run has been kept long enough, as the clock said already a day or more ago."""
        mark = self.path / AGED
        with contextlib.suppress(OSError):
            if not EARLIEST < self.written_at < now - KEPT_S:
                mark.unlink(missing_ok=True)
                return False
            with contextlib.suppress(ValueError, FileNotFoundError):
                since = float(mark.read_bytes()[:20])
                if since <= now:
                    return since <= now - ONCE_MORE_S
            mark.write_text(f"{now:.0f}")
        return False

    def adopt(self, found: WindowFolder) -> None:
        """Take over the run of a window that was killed."""
        target = self.path / OPENED
        try:
            shutil.move(found.run, target)
            with contextlib.suppress(OSError):
                shutil.move(note_path(found.path / RUN), note_path(target))
        except OSError as error:
            log.warning("%s stays where it is: %s", found.run, error)
            return
        found.remove()

    def crash_logs(self) -> list[Path]:
        """Return files that tell how a process of this window crashed."""
        logs = [self.path / name for name in (WINDOW_CRASH, ENGINE_CRASH)]
        return [path for path in logs if path.is_file() and path.stat().st_size]

    def let_go(self) -> None:
        """Leave the folder to the next start."""
        while self._claims:
            self._claims.pop().give_up()

    def remove(self) -> None:
        """Remove everything."""
        self.let_go()
        shutil.rmtree(self.path, ignore_errors=True)


def own_folder(root: Path) -> WindowFolder:
    """Return a new folder for this window; raise OSError where none can be made."""
    path = root / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"
    path.mkdir(parents=True, mode=0o700)
    held = claim(path / WINDOW_LOCK)
    return WindowFolder(path, [held] if held else [])


@dataclass(frozen=True)
class Found:
    """What killed windows have left, newest first and claimed, and whether one of them is still being written."""

    folders: tuple[WindowFolder, ...]
    is_pending: bool


def left_behind(root: Path, now: float | None = None) -> Found:
    """Return the folders of windows that have gone, and remove those that nobody needs."""
    now = time.time() if now is None else now
    found, is_pending = [], False
    for path in sorted(root.iterdir()) if root.is_dir() else []:
        claimed = not _is_new(path, now) and _claimed(path)
        if isinstance(claimed, WindowFolder):
            found.append(claimed)
        is_pending |= claimed is None
    found.sort(key=lambda folder: folder.written_at, reverse=True)
    kept: list[WindowFolder] = []
    for folder in found:
        is_wanted = folder.is_worth_offering and len(kept) < MOST_FOUND and not folder.is_over(now)
        if folder.crash_logs() or is_wanted:
            kept.append(folder)
        else:
            folder.remove()
    return Found(tuple(kept), is_pending)


def _is_new(path: Path, now: float) -> bool:
    """Return whether this may be the folder of a window that is just being opened and has not claimed it yet."""
    with contextlib.suppress(OSError):
        return path.stat().st_mtime > now - NEW_S and not any(path.iterdir())
    return True


def _claimed(path: Path) -> WindowFolder | bool | None:
    """Return the folder of a window that has gone; None where only its engine lives, True where the window does."""
    try:
        window = claim(path / WINDOW_LOCK)
        if window is None:
            return True
        engine = claim(path / ENGINE_LOCK)
    except OSError:
        return True
    if engine is None:
        WindowFolder(path, [window]).let_go()
        return None
    return WindowFolder(path, [window, engine])

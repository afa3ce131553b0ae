"""What the interpreter wrote when a process crashed: each process writes to a file of its own, and none is emptied."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import time
from pathlib import Path

from ganviz.worker.window_folder import ENGINE_CRASH, WINDOW_CRASH, WindowFolder

log = logging.getLogger("ganviz")

MOST_KEPT = 5
MOST_BYTES = 1 << 20


def begin_crash_log(path: Path) -> None:
    """Let the interpreter write to ``path`` when a signal of the system ends this process."""
    try:
        file = path.open("ab", buffering=0)
    except OSError as error:
        log.warning("no crash can be noted: %s", error)
        return
    faulthandler.enable(file)  # keeps the file open


def keep_crash_logs(folder: WindowFolder, target: Path) -> Path | None:
    """Put what a window's processes wrote into one file in ``target``; return it, or None where there is nothing.

    The newest files are kept, a few in all.
    """
    logs = folder.crash_logs()
    if not logs:
        return None
    written_at = max(path.stat().st_mtime for path in logs)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(written_at))
    kept = target / f"crash-{stamp}-{folder.path.name[-4:]}.log"
    try:
        with kept.open("ab") as file:
            for path in logs:
                file.write(f"{path.name}:\n".encode() + tail_of(path) + b"\n")
    except OSError as error:
        log.warning("what is known of a crash stays in %s: %s", folder.path, error)
        return None
    noted = [folder.path / name for name in (WINDOW_CRASH, ENGINE_CRASH)]  # the empty one, too
    for path in (*noted, *sorted(target.glob("crash-*.log"))[:-MOST_KEPT]):
        with contextlib.suppress(OSError):
            path.unlink()
    log.warning("a crash was found: %s", kept)
    return kept


def tail_of(path: Path) -> bytes:
    """Return the end of a file; nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - MOST_BYTES))
            return file.read(MOST_BYTES)
    except OSError:
        return b""

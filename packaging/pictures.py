"""Makes the pictures of the README's tour: plays what "Show me" lists in the real window, by clicks, to its end.

The first is filmed, too.

    QT_QPA_PLATFORM=offscreen python packaging/pictures.py FOLDER [KEY ...]

Needs the package and Pillow; takes a minute or two. A picture is taken when an experiment's claims have been measured.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageSequence
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from ganviz.app import Session
from ganviz.session.commands import SaveCheckpoint
from ganviz.views.window.action_table import STORY
from ganviz.views.window.main_window import MainWindow

SIZE = 1440, 900
QUALITY = 82
PATIENCE_S = 1200.0
SETTLE_MS = 1500
FILMED = "saturation"


def wait(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(what: str, condition: Callable[[], bool]) -> None:
    """Wait for something; raise SystemExit that names it when it does not come."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"not seen: {what}")
        wait(100)


def film(window: MainWindow, path: Path) -> None:
    """Save what was played, and make a film of its plane."""
    run = Path(tempfile.mkdtemp()) / "run.ganviz"
    window.command_requested.emit(SaveCheckpoint(run))
    until("a checkpoint", run.exists)
    command = [sys.executable, "-m", "ganviz", "render", str(run), "--view", "plane", "--out", str(path)]
    subprocess.run([*command, "--force", "--size", "760x420", "--length", "9"], check=True)
    with Image.open(path) as made:
        frames = [(frame.convert("RGB"), frame.info["duration"]) for frame in ImageSequence.Iterator(made)]
    first, *others = (frame for frame, _ in frames)
    first.save(  # a fifth of the size, and as clear
        path, save_all=True, append_images=others, duration=[ms for _, ms in frames], quality=50, method=6
    )


def main() -> None:
    """Play and photograph."""
    folder, keys = Path(sys.argv[1]), sys.argv[2:] or list(STORY)
    folder.mkdir(parents=True, exist_ok=True)
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[variable] = tempfile.mkdtemp()
    app = QApplication(["ganviz"])
    session = Session()
    window = session.window
    window.resize(*SIZE)
    window.show()
    window.apply_appearance("light")
    until("a first step", lambda: window.last_snapshot is not None and window.last_snapshot.stamp.step > 0)
    button = next(
        one for one in window.run_bar.findChildren(QToolButton) if one.accessibleName() == "Show me"
    )
    for key in keys:
        window.files.worth.keep(None)  # nobody wants to save these runs
        menu = button.menu()
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))
        place = menu.actionGeometry(window.actions_[f"show_me:{key}"]).center()
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)
        window.run_bar.set_pace(None)
        until(f"the end of {key}", lambda: "✓" in window.banner.text or "✗" in window.banner.text)
        wait(SETTLE_MS)
        path = folder / f"{key}.webp"
        drawn = window.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
        size = drawn.width(), drawn.height()
        Image.frombytes("RGBA", size, bytes(drawn.constBits())).convert("RGB").save(
            path, quality=QUALITY, method=6
        )
        if key == FILMED:
            film(window, folder / f"{key}_film.webp")
        sys.stdout.write(f"{path}: {window.banner.text}\n")
        sys.stdout.flush()
    session.shut_down()
    app.quit()


if __name__ == "__main__":
    main()

"""Open the window on the screens that Qt's offscreen platform was told of, and print where window and dock are.

    QT_QPA_PLATFORM=offscreen:configfile=SCREENS.json python screens_program.py [X Y]

With a place, the window is moved there and its losses float beside it, before it is closed.
"""

import json
import sys

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ganviz.training.config import RunConfig
from ganviz.views.window.main_window import MainWindow
from ganviz.views.window.memory import WindowMemory


def wait(ms: int) -> None:
    """Let the window live."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def place(widget: QWidget) -> dict[str, object]:
    """Return a window's rectangle, its screen, what that leaves to windows, and whether it holds all of this one."""
    screen, rect = widget.screen(), widget.geometry()
    available = screen.availableGeometry()
    where = {"rect": rect.getRect(), "available": available.getRect()}
    return where | {"screen": screen.name(), "is_inside": available.contains(rect)}


def main() -> None:
    """Open, move where that is asked for, print, close."""
    app = QApplication(["ganviz"])
    window = MainWindow(RunConfig(), 400.0, WindowMemory())
    window.show()
    wait(300)
    dock = window.docks.docks["losses"]
    if len(sys.argv) > 1:
        x, y = map(int, sys.argv[1:])
        window.move(x, y)
        wait(100)
        dock.setFloating(True)
        wait(200)
        dock.move(x + 200, y + 150)
        wait(200)
    found = {"window": place(window), "dock": place(dock) if dock.isFloating() else None}
    sys.stdout.write(json.dumps(found | {"screens": len(app.screens())}) + "\n")
    sys.stdout.flush()
    window.close_unasked()
    wait(200)
    WindowMemory().sync()


if __name__ == "__main__":
    main()

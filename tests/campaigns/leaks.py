"""One action of the window after another, each many times: what does memory, and what do objects, grow by?

Run by hand, on Linux: ``python tests/campaigns/leaks.py --times 300 [--only workspace,guide]``. Every action is done
some times first, so that what is made once is there; then what is in use of the heap is read, the action is done, and
it is read again. It tells KB a time, and which kinds of objects are more than they were.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import ctypes
import gc
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

if __package__ is None or __package__ == "":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.campaigns.events import sandbox, wait

FIRST = 0.15
"""The share of times that an action is done before anything is read."""


def counts() -> collections.Counter[str]:
    """Return how many objects of each kind there are, those of Qt without a Python owner too."""
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QApplication

    gc.collect()
    found = collections.Counter(
        f"py {type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects()
    )
    for widget in QApplication.topLevelWidgets():
        found["qt top-level " + widget.metaObject().className()] += 1
        for child in widget.findChildren(QObject):
            found["qt " + child.metaObject().className()] += 1
    return found


class Heap(ctypes.Structure):
    """What glibc tells of its heap."""

    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
    )]  # fmt: skip


def memory_kb() -> float:
    """Return what is in use of the heap; what the process holds of the system changes by megabytes without a cause."""
    from PySide6.QtGui import QPixmapCache

    gc.collect()
    wait(50)
    QPixmapCache.clear()  # as the window does each minute
    mallinfo2 = ctypes.CDLL("libc.so.6").mallinfo2
    mallinfo2.restype = Heap
    told = mallinfo2()
    return (told.uordblks + told.hblkhd) / 1000


class Actions:
    """A window and what can be done in it, by name."""

    def __init__(self, folder: Path, settings: list[str]) -> None:
        from PySide6.QtWidgets import QApplication

        from ganviz.app import Session
        from ganviz.session.opening import Opening
        from ganviz.session.settings import with_settings
        from ganviz.training.config import RunConfig

        self.folder = folder
        self.app = QApplication(["ganviz"])
        self.app.setQuitOnLastWindowClosed(False)
        config = with_settings(RunConfig(), ["architecture.width=8", "training.batch_size=16", *settings])
        self.session = Session(None, Opening(config, 30.0, is_running=True))
        self.window = self.session.window
        self.window.resize(1440, 900)
        self.window.show()
        while self.window.last_snapshot is None:
            wait(100)
        wait(3000)

    def trigger(self, *keys: str, ms: int = 30) -> Callable[[int], None]:
        """Return what triggers these actions in turn."""

        def do(n: int) -> None:
            self.window.actions_[keys[n % len(keys)]].trigger()
            wait(ms)

        return do

    def dialog(self, key: str) -> Callable[[int], None]:
        """Return what opens a dialog, and closes what has come."""

        def do(n: int) -> None:
            self.window.actions_[key].trigger()
            wait(30)
            self.close_others()

        return do

    def close_others(self) -> None:
        """Close every other window there is, and every menu."""
        from PySide6.QtWidgets import QApplication, QDialog, QDockWidget

        while popup := QApplication.activePopupWidget():
            popup.close()
            wait(1)
        for one in QApplication.topLevelWidgets():
            if one is not self.window and one.isVisible() and not isinstance(one, QDockWidget):
                one.reject() if isinstance(one, QDialog) else one.close()
        wait(10)

    def modal(self, key: str) -> Callable[[int], None]:
        """Return what opens a dialog that has a loop of its own, and lets it be closed from within."""
        from PySide6.QtCore import QTimer

        def do(n: int) -> None:
            QTimer.singleShot(60, self.close_others)
            self.window.actions_[key].trigger()
            wait(80)

        return do

    def dock(self, what: str) -> Callable[[int], None]:
        """Return what floats, hides or raises a dock."""

        def do(n: int) -> None:
            docks = list(self.window.docks.docks.values())
            dock = docks[(n // 2) % len(docks)]
            if what == "float":
                dock.setFloating(n % 2 == 0)
            elif what == "hide":
                dock.setVisible(n % 2 == 1)
            else:
                dock.raise_()
            wait(20)

        return do

    def size(self, n: int) -> None:
        """Make the window another size."""
        self.window.resize(800 + 37 * (n % 17), 500 + 23 * (n % 13))
        wait(30)

    def theme(self, n: int) -> None:
        """Change from light to dark, and back."""
        self.window.apply_appearance(("light", "dark")[n % 2])
        wait(30)

    def lanes(self, n: int) -> None:
        """Add a lane, or remove it."""
        from ganviz.losses.presets import FORMULATIONS

        if n % 2 == 0:
            self.window.strip.lane_wished.emit(0, FORMULATIONS["hinge"])
        else:
            self.window.wishes.remove_lane(len(self.window.config.lanes) - 1)
        wait(150)

    def experiment(self, n: int) -> None:
        """Play an experiment, and leave it."""
        keys = [info.key for info, _ in self.window.actions_ if info.key.startswith("experiment:")]
        self.window.actions_[keys[n % len(keys)]].trigger()
        wait(300)
        self.close_others()

    def wheel(self, n: int) -> None:
        """Zoom in a view, and out again."""
        from PySide6.QtCore import QPoint, QPointF, Qt
        from PySide6.QtGui import QWheelEvent
        from PySide6.QtWidgets import QApplication

        seen = [view for key, view in self.window.docks.views.items() if self.window.docks._is_seen(key)]
        view = seen[n % len(seen)]
        at = view.rect().center()
        widget = view.childAt(at) or view
        here = QPointF(widget.mapFrom(view, at)), QPointF(view.mapToGlobal(at))
        turn = QPoint(0, 120 if n % 2 else -120)
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        modifiers = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(widget, QWheelEvent(*here, QPoint(), turn, none, modifiers, phase, False))
        wait(30)

    def move(self, n: int) -> None:
        """Move the pointer over a view."""
        from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        seen = [view for key, view in self.window.docks.views.items() if self.window.docks._is_seen(key)]
        view = seen[n % len(seen)]
        at = QPoint(n * 31 % max(1, view.width()), n * 17 % max(1, view.height()))
        widget = view.childAt(at) or view
        none = Qt.MouseButton.NoButton
        place = QPointF(widget.mapFrom(view, at)), QPointF(view.mapToGlobal(at))
        modifiers = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, *place, none, none, modifiers))
        wait(30)

    def context(self, n: int) -> None:
        """Open a view's own menu."""
        from PySide6.QtGui import QContextMenuEvent
        from PySide6.QtWidgets import QApplication

        seen = [view for key, view in self.window.docks.views.items() if self.window.docks._is_seen(key)]
        view = seen[n % len(seen)]
        at = view.rect().center()
        widget = view.childAt(at) or view
        here = widget.mapFrom(view, at), view.mapToGlobal(at)
        QApplication.postEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, *here))
        wait(30)
        self.close_others()

    def look_back(self, n: int) -> None:
        """Look at a keyframe, or at the present."""
        track = self.window.timeline.track
        frames = list(getattr(track, "_keyframes", ())) or [0]
        self.window.look_back_requested.emit(None if n % 2 else frames[n % len(frames)])
        wait(60)

    def rest(self, n: int) -> None:
        """Do nothing but train."""
        wait(60)

    def everything(self) -> dict[str, Callable[[int], None]]:
        """Return all actions by name."""
        places = [info.key for info, _ in self.window.actions_ if info.key.startswith("workspace:")]
        formulations = [info.key for info, _ in self.window.actions_ if info.key.startswith("formulation:")]
        presets = [info.key for info, _ in self.window.actions_ if info.key.startswith("preset:")]
        return {
            "rest": self.rest,
            "workspace": self.trigger(*places, ms=60),
            **{key: self.trigger("workspace:watch", key, ms=60) for key in places},
            "float": self.dock("float"), "hide": self.dock("hide"), "raise": self.dock("raise"),
            "size": self.size, "theme": self.theme, "lanes": self.lanes,
            "formulation": self.trigger(*formulations),
            "restart": self.trigger("same_weights", "new_weights", ms=120),
            "undo": self.trigger("formulation:0", "formulation:1", "undo", "redo"),
            "preset": self.trigger(*presets, ms=300),
            "experiment": self.experiment,
            "guide": self.dialog("guide"), "palette": self.dialog("palette"), "about": self.dialog("about"),
            "preferences": self.dialog("preferences"), "export": self.dialog("export"),
            "gallery": self.dialog("gallery"), "sweep": self.dialog("sweep"), "explain": self.dialog("explain"),
            "presentation": self.trigger("presentation", ms=60),
            "wheel": self.wheel, "move": self.move, "context": self.context, "look_back": self.look_back,
        }  # fmt: skip


def measure(name: str, do: Callable[[int], None], times: int, actions: Actions) -> None:
    """Tell what an action leaves each time."""
    for n in range(2 * int(times * FIRST / 2)):
        do(n)
    before, kinds = memory_kb(), counts()
    for n in range(times // 2):
        do(n)
    half = memory_kb()
    for n in range(times // 2):
        do(n)
    after, now = memory_kb(), counts()
    more = {kind: n - kinds[kind] for kind, n in now.items() if n - kinds[kind] >= max(10, times // 10)}
    text = ", ".join(f"{kind} +{n}" for kind, n in sorted(more.items(), key=lambda pair: -pair[1])[:12])
    each = 1.0 / (times // 2)
    sys.stdout.write(
        f"{name}: {(half - before) * each:.1f}, then {(after - half) * each:.1f} KB a time "
        f"({after / 1000:.0f} MB); {text}\n"
    )
    sys.stdout.flush()


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--only", default="")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--paused", action="store_true")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandbox(folder)
        import torch

        from ganviz.views.window import run_worth

        run_worth.WORTH_ASKING_S = 1e9
        torch.set_num_threads(1)
        actions = Actions(folder, options.set)
        if options.paused:
            actions.window.actions_["toggle"].trigger()
            wait(300)
        known = actions.everything()
        for name in options.only.split(",") if options.only else known:
            measure(name, known[name], options.times, actions)
        actions.window.close_unasked()
        wait(200)
        actions.session.leave()
        sys.stdout.flush()
        os._exit(0)


if __name__ == "__main__":
    main()

"""Random events in the real window: keys, clicks, drags, wheel, menus, dialogs, sizes, docks, files that are opened.

Run by hand: ``python tests/campaigns/events.py --events 100000 --seed 1 --log events.log``. The window has its engine,
and is closed and opened again every 10,000 events, or ``--reopen``: in one process, which a window of ganviz has for
itself, each leaves 2 to 5 MB of what it was made of. It ends with what was wrong where there is an exception, a warning
of Qt, an engine that does not answer, or settings that are lost; memory is told on the way. Every event is written to
the log as it was carried out, so that ``--replay events.log`` does the same once more. ``--minutes 7 --first 12000``
goes on with the event of that number, in a window of its own: in pieces, where others want the machine, too.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import dataclasses
import faulthandler
import gc
import itertools
import json
import os
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import shiboken6

ANSWER_S = 600.0
"""Until the engine has to have answered, on a machine that others use, and beside digits that train."""
STUCK_S = 1200.0
"""Until a traceback is told, and all ends: others may leave this process a hundredth of a processor."""
CHECK_EVERY, TELL_EVERY = 500, 1000
AT_ONCE = 20
"""Events between two times that the window may paint, as long as no dialog opens."""
LEFT_OVER = 5
"""How much nicer the engine is than the window, whatever this process was started with."""
MOST_IN_ONE_DIALOG = 60
NOISE = ("propagateSizeHints", "This plugin does not support", "QFont::setPointSizeF: Point size <= 0")
"""What Qt says of the offscreen platform."""
KEYS = (
    "Space", "Period", "D", "G", "R", "F", "1", "2", "5", "9", "0", "BracketLeft", "BracketRight", "Left", "Right",
    "Up", "Down", "Home", "End", "PageUp", "PageDown", "Tab", "Backtab", "Return", "Enter", "Escape", "Escape",
    "Delete", "Backspace", "F1", "F5", "F11", "Z", "O", "S", "E", "P", "Comma", "Plus", "Minus", "A", "C", "V", "X",
)  # fmt: skip
SMALL = {
    "architecture.width": 16,
    "architecture.hidden_layers": 2,
    "training.batch_size": 32,
    "training.seeds": 3,
}
TYPED = ("0", "1e400", "-1", "0.5", "nan", "9" * 30, "log(x)", "-log(1-x)", "<b>x</b>", " ", "ring", "x**")
SETTLED = ("quit",)


def memory_mb(number: int | str = "self") -> float:
    """Return how much memory a process has at present."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
    return 0.0


class _Heap(ctypes.Structure):
    """What glibc tells of its heap."""

    _fields_ = [(f"n_{i}", ctypes.c_size_t) for i in range(10)]


def in_use_mb() -> float:
    """Return what the C heap has given away and not got back, in MB; 0 where nobody tells."""
    with contextlib.suppress(AttributeError, OSError):
        tell = ctypes.CDLL(None).mallinfo2
        tell.restype = _Heap
        heap = tell()
        return (heap.n_4 + heap.n_7) / 1e6  # mapped by itself, and in arenas
    return 0.0


def sandbox(folder: Path) -> None:
    """Put everything that is written into a folder; before Qt is loaded."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME"):
        os.environ[name] = str(folder / "home")
    (folder / "home").mkdir()


class Chance:
    """Chooses the next event, which is plain data."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def next(self) -> list[Any]:
        """Return a kind of event and what it needs; places are shares of a widget."""
        chance = self._chance
        what = chance.choices(tuple(self.KINDS), tuple(self.KINDS.values()))[0]
        where = [round(chance.random(), 4) for _ in range(4)]
        modifier = chance.choices((0, 1, 2, 4), (8, 2, 1, 1))[0]
        return [what, *where, modifier, chance.randrange(1 << 30)]

    KINDS = {  # noqa: RUF012 - weights
        "key": 26, "type": 4, "click": 26, "right": 4, "double": 3, "drag": 10, "wheel": 8, "move": 6, "action": 9,
        "dock": 3, "size": 1, "wait": 3, "close": 1,
    }  # fmt: skip


class Hand:
    """Carries events out, in a window or in a dialog that lies over it."""

    def __init__(self, window: Any) -> None:
        self.window = window

    def _any_window(self, number: int) -> Any:
        """Return mostly the main window, else one that floats."""
        others = _windows()
        return others[number % len(others)] if others and number % 5 == 0 else self.window

    def carry_out(
        self, target: Any, what: str, x: float, y: float, to_x: float, to_y: float, modifier: int, number: int
    ) -> None:
        """Carry an event out in a dialog or menu, or in any window where ``target`` is None."""
        target = target or self._any_window(number)
        if what == "key":
            self._key(target, number, modifier)
        elif what == "type":
            self._type(number)
        elif what == "wait":
            wait(number % 40)
        elif what in ("click", "right", "double", "drag", "wheel", "move"):
            width, height = target.width(), target.height()
            places = [(int(x * width), int(y * height)), (int(to_x * width), int(to_y * height))]
            self._point(what, target, places, modifier, number)
        elif target is self.window:
            getattr(self, f"_{what}")(number)

    def _key(self, target: Any, number: int, modifier: int) -> None:
        """Press a key as the desktop does, so that it may be a shortcut."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        focus = QApplication.focusWidget()
        receiver = focus if focus is not None and (focus is target or target.isAncestorOf(focus)) else target
        key = getattr(Qt.Key, f"Key_{KEYS[number % len(KEYS)]}")
        with _living(receiver) as is_there:
            for do in (QTest.keyPress, QTest.keyRelease):
                if is_there() and receiver.isVisible():
                    do(receiver, key, _modifiers(modifier))

    def _type(self, number: int) -> None:
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QKeyEvent
        from PySide6.QtWidgets import QApplication

        widget = QApplication.focusWidget()
        if widget is None:
            return
        with _living(widget) as is_there:
            for letter in TYPED[number % len(TYPED)]:
                if is_there():
                    event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
                    QApplication.sendEvent(widget, event)

    def _point(
        self, what: str, target: Any, places: list[tuple[int, int]], modifier: int, number: int
    ) -> None:
        """Let the pointer do something in the widget that it is over, which a press keeps to itself."""
        from PySide6.QtCore import QPoint, QPointF, Qt
        from PySide6.QtGui import QContextMenuEvent, QWheelEvent
        from PySide6.QtWidgets import QApplication

        start, end = (QPoint(*place) for place in places)
        widget = target.childAt(start) or target
        here = widget.mapFrom(target, start), target.mapToGlobal(start)
        with _living(widget) as is_there:
            if what == "wheel":
                turn = QPoint(0, 120 if number % 2 else -120)
                held, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
                event = QWheelEvent(
                    *map(QPointF, here), QPoint(), turn, held, _modifiers(modifier), phase, False
                )
                QApplication.sendEvent(widget, event)
                return
            self._press(
                what, widget, is_there, [widget.mapFrom(target, at) for at in (start, end)], modifier, number
            )
            if what == "right" and is_there():
                QApplication.postEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, *here))

    def _press(
        self,
        what: str,
        widget: Any,
        is_there: Callable[[], bool],
        places: list[Any],
        modifier: int,
        number: int,
    ) -> None:
        """Move there, press, move on and let go."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        kinds, none = QEvent.Type, Qt.MouseButton.NoButton
        button = Qt.MouseButton.RightButton if what == "right" else Qt.MouseButton.LeftButton
        if what == "drag" and number % 4 == 0:
            button = Qt.MouseButton.MiddleButton
        start, end = places
        steps = [(kinds.MouseMove, start, none, none)]
        if what != "move":
            steps.append((kinds.MouseButtonPress, start, button, button))
        if what == "drag":
            steps += [
                (kinds.MouseMove, (start + end) / 2, none, button),
                (kinds.MouseMove, end, none, button),
            ]
        if what != "move":
            steps.append((kinds.MouseButtonRelease, end if what == "drag" else start, button, none))
        if what == "double":
            steps += [
                (kinds.MouseButtonDblClick, start, button, button),
                (kinds.MouseButtonRelease, start, button, none),
            ]
        for kind, at, pressed, held in steps:
            if is_there():
                place = QPointF(at), QPointF(widget.mapToGlobal(at))
                QApplication.sendEvent(widget, QMouseEvent(kind, *place, pressed, held, _modifiers(modifier)))

    def _action(self, number: int) -> None:
        found = [
            action for info, action in self.window.actions_
            if action.isEnabled() and info.key not in SETTLED
        ]  # fmt: skip
        found[number % len(found)].trigger()

    def _dock(self, number: int) -> None:
        from PySide6.QtWidgets import QDockWidget

        docks = self.window.findChildren(QDockWidget)
        dock = docks[number % len(docks)]
        what = (number >> 8) % 4
        if what == 0:
            dock.setFloating(not dock.isFloating())
        elif what == 1:
            dock.setVisible(not dock.isVisible())
        elif what == 2:
            dock.raise_()
        else:
            dock.resize(100 + number % 700, 100 + number % 500)

    def _close(self, number: int) -> None:
        """Close another window, as its frame's button does: a log, a sweep, a view that floats, the guide."""
        others = [one for one in _windows() if one is not self.window]
        if others:
            others[number % len(others)].close()

    def _size(self, number: int) -> None:
        if number % 11 == 0:
            self.window.showMinimized()
            wait(30)
        self.window.showNormal()
        self.window.resize(720 + number % 800, 450 + (number >> 10) % 500)


class Campaign:
    """The window and what happens to it."""

    def __init__(self, folder: Path, log: TextIO, n_events: int, minutes: float, reopen: int) -> None:
        from PySide6.QtCore import qInstallMessageHandler
        from PySide6.QtWidgets import QApplication

        from ganviz.worker.heap import collect_between_events

        self.folder, self.log, self.n_events, self.reopen_every = folder, log, n_events, reopen
        self.app = QApplication.instance() or QApplication(["ganviz"])
        self.app.setQuitOnLastWindowClosed(False)
        collect_between_events()  # as in the program
        self._letters = self.app.font()
        self.n, self.n_windows, self.wrong, self.is_over = 0, 0, [], False
        self.files: tuple[str, ...] = ()
        self.events: Iterator[list[Any]] = iter(())
        self._modal, self._n_modal = None, 0
        self._within: list[object] = []
        self.config: Any = None
        self._asked: tuple[float, int] | None = None
        self._watched_until, self._is_due = 0.0, False
        self._started = time.monotonic()
        self._until = self._started + 60 * minutes
        qInstallMessageHandler(self._told)
        self._open()

    # what goes wrong

    def _told(self, kind: Any, context: Any, text: str) -> None:
        if not any(noise in text for noise in NOISE):
            self._fail(f"Qt says: {text}")

    def unforeseen(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._fail("".join(traceback.format_exception(kind, error, trace)))

    def _fail(self, text: str) -> None:
        self.wrong.append(f"event {self.n}: {text}")
        sys.stdout.write(self.wrong[-1] + "\n")
        sys.stdout.flush()

    # the window

    def _open(self) -> None:
        from ganviz.app import Session

        sys.excepthook = self.unforeseen
        self.session = Session()
        self.n_windows += 1
        self.window = self.session.window
        self.window.show()
        self.n_snapshots = 0
        self.session.bridge.snapshot_arrived.connect(self._count)
        self.session.bridge.event_arrived.connect(self._heard)
        hear = self.session.bridge.last_words

        def last_words() -> list[Any]:
            events = hear()
            self._note_config(events)
            return events

        self.session.bridge.last_words = last_words  # type: ignore[method-assign]
        if (engine := self.session._engine.pid) is not None:
            os.setpriority(os.PRIO_PROCESS, engine, os.getpriority(os.PRIO_PROCESS, 0) + LEFT_OVER)
        end = time.monotonic() + ANSWER_S
        while not self.n_snapshots and time.monotonic() < end:
            wait(200)

    def _count(self, snapshot: object) -> None:
        self.n_snapshots += 1

    def _note_config(self, events: list[Any]) -> None:
        """Take note of the settings that the engine has told last; kept and read again, they have to be the same."""
        from ganviz.training.config import config_from_plain

        for event in events:
            if type(event).__name__ == "ConfigChanged":
                self.config = event.config
                back = config_from_plain(json.loads(json.dumps(self.config.to_plain())))
                if back != self.config:
                    self._fail(f"these settings change when they are kept: {self.config.to_plain()}")

    def _heard(self, event: Any) -> None:
        self._note_config([event])
        if type(event).__name__ == "Failed":
            self._fail(f"the engine failed: {event.message}\n{event.details}")
        elif "ended unexpectedly" in str(getattr(event, "reason", "")):
            self._fail(str(event))

    def _reopen(self) -> None:
        from PySide6.QtCore import QEvent
        from PySide6.QtWidgets import QApplication

        from ganviz.views.window.memory import WindowMemory

        self.window.close_unasked()
        wait(200)
        if not self.session.bridge.shut_down(20_000):
            self._fail("the engine did not end")
        self.session.leave()
        kept = WindowMemory().config()
        pending = self.window.pending
        wished = pending.expected if pending._unanswered._commands else self.config
        memory = self.window._memory
        if (
            kept != wished and not memory._is_staged and wished not in memory._staged
        ):  # an experiment's is not kept
            said = [config and json.dumps(config.to_plain()) for config in (kept, wished)]
            self._fail(f"settings are lost: kept are\n{said[0]}\nin place of\n{said[1]}")
        self.session.deleteLater()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.app.setFont(self._letters)  # a window's text size is a share of what it finds
        self._open()

    # events

    def run(self, events: Iterator[list[Any]]) -> None:
        """Carry out events until there are no more."""
        from PySide6.QtCore import QTimer

        self.events = events
        QTimer.singleShot(0, self._tick)
        self.app.exec()
        self.window.close_unasked()
        wait(200)
        self.session.leave()

    def _tick(self) -> None:
        """Carry out some events; the next are due before, for an event may open a dialog with a loop of its own."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        if self.is_over:
            QApplication.exit()
            return
        over = _over()
        if self._within and (
            over is None or over in self._within
        ):  # an event is being carried out, in no dialog's loop
            QTimer.singleShot(1, self._tick)
            return
        QTimer.singleShot(0, self._tick)
        if time.monotonic() > self._watched_until:  # arming it starts a thread
            faulthandler.dump_traceback_later(STUCK_S, exit=True)
            self._watched_until = time.monotonic() + STUCK_S / 10
        for _ in range(AT_ONCE):
            n = self.n
            self._next(over)
            if self.n != n + 1 or _over() is not over:  # a dialog has come, or gone
                break

    def _next(self, over: Any) -> None:
        """Carry out an event, with this dialog or menu open."""
        is_time = self.n < self.n_events and time.monotonic() < self._until
        event = next(self.events, None) if is_time else None
        if event is None:
            self.is_over = _over() is None
            self._leave_dialogs()
            return
        self.n += 1
        self.log.write(json.dumps(event) + "\n")
        self.log.flush()
        self._within.append(over)
        try:
            Hand(self.window).carry_out(self._target(), *event)
            self._look_after()
        except Exception as error:
            if "already deleted" not in str(error):  # of the dialog that the event was meant for
                self._fail(traceback.format_exc())
        finally:
            self._within.pop()

    def _look_after(self) -> None:
        is_free = _over() is None
        if self.n % CHECK_EVERY == 0 or self._asked is not None:
            self._check_engine(is_free)
        self._is_due |= self.n % self.reopen_every == 0 or self.session._is_over  # a click has closed it
        if self._is_due and is_free and len(self._within) == 1:  # no code of the window waits for a dialog
            self._is_due = False
            self._reopen()
        if self.n % TELL_EVERY == 0:
            self._tell()

    def _tell(self) -> None:
        from PySide6.QtGui import QPixmapCache
        from PySide6.QtWidgets import QApplication

        from ganviz.worker.heap import give_back

        gc.collect()
        QPixmapCache.clear()
        give_back()
        engine = memory_mb(self.session._engine.pid or 0)
        seconds = time.monotonic() - self._started
        sys.stdout.write(
            f"{self.n} events, {seconds:.0f} s, {time.process_time():.0f} s of CPU: window {memory_mb():.0f} MB, "
            f"{in_use_mb():.1f} in use and {sys.getallocatedblocks():,} blocks, engine {engine:.0f} MB, "
            f"{len(QApplication.allWidgets())} widgets in {len(_windows())} windows, {self.n_snapshots} snapshots, "
            f"window {self.n_windows}, {len(self.wrong)} wrong\n"
        )
        sys.stdout.flush()

    def _check_engine(self, is_free: bool) -> None:
        """Ask to look once more; an answer has to come."""
        now = time.monotonic()
        if self._asked is None:
            if is_free and self.window.isVisible() and not self.window.isMinimized():
                self._asked = (now, self.n_snapshots)
                self.session.bridge.look_anew()
        elif self.n_snapshots > self._asked[1] or not is_free:
            self._asked = None
        elif now - self._asked[0] > ANSWER_S:
            self._fail("the engine does not answer")
            self._asked = None

    def _target(self) -> Any:
        target = _over()
        if target is not self._modal:
            self._modal, self._n_modal = target, 0
        elif target is not None:
            self._n_modal += 1
            if self._n_modal > MOST_IN_ONE_DIALOG:
                self._leave_dialogs()
        return target

    def _leave_dialogs(self) -> None:
        from PySide6.QtWidgets import QDialog

        found = _over()
        if isinstance(found, QDialog):
            found.reject()
        elif found is not None:
            found.close()


def _over() -> Any:
    """Return the dialog or menu that lies over the windows, or None."""
    from PySide6.QtWidgets import QApplication

    return QApplication.activePopupWidget() or QApplication.activeModalWidget()


def _windows() -> list[Any]:
    """Return the windows that are open."""
    from PySide6.QtWidgets import QApplication

    return [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.windowHandle()]


@contextlib.contextmanager
def _living(thing: Any) -> Iterator[Callable[[], bool]]:
    """Give what tells whether an object is still there; one that Qt owns looks valid to Python when it is not."""
    gone: list[object] = []
    connection = thing.destroyed.connect(lambda: gone.append(None))
    try:
        yield lambda: not gone and shiboken6.isValid(thing)
    finally:
        if not gone and shiboken6.isValid(thing):
            thing.destroyed.disconnect(connection)


def _modifiers(number: int) -> Any:
    from PySide6.QtCore import Qt

    found = Qt.KeyboardModifier
    known = {1: found.ShiftModifier, 2: found.ControlModifier, 4: found.AltModifier}
    return known.get(number, found.NoModifier)


def wait(ms: int) -> None:
    """Let Qt work."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def answer_dialogs(folder: Path, chance: random.Random) -> None:
    """Let dialogs for files be answered at once, at random, and let nothing be shown outside."""
    from PySide6.QtGui import QDesktopServices
    from PySide6.QtWidgets import QFileDialog

    from ganviz.session.settings import with_settings
    from ganviz.training.checkpoint import save_checkpoint
    from ganviz.training.config import RunConfig
    from ganviz.training.trainer import Trainer

    config = with_settings(RunConfig(), ["architecture.width=8", "training.batch_size=16"])
    trainer = Trainer(config)
    trainer.train(200)
    save_checkpoint(folder / "a.ganviz", trainer)
    (folder / "damaged.ganviz").write_bytes((folder / "a.ganviz").read_bytes()[:5000])
    (folder / "settings.json").write_text(json.dumps(config.to_plain()))
    (folder / "points.csv").write_text("x,y\n" + "\n".join(f"{i / 50},{i % 7 / 7}" for i in range(100)))
    (folder / "none.csv").write_text("<img src=x>\n")
    (folder / "out").mkdir()
    names = ("a.ganviz", "damaged.ganviz", "settings.json", "points.csv", "none.csv", "no.ganviz")
    opened = [str(folder / name) for name in names]
    saved = [str(folder / "out" / name) for name in ("one", "two.ganviz", "lr0.001")] + [
        str(folder / "no" / "x")
    ]

    def of(names: list[str]) -> Callable[..., tuple[str, str]]:
        return staticmethod(lambda *_, **__: (chance.choice([*names, ""]), ""))

    QFileDialog.getOpenFileName = of(opened)
    QFileDialog.getSaveFileName = of(saved)
    QFileDialog.getExistingDirectory = staticmethod(lambda *_, **__: chance.choice([str(folder / "out"), ""]))
    QDesktopServices.openUrl = staticmethod(lambda url: True)


def let_networks_be_small() -> None:
    """Let the window ask for nothing that takes minutes: a width of 4,096 is one key away from a width of 64."""
    from ganviz.session.commands import Reconfigure
    from ganviz.session.settings import with_settings
    from ganviz.spec import InvalidValueError
    from ganviz.views.window.pending import PendingSettings

    take = PendingSettings.take

    def small(pending: Any, command: Any) -> None:
        if isinstance(command, Reconfigure):
            for path, most in SMALL.items():
                with contextlib.suppress(InvalidValueError, AttributeError):
                    room, name = path.split(".")
                    if getattr(getattr(command.config, room), name) > most:
                        config = with_settings(command.config, [f"{path}={most}"])
                        command = dataclasses.replace(command, config=config)
        take(pending, command)

    PendingSettings.take = small  # type: ignore[method-assign]


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("events", 100_000), ("seed", 1), ("first", 0), ("reopen", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--minutes", type=float, default=1e6)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--replay", type=Path)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=place)))
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
        faulthandler.enable()
        sandbox(folder)
        log = stack.enter_context((options.log or Path(os.devnull)).open("w"))
        import torch

        torch.set_num_threads(1)
        from ganviz.views.window import run_worth

        run_worth.WORTH_ASKING_S = 5.0
        let_networks_be_small()
        campaign = Campaign(folder, log, options.events, options.minutes, options.reopen)
        answer_dialogs(folder, random.Random(options.seed))
        chance = Chance(options.seed)
        if options.replay:
            events = iter([json.loads(line) for line in options.replay.read_text().splitlines()])
        else:
            events = itertools.islice(iter(chance.next, None), options.first, None)
        campaign.run(events)
        faulthandler.cancel_dump_traceback_later()
        campaign._tell()
        sys.stdout.flush()
    sys.exit(bool(campaign.wrong))


if __name__ == "__main__":
    main()

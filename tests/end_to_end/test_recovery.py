"""Windows that are killed, alone or with their engine: the run is found at the next start and nothing stays behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ganviz.training.checkpoint import load_checkpoint

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]
PROGRAM = """
import sys
from ganviz.app import run_window
from ganviz.worker import aside
aside.EVERY_S = 1.0
if __name__ == "__main__":
    sys.exit(run_window(None))
"""
NEXT = """
import sys, time
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from ganviz import recovery
from ganviz.app import Session

looks, look = [], recovery.left_behind
recovery.left_behind = lambda root: looks.append(look(root)) or looks[-1]

def wait(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        loop = QEventLoop()
        QTimer.singleShot(50, loop.quit)
        loop.exec()

if __name__ == "__main__":
    app = QApplication(["ganviz"])
    app.setApplicationName("ganviz")
    session = Session()
    session.window.show()
    wait(lambda: looks and not looks[-1].is_pending, 20)
    dialog = session.recovery.dialog
    print(dialog.text() if dialog else session.window.banner.text or "nothing found")
    wait(lambda: session.window.last_snapshot is not None)
    if dialog:
        getattr(dialog, sys.argv[1] + "_button").click()
    while sys.argv[1] == "discard" and (dialog := session.recovery.dialog):
        dialog.discard_button.click()
    if sys.argv[1] == "open":
        wait(lambda: session.window.last_snapshot.stamp.run > 0)
        print(session.window.last_snapshot.stamp.step, session.window.files.path)
        print(session.window.isWindowModified(), session.window.files.worth.is_worth_asking)
    session.window.close_unasked()
    wait(lambda: not session.window.isVisible())
    sys.exit(0)
"""
UNCLOSED = """
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from ganviz.app import Session

if __name__ == "__main__":
    app = QApplication(["ganviz"])
    session = Session()
    session.window.show()
    loop = QEventLoop()
    session.{signal}.connect(loop.quit)
    loop.exec()
    for dock in [one for one in session.window.docks.docks.values() if one.isVisible()][:3]:
        dock.setFloating(True)
    QTimer.singleShot(300, loop.quit)
    loop.exec()
    {last}
"""
PATIENCE_S = 90.0


def until(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


class Home:
    """A person's folders, and the windows that are open in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        (folder / "program.py").write_text(PROGRAM)
        (folder / "next.py").write_text(NEXT)
        names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME")
        self.environment = os.environ | dict.fromkeys(names, str(folder / "home")) | {
            "TMPDIR": str(self.temporary), "QT_QPA_PLATFORM": "offscreen", "GANVIZ_TEST_HOME": str(folder),
        }  # fmt: skip
        self.windows: list[subprocess.Popen[bytes]] = []

    def open(self) -> subprocess.Popen[bytes]:
        window = subprocess.Popen(
            [sys.executable, str(self.folder / "program.py")], env=self.environment, stderr=subprocess.PIPE
        )
        self.windows.append(window)
        return window

    @property
    def runs(self) -> list[Path]:
        return sorted(self.folder.glob("home/**/windows/*/run.ganviz"))

    def processes(self) -> list[int]:
        """Return the numbers of all processes of these windows, their engines and helpers."""
        mark, found = f"GANVIZ_TEST_HOME={self.folder}".encode(), []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if (
                    mark in (place / "environ").read_bytes()
                    and (place / "stat").read_text().split()[2] != "Z"
                ):
                    found.append(int(place.name))
            except OSError:
                continue
        return found

    def engine_of(self, window: subprocess.Popen[bytes]) -> int:
        """Return the number of the process that trains; 0 while there is none."""
        for number in self.processes():
            try:
                command = Path(f"/proc/{number}/cmdline").read_bytes()
                status = Path(f"/proc/{number}/status").read_text()
            except OSError:
                continue
            if b"--multiprocessing-fork" in command and f"PPid:\t{window.pid}\n" in status:
                return number
        return 0

    def ask_next(self, answer: str) -> list[str]:
        """Open a window, answer the offer that it makes, close it, and return what was seen."""
        command = [sys.executable, str(self.folder / "next.py"), answer]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    for number in made.processes():
        os.kill(number, signal.SIGKILL)
    for window in made.windows:
        window.wait()
        assert window.stderr is not None
        window.stderr.close()


@pytest.mark.parametrize("victims", ["window", "engine, then window", "both"])
def test_the_run_of_a_killed_window_is_found_at_the_next_start(home: Home, victims: str) -> None:
    window = home.open()
    (run,) = until(lambda: home.runs)
    until(lambda: load_checkpoint(run).step > 20)
    if victims == "engine, then window":
        engine = home.engine_of(window)
        os.kill(engine, signal.SIGKILL)
        until(lambda: home.engine_of(window) not in (0, engine))
        time.sleep(3)
    elif victims == "both":
        os.kill(home.engine_of(window), signal.SIGSTOP)  # so that it cannot put the run aside any more
        window.kill()
        for number in home.processes():
            os.kill(number, signal.SIGKILL)
    step = load_checkpoint(run).step
    window.kill()
    until(lambda: not home.processes())
    last = load_checkpoint(run).step
    assert last > step if victims == "window" else last >= step
    assert list(home.temporary.iterdir()) == []
    (settings,) = home.folder.glob("home/**/ganviz.conf")
    assert {"config", "layout"} <= {line.partition("=")[0] for line in settings.read_text().splitlines()}
    sentence, *seen = home.ask_next("open")
    assert sentence.startswith("A run that was not saved was found: Ring")
    assert f"step {last:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") in sentence
    assert seen == [f"{last} None", "True True"]
    assert list(home.folder.glob("home/**/windows/*")) == []


def test_a_signal_ends_a_window_cleanly_and_its_run_is_found_until_it_is_discarded(home: Home) -> None:
    windows = {number: home.open() for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    until(lambda: len(home.runs) == len(windows) and all(load_checkpoint(run).step > 20 for run in home.runs))
    steps = {run: load_checkpoint(run).step for run in home.runs}
    for number, window in windows.items():
        window.send_signal(number)
    for number, window in windows.items():
        assert window.wait(PATIENCE_S) == 128 + number
        assert window.stderr is not None
        assert "Traceback" not in window.stderr.read().decode()
    assert not home.processes()
    assert all(load_checkpoint(run).step > step for run, step in steps.items())
    assert list(home.temporary.iterdir()) == []
    for answer, left in (("later", len(windows)), ("discard", 0)):
        assert home.ask_next(answer)[0].startswith("A run that was not saved was found")
        assert len(home.runs) == left
    assert home.ask_next("later") == ["nothing found"]


@pytest.mark.parametrize(
    ("moment", "last", "code"),
    [
        ("painted", "raise SystemExit(3)", 3),
        ("bridge.snapshot_arrived", "raise RuntimeError", 1),
        ("bridge.snapshot_arrived", "session.shut_down()", 0),
    ],
)
def test_a_program_that_ends_without_closing_its_window_ends_cleanly(
    home: Home, moment: str, last: str, code: int
) -> None:
    program = home.folder / "unclosed.py"
    program.write_text(UNCLOSED.format(signal=moment, last=last))
    done = subprocess.run(
        [sys.executable, program], env=home.environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert not re.search("QThread|terminate called|Fatal|ended unexpectedly", done.stderr)
    assert not home.processes()
    assert list(home.folder.glob("home/**/windows/*")) + list(home.temporary.iterdir()) == []


def test_a_crash_of_the_window_is_noted_and_shown(home: Home) -> None:
    window = home.open()
    until(lambda: home.engine_of(window))
    (log,) = until(lambda: list(home.folder.glob("home/**/windows/*/window-crash.log")))
    second = home.open()
    until(lambda: len(list(home.folder.glob("home/**/windows/*/*-crash.log"))) == 4)
    engine = home.engine_of(second)
    os.kill(engine, signal.SIGSEGV)
    until(lambda: home.engine_of(second) not in (0, engine))
    second.send_signal(signal.SIGTERM)
    window.send_signal(signal.SIGSEGV)
    window.wait()
    assert second.wait(PATIENCE_S) == 128 + signal.SIGTERM
    until(lambda: not home.processes())
    assert b"Segmentation fault" in log.read_bytes()
    said = home.ask_next("later")[0]
    assert re.search(r"crashed before; .*crash-.*\.log says where|A run that was not saved", said)
    kept = list(home.folder.glob("home/**/crash-*.log"))
    assert len(kept) == 2
    assert all(b"Segmentation fault" in path.read_bytes() for path in kept)
    assert not list(home.folder.glob("home/**/windows/*/*-crash.log"))
    (told,) = home.folder.glob("home/**/ganviz.log")
    assert "The training process ended unexpectedly (exit code -11); the run starts again" in told.read_text()

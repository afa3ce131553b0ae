"""Settings that are chosen while the engine is busy, or just before the window closes, are there at the next start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ganviz.training.checkpoint import load_checkpoint

pytestmark = pytest.mark.slow
START = """
import os
import signal
import subprocess
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from ganviz.app import Session
from ganviz.losses.presets import FORMULATIONS
from ganviz.session.commands import SaveCheckpoint
from ganviz.session.settings import with_settings
from ganviz.views.window.memory import WindowMemory

def wait(ms):
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()

def closed(window):
    window.close_unasked()
    while window.isVisible():
        wait(1)

if __name__ == "__main__":
    app = QApplication(["ganviz"])
    session = Session()
    window = session.window
    window.show()
"""
CHOSEN = f"""{START}
    while not session.bridge.is_running or sys.argv[1] == "late" and window.last_snapshot is None:
        wait(10)
    window.wishes.configure(with_settings(window.config, ["training.d_steps=3"]))
    window.strip.choose(0)
    window.wishes.configure(with_settings(window.pending.chosen, ["architecture.width=24"]), True)
    window.wishes.add_lane(0, FORMULATIONS["hinge"])
    closed(window)
    kept = WindowMemory().config()
    print(kept.training.d_steps, kept.architecture.width, *(one.formulation.loss.key for one in kept.lanes))
    session.leave()
"""
STOPPED = f"""{START}
    while window.last_snapshot is None:
        wait(10)
    os.kill(session._engine.pid, signal.SIGSTOP)
    subprocess.Popen(["sh", "-c", f"sleep 5; kill -CONT {{session._engine.pid}}"])
    window.pending.take(SaveCheckpoint(Path(sys.argv[1])))
    closed(window)
    session.leave()
"""


def _played(program: str, tmp_path: Path, argument: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "program.py"
    path.write_text(program)
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME")
    environment = os.environ | dict.fromkeys(names, str(tmp_path / "home")) | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(path), argument]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300)


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be stopped there")
def test_a_run_that_was_saved_just_before_the_window_closes_is_saved(tmp_path: Path) -> None:
    """The engine hears of that only after seconds, as it does while a step takes long; it was killed before."""
    said = _played(STOPPED, tmp_path, str(tmp_path / "run.ganviz"))
    assert (tmp_path / "run.ganviz").is_file(), said.stderr
    load_checkpoint(tmp_path / "run.ganviz")


@pytest.mark.parametrize("when", ["at once", "late"])
def test_settings_chosen_just_before_the_window_closes_are_kept(tmp_path: Path, when: str) -> None:
    said = _played(CHOSEN, tmp_path, when)
    assert said.stdout.split() == ["3", "24", "saturating", "hinge"], said.stderr

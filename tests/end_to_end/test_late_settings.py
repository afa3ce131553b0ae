"""Settings that are chosen while the engine is busy, or just before the window closes, are there at the next start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
PROGRAM = """
import sys
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from ganviz.app import Session
from ganviz.losses.presets import FORMULATIONS
from ganviz.session.settings import with_settings
from ganviz.views.window.memory import WindowMemory

def wait(ms):
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()

if __name__ == "__main__":
    app = QApplication(["ganviz"])
    session = Session()
    window = session.window
    window.show()
    while not session.bridge.is_running or sys.argv[1] == "late" and window.last_snapshot is None:
        wait(10)
    window.wishes.configure(with_settings(window.config, ["training.d_steps=3"]))
    window.strip.choose(0)
    window.wishes.configure(with_settings(window.pending.chosen, ["architecture.width=24"]), True)
    window.wishes.add_lane(0, FORMULATIONS["hinge"])
    window.close_unasked()
    while window.isVisible():
        wait(1)
    kept = WindowMemory().config()
    print(kept.training.d_steps, kept.architecture.width, *(one.formulation.loss.key for one in kept.lanes))
    session.leave()
"""


@pytest.mark.parametrize("when", ["at once", "late"])
def test_settings_chosen_just_before_the_window_closes_are_kept(tmp_path: Path, when: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "HOME")
    environment = os.environ | dict.fromkeys(names, str(tmp_path / "home")) | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(program), when]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300)
    assert said.stdout.split() == ["3", "24", "saturating", "hinge"], said.stderr

"""The whole program, offscreen and in a real window where there can be one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCENARIO = Path(__file__).with_name("scenario.py")


def play(tmp_path, platform, prefix=()):
    folders = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    environment = os.environ | dict.fromkeys(folders, str(tmp_path / "home")) | {"QT_QPA_PLATFORM": platform}
    command = [*prefix, sys.executable, "-X", "faulthandler", str(SCENARIO), str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "done"
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr


@pytest.mark.slow
def test_one_sitting_offscreen(tmp_path):
    screen = {"name": "one", "x": 0, "y": 0, "width": 1600, "height": 1000, "logicalDpi": 96, "dpr": 1}
    described = tmp_path / "screen.json"
    described.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    play(tmp_path, f"offscreen:configfile={described}")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="no X server can be started here")
def test_one_sitting_in_a_real_window(tmp_path):
    play(tmp_path, "xcb", ("xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"))

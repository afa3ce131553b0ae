"""Screens of all sizes, two of them, and one that has gone: the window and its floating docks can be reached."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("screens_program.py")
LAPTOP = {"name": "laptop", "x": 0, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "dpr": 1}
BEAMER = {"name": "beamer", "x": 1366, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 2}
DENSE = BEAMER | {"name": "dense", "width": 960, "height": 540}
"""Full HD at 200 %."""
SMALL = LAPTOP | {"name": "small", "width": 720, "height": 450}


def opened(folder: Path, screens: list[dict[str, Any]], *place: int) -> dict[str, Any]:
    """Return where the window and its floating dock were on such screens, with what ``folder`` remembers."""
    told = folder / "screens.json"
    told.write_text(json.dumps({"screens": screens}))
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    environment = os.environ | dict.fromkeys(names, str(folder))
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *map(str, place)],
        env=environment | {"QT_QPA_PLATFORM": f"offscreen:configfile={told}"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["screens"] == len(screens)
    return found


@pytest.mark.parametrize("screen", [LAPTOP, DENSE | {"x": 0}, SMALL], ids=lambda screen: screen["name"])
def test_the_first_size_fits_the_screen(tmp_path, screen):
    found = opened(tmp_path, [screen])["window"]
    *_, width, height = found["available"]
    assert found["rect"][2] <= width, found
    assert found["rect"][3] <= height, found
    assert found["is_inside"] or screen is SMALL, found  # whose frame is beyond it


@pytest.mark.slow
def test_the_window_comes_back_to_its_screen_and_from_one_that_has_gone(tmp_path):
    left = opened(tmp_path, [LAPTOP, BEAMER], 1500, 40)
    assert left["window"]["screen"] == left["dock"]["screen"] == "beamer", left
    again = opened(tmp_path, [LAPTOP, BEAMER])
    assert (again["window"], again["dock"]) == (left["window"], left["dock"])
    for screens in ([LAPTOP, DENSE], [LAPTOP]):  # the same place holds less, then there is none
        found = opened(tmp_path, screens)
        assert found["window"]["is_inside"], found
        assert found["dock"]["is_inside"], found

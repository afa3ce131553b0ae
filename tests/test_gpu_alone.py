"""The tests of GPUs run where there is torch and pytest, and neither Qt, nor drawing, nor ganviz is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

WITHOUT_QT = """
import sys

MISSING = (
    "PySide6", "shiboken6", "pyqtgraph", "pytestqt", "ziamath", "ziafont", "latex2mathml", "scipy", "av", "yaml",
    "tensorboard", "distributed",
)


class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in MISSING:
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, Missing())
"""


def test_the_folder_of_gpu_tests_runs_by_itself_without_qt(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_QT)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PYTHONPATH"] = f"{tmp_path}{os.pathsep}{ROOT}"
    options = ("-q", "-p", "no:cacheprovider", "-p", "no:pytest-qt")
    # Every test once, but for the longest; with all their settings they run in the suite.
    some = (
        "-k",
        "cpu and not test_captured_is_eager_is_the_cpu and not 64 and (not is_fed or noise-extragradient)",
    )
    command = [sys.executable, "-m", "pytest", "tests/gpu", *options, *some]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

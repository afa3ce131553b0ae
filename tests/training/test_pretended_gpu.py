"""The tests of GPUs on one that is pretended: what a real one refuses is refused, without a real one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from torch.utils import backend_registration

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(
    not hasattr(backend_registration, "_setup_privateuseone_for_python_backend"),
    reason="this torch knows no device that is written in Python",
)
def test_the_gpu_tests_pass_where_a_gpu_is_pretended():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PYTHONPATH"] = str(ROOT)
    plugins = ("-p", "tests.training.pretended_gpu", "-p", "no:cacheprovider", "-p", "no:pytest-qt")
    command = [sys.executable, "-m", "pytest", "tests/gpu", "-q", *plugins]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout

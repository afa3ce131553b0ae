"""A worker of a sweep goes with the process that drives it, whatever it does at that moment."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, multiprocessing, os, signal
from ganviz.session.sweeps.driven import begin_worker

def load(pipe, step, told):
    begin_worker(pipe, step)
    told.send(os.getpid())
    ctypes.PyDLL(None).sleep(120)  # no thread of Python's runs meanwhile, as while a large library is loaded

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    hear, tell = context.Pipe(duplex=False)
    step = context.Value("q", 0, lock=False)
    context.Process(target=load, args=(theirs, step, tell)).start()
    print(hear.recv(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
PATIENCE_S = 30.0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems end it when the library is loaded")
def test_a_worker_that_loads_a_library_goes_with_a_driver_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    # Not captured to its end: a worker that stays would hold the pipe.
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as driver:
        assert driver.stdout is not None
        worker = Path("/proc", driver.stdout.readline().strip())
        end = time.monotonic() + PATIENCE_S
        while _lives(worker):
            assert time.monotonic() < end, "the worker stays"
            time.sleep(0.05)


def _lives(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_a_worker_does_first_loads_nothing_large() -> None:
    command = (
        "import sys, ganviz.session.sweeps.driven; print('torch' in sys.modules, 'numpy' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]

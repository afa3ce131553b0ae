"""Ctrl+C at a terminal, and the progress line that it shows there."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time

import pytest

from ganviz.training.checkpoint import load_checkpoint

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")


def _read_until(terminal: int, pattern: str) -> str:
    text, end = "", time.monotonic() + 60
    while not re.search(pattern, text):
        assert time.monotonic() < end, text
        if select.select([terminal], [], [], 1)[0]:
            text += os.read(terminal, 4096).decode("utf-8", "replace")
    return text


@pytest.mark.parametrize(
    ("number", "has_folder"),
    [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, True), (signal.SIGHUP, False)],
)
def test_a_signal_ends_the_run_which_is_kept(tmp_path, number, has_folder):
    """One handler is set for all signals, and knows where to put the run: each signal once, each place twice."""
    import pty

    out = ["--out", str(tmp_path / "run")] if has_folder else []
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "ganviz",
        "train",
        "--steps",
        "100000000",
        "--device",
        "cpu",
        "--json",
        *out,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, cwd=tmp_path)
    os.close(theirs)
    try:
        line = _read_until(ours, r"steps/s · [\d,]+ s left")
        assert re.search(r"step [\d,]+ of 100,000,000 · [\d,]+ steps/s", line)
        process.send_signal(number)
        said = _read_until(ours, r"interrupted at step \d+.*\n")
        assert process.stdout is not None
        assert process.stdout.read() == b""
        assert process.wait(60) == 128 + number
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        os.close(ours)
    step = int(re.findall(r"interrupted at step (\d+)", said)[0])
    kept = "run/checkpoint.ganviz" if has_folder else f"ganviz-step-{step}.ganviz"
    assert load_checkpoint(tmp_path / kept).step == step > 0
    assert "holds the run" in said
    assert len(list(tmp_path.iterdir())) == 1


def test_no_progress_line_where_nobody_looks(own_process):
    answer = own_process("train", "--steps", 300)
    assert (answer.code, answer.err) == (0, "")


@pytest.mark.parametrize("loaded", ["ganviz.cli.parser", "PySide6.QtCore", "ganviz.views.window.main_window"])
def test_nothing_is_said_by_a_window_that_is_interrupted_while_it_is_loaded(loaded, tmp_path):
    """Python would raise KeyboardInterrupt within what is loaded, and somebody would catch it there."""
    program = f"""
import os, signal, sys

class Interrupt:
    def find_spec(self, name, *_):
        if name == {loaded!r}:
            os.kill(os.getpid(), signal.SIGINT)

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background job ignores
    sys.meta_path.insert(0, Interrupt())
    from ganviz.__main__ import main
    sys.exit(main())
"""
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "program.py")],
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")

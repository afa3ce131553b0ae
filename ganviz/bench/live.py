"""The real window, offscreen, in a process of its own: speed while watched, gaps, latency, start-up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ganviz.training.config import RunConfig

Row = dict[str, Any]

WARM_UP_S = 2.0
TICK_MS = 5


def watch(config: RunConfig, seconds: float, n_switches: int = 0, *, with_files: bool = False) -> Row:
    """Open the window on ``config`` at full speed and return what was measured there."""
    with tempfile.TemporaryDirectory(prefix="ganviz-bench-") as folder:
        wish = {
            "config": config.to_plain(), "seconds": seconds, "switches": n_switches, "folder": folder,
            "with_files": with_files, "started": time.time(),
        }  # fmt: skip
        names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        environment = os.environ | dict.fromkeys(names, folder) | {"QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-m", "ganviz.bench.live"]
        done = subprocess.run(
            command, input=json.dumps(wish), env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise RuntimeError(f"the window could not be measured: {done.stderr.strip().splitlines()[-1:]}")
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that is at least as large as ``share`` of all."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def measure(wish: Row) -> Row:
    """Measure in this process; needs Qt."""
    from PySide6.QtCore import QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from ganviz.app import Session
    from ganviz.losses.presets import FORMULATIONS
    from ganviz.session.commands import SaveCheckpoint
    from ganviz.training.config import config_from_plain
    from ganviz.worker.opening import Opening

    app = QApplication(["ganviz"])
    session = Session(opening=Opening(config_from_plain(wish["config"]), None, is_running=True))
    window, found = session.window, Row()
    frames: list[float] = []
    session.bridge.snapshot_arrived.connect(lambda snapshot: frames.append(time.perf_counter()))
    session._first_paint.happened.connect(lambda: found.setdefault("painted_s", time.time() - wish["started"]))
    window.show()
    while window.last_snapshot is None or window.last_snapshot.stamp.step == 0:
        QTest.qWait(2)
    found["first_frame_s"] = time.time() - wish["started"]
    QTest.qWait(int(WARM_UP_S * 1000))
    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(timer.timerType().PreciseTimer)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start(TICK_MS)
    frames.clear()
    start, first = time.perf_counter(), window.last_snapshot.stamp.step
    if wish["with_files"]:
        window.command_requested.emit(SaveCheckpoint(Path(wish["folder"]) / "run.ganviz"))
        window.gif_requested.emit(str(Path(wish["folder"]) / "run.gif"))
    QTest.qWait(int(wish["seconds"] * 1000))
    elapsed, last = time.perf_counter() - start, window.last_snapshot.stamp.step
    timer.stop()
    gaps = [(b - a) * 1000 for a, b in zip(ticks, ticks[1:], strict=False)]
    paces = [(b - a) * 1000 for a, b in zip(frames, frames[1:], strict=False)]
    found |= {
        "steps_per_s": (last - first) / elapsed, "frames_per_s": len(frames) / elapsed,
        "gap_p99_ms": percentile(gaps, 0.99), "gap_max_ms": max(gaps, default=float("nan")),
        "frame_p99_ms": percentile(paces, 0.99),
    }  # fmt: skip
    named = list(FORMULATIONS.values())
    delays = []
    for i in range(wish["switches"]):
        wanted = named[i % 3]
        start = time.perf_counter()
        window.strip.choose(i % 3)
        while window.last_snapshot.config.lanes[0].formulation != wanted.formulation:
            QTest.qWait(1)
        app.processEvents()
        delays.append((time.perf_counter() - start) * 1000)
        QTest.qWait(120)
    found["switch_p99_ms"] = percentile(delays, 0.99)
    window.close()
    return found


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.stdin.read()))))

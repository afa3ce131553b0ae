"""The real window, offscreen, in a process of its own: speed while watched, gaps, latency, start-up."""

from __future__ import annotations

import compileall
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ganviz
from ganviz.bench import by_hand
from ganviz.qt import load_qt
from ganviz.worker.ahead import begin_ahead
from ganviz.worker.heap import begin_loading, collect_between_events

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QPainter

    from ganviz.training.config import RunConfig
    from ganviz.training.snapshot import Stamp
    from ganviz.views.look.theme import Theme

Row = dict[str, Any]

WARM_UP_S = 2.0
LONGEST_SWITCH_S = 10.0


def watch(
    config: RunConfig,
    seconds: float,
    n_switches: int = 0,
    *,
    with_files: bool = False,
    all_layers: bool = False,
    is_touched: bool = False,
    workspace: str = "",
) -> Row:
    """Open the window on ``config`` at full speed and return what was measured there.

    With ``is_touched`` also what the window costs when it is touched, and when it is left alone. ``workspace`` is the
    key of another one than the usual one.
    """
    # As where ganviz is installed: Python may keep what it has compiled, and the first start has done that.
    compileall.compile_dir(Path(ganviz.__file__).parent, quiet=2)
    with tempfile.TemporaryDirectory(prefix="ganviz-bench-") as folder:
        wish = {
            "config": config.to_plain(), "seconds": seconds, "switches": n_switches, "folder": folder,
            "with_files": with_files, "all_layers": all_layers, "is_touched": is_touched, "workspace": workspace,
            "started": time.time(),
        }  # fmt: skip
        names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        environment = os.environ | dict.fromkeys(names, folder) | {"QT_QPA_PLATFORM": "offscreen"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
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


def dropped_in_a_row(paces: list[float]) -> int:
    """Return how many redraws are missing in the longest pause, where the median one is the pace."""
    if not paces:
        return 0
    return max(0, round(max(paces) / statistics.median(paces)) - 1)


class _Watch:
    """A session in this process, and what is measured of it."""

    def __init__(self, wish: Row) -> None:
        begin_ahead()
        begin_loading()
        load_qt()
        from PySide6.QtWidgets import QApplication

        from ganviz.app import Session
        from ganviz.session.opening import Opening
        from ganviz.training.config import config_from_plain

        self.wish, self.found = wish, Row()
        self.app = QApplication(["ganviz"])
        self.session = Session(opening=Opening(config_from_plain(wish["config"]), None, is_running=True))
        self.window = self.session.window
        self._redraws: list[float] = []
        self._painted: Stamp | None = None
        self._ticks: list[float] = []
        if wish["all_layers"]:
            self._show_all_layers()
        self.session.painted.connect(collect_between_events)
        self.session.painted.connect(
            lambda: self.found.setdefault("painted_s", time.time() - wish["started"])
        )
        self.window.show()

    def _show_all_layers(self) -> None:
        from ganviz.views.pictures.layers import LAYERS
        from ganviz.views.pictures.plane_view import PlaneView

        plane = self.window.docks.views["plane"]
        assert isinstance(plane, PlaneView)
        for layer in LAYERS:
            plane.set_layer(layer.key, is_on=True)

    def _watch_redraws(self) -> None:
        """Note when the first view of each snapshot is painted."""
        for view in self.window.docks.painted_views(self.window.config):
            view.paint_canvas = partial(self._paint, view.paint_canvas)  # type: ignore[method-assign]

    def _paint(self, paint: Callable[..., None], painter: QPainter, area: QRectF, theme: Theme) -> None:
        paint(painter, area, theme)
        last = self.window.last_snapshot
        if last is not None and last.stamp != self._painted:
            self._painted = last.stamp
            self._redraws.append(time.perf_counter())

    def step(self) -> int:
        """Return the step of the last frame."""
        last = self.window.last_snapshot
        return last.stamp.step if last is not None else 0

    def start_up(self) -> None:
        """Wait for the first trained frame and for full speed."""
        while not self.step():
            _let_live(2)
        self.found["first_frame_s"] = time.time() - self.wish["started"]
        if self.wish["workspace"]:
            self.window.actions_.do(f"workspace:{self.wish['workspace']}")
        self._watch_redraws()
        _let_live(int(WARM_UP_S * 1000))

    def speed(self) -> None:
        """Measure steps and redraws, then also while files are written; and when the GUI thread was away."""
        from PySide6.QtCore import Qt, QTimer

        from ganviz.session.commands import SaveCheckpoint

        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(lambda: self._ticks.append(time.perf_counter()))
        timer.start(by_hand.TICK_MS)
        self._redraws.clear()
        start, first = time.perf_counter(), self.step()
        _let_live(int(self.wish["seconds"] * 1000))
        elapsed = time.perf_counter() - start
        self.found["steps_per_s"] = (self.step() - first) / elapsed
        n_redraws = len(self._redraws)
        if self.wish["with_files"]:
            folder = Path(self.wish["folder"])
            self.window.command_requested.emit(SaveCheckpoint(folder / "run.ganviz"))
            self.window.rendering_requested.emit(str(folder / "run.gif"), ())
            _let_live(int(self.wish["seconds"] * 1000))
        timer.stop()
        gaps, paces = _gaps_ms(self._ticks), _gaps_ms(self._redraws)
        self.found |= {
            "redraws_per_s": n_redraws / elapsed,
            "redraw_p99_ms": percentile(paces, 0.99),
            "redraw_max_ms": max(paces, default=float("nan")),
            "dropped_in_a_row": dropped_in_a_row(paces),
            "gap_p99_ms": percentile(gaps, 0.99),
            "gap_max_ms": max(gaps, default=float("nan")),
        }

    def switches(self) -> None:
        """Measure from the key of a formulation to its first frame."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        from ganviz.losses.presets import FORMULATIONS

        named, delays = list(FORMULATIONS.values()), []
        self.window.activateWindow()
        for i in range(self.wish["switches"]):
            start = time.perf_counter()
            QTest.keyClick(self.window, Qt.Key(Qt.Key.Key_1 + i % 3))
            while self._formulation() != named[i % 3].formulation:
                _let_live(1)
                if time.perf_counter() - start > LONGEST_SWITCH_S:
                    raise TimeoutError("a key of a formulation had no effect")
            self.app.processEvents()
            delays.append((time.perf_counter() - start) * 1000)
            _let_live(120)
        if delays:
            self.found["switch_p99_ms"] = percentile(delays, 0.99)

    def _formulation(self) -> object:
        last = self.window.last_snapshot
        return last.config.lanes[0].formulation if last is not None else None


def _let_live(ms: int) -> None:
    """Leave the thread to Qt's own loop, as in use; QTest.qWait sleeps between two rounds with the lock held."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def _gaps_ms(times: list[float]) -> list[float]:
    return [(b - a) * 1000 for a, b in itertools.pairwise(times)]


def measure(wish: Row) -> Row:
    """Measure in this process; needs Qt."""
    watch = _Watch(wish)
    watch.start_up()
    watch.speed()
    watch.switches()
    if wish["is_touched"]:
        away = by_hand.away(watch.window, _let_live, Path(wish["folder"]))
        watch.found["touched"] = away | by_hand.touched(watch.window, _let_live)
        watch.found["at_rest"] = by_hand.at_rest(watch.window, _let_live, wish["seconds"])
    watch.window.close_unasked()  # a film may still be made, which it would ask about
    _let_live(by_hand.TICK_MS)
    return watch.found


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.stdin.read()))))

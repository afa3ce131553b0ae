"""What the window costs while a person touches it, and while nobody does: processor time of its processes."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from ganviz.views.window.main_window import MainWindow

Row = dict[str, Any]
Wait = Callable[[int], None]

N_MOVES = 40
EVERY_MS = 50
SETTLE_MS, EXPORT_MS = 2000, 5000
TICK_MS = 5
CHARTS = ("losses", "total_loss")


def away(window: MainWindow, wait: Wait, folder: Path) -> Row:
    """Return how long, in milliseconds, the GUI thread is away while the run trains and a hand is busy.

    Each with the 99th percentile and the longest: while the wheel turns over the charts, while the colors change from
    light to dark and back, and while every plot is exported.
    """
    from PySide6.QtCore import Qt, QTimer

    _look_at_charts(window, wait)
    found = Row()
    for name, n, every_ms, act in (
        ("wheel", N_MOVES, EVERY_MS, partial(_turn, window)),
        ("theme", 4, 500, partial(_change_colors, window)),
        ("export", 1, EXPORT_MS, partial(_export, window, folder)),
    ):
        times, timer = list[float](), QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(partial(_note, times))
        timer.start(TICK_MS)
        for i in range(n):
            act(i)
            wait(every_ms)
        timer.stop()
        gaps = sorted(1000 * (after - before) for before, after in itertools.pairwise(times))
        found |= {f"{name}_away_p99_ms": gaps[int(0.99 * len(gaps))], f"{name}_away_max_ms": gaps[-1]}
    window.actions_.do("appearance:light")
    return found


def touched(window: MainWindow, wait: Wait) -> Row:
    """Return milliseconds of this process for a notch of the wheel and for a move of the pointer over the charts.

    The run is paused, so that all there is to do comes of the hand.
    """
    pause(window, wait)
    _look_at_charts(window, wait)
    return {
        "wheel_ms": _cost_ms(lambda i: _turn(window, i), wait),
        "crosshair_ms": _cost_ms(lambda i: _move(window, i), wait),
    }


def at_rest(window: MainWindow, wait: Wait, seconds: float) -> Row:
    """Return the share of a core that both processes take while the run is paused, with the window seen and not."""
    pause(window, wait)
    paused = _share(wait, seconds)
    window.showMinimized()
    wait(SETTLE_MS)
    return {"paused_percent": 100 * paused, "minimized_percent": 100 * _share(wait, seconds)}


def pause(window: MainWindow, wait: Wait) -> None:
    """Pause and let everything that follows be done."""
    from ganviz.session.commands import Pause

    window.command_requested.emit(Pause())
    wait(SETTLE_MS)


def _look_at_charts(window: MainWindow, wait: Wait) -> None:
    for key in reversed(CHARTS):  # where they are tabs of one row, the one that is touched is in front
        window.docks.docks[key].show()
        window.docks.docks[key].raise_()
    wait(SETTLE_MS)


def _cost_ms(act: Callable[[int], None], wait: Wait) -> float:
    """Return the time of one act, and of all that it leads to, as the mean of many less what goes on anyway."""
    wait(SETTLE_MS)  # what the act before this one has left to do is not what goes on anyway
    start = time.process_time()
    wait(N_MOVES * EVERY_MS)
    idle = time.process_time() - start
    start = time.process_time()
    for i in range(N_MOVES):
        act(i)
        wait(EVERY_MS)
    return 1000 * max(0.0, time.process_time() - start - idle) / N_MOVES


def _place(window: MainWindow, share: float) -> tuple[Any, QPointF]:
    """Return what the pointer is over in the first chart, and where."""
    from PySide6.QtCore import QPointF

    canvas = window.docks.views[CHARTS[0]].canvas  # type: ignore[attr-defined]
    surface = canvas.sheet.viewport() if getattr(canvas, "sheet", None) is not None else canvas
    return surface, QPointF(surface.width() * (0.25 + 0.5 * share), surface.height() * 0.5)


def _note(times: list[float]) -> None:
    times.append(time.perf_counter())


def _change_colors(window: MainWindow, i: int) -> None:
    window.actions_.do(f"appearance:{'light' if i % 2 else 'dark'}")


def _export(window: MainWindow, folder: Path, i: int) -> None:
    """Export every plot of the run that trains, as one picture each."""
    from ganviz.views.window.export_dialog import ExportWish
    from ganviz.views.window.figure_form import FigureWish

    views = tuple(view.key for view in window.docks.painted_views(window.config))
    window.exports.write(ExportWish(folder / "export", views, ("png",), FigureWish(2.0), (), False))


def _turn(window: MainWindow, i: int) -> None:
    """Turn the wheel by a notch, in for the first half, out for the other."""
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    surface, at = _place(window, 0.5)
    notch = QPoint(0, 120 if i < N_MOVES // 2 else -120)
    buttons, keys, phase = (
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
    )
    there = QPointF(surface.mapToGlobal(at))
    QApplication.sendEvent(surface, QWheelEvent(at, there, QPoint(), notch, buttons, keys, phase, False))


def _move(window: MainWindow, i: int) -> None:
    """Move the pointer along the steps."""
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    surface, at = _place(window, i / N_MOVES)
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    there = QPointF(surface.mapToGlobal(at))
    QApplication.sendEvent(surface, QMouseEvent(QEvent.Type.MouseMove, at, there, none, none, keys))


def _share(wait: Wait, seconds: float) -> float:
    """Return the processor time of this process and its children over the time that passes."""
    ids = (os.getpid(), *(child.pid for child in multiprocessing.active_children()))
    start, before = time.perf_counter(), sum(map(_processor_s, ids))
    wait(int(seconds * 1000))
    return (sum(map(_processor_s, ids)) - before) / (time.perf_counter() - start)


def _processor_s(pid: int | None) -> float:
    """Return the seconds that a process has used; NaN where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, AttributeError):
        return float("nan")

"""What a checkpoint costs: to be written, to be opened, and the training that it holds up."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganviz.session.commands import SaveCheckpoint
from ganviz.session.runner import Runner
from ganviz.training.checkpoint import load_checkpoint, save_checkpoint
from ganviz.training.trainer import Trainer

Row = dict[str, Any]

ROUNDS = 3


def checkpoint(trainer: Trainer) -> Row:
    """Return how long a run takes to save and to open, and the longest turn of a runner that saves while it trains.

    A turn is about eight milliseconds of training, or an order that is carried out.
    """
    with tempfile.TemporaryDirectory(prefix="ganviz-bench-") as folder:
        path = Path(folder) / "run.ganviz"
        step = trainer.step
        save = _median(lambda: _seconds(lambda: save_checkpoint(path, trainer)))
        opened = _median(lambda: _seconds(lambda: load_checkpoint(path)))
        pause = _median(lambda: _longest_turn(Runner(trainer=trainer, is_running=True), path))
        size = path.stat().st_size
    return {
        "step": step, "megabytes": size / 1e6, "save_s": save, "open_s": opened, "pause_ms": 1000 * pause
    }  # fmt: skip


def _median(measured: Callable[[], float]) -> float:
    return statistics.median(measured() for _ in range(ROUNDS))


def _longest_turn(runner: Runner, path: Path) -> float:
    for _ in range(20):
        runner.advance()
    longest = _seconds(lambda: runner.handle(SaveCheckpoint(path)))
    while runner.is_writing:
        longest = max(longest, _seconds(runner.advance))
    return longest


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start

"""A day's run in minutes: ten million steps of history with the window, its looks and its charts, in bounded memory.

Run by hand, on Linux, from the checkout: ``python -m tests.campaigns.long_runs --steps 10000000``. Steps are not
computed but taken from a block of real ones, all else is as in a run: history, keyframes, metrics, looks, pictures. It
tells how memory, files and the time of looks go, and ends with a traceback where one of them grows.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.campaigns.events import sandbox

MOST_GROWTH_MB = 50.0
LONGEST_LOOK_MS = 20.0
"""What nine of ten looks of a range have to keep; others use the machine, too."""
SETTLED = 1_000_000
"""Steps after which memory has to stay as it is."""


def own_memory_mb() -> float:
    """Return what this process holds that no file holds."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1000
    return 0.0


def open_files_mb() -> float:
    """Return how large the files are that are open, also those without a name."""
    total = 0
    for link in Path("/proc/self/fd").iterdir():
        try:
            if "deleted" in str(link.readlink()):
                total += link.stat().st_size
        except OSError:
            continue
    return total / 1e6


def let_steps_be_quick(trainer: Any) -> None:
    """Let a trainer take its steps from those that it has made already."""
    from ganviz.training import trainer as module
    from ganviz.training.scores import BLOCK_STEPS

    recorded = np.stack(
        [trainer.history.table(row)[:BLOCK_STEPS] for row in range(trainer.history.n_lanes)], axis=1
    )
    metrics = module.measured(trainer.subject())
    chance = np.random.default_rng(1)

    def block(self: Any, until: int) -> None:
        row, end = self.step % BLOCK_STEPS, min(until, self._keyframes.next_due(self.step))
        self.step += min(BLOCK_STEPS - row, end - self.step)
        self._end_steps()

    def values(formulations: object, first: int, end: int, rule: object) -> np.ndarray:
        found: np.ndarray = recorded[first:end] + chance.normal(0.0, 0.1, (end - first, 1, 1))
        return found

    module.Trainer._train_block = block  # type: ignore[method-assign]
    module.measured = lambda subject: metrics
    trainer._block.values = values


def look_ms(runner: Any, chance: random.Random, smoothing: float) -> float:
    """Return how long a look at some range takes."""
    from ganviz.training.probes.loss_trace import LossTraceProbe

    length = int(10 ** chance.uniform(1, np.log10(runner.trainer.step)))
    first = chance.randint(1, max(1, runner.trainer.step - length))
    columns = ("d_loss", "g_loss", "total", "d_real", "d_fake", "value")
    probe = LossTraceProbe(800, (first, first + length), columns, smoothing)
    subject, start = runner.trainer.subject(), time.thread_time()
    probe.measure(subject)
    return 1000 * (time.thread_time() - start)


class Day:
    """A window and a run in one thread, and what is told of them."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication

        from ganviz.session.commands import ForkLane, Run
        from ganviz.session.runner import Runner
        from ganviz.session.settings import with_settings
        from ganviz.training.config import RunConfig
        from ganviz.views.window.main_window import MainWindow
        from ganviz.views.window.memory import WindowMemory

        self.app = QApplication(["ganviz"])
        small = ["architecture.width=8", "training.batch_size=16"]
        self.runner = Runner(with_settings(RunConfig(), small))
        self.runner.trainer.train(64)
        self.runner.handle(ForkLane(0, self.runner.config.lanes[0].formulation))
        self.runner.trainer.train(64)
        let_steps_be_quick(self.runner.trainer)
        self.window = MainWindow(self.runner.config, None, WindowMemory())
        self.window.show()
        self._tell(self.runner.opening_events())
        self._tell(self.runner.handle(Run()))
        self._painted = 0.0

    def _tell(self, events: list[Any]) -> None:
        for event in events:
            self.window.handle_event(event)

    def train(self) -> None:
        """Train for a slice, and show what there is thirty times a second."""
        from ganviz.session.commands import Look

        self._tell(self.runner.advance())
        if time.monotonic() > self._painted + 1 / 30:
            snapshot = self.runner.answer(Look(self.window.needs()))
            if snapshot is not None:
                self.window.show_snapshot(snapshot)
            self.app.processEvents()
            self._painted = time.monotonic()


def run_campaign() -> None:
    """Run the campaign."""
    from ganviz.worker.heap import give_back

    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("steps", 10_000_000), ("tell", 500_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        sandbox(Path(place))
        day, chance, start = Day(), random.Random(1), time.monotonic()
        settled, told = 0.0, 0
        while day.runner.trainer.step < options.steps:
            day.train()
            step = day.runner.trainer.step
            if step // options.tell == told:
                continue
            told = step // options.tell
            plain = sorted(look_ms(day.runner, chance, 0.0) for _ in range(40))
            smooth = sorted(look_ms(day.runner, chance, 0.99) for _ in range(40))
            give_back()  # as the window does every minute
            memory = own_memory_mb()
            sys.stdout.write(
                f"{step:,} steps, {time.monotonic() - start:.0f} s: {memory:.0f} MB, history's file "
                f"{open_files_mb():.0f} MB; looks {plain[20]:.1f} ms, at most {plain[-1]:.1f}; smoothed "
                f"{smooth[20]:.1f} ms, at most {smooth[-1]:.1f}\n"
            )
            sys.stdout.flush()
            assert plain[36] < LONGEST_LOOK_MS, plain
            settled = settled or (memory if step >= SETTLED else 0.0)
            assert not settled or memory < settled + MOST_GROWTH_MB, (settled, memory)


if __name__ == "__main__":
    run_campaign()

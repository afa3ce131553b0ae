"""Views of all kinds, made and dropped again and again: does a collection of garbage at any moment end the program?

Run by hand, on Linux, from the checkout: ``python -m tests.campaigns.collected --times 60 --seed 1 [--only losses]``.
How often garbage is collected changes all the time, and what is given back to the heap is overwritten at once: what is
deleted twice, or used after that, ends the program here (PySide's wrappers of a layout's items did so within 60 times).
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OVERWRITTEN = {"MALLOC_PERTURB_": "165", "QT_QPA_PLATFORM": "offscreen"}


def kinds(chance: random.Random) -> Iterator[tuple[str, Callable[[], object]]]:
    """Return what is made, by name: every view, now and then fed and drawn, and the list of runs."""
    import made_up
    from PySide6.QtCore import QSize

    from ganviz.views.bases.plot_export import view_image
    from ganviz.views.controls.runs_panel import RunsPanel
    from ganviz.views.pictures import VIEWS

    def made(cls: type, snapshot: object) -> object:
        view = cls()
        if chance.random() < 0.7:
            view.show_snapshot(snapshot)
        if chance.random() < 0.5:
            view_image(view, QSize(400, 200), view.theme)
        if chance.random() < 0.5:
            view.resize(chance.randint(100, 600), 300)
            view.grab()
        return view

    for cls in VIEWS:
        snapshot = made_up.snapshot(made_up.run_config(made_up.of_view(cls)))
        yield cls.key, lambda cls=cls, snapshot=snapshot: made(cls, snapshot)  # type: ignore[misc]
    yield "runs", RunsPanel


def play(times: int, seed: int, only: str) -> None:
    """Make and drop; ends the process without what Qt does at exit, for nothing else is left of its windows there."""
    sys.path.insert(0, str(ROOT / "tests" / "views"))
    faulthandler.enable()
    from PySide6.QtWidgets import QApplication

    app, chance = QApplication([]), random.Random(seed)
    for name, make in kinds(chance):
        for _ in range(times if only in ("", name) else 0):
            gc.set_threshold(
                chance.choice((5, 20, 100, 700, 5000)),
                chance.choice((1, 3, 10)),
                chance.choice((1, 10, 1000)),
            )
            one = make()
            if chance.random() < 0.3:
                gc.collect(chance.choice((0, 1, 2)))
            if chance.random() < 0.5:
                one.ring = [one]  # type: ignore[attr-defined]
            if chance.random() < 0.3:
                app.processEvents()
            del one
            if chance.random() < 0.3:
                gc.collect(chance.choice((0, 1, 2)))
        gc.collect()
        sys.stdout.write(name + "\n")
        sys.stdout.flush()
    os._exit(0)


def survived(times: int, seed: int, only: str = "") -> subprocess.CompletedProcess[str]:
    """Play in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tests.campaigns.collected", "--here", "--times", str(times), "--seed", str(seed),
         "--only", only],
        cwd=ROOT, env={**os.environ, **OVERWRITTEN}, text=True, capture_output=True, timeout=3600,
    )  # fmt: skip


def main() -> None:
    """Play once a seed, and tell where it ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--here", action="store_true")
    options = parser.parse_args()
    if options.here:
        play(options.times, options.seed, options.only)
    found = survived(options.times, options.seed, options.only)
    sys.stdout.write(f"{found.stdout}{found.stderr}exit code {found.returncode}\n")
    sys.exit(found.returncode != 0)


if __name__ == "__main__":
    main()

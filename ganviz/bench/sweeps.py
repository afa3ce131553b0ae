"""A sweep against a plain script that trains one seed after the other, in as many processes."""

from __future__ import annotations

import importlib.util
import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

from ganviz.session.sweeps.plan import Base, SweepPlan, plan_of, read_values
from ganviz.session.sweeps.running import run_sweep
from ganviz.training.config import config_from_plain

Row = dict[str, Any]

NAME = "sweep of 2 × 2 cells"
VARIED = ("formulation=non_saturating,r3gan", "training.d_steps=1,5")
WORKERS = 2
FULL, QUICK = (16, 2000, 2), (4, 200, 1)
"""Seeds of a cell, steps, and how many of the seeds the plain script trains: each takes it as long."""


def sweeps(seeds: int, steps: int, plain_seeds: int) -> Row:
    """Return lane-steps a second by one and two workers, by Dask's where it is installed, and by a plain script.

    Sweeps are timed from their call to their tables, with the start of their workers or cluster. The plain script has
    as many processes, whose start is counted once; its runs are taken to be dealt out evenly, with none left alone.
    """
    axes = tuple(read_values(text) for text in VARIED)
    plan = plan_of(axes, Base(), seeds, steps)
    n = len(plan.cells) * seeds * steps
    two = n / sweep_seconds(plan, WORKERS)
    plain = n / plain_seconds(plan, plain_seeds)
    found: Row = {"row": NAME, "seeds": seeds, "steps": steps, "lane_steps_per_s": two, "plain_per_s": plain}
    found["ratio"] = two / plain
    found["two_workers"] = two * sweep_seconds(plan, 1) / n
    if importlib.util.find_spec("distributed") is not None:
        found["dask_share"] = n / sweep_seconds(plan, WORKERS, "local") / two
    return found


def sweep_seconds(plan: SweepPlan, workers: int, cluster: str | None = None) -> float:
    """Return how long a sweep takes."""
    with tempfile.TemporaryDirectory(prefix="ganviz-bench-") as folder:
        start = time.perf_counter()
        result = run_sweep(plan, Path(folder) / "sweep", workers=workers, cluster=cluster)
        seconds = time.perf_counter() - start
    if not result.is_complete:
        raise RuntimeError(f"a cell failed: {result.errors}")
    return seconds


def plain_seconds(plan: SweepPlan, n_seeds: int) -> float:
    """Return how long plain scripts take for all seeds of all cells, by the time that the first seeds take."""
    runs = [(cell.config.to_plain(), row) for row in range(n_seeds) for cell in plan.cells]
    start = time.perf_counter()
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as pool:
        wait([pool.submit(train_plain, *runs[k], 2) for k in range(WORKERS)])
        started = time.perf_counter() - start
        futures = [pool.submit(train_plain, *run, plan.steps) for run in runs]
        seconds = sum(future.result() for future in futures)
    return started + seconds * plan.n_seeds / n_seeds / WORKERS


def train_plain(config: dict[str, Any], row: int, steps: int) -> float:
    """Train one seed by the plain script, and return the seconds that this takes."""
    from ganviz.bench.plain import PlainScript

    script = PlainScript(config_from_plain(config).with_seed(row))
    start = time.perf_counter()
    script.train(steps)
    return time.perf_counter() - start

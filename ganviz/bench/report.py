"""All rows, what they are held against, and the table."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import torch

from ganviz import __version__
from ganviz.bench import blind, gpu, live, memory, sweeps
from ganviz.bench.bars import WORKSPACE_ROW, bars
from ganviz.bench.blind import rates
from ganviz.bench.looks import looks
from ganviz.bench.timing import interleaved, summary
from ganviz.session.run_presets import run_preset
from ganviz.training.config import RunConfig
from ganviz.training.trainer import Trainer

Row = dict[str, Any]
Say = Callable[[str], None]


def machine() -> Row:
    """Return what the numbers were measured on."""
    return {
        "ganviz": __version__, "python": platform.python_version(), "torch": str(torch.__version__),
        "system": platform.platform(), "processor": _processor(), "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }  # fmt: skip


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:  # noqa: PTH123 - a pseudo file
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def bench(*, is_quick: bool, say: Say) -> Row:
    """Measure everything and return machine, rows and bars."""
    budget = 1.5 if is_quick else 4.5
    found: Row = {"machine": machine()}
    say("blind: the engine against a plain script")
    rows = [blind.against_plain(str(size), blind.perceptrons(*size), budget) for size in blind.SIZES]
    rows += [
        blind.against_plain(f"{game}, (128, 32, 2)", blind.perceptrons(128, 32, 2, game=game), budget)
        for game in blind.PENALIZED
    ]
    rows += [blind.games(budget), blind.losses(budget / 4)]
    rows.append(blind.against_plain("GAN Lab's default", blind.gan_lab(), budget))
    rows.append(blind.against_plain("digits, dcgan16, batch 64", blind.digits(), budget))
    say("lanes and rules")
    rows += [blind.lanes(budget), blind.rules(budget)]
    rows += [blind.closeness(*size, budget) for size in blind.SIZES]
    say("looks: what each view's reading costs")
    rows.append(looks())
    say("live: the window, offscreen")
    rows += watched(is_quick=is_quick)
    say("a sweep, by processes and by Dask, against plain scripts")
    rows.append(sweeps.sweeps(*(sweeps.QUICK if is_quick else sweeps.FULL)))
    say("start-up")
    rows.append(version_time())
    say("a long run: memory and checkpoint")
    rows += memory.long_run(*((20_000, 100_000) if is_quick else (200_000, 1_000_000)))
    return found | {"rows": rows, "bars": bars(rows)}


def watched(*, is_quick: bool) -> list[Row]:
    """Return the rows of the window: while it trains, touched, and at rest."""
    seconds, rounds = (3.0, 1) if is_quick else (8.0, 3)
    default = run_preset("default").config
    small, large = blind.perceptrons(128, 32, 2), blind.perceptrons(256, 128, 2)
    two, four = (dataclasses.replace(small, lanes=small.lanes * n) for n in (2, 4))
    seeds = dataclasses.replace(two, training=dataclasses.replace(two.training, seeds=16))
    rows = [
        live_against_blind("live, default preset", default, seconds, rounds, switches=30),
        live_against_blind("live, (256, 128, 2)", large, seconds, rounds),
        live_against_blind("live, two lanes", two, seconds, 1),
        live_against_blind(
            "live, four lanes, all layers", four, seconds, 1 if is_quick else 2, all_layers=True
        ),
        live_against_blind("live, 2 × 16 lanes", seeds, seconds, 1),
        live_against_blind("live, GAN Lab's default", blind.gan_lab(), seconds, 1),
        *(
            live_against_blind(f"{WORKSPACE_ROW}{key}", config, seconds / 2, 1, workspace=key)
            for key, config in {
                "loss": default,
                "total": default,
                "theory": default,
                "compare": two,
                "digits": blind.digits(),
            }.items()
        ),
    ]
    hand = live.watch(default, seconds, is_touched=True)
    return [*rows, {"row": "window touched", **hand["touched"]}, {"row": "window at rest", **hand["at_rest"]}]


def bench_gpu(*, is_quick: bool, say: Say) -> Row:
    """Measure the engine on a GPU and return machine and rows; nothing is asked of them.

    Raises
    ------
    InvalidValueError
        When there is no GPU.
    """
    gpu.check()
    return {
        "machine": machine() | gpu.machine(), "rows": gpu.rows(1.0 if is_quick else 4.0, say), "bars": []
    }  # fmt: skip


def live_against_blind(
    name: str, config: RunConfig, seconds: float, rounds: int, switches: int = 0, **shown: Any
) -> Row:
    """Return speed watched and unwatched, in turns, and what else the window shows of itself."""
    trainer = Trainer(config)
    trainer.train(200)
    watched, alone = [], []
    for i in range(rounds):
        watched.append(live.watch(config, seconds, switches if i == 0 else 0, with_files=i == 0, **shown))
        alone.append(interleaved({"engine": trainer.train}, seconds / 2, rounds=1)["engine"].rate)
    live_timing = summary([1 / one["steps_per_s"] for one in watched])
    blind_timing = summary([1 / rate for rate in alone])
    found = rates({"live": live_timing, "blind": blind_timing}, with_spread=rounds > 1)
    found["live_over_blind"] = found["live_per_s"] / found["blind_per_s"]
    for key in ("redraws_per_s", "redraw_p99_ms", "painted_s", "first_frame_s", "gap_p99_ms"):
        found[key] = statistics.median(one[key] for one in watched)
    for key in ("gap_max_ms", "redraw_max_ms", "dropped_in_a_row"):
        found[key] = max(one[key] for one in watched)
    if switches:
        found["switch_p99_ms"] = watched[0]["switch_p99_ms"]
    return {"row": name} | found


def version_time() -> Row:
    """Return how long ``ganviz --version`` takes."""
    seconds = []
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "ganviz", "--version"], capture_output=True, check=True)
        seconds.append(time.perf_counter() - start)
    return {"row": "ganviz --version", "seconds": statistics.median(seconds)}


def as_table(found: Row) -> str:
    """Return the report as text."""
    about = found["machine"]
    card = [f"{about['gpu']}, CUDA {about['cuda']}"] if "gpu" in about else []
    lines = [
        *card,
        f"{about['processor']}, {about['cores']} cores, torch {about['torch']}, Python {about['python']}",
        "",
    ]
    for row in found["rows"]:
        values = ", ".join(f"{key} {_number(value)}" for key, value in row.items() if key != "row")
        lines.append(f"{row['row']}: {values}")
    if found["bars"]:
        lines += ["", f"{'what':<46}{'measured':>12}{'asked for':>12}"]
    for bar in found["bars"]:
        mark = "" if bar["holds"] else "   not reached"
        lines.append(f"{bar['name']:<46}{_number(bar['value']):>12}{bar['bar']:>12}{mark}")
    return "\n".join(lines)


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value)


def _strict(value: Any) -> Any:
    """Return a report as JSON can say it: null for what is not finite, because nothing was there to measure."""
    if isinstance(value, dict):
        return {key: _strict(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_strict(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def main(*, as_json: bool, is_quick: bool, device: str = "cpu") -> int:
    """Measure, print, and return the exit code."""
    measure = bench_gpu if device == "cuda" else bench
    found = measure(
        is_quick=is_quick, say=lambda text: print(f"bench: {text} …", file=sys.stderr, flush=True)
    )
    print(json.dumps(_strict(found)) if as_json else as_table(found))
    return 0

"""All rows, what they are held against, and the table."""

from __future__ import annotations

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
from ganviz.bench import blind, live, memory
from ganviz.bench.blind import rates
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
    budget = 1.5 if is_quick else 6.0
    found: Row = {"machine": machine()}
    say("blind: the engine against a plain script")
    rows = [blind.against_plain(str(size), blind.perceptrons(*size), budget) for size in blind.SIZES]
    rows += [
        blind.against_plain(f"{game}, (128, 32, 2)", blind.perceptrons(128, 32, 2, game=game), budget)
        for game in blind.PENALIZED
    ]
    rows.append(blind.games(budget))
    rows.append(blind.against_plain("GAN Lab's default", blind.gan_lab(), budget))
    rows.append(blind.against_plain("digits, dcgan16, batch 64", blind.digits(), budget))
    say("lanes and rules")
    rows += [blind.lanes(budget), blind.rules(budget)]
    rows += [blind.closeness(*size, budget) for size in blind.SIZES]
    say("live: the window, offscreen")
    watched = [
        live_against_blind("live, default preset", run_preset("default").config, is_quick, switches=30),
        live_against_blind("live, (256, 128, 2)", blind.perceptrons(256, 128, 2), is_quick),
        live_against_blind("live, GAN Lab's default", blind.gan_lab(), is_quick),
    ]
    rows += watched
    say("start-up")
    rows.append(version_time())
    say("memory")
    rows.append(memory.growth(*((20_000, 100_000) if is_quick else (100_000, 1_000_000))))
    return found | {"rows": rows, "bars": bars(rows)}


def live_against_blind(name: str, config: RunConfig, is_quick: bool, switches: int = 0) -> Row:
    """Return speed watched and unwatched, in turns, and what else the window shows of itself."""
    seconds, rounds = (3.0, 1) if is_quick else (8.0, 3)
    trainer = Trainer(config)
    trainer.train(200)
    watched, alone = [], []
    for i in range(rounds):
        watched.append(live.watch(config, seconds, switches if i == 0 else 0, with_files=i == 0))
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


def bars(rows: list[Row]) -> list[Row]:
    """Return one entry a bar: its name, what was measured, what is asked for, and whether it holds."""
    by = {row["row"]: row for row in rows}
    default, large = by["live, default preset"], by["live, (256, 128, 2)"]
    lanes, kept = by["lanes at (128, 32, 2)"], by["resident memory"]
    slowest = min(default["live_over_blind"], large["live_over_blind"])
    small = min(by["(150, 14, 1)"]["ratio"], by["(128, 32, 2)"]["ratio"])
    plain = by["(128, 32, 2)"]["plain_per_s"]
    entries: list[tuple[str, float, str, float]] = [
        ("blind ÷ plain, (150, 14, 1) and (128, 32, 2)", small, "≥", 5),
        ("blind ÷ plain, (256, 128, 2)", by["(256, 128, 2)"]["ratio"], "≥", 1.9),
        ("blind ÷ plain, digits", by["digits, dcgan16, batch 64"]["ratio"], "≥", 1.25),
        *_bars_of_games(by),
        ("live ÷ blind, default and (256, 128, 2)", slowest, "≥", 0.85),
        ("redraws a second while live", min(default["redraws_per_s"], large["redraws_per_s"]), "≥", 20),
        ("live ÷ plain blind, default", default["live_per_s"] / plain, "≥", 3),
        ("GAN Lab's default, live, iterations/s", by["live, GAN Lab's default"]["live_per_s"], "≥", 1000),
        ("GUI thread away, p99, ms", default["gap_p99_ms"], "≤", 35),
        ("GUI thread away, longest, ms", default["gap_max_ms"], "≤", 120),
        ("redraws dropped in a row", default["dropped_in_a_row"], "≤", 1),
        ("formulation key to its first frame, p99, ms", default["switch_p99_ms"], "≤", 100),
        ("two lanes ÷ one", lanes["2_lanes"], "≤", 1.5),
        ("sixteen lanes ÷ one", lanes["16_lanes"], "≤", 6),
        ("extragradient ÷ half of alternating", by["rules at (128, 32, 2)"]["extragradient_share"], "≥", 0.9),
        ("start to window painted, s", default["painted_s"], "≤", 0.8),
        ("start to first trained frame, s", default["first_frame_s"], "≤", 3),
        ("ganviz --version, s", by["ganviz --version"]["seconds"], "≤", 0.15),
        ("memory growth, MB", kept["growth_mb"], "≤", 100),
    ]
    return [
        {
            "name": name,
            "value": value,
            "bar": f"{sign} {bar:g}",
            "holds": value >= bar if sign == "≥" else value <= bar,
        }
        for name, value, sign, bar in entries
    ]


def _bars_of_games(by: dict[str, Row]) -> list[tuple[str, float, str, float]]:
    penalized = min(by[f"{game}, (128, 32, 2)"]["ratio"] for game in blind.PENALIZED)
    games = by["games ÷ NS at (128, 32, 2)"]
    return [
        ("NS + R1, R3GAN's, WGAN-GP ÷ plain, (128, 32, 2)", penalized, "≥", 5),
        ("NS + R1 ÷ NS", games["non_saturating_r1"], "≥", 0.5),
        ("R3GAN's ÷ NS", games["r3gan"], "≥", 0.4),
        ("paired and averaged losses ÷ NS", min(games["rpgan"], games["ragan"]), "≥", 0.85),
    ]


def as_table(found: Row) -> str:
    """Return the report as text."""
    about = found["machine"]
    lines = [
        f"{about['processor']}, {about['cores']} cores, torch {about['torch']}, Python {about['python']}",
        "",
    ]
    for row in found["rows"]:
        values = ", ".join(f"{key} {_number(value)}" for key, value in row.items() if key != "row")
        lines.append(f"{row['row']}: {values}")
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


def main(*, as_json: bool, is_quick: bool) -> int:
    """Measure, print, and return the exit code."""
    found = bench(is_quick=is_quick, say=lambda text: print(f"bench: {text} …", file=sys.stderr, flush=True))
    print(json.dumps(_strict(found)) if as_json else as_table(found))
    return 0

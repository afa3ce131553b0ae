"""What each view's reading costs: a look, between two steps, in milliseconds."""

from __future__ import annotations

import statistics
import time
from typing import Any

from ganviz.bench import blind
from ganviz.session.run_presets import FITTING, run_preset
from ganviz.training.config import RunConfig
from ganviz.training.measuring import measured
from ganviz.training.probes import PROBES
from ganviz.training.trainer import Trainer

WARM_UP_STEPS = 600
"""The engine measures next at step 1,024."""
STEPS = 400
MOST_LOOKS, MOST_S = 15, 0.5


def looks(config: RunConfig | None = None) -> dict[str, Any]:
    """Return the median time of each probe's measurement, and of the engine's own, also as a share of all training.

    What is measured of lines or of images only is measured of a run of theirs that has just begun.
    """
    trainer = Trainer(config or blind.perceptrons(128, 32, 2))
    trainer.train(WARM_UP_STEPS)
    row: dict[str, Any] = {"row": "ms per look"}
    others = [Trainer(run_preset(key).config) for key in (FITTING["line"], FITTING["image"])]
    for probe in PROBES:
        of = next(one for one in (trainer, *others) if probe.supports(one.config))
        probe.prepare(of.config)
        seconds = _median_s(lambda probe=probe, of=of: probe.measure(of.subject()))
        row[type(probe).__name__.removesuffix("Probe")] = 1000 * seconds
    reading = _median_s(lambda: measured(trainer.subject()))
    start, every = time.perf_counter(), trainer.config.training.metrics_every
    trainer.train(STEPS)
    step = (time.perf_counter() - start) / STEPS
    return row | {
        "by_schedule": 1000 * reading, "schedule_share": reading / (every * step), "step_s": step
    }  # fmt: skip


def _median_s(look: Any) -> float:
    found: list[float] = []
    while len(found) < MOST_LOOKS and sum(found) < MOST_S:
        start = time.perf_counter()
        look()
        found.append(time.perf_counter() - start)
    return statistics.median(found)

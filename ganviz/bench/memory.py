"""A long run, in a process of its own: its resident memory, and its checkpoint."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from ganviz.bench.blind import perceptrons
from ganviz.bench.files import checkpoint
from ganviz.training.trainer import Trainer

Row = dict[str, Any]

WAVE = 150_000
"""Steps in which memory rises and falls once: 135,000 of them, 46 MB, wait until they are put into a file."""
LOOKS = 15
"""How often it is looked at in these, for the highest."""


def long_run(early: int, late: int) -> list[Row]:
    """Return the most resident megabytes before two steps of a tiny network's run, and what its checkpoint costs.

    Every step's scalars are kept. At a single step, memory is where the wave stands: growth was −12 and 125 MB then.
    """
    command = [sys.executable, "-m", "ganviz.bench.memory", str(early), str(late)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    at = json.loads(done.stdout)
    resident = at["resident"]
    growth = resident["late_mb"] - resident["early_mb"]
    return [
        {"row": "resident memory", "early_step": early, "late_step": late, **resident, "growth_mb": growth},
        {"row": "checkpoint of a long run", **at["checkpoint"]},
    ]


def resident_mb() -> float:
    """Return this process's resident memory in megabytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(early: int, late: int) -> Row:
    """Train here and return resident megabytes before both steps, and what :func:`checkpoint` says of the second."""
    trainer = Trainer(perceptrons(8, 4, 1))
    resident = {"early_mb": _most(trainer, early), "late_mb": _most(trainer, late)}
    return {"resident": resident, "checkpoint": checkpoint(trainer)}


def _most(trainer: Trainer, until: int) -> float:
    """Train to a step and return the most that was resident within a wave before it."""
    first, found = trainer.step, []
    for step in (until - WAVE * k // LOOKS for k in reversed(range(LOOKS))):
        if step < first:
            continue
        trainer.train(step - trainer.step)
        trainer.flush()
        found.append(resident_mb())
    return max(found)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))

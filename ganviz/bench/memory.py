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


def long_run(early: int, late: int) -> list[Row]:
    """Return resident megabytes at two steps of a run of a tiny network, and what its checkpoint costs at the end.

    Every step's scalars are kept.
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
    """Train here and return resident megabytes at both steps, and what :func:`checkpoint` says of the second."""
    trainer = Trainer(perceptrons(8, 4, 1))
    trainer.train(early)
    trainer.flush()
    before = resident_mb()
    trainer.train(late - early)
    trainer.flush()
    return {
        "resident": {"early_mb": before, "late_mb": resident_mb()},
        "checkpoint": checkpoint(trainer),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))

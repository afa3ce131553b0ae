"""kill −9 of a sweep's driver, worker or scheduler at random moments, then --resume: the table is the same.

A moment is some seconds after a number of cells is there: load of the machine does not move it.

Run by hand, on Linux: ``python tests/campaigns/sweeps.py --kills 60 --seed 1``, with ``--cluster local`` on a cluster
of processes that the driver has started, and with ``--cluster own`` on one whose scheduler and workers are processes
of their own. It ends with a traceback where a table differs from the undisturbed one or a process is left.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ENTRY = [sys.executable, "-m", "ganviz", "sweep"]
VARIED = [
    "--vary", "formulation=saturating,hinge,wgan_gp", "--vary", "training.d_steps=1,2", "--seeds", "3",
    "--steps", "1500", "--device", "cpu", "--set", "architecture.width=8", "--quiet",
]  # fmt: skip
N_CELLS = 6
TABLES = ("table.csv", "summary.json")
PATIENCE_S = 600.0
"""On a machine that has much else to do, a sweep of a few seconds takes minutes."""


def alive(mark: str) -> list[int]:
    """Return the numbers of the processes that have a text in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            is_dead = (place / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if mark.encode() in (place / "environ").read_bytes() and not is_dead:
                found.append(int(place.name))
    return found


@contextlib.contextmanager
def own_cluster(
    folder: Path, environment: dict[str, str]
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Give the address of a scheduler, and the processes: itself first, then two workers."""
    where, null = folder / "scheduler.json", subprocess.DEVNULL
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
             "--no-dashboard", "--scheduler-file", str(where)], env=environment, stdout=null, stderr=null,
        )
    ]  # fmt: skip
    try:
        end = time.monotonic() + PATIENCE_S
        while not where.exists():
            assert time.monotonic() < end, "no scheduler has come"
            time.sleep(0.05)
        for _ in range(2):
            command = [
                sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(where), "--nthreads", "1",
                "--no-dashboard", "--no-nanny", "--death-timeout", "20",
            ]  # fmt: skip
            started.append(subprocess.Popen(command, env=environment, stdout=null, stderr=null))
        yield json.loads(where.read_text())["address"], started
    finally:
        for process in started:
            process.kill()
            process.wait()


def left_alone(calm: Path, how: list[str], *, is_own: bool) -> float:
    """Run the sweep undisturbed, and return the seconds in which the others can be killed."""
    with contextlib.ExitStack() as stack:
        if is_own:
            address, _ = stack.enter_context(own_cluster(calm.parent, dict(os.environ)))
            how = ["--cluster", address]
        start = time.monotonic()
        subprocess.run([*ENTRY, *VARIED, *how, "--out", str(calm)], check=True, stdout=subprocess.DEVNULL)
        return time.monotonic() - start


def kill_once(folder: Path, how: list[str], chance: random.Random, longest_s: float, *, is_own: bool) -> str:
    """Kill a sweep once, go on with it, and return what was killed and how many cells were there."""
    environment = os.environ | {"GANVIZ_CAMPAIGN": str(folder)}
    if not is_own:
        return _kill_and_resume(folder, how, chance, longest_s, [])
    with own_cluster(folder, environment) as (address, started):
        return _kill_and_resume(folder, ["--cluster", address], chance, longest_s, started)


def _kill_and_resume(
    folder: Path,
    how: list[str],
    chance: random.Random,
    longest_s: float,
    cluster: list[subprocess.Popen[bytes]],
) -> str:
    mark, out = f"GANVIZ_CAMPAIGN={folder}", folder / "out"
    environment = os.environ | {"GANVIZ_CAMPAIGN": str(folder)}
    null = subprocess.DEVNULL
    driver = subprocess.Popen(
        [*ENTRY, *VARIED, *how, "--out", str(out)], env=environment, stdout=null, stderr=null
    )
    n_first = chance.randrange(N_CELLS)
    more_s = chance.uniform(0, 0.5 * longest_s / N_CELLS if n_first else longest_s)
    while len(list(out.glob("cells/*/cell.json"))) < n_first and driver.poll() is None:
        time.sleep(0.02)
    time.sleep(more_s)
    what, victim = "driver", driver.pid
    others = [number for number in alive(mark) if number != driver.pid]
    if cluster:
        what, victim = chance.choice(
            [("driver", driver.pid), *(("scheduler", cluster[0].pid),) * 2, ("worker", cluster[1].pid)]
        )
    elif others and chance.random() < 0.5:
        what, victim = "worker", chance.choice(others)
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    n_cells = len(list(out.glob("cells/*/cell.json")))
    driver.wait(PATIENCE_S)
    for process in cluster:
        process.kill()
        process.wait()
    end = time.monotonic() + PATIENCE_S
    while alive(mark):
        assert time.monotonic() < end, "a process was left"
        time.sleep(0.05)
    goes_on = ["--resume"] if (out / "sweep.json").exists() else []
    last = ["--workers", "2"] if cluster else how
    subprocess.run([*ENTRY, *VARIED, *last, "--out", str(out), *goes_on], check=True, stdout=null)
    return f"{what} with {n_cells} cells there, driver ended by {driver.returncode}"


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="go on with this one, from 0")
    parser.add_argument("--cluster")
    options = parser.parse_args()
    is_own = options.cluster == "own"
    named = ["--cluster", options.cluster] if options.cluster and not is_own else []
    how = ["--workers", "2", *named]
    with tempfile.TemporaryDirectory() as place:
        calm = Path(place) / "calm"
        longest_s = left_alone(calm, how, is_own=is_own)
        for i in range(options.first, options.kills):
            folder = Path(place) / str(i)
            folder.mkdir()
            told = kill_once(folder, how, random.Random(f"{options.seed} {i}"), longest_s, is_own=is_own)
            for name in TABLES:
                assert (folder / "out" / name).read_bytes() == (calm / name).read_bytes(), (told, name)
            sys.stdout.write(f"{i + 1}: {told}; the tables are the same\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

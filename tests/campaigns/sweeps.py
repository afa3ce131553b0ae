"""kill −9 of a sweep's driver, worker or scheduler at random moments, then --resume: the tables are the same.

Run by hand, on Linux: ``python tests/campaigns/sweeps.py --kills 60 --seed 1`` kills a sweep in processes of its own,
``--cluster local`` one on a cluster of processes that the driver has started, and ``--cluster own`` one whose
scheduler and workers are processes of their own. ``--first N`` goes on with the Nth, and ``--kind scheduler`` kills
nothing else. It ends with a traceback where a table differs from the undisturbed one, a file or a process is left, or
the driver does not end.

Drivers, schedulers and their workers are forked from this process, which has loaded torch and Dask, so that most of
their lives is work. A moment is evenly drawn from that work: from the first step that the driver hears of, on for as
long as the undisturbed sweep took from there. What a kill found being done is told with it.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import random
import runpy
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

VARIED = [
    "--vary", "formulation=saturating,hinge,wgan_gp", "--vary", "training.d_steps=1,2", "--seeds", "2",
    "--steps", "600", "--device", "cpu", "--set", "architecture.width=8", "--set", "training.batch_size=32",
]  # fmt: skip
N_CELLS = 6
KINDS = {"own": ("driver", "scheduler", "worker"), "local": ("driver", "worker"), "": ("driver", "worker")}
LONGEST_S = 0.05
"""Waited after a line at most."""
PATIENCE_S = 240.0
"""On a machine that has much else to do, a sweep of a few seconds takes minutes."""


@dataclasses.dataclass
class Child:
    """A process forked from this one, the first of a group of its own."""

    pid: int
    code: int | None = None

    def poll(self) -> int | None:
        """Return its exit code, below 0 for a signal; None while it lives."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        return self.code

    def end(self) -> None:
        """Kill it, and wait for its end."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
            until(lambda: self.poll() is not None, "a killed process lives")


def forked(work: Callable[[], object], output: Path) -> Child:
    """Begin a process that does something, whose output goes to a file."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return Child(pid)
    os.setpgid(0, 0)
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    code = 1
    try:
        code = int(work() or 0)
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(code)


def ganviz(arguments: list[str]) -> int:
    """Be ``python -m ganviz sweep``: what it spawns finds the same module."""
    from ganviz import __main__

    sys.modules["__main__"] = __main__
    sys.argv = ["ganviz", "sweep", *arguments]
    return __main__.main()


def dask(module: str, arguments: list[str]) -> None:
    """Be a scheduler or a worker as Dask's own command starts them."""
    sys.argv = [module, *arguments]
    runpy.run_module(f"distributed.cli.{module}", run_name="__main__", alter_sys=True)


def load() -> None:
    """Load what every process needs, without starting a thread."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as the front door does, before NumPy begins threads
    import distributed  # noqa: F401

    import ganviz.cli.sweep
    import ganviz.session.sweeps.cluster  # noqa: F401

    assert len(list(Path("/proc/self/task").iterdir())) == 1, "a thread runs already"


def until(condition: Callable[[], object], what: str, *, every_s: float = 0.005) -> None:
    """Wait for something."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(every_s)


def of_groups(children: list[Child]) -> dict[int, int]:
    """Return the living processes of these and of all that they have begun, each with its parent."""
    groups, found = {child.pid for child in children}, {}
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, parent, group = (place / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(group) in groups and state != "Z":
                found[int(place.name)] = int(parent)
    return found


def workers_of(driver: Child) -> list[int]:
    """Return the processes that train for a driver: those that a pool has spawned, or a fork server forked."""
    found = of_groups([driver])
    lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in found if Path(f"/proc/{pid}").exists()}
    servers = {pid for pid, line in lines.items() if b"forkserver" in line and found[pid] == driver.pid}
    return [
        pid
        for pid, line in lines.items()
        if b"spawn_main" in line or (b"forkserver" in line and found[pid] in servers)
    ]


@contextlib.contextmanager
def own_cluster(folder: Path) -> Iterator[tuple[str, list[Child]]]:
    """Give the address of a scheduler, and the processes: itself first, then two workers."""
    where, said = folder / "scheduler.json", folder / "cluster.txt"
    words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(where)]
    started = [forked(lambda: dask("dask_scheduler", words), said)]
    try:
        until(where.exists, "no scheduler has come")
        words = ["--scheduler-file", str(where), "--nthreads", "1", "--no-dashboard", "--no-nanny"]
        words += ["--death-timeout", "20", "--local-directory", str(folder)]
        started += [forked(lambda: dask("dask_worker", words), said) for _ in range(2)]
        yield json.loads(where.read_text())["address"], started
    finally:
        for process in started:
            process.end()


@contextlib.contextmanager
def sweeping(folder: Path, cluster: str) -> Iterator[tuple[Child, list[Child]]]:
    """Give a driver, and the cluster's own processes if there are any."""
    how, out = ["--workers", "2"], str(folder / "out")
    with contextlib.ExitStack() as stack:
        started: list[Child] = []
        if cluster == "own":
            address, started = stack.enter_context(own_cluster(folder))
            how = ["--cluster", address]
        elif cluster:
            how += ["--cluster", cluster]
        words = [*VARIED, *how, "--quiet", "--progress-json", "--out", out]
        driver = forked(lambda: ganviz(words), folder / "driver.txt")
        stack.callback(driver.end)
        yield driver, started


def n_said(folder: Path) -> int:
    """Return how many lines the driver has printed: what is planned, each step that it hears of, each cell."""
    said = folder / "driver.txt"
    return said.read_bytes().count(b"\n") if said.exists() else 0


def n_cells(folder: Path) -> int:
    """Return how many cells are complete."""
    return len(list((folder / "out").glob("cells/*/cell.json")))


def left_alone(folder: Path, cluster: str) -> int:
    """Run the sweep undisturbed, and return how many lines its driver prints."""
    folder.mkdir()
    with sweeping(folder, cluster) as (driver, _):
        until(lambda: driver.poll() is not None, "the sweep does not end")
    assert driver.code == 0, (folder / "driver.txt").read_text()
    return n_said(folder)


@dataclasses.dataclass(frozen=True)
class Kill:
    """What was killed, whether it was at work then, and how the driver ended."""

    kind: str
    is_within: bool
    n_cells: int
    code: int | None


def kill_once(folder: Path, cluster: str, kind: str, chance: random.Random, n_lines: int) -> Kill:
    """Kill a part of a sweep once, and wait until the driver has ended and its processes are gone."""
    folder.mkdir()
    with sweeping(folder, cluster) as (driver, started):
        n, more_s = chance.randrange(2, n_lines), chance.uniform(0, LONGEST_S)
        until(lambda: n_said(folder) >= n or driver.poll() is not None, "nothing is done", every_s=0.002)
        time.sleep(more_s)
        if kind == "driver":
            victims = [driver.pid]
        elif started:
            victims = [started[0].pid] if kind == "scheduler" else [one.pid for one in started[1:]]
        else:
            victims = workers_of(driver)
        n_there, is_running = n_cells(folder), driver.poll() is None
        if victims and is_running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(victims), signal.SIGKILL)
        until(lambda: driver.poll() is not None, "the driver does not end")
        until(lambda: not of_groups([driver]), "a process of the driver is left")
    return Kill(kind, bool(victims) and is_running and n_there < N_CELLS, n_there, driver.code)


def gone_on(folder: Path, chance: random.Random) -> None:
    """Let --resume do the rest, in one process or in two."""
    goes_on = ["--resume"] if (folder / "out" / "sweep.json").exists() else []
    how = ["--workers", "0" if chance.random() < 0.9 else "2", "--quiet", "--out", str(folder / "out")]
    driver = forked(lambda: ganviz([*VARIED, *how, *goes_on]), folder / "resumed.txt")
    until(lambda: driver.poll() is not None, "--resume does not end")
    assert driver.code == 0, (folder / "resumed.txt").read_text()


def content(out: Path) -> dict[str, Any]:
    """Return all that a sweep says: its tables, arrays and the digests of its cells, and the names of its files."""
    import numpy as np

    found: dict[str, Any] = {name: (out / name).read_text() for name in ("table.csv", "summary.json")}
    with np.load(out / "results.npz") as arrays:
        found |= {name: (arrays[name].dtype.str, arrays[name].tobytes()) for name in arrays.files}
    found["cells"] = [json.loads(path.read_text())["rows"] for path in sorted(out.glob("cells/*/cell.json"))]
    return found | {"names": sorted(str(path.relative_to(out)) for path in out.rglob("*"))}


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="go on with this one, from 0")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="begin no other kill after so many"
    )
    parser.add_argument("--cluster", default="", choices=list(KINDS))
    parser.add_argument("--kind", default="", choices=["", *KINDS["own"]], help="kill only these")
    options = parser.parse_args()
    kinds = KINDS[options.cluster]
    if options.kind:
        kinds = tuple(kind for kind in kinds if kind == options.kind) or parser.error("this cluster has none")
    load()
    end, counts, within = time.monotonic() + options.seconds, Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as place:
        calm = Path(place) / "calm"
        n_lines, expected = left_alone(calm, options.cluster), content(calm / "out")
        for i in range(options.first, options.kills):
            if time.monotonic() > end:
                break
            folder, chance = Path(place) / str(i), random.Random(f"{options.seed} {i}")
            kill = kill_once(folder, options.cluster, kinds[i % len(kinds)], chance, n_lines)
            gone_on(folder, chance)
            found = content(folder / "out")
            assert found.keys() == expected.keys(), kill
            other = [name for name in expected if found[name] != expected[name]]
            assert not other, (kill, {name: (expected[name], found[name]) for name in other})
            counts[kill.kind] += 1
            within[kill.kind] += kill.is_within
            sys.stdout.write(f"{i} {kill}\n")
            sys.stdout.flush()
    sys.stdout.write(f"killed {dict(counts)}, at work {dict(within)}: all tables are the same\n")


if __name__ == "__main__":
    main()

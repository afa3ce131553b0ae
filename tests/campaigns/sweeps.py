"""kill −9 of sweeps at random moments, of the driver or of one worker; then --resume: the table must be the same.

Run by hand, on Linux: ``python tests/campaigns/sweeps.py --kills 60 --seed 1``, and with ``--cluster local`` on a
cluster of processes. It ends with a traceback where a table differs from the undisturbed one or a process is left.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ENTRY = [sys.executable, "-m", "ganviz", "sweep"]
VARIED = [
    "--vary", "formulation=saturating,hinge,wgan_gp", "--vary", "training.d_steps=1,2", "--seeds", "3",
    "--steps", "400", "--device", "cpu", "--set", "architecture.width=8", "--quiet",
]  # fmt: skip
TABLES = ("table.csv", "summary.json")
PATIENCE_S = 120.0


def alive(mark: str) -> list[int]:
    """Return the numbers of the processes that have a text in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            is_dead = (place / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if mark.encode() in (place / "environ").read_bytes() and not is_dead:
                found.append(int(place.name))
    return found


def kill_once(folder: Path, how: list[str], chance: random.Random, longest_s: float) -> str:
    """Kill a sweep once, go on with it, and return what was killed and how many cells were there."""
    mark, out = f"GANVIZ_CAMPAIGN={folder}", folder / "out"
    environment = os.environ | {"GANVIZ_CAMPAIGN": str(folder)}
    null = subprocess.DEVNULL
    driver = subprocess.Popen(
        [*ENTRY, *VARIED, *how, "--out", str(out)], env=environment, stdout=null, stderr=null
    )
    time.sleep(chance.uniform(0, longest_s))
    what, victims = "driver", [driver.pid]
    others = [number for number in alive(mark) if number != driver.pid]
    if others and chance.random() < 0.5:
        what, victims = "worker", [chance.choice(others)]
    for number in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    n_cells = len(list(out.glob("cells/*/cell.json")))
    driver.wait(PATIENCE_S)
    end = time.monotonic() + PATIENCE_S
    while alive(mark):
        assert time.monotonic() < end, "a process was left"
        time.sleep(0.05)
    goes_on = ["--resume"] if (out / "sweep.json").exists() else []
    subprocess.run([*ENTRY, *VARIED, *how, "--out", str(out), *goes_on], check=True, stdout=null)
    return f"{what} with {n_cells} cells there"


def main() -> None:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cluster")
    options = parser.parse_args()
    how = ["--workers", "2", *(["--cluster", options.cluster] if options.cluster else [])]
    with tempfile.TemporaryDirectory() as place:
        start, calm = time.monotonic(), Path(place) / "calm"
        subprocess.run([*ENTRY, *VARIED, *how, "--out", str(calm)], check=True, stdout=subprocess.DEVNULL)
        longest_s = time.monotonic() - start
        for i in range(options.kills):
            folder = Path(place) / str(i)
            folder.mkdir()
            told = kill_once(folder, how, random.Random(f"{options.seed} {i}"), longest_s)
            for name in TABLES:
                assert (folder / "out" / name).read_bytes() == (calm / name).read_bytes(), (told, name)
            sys.stdout.write(f"{i + 1}: {told}; the tables are the same\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

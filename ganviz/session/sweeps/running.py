"""Runs a sweep: what is missing in its folder is trained and kept there, and its tables are written."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from ganviz.session.sweeps.cell import CellResult
from ganviz.session.sweeps.folder import SweepFolder
from ganviz.session.sweeps.local import (
    Noted,
    Packets,
    Work,
    train_here,
    train_in_processes,
    unnoted,
    usual_workers,
)
from ganviz.session.sweeps.order import longest_first
from ganviz.session.sweeps.plan import SweepPlan
from ganviz.session.sweeps.results import SweepResult
from ganviz.spec import InvalidValueError, quoted
from ganviz.training.run_state import resolve_device

MOST_WORKERS = 256
LOCAL = "local"
"""A cluster of processes that are started here: what they send is as ours as what a pool's send."""
Told = Callable[[int, CellResult], object]


def _never() -> bool:
    return False


def _silent(index: int, cell: CellResult) -> None:
    """Say nothing."""


def run_sweep(
    plan: SweepPlan | None,
    out: Path,
    *,
    resumes: bool = False,
    workers: int | None = None,
    cluster: str | None = None,
    told: Told = _silent,
    planned: Callable[[SweepPlan], object] = lambda plan: None,
    noted: Noted = unnoted,
    warned: Callable[[str], object] = lambda words: None,
    is_stopped: Callable[[], bool] = _never,
) -> SweepResult:
    """Train every cell that the folder does not hold yet, and write the tables, also when it is stopped.

    Parameters
    ----------
    plan : SweepPlan or None
        None goes on with the plan in the folder.
    out : Path
    resumes : bool
        Whether the folder may hold a part of this sweep.
    workers : int or None
        Processes; 0 trains in this one, None uses every processor.
    cluster : str or None
        See :func:`ganviz.session.sweeps.cluster.train_on_cluster`.
    told : callable
        Is told each cell as it is finished, also those that the folder held.
    planned : callable
        Is told the plan in force before.
    noted : callable
        Is told which cells are begun, and now and then at which step they are.
    warned : callable
        Is told in a sentence what becomes of a queue's jobs, when they end before they have trained anything.
    is_stopped : callable
        Is asked several times a second whether to stop.

    Raises
    ------
    InvalidValueError, FileError
        When the folder cannot be used, or the cluster.
    """
    if workers is not None and not 0 <= workers <= MOST_WORKERS:
        raise InvalidValueError(f"--workers must be between 0 and {MOST_WORKERS}, not {quoted(workers)}.")
    folder = SweepFolder(out, plan, resumes=resumes)
    try:
        planned(folder.plan)
        cells = folder.results()
        for index, cell in cells.items():
            told(index, cell)
        missing = [index for index in range(len(folder.plan.cells)) if index not in cells]
        with contextlib.closing(
            _packets(folder.plan, missing, workers, cluster, is_stopped, noted, warned)
        ) as packets:
            for index, packet in packets:
                cells[index] = folder.keep(index, packet, is_foreign=cluster not in (None, LOCAL))
                told(index, cells[index])
        result = SweepResult(folder.plan, cells)
        result.write(out)
        return result
    finally:
        folder.give_up()


def _packets(
    plan: SweepPlan,
    missing: list[int],
    workers: int | None,
    cluster: str | None,
    is_stopped: Callable[[], bool],
    noted: Noted,
    warned: Callable[[str], object],
) -> Packets:
    """Return what trains the missing cells; several workers begin with the longest."""

    def work(cells: list[int]) -> list[Work]:
        return [(index, plan.work(index)) for index in cells]

    if cluster is not None:
        from ganviz.session.sweeps.cluster import train_on_cluster

        longest = work(longest_first(plan, missing))
        return train_on_cluster(longest, cluster, workers, is_stopped, noted, warned)
    training = [plan.cells[index].config.training for index in missing]
    devices = {resolve_device(device) for device in {settings.device for settings in training}}
    if workers is None:
        threads = max((each.threads for each in training), default=1)
        workers = 1 if "cuda" in devices else usual_workers(threads)
    if not workers:
        return train_here(work(missing), is_stopped, noted)
    return train_in_processes(work(longest_first(plan, missing)), workers, is_stopped, noted)

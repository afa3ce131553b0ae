"""Dask's workers as jobs of a queue (SLURM, PBS …), by dask-jobqueue: read from a YAML file, and kept at their number.

dask-jobqueue submits jobs and leaves it at that: those that reach their time limit, are canceled or lose their machine
do not come again, and the sweep would wait for workers for ever. Here they are submitted anew.
"""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ganviz.session.settings_file import read_content
from ganviz.spec import UNFIT, InvalidValueError, UnknownKeyError

QUEUES = ("HTCondor", "LSF", "Moab", "OAR", "PBS", "SGE", "SLURM")
MOST_QUEUE_BYTES = 100_000
LOOK_S = 5.0
"""How often it is looked for jobs that have ended."""
LOST_S = 20.0
"""A job whose workers have been away for so long has ended: Dask itself takes 15 seconds to believe it."""


@contextlib.contextmanager
def queue_of(path: Path) -> Iterator[Any]:
    """Give the cluster that a file describes, with as many jobs submitted as it says, until the context ends.

    Raises
    ------
    InvalidValueError
        When the file cannot be used, or dask-jobqueue is missing or refuses its options.
    """
    kind, jobs, options = _read_queue(path)
    try:
        import dask_jobqueue
        from tornado.ioloop import PeriodicCallback

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of a port that another cluster's pages have
            cluster = getattr(dask_jobqueue, f"{kind}Cluster")(**options)
        cluster.scale(jobs=jobs)
    except ImportError as error:
        raise InvalidValueError("Queues need dask-jobqueue: `pip install 'ganviz[cluster]'`.") from error
    except (TypeError, ValueError, OSError, RuntimeError) as error:
        raise InvalidValueError(f"{str(path)!r}: {kind} refuses its options: {first_line(error)}.") from error
    with cluster:
        looking = PeriodicCallback(Tending(cluster, jobs).look, 1000 * LOOK_S)
        cluster.loop.add_callback(looking.start)
        try:
            yield cluster
        finally:
            cluster.loop.add_callback(looking.stop)


class Tending:
    """Replaces jobs that were there and have ended; the cluster's thread only.

    Parameters
    ----------
    cluster : dask_jobqueue.JobQueueCluster
    jobs : int
        How many there should be, waiting ones included.
    clock : callable
        Tells the seconds.
    """

    def __init__(self, cluster: Any, jobs: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._cluster, self._jobs, self._clock = cluster, jobs, clock
        self._seen: dict[str, float] = {}

    def look(self) -> None:
        """Submit a job for each that has lost its workers; one that still waits in the queue has had none."""
        now, specs = self._clock(), self._cluster.worker_spec
        names = [str(worker["name"]) for worker in self._cluster.scheduler_info["workers"].values()]
        for job in tuple(specs):
            if any(name == job or name.startswith(f"{job}-") for name in names):  # of several, -0, -1 …
                self._seen[job] = now
            elif now - self._seen.get(job, now) > LOST_S:
                fresh = self._cluster.new_worker_spec()  # of another name: Dask may yet forget the lost one
                del self._seen[job], specs[job]
                specs.update(fresh)
                self._cluster.scale(jobs=self._jobs)


def _read_queue(path: Path) -> tuple[str, int, dict[str, Any]]:
    import yaml

    try:
        plain = yaml.safe_load(read_content(path, MOST_QUEUE_BYTES))
    except (yaml.YAMLError, *UNFIT) as error:  # a date that is none, brackets in brackets in brackets
        raise InvalidValueError(f"{str(path)!r} is not YAML: {first_line(error)}.") from error
    if not isinstance(plain, dict) or not {"queue", "jobs"} <= set(plain) <= {"queue", "jobs", "options"}:
        raise InvalidValueError(f"{str(path)!r} must have queue and jobs, and may have options.")
    kind, jobs, options = plain["queue"], plain["jobs"], plain.get("options", {})
    if kind not in QUEUES:
        raise UnknownKeyError("queue", str(kind), list(QUEUES))
    if type(jobs) is not int or jobs < 1 or not isinstance(options, dict):
        raise InvalidValueError(f"{str(path)!r}: jobs is a number from 1, and options an object.")
    return kind, jobs, options


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says, without its full stop."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300].rstrip(".")

"""Dask's workers as jobs of a queue (SLURM, PBS …), by dask-jobqueue: read from a YAML file, and kept at their number.

dask-jobqueue submits jobs and leaves it at that: those that reach their time limit, are canceled or lose their machine
do not come again, and the sweep would wait for workers for ever. Here they are submitted anew; a job that ends before
its worker has connected is most likely to do so again, so that is told, and tried a few times only.
"""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from ganviz.session.settings_file import read_content
from ganviz.session.sweeps.queue_jobs import has_ended, noting, why_ended
from ganviz.spec import UNFIT, InvalidValueError, UnknownKeyError

QUEUES = ("HTCondor", "LSF", "Moab", "OAR", "PBS", "SGE", "SLURM")
MOST_QUEUE_BYTES = 100_000
LOOK_S = 5.0
"""How often it is looked for jobs that have ended."""
LOST_S = 20.0
"""A job whose workers have been away for so long has ended: Dask itself takes 15 seconds to believe it."""
MOST_TRIES = 3
"""How often one place among the jobs is submitted without that a worker of it connects."""
Warned = Callable[[str | InvalidValueError], object]


@contextlib.contextmanager
def queue_of(path: Path, warned: Warned) -> Iterator[Any]:
    """Give the cluster that a file describes, with as many jobs submitted as it says, until the context ends.

    Parameters
    ----------
    path : Path
    warned : callable
        Is told, by a thread of the cluster, each job that ends before its workers connect, and an error when there
        will be no worker.

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
        cluster.new_spec["cls"] = noting(cluster.new_spec["cls"])
        cluster.scale(jobs=jobs)
    except ImportError as error:
        raise InvalidValueError("Queues need dask-jobqueue: `pip install 'ganviz[cluster]'`.") from error
    except (TypeError, ValueError, OSError, RuntimeError) as error:
        raise InvalidValueError(f"{str(path)!r}: {kind} refuses its options: {first_line(error)}.") from error
    with cluster:
        tending = Tending(cluster, jobs, lambda number: has_ended(kind, number), warned)
        looking = PeriodicCallback(tending.look, 1000 * LOOK_S)
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
    has_ended : callable
        Asks the queue whether the job of a number has ended.
    warned : callable
        See :func:`queue_of`.
    clock : callable
        Tells the seconds.
    """

    def __init__(
        self,
        cluster: Any,
        jobs: int,
        has_ended: Callable[[str], Awaitable[bool]],
        warned: Warned,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cluster, self._jobs, self._clock = cluster, jobs, clock
        self._has_ended, self._warned = has_ended, warned
        self._seen: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._tries: dict[str, int] = {}

    async def look(self) -> None:
        """Submit a job for each that has lost its workers, or has ended before it had any."""
        self._replace_lost()
        waiting = [job for job in self._cluster.worker_spec if job not in self._seen]
        if waiting:  # one at a time: a queue may have many jobs, and waiting may take hours
            name = min(waiting, key=lambda name: self._asked.get(name, 0.0))
            self._asked[name] = self._clock()
            job = self._cluster.workers.get(name)
            if job is not None and await self._came_to_nothing(job):
                self._try_again(name, why_ended(job))

    async def _came_to_nothing(self, job: Any) -> bool:
        return bool(job.refused) or (bool(job.job_id) and await self._has_ended(str(job.job_id)))

    def _try_again(self, name: str, why: str) -> None:
        """Submit a job anew whose workers have not connected, unless that has been tried often enough."""
        self._replace_lost()
        if name in self._seen or name not in self._cluster.worker_spec:  # while the queue was asked
            return
        tries = self._tries.pop(name, 1)
        if tries < MOST_TRIES:
            self._warned(f"{why}. It is submitted again, {tries + 1} of {MOST_TRIES} times.")
            self._tries[self._replace(name)] = tries + 1
            return
        self._jobs -= 1
        if self._jobs:
            self._warned(f"{why}. After {tries} of them the sweep goes on with one job less.")
            del self._cluster.worker_spec[name]
            self._cluster.scale(jobs=self._jobs)
        else:
            self._warned(InvalidValueError(f"{why}. No job of the queue is left; --resume does the rest."))

    def _replace_lost(self) -> None:
        """Submit a job for each that has lost its workers."""
        now, specs = self._clock(), self._cluster.worker_spec
        names = [str(worker["name"]) for worker in self._cluster.scheduler_info["workers"].values()]
        for job in tuple(specs):
            if any(name == job or name.startswith(f"{job}-") for name in names):  # of several, -0, -1 …
                self._seen[job] = now
            elif now - self._seen.get(job, now) > LOST_S:
                del self._seen[job]
                self._replace(job)

    def _replace(self, job: str) -> str:
        """Submit another job in the place of one, and return its name."""
        fresh = self._cluster.new_worker_spec()  # of another name: Dask may yet forget the lost one
        del self._cluster.worker_spec[job]
        self._cluster.worker_spec.update(fresh)
        self._cluster.scale(jobs=self._jobs)
        return str(next(iter(fresh)))


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

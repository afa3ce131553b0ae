"""Dask's workers as jobs of a queue (SLURM, PBS …), by dask-jobqueue: read from a YAML file, and kept at their number.

dask-jobqueue submits jobs and leaves it at that: those that reach their time limit, are canceled or lose their machine
do not come again, and the sweep would wait for workers for ever. Here they are submitted anew; where one after the
other ends before its worker has connected, the sweep ends with what their own log says.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ganviz.session.settings_file import read_content
from ganviz.spec import UNFIT, InvalidValueError, UnknownKeyError, quoted

QUEUES = ("HTCondor", "LSF", "Moab", "OAR", "PBS", "SGE", "SLURM")
MOST_QUEUE_BYTES = 100_000
LOOK_S = 5.0
"""How often it is looked for jobs that have ended."""
LOST_S = 20.0
"""A job whose workers have been away for so long has ended: Dask itself takes 15 seconds to believe it."""
MOST_IN_VAIN = 3
"""How many jobs in turn may end before a worker has connected."""
_ASKED = {
    "SLURM": ("squeue", "-h", "-o", "%T", "-j"), "LSF": ("bjobs", "-noheader", "-o", "stat"),
    "PBS": ("qstat",), "Moab": ("qstat",), "SGE": ("qstat", "-j"),
}  # fmt: skip
"""What tells of a job in a queue, by its id; of the others nobody is asked, and their jobs are taken to wait."""
_ENDED = ("DONE", "EXIT")
_GONE = ("invalid job id", "unknown job", "job has finished", "do not exist", "is not found")
_ANSWER_S, _TAIL = 30.0, 2000


@contextlib.contextmanager
def queue_of(path: Path) -> Iterator[tuple[Any, Callable[[], None]]]:
    """Give the cluster that a file describes, with as many jobs submitted as it says, until the context ends.

    With it comes what raises InvalidValueError once its jobs end before their workers connect.

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
        tending = Tending(cluster, jobs)

        async def look() -> None:
            tending.look(await asyncio.to_thread(_ended_jobs, cluster, kind, tending.waiting()))

        looking = PeriodicCallback(look, 1000 * LOOK_S)
        cluster.loop.add_callback(looking.start)
        try:
            yield cluster, tending.check
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
        self._in_vain, self._said = 0, ""

    def waiting(self) -> list[str]:
        """Return the jobs of which no worker has been seen."""
        return [job for job in self._cluster.worker_spec if job not in self._seen]

    def look(self, ended: Mapping[str, str] = MappingProxyType({})) -> None:
        """Submit a job for each that has lost its workers; one that still waits in the queue has had none.

        Parameters
        ----------
        ended : mapping of str
            Waiting jobs that the queue has no more, each with the end of its log.
        """
        now, specs = self._clock(), self._cluster.worker_spec
        names = [str(worker["name"]) for worker in self._cluster.scheduler_info["workers"].values()]
        for job in tuple(specs):
            if any(name == job or name.startswith(f"{job}-") for name in names):  # of several, -0, -1 …
                self._seen[job], self._in_vain = now, 0
            elif job in ended and job not in self._seen:
                self._in_vain, self._said = self._in_vain + 1, ended[job]
                if self._in_vain < MOST_IN_VAIN:
                    self._replace(job)
            elif now - self._seen.get(job, now) > LOST_S:
                self._replace(job)

    def _replace(self, job: str) -> None:
        fresh = self._cluster.new_worker_spec()  # of another name: Dask may yet forget the lost one
        self._seen.pop(job, None)
        del self._cluster.worker_spec[job]
        self._cluster.worker_spec.update(fresh)
        self._cluster.scale(jobs=self._jobs)

    def check(self) -> None:
        """Refuse to wait any longer for jobs that end before a worker connects.

        Raises
        ------
        InvalidValueError
            With what the last one's log says.
        """
        if self._in_vain >= MOST_IN_VAIN:
            said = (
                f"the log of the last one ends with {quoted(self._said)}" if self._said else "none left a log"
            )
            raise InvalidValueError(
                f"{self._in_vain} jobs of the queue have ended before their workers connected; {said}."
            )


def _ended_jobs(cluster: Any, kind: str, waiting: Sequence[str]) -> dict[str, str]:
    """Return which jobs the queue has no more, each with the last line of its log."""
    jobs = {name: cluster.workers.get(name) for name in waiting}
    ids = {name: str(job.job_id) for name, job in jobs.items() if getattr(job, "job_id", None)}
    return {
        name: _last_line(Path(getattr(jobs[name], "log_directory", None) or "."), number)
        for name, number in ids.items()
        if _has_ended(kind, number)
    }


def _has_ended(kind: str, number: str) -> bool:
    """Return whether a queue says that a job has ended; one that does not answer has said nothing."""
    if kind not in _ASKED:
        return False
    try:
        told = subprocess.run(
            [*_ASKED[kind], number],
            capture_output=True, text=True, errors="replace", timeout=_ANSWER_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False
    if told.returncode:
        return any(words in told.stderr.casefold() for words in _GONE)
    return told.stdout.strip() in ("", *_ENDED)


def _last_line(folder: Path, number: str) -> str:
    """Return the last line of the newest log that carries a job's number in its name; nothing where there is none."""
    with contextlib.suppress(OSError):
        logs = [
            path for path in folder.iterdir() if number in re.findall(r"\d+", path.name) and path.is_file()
        ]
        for path in sorted(logs, key=lambda log: log.stat().st_mtime, reverse=True):
            with path.open("rb") as file:
                file.seek(max(0, path.stat().st_size - _TAIL))
                lines = file.read(_TAIL).decode(errors="replace").split("\n")
            if said := [line for line in lines if line.strip()]:
                return said[-1].strip()
    return ""


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

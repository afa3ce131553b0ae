"""Sweeps whose workers end: jobs of a queue are submitted again, and what they had trained is trained again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import types
from pathlib import Path
from typing import ClassVar

import pytest

from ganviz.session.sweeps import queue
from ganviz.session.sweeps.cluster import _packets
from ganviz.session.sweeps.local import unnoted
from ganviz.session.sweeps.queue import LOST_S, MOST_TRIES, Tending
from ganviz.session.sweeps.queue_jobs import ASKED, has_ended, log_tail, noting
from ganviz.session.sweeps.running import run_sweep
from ganviz.spec import InvalidValueError
from tests.session.test_sweeps import planned

distributed = pytest.importorskip("distributed")


class Jobs:
    """What is known of a cluster of jobs: their names, those of their workers that are there, and the jobs' numbers."""

    def __init__(self, *jobs: str, refused: str = "") -> None:
        self.worker_spec = dict.fromkeys(jobs)
        self.connected: tuple[str, ...] = ()
        self.n_submitted = 0
        self._refused = refused

    @property
    def workers(self) -> dict[str, types.SimpleNamespace]:
        number = None if self._refused else 40 + self.n_submitted
        return {job: types.SimpleNamespace(job_id=number, refused=self._refused) for job in self.worker_spec}

    @property
    def scheduler_info(self) -> dict[str, dict[str, dict[str, str]]]:
        return {"workers": {f"tcp://{name}": {"name": name} for name in self.connected}}

    def new_worker_spec(self) -> dict[str, None]:
        return {f"new-{self.n_submitted}": None}

    def scale(self, jobs: int) -> None:
        assert len(self.worker_spec) == jobs
        self.n_submitted += 1


async def waits(number: str) -> bool:
    """Say as a queue in which every job waits."""
    return False


async def ends(number: str) -> bool:
    """Say as a queue in which every job has ended."""
    return True


def test_a_job_that_has_ended_is_submitted_again_and_one_that_waits_is_not():
    now = [0.0]
    jobs = Jobs("S-1", "S-10", "S-2")
    tending = Tending(jobs, 3, waits, pytest.fail, lambda: now[0])

    def later(seconds: float, *workers: str) -> list[str]:
        now[0] += seconds
        jobs.connected = workers
        asyncio.run(tending.look())
        return list(jobs.worker_spec)

    first = ["S-1", "S-10", "S-2"]
    assert later(5000.0) == first
    assert later(5.0, "S-1-0", "S-1-1", "S-10") == first
    assert later(5.0, "S-1-1") == first  # one of its two workers is enough
    assert later(LOST_S - 5, "S-1-1") == first
    assert later(1.0, "S-1-1") == ["S-1", "S-2", "new-0"]
    assert later(LOST_S + 1) == ["S-2", "new-0", "new-1"]
    assert later(5000.0) == ["S-2", "new-0", "new-1"]


@pytest.mark.parametrize(
    ("refused", "says"), [("", "'begins /  [2Jno python'"), ("no such partition", "'no such partition'")]
)
def test_jobs_that_end_before_they_connect_are_told_and_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "slurm-40.out").write_text("begins\n\x1b[2Jno python\n\n")
    (tmp_path / "figure 40.txt").write_text("is no log")
    told: list[str | InvalidValueError] = []
    jobs, now = Jobs("a", "b", refused=refused), [0.0]
    tending = Tending(jobs, 2, ends, told.append, lambda: now[0])
    for k in range(2 * MOST_TRIES):
        now[0] = 5.0 * k
        asyncio.run(tending.look())
    assert [isinstance(one, InvalidValueError) for one in told] == [False] * (2 * MOST_TRIES - 1) + [True]
    assert says in str(told[0])
    assert str(told[0]).endswith(f"submitted again, 2 of {MOST_TRIES} times.")
    assert len(jobs.worker_spec) == 1  # the first of two has been given up, the other ends the sweep


def test_a_job_that_connects_while_the_queue_is_asked_stays() -> None:
    jobs = Jobs("a")

    async def asked(number: str) -> bool:
        jobs.connected = ("a",)
        return True

    asyncio.run(Tending(jobs, 1, asked, pytest.fail).look())
    assert list(jobs.worker_spec) == ["a"]


@pytest.mark.skipif(os.name == "nt", reason="runs a shell script")
@pytest.mark.parametrize(
    ("kind", "prints", "code", "ended"),
    [
        ("SLURM", "PENDING", 0, False), ("SLURM", "RUNNING", 0, False), ("SLURM", "", 0, True),
        ("SLURM", "slurm_load_jobs error: Invalid job id specified", 1, True), ("SLURM", "", 1, False),
        ("SLURM", "slurm_load_jobs error: Unable to contact slurm controller", 1, False), ("SLURM", "FAILED", 0, True),
        ("PBS", "7.pbs w ann 0 R batch", 0, False), ("PBS", "7.pbs w ann 0 C batch", 0, True),
        ("PBS", "qstat: Unknown Job Id 7.pbs", 153, True), ("PBS", "qstat: 7.pbs Job has finished", 35, True),
        ("SGE", "Following jobs do not exist: 7", 1, True), ("SGE", "job_number: 7", 0, False),
        ("LSF", "PEND", 0, False), ("LSF", "EXIT", 0, True), ("OAR", "7: Waiting", 0, False),
        ("OAR", "7: Terminated", 0, True), ("Moab", "State: Idle", 0, False), ("Moab", "State: Completed", 0, True),
        ("HTCondor", "1", 0, False), ("HTCondor", "", 0, True), ("HTCondor", "5", 0, True),
    ],
)  # fmt: skip
def test_a_queue_is_asked_whether_a_job_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, prints: str, code: int, ended: bool
) -> None:
    asked = tmp_path / ASKED[kind][0][0]
    asked.write_text(f'#!/bin/sh\ncase "$*" in *7) echo "{prints}";; esac\nexit {code}\n')
    asked.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert asyncio.run(has_ended(kind, "7")) is ended


def test_a_queue_that_is_not_there_has_said_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not asyncio.run(has_ended("SLURM", "7"))


def test_the_log_of_a_job_is_the_one_of_its_number(tmp_path: Path) -> None:
    for name, text in (("w-17.err", "of another"), ("w-7.err", "a\nb\nc\nd"), ("w-7.out", "  \n")):
        (tmp_path / name).write_text(text)
    job = types.SimpleNamespace(job_id="7", log_directory=str(tmp_path))
    assert log_tail(job) == "b / c / d"
    assert log_tail(types.SimpleNamespace(job_id="7", log_directory=str(tmp_path / "none"))) == ""


def test_a_refused_job_keeps_why() -> None:
    class Refused(distributed.deploy.ProcessInterface):
        """A job that the queue refuses, in dask-jobqueue's words."""

        async def start(self) -> None:
            raise RuntimeError("Command exited with non-zero exit code.\nstdout:\n\nstderr:\nsbatch: no\n\n")

    async def started() -> str:
        return str((await noting(Refused)()).refused)

    assert asyncio.run(started()) == "sbatch: no"


class Job(distributed.deploy.ProcessInterface):
    """A job that begins at once, as a process of this machine."""

    job_id = None
    begun: ClassVar[list[subprocess.Popen[bytes]]] = []

    def __init__(self, scheduler: str, name: str) -> None:
        self.command = [sys.executable, "-m", "distributed.cli.dask_worker", scheduler, "--name", str(name)]
        super().__init__()

    async def start(self) -> None:
        words = ["--no-nanny", "--no-dashboard", "--nthreads", "1", "--death-timeout", "60"]
        self.process = subprocess.Popen([*self.command, *words], stderr=subprocess.DEVNULL)
        self.begun.append(self.process)
        await super().start()

    async def close(self) -> None:
        self.process.kill()
        self.process.wait()
        await super().close()


class StandIn(distributed.SpecCluster):
    """As a cluster of dask-jobqueue starts and replaces jobs."""

    def __init__(self) -> None:
        scheduler = {
            "cls": distributed.Scheduler,
            "options": {"host": "127.0.0.1", "port": 0, "dashboard_address": "127.0.0.1:0"},
        }
        super().__init__({}, scheduler, {"cls": Job, "options": {}}, name="S")

    def _new_worker_name(self, worker_number: int) -> str:
        return f"{self._name}-{worker_number}"

    def scale(self, jobs: int) -> object:
        return super().scale(jobs)


def test_a_sweep_outlives_all_its_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask_jobqueue", types.SimpleNamespace(SLURMCluster=StandIn))
    monkeypatch.setattr(queue, "LOOK_S", 0.2)
    monkeypatch.setattr(queue, "LOST_S", 1.0)
    monkeypatch.setattr(Job, "begun", [])
    (tmp_path / "queue.yaml").write_text("{queue: SLURM, jobs: 1}")
    run_sweep(planned(), tmp_path / "here", workers=0)

    def kill(index: int, step: int) -> None:
        if len(Job.begun) == 1:
            Job.begun[0].kill()

    run_sweep(planned(), tmp_path / "queue", cluster=str(tmp_path / "queue.yaml"), noted=kill)
    assert len(Job.begun) == 2
    assert all(job.poll() is not None for job in Job.begun)
    tables = [(tmp_path / where / "table.csv").read_bytes() for where in ("here", "queue")]
    assert tables[0] == tables[1]


def test_what_goes_with_the_worker_that_had_it_is_trained_again() -> None:
    plan = planned()

    class Killing(distributed.as_completed):
        """Lets the worker die that has trained the first cell, before anybody has its result."""

        has_killed = False

        def next_batch(self, block: bool = True) -> list[object]:
            batch = super().next_batch(block=block)
            if batch and not self.has_killed:
                Killing.has_killed = True
                os.kill(cluster.workers[0].pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
                end = time.monotonic() + 30
                while batch[0].status != "lost":
                    assert time.monotonic() < end
                    time.sleep(0.02)
            return batch

    dask = types.SimpleNamespace(as_completed=Killing)
    local = {"processes": True, "host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": 60}
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, **local) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        work = [(index, plan.work(index)) for index in range(2)]
        found = dict(_packets(dask, client, work, lambda: False, unnoted))
    assert sorted(found) == [0, 1]
    assert all(b'"error"' not in packet.partition(b"\n")[0] for packet in found.values())
    assert Killing.has_killed

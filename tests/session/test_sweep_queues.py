"""Sweeps whose workers end: jobs of a queue are submitted again, and what they had trained is trained again."""

from __future__ import annotations

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
from ganviz.session.sweeps.queue import LOST_S, Tending
from ganviz.session.sweeps.running import run_sweep
from ganviz.spec import InvalidValueError
from tests.session.test_sweeps import planned

distributed = pytest.importorskip("distributed")


class Jobs:
    """What is known of a cluster of jobs: their names, and those of their workers that are there."""

    def __init__(self, *jobs: str) -> None:
        self.worker_spec = dict.fromkeys(jobs)
        self.workers: tuple[str, ...] = ()
        self.n_submitted = 0

    @property
    def scheduler_info(self) -> dict[str, dict[str, dict[str, str]]]:
        return {"workers": {f"tcp://{name}": {"name": name} for name in self.workers}}

    def new_worker_spec(self) -> dict[str, None]:
        return {f"new-{self.n_submitted}": None}

    def scale(self, jobs: int) -> None:
        assert len(self.worker_spec) == jobs
        self.n_submitted += 1


def test_a_job_that_has_ended_is_submitted_again_and_one_that_waits_is_not():
    now = [0.0]
    jobs = Jobs("S-1", "S-10", "S-2")
    tending = Tending(jobs, 3, lambda: now[0])

    def later(seconds: float, *workers: str) -> list[str]:
        now[0] += seconds
        jobs.workers = workers
        tending.look()
        return list(jobs.worker_spec)

    first = ["S-1", "S-10", "S-2"]
    assert later(5000.0) == first
    assert later(5.0, "S-1-0", "S-1-1", "S-10") == first
    assert later(5.0, "S-1-1") == first  # one of its two workers is enough
    assert later(LOST_S - 5, "S-1-1") == first
    assert later(1.0, "S-1-1") == ["S-1", "S-2", "new-0"]
    assert later(LOST_S + 1) == ["S-2", "new-0", "new-1"]
    assert later(5000.0) == ["S-2", "new-0", "new-1"]


def test_jobs_that_end_before_their_workers_connect_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = Jobs("S-0")
    tending = Tending(jobs, 1)
    for n in range(2):
        assert tending.waiting() == list(jobs.worker_spec)
        tending.look(dict.fromkeys(jobs.worker_spec, "no torch"))
        assert (list(jobs.worker_spec), jobs.n_submitted) == ([f"new-{n}"], n + 1)
    tending.check()
    jobs.workers = ("new-1",)
    tending.look({"new-1": "late"})  # it is there after all, and those before it are forgiven
    assert not tending.waiting()
    jobs.workers, jobs.worker_spec = (), {"S-9": None}
    for _ in range(3):
        tending.check()
        tending.look(dict.fromkeys(jobs.worker_spec, "\x1b[31mno torch"))
    with pytest.raises(InvalidValueError, match=r"^3 jobs of the queue .* ends with '\\x1b\[31mno torch'\.$"):
        tending.check()
    assert jobs.n_submitted == 4


def test_a_queue_is_asked_for_jobs_that_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: dict[str, tuple[int, str, str]] = {
        "1": (0, "PENDING\n", ""), "2": (0, "", ""), "3": (1, "", "slurm_load_jobs error: Invalid job id specified"),
        "4": (1, "", "Unable to contact slurm controller"), "5": (0, "RUNNING\n", ""),
    }  # fmt: skip

    def answer(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[0] == "squeue"
        return subprocess.CompletedProcess(command, *said[command[-1]])

    monkeypatch.setattr(queue.subprocess, "run", answer)
    (tmp_path / "worker-2.out").write_text("started\n")
    (tmp_path / "worker-2.err").write_text("a\nNo module named distributed\n\n")
    os.utime(tmp_path / "worker-2.out", (1, 1))
    (tmp_path / "worker-23.err").write_text("another job's\n")
    job = {f"S-{n}": types.SimpleNamespace(job_id=n, log_directory=str(tmp_path)) for n in said}
    cluster = types.SimpleNamespace(workers=job | {"S-6": types.SimpleNamespace(job_id=None)})
    waiting = [*cluster.workers, "not begun"]
    assert queue._ended_jobs(cluster, "SLURM", waiting) == {"S-2": "No module named distributed", "S-3": ""}
    assert queue._ended_jobs(cluster, "OAR", waiting) == {}


class Job(distributed.deploy.ProcessInterface):
    """A job that begins at once, as a process of this machine."""

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

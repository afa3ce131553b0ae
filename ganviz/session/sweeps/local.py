"""Trains the cells of a sweep in processes of this machine.

Each worker is a pool of one process: when a process is killed, it is known which cell it was at. Cells of others go on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any

from ganviz.kernels.crew import processors
from ganviz.session.sweeps.cell import failure, run_cell
from ganviz.session.sweeps.driven import NOTED, begin_worker

MOST_TRIES = 3
POLL_S = 0.2
Packets = Generator[tuple[int, bytes], None, None]
Work = tuple[int, dict[str, Any]]
"""The number of a cell, and what a worker has to know of it."""
Noted = Callable[[int, int], object]
"""Is told a cell and its step: 0 when it is begun."""


def usual_workers(threads: int) -> int:
    """Return how many workers with so many threads each this machine has processors for."""
    return max(1, processors() // threads)


def unnoted(index: int, step: int) -> None:
    """Say nothing."""


def train_here(cells: Iterable[Work], is_stopped: Callable[[], bool], noted: Noted = unnoted) -> Packets:
    """Yield the packets of cells that are trained one after the other in this process."""
    for index, work in cells:
        if is_stopped():
            return
        noted(index, 0)
        yield index, run_cell(work, partial(noted, index))


def train_in_processes(
    cells: Iterable[Work], workers: int, is_stopped: Callable[[], bool], noted: Noted = unnoted
) -> Packets:
    """Yield the packets of cells as they are finished; the workers end with the generator, or with this process.

    A cell whose process ends is tried again, twice at most.

    Parameters
    ----------
    cells : iterable of (int, dict)
    workers : int
        Processes, at least 1.
    is_stopped : callable
        Is asked several times a second; what is being trained then is dropped.
    noted : callable
        Is told which cells are begun, and at which step they are.
    """
    waiting, tries = deque(cells), Counter[int]()
    with contextlib.ExitStack() as stack:
        free = [stack.enter_context(_Worker()) for _ in range(min(workers, len(waiting)))]
        running: dict[Future[bytes], tuple[Work, _Worker]] = {}
        while waiting or running:
            while waiting and free:
                cell, worker = waiting.popleft(), free.pop()
                running[worker.begin(cell[1])] = cell, worker
            done, _ = wait(running, POLL_S, FIRST_COMPLETED)
            if is_stopped():
                return
            for cell, worker in running.values():
                worker.note(partial(noted, cell[0]))
            for future in done:
                cell, worker = running.pop(future)
                free.append(worker)
                tries[cell[0]] += 1
                packet = _packet(future)
                if packet is None and tries[cell[0]] < MOST_TRIES:
                    waiting.appendleft(cell)
                else:
                    yield (
                        cell[0],
                        packet or failure(f"Its process ended {MOST_TRIES} times while it trained."),
                    )


def _packet(future: Future[bytes]) -> bytes | None:
    """Return what a worker has sent; None where its process has ended."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None


class _Worker:
    """One process, made anew when it has ended."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._theirs, self._ours = self._context.Pipe(duplex=False)
        self._step = self._context.Value("q", 0, lock=False)
        self._told = -1

    def __enter__(self) -> _Worker:
        self._pool = self._new_pool()
        self._processes = set[BaseProcess]()
        return self

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, self._context, begin_worker, (self._theirs, self._step))

    def note(self, noted: Callable[[int], object]) -> None:
        """Tell the step of the cell that is trained, where it is another than was told last."""
        if (step := self._step.value) != self._told:
            self._told = step
            noted(step)

    def begin(self, work: dict[str, Any]) -> Future[bytes]:
        """Begin a cell."""
        self._step.value, self._told = 0, -1
        try:
            return self._submit(work)
        except BrokenProcessPool:
            self._pool.shutdown()
            self._pool = self._new_pool()
            return self._submit(work)

    def _submit(self, work: dict[str, Any]) -> Future[bytes]:
        before = set(multiprocessing.active_children())
        with (
            sigint_held()
        ):  # a new process has it held for good: none breaks off with a traceback while it starts
            future = self._pool.submit(_run_noted, work)
        self._processes |= set(multiprocessing.active_children()) - before
        return future

    def __exit__(self, *details: object) -> None:
        self._ours.close()
        for process in self._processes:  # one that still imports torch would notice seconds later
            process.kill()
        self._pool.shutdown(cancel_futures=True)
        self._theirs.close()


@contextlib.contextmanager
def sigint_held() -> Iterator[None]:
    """Let Ctrl+C wait, where the system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run_noted(work: dict[str, Any]) -> bytes:
    return run_cell(work, lambda step: setattr(NOTED[0], "value", step))

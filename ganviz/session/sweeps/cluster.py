"""Trains the cells of a sweep on a cluster, by Dask distributed (the extra ``ganviz[cluster]``).

Nothing of our own is in between: the same :func:`ganviz.session.sweeps.cell.run_cell` goes to Dask's workers, on which
ganviz has to be installed, plain data go in and bytes come out. Whoever may submit to a Dask scheduler has its workers
run code of theirs; a cluster that others reach needs TLS, which Dask's own settings switch on.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import forkserver
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from ganviz.session.sweeps.cell import failure, run_cell
from ganviz.session.sweeps.local import POLL_S, Noted, Packets, Work, sigint_held, unnoted, usual_workers
from ganviz.session.sweeps.queue import Warned, first_line, queue_of
from ganviz.spec import InvalidValueError

LOOPBACK = "127.0.0.1"
RETRIES = 2
NOTHING_EXECUTED = ["dask", "msgpack", "error"]
"""How results are read here: bytes, never pickles."""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
OWN_WORKERS = {
    # Dask stops each a hundred times a second to see where it is, which nobody asks it for.
    "distributed.worker.profile.enabled": False, "distributed.admin.tick.interval": "1s",
    # One thread each as with it, but without its MALLOC_TRIM_THRESHOLD_: each step would give its memory back.
    "distributed.nanny.pre-spawn-environ": ONE_THREAD,
    "distributed.worker.multiprocessing-method": "forkserver" if sys.platform == "linux" else "spawn",
}  # fmt: skip
"""Settings of Dask for the workers that are started here."""


def train_on_cluster(
    cells: Sequence[Work],
    where: str,
    workers: int | None,
    is_stopped: Callable[[], bool],
    noted: Noted = unnoted,
    warned: Callable[[str], object] = lambda words: None,
) -> Packets:
    """Yield the packets of cells as they are finished.

    Parameters
    ----------
    cells : sequence of (int, dict)
    where : str
        ``tcp://…`` or ``tls://…`` of a scheduler; ``local`` for processes of this machine; or a YAML file with
        "queue" (SLURM, PBS …), "jobs", and "options" of that class of dask-jobqueue.
    workers : int or None
        How many for ``local``.
    is_stopped : callable
        Is asked several times a second; what is being trained then is dropped.
    noted : callable
        Is told which cells are begun, and at which step they are: workers log them as events of a topic.
    warned : callable
        Is told in a sentence what becomes of a queue's jobs.

    Raises
    ------
    InvalidValueError
        When Dask is missing, or there is no such cluster, or it is lost.
    """
    if where == "local":
        _load_for_workers()
    try:
        import distributed
    except ImportError as error:
        raise InvalidValueError(
            "--cluster needs Dask: install it by `pip install 'ganviz[cluster]'`."
        ) from error
    tidings = SimpleQueue[str | InvalidValueError]()

    def is_over() -> bool:
        _pass_on(tidings, warned)
        return is_stopped()

    with _quiet(), contextlib.ExitStack() as stack:
        try:
            _check_security(distributed, where)
            cluster = stack.enter_context(_cluster(distributed, where, workers, tidings.put))
        except OSError as error:  # processes that do not come up in time, too
            raise InvalidValueError(f"The cluster {where!r} does not start: {first_line(error)}.") from error
        try:
            client = distributed.Client(
                cluster, serializers=["dask", "pickle"], deserializers=NOTHING_EXECUTED, set_as_default=False
            )
        except (OSError, ValueError, TypeError) as error:
            raise InvalidValueError(f"The cluster {where!r} does not answer: {first_line(error)}.") from error
        stack.enter_context(client)
        yield from _packets(distributed, client, cells, is_over, noted)


def _packets(
    distributed: Any, client: Any, cells: Sequence[Work], is_stopped: Callable[[], bool], noted: Noted
) -> Packets:
    cells = there_and_back(cells, sum(client.nthreads().values()))
    most = max((work["steps"] for _, work in cells), default=0)
    topic, events = f"ganviz-{uuid.uuid4().hex}", SimpleQueue[Any]()
    client.subscribe_topic(topic, events.put)
    indices, works = zip(*cells, strict=True) if cells else ((), ())
    futures = client.map(run_told, works, indices, topic=topic, pure=False, retries=RETRIES)
    places = dict(zip((future.key for future in futures), indices, strict=True))
    finished, is_done = distributed.as_completed(futures, loop=client.loop), threading.Event()
    _call_when_done(futures, is_done.set)
    del futures  # a result is kept on the cluster as long as somebody has its future
    while not finished.is_empty():
        if is_stopped():
            client.cancel(list(finished.futures), force=True)
            return
        batch = finished.next_batch(block=False)
        _note(events, set(indices), most, noted)
        if not batch:
            if client.status in ("closing", "closed"):
                raise InvalidValueError("The scheduler of the cluster is lost; --resume does the rest.")
            is_done.wait(POLL_S)
            is_done.clear()
        while batch:
            future = batch.pop()
            if future.status == "lost":  # with the worker that held what it has trained: Dask trains it anew
                finished.add(future)
                continue
            yield places[future.key], _packet(future)
            future.release()


def _pass_on(tidings: SimpleQueue[str | InvalidValueError], warned: Callable[[str], object]) -> None:
    """Tell what has become of jobs; raise where there will be no worker."""
    while not tidings.empty():
        words = tidings.get()
        if isinstance(words, InvalidValueError):
            raise words
        warned(words)


def _call_when_done(futures: Sequence[Any], call: Callable[[], object]) -> None:
    for future in futures:
        future.add_done_callback(lambda _: call())


def _check_security(distributed: Any, where: str) -> None:
    """Refuse what Dask's settings do not allow: a client that fails for it waits for ever when it is thrown away."""
    settings = distributed.Security().get_connection_args("client")
    if where.startswith("tls://") and settings["ssl_context"] is None:
        raise InvalidValueError(
            f"The cluster {where!r} needs certificates; Dask's settings (distributed.comm.tls) name none."
        )
    if where.startswith("tcp://") and settings["require_encryption"]:
        raise InvalidValueError(
            f"Dask's settings ask for encryption, which {where!r} has not; give tls://host:8786."
        )


def run_told(work: dict[str, Any], index: int, topic: str) -> bytes:
    """Train a cell on one of Dask's workers, which logs the cell's steps as events of a topic."""
    from distributed import get_worker

    worker = get_worker()
    worker.log_event(topic, [index, 0])
    return run_cell(work, lambda step: worker.log_event(topic, [index, step]))


def _note(events: SimpleQueue[Any], indices: set[int], most: int, noted: Noted) -> None:
    """Tell the steps that have been logged; whatever else the topic holds is nobody's."""
    while not events.empty():
        match events.get():
            case (_, [int(index), int(step)] | (int(index), int(step))) if (
                index in indices and 0 <= step <= most
            ):
                noted(index, step)


def there_and_back(cells: Sequence[Work], workers: int) -> list[Work]:
    """Return cells, the longest first, so that each worker has as much to do where Dask deals them out by turns.

    It does so with up to two cells a worker; of more, it keeps back what no worker is free for.
    """
    n = workers or max(1, len(cells))  # a queue's workers may not be there yet
    turns = [cells[i : i + n] for i in range(0, len(cells), n)]
    return [cell for k, turn in enumerate(turns) for cell in (turn[::-1] if k % 2 else turn)]


def _packet(future: Any) -> bytes:
    """Return what a worker has sent, or why there is nothing."""
    if future.status == "cancelled":
        raise InvalidValueError("The scheduler of the cluster is lost; --resume does the rest.")
    try:
        packet = future.result()
    except Exception as error:  # of any kind: it is a worker's
        return failure(f"The cluster could not train it: {type(error).__name__}: {first_line(error)}.")
    return packet if isinstance(packet, bytes) else failure("The cluster has sent something else than bytes.")


def _load_for_workers() -> None:
    """Let one process load torch, ganviz and Dask for all workers, which are forked from it, while Dask is loaded here.

    It trains nothing, and so has neither threads nor a GPU that could not be forked. It ends with this process.
    """
    if OWN_WORKERS["distributed.worker.multiprocessing-method"] != "forkserver":
        return
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    forkserver.set_forkserver_preload([run_cell.__module__, "distributed"])
    os.environ.update(ONE_THREAD)  # is read when torch is loaded
    try:
        with sigint_held():
            forkserver.ensure_running()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Leave what happens to the cluster to our own sentences."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado.application")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _cluster(
    distributed: Any, where: str, workers: int | None, warned: Warned
) -> contextlib.AbstractContextManager[Any]:
    """Return what a client connects to; what was started for that ends with the context."""
    if "://" in where:
        return contextlib.nullcontext(where)
    if where == "local":
        return _local(distributed, workers or usual_workers(1))
    if Path(where).suffix in (".yaml", ".yml"):
        return queue_of(Path(where), warned)
    raise InvalidValueError(
        f"--cluster takes tcp://host:8786, tls://host:8786, a .yaml file, or local, not {where!r}."
    )


@contextlib.contextmanager
def _local(distributed: Any, workers: int) -> Iterator[Any]:
    """Give a cluster of processes of this machine, which listens on loopback only."""
    import dask

    address = f"{LOOPBACK}:0"
    with dask.config.set(OWN_WORKERS), distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, host=LOOPBACK, dashboard_address=address,
        worker_dashboard_address=address, silence_logs=logging.CRITICAL,
    ) as cluster:  # fmt: skip
        try:
            yield cluster
        finally:
            for nanny in cluster.workers.values():  # which would leave a cell five seconds to end
                nanny.auto_restart = False
                with contextlib.suppress(OSError, TypeError):  # it has ended, or not begun
                    os.kill(nanny.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

"""A child that begins to load torch before it is known what it will train: while the window's process loads Qt.

Both take about as long; one after the other, the first picture of a run came half a second later.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from ganviz.worker.heap import begin_loading, end_loading


class Child(NamedTuple):
    """A process that waits at the other end of a pipe for its birth."""

    process: BaseProcess
    pipe: Connection


_ahead: list[Child] = []


def is_wanted() -> bool:
    """Return whether a process of its own shall train, as it does unless GANVIZ_IN_PROCESS is 1."""
    return os.environ.get("GANVIZ_IN_PROCESS") != "1"


def begin_ahead() -> None:
    """Start a child that the first engine of this process takes; where none can be had, that engine says so."""
    if is_wanted():
        with contextlib.suppress(OSError):
            _ahead.append(started())


def taken() -> Child:
    """Return the child that was started ahead, where it lives, or a new one; raise OSError where none can be had."""
    child = _ahead.pop() if _ahead else None
    if child is None or not child.process.is_alive():
        return started()
    return child


def started() -> Child:
    """Start a child, which begins to load torch; raise OSError where none can be had."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_await_birth, args=(theirs,), name="ganviz-engine", daemon=True)
    process.start()
    theirs.close()
    return Child(process, ours)


def _await_birth(pipe: Connection) -> None:
    """Load all that training needs, then do what the parent says; end where it has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl+C is the parent's business
    begin_loading()
    import ganviz.session.runner  # noqa: F401 - loads torch, which is what takes long
    from ganviz.worker.child import child_main

    end_loading()
    try:
        birth = pipe.recv()
    except (EOFError, ConnectionResetError):
        return
    child_main(pipe, birth)

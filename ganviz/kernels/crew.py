"""Two processors at work on one step, each for lanes of its own.

torch gives the interpreter away during each of its calls. Where these take long enough, another thread can make the
same calls for other lanes meanwhile, from the cache of its own processor; a call that is divided among processors would
have to fetch from one what the other has written. Plain, one share is made after the other.
"""

from __future__ import annotations

import os
import sys
import time
from _thread import get_native_id
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache

import torch

from ganviz.kernels import switch

MOST = 2
"""Threads; more have not been measured, and all of them wait for one interpreter."""

TRIED, SOON, PERIOD = 16, 64, 1024
"""Steps that are made in each way to see which is faster, and after how many this is seen anew, at first and later:
where a window is being built, the first ones do not tell."""

COURTESY = 10
"""Niceness of the threads beside the first where they give way: a tenth of another's share of a processor."""

Share = Callable[[], object]

_spared = 0
_gives_way = False


@lru_cache(maxsize=1)
def _others(process: int) -> ThreadPoolExecutor:
    """Return a process's threads beside the one that asks; one that is forked from another has none of them."""
    return ThreadPoolExecutor(MOST - 1, "lanes", initializer=_begin)


def _begin() -> None:
    torch.set_num_threads(1)  # OpenMP's number is each thread's own, and that of all processors at first
    if _gives_way:
        os.setpriority(os.PRIO_PROCESS, get_native_id(), COURTESY)


def processors() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def size(*, giving_way: bool = False) -> int:
    """Return how many shares can be made at once.

    With ``giving_way``, a processor that is left to a window counts where threads give way to it: that pays for few
    long calls; many short ones wait for each other and for the window, and take longer than in one thread.
    """
    if switch.PLAIN or torch.get_num_threads() > 1:
        return 1
    return max(1, min(MOST, processors() - _spared + (giving_way and _gives_way)))


def give_way() -> None:
    """Leave a processor to a window from now on: if both shared one as equals, both would stutter.

    Only on Linux a thread has a priority of its own, which it cannot raise again. A window of this very process, which
    has the main thread, would wait whenever one of low priority held the interpreter.
    """
    global _gives_way
    spare(1)
    is_first = get_native_id() == os.getpid()  # which is the main thread's number there
    _gives_way = sys.platform == "linux" and is_first
    _others.cache_clear()


def spare(n: int) -> None:
    """Leave so many processors to others."""
    global _spared
    _spared = n


@contextmanager
def alone() -> Iterator[None]:
    """Leave all other processors to others for what is made within."""
    before = _spared
    spare(sys.maxsize)
    try:
        yield
    finally:
        spare(before)


class Crew:
    """Makes shares at once or one after the other, as has been faster lately: others may need the processors, too."""

    def __init__(self) -> None:
        self._turn = self._faster = 0
        self._period = SOON
        self._seconds = [0.0, 0.0]

    def run(self, shares: Sequence[Share]) -> None:
        """Make all shares; return when all have ended, however they do."""
        turn, self._turn = self._turn, self._turn + 1
        if self._turn == self._period:
            self._turn, self._period = 0, min(2 * self._period, PERIOD)
        if turn >= 2 * TRIED:
            _WAYS[self._faster](shares)
            return
        way = (turn + 1) % 2  # by turns: a machine is slow for a while, and when it begins
        start = time.perf_counter()
        _WAYS[way](shares)
        self._seconds[way] += time.perf_counter() - start
        if turn == 2 * TRIED - 1:
            self._faster = int(self._seconds[1] < self._seconds[0])
            self._seconds = [0.0, 0.0]


def run_at_once(shares: Sequence[Share]) -> None:
    """Make all shares, the first in this thread; return when all have ended, however they do."""
    is_inference = torch.is_inference_mode_enabled()  # a thread's own

    def make(share: Share) -> None:
        with torch.inference_mode(is_inference):
            share()

    submit = _others(os.getpid()).submit
    others = [submit(make, share) for share in shares[1:]]
    try:
        shares[0]()
    finally:
        failures = [one.exception() for one in others]
    for failure in failures:
        if failure is not None:
            raise failure


def run_in_turn(shares: Sequence[Share]) -> None:
    """Make one share after the other."""
    for share in shares:
        share()


_WAYS = (run_at_once, run_in_turn)

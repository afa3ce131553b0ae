"""What a heap keeps between pieces in use goes back to the system."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ganviz.worker import heap

PIECE, COUNT = 100_000, 1500


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="of glibc"
)
def test_what_lies_between_pieces_in_use_is_given_back():
    pieces = [bytes([1]) * PIECE for _ in range(COUNT)]
    kept = pieces[-1]
    full = resident()
    pieces.clear()
    heap.give_back()
    assert resident() < full - PIECE * COUNT // 2
    assert len(kept) == PIECE


def test_without_such_an_allocator_nothing_happens(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    heap.give_back()
    monkeypatch.setattr(sys, "platform", "win32")
    heap.give_back()


def test_while_loading_no_cycle_is_looked_for_and_afterwards_none_of_what_was_loaded(monkeypatch):
    calls = []
    for name in ("disable", "freeze", "enable"):
        monkeypatch.setattr(heap.gc, name, lambda name=name: calls.append(name))
    heap.begin_loading()
    assert calls == ["disable"]
    heap.end_loading()
    assert calls == ["disable", "freeze", "enable"]


def test_a_child_that_waits_for_its_birth_looks_for_cycles_again():
    code = (
        "import gc; from multiprocessing import Pipe; from ganviz.worker import ahead, child\n"
        "child.child_main = lambda pipe, birth: print(gc.isenabled(), gc.get_freeze_count() > 1000)\n"
        "ours, theirs = Pipe(); ours.send(0); ahead._await_birth(theirs)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "True True\n"
    )

"""What nobody uses any more: given back to the system, and looked for only when and where it may be."""

import ctypes
import gc
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractEventDispatcher

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


class Knot:
    """Garbage that tells where it is found."""

    def __init__(self, found):
        self.itself, self.found = self, found

    def __del__(self):
        self.found.append(threading.current_thread())


def test_a_window_looks_for_cycles_in_its_own_thread_while_others_make_them(qtbot, monkeypatch):
    monkeypatch.setattr(heap.gc, "freeze", lambda: None)
    dispatcher, found = QAbstractEventDispatcher.instance(), []
    gc.enable()
    heap.collect_between_events()
    assert not gc.isenabled()
    try:
        thread = threading.Thread(target=lambda: [Knot(found) for _ in range(2 * gc.get_threshold()[0])])
        thread.start()
        thread.join()
        assert found == []
        qtbot.wait(10)
        assert set(found) == {threading.main_thread()}
    finally:
        dispatcher.aboutToBlock.disconnect(heap.collect_due)


@pytest.mark.parametrize("generation", [0, 1, 2])
def test_cycles_are_looked_for_as_often_as_python_would(monkeypatch, generation):
    counts, looked = [0, 0, 0], []
    monkeypatch.setattr(heap.gc, "get_count", lambda: tuple(counts))
    monkeypatch.setattr(heap.gc, "get_threshold", lambda: (700, 10, 10))
    monkeypatch.setattr(heap.gc, "collect", looked.append)
    counts[: generation + 1] = (700, 10, 10)[: generation + 1]
    heap.collect_due()
    assert looked == []
    counts[: generation + 1] = (701, 11, 11)[: generation + 1]
    heap.collect_due()
    assert looked == [generation]


def test_a_threshold_of_zero_means_never(monkeypatch):
    monkeypatch.setattr(heap.gc, "get_count", lambda: (1, 1, 1))
    monkeypatch.setattr(heap.gc, "get_threshold", lambda: (0, 0, 0))
    monkeypatch.setattr(heap.gc, "collect", lambda generation: pytest.fail("looked"))
    heap.collect_due()


def test_a_child_that_waits_for_its_birth_looks_for_cycles_again():
    code = (
        "import gc; from multiprocessing import Pipe; from ganviz.worker import ahead, child\n"
        "child.child_main = lambda pipe, birth: print(gc.isenabled(), gc.get_freeze_count() > 1000)\n"
        "ours, theirs = Pipe(); ours.send(0); ahead._await_birth(theirs)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "True True\n"
    )

"""A disk as slow as a test wants it."""

import threading

import pytest

from ganviz.session import writing


@pytest.fixture
def slow_disk(monkeypatch):
    """Let checkpoints and histories be written only once the returned event is set."""
    may_write = threading.Event()

    def late(write):
        def write_late(*args):
            assert may_write.wait(30)
            write(*args)

        return write_late

    for name in ("write_state", "write_rows"):
        monkeypatch.setattr(writing, name, late(getattr(writing, name)))
    return may_write

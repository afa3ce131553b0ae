"""A child that loads torch ahead: it is taken by the first engine, and nothing of it stays."""

import os
import signal
import subprocess
import sys

import pytest

from ganviz.session.opening import Opening
from ganviz.training.config import RunConfig
from ganviz.worker import ahead
from ganviz.worker.process import EngineProcess

ENOUGH_S = 60.0
OPENING = Opening(RunConfig(), None, is_running=False)


def ended(engine):
    engine.kill()
    engine._process.join(ENOUGH_S)
    return engine._process.exitcode


def test_the_first_engine_takes_the_child_that_was_started_ahead_and_the_next_one_its_own(tmp_path):
    ahead.begin_ahead()
    (child,) = ahead._ahead
    engines = [EngineProcess(OPENING, tmp_path) for _ in range(2)]
    for engine in engines:
        engine.launch()
    assert engines[0].pid == child.process.pid != engines[1].pid
    assert not ahead._ahead
    assert all(ended(engine) for engine in engines)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
def test_a_child_that_died_meanwhile_is_replaced(tmp_path):
    ahead.begin_ahead()
    (child,) = ahead._ahead
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.join(ENOUGH_S)
    engine = EngineProcess(OPENING, tmp_path)
    engine.launch()
    assert engine.pid not in (None, child.process.pid)
    ended(engine)


def test_a_child_whose_parent_goes_before_its_birth_ends_without_a_word():
    child = ahead.started()
    child.pipe.close()
    child.process.join(ENOUGH_S)
    assert child.process.exitcode == 0


def test_none_is_started_where_the_window_itself_shall_train(monkeypatch):
    monkeypatch.setenv("GANVIZ_IN_PROCESS", "1")
    ahead.begin_ahead()
    assert not ahead._ahead


def test_what_starts_the_child_loads_neither_qt_nor_torch_nor_numpy():
    code = "import sys, ganviz.worker.ahead; print(*({'PySide6', 'torch', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

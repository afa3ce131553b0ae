"""The bridge with a real thread, and with a real child process behind it."""

import dataclasses
import os
import re
import signal
import sys
import threading

import numpy as np
import pytest
import torch

from ganviz.app import engine_of
from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.session.commands import (
    ForkLane,
    LoadCheckpoint,
    Pause,
    Reconfigure,
    Restart,
    Run,
    SaveCheckpoint,
)
from ganviz.session.events import (
    ConfigChanged,
    EngineReady,
    Failed,
    FileWritten,
    Noted,
    Refused,
    Relaunched,
    StateChanged,
)
from ganviz.session.opening import Opening
from ganviz.session.settings import with_settings
from ganviz.session.state import RunState
from ganviz.session.unanswered import Unanswered
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.columns import COLUMNS
from ganviz.training.config import RunConfig, TrainingSettings
from ganviz.training.probes import PROBES
from ganviz.training.probes.loss_trace import LossTraceProbe
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.training.trainer import Trainer
from ganviz.worker.bridge import RunBridge
from ganviz.worker.in_process import EngineInProcess
from ganviz.worker.process import EngineProcess

SMALL = RunConfig(architecture=MLP(width=8), training=TrainingSettings(batch_size=16))
ENOUGH_MS = 120_000
"""Each wait ends with what it waits for; on a busy machine a child alone may take half a minute to load torch."""


class Front:
    """A bridge, and everything that it has emitted."""

    def __init__(self, engine):
        self.bridge = RunBridge(engine)
        self.events, self.snapshots, self.threads = [], [], set()
        self.bridge.event_arrived.connect(self._event)
        self.bridge.snapshot_arrived.connect(self._snapshot)

    def _event(self, event):
        self.events.append(event)
        self.threads.add(threading.get_ident())

    def _snapshot(self, snapshot):
        self.snapshots.append(snapshot)
        self.threads.add(threading.get_ident())

    def has(self, kind, **fields):
        return any(
            isinstance(event, kind) and all(getattr(event, name) == value for name, value in fields.items())
            for event in self.events
        )


def watched(engine):
    """Return what is emitted of an engine that has begun and whose samples are looked at."""
    front = Front(engine)
    front.bridge.start()
    front.bridge.set_needs((SamplesProbe(),))
    return front


@pytest.fixture(params=["thread", "process"])
def open_front(request, qtbot):
    """Return a function that opens a run behind a bridge; all of them end with the test, within time."""
    opened = []

    def open_run(config=SMALL, *, pace=None, is_running=False):
        opening = Opening(config, pace, is_running)
        front = Front(EngineInProcess(opening) if request.param == "thread" else EngineProcess(opening))
        opened.append(front)
        front.bridge.start()
        return front

    yield open_run
    for front in opened:
        assert front.bridge.shut_down(10_000)


def test_events_and_snapshots_arrive_in_the_gui_thread(open_front, qtbot):
    front = open_front(is_running=True)
    front.bridge.set_needs((SamplesProbe(),))
    qtbot.waitUntil(lambda: len(front.snapshots) >= 3, timeout=ENOUGH_MS)
    assert front.has(EngineReady)
    assert front.has(ConfigChanged, config=SMALL)
    assert front.threads == {threading.get_ident()}
    steps = [snapshot.stamp.step for snapshot in front.snapshots]
    assert steps == sorted(set(steps))
    read = [reading for snapshot in front.snapshots if (reading := snapshot.get(Samples))]
    samples = read[-1]  # on a busy machine a probe rests, and a snapshot goes without its reading
    assert samples.generated.shape == (1, 500, 2)
    with pytest.raises(ValueError, match="read-only"):
        samples.generated[0, 0, 0] = 1.0


@pytest.mark.parametrize("setting", ["training.d_steps=3", "architecture.width=16"])
def test_settings_chosen_just_before_the_end_are_known(open_front, qtbot, setting):
    front = open_front(is_running=True)
    qtbot.waitUntil(lambda: front.has(EngineReady), timeout=ENOUGH_MS)
    unanswered, wished = Unanswered(SMALL), with_settings(SMALL, [setting])
    front.bridge.send(unanswered.numbered(Reconfigure(wished, SMALL)))
    front.bridge.send(unanswered.numbered(ForkLane(0, SMALL.lanes[0].formulation)))
    assert front.bridge.shut_down(ENOUGH_MS)
    for event in front.bridge.last_words():
        unanswered.read(event)
    assert unanswered.expected == dataclasses.replace(wished, lanes=wished.lanes * 2)
    assert not front.bridge.last_words()


def test_watched_is_unwatched(open_front, qtbot, tmp_path):
    alone = Trainer(SMALL)
    alone.train(500)
    front = open_front()
    front.bridge.set_needs(tuple(probe for probe in PROBES if probe.supports(SMALL)))
    front.bridge.send(Run(until_step=500))
    qtbot.waitUntil(lambda: front.has(StateChanged, state=RunState.FINISHED), timeout=ENOUGH_MS)
    front.bridge.send(SaveCheckpoint(tmp_path / "run.ganviz"))
    qtbot.waitUntil(lambda: front.has(FileWritten), timeout=ENOUGH_MS)
    assert len(front.snapshots) > 1
    watched = load_checkpoint(tmp_path / "run.ganviz")
    alone.flush()
    same = [
        i for i, name in enumerate(COLUMNS) if name != "seconds"
    ]  # those of a child that no fixture reaches
    np.testing.assert_array_equal(watched.history.table(0)[:, same], alone.history.table(0)[:, same])
    for name, tensor in alone._players.tensors.items():
        assert torch.equal(watched._players.tensors[name], tensor)


def test_a_paused_run_is_answered_once(open_front, qtbot):
    front = open_front()
    front.bridge.set_needs((SamplesProbe(),))
    qtbot.waitUntil(lambda: len(front.snapshots) == 1, timeout=ENOUGH_MS)
    qtbot.wait(300)
    assert len(front.snapshots) == 1
    front.bridge.send(ForkLane(0, named_formulation("hinge")))
    qtbot.waitUntil(lambda: len(front.snapshots) == 2, timeout=ENOUGH_MS)
    assert len(front.snapshots[-1].config.lanes) == 2


def test_a_paused_run_is_looked_at_anew_when_that_is_wished(open_front, qtbot):
    front = open_front()
    front.bridge.set_needs((SamplesProbe(),))
    qtbot.waitUntil(lambda: len(front.snapshots) == 1, timeout=ENOUGH_MS)
    qtbot.wait(100)
    front.bridge.look_anew()
    qtbot.waitUntil(lambda: len(front.snapshots) == 2, timeout=ENOUGH_MS)
    assert front.snapshots[0].stamp == front.snapshots[1].stamp


def test_without_needs_nothing_is_looked_at(open_front, qtbot):
    front = open_front(is_running=True)
    front.bridge.set_needs(())
    qtbot.waitUntil(lambda: front.has(EngineReady), timeout=ENOUGH_MS)
    qtbot.wait(200)
    assert front.snapshots == []


class Scripted:
    """An engine of a run that stands still, which answers when the test says so."""

    def __init__(self):
        self.looks, self.sent = [], []

    def run(self, tell):
        """Say nothing."""

    def send(self, command):
        self.sent.append(command)

    def ask(self, look):
        self.looks.append(look)

    def flush(self):
        return True

    def kill(self):
        raise AssertionError("the thread ends by itself")

    def answer(self, look):
        """Return what a runner would tell: nothing to a look whose asker has seen the run as it is."""
        step = 200 if look.at_step is None else look.at_step
        return None if look.after else Snapshot(Stamp(1, 200, 0), SMALL, (), "", "", (), step, look.ticket)


@pytest.fixture
def scripted(qtbot, monkeypatch):
    """A bridge over an engine that does nothing unasked, and a clock that stands still unless it is moved."""
    now = [100.0]
    monkeypatch.setattr("ganviz.worker.bridge.time.perf_counter", lambda: now[0])
    engine = Scripted()
    bridge = RunBridge(engine)
    bridge.start()
    yield bridge, engine, now
    assert bridge.shut_down()


def _stand_still(bridge):
    """Let the time pass after which a chart counts as no longer moved."""
    if bridge._settle.isActive():
        bridge._settle.stop()
        bridge._settle.timeout.emit()


@pytest.mark.parametrize("is_late", [False, True])
def test_quick_steps_back_end_with_the_last_ones_own_picture(scripted, is_late):
    bridge, engine, now = scripted
    seen = []
    bridge.snapshot_arrived.connect(lambda snapshot: seen.append(snapshot.viewed_step))

    def answer(look):
        now[0] += 0.05
        if (snapshot := engine.answer(look)) is not None:
            bridge._take(snapshot)
        now[0] += 0.05
        bridge._go_on()

    bridge.set_needs((SamplesProbe(),))
    for step in (192, 128, 64):
        asked = engine.looks[-1]
        bridge.set_look_back(step)
        if is_late:  # the answer to the look before comes when the next one has been asked for already
            now[0] += 0.05
            bridge._go_on()
        answer(asked)
    for _ in range(5):
        answer(engine.looks[-1])
    assert seen[-1] == 64


def test_frames_are_asked_for_when_they_are_due_and_sleep_over_a_run_that_stands_still(scripted):
    bridge, engine, now = scripted
    bridge.set_needs((SamplesProbe(),))
    assert len(engine.looks) == 1
    bridge._take(engine.answer(engine.looks[0]))
    assert (len(engine.looks), bridge._timer.isActive()) == (1, True)
    now[0] += bridge._timer.interval() / 1000
    bridge._go_on()
    assert (len(engine.looks), bridge._timer.isActive()) == (2, False)
    assert engine.looks[1].after == Stamp(1, 200, 0)
    bridge.send(Pause())
    assert len(engine.looks) == 2


def test_what_the_engine_before_was_asked_is_asked_of_the_next_one(scripted):
    bridge, engine, now = scripted
    bridge.set_needs((SamplesProbe(),))
    bridge._take(engine.answer(engine.looks[0]))
    now[0] += 1.0
    bridge._go_on()
    bridge._take([Relaunched()])
    now[0] += 1.0
    bridge._go_on()
    assert [look.after for look in engine.looks] == [None, Stamp(1, 200, 0), None]


def test_a_run_that_cannot_be_made_is_told_and_mended(open_front, qtbot):
    terabytes = TrainingSettings(batch_size=65_536, seeds=64)
    front = open_front(RunConfig(architecture=MLP(width=4096), training=terabytes))
    qtbot.waitUntil(lambda: front.has(Failed) or front.has(Refused), timeout=ENOUGH_MS)
    front.bridge.send(Reconfigure(SMALL))
    qtbot.waitUntil(lambda: front.has(ConfigChanged, config=SMALL), timeout=ENOUGH_MS)


def test_closing_while_training(open_front, qtbot):
    front = open_front(is_running=True)
    front.bridge.set_needs((SamplesProbe(),))
    qtbot.waitUntil(lambda: len(front.snapshots) >= 1, timeout=ENOUGH_MS)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
@pytest.mark.parametrize("names", [["a.ganviz"], ["a.ganviz", "b.csv"]])
def test_files_that_a_killed_child_was_to_write_are_told(qtbot, tmp_path, names):
    engine = EngineProcess(Opening(SMALL, None, is_running=True))
    front = watched(engine)
    front.bridge.send(SaveCheckpoint(tmp_path / "written.ganviz"))
    qtbot.waitUntil(lambda: front.has(FileWritten), timeout=ENOUGH_MS)
    os.kill(engine.pid, signal.SIGSTOP)  # while it writes, say
    paths = [tmp_path / name for name in names]
    for path in paths:
        front.bridge.send(SaveCheckpoint(path))
    os.kill(engine.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: front.has(Refused), timeout=ENOUGH_MS)
    told = [event for event in front.events if isinstance(event, Refused)]
    assert [event.path for event in told] == paths
    (words,) = {event.message for event in told}
    end = f"'{paths[0]}' may not have been written." if len(names) == 1 else f"'{paths[0]}' first."
    assert words.endswith(end)
    assert front.bridge.shut_down(10_000)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
def test_a_killed_child_is_told_and_replaced(qtbot, tmp_path):
    engine = EngineProcess(Opening(SMALL, None, is_running=True))
    front = watched(engine)
    qtbot.waitUntil(lambda: len(front.snapshots) >= 2, timeout=ENOUGH_MS)
    front.bridge.send(Pause())
    qtbot.waitUntil(lambda: front.has(StateChanged, state=RunState.PAUSED), timeout=ENOUGH_MS)
    before = len(front.snapshots)
    os.kill(engine.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: front.has(Refused), timeout=ENOUGH_MS)
    front.bridge.send(LoadCheckpoint(tmp_path / "none.ganviz"))
    qtbot.waitUntil(lambda: len([e for e in front.events if isinstance(e, Refused)]) == 2, timeout=ENOUGH_MS)
    front.bridge.send(Run())
    qtbot.waitUntil(lambda: len(front.snapshots) > before + 1, timeout=ENOUGH_MS)
    assert front.bridge.shut_down(10_000)


def test_a_child_of_another_version_is_told_ended_and_replaced(qtbot, monkeypatch):
    """As where ganviz was updated while the window was open, and the process that trains had to be started anew."""
    engine = EngineProcess(Opening(SMALL, None, is_running=True))
    front = watched(engine)
    qtbot.waitUntil(lambda: len(front.snapshots) >= 2, timeout=ENOUGH_MS)
    first, set_state = engine.pid, Snapshot.__setstate__
    monkeypatch.setattr(
        Snapshot, "__setstate__", lambda self, state: set_state(self, [*state, "a new field"])
    )
    qtbot.waitUntil(lambda: front.has(Refused), timeout=ENOUGH_MS)
    monkeypatch.undo()
    (refused,) = (event for event in front.events if isinstance(event, Refused))
    assert refused.message.startswith("The training process is of another version than this window")
    before = len(front.snapshots)
    qtbot.waitUntil(lambda: len(front.snapshots) > before + 1, timeout=ENOUGH_MS)
    assert engine.pid != first
    assert front.bridge.shut_down(10_000)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
def test_a_child_that_dies_too_often_is_a_failed_run_that_can_be_saved_and_started_again(
    qtbot, tmp_path, monkeypatch
):
    monkeypatch.setattr("ganviz.worker.process.MOST_DEATHS", 1)
    engine = EngineProcess(Opening(SMALL, None, is_running=True), every_s=0.3)
    front = watched(engine)
    qtbot.waitUntil(lambda: engine.is_put_aside and load_checkpoint(engine.aside).step > 0, timeout=ENOUGH_MS)
    for n in (1, 2):
        os.kill(engine.pid, signal.SIGKILL)
        qtbot.waitUntil(
            lambda n=n: len([e for e in front.events if isinstance(e, Refused)]) == n, timeout=ENOUGH_MS
        )
        if n == 1:
            n_seen = len(front.snapshots)
            qtbot.waitUntil(lambda n_seen=n_seen: len(front.snapshots) > n_seen, timeout=ENOUGH_MS)
    failed = [event for event in front.events if isinstance(event, StateChanged)][-1]
    assert failed.state is RunState.FAILED
    assert re.search(
        r"2 times within 10 minutes, and waits: start again.*; saving keeps its state of", failed.reason
    )
    front.bridge.send(SaveCheckpoint(tmp_path / "kept.ganviz"))
    qtbot.waitUntil(lambda: front.has(FileWritten), timeout=ENOUGH_MS)
    assert load_checkpoint(tmp_path / "kept.ganviz").step > 0
    front.bridge.send(Run())
    waits = "The training process has ended: start again, change a setting or open a checkpoint."
    qtbot.waitUntil(lambda: front.has(Refused, message=waits), timeout=ENOUGH_MS)
    front.snapshots.clear()
    front.bridge.send(Restart())
    qtbot.waitUntil(lambda: len(front.snapshots) > 3, timeout=ENOUGH_MS)
    assert front.bridge.shut_down(10_000)


def test_deaths_are_forgotten_after_a_while(monkeypatch):
    engine = EngineProcess(Opening(SMALL, None, is_running=True))
    now, told, given_up = [1000.0], [], []
    monkeypatch.setattr("ganviz.worker.process.time.monotonic", lambda: now[0])
    monkeypatch.setattr(engine, "launch", lambda: None)
    monkeypatch.setattr(engine._go_on, "wait", lambda: given_up.append(now[0]))

    class Dead:
        exitcode = -9

        def join(self, timeout):
            pass

    engine._process, engine._tell = Dead(), told.append
    for _ in range(20):
        engine._bury(EOFError())
        now[0] += 300.0
    assert not given_up
    now[0] += 1000.0
    for n in range(7):
        engine._bury(EOFError())
        assert len(given_up) == max(0, n - 4)
    engine._temporary.cleanup()


@pytest.mark.parametrize(("keeps_run", "is_killed"), [(True, False), (False, True)])
def test_a_child_that_puts_a_large_run_aside_at_its_end_is_waited_for(keeps_run, is_killed):
    engine, waited, killed = EngineProcess(Opening(SMALL, None, is_running=True)), [], []

    class Slow:
        def join(self, timeout):
            waited.append(timeout)

        def is_alive(self):
            return sum(waited) < 10

        def kill(self):
            killed.append(True)

    engine._process, engine.keeps_run = Slow(), keeps_run
    engine._end()
    assert bool(killed) == is_killed


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
def test_a_killed_child_goes_on_from_what_was_put_aside_of_this_run(qtbot):
    engine = EngineProcess(Opening(SMALL, None, is_running=True), every_s=0.3)
    front = watched(engine)

    def refusals():
        return [event.message for event in front.events if isinstance(event, Refused)]

    def killed_when(is_usable):
        n = len(refusals())
        qtbot.waitUntil(lambda: engine.is_put_aside is is_usable, timeout=ENOUGH_MS)
        qtbot.waitUntil(lambda: not is_usable or load_checkpoint(engine.aside).step > 0, timeout=ENOUGH_MS)
        os.kill(engine.pid, signal.SIGKILL)
        qtbot.waitUntil(lambda: len(refusals()) > n, timeout=ENOUGH_MS)
        step = load_checkpoint(engine.aside).step if is_usable else 0
        front.snapshots.clear()
        qtbot.waitUntil(lambda: len(front.snapshots) > 1, timeout=ENOUGH_MS)
        return step

    for n in (1, 2):
        engine.every_s = 0.3 if n == 1 else 1000.0  # of the next process
        step = killed_when(is_usable=True)
        assert re.search(r"goes on from its state of \d+ s ago", refusals()[-1])
        assert front.snapshots[0].stamp.step >= step > 0
    other = dataclasses.replace(SMALL, training=TrainingSettings(batch_size=32))
    front.bridge.send(Reconfigure(other))
    qtbot.waitUntil(lambda: front.has(ConfigChanged, config=other), timeout=ENOUGH_MS)
    killed_when(is_usable=False)
    assert "starts again" in refusals()[-1]
    assert not engine.aside.exists()
    assert front.snapshots[-1].config == other
    assert not [event for event in front.events if isinstance(event, FileWritten)]
    assert front.bridge.shut_down(10_000)


def test_a_moved_chart_does_not_wake_costly_probes(scripted):
    """Its range is asked for once it stands still, also of a paused run, as a look in which others may rest."""
    bridge, engine, now = scripted

    def asked_for(*probes):
        bridge.set_needs(probes)
        now[0] += 1.0
        _stand_still(bridge)
        bridge._go_on()
        look = engine.looks[-1]
        return look.after, set(look.needs) - set(look.known)

    whole, samples, stamp = LossTraceProbe(), SamplesProbe(), Stamp(2, 300, 4)
    part, other_part = (LossTraceProbe(steps=(1, n)) for n in (10, 20))
    asked_for(samples, whole)
    bridge._after, bridge._known = stamp, (samples, whole)
    for probe in (part, other_part):
        assert asked_for(samples, whole, probe) == (stamp, {probe})
    assert asked_for(samples, whole) == (stamp, set())
    assert asked_for(SamplesProbe(n=7), whole)[0] is None
    assert asked_for(SamplesProbe(n=7), part)[0] is None


def test_a_chart_that_is_moved_is_asked_for_once_it_stands_still(scripted):
    """Each notch of the wheel is drawn from what there is; what came of another look meanwhile is not taken for its."""
    bridge, engine, now = scripted
    samples, parts = SamplesProbe(), [LossTraceProbe(steps=(1, n)) for n in (10, 20, 30)]
    bridge.set_needs((samples,))
    for part in parts:
        bridge.set_needs((samples, part))
    bridge._take(engine.answer(engine.looks[0]))
    assert (len(engine.looks), bridge._known) == (1, (samples,))
    now[0] += 1.0
    _stand_still(bridge)
    assert (len(engine.looks), engine.looks[-1].needs) == (2, (samples, parts[-1]))
    assert not bridge._settle.isActive()


def test_a_run_that_trains_brings_the_finer_trace_with_its_next_frame(scripted):
    bridge, engine, now = scripted
    part = LossTraceProbe(steps=(1, 10))
    bridge.set_needs((SamplesProbe(),))
    bridge._take(engine.answer(engine.looks[0]))
    bridge.set_needs((SamplesProbe(), part))
    now[0] += 1.0
    bridge._go_on()
    assert part in engine.looks[-1].needs
    assert not bridge._settle.isActive()  # nor is it asked for once more


def test_what_comes_of_a_run_that_stands_still_is_shown_with_what_came_before(scripted):
    """Views that show nothing else keep their pictures: their readings are the very same."""
    bridge, engine, now = scripted
    seen = []
    bridge.snapshot_arrived.connect(seen.append)
    samples, part = SamplesProbe(), LossTraceProbe(steps=(1, 9))
    for needs, new in (((samples,), samples), ((samples, part), part)):
        bridge.set_needs(needs)
        now[0] += 1.0
        bridge._go_on()
        look = dataclasses.replace(engine.looks[-1], after=None)
        bridge._take(dataclasses.replace(engine.answer(look), readings=((new, object()),)))
    assert [probe for probe, _ in seen[1].readings] == [samples, part]
    assert seen[1].is_the_same_for((samples,), seen[0])
    assert not seen[1].is_the_same_for((samples, part), seen[0])


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
def test_a_child_that_does_not_read_holds_nobody_up_and_is_killed(qtbot):
    engine = EngineProcess(Opening(SMALL, None, is_running=True))
    front = watched(engine)
    qtbot.waitUntil(lambda: len(front.snapshots) > 1, timeout=ENOUGH_MS)
    os.kill(engine.pid, signal.SIGSTOP)
    for _ in range(3000):
        front.bridge.send(Reconfigure(SMALL))
        front.bridge.look_anew()
    child = engine._process
    front.bridge._pacer.hurry()
    assert front.bridge.shut_down(200)
    assert (child.is_alive(), engine._folder.exists()) == (False, False)


def test_a_child_that_was_launched_ends_though_its_bridge_was_never_started(qtbot, tmp_path):
    engine = EngineProcess(Opening(SMALL, None, is_running=True), tmp_path)
    engine.launch()
    assert RunBridge(engine).shut_down()
    engine._process.join(ENOUGH_MS / 1000)
    assert engine._process.exitcode, "it was killed, and has not first loaded torch to hear of the end"


@pytest.mark.parametrize("way", ["wished", "no process"])
def test_where_no_process_can_be_had_the_window_trains(monkeypatch, tmp_path, way):
    def refuse(engine):
        raise OSError("Resource temporarily unavailable")

    if way == "wished":
        monkeypatch.setenv("GANVIZ_IN_PROCESS", "1")
    else:
        monkeypatch.setattr(EngineProcess, "launch", refuse)
    assert isinstance(engine_of(Opening(SMALL, None, is_running=True), tmp_path), EngineInProcess)


def test_where_no_temporary_folder_can_be_made_the_window_trains(monkeypatch):
    def refuse(**_):
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr("tempfile.TemporaryDirectory", refuse)
    assert isinstance(engine_of(Opening(SMALL, None, is_running=True), None), EngineInProcess)


def test_a_run_that_cannot_be_put_aside_goes_on_and_is_told_once(qtbot, tmp_path):
    (tmp_path / "run.ganviz").mkdir()
    engine = EngineProcess(Opening(SMALL, None, is_running=True), tmp_path, every_s=0.1)
    front = watched(engine)
    qtbot.waitUntil(lambda: front.has(Noted), timeout=ENOUGH_MS)
    (said,) = (event.message for event in front.events if isinstance(event, Noted))
    why = f"'{tmp_path / 'run.ganviz'}' cannot be written: it is a folder."
    assert said == f"The run cannot be put aside: it is lost if ganviz is killed. {why}"
    front.snapshots.clear()
    qtbot.waitUntil(lambda: len(front.snapshots) > 1, timeout=ENOUGH_MS)
    assert front.bridge.shut_down(10_000)

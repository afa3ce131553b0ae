"""The bridge with a real thread, and with a real child process behind it."""

import dataclasses
import functools
import os
import re
import signal
import sys
import threading

import numpy as np
import pytest
import torch

from ganviz.data.points_file import PointsFile
from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.session.channel import Channel, serve
from ganviz.session.commands import (
    ForkLane,
    LoadCheckpoint,
    Look,
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
    Keyframes,
    Refused,
    StateChanged,
)
from ganviz.session.state import RunState
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.columns import COLUMNS
from ganviz.training.config import RunConfig, TrainingSettings
from ganviz.training.probes import PROBES
from ganviz.training.probes.loss_trace import LossTraceProbe
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.training.trainer import Trainer
from ganviz.worker import aside
from ganviz.worker.bridge import RunBridge
from ganviz.worker.opening import Opening
from ganviz.worker.process import EngineProcess

SMALL = RunConfig(architecture=MLP(width=8), training=TrainingSettings(batch_size=16))
ENOUGH_MS = 15_000


class Front:
    """A bridge, and everything that it has emitted."""

    def __init__(self, engine):
        self.bridge = RunBridge(engine)
        self.events, self.snapshots, self.frames, self.threads = [], [], [], set()
        self.bridge.event_arrived.connect(self._event)
        self.bridge.snapshot_arrived.connect(self._snapshot)
        self.bridge.frame_arrived.connect(self.frames.append)

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


@pytest.fixture(params=["thread", "process"])
def open_front(request, qtbot):
    """Return a function that opens a run behind a bridge; all of them end with the test, within time."""
    opened = []

    def open_run(config=SMALL, *, pace=None, is_running=False):
        opening = Opening(config, pace, is_running)
        engine = (
            functools.partial(serve, opening) if request.param == "thread" else EngineProcess(opening).serve
        )
        front = Front(engine)
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


def test_over_a_run_that_stands_still_no_timer_ticks(open_front, qtbot, monkeypatch):
    ticks = []
    tick = RunBridge._tick
    monkeypatch.setattr(RunBridge, "_tick", lambda bridge: (ticks.append(1), tick(bridge)))
    front = open_front()
    front.bridge.set_needs((SamplesProbe(),))
    qtbot.waitUntil(lambda: len(front.snapshots) == 1, timeout=ENOUGH_MS)
    qtbot.wait(200)
    ticks.clear()
    qtbot.wait(500)
    assert len(ticks) <= 2
    front.bridge.send(Run(until_step=front.snapshots[0].stamp.step + 50))
    qtbot.waitUntil(lambda: front.has(StateChanged, state=RunState.FINISHED), timeout=ENOUGH_MS)
    qtbot.waitUntil(lambda: front.snapshots[-1].stamp.step == 50, timeout=ENOUGH_MS)
    front.bridge.set_look_back(0)
    qtbot.waitUntil(lambda: front.snapshots[-1].viewed_step == 0, timeout=ENOUGH_MS)
    front.bridge.collect((SamplesProbe(),), (0,))
    qtbot.waitUntil(lambda: len(front.frames) == 1, timeout=ENOUGH_MS)


def test_without_needs_nothing_is_looked_at(open_front, qtbot):
    front = open_front(is_running=True)
    front.bridge.set_needs(())
    qtbot.waitUntil(lambda: front.has(EngineReady), timeout=ENOUGH_MS)
    qtbot.wait(200)
    assert front.snapshots == []


def test_keyframes_are_collected_beside_ordinary_looks(open_front, qtbot):
    front = open_front()
    front.bridge.set_needs((SamplesProbe(),))
    front.bridge.send(Run(until_step=300))
    qtbot.waitUntil(lambda: front.has(StateChanged, state=RunState.FINISHED), timeout=ENOUGH_MS)
    steps = [event for event in front.events if isinstance(event, Keyframes)][-1].steps
    front.bridge.collect((SamplesProbe(),), steps)
    qtbot.waitUntil(lambda: len(front.frames) == len(steps), timeout=ENOUGH_MS)
    assert [frame.viewed_step for frame in front.frames] == list(steps)


class Answered:
    """A channel whose engine answers the newest look every so many ticks, all of them or asides only."""

    def __init__(self, state, ticks, *, asides_only=False):
        self.looks, self._waiting = [], None
        self._events = [StateChanged(state, Stamp(0, 0, 0))]
        self._ticks, self._asides_only, self._now = ticks, asides_only, 0

    has_output = False

    def request(self, look):
        self.looks.append(look)
        self._waiting = look

    def receive(self):
        self._now += 1
        events, self._events = self._events, []
        look = self._waiting
        if look is None or self._now % self._ticks or (self._asides_only and look.ticket <= 0):
            return events, None
        self._waiting = None
        return events, Snapshot(Stamp(0, len(self.looks), 0), SMALL, (), "", "", (), 0, look.ticket)


@pytest.fixture
def asked_of(qtbot, monkeypatch):
    """Return a function that lets a bridge collect keyframes over a channel; it returns all looks and their times."""

    def ask(channel, n_ticks):
        bridge = RunBridge(lambda channel: None)
        bridge._channel = channel
        now, asked = [100.0], []
        monkeypatch.setattr("ganviz.worker.bridge.time.perf_counter", lambda: now[0])
        bridge.set_needs((SamplesProbe(),))
        bridge.collect((SamplesProbe(),), tuple(range(100)))
        for _ in range(n_ticks):
            n = len(channel.looks)
            bridge._tick()
            asked += [(now[0], max(look.ticket, 0)) for look in channel.looks[n:]]  # 0: no aside
            now[0] += 0.004
        return asked

    return ask


def test_keyframes_fill_the_time_between_looks_and_take_none_of_theirs(asked_of):
    asked = asked_of(Answered(RunState.RUNNING, 1), 250)
    ordinary = [at for at, ticket in asked if not ticket]
    assert len(asked) - len(ordinary) == 100
    gaps = np.diff(ordinary)
    assert gaps.min() > 0.032
    assert gaps.max() < 0.042


@pytest.mark.parametrize("ticks", [15, 25, 50])
def test_keyframes_leave_every_second_answer_to_looks_where_steps_take_long(asked_of, ticks):
    channel = Answered(RunState.RUNNING, ticks)
    tickets = [ticket for _, ticket in asked_of(channel, 20 * ticks)]
    assert [bool(ticket) for ticket in tickets] == [False, True] * (len(tickets) // 2) + [False] * (
        len(tickets) % 2
    )
    assert len(tickets) >= 19


def test_keyframes_do_not_wait_for_a_run_that_stands_still(asked_of):
    asked = asked_of(Answered(RunState.PAUSED, 1, asides_only=True), 250)
    assert len([at for at, ticket in asked if ticket]) == 100


class Late:
    """A channel of a run that stands still, whose engine answers when the test says so."""

    has_output = False

    def __init__(self):
        self.looks, self.answers = [], []

    def request(self, look):
        self.looks.append(look)

    def receive(self):
        return [], self.answers.pop(0) if self.answers else None

    def answer(self, look):
        """Answer as a runner does: nothing to a look whose asker has seen the run as it is."""
        if look.after is None:
            step = 200 if look.at_step is None else look.at_step
            self.answers.append(Snapshot(Stamp(1, 200, 0), SMALL, (), "", "", (), step, look.ticket))


@pytest.mark.parametrize("is_late", [False, True])
def test_quick_steps_back_end_with_the_last_ones_own_picture(qtbot, monkeypatch, is_late):
    bridge, channel, now, seen = RunBridge(lambda channel: None), Late(), [100.0], []
    bridge._channel = channel
    monkeypatch.setattr("ganviz.worker.bridge.time.perf_counter", lambda: now[0])
    bridge.snapshot_arrived.connect(lambda snapshot: seen.append(snapshot.viewed_step))

    def tick():
        bridge._tick()
        now[0] += 0.05

    bridge.set_needs((SamplesProbe(),))
    tick()
    for step in (192, 128, 64):
        asked = channel.looks[-1]
        bridge.set_look_back(step)
        if is_late:  # the answer to the look before comes when the next one has been asked for already
            tick()
        channel.answer(asked)
        tick()
    for _ in range(5):
        tick()
        channel.answer(channel.looks[-1])
    assert seen[-1] == 64


def test_a_keyframe_that_has_gone_is_answered_by_the_one_before(open_front, qtbot):
    front = open_front()
    front.bridge.send(Run(until_step=200))
    qtbot.waitUntil(lambda: front.has(StateChanged, state=RunState.FINISHED), timeout=ENOUGH_MS)
    front.bridge.collect((SamplesProbe(),), (64, 100, 128))
    qtbot.waitUntil(lambda: len(front.frames) == 3, timeout=ENOUGH_MS)
    assert [frame.viewed_step for frame in front.frames] == [64, 64, 128]
    front.bridge.set_needs((SamplesProbe(),))
    qtbot.waitUntil(lambda: len(front.snapshots) == 1, timeout=ENOUGH_MS)


def test_a_run_that_cannot_be_made_is_told_and_mended(open_front, qtbot, tmp_path):
    missing = RunConfig(distribution=PointsFile(path=str(tmp_path / "none.csv")))
    front = open_front(missing)
    qtbot.waitUntil(lambda: front.has(Failed) or front.has(Refused), timeout=ENOUGH_MS)
    front.bridge.send(Reconfigure(SMALL))
    qtbot.waitUntil(lambda: front.has(ConfigChanged, config=SMALL), timeout=ENOUGH_MS)


def test_closing_while_training(open_front, qtbot):
    front = open_front(is_running=True)
    front.bridge.set_needs((SamplesProbe(),))
    qtbot.waitUntil(lambda: len(front.snapshots) >= 1, timeout=ENOUGH_MS)


@pytest.mark.parametrize(("answered", "is_left"), [(0, True), (7, False)])
def test_the_answer_to_one_look_leaves_another_to_be_asked_of_the_next_child(monkeypatch, answered, is_left):
    engine = EngineProcess(Opening(SMALL, None, is_running=True))
    messages = iter([Snapshot(Stamp(0, 1, 0), SMALL, (), "", "", (), 1, answered)])

    class Pipe:
        def recv(self):
            try:
                return next(messages)
            except StopIteration:
                raise EOFError from None

    engine._pipe, engine._unanswered = Pipe(), Look((), None, 64, ticket=7)
    left = []
    monkeypatch.setattr(engine, "_revive", lambda channel: left.append(engine._unanswered is not None))
    engine._listen(Channel())
    engine._aside.remove()
    assert left == [is_left]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
def test_a_killed_child_is_told_and_replaced(qtbot, tmp_path):
    engine = EngineProcess(Opening(SMALL, None, is_running=True))
    front = Front(engine.serve)
    front.bridge.start()
    front.bridge.set_needs((SamplesProbe(),))
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


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
def test_a_child_that_dies_too_often_is_a_failed_run_that_can_be_saved_and_started_again(
    qtbot, tmp_path, monkeypatch
):
    monkeypatch.setattr(aside, "EVERY_S", 0.3)
    monkeypatch.setattr("ganviz.worker.process.MOST_DEATHS", 1)
    engine = EngineProcess(Opening(SMALL, None, is_running=True))
    front = Front(engine.serve)
    front.bridge.start()
    front.bridge.set_needs((SamplesProbe(),))
    qtbot.waitUntil(lambda: engine._aside.is_usable, timeout=ENOUGH_MS)
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
    now = [1000.0]
    monkeypatch.setattr("ganviz.worker.process.time.monotonic", lambda: now[0])
    monkeypatch.setattr(engine, "launch", lambda: None)
    monkeypatch.setattr(engine, "_send", lambda commands, look: None)

    class Dead:
        exitcode = -9

        def join(self, timeout):
            pass

    engine._process = Dead()
    for _ in range(20):
        assert engine._revive(Channel())
        now[0] += 300.0
    now[0] += 1000.0
    assert [engine._revive(Channel()) for _ in range(7)] == [True] * 5 + [False] * 2
    engine._aside.remove()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are for POSIX systems")
def test_a_killed_child_goes_on_from_what_was_put_aside_of_this_run(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(aside, "EVERY_S", 0.3)
    engine = EngineProcess(Opening(SMALL, None, is_running=True))
    front = Front(engine.serve)
    front.bridge.start()
    front.bridge.set_needs((SamplesProbe(),))

    def refusals():
        return [event.message for event in front.events if isinstance(event, Refused)]

    def killed_when(is_usable):
        n = len(refusals())
        qtbot.waitUntil(lambda: engine._aside.is_usable is is_usable, timeout=ENOUGH_MS)
        os.kill(engine.pid, signal.SIGKILL)
        qtbot.waitUntil(lambda: len(refusals()) > n, timeout=ENOUGH_MS)
        step = load_checkpoint(engine._aside.path).step if is_usable else 0
        front.snapshots.clear()
        qtbot.waitUntil(lambda: len(front.snapshots) > 1, timeout=ENOUGH_MS)
        return step

    for _ in range(2):
        step = killed_when(is_usable=True)
        assert re.search(r"goes on from its state of \d+ s ago", refusals()[-1])
        assert front.snapshots[0].stamp.step >= step > 0
    monkeypatch.setattr(aside, "EVERY_S", 1000.0)
    other = dataclasses.replace(SMALL, training=TrainingSettings(batch_size=32))
    front.bridge.send(Reconfigure(other))
    qtbot.waitUntil(lambda: front.has(ConfigChanged, config=other), timeout=ENOUGH_MS)
    killed_when(is_usable=False)
    assert "starts again" in refusals()[-1]
    assert not engine._aside.path.exists()
    assert front.snapshots[-1].config == other
    assert not [event for event in front.events if isinstance(event, FileWritten)]
    assert front.bridge.shut_down(10_000)


def test_a_moved_chart_does_not_wake_costly_probes(qapp):
    """Its range is asked for at once, also of a paused run, as a look in which others may rest."""
    bridge = RunBridge(lambda channel: None)
    bridge._channel = Channel()
    chart = [LossTraceProbe(steps=(1, n)) for n in (10, 20)]
    bridge.set_needs((SamplesProbe(), LossTraceProbe()))
    bridge._after = Stamp(2, 300, 4)
    for probe in chart:
        bridge.set_needs((SamplesProbe(), LossTraceProbe(), probe))
        assert bridge._after == Stamp(2, 300, -1)
    bridge.set_needs((SamplesProbe(), LossTraceProbe()))
    assert bridge._after == Stamp(2, 300, -1)
    bridge.set_needs((SamplesProbe(n=7), LossTraceProbe()))
    assert bridge._after is None
    bridge.set_needs((SamplesProbe(n=7), chart[0]))
    assert bridge._after is None

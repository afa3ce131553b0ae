"""The port, and the loop in a real thread: nothing is lost, nothing piles up, an error is not the end."""

import dataclasses
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.session.commands import (
    KeepAgain,
    LoadCheckpoint,
    Look,
    Pause,
    PutAside,
    Reconfigure,
    Restart,
    Run,
    SaveCheckpoint,
    SetPace,
    Step,
    Stop,
)
from ganviz.session.events import (
    ConfigChanged,
    EngineReady,
    Failed,
    FileWritten,
    Keyframes,
    Refused,
    StateChanged,
    StepTakes,
)
from ganviz.session.long_steps import LONG_S
from ganviz.session.loop import serve
from ganviz.session.port import QueuePort
from ganviz.session.runner import Runner
from ganviz.session.state import RunState
from ganviz.training.checkpoint import load_checkpoint, save_checkpoint
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.probes import LossTraceProbe, SamplesProbe
from ganviz.training.trainer import Trainer

PATIENCE_S = 20.0
SMALL = RunConfig(architecture=MLP(width=8), training=TrainingSettings(batch_size=16))
OTHER = RunConfig(
    (LaneConfig(named_formulation("hinge")),), architecture=MLP(width=8), training=TrainingSettings(batch_size=8)
)  # fmt: skip
LOOK = Look((SamplesProbe(n=20), LossTraceProbe()))


class Front:
    """What a front end does: sends, collects, waits."""

    def __init__(self, make_runner):
        self.port = QueuePort(self.hear)
        self.events, self.snapshots = [], []
        self.thread = threading.Thread(target=serve, args=(make_runner, self.port), daemon=True)
        self.thread.start()

    def hear(self, message):
        if isinstance(message, list):
            self.events += message
        else:
            self.snapshots.append(message)

    def wait(self, condition):
        end = time.monotonic() + PATIENCE_S
        while True:
            found = condition()
            if found:
                return found
            assert time.monotonic() < end, self.events
            time.sleep(0.001)

    def wait_for(self, kind, n=1):
        return self.wait(lambda: len(self.of(kind)) >= n and self.of(kind)[n - 1])

    def wait_for_state(self, state):
        return self.wait(lambda: next((e for e in self.of(StateChanged) if e.state is state), None))

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def look(self, look=LOOK):
        n = len(self.snapshots)
        self.port.ask(look)
        return self.wait(lambda: len(self.snapshots) > n and self.snapshots[-1])

    def stop(self):
        self.port.send(Stop())
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()


@pytest.fixture
def start():
    fronts = []

    def make(make_runner):
        fronts.append(Front(make_runner))
        return fronts[-1]

    yield make
    for front in fronts:
        front.stop()


class Failing:
    """Raises as often as told, then makes a runner."""

    def __init__(self, error, times=1):
        self.error, self.times = error, times

    def __call__(self):
        if self.times:
            self.times -= 1
            raise self.error
        return Runner(SMALL)


def test_commands_keep_their_order_and_a_newer_look_replaces_the_older():
    port = QueuePort([].append)
    assert port.take(0) == ([], None)
    for command in (Run(), Pause(), Step()):
        port.send(command)
        port.ask(Look((), at_step=len(type(command).__name__)))
    assert port.take(None) == ([Run(), Pause(), Step()], Look((), at_step=4))
    assert port.take(0) == ([], None)


def test_waiting_ends_with_the_first_command_or_look():
    for put in (lambda c: c.send(Run()), lambda c: c.ask(LOOK)):
        port = QueuePort([].append)
        timer = threading.Timer(0.05, put, [port])
        timer.start()
        assert port.take(PATIENCE_S) != ([], None)
        timer.join()
    start = time.monotonic()
    assert port.take(0.05) == ([], None)
    assert time.monotonic() - start >= 0.045


def test_the_loop_opens_runs_answers_and_stops(start):
    front = start(lambda: Runner(SMALL))
    front.wait_for(StateChanged)
    assert [type(event) for event in front.events] == [EngineReady, ConfigChanged, Keyframes, StateChanged]
    assert front.of(ConfigChanged)[0].config == SMALL
    assert front.look().stamp.step == 0
    front.port.send(Run(until_step=200))
    front.wait_for_state(RunState.FINISHED)
    assert front.look().stamp.step == 200


def test_a_look_that_has_seen_everything_waits_for_a_change(start):
    front = start(lambda: Runner(SMALL))
    seen = front.look()
    front.port.ask(Look(LOOK.needs, after=seen.stamp))
    front.port.send(SetPace(5.0))
    time.sleep(0.05)
    assert front.snapshots == [seen]
    front.port.send(Step())
    front.wait(lambda: len(front.snapshots) == 2)
    assert front.snapshots[1].stamp.step == 1


@dataclasses.dataclass(frozen=True, slots=True)
class SlowAtFirst(SamplesProbe):
    """Cannot be measured before it is released."""

    released: threading.Event = dataclasses.field(default_factory=threading.Event, compare=False)

    def prepare(self, config):
        assert self.released.wait(PATIENCE_S)


def test_a_look_is_answered_anew_once_a_probe_is_prepared_though_nothing_else_happens(start):
    front, slow = start(lambda: Runner(SMALL, prepares_beside=True)), SlowAtFirst()
    seen = front.look(Look((slow,)))
    assert not seen.readings
    front.port.ask(Look((slow,), after=seen.stamp))
    time.sleep(0.05)
    slow.released.set()
    front.wait(lambda: len(front.snapshots) == 2)
    assert front.snapshots[1].readings


def test_a_pause_takes_effect_at_once_and_for_good(start):
    front = start(lambda: Runner(SMALL, is_running=True))
    took = []
    for _ in range(3):  # a machine that is busy with something else may hold one of them up
        before = front.look().stamp.step
        front.wait(lambda: front.look().stamp.step > before + 100)  # noqa: B023 - waited for before the next one
        front.events.clear()
        sent = time.monotonic()
        front.port.send(Pause())
        stamp = front.wait_for_state(RunState.PAUSED).stamp
        took.append(time.monotonic() - sent)
        time.sleep(0.05)
        assert front.look().stamp == stamp
        front.port.send(Run())
    assert min(took) < 0.5


def test_looks_are_answered_while_training_and_do_not_disturb(start):
    front = start(lambda: Runner(SMALL))
    front.port.send(Run(until_step=600))
    while front.look().stamp.step < 600:
        pass
    steps = [snapshot.stamp.step for snapshot in front.snapshots]
    assert steps == sorted(steps)
    assert len(set(steps)) > 3
    alone = Runner(SMALL)
    alone.trainer.train(600)
    watched, unwatched = front.snapshots[-1].readings, alone.answer(LOOK).readings
    assert (watched[0][1].generated == unwatched[0][1].generated).all()
    np.testing.assert_array_equal(watched[1][1].mean, unwatched[1][1].mean)


@pytest.mark.parametrize("pace", [None, 20.0])
def test_a_loop_without_work_does_not_spin(start, monkeypatch, pace):
    taken = []
    take = QueuePort.take
    monkeypatch.setattr(QueuePort, "take", lambda port, wait: taken.append(wait) or take(port, wait))
    front = start(lambda: Runner(SMALL, is_running=pace is not None, pace=pace))
    front.wait_for(StateChanged)
    n = len(taken)
    time.sleep(0.3)
    assert len(taken) - n <= (1 if pace is None else 20)


def test_stop_is_heard_before_a_run_is_made():
    told = []
    port = QueuePort(told.append)
    port.send(Run())
    port.send(Stop())
    serve(Failing(AssertionError("a runner was made")), port)
    assert told == []


def test_commands_sent_before_the_run_is_there_are_not_lost():
    told = []
    port = QueuePort(told.append)
    for command in (Step(), Step(), Step()):
        port.send(command)
    port.ask(LOOK)
    timer = threading.Timer(0.5, port.send, [Stop()])
    timer.start()
    serve(lambda: Runner(SMALL), port)
    timer.join()
    assert told[-1].stamp.step == 3


@pytest.mark.parametrize(
    ("commands", "n_made"),
    [
        ([Reconfigure(SMALL), Reconfigure(SMALL), Reconfigure(OTHER), Step()], 1),
        ([Reconfigure(OTHER), Restart(), Reconfigure(SMALL), Step()], 3),
        ([Restart(), Reconfigure(OTHER), PutAside(Path("aside"))], 0),
        ([Reconfigure(OTHER), SaveCheckpoint(Path("mine"))], 1),
    ],
    ids=["replaced", "in between", "ended", "saved"],
)
def test_no_run_is_begun_only_to_be_replaced_or_ended(commands, n_made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    front = Front(lambda: time.sleep(0.2) or Runner(SMALL))
    for command in commands:
        front.port.send(command)
    if Step() in commands:
        front.wait(lambda: front.look().stamp.step)
    front.stop()
    assert len(front.of(ConfigChanged)[1:]) == n_made
    for file in (path for path in tmp_path.iterdir() if path.suffix != ".json"):
        assert load_checkpoint(file).config == (OTHER if file.name == "mine" else SMALL)


def test_of_steps_that_are_made_anew_one_after_the_other_the_last_one_is():
    """A key that is held asks for more of them than can be made."""
    trainer = Runner(SMALL).trainer
    trainer.train(100)
    again = Front(lambda: time.sleep(0.2) or Runner(trainer=trainer))
    for step in (99, 98, 97):
        again.port.send(KeepAgain(step))
    again.port.send(Step())
    again.port.send(KeepAgain(90))
    again.wait(lambda: 90 in trainer.keyframes.steps)
    again.stop()
    assert {step for step in trainer.keyframes.steps if step > 64} == {90, 97}


def test_a_run_that_cannot_be_made_is_told_and_can_be_tried_again(start):
    front = start(Failing(RuntimeError("torch is not there")))
    failed = front.wait_for(Failed)
    assert (failed.kind, failed.message) == ("RuntimeError", "torch is not there")
    assert "Traceback" in failed.details
    front.port.send(Run())
    assert "restart it" in front.wait_for(Refused).message
    front.port.send(Restart())
    front.wait_for(EngineReady)
    assert front.look().config == SMALL


def test_where_a_file_could_not_be_opened_another_can(start, tmp_path):
    broken, whole = tmp_path / "broken.ganviz", tmp_path / "whole.ganviz"
    broken.write_bytes(b"nothing of the kind")
    trainer = Trainer(OTHER)
    trainer.train(10)
    save_checkpoint(whole, trainer)
    front = start(lambda: Runner(trainer=load_checkpoint(broken)))
    assert "broken.ganviz" in front.wait_for(Failed).message
    front.port.send(Restart())
    front.wait_for(Failed, n=2)
    front.port.send(LoadCheckpoint(whole))
    front.wait_for(EngineReady)
    snapshot = front.look()
    assert (snapshot.config, snapshot.stamp.step) == (OTHER, 10)


def test_where_a_run_could_not_be_made_other_settings_can(start):
    front = start(Failing(ValueError("no"), times=9))
    front.wait_for(Failed)
    front.port.send(Reconfigure(OTHER))
    front.wait_for(EngineReady)
    assert front.look().config == OTHER


class _BrokenTrainer:
    """Stands where a trainer was and raises at every training call."""

    def __init__(self, trainer):
        self._trainer = trainer

    def __getattr__(self, name):
        return getattr(self._trainer, name)

    def train(self, n, between):
        raise RuntimeError("the device is gone")


@pytest.fixture
def breaking():
    """A runner whose first trainer breaks as soon as it trains."""
    runner = Runner(SMALL)
    runner.trainer = _BrokenTrainer(runner.trainer)
    return runner


@pytest.mark.parametrize(
    "revive", [Restart(), Restart(config=OTHER), Reconfigure(SMALL), Reconfigure(OTHER), "file"]
)
def test_an_error_in_training_is_told_and_the_thread_lives_on(start, breaking, revive, tmp_path):
    if revive == "file":
        save_checkpoint(tmp_path / "run.ganviz", Trainer(OTHER))
        revive = LoadCheckpoint(tmp_path / "run.ganviz")
    front = start(lambda: breaking)
    front.port.send(Run())
    failed = front.wait_for(Failed)
    assert (failed.kind, failed.message) == ("RuntimeError", "the device is gone")
    assert 'raise RuntimeError("the device is gone")' in failed.details
    assert front.wait_for_state(RunState.FAILED).reason == "the device is gone"
    front.port.send(Run())
    front.wait_for(Refused)
    front.port.send(revive)
    front.wait_for(ConfigChanged, n=2)
    front.port.send(Run())
    front.wait(lambda: front.look().stamp.step > 10)
    assert len(front.of(Failed)) == 1


def test_a_command_that_cannot_revive_leaves_the_run_failed(start, breaking, tmp_path):
    front = start(lambda: breaking)
    front.port.send(Run())
    front.wait_for(Failed)
    front.port.send(LoadCheckpoint(tmp_path / "missing.ganviz"))
    assert "missing.ganviz" in front.wait_for(Refused).message
    front.port.send(Run())
    assert "restart it" in front.wait_for(Refused, n=2).message


def test_an_error_does_not_lose_the_commands_behind_it(breaking, tmp_path):
    told = []
    port = QueuePort(told.append)
    path = tmp_path / "saved.ganviz"

    def make_runner():
        for command in (Step(), Restart(), SaveCheckpoint(path), Stop()):
            port.send(command)
        return breaking

    thread = threading.Thread(target=serve, args=(make_runner, port), daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    events = [event for message in told for event in message]
    assert [type(event) for event in events if isinstance(event, Failed | FileWritten)] == [
        Failed,
        FileWritten,
    ]
    assert path.exists()


def test_a_look_that_could_not_be_answered_is_replaced_by_a_newer_one(start):
    front = start(lambda: Runner(SMALL))
    front.port.ask(Look((SamplesProbe(n="many"),)))
    front.wait_for(Failed)
    front.port.ask(LOOK)
    front.port.send(Restart())
    assert front.wait(lambda: front.snapshots)[0].stamp.run == 1
    assert len(front.of(Failed)) == 1


def test_a_look_is_answered_after_an_error_that_has_passed(start, monkeypatch):
    answer, errors = Runner.answer, [RuntimeError("out of memory")]

    def fail_once(runner, look):
        if errors:
            raise errors.pop()
        return answer(runner, look)

    monkeypatch.setattr(Runner, "answer", fail_once)
    front = start(lambda: Runner(SMALL))
    front.port.ask(LOOK)
    front.wait_for(Failed)
    front.port.send(Restart())
    assert front.wait(lambda: front.snapshots)[0].stamp.run == 1


def test_files_are_written_while_training(start, tmp_path):
    front = start(lambda: Runner(SMALL, is_running=True))
    for i in range(5):
        front.port.send(SaveCheckpoint(tmp_path / f"{i}.ganviz"))
        front.wait_for(FileWritten, n=i + 1)
    steps = [load_checkpoint(tmp_path / f"{i}.ganviz").step for i in range(5)]
    assert steps == sorted(steps)


def test_a_file_begun_before_a_pause_is_told_of_after_it(start, slow_disk, tmp_path):
    front = start(lambda: Runner(SMALL, is_running=True))
    front.port.send(SaveCheckpoint(tmp_path / "run.ganviz"))
    front.port.send(Pause())
    front.wait_for_state(RunState.PAUSED)
    assert not front.of(FileWritten)
    slow_disk.set()
    front.wait_for(FileWritten)


def test_a_file_is_finished_before_the_end(slow_disk, tmp_path):
    told = []
    port = QueuePort(told.append)

    def make_runner():
        for command in (SaveCheckpoint(tmp_path / "run.ganviz"), Stop()):
            port.send(command)
        return Runner(SMALL, is_running=True)

    threading.Timer(0.2, slow_disk.set).start()
    serve(make_runner, port)
    assert FileWritten(tmp_path / "run.ganviz") in [event for message in told for event in message]


def test_neither_torch_nor_qt_is_needed_to_have_a_channel():
    code = (
        "import sys, ganviz.session.port, ganviz.session.loop, ganviz.session.pacing, ganviz.session.exporting;"
        "print([name for name in ('torch', 'PySide6') if name in sys.modules])"
    )
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert made.stdout.strip() == "[]"


class TooLarge(Runner):
    """Is refused memory while it trains, once."""

    n = 0

    def advance(self, *between):
        if self.is_running:
            self.n += 1
            if self.n == 3:
                raise RuntimeError(
                    "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."
                )
        return super().advance(*between)


def test_a_run_that_is_refused_memory_is_paused_and_goes_on(start):
    front = start(lambda: TooLarge(SMALL, is_running=True))
    refused = front.wait_for(Refused)
    assert refused.message == (
        "There is not enough memory for this; a smaller batch or width would fit. The run is paused."
    )
    front.wait_for_state(RunState.PAUSED)
    step = front.look().stamp.step
    front.port.send(Run(step + 5))
    front.wait_for_state(RunState.FINISHED)
    assert not front.of(Failed)


def test_a_run_that_has_failed_can_be_saved(start, tmp_path):
    front = start(lambda: Sick(SMALL, is_running=True))
    front.wait_for(Failed)
    front.port.send(SaveCheckpoint(tmp_path / "kept.ganviz"))
    front.wait_for(FileWritten)
    assert load_checkpoint(tmp_path / "kept.ganviz").config == SMALL


class Sick(Runner):
    def advance(self, *between):
        raise ZeroDivisionError


def events_of(told):
    return [event for message in told if isinstance(message, list) for event in message]


class Slow:
    """A clock that jumps by a second whenever it is read."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 1.0
        return self.now


MANY_D_STEPS = dataclasses.replace(SMALL, training=TrainingSettings(batch_size=16, d_steps=7))


@pytest.mark.parametrize(
    ("commands", "says", "n_steps"),
    [
        ([Pause()], RunState.PAUSED, 1),
        ([PutAside(Path("none") / "run.ganviz"), Pause()], RunState.PAUSED, 1),
        ([Stop()], None, 0),
        ([Step(), Pause()], None, 2),
    ],
)
def test_within_a_long_step_pauses_and_stops_are_heard_at_once(monkeypatch, commands, says, n_steps):
    """The step is finished after a pause: its numbers are those of a run that nobody has paused."""
    monkeypatch.setattr("ganviz.session.loop.time.perf_counter", Slow())
    told, heard = [], []
    runner = Runner(MANY_D_STEPS, is_running=True)
    update = runner.trainer._method.finish_discriminator

    def finish():
        update()
        heard.append([event.state for event in events_of(told) if isinstance(event, StateChanged)])
        if len(heard) == 3:
            for command in commands:
                port.send(command)

    runner.trainer._method.finish_discriminator = finish
    port = QueuePort(told.append)
    threading.Timer(1.0, port.send, [Stop()]).start()
    serve(lambda: runner, port)
    assert runner.trainer.step == n_steps
    assert (says in heard[-1]) is (says is not None and n_steps == 1)
    assert any(event.seconds > LONG_S for event in events_of(told) if isinstance(event, StepTakes))
    if n_steps == 1:
        alone = Trainer(MANY_D_STEPS)
        alone.train(1)
        assert torch.equal(
            alone._players.tensors["discriminator"], runner.trainer._players.tensors["discriminator"]
        )

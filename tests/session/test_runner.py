"""Runs as scenarios: commands in, events out. The clock is the test's own."""

import dataclasses
import threading
import time
from typing import ClassVar

import numpy as np
import pytest
import torch

from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.session.commands import (
    ContinueFrom,
    Export,
    ExportKind,
    ForkLane,
    HalfStep,
    KeepAgain,
    LoadCheckpoint,
    Look,
    Pause,
    Reconfigure,
    RemoveLane,
    Restart,
    Run,
    SaveCheckpoint,
    SetPace,
    Step,
)
from ganviz.session.events import (
    ConfigChanged,
    FileWritten,
    Keyframes,
    LaneDiverged,
    Refused,
    StateChanged,
)
from ganviz.session.measuring import FIRST_REST_S
from ganviz.session.runner import Runner
from ganviz.session.state import RunState
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD
from ganviz.training.probes import PROBES, ImageGridProbe, LossTraceProbe, MetricsProbe, SamplesProbe
from ganviz.training.probes.bound import Bound, BoundProbe
from ganviz.training.probes.ledger import Ledger
from ganviz.training.probes.metrics_trace import MetricsTraceProbe
from ganviz.training.probes.shadow_gradients import ShadowGradients
from ganviz.training.snapshot import CAUSES, Stamp

SMALL = TrainingSettings(batch_size=16)
WILD = LaneConfig(
    named_formulation("least_squares"),
    generator_optimizer=SGD(learning_rate=50.0),
    discriminator_optimizer=SGD(learning_rate=50.0),
)
CALM = LaneConfig(named_formulation("non_saturating"))
LOOK = Look((SamplesProbe(n=20), LossTraceProbe()))


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def config(*lanes, **training):
    settings = dataclasses.replace(SMALL, **training)
    return RunConfig(lanes=lanes or (CALM,), architecture=MLP(width=8), training=settings)


def runner(*lanes, **options):
    return Runner(config(*lanes), clock=options.pop("clock", Clock()), **options)


def play(run, *commands):
    return [event for command in commands for event in run.handle(command)]


def advance(run, until):
    """Advance to a step or to the end of training; return all events."""
    events = []
    while run.is_running and run.trainer.step < until:
        events += run.advance()
    return events


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def states(events):
    return [event.state for event in of(StateChanged, events)]


def assert_same(a, b):
    a.trainer.flush(), b.trainer.flush()
    assert a.trainer.step == b.trainer.step
    for name, tensor in a.trainer._players.tensors.items():
        assert torch.equal(tensor, b.trainer._players.tensors[name]), name
    for lane in range(len(a.config.lanes)):
        np.testing.assert_array_equal(a.trainer.history.table(lane), b.trainer.history.table(lane))


def test_a_run_starts_paused_and_trains_only_while_it_runs():
    run = runner()
    assert run.state is RunState.PAUSED
    assert run.advance() == []
    assert run.trainer.step == 0
    assert states(play(run, Run())) == [RunState.RUNNING]
    advance(run, 10)
    step = run.trainer.step
    assert step >= 10
    assert states(play(run, Pause())) == [RunState.PAUSED]
    assert run.advance() == []
    assert run.trainer.step == step
    assert play(run, Pause()) == []


def test_until_is_reached_exactly_and_finishes_the_run():
    run = runner(is_running=True)
    play(run, Run(until_step=100))
    events = advance(run, 10_000)
    assert run.trainer.step == 100
    assert states(events) == [RunState.FINISHED]
    assert events[-1].stamp == run.stamp
    assert play(run, Run(until_step=50)) == []
    assert run.trainer.step == 100
    assert states(play(run, Run())) == [RunState.RUNNING]
    advance(run, 101)
    assert run.trainer.step > 100


def test_a_single_step_moves_the_players_asked_for_and_pauses():
    run = runner(is_running=True)
    stamps = [run.stamp]
    assert states(play(run, Step())) == [RunState.PAUSED]
    assert run.trainer.step == 1
    for players in HalfStep:
        stamps.append(run.stamp)
        before = {name: t.clone() for name, t in run.trainer._players.tensors.items()}
        assert not [event for event in play(run, Step(players)) if not isinstance(event, Keyframes)]
        for name in ("generator", "discriminator"):
            is_moved = not torch.equal(before[name], run.trainer._players.tensors[name])
            assert is_moved == (players is HalfStep.BOTH or players.value == name)
    assert run.trainer.step == 3
    assert len({*stamps, run.stamp}) == 5


def test_a_pace_decides_how_many_steps_are_made():
    clock = Clock()
    run = runner(clock=clock, is_running=True, pace=20.0)
    assert run.advance() == []
    assert run.due_in_s() == pytest.approx(0.05)
    for _ in range(200):
        clock.now += run.due_in_s()
        run.advance()
        if clock.now >= 3 - 1e-9:
            break
    assert run.trainer.step == 60
    play(run, SetPace(None))
    run.advance()
    assert run.trainer.step > 60
    assert run.due_in_s() == 0


def test_time_in_a_pause_is_not_made_up_for():
    clock = Clock()
    run = runner(clock=clock, is_running=True, pace=20.0)
    play(run, Pause())
    clock.now += 60
    play(run, Run())
    run.advance()
    assert run.trainer.step == 0
    assert run.due_in_s() == pytest.approx(0.05)


@pytest.mark.parametrize("pace", [0, -3.0, float("nan")])
def test_a_pace_that_makes_no_sense_is_refused(pace):
    run = runner(pace=20.0)
    (event,) = play(run, SetPace(pace))
    assert isinstance(event, Refused)
    assert repr(pace) in event.message


def test_a_live_change_keeps_the_step_and_leaves_a_mark():
    run = runner(is_running=True)
    advance(run, 20)
    step, stamp = run.trainer.step, run.stamp
    new = config(LaneConfig(named_formulation("saturating")))
    events = play(run, Reconfigure(new))
    assert of(ConfigChanged, events) == [ConfigChanged(new, run.stamp, restarted=False)]
    assert run.stamp.revision > stamp.revision
    assert (run.trainer.step, run.stamp.run, run.state) == (step, stamp.run, RunState.RUNNING)
    labels = [mark.label for mark in run.trainer.history.marks]
    assert labels == ["Non-saturating → Saturating · optimizer reset"]
    assert play(run, Reconfigure(new)) == []


@pytest.mark.parametrize("is_running", [True, False])
def test_a_change_that_cannot_be_made_live_restarts(is_running):
    run = runner(is_running=is_running)
    run.trainer.train(20)
    new = config(batch_size=32)
    events = play(run, Reconfigure(new))
    assert of(ConfigChanged, events) == [ConfigChanged(new, run.stamp, restarted=True)]
    assert (run.trainer.step, run.stamp.run, run.is_running) == (0, 1, is_running)
    assert of(Keyframes, events)[-1] == Keyframes((0,))


def test_a_change_that_cannot_be_made_is_refused_and_changes_nothing():
    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    run = runner(is_running=True)
    run.trainer.train(5)
    run.news()
    before = run.stamp
    (event,) = play(run, Reconfigure(config(device="cuda")))
    assert isinstance(event, Refused)
    assert "no GPU" in event.message
    assert run.stamp == before
    assert run.config == config()


def test_a_restart_keeps_settings_and_makes_the_same_run_again():
    run, other = runner(is_running=True), runner(is_running=True)
    run.trainer.train(70)
    play(run, Restart())
    assert (run.config, run.stamp.run, run.trainer.step) == (config(), 1, 0)
    run.trainer.train(30)
    other.trainer.train(30)
    assert_same(run, other)
    play(run, Restart(new_weights=True))
    assert run.config == config(seed=1)
    assert run.is_running
    run.trainer.train(5)
    play(run, Restart(config=config()))
    assert (run.config, run.stamp.run, run.trainer.step) == (config(), 3, 0)


def test_lanes_are_forked_and_removed():
    run = runner(is_running=True)
    advance(run, 20)
    stamp = run.stamp
    (changed,) = of(ConfigChanged, play(run, ForkLane(0, named_formulation("saturating"), "mine")))
    assert [run.config.lane_title(lane) for lane in range(2)] == ["Non-saturating", "mine"]
    assert changed == ConfigChanged(run.config, run.stamp, restarted=False)
    assert (run.stamp.run, run.trainer.step) == (stamp.run, stamp.step)
    play(run, RemoveLane(0))
    assert [lane.label for lane in run.config.lanes] == ["mine"]
    assert play(run, RemoveLane(0)) == [Refused("The last lane cannot be removed.")]
    for command in (RemoveLane(1), ForkLane(-1, CALM.formulation)):
        (event,) = play(run, command)
        assert isinstance(event, Refused)
        assert f"no lane {command.lane}" in event.message
    advance(run, run.trainer.step + 70)
    assert run.is_running


def test_a_look_back_at_less_lanes_says_which_there_are_now():
    run = runner()
    run.trainer.train(70)
    play(run, ForkLane(0, CALM.formulation))
    now, back = (run.answer(Look((LossTraceProbe(), MetricsTraceProbe()), at_step=at)) for at in (None, 64))
    assert (len(now.config.lanes), len(back.config.lanes)) == (2, 1)
    assert now.of_whole_run().config == back.of_whole_run().config == run.config
    assert all(len(reading.mean) == 2 for _, reading in (*now.readings, *back.readings))


def test_a_look_back_tells_the_values_of_the_step_that_is_looked_at():
    """Those that legends show; also of a lane that has come later."""
    run = runner()
    run.trainer.train(70)
    play(run, ForkLane(0, CALM.formulation))
    table = run.trainer.history.table(0)
    for at, row in ((None, 70), (64, 64)):
        ((_, trace),) = run.answer(Look((LossTraceProbe(columns=("d_loss", "total")),), at_step=at)).readings
        expected = table[row - 1, [COLUMNS.index("d_loss"), COLUMNS.index("total")]]
        np.testing.assert_array_equal(trace.current, [expected, expected])


def test_a_diverged_lane_is_told_once_and_the_others_go_on():
    run = runner(CALM, WILD, is_running=True)
    events = advance(run, 300)
    (event,) = of(LaneDiverged, events)
    status = run.trainer.lanes[1]
    assert event == LaneDiverged(1, status.diverged_at, status.cause)
    assert run.is_running
    snapshot = run.answer(LOOK)
    assert np.isfinite(snapshot.readings[0][1].generated).all()
    assert snapshot.lanes == run.trainer.lanes


def test_a_divergence_that_a_look_finds_is_told_as_well():
    run = runner(CALM, WILD)
    while run.trainer.lanes[1].diverged_at is None:
        run.trainer.train(1)
        run.answer(LOOK)
    (event,) = of(LaneDiverged, run.news())
    assert event.lane == 1
    assert run.news() == []


def test_when_every_lane_has_diverged_the_last_finite_picture_stays():
    run = runner(WILD, is_running=True)
    events = advance(run, 10_000)
    assert run.state is RunState.DIVERGED
    (changed,) = of(StateChanged, events)
    status = run.trainer.lanes[0]
    assert (
        changed.reason
        == f"Training diverged at step {status.diverged_at}: {CAUSES[status.cause]} is not finite."
    )
    assert run.stamp.step == status.diverged_at
    snapshot = run.answer(Look(PROBES))
    for _, reading in snapshot.readings:
        for field in dataclasses.fields(reading):
            value = getattr(reading, field.name)
            if isinstance(reading, Ledger | Bound) and field.name != "parts":
                continue  # most of it has no meaning for a critic
            if isinstance(reading, ShadowGradients) and field.name in ("norms", "cosines"):
                continue  # nothing can be told of weights that are about to be infinite
            if field.name.startswith("best_"):
                continue  # the schedule has measured nothing before
            if field.name not in ("low", "high", "mean", "current", "js_divergence", "good_reverse_kl"):
                assert not isinstance(value, np.ndarray) or np.isfinite(value).all(), field.name
    for command in (Run(), Step()):
        (event,) = play(run, command)
        assert isinstance(event, Refused)
    events = play(run, ContinueFrom(0))
    assert states(events) == [RunState.PAUSED]
    assert not run.trainer.is_finished


@pytest.mark.parametrize("is_origin_removed", [True, False])
def test_a_forked_lane_that_diverges_soon_has_a_last_finite_picture(is_origin_removed):
    run = runner()
    run.trainer.train(100)
    play(run, ForkLane(0, WILD.formulation))
    if is_origin_removed:
        play(run, RemoveLane(0))
    lanes = (*run.config.lanes[:-1], WILD)
    play(run, Reconfigure(dataclasses.replace(run.config, lanes=lanes)), Run(until_step=120))
    lane = len(lanes) - 1
    (event,) = of(LaneDiverged, advance(run, 120))
    assert event.lane == lane
    snapshot = run.answer(LOOK)
    assert np.isfinite(snapshot.readings[0][1].generated).all()
    assert states(play(run, ContinueFrom(110)))[-1] is RunState.PAUSED
    assert run.trainer.step == 100
    assert run.trainer.lanes[lane].diverged_at is None


def test_a_divergence_in_the_last_steps_is_not_passed_over():
    run = runner(WILD, is_running=True)
    play(run, Run(until_step=30))
    assert states(advance(run, 30)) == [RunState.DIVERGED]


def test_removing_the_last_healthy_lane_ends_the_run():
    run = runner(CALM, WILD, is_running=True)
    advance(run, 300)
    assert states(play(run, RemoveLane(0)))[-1] is RunState.DIVERGED


def test_keyframes_are_told_and_can_be_gone_back_to():
    run, straight = runner(is_running=True), runner(is_running=True)
    straight.trainer.train(128)
    events = [*run.opening_events(), *advance(run, 200)]
    told = [event.steps for event in of(Keyframes, events)]
    assert told[0] == (0,)
    steps = (0, 1, 2, 4, 8, 16, 32, 64, 128, 192)
    assert told[-1] == run.trainer.keyframes.steps[: len(told[-1])] == steps[: len(told[-1])]
    past = run.answer(Look(LOOK.needs, at_step=130))
    assert (past.viewed_step, past.stamp) == (128, run.stamp)
    expected = straight.answer(LOOK)
    np.testing.assert_array_equal(past.readings[0][1].generated, expected.readings[0][1].generated)
    events = play(run, ContinueFrom(130))
    assert states(events) == [RunState.PAUSED]
    assert of(Keyframes, events) == [Keyframes((0, 1, 2, 4, 8, 16, 32, 64, 128))]
    assert (run.stamp.run, run.stamp.step) == (1, 128)
    assert_same(run, straight)


def test_any_step_is_made_anew_looked_at_and_gone_on_from():
    run, straight = runner(is_running=True), runner(is_running=True)
    straight.trainer.train(101)
    advance(run, 200)
    events = play(run, KeepAgain(101))
    assert 101 in of(Keyframes, events)[-1].steps
    past = run.answer(Look(LOOK.needs, at_step=101))
    assert past.viewed_step == 101
    assert run.is_running
    expected = straight.answer(LOOK)
    np.testing.assert_array_equal(past.readings[0][1].generated, expected.readings[0][1].generated)
    play(run, ContinueFrom(101))
    assert run.stamp.step == 101
    assert_same(run, straight)


def test_a_step_that_cannot_be_made_anew_is_refused():
    run = runner(is_running=True)
    advance(run, 100)
    (refused,) = of(Refused, play(run, KeepAgain(10**6)))
    assert refused.message.startswith("The run has no step 1")


def test_a_look_is_answered_when_something_has_changed():
    run = runner()
    first = run.answer(LOOK)
    assert first.stamp == run.stamp
    assert run.answer(dataclasses.replace(LOOK, after=first.stamp)) is None
    for command in (Run(), Pause(), Step(), Step(HalfStep.DISCRIMINATOR), Restart()):
        after = run.stamp
        play(run, command)
        assert run.answer(dataclasses.replace(LOOK, after=after)) is not None, command
        assert run.answer(dataclasses.replace(LOOK, after=run.stamp)) is None
    further = dataclasses.replace(LOOK, after=run.stamp, known=LOOK.needs[:1])
    assert [probe for probe, _ in run.answer(further).readings] == list(LOOK.needs[1:])
    assert [probe for probe, _ in run.answer(dataclasses.replace(further, after=None)).readings] == list(
        LOOK.needs
    )


def test_a_look_takes_only_readings_that_have_a_meaning():
    snapshot = runner().answer(Look((ImageGridProbe(), SamplesProbe(n=5))))
    ((probe, reading),) = snapshot.readings
    assert probe == SamplesProbe(n=5)
    assert reading.generated.shape == (1, 5, 2)


def test_a_costly_probe_rests_between_looks_while_the_run_trains():
    clock, costly = Clock(), MetricsProbe(n=100)
    run = runner(clock=clock, is_running=True)

    def measured(after, **look):
        snapshot = run.answer(Look((costly, SamplesProbe(n=5)), after, **look))
        assert snapshot.readings[-1][0] == SamplesProbe(n=5)
        return len(snapshot.readings) == 2

    first = run.stamp
    advance(run, 70)
    assert measured(first)
    assert not measured(first)
    assert measured(None)
    assert measured(first, at_step=64)
    clock.now += costly.min_interval_s
    assert measured(first, at_step=64), "a look back does not begin a rest"
    assert measured(first)
    assert not measured(first)
    for change in (ForkLane(0, CALM.formulation), RemoveLane(0)):
        play(run, change)
        assert measured(first), "a reading that is kept would be one of other lanes"
    play(run, Restart())
    assert measured(first)
    play(run, Pause())
    assert measured(first)


@dataclasses.dataclass(frozen=True, slots=True)
class Costly(SamplesProbe):
    """Takes so many seconds, and is wished once in a second."""

    seconds: float = 0.0
    clock: Clock | None = dataclasses.field(default=None, compare=False)
    min_interval_s: ClassVar[float] = 1.0

    def measure(self, subject):
        self.clock.now += self.seconds
        return SamplesProbe(n=5).measure(subject)


def test_where_all_probes_rest_the_cheapest_that_is_borne_is_measured():
    """The charts of a workspace without samples would stand still at most looks otherwise."""
    clock = Clock()
    run, dear, cheap = (
        runner(clock=clock, is_running=True),
        Costly(seconds=0.03, clock=clock),
        Costly(clock=clock),
    )
    first = run.stamp
    advance(run, 70)
    taken = []
    for seconds in (0.0, 0.01, 0.01, 1.0):
        clock.now += seconds
        taken.append([probe for probe, _ in run.answer(Look((dear, cheap), first)).readings])
    assert taken == [[dear, cheap], [cheap], [cheap], [dear, cheap]]
    assert not run.answer(Look((dear,), first)).readings, "the run does not bear it"


class HeldUp(Costly):
    """Takes a second where somebody says so, and else a hundredth of one."""

    __slots__ = ()

    def measure(self, subject):
        self.clock.now += HELD_UP.pop() if HELD_UP else 0.01
        return SamplesProbe.measure(self, subject)


HELD_UP = list[float]()


def test_a_reading_that_was_held_up_once_does_not_let_a_probe_rest_for_half_a_minute():
    clock = Clock()
    run, probe = runner(clock=clock, is_running=True), HeldUp(clock=clock)
    first = run.stamp
    advance(run, 70)

    def is_measured(after_s):
        clock.now += after_s
        return bool(run.answer(Look((probe,), first)).readings)

    assert all(is_measured(1.0) for _ in range(3))
    HELD_UP.append(1.0)
    assert is_measured(1.0)
    assert all(is_measured(1.0) for _ in range(2)), "what it takes is a hundredth of a second"
    HELD_UP.extend([1.0, 1.0])
    assert is_measured(1.0)
    assert is_measured(1.0)
    assert not is_measured(1.0), "it has become costly"
    assert is_measured(1.0 / probe.most_share)


@dataclasses.dataclass(frozen=True, slots=True)
class Frequent(Costly):
    """Is wished at each look."""

    min_interval_s: ClassVar[float] = 0.0


@pytest.mark.parametrize("seconds", [(0.001,), (0.001, 0.003), (0.0002, 0.004, 0.004), (0.03,) * 6])
def test_all_probes_of_a_run_share_what_one_may_take(seconds):
    """Six views kept a run of images from a quarter of its steps: each took a twenty-fifth."""
    clock = Clock()
    run = runner(clock=clock, is_running=True)
    probes = tuple(Frequent(n=5 + i, seconds=each, clock=clock) for i, each in enumerate(seconds))
    first = run.stamp
    advance(run, 70)
    run.answer(Look(probes, None))
    start, taken = clock.now, dict.fromkeys(probes, 0)
    while clock.now < start + 60:
        clock.now += 1 / 60
        for probe, _ in run.answer(Look(probes, first)).readings:
            taken[probe] += 1
    spent = sum(probe.seconds * n for probe, n in taken.items())
    assert spent <= 1.25 * probes[0].most_share * 60
    wished = sum(30 * each for each in seconds)
    assert spent >= 0.75 * 60 * min(probes[0].most_share, wished), "nobody takes what is left"
    assert min(taken.values()) >= 60 / 30, "none waits for ever"


def test_probes_need_not_share_where_the_run_waits_for_its_next_step():
    clock = Clock()
    run = runner(clock=clock, is_running=True)
    probes = tuple(Frequent(n=5 + i, seconds=0.001, clock=clock) for i in range(3))
    first = run.stamp
    advance(run, 70)
    play(run, SetPace(0.001))
    for _ in range(60):
        assert len(run.answer(Look(probes, first)).readings) == 3
        clock.now += 0.026


@dataclasses.dataclass(frozen=True, slots=True)
class SlowTrace(LossTraceProbe):
    """Takes as long as on a slow machine, which is what the steps since the last one take to be written down."""

    clock: Clock | None = dataclasses.field(default=None, compare=False)

    def measure(self, subject):
        self.clock.now += 0.003
        return LossTraceProbe.measure(self, subject)


def test_curves_move_with_every_look_where_nothing_else_does():
    """In the workspace of the total they stood still at two of three looks."""
    clock = Clock()
    run = runner(clock=clock, is_running=True)
    curves, first = SlowTrace(clock=clock), run.stamp
    advance(run, 70)
    taken = []
    for _ in range(10):
        taken.append(bool(run.answer(Look((curves,), first)).readings))
        clock.now += 1 / 30
    assert all(taken)


def test_what_is_made_once_at_a_first_look_does_not_make_a_probe_rest_long():
    """V against its bound stood still for most of a run whose first look had come on a busy machine."""
    clock = Clock()
    run = runner(clock=clock, is_running=True)
    slow, first = Costly(seconds=4.0, clock=clock), run.stamp
    advance(run, 70)

    def is_measured(after_s):
        clock.now += after_s
        return bool(run.answer(Look((slow,), first)).readings)

    assert is_measured(0.0)
    assert is_measured(FIRST_REST_S)
    assert not is_measured(FIRST_REST_S), "that is what it costs"
    assert not is_measured(4.0 / slow.most_share - 4.0 - 2 * FIRST_REST_S)
    assert is_measured(2 * FIRST_REST_S)


@dataclasses.dataclass(frozen=True, slots=True)
class SlowAtFirst(SamplesProbe):
    """Needs something once that takes until it is released; measuring takes no time then."""

    clock: Clock | None = dataclasses.field(default=None, compare=False)
    released: threading.Event = dataclasses.field(default_factory=threading.Event, compare=False)

    def prepare(self, config):
        if not self.released.wait(60):
            raise TimeoutError
        self.clock.now += 60


def test_a_run_trains_on_while_a_probe_prepares_itself():
    """And what is made once is not charged to its first reading, which would stay for thousands of steps."""
    clock = Clock()
    run = runner(clock=clock, is_running=True, prepares_beside=True)
    slow = SlowAtFirst(clock=clock)
    first = run.stamp
    advance(run, 70)
    assert not run.answer(Look((slow,), first)).readings
    advance(run, 70)
    slow.released.set()
    end = time.monotonic() + 60
    while not run.answer(Look((slow,), first)).readings:
        assert time.monotonic() < end
    assert run.answer(Look((slow,), first)).readings, "it rests though measuring itself took no time"


def test_several_probes_prepare_themselves_beside_each_other():
    """One that began anew whenever another one had begun would never be measured."""
    run, probes = runner(prepares_beside=True), (MetricsProbe(n=50), BoundProbe(n=50, resolution=16))
    look = Look(probes, None)
    deadline = time.monotonic() + 60
    while len(run.answer(look).readings) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_run_that_stands_still_is_looked_at_anew_once_a_probe_is_prepared():
    run, slow = runner(prepares_beside=True), SlowAtFirst(clock=Clock())
    seen = run.answer(Look((slow,)))
    assert not seen.readings
    assert run.is_writing
    assert run.answer(Look((slow,), seen.stamp)) is None
    slow.released.set()
    end = time.monotonic() + 60
    while (anew := run.answer(Look((slow,), seen.stamp))) is None:
        assert time.monotonic() < end
        run.advance()
    assert anew.readings
    run.advance()
    assert not run.is_writing
    assert run.answer(Look((slow,), anew.stamp)) is None


def test_what_a_preparation_raises_is_raised_at_the_look():
    class Broken(SamplesProbe):
        def prepare(self, config):
            raise ZeroDivisionError

    run, broken = runner(is_running=True, prepares_beside=True), Broken()

    def look_for_a_minute():
        end = time.monotonic() + 60
        while time.monotonic() < end:
            run.answer(Look((broken,), Stamp(9, 9, 9)))

    with pytest.raises(ZeroDivisionError):
        look_for_a_minute()


def test_readings_carry_the_step_that_they_were_taken_at():
    run = runner(is_running=True)
    advance(run, 70)
    (_, now), (_, back) = (
        run.answer(Look((SamplesProbe(n=5),), None, at_step=step)).readings[0] for step in (None, 64)
    )
    assert (now.step, back.step) == (run.stamp.step, 64)


def test_looking_saving_and_exporting_do_not_disturb(tmp_path):
    busy, alone = runner(CALM, WILD, is_running=True), runner(CALM, WILD)
    alone.trainer.train(150)
    play(busy, Run(until_step=150))
    files = [tmp_path / name for name in ("a.csv", "a.npz", "b.csv", "b.npz", "c.json", "d.safetensors")]
    kinds = ["history", "history", "samples", "samples", "config", "weights"]
    while busy.is_running:
        busy.advance()
        busy.answer(Look(PROBES))
        commands = [Export(ExportKind(kind), file) for kind, file in zip(kinds, files, strict=True)]
        commands.append(SaveCheckpoint(tmp_path / "run.ganviz"))
        assert len(of(FileWritten, [*play(busy, *commands), *busy.finish_writing()])) == 7
        busy._pacing._slice = 37
    assert_same(busy, alone)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [*(f.name for f in files), "run.ganviz"]
    )


def test_training_goes_on_while_its_files_are_written_as_it_was(slow_disk, tmp_path):
    run, straight = runner(CALM, WILD, is_running=True), runner(CALM, WILD)
    straight.trainer.train(300)
    advance(run, 100)
    at = run.trainer.step
    kinds = [(ExportKind.HISTORY, "a.csv"), (ExportKind.HISTORY, "a.npz"), (ExportKind.CONFIG, "a.json")]
    exports = [Export(kind, tmp_path / name) for kind, name in kinds]
    assert of(FileWritten, play(run, SaveCheckpoint(tmp_path / "a.ganviz"), *exports)) == []
    play(run, Run(until_step=300))
    events = advance(run, 1000)
    assert run.trainer.step == 300
    assert of(FileWritten, events) == []
    play(run, Restart(new_weights=True))
    slow_disk.set()
    written = [event.path.name for event in of(FileWritten, run.finish_writing())]
    assert written == ["a.ganviz", "a.csv", "a.npz", "a.json"]
    with np.load(tmp_path / "a.npz") as arrays:
        tables = [arrays[f"lane_{lane}"] for lane in range(2)]
    for lane, table in enumerate(tables):
        np.testing.assert_array_equal(table, straight.trainer.history.table(lane, at))
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert len([line for line in lines if not line.startswith("#")]) == 1 + sum(map(len, tables))
    again = Runner(trainer=load_checkpoint(tmp_path / "a.ganviz"))
    assert again.trainer.step == at
    again.trainer.train(300 - at)
    assert_same(again, straight)


def test_what_became_of_a_file_is_told_by_the_next_news(slow_disk, tmp_path):
    run = runner(is_running=True)
    commands = [SaveCheckpoint(tmp_path / "no" / "a.ganviz"), SaveCheckpoint(tmp_path / "b.ganviz")]
    assert play(run, *commands) == []
    assert run.is_writing
    assert run.news() == []
    play(run, Pause())
    slow_disk.set()
    refused, written = run.finish_writing()
    assert isinstance(refused, Refused)
    assert "no/a.ganviz' cannot be written" in refused.message
    assert written == FileWritten(tmp_path / "b.ganviz")
    assert not run.is_writing


def test_a_saved_run_goes_on_as_if_never_stopped(tmp_path):
    path = tmp_path / "run.ganviz"
    run, straight = runner(), runner()
    straight.trainer.train(200)
    run.trainer.train(90)
    assert of(FileWritten, play(run, SaveCheckpoint(path))) == [FileWritten(path)]
    other = Runner(config(batch_size=32), is_running=True)
    events = play(other, LoadCheckpoint(path))
    assert of(ConfigChanged, events) == [ConfigChanged(config(), other.stamp, restarted=True)]
    assert (other.state, other.stamp.run, other.trainer.step) == (RunState.PAUSED, 1, 90)
    other.trainer.train(110)
    assert_same(other, straight)


def test_a_run_says_which_file_it_was_read_from_until_another_takes_its_place(tmp_path):
    path = tmp_path / "run.ganviz"
    run = runner()
    play(run, SaveCheckpoint(path))
    told = [
        of(ConfigChanged, play(run, command))[0].path
        for command in (
            LoadCheckpoint(path),
            Restart(),
            LoadCheckpoint(path),
            Reconfigure(config(batch_size=32)),
        )
    ]
    assert told == [path, None, path, None]


def test_a_saved_run_that_diverged_says_so_when_it_is_opened(tmp_path):
    path = tmp_path / "run.ganviz"
    run = runner(WILD, is_running=True)
    advance(run, 10_000)
    play(run, SaveCheckpoint(path))
    events = play(runner(), LoadCheckpoint(path))
    assert len(of(LaneDiverged, events)) == 1
    assert states(events)[-1] is RunState.DIVERGED


def test_a_file_that_cannot_be_opened_leaves_the_run_untouched(tmp_path):
    run = runner(is_running=True)
    advance(run, 20)
    (tmp_path / "broken.ganviz").write_bytes(b"nothing of the kind")
    before, trainer = run.stamp, run.trainer
    for name in ("broken.ganviz", "missing.ganviz"):
        (event,) = play(run, LoadCheckpoint(tmp_path / name))
        assert isinstance(event, Refused)
        assert name in event.message
    assert run.trainer is trainer
    assert run.stamp == before
    assert run.is_running


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path):
    run = runner()
    (tmp_path / "file").touch()
    commands = [
        SaveCheckpoint(tmp_path / "no" / "run.ganviz"),
        Export(ExportKind.HISTORY, tmp_path / "file" / "history.csv"),
        Export(ExportKind.CONFIG, tmp_path),
        Export(ExportKind.SAMPLES, tmp_path / "samples.txt"),
        Export(ExportKind.WEIGHTS, tmp_path / "g.safetensors", lane=3),
    ]
    for command in commands:
        (event,) = play(run, command)
        assert isinstance(event, Refused), command
        assert event.message.endswith(".")
        assert event.path == command.path, "closing waits for others that are still to come"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]

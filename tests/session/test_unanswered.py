"""Settings chosen before earlier ones are in force are made over those, and are known where nobody answers any more."""

from __future__ import annotations

import dataclasses

import pytest

from ganviz.losses.presets import FORMULATIONS
from ganviz.session.commands import (
    Command,
    ForkLane,
    Numbered,
    Pause,
    Reconfigure,
    RemoveLane,
    Restart,
    SaveCheckpoint,
    Stop,
)
from ganviz.session.events import Answered, ConfigChanged, FileWritten, Refused, Relaunched
from ganviz.session.loop import serve
from ganviz.session.port import QueuePort
from ganviz.session.runner import Runner
from ganviz.session.settings import with_settings
from ganviz.session.unanswered import Unanswered
from ganviz.training.config import RunConfig

SMALL = with_settings(RunConfig(), ["architecture.width=8", "training.batch_size=16"])
HINGE = FORMULATIONS["hinge"].formulation
SATURATING = FORMULATIONS["saturating"].formulation


def _heard(commands: list[Command], *, has_run: bool = True) -> Unanswered:
    """Return what is known after a loop has got these commands, and the end behind them."""
    unanswered = Unanswered(SMALL)
    told: list[object] = []
    port = QueuePort(told.extend)

    def send() -> None:
        for command in (*commands, Stop()):
            numbered = unanswered.numbered(command)
            if numbered is not None:
                port.send(numbered)

    def make() -> Runner:
        if has_run:
            send()
        return Runner(SMALL)

    if not has_run:
        send()
    serve(make, port)
    for event in told:
        unanswered.read(event)
    return unanswered


def _lanes(*formulations: object) -> tuple[object, ...]:
    return tuple(dataclasses.replace(SMALL.lanes[0], formulation=one) for one in formulations)


@pytest.mark.parametrize("has_run", [False, True])
@pytest.mark.parametrize("setting", ["training.d_steps=5", "architecture.width=16"])
def test_settings_that_the_end_overtakes_are_known(setting, has_run):
    wished = with_settings(SMALL, [setting])
    more = with_settings(SMALL, ["training.g_steps=2"])
    assert _heard([Reconfigure(wished, SMALL)], has_run=has_run).expected == wished
    both = _heard([Reconfigure(wished, SMALL), Reconfigure(more, SMALL)], has_run=has_run)
    assert both.expected == with_settings(wished, ["training.g_steps=2"])
    assert _heard([Restart(config=wished)], has_run=has_run).expected == wished
    assert _heard([Reconfigure(SMALL, SMALL), Restart()], has_run=has_run).expected == SMALL


@pytest.mark.parametrize("has_run", [False, True])
def test_lanes_that_the_end_overtakes_are_known(has_run):
    own = SMALL.lanes[0].formulation
    wished = with_settings(SMALL, ["training.d_steps=5"])
    known = _heard([ForkLane(0, HINGE), Reconfigure(wished, SMALL), ForkLane(0, SATURATING)], has_run=has_run)
    assert known.expected == dataclasses.replace(wished, lanes=_lanes(own, HINGE, SATURATING))
    assert _heard([ForkLane(0, HINGE), RemoveLane(0)], has_run=has_run).expected.lanes == _lanes(HINGE)
    new = _heard([Restart(new_weights=True)], has_run=has_run).expected
    assert new == SMALL.with_other_seeds()


def test_what_was_put_back_before_it_was_in_force_is_put_back():
    unanswered = Unanswered(SMALL)
    wished = with_settings(SMALL, ["training.d_steps=5"])
    first = unanswered.numbered(Reconfigure(wished, unanswered.chosen))
    assert unanswered.chosen == wished
    back = unanswered.numbered(Reconfigure(SMALL, unanswered.chosen))
    assert unanswered.chosen == SMALL
    run = Runner(SMALL)
    for command in (first, back):
        run.handle(command)
    assert run.config == SMALL
    assert _heard([first, back]).expected == SMALL


def test_a_lane_is_the_one_that_was_meant():
    unanswered = Unanswered(dataclasses.replace(SMALL, lanes=_lanes(HINGE, SATURATING, HINGE)))
    first, again, last = (unanswered.numbered(RemoveLane(lane)) for lane in (0, 0, 2))
    assert (first, again, last) == (RemoveLane(0), None, RemoveLane(1))
    assert unanswered.numbered(ForkLane(1, HINGE)) == ForkLane(0, HINGE)


def test_answers_of_one_command_leave_the_others():
    unanswered = Unanswered(SMALL)
    wishes = [with_settings(SMALL, [f"training.d_steps={n}"]) for n in (2, 3)]
    sent = [unanswered.numbered(Reconfigure(wish, SMALL)) for wish in wishes]
    lane = unanswered.numbered(ForkLane(0, HINGE))
    tickets = [command.ticket for command in (*sent, lane) if isinstance(command, Numbered)]
    assert len({*tickets}) == 3
    unanswered.read(Answered(tickets[2]))
    unanswered.read(ConfigChanged(SMALL, None, False))
    assert unanswered.expected == wishes[1]
    unanswered.read(Answered(tickets[1]))
    assert unanswered.expected == SMALL


def test_another_process_answers_nothing_of_what_was_asked_before():
    unanswered = Unanswered(SMALL)
    assert unanswered.numbered(Pause()) == Pause()
    unanswered.numbered(ForkLane(0, HINGE))
    unanswered.read(Relaunched())
    assert unanswered.expected == SMALL


def test_a_file_is_awaited_until_it_is_written_or_refused(tmp_path):
    path = tmp_path / "run.ganviz"
    for told in (FileWritten(path), Refused("No.", path), Relaunched()):
        unanswered = Unanswered(SMALL)
        unanswered.numbered(SaveCheckpoint(path))
        for other in (FileWritten(tmp_path / "other"), Refused("No.", tmp_path / "other"), Refused("No.")):
            unanswered.read(other)
            assert unanswered.is_writing
        unanswered.read(told)
        assert not unanswered.is_writing


def test_settings_before_a_file_are_in_force_in_it(tmp_path):
    wished = with_settings(SMALL, ["training.d_steps=5"])
    later = with_settings(wished, ["training.g_steps=5"])
    commands = [
        Reconfigure(wished, SMALL),
        SaveCheckpoint(tmp_path / "run.ganviz"),
        Reconfigure(later, wished),
    ]
    assert _heard(commands).expected == later

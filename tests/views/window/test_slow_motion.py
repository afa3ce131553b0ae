"""One step in slow motion: the order of moves, numbers of the right moments, and how it ends."""

import dataclasses

import pytest
from made_up import run_config, snapshot
from PySide6.QtWidgets import QLabel

from ganviz.session.commands import HalfStep, Pause, Step
from ganviz.session.events import ConfigChanged, StateChanged
from ganviz.session.state import RunState
from ganviz.training.probes.ledger import LedgerProbe
from ganviz.training.rules import Simultaneous
from ganviz.training.snapshot import Stamp
from ganviz.views.plot.plotting import number
from ganviz.views.window.slow_motion import PHASES, Moment

D, G = Step(HalfStep.DISCRIMINATOR), Step(HalfStep.GENERATOR)


@pytest.fixture
def window(open_window):
    made = open_window()
    made.commands.clear()
    made.actions_.do("slow_motion")
    return made


def at(step):
    return snapshot(run_config(), step=step)


def test_each_move_is_made_once_and_told_with_the_numbers_of_both_moments(window):
    motion = window.experiments.slow_motion
    assert window.commands == [Pause()]
    assert LedgerProbe() in window.needs()
    window.show_snapshot(at(7))
    assert window.banner.text.startswith("1 of 9. Draw. 128 real samples")
    assert motion._lights, "no view is framed"
    framed = motion._lights[0].parentWidget()
    framed.resize(framed.width() - 9, framed.height() - 5)
    assert motion._lights[0].geometry() == framed.rect()
    said = []
    moves = ((7, None), (7, None), (8, D), (8, None), (8, None), (8, None), (9, G), (9, None))
    for step, command in moves:
        window.commands.clear()
        motion.go_on()
        assert window.commands == ([command] if command else [])
        if command:
            assert window.banner.text == said[-1], "it speaks of a move before it was made"
            window.show_snapshot(at(step))
        said.append(window.banner.text)
        assert motion._lights, "no view is framed"
    first, second, third = (Moment.of(at(step)) for step in (7, 8, 9))
    assert f"D(x) is {number(first.on_real)} on average" in said[1]
    assert f"L_D = {number(second.real_part)} (real) + {number(second.fake_part)} (fake)" in said[2]
    assert f"D(x) went {number(first.on_real)} → {number(second.on_real)}" in said[3]
    assert "128 latents are drawn anew" in said[4]
    assert f"D(G(z)) is {number(second.on_generated)} on average" in said[5]
    assert f"L_G = {number(third.g_loss)}. With it, curves and ledger have the whole of step 9." in said[6]
    assert f"{number(second.on_generated)} → {number(third.on_generated)}. That was step 9" in said[7]
    motion.go_on()
    assert LedgerProbe() not in motion.needs()
    assert not window.banner.isVisible()
    assert not motion._lights


def test_it_goes_on_by_itself_and_ends_when_the_run_does(window, qtbot, monkeypatch):
    motion = window.experiments.slow_motion
    monkeypatch.setattr("ganviz.views.window.slow_motion.PHASE_MS", 1)
    window.show_snapshot(at(7))
    qtbot.waitUntil(lambda: D in window.commands)
    assert len(PHASES) == 9
    window.handle_event(StateChanged(RunState.RUNNING, Stamp(1, 7, 1)))
    assert motion.needs() == ()
    window.commands.clear()
    window.show_snapshot(at(8))
    motion.go_on()
    assert window.commands == []


def test_what_is_pressed_before_there_are_numbers_does_nothing(window):
    motion = window.experiments.slow_motion
    motion.go_on()
    window.show_snapshot(at(7))
    assert window.banner.text.startswith("1 of 9.")
    while D not in window.commands:
        motion.go_on()
    window.actions_.do("slow_motion")
    window.commands.clear()
    motion.go_on()
    assert not window.commands


def test_another_run_ends_it_and_keeps_what_was_said_of_that_one(window):
    motion = window.experiments.slow_motion
    window.show_snapshot(at(7))
    window.handle_event(ConfigChanged(run_config(), Stamp(2, 0, 1), restarted=True))
    assert motion.needs() == ()
    assert not motion._lights
    assert not window.banner.isVisible()
    window.actions_.do("slow_motion")
    window.show_snapshot(at(7))
    window.banner.say("Another run. What it is.")
    window.handle_event(ConfigChanged(run_config(), Stamp(3, 0, 1), restarted=True))
    assert motion.needs() == ()
    assert window.banner.text == "Another run. What it is."
    assert window.banner.isVisible()


def test_of_several_lanes_it_says_which_one_it_tells_of(window):
    config = run_config(formulations=("saturating", "hinge"))
    window.handle_event(ConfigChanged(config, Stamp(1, 7, 1), True))
    window.actions_.do("slow_motion")
    window.show_snapshot(snapshot(config, step=7))
    assert window.banner.text.startswith(f"1 of 9, lane “{config.lane_title(0)}”. Draw.")


def other(**training):
    config = run_config(formulations=("wgan_gp",))
    return dataclasses.replace(config, training=dataclasses.replace(config.training, **training))


def test_penalties_and_what_is_not_one_move_each_in_turn_are_named():
    now = Moment.of(snapshot(other(g_steps=3, rule=Simultaneous()), step=7))
    says = [phase.says(now, now) for phase in PHASES]
    assert says[0].endswith("This run's rule is Simultaneous; here D and G move in turn.")
    assert says[3].endswith(", and what its penalties add. Curves have whole steps alone, up to 7.")
    assert "A step of this run has 3 such moves." in says[8]
    assert all("the score of generated samples" in says[at] for at in (6, 8))
    plain = [phase.says(Moment.of(at(7)), Moment.of(at(7))) for phase in PHASES]
    assert not any(word in text for text in plain for word in ("penalties", "such moves", "in turn"))


def test_curves_of_whole_steps_are_given_the_loss_of_the_batch(window):
    """While D's loss is told, curves end with the step before: the number stands on them, and goes with the phase."""
    motion = window.experiments.slow_motion
    window.show_snapshot(at(7))

    def notes():
        return [label.accessibleName() for light in motion._lights for label in light.findChildren(QLabel)]

    while D not in window.commands:
        assert notes() == []
        motion.go_on()
    window.show_snapshot(at(8))
    now = Moment.of(at(8))
    (light,) = [one for one in motion._lights if one.parentWidget() is window.docks.views["losses"]]
    assert notes() == [f"This batch: L_D = {number(now.real_part + now.fake_part)}"]
    (label,) = light.findChildren(QLabel)
    assert label.text().startswith("This batch: L<sub>D</sub> = ")
    motion.go_on()
    assert notes() == []
    penalized = Moment.of(snapshot(other(), step=7))
    assert PHASES[3].noted(penalized).endswith(", without its penalties")


def test_every_move_of_d_in_a_step_is_made_and_told(window):
    motion, config = window.experiments.slow_motion, other(d_steps=3)
    window.handle_event(ConfigChanged(config, Stamp(1, 7, 1), True))
    window.actions_.do("slow_motion")
    window.show_snapshot(snapshot(config, step=7))
    window.commands.clear()
    said, step = [], 7
    while motion.needs():
        moves = len(window.commands)
        motion.go_on()
        if len(window.commands) > moves:
            step += 1
            window.show_snapshot(snapshot(config, step=step))
        said.append(window.banner.text.partition(". ")[0])
    assert window.commands == [D, D, D, G]
    turns = [f"{n} of 9, D's turn {turn} of 3" for turn in (1, 2, 3) for n in (4, 5)]
    assert said == ["2 of 9", "3 of 9", *turns, "6 of 9", "7 of 9", "8 of 9", "9 of 9", ""]

"""The pace that a person has chosen is there again at the next start; what is none is as if never chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from made_up import run_config, snapshot

from ganviz.app import Session
from ganviz.session.events import ConfigChanged
from ganviz.session.experiments import experiment
from ganviz.session.run_presets import run_preset
from ganviz.training.snapshot import Stamp
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.slow_start import SLOW, SLOW_STEPS

USUAL = 400.0
"""The pace of a window in which nobody has chosen one, after its first steps."""


@pytest.fixture
def start(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Session]]:
    """Return what starts the program, and ends it where it was started before."""
    monkeypatch.setenv("GANVIZ_IN_PROCESS", "1")
    sessions: list[Session] = []

    def begin() -> Session:
        end()
        sessions.append(Session())
        return sessions[-1]

    def end() -> None:
        for session in sessions:
            session.window.close()
            session.leave()
        sessions.clear()

    yield begin
    end()


def paces(session: Session) -> tuple[float | None, float | None]:
    """Return the pace of a new window's first steps, and of those after them."""
    first = session.window.run_bar.pace
    session.bridge.snapshot_arrived.emit(snapshot(run_config(), step=SLOW_STEPS))
    return first, session.window.run_bar.pace


@pytest.mark.parametrize("pace", [2, 30, 100, None])
def test_a_chosen_pace_is_there_again(start: Callable[[], Session], pace: float | None) -> None:
    bar = start().window.run_bar
    bar.toggle_full_speed()
    while bar.pace != pace:
        bar.change_speed(-1)
    assert paces(start()) == (min(SLOW, pace or SLOW), pace)


def test_a_pace_of_an_experiment_is_not_kept(start: Callable[[], Session]) -> None:
    """Nor one that is chosen while it goes on: the run is not kept, either."""
    window = start().window
    staged = experiment("saturation")
    window.experiments.show_me(staged.key)
    window.handle_event(ConfigChanged(staged.config, Stamp(1, 0, 0), True))
    assert window.run_bar.pace == staged.pace
    window.run_bar.change_speed(-2)
    assert paces(start()) == (SLOW, USUAL)


def test_a_preset_brings_its_pace(start: Callable[[], Session]) -> None:
    window = start().window
    window.run_bar.change_speed(-2)
    window.wishes.preset_begun.emit(run_preset("grid"))
    assert paces(start()) == (SLOW, run_preset("grid").pace)


@pytest.mark.parametrize("value", ["nan", "inf", "-3", "0", "1e300", "", "ring", 7, b"\x00\xff", ["2", "5"]])
def test_a_broken_pace_is_forgotten(start: Callable[[], Session], value: object) -> None:
    WindowMemory()._settings.setValue("pace", value)
    assert paces(start()) == (SLOW, USUAL)

"""What is asked before a change loses something, and what the answers do: with the dialogs as they are."""

from __future__ import annotations

import dataclasses

import made_up
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from ganviz.losses.presets import named_formulation
from ganviz.session.commands import ContinueFrom, Pause, Reconfigure, RemoveLane, SaveCheckpoint
from ganviz.session.events import Answered, ConfigChanged, FileWritten, Refused, StateChanged
from ganviz.session.run_presets import run_preset
from ganviz.session.state import RunState
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Stamp
from ganviz.views.window import wishes

ONE = RunConfig().lanes[0]
TWO = RunConfig(lanes=(ONE, dataclasses.replace(ONE, formulation=named_formulation("saturating"))))
OTHER = dataclasses.replace(run_preset("grid").config, lanes=TWO.lanes)


@pytest.fixture
def window(open_window, monkeypatch, tmp_path):
    """A window that has trained two lanes for 90 seconds; ``button`` begins the words of the one that is pressed."""
    window, time = open_window(TWO), {"s": 0.0}
    window._memory.keep_text("restarts_unasked", "no")
    window.command_requested.emit(Pause())
    window.files.worth._clock = lambda: time["s"]
    window.handle_event(ConfigChanged(TWO, Stamp(1, 0, 0), True))
    window.handle_event(StateChanged(RunState.RUNNING, Stamp(1, 0, 1)))
    time["s"] = 90.0
    window.show_snapshot(made_up.snapshot(TWO, step=4000, run=1))
    window.button, window.texts, window.file = "", [], tmp_path / "kept.ganviz"
    window.commands.clear()

    def press(box):
        window.texts.append(box.text())
        named = {one.text().replace("&", ""): one for one in box.buttons()}
        named[
            window.button if window.button in named else "Discard"
        ].click()  # the other asks when a test has ended
        return box.result()

    monkeypatch.setattr(QMessageBox, "exec", press)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(window.file), ""))
    return window


LOSING = {
    "restart": (lambda window: window.wishes.configure(OTHER), Reconfigure(OTHER), "restart"),
    "going back": (lambda window: window.wishes.continue_from(64), ContinueFrom(64), "go back"),
    "removal": (lambda window: window.strip.removal_wished.emit(0), RemoveLane(0), "remove"),
}


def sent(window):
    """Return what has been asked of the engine besides saving, and answer it."""
    commands = [one for one in window.commands if hasattr(one, "ticket")]
    for one in commands:
        window.handle_event(Answered(one.ticket))
    return [dataclasses.replace(one, ticket=0) for one in commands]


@pytest.mark.parametrize("name", LOSING)
def test_it_is_done_at_once_after_saving_or_not_at_all(window, name):
    wish, command, word = LOSING[name]
    window.button = "Cancel"
    wish(window)
    assert (len(window.texts), window.commands) == (1, [])
    window.button = f"Save, then {word}"
    wish(window)
    assert window.commands == [SaveCheckpoint(window.file)], "what is lost is saved first"
    window.handle_event(FileWritten(window.file, 4000))
    assert sent(window) == [command]
    window.commands.clear()
    window.handle_event(StateChanged(RunState.RUNNING, Stamp(1, 4000, 2)))
    window.files.worth._trained_s = 90.0
    window.show_snapshot(made_up.snapshot(TWO, step=4100, run=1))
    window.button = word.capitalize()
    wish(window)
    assert sent(window) == [command]


@pytest.mark.parametrize("name", LOSING)
def test_what_could_not_be_saved_is_not_lost(window, name, monkeypatch):
    wish, *_, word = LOSING[name]
    window.button = f"Save, then {word}"
    wish(window)
    window.handle_event(Refused("The disk is full.", window.file))
    window.handle_event(FileWritten(window.file, 4000))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("", ""))
    window.files.path = None
    window.show_snapshot(made_up.snapshot(TWO, step=4100, run=1))
    window.files.worth._trained_s = 90.0
    wish(window)
    assert sent(window) == []


def test_a_lane_that_stays_is_meant_as_before(window):
    window.strip.target.choose(1)
    window.button = "Cancel"
    window.strip.removal_wished.emit(0)
    assert window.strip.target.lane == 1
    window.button = "Remove"
    window.strip.removal_wished.emit(0)
    assert window.strip.target.lane == 0
    assert all("Non-saturating" in text for text in window.texts)


def test_a_lane_that_is_worth_nothing_goes_unasked(window):
    window.files.worth.keep(None)
    window.strip.removal_wished.emit(1)
    assert sent(window) == [RemoveLane(1)]
    assert window.texts == []


def test_who_wants_to_be_asked_no_more_is_not(window, monkeypatch):
    monkeypatch.setattr(wishes, "confirm_removal", lambda *_: ("", True))
    window.strip.removal_wished.emit(1)
    assert sent(window) == []
    window.strip.removal_wished.emit(1)
    assert sent(window) == [RemoveLane(1)]

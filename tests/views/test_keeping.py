"""Layout and settings are on the disk a moment after they have changed, not only when the window closes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from ganviz.losses.presets import FORMULATIONS, named_formulation
from ganviz.session.events import ConfigChanged, Refused
from ganviz.session.experiments import experiment
from ganviz.session.port import answered
from ganviz.session.run_presets import run_preset
from ganviz.session.runner import Runner
from ganviz.session.settings import with_settings
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Stamp
from ganviz.views.window import keeping
from ganviz.views.window.keeping import Keeping
from ganviz.views.window.memory import WindowMemory


def on_disk(key):
    """Return what another process would read."""
    settings = QSettings(QSettings.defaultFormat(), QSettings.Scope.UserScope, "ganviz", "ganviz")
    name = settings.fileName()
    return QSettings(name, QSettings.Format.IniFormat).value(key)


@pytest.fixture
def kept(open_window, monkeypatch):
    monkeypatch.setattr(keeping, "DELAY_MS", 50)
    window = open_window()
    return window, Keeping(window, WindowMemory(), lambda: window.config)


def test_settings_are_kept_when_they_change(kept, qtbot):
    window, keeper = kept
    other = with_settings(RunConfig(), ["lanes.0.formulation=hinge", "training.batch_size=32"])
    window.handle_event(ConfigChanged(other, Stamp(1, 0, 0), True))
    keeper.keep_soon()
    qtbot.waitUntil(lambda: WindowMemory().config() == other)
    assert other.lanes[0].formulation == named_formulation("hinge")


def test_the_next_start_opens_with_what_was_there_before_an_experiment(open_window):
    """Its stages let one player rest, and a window that opened so would have a G that never moves."""
    window = open_window()
    own = with_settings(RunConfig(), ["lanes.0.formulation=hinge", "training.batch_size=32"])
    window.handle_event(ConfigChanged(own, Stamp(1, 0, 0), True))
    window.actions_.do("show_me:v_is_nobodys_loss")
    staged = [config for _, config in experiment("v_is_nobodys_loss").configs()]
    keeper = Keeping(window, window._memory, lambda: window.config)
    for config in staged:
        window.handle_event(ConfigChanged(config, Stamp(2, 0, 0), True))
        keeper.keep_now()
    window.handle_event(ConfigChanged(staged[-1], Stamp(3, 0, 0), True))  # the same weights
    keeper.keep_late(staged[-1])
    window.close_unasked()
    window.close()
    assert WindowMemory().config() == own


def test_what_is_chosen_after_an_experiment_is_kept(open_window):
    window = open_window()
    window.experiments.show_me("v_is_nobodys_loss")
    staged = experiment("v_is_nobodys_loss").config
    window.experiments.preset_begun(run_preset("digits"))
    window.handle_event(ConfigChanged(staged, Stamp(2, 0, 0), True))
    assert WindowMemory().config() == staged


def test_that_nothing_can_be_kept_is_said_once(kept):
    """A full disk, say; here a folder stands where the file was."""
    _, keeper = kept
    said = []
    keeper.refused.connect(said.append)
    keeper.keep_now()
    assert said == []
    place = Path(WindowMemory()._settings.fileName())
    place.unlink()
    place.mkdir()
    for title in ("one", "other"):
        keeper._memory.keep_text("title", title)
        keeper.keep_now()
    place.rmdir()
    assert said == [f"Settings and layout are not kept: '{place}' cannot be written."]
    keeper.keep_now()
    assert on_disk("title") == "other"


def test_the_layout_is_kept_when_a_dock_goes(kept, qtbot):
    window, keeper = kept
    keeper.keep_now()
    before = on_disk("layout")
    window.docks.docks["metrics"].close()
    qtbot.waitUntil(lambda: on_disk("layout") != before)


def test_nothing_is_kept_of_a_window_that_has_closed(kept, qtbot):
    window, keeper = kept
    window.close()
    assert not keeper._timer.isActive()


def test_settings_that_are_nested_without_end_do_not_keep_the_window_from_starting():
    memory = WindowMemory()
    memory.keep_text("config", "[" * 200_000)
    assert memory.config() is None
    memory.keep_text("config", json.dumps({"lanes": 3}))
    assert memory.config() is None


def test_a_choice_is_made_over_those_that_are_not_in_force_yet(open_window, qtbot):
    window = open_window()
    first, other = FORMULATIONS["saturating"].formulation, window.config.lanes[0].formulation
    window.wishes.choose_formulation(0, first)
    window.wishes.configure(with_settings(window.pending.chosen, ["training.d_steps=3"]))
    window.wishes.choose_formulation(0, other)
    run = Runner(window.config)
    events = [event for command in window.commands for event in answered(command, run.handle(command))]
    assert (run.config.training.d_steps, run.config.lanes[0].formulation) == (3, other)
    assert window.pending.expected == run.config != window.config
    for event in events:
        window.handle_event(event)
    assert window.pending.chosen == window.config == run.config


def test_undo_takes_back_what_is_not_in_force_yet(open_window, qtbot):
    window = open_window()
    window.settings.config_requested.emit(with_settings(window.config, ["training.d_steps=3"]))
    assert window.settings._config.training.d_steps == 3
    window.wishes.undo()
    assert window.settings._config == window.pending.expected == window.config
    run = Runner(window.config)
    for command in window.commands:
        run.handle(command)
    assert run.config == window.config


def test_a_choice_is_seen_at_once_and_what_is_refused_goes(open_window, qtbot):
    window = open_window()
    window.wishes.choose_formulation(0, FORMULATIONS["saturating"].formulation)
    checked = [button for button in window.strip._group.buttons() if button.isChecked()]
    qtbot.waitUntil(lambda: [b for b in window.strip._group.buttons() if b.isChecked()] != checked)
    for event in answered(window.commands[-1], [Refused("It cannot be.")]):
        window.handle_event(event)
    qtbot.waitUntil(lambda: [b for b in window.strip._group.buttons() if b.isChecked()] == checked)
    assert window.pending.chosen == window.config

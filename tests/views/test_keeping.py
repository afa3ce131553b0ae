"""Layout and settings are on the disk a moment after they have changed, not only when the window closes."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QSettings

from ganviz.losses.presets import named_formulation
from ganviz.session.events import ConfigChanged
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

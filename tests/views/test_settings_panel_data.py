"""Choosing other data in the settings: fitting networks come along, and going back loses nothing."""

from __future__ import annotations

from ganviz.data.gaussians import Ring
from ganviz.data.mnist import MNIST
from ganviz.session.run_presets import run_preset
from ganviz.session.settings import with_settings
from ganviz.views.panels.settings_panel import SettingsPanel


def test_digits_and_back_keep_what_was_set(qtbot):
    mine = with_settings(run_preset("default").config, ["architecture.width=77", "training.seed=5"])
    panel = SettingsPanel(mine)
    qtbot.addWidget(panel)
    wished = []
    panel.config_requested.connect(lambda config: (wished.append(config), panel.show_config(config)))
    panel._data.spec_changed.emit(MNIST())
    assert wished[-1].architecture == run_preset("digits").config.architecture
    assert wished[-1].training.seed == 5
    panel._data.spec_changed.emit(Ring())
    assert wished[-1] == mine
    assert len(wished) == 2

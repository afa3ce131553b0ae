"""What the settings panel asks for: data with fitting networks, optimizers of one network or of both, any part."""

from __future__ import annotations

import dataclasses

import made_up
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox

from ganviz.data.gaussians import Ring
from ganviz.data.mnist import MNIST
from ganviz.data.points_file import PointsFile
from ganviz.networks.mlp import MLP
from ganviz.session.run_presets import run_preset
from ganviz.session.settings import with_settings
from ganviz.training.config import LaneConfig, Latents, RunConfig
from ganviz.training.optimizers import SGD, Adam
from ganviz.training.rules import Extragradient
from ganviz.views.controls.settings_panel import SettingsPanel
from ganviz.views.forms.form import SpecForm


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


@pytest.fixture
def opened(qtbot):
    def made(config):
        panel, wished = SettingsPanel(config), []
        qtbot.addWidget(panel)
        panel.config_requested.connect(lambda config: (wished.append(config), panel.show_config(config)))
        return panel, wished

    return made


def choose(panel, player, key):
    form = panel._lane_form._parts[f"{player}_optimizer"]
    form._chosen(form._box.findData(key))


def optimizers(config):
    return [(lane.generator_optimizer, lane.discriminator_optimizer) for lane in config.lanes]


def test_optimizers_are_chosen_for_both_networks_or_for_one(opened):
    panel, wished = opened(RunConfig())
    adam = RunConfig().lanes[0].generator_optimizer
    choose(panel, "discriminator", "sgd")
    assert optimizers(wished[-1]) == [(SGD(), SGD())]
    panel._is_linked.setChecked(False)
    choose(panel, "generator", "adam")
    assert optimizers(wished[-1]) == [(adam, SGD())]
    assert len(wished) == 2


def test_the_second_optimizer_is_folded_away_while_it_is_the_first_one(opened):
    panel, wished = opened(RunConfig())
    second, linked = panel._lane_form._parts["discriminator_optimizer"], panel._is_linked
    assert second.isHidden()
    assert not panel._lane_form._parts["generator_optimizer"].isHidden()
    linked.click()
    assert not second.isHidden()
    assert wished == []
    choose(panel, "discriminator", "sgd")
    linked.click()
    assert second.isHidden()
    adam = RunConfig().lanes[0].generator_optimizer
    assert optimizers(wished[-1]) == [(adam, adam)]
    different = dataclasses.replace(LaneConfig(), discriminator_optimizer=SGD())
    panel.show_config(RunConfig((different,)))
    assert not second.isHidden()


def test_a_change_goes_to_all_lanes_or_to_the_chosen_one(opened):
    mine = LaneConfig(label="mine", generator_optimizer=Adam(beta1=0.1), seed=3)
    panel, wished = opened(RunConfig((LaneConfig(), mine)))
    panel._is_linked.setChecked(False)
    choose(panel, "discriminator", "sgd")
    first = dataclasses.replace(LaneConfig(), discriminator_optimizer=SGD())
    assert wished[-1].lanes == (first, dataclasses.replace(mine, discriminator_optimizer=SGD()))
    panel._target.choose(1)
    choose(panel, "generator", "sgd")
    assert wished[-1].lanes == (
        first,
        dataclasses.replace(mine, generator_optimizer=SGD(), discriminator_optimizer=SGD()),
    )


def test_every_part_of_a_run_is_asked_for_and_shown(opened):
    panel, wished = opened(RunConfig())
    assert set(panel._forms) == {f.name for f in dataclasses.fields(RunConfig)} - {"lanes"}
    panel._forms["latents"].spec_changed.emit(Latents(size=3))
    assert wished == [RunConfig(latents=Latents(size=3))]
    assert panel._forms["latents"].spec == Latents(size=3)


def test_a_rule_is_chosen_with_the_loop_around_both_updates(opened):
    panel, wished = opened(RunConfig())
    form = panel._forms["training"]._parts["rule"]
    form._chosen(form._box.findData("extragradient"))
    (config,) = wished
    assert config.training.rule == Extragradient()
    assert not RunConfig().needs_restart(config)


def test_the_panel_says_how_a_file_was_understood(opened, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("<b>x</b>;y\n0,5;1,25\n", "utf-8")
    panel, _ = opened(RunConfig(distribution=PointsFile(path=str(path))))
    found = panel._data_found
    assert "'<b>x</b>' and 'y'; semicolons between columns, decimal commas" in found.text()
    assert found.textFormat() == Qt.TextFormat.PlainText
    assert not found.isHidden()
    panel.show_config(RunConfig(distribution=PointsFile(path=str(tmp_path / "gone.csv"))))
    assert found.isHidden()
    panel.show_config(RunConfig())
    assert found.isHidden()


def test_data_from_files_that_are_chosen_again_ask_for_other_files(opened, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("0,1\n2,3\n", "utf-8")
    points = PointsFile(path=str(path))
    panel, wished = opened(RunConfig(distribution=points))
    asked = []
    panel.files_wished.connect(asked.append)
    menu = panel._data._box
    menu.activated.emit(menu.currentIndex())
    assert (asked, wished) == ([points], [])
    panel.show_config(RunConfig())
    menu.activated.emit(menu.currentIndex())
    assert asked == [points]
    path.unlink()
    menu.activated.emit(menu.findData("points_file"))
    assert (asked, wished) == ([points, points], [])
    assert menu.currentData() == "ring"


def test_what_differs_is_shown_as_different_and_a_change_goes_to_all_lanes(qtbot):
    config = made_up.run_config(formulations=("non_saturating", "wgan_gp"))
    one, other = config.lanes
    one = dataclasses.replace(one, generator_optimizer=Adam(learning_rate=0.01, beta1=0.3))
    other = dataclasses.replace(other, generator_optimizer=Adam(learning_rate=0.02, beta1=0.3))
    config = dataclasses.replace(config, lanes=(one, other))
    panel, wished = SettingsPanel(config), []
    qtbot.addWidget(panel)
    panel.config_requested.connect(lambda config: (wished.append(config), panel.show_config(config)))
    assert not panel.lane_row._differ.isHidden()
    loss, penalties = (panel._formulation._form._parts[name] for name in ("loss", "penalties"))
    fields = panel._lane_form._parts["generator_optimizer"]._form._fields
    rate, beta = fields["learning_rate"].widget, fields["beta1"].widget
    switch = penalties._rows["gradient_penalty"][0]
    assert (loss._box.currentText(), loss._form.isHidden()) == ("", True)
    assert (rate.text(), rate.placeholderText(), beta.text()) == ("", "different", "0.3")
    assert switch.checkState() == Qt.CheckState.PartiallyChecked
    assert not panel._is_linked.isChecked()
    rate.editingFinished.emit()
    assert wished == [], "nothing was entered"
    qtbot.keyClicks(rate, "0.01")  # what the first lane has already
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert [lane.generator_optimizer.learning_rate for lane in wished[-1].lanes] == [0.01, 0.01]
    assert wished[-1].lanes[0] == one, "a lane that has the value already is left alone"
    assert rate.text() == "0.01"
    penalties._rows["r1"][0].click()
    assert [[p.key for p in lane.formulation.penalties] for lane in wished[-1].lanes] == [
        ["r1"], ["r1", "gradient_penalty"],
    ]  # fmt: skip
    switch.click()
    assert switch.checkState() == Qt.CheckState.Checked
    assert all(len(lane.formulation.penalties) == 2 for lane in wished[-1].lanes)
    loss._chosen(loss._box.findData(one.formulation.loss.key))
    assert [lane.formulation.loss for lane in wished[-1].lanes] == [one.formulation.loss] * 2
    assert (loss._box.currentText(), loss._form.isHidden()) == (one.formulation.loss.title, False)
    panel._is_linked.click()
    assert panel.lane_row._differ.isHidden()
    assert len(wished) == 5


def test_a_whole_number_or_a_switch_may_differ_too(qtbot):
    form, told = SpecForm(MLP()), []
    qtbot.addWidget(form)
    form.specs_changed.connect(told.append)
    form.show_specs([MLP(width=8), MLP(width=16, spectral_norm=True, activation="tanh")])
    width, switch, kind = (form._fields[name].widget for name in ("width", "spectral_norm", "activation"))
    assert (width.text(), kind.currentIndex()) == ("different", -1)
    width.stepBy(1)
    assert told == [], "arrows have nowhere to start from"
    width.lineEdit().setText("8")
    qtbot.keyClick(width, Qt.Key.Key_Return)
    switch.click()
    assert [(spec.width, spec.spectral_norm) for spec in told[-1]] == [(8, True), (8, True)]
    assert told[-1][1].activation == "tanh"


def test_a_search_leaves_the_settings_that_have_all_of_its_words(qtbot):
    panel = SettingsPanel(RunConfig())
    qtbot.addWidget(panel)
    panel.show()

    def found(text):
        panel.search.setText(text)
        return {w.accessibleName() for kind in (QLineEdit, QComboBox, QSpinBox, QCheckBox)
                for w in panel._scrolled.findChildren(kind) if w.isVisible() and w.accessibleName()}  # fmt: skip

    everything = found("")
    assert found("BATCH") >= {"Batch size"}
    assert "Learning rate" not in found("batch")
    assert {"Learning rate", "Generator's optimizer"} <= found("optimizer rate")
    assert found("clipping") == {"Constraint on D's weights"}, "an entry of a menu that is not chosen"
    assert panel._nothing.isHidden()
    assert found("quite unheard of") == set()
    assert not panel._nothing.isHidden()
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.search.text() == ""
    assert found("") == everything


def by_click(penalty):
    return lambda parts: parts["penalties"]._rows[penalty][0].click()


def by_menu(part, key):
    return lambda parts: parts[part]._chosen(parts[part]._box.findData(key))


@pytest.mark.parametrize(
    ("kept", "change", "part", "above"),
    [
        ("mmd", by_click("r1"), "penalties", lambda form: form._rows["r1"][0]),
        ("mmd", lambda parts: parts["inputs"]._rows["instance_noise"][0].click(), "inputs",
         lambda form: form._rows["instance_noise"][0]),
        ("mmd", by_menu("constraint", "clipping"), "constraint", lambda form: form._box),
        ("r3gan", by_menu("loss", "mmd"), "loss", lambda form: form._box),
    ],
    ids=["penalty", "input", "constraint", "loss"],
)  # fmt: skip
def test_what_is_refused_goes_back_and_the_reason_stands_in_sight_below_it(
    opened, qtbot, kept, change, part, above
):
    config = with_settings(RunConfig(), [f"formulation={kept}"])
    panel, wished = opened(config)
    panel.resize(280, 300)
    panel.show()
    form = panel._formulation._form._parts[part]
    change(panel._formulation._form._parts)
    switch, error = above(form), form._error
    qtbot.waitUntil(lambda: not error.visibleRegion().isEmpty())
    assert "MMD has no discriminator" in error.text()
    titles = {"penalties": "Penalties", "inputs": "What D sees", "constraint": "Constraint on D's weights"}
    assert part == "loss" or error.text().startswith(f"{titles[part]} cannot go with the loss: ")
    assert form.layout().indexOf(error) == form.layout().indexOf(switch) + 1
    assert not switch.visibleRegion().isEmpty(), "the field itself is in sight, too"
    assert wished == []
    assert not isinstance(switch, QCheckBox) or not switch.isChecked()
    assert panel._formulation._form.spec == config.lanes[0].formulation
    panel.show_config(config)
    assert error.isHidden()


def test_what_the_run_refuses_is_said_beside_the_field_that_was_changed(opened):
    panel, wished = opened(with_settings(RunConfig(), ["formulation=mmd"]))
    field = panel._forms["training"]._fields["batch_size"]
    field.edited.emit(1)
    error = panel._forms["training"]._errors["batch_size"]
    assert not error.isHidden()
    assert "Batch size must be at least 2" in error.text()
    assert (field.widget.value(), wished) == (128, [])


def test_a_lane_that_is_meant_can_be_named(opened, qtbot):
    """Lanes had names in files and presets, and no place where a person could give one."""
    config = made_up.run_config(formulations=("non_saturating", "non_saturating"))
    panel, wished = opened(config)
    row = panel.lane_row
    assert row.name.isHidden(), "all lanes are meant"
    panel._target.choose(1)
    assert not row.name.isHidden()
    assert row.name.placeholderText() == "Name: Non-saturating"
    qtbot.keyClicks(row.name, "rate × 10")
    qtbot.keyClick(row.name, Qt.Key.Key_Return)
    assert [one.label for one in wished[-1].lanes] == ["", "rate × 10"]
    assert wished[-1].lanes[1] == dataclasses.replace(config.lanes[1], label="rate × 10"), (
        "nothing else changes"
    )
    assert row.box.currentText() == "rate × 10"
    panel._target.choose(0)
    assert row.name.text() == ""
    panel._target.choose(1)
    row.name.clear()
    row.name.setModified(True)
    qtbot.keyClick(row.name, Qt.Key.Key_Return)
    assert [one.label for one in wished[-1].lanes] == ["", ""]
    assert len(wished) == 2

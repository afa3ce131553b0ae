"""Forms turn parameters into widgets and back: what can be used is told, what cannot is refused beside its field."""

from __future__ import annotations

import dataclasses

import pytest
import shiboken6
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QSpinBox

from ganviz.data import DISTRIBUTIONS
from ganviz.losses.adversarial.custom import CustomLoss
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.constraints import WeightClipping
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.one_centered import GradientPenalty
from ganviz.losses.penalties.zero_centered import R1
from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.spec import PartInfo, field_info, field_types
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import OPTIMIZERS, SGD, Adam
from ganviz.views.controls.formulation_panel import FormulationPanel
from ganviz.views.controls.settings_panel import SettingsPanel
from ganviz.views.forms import inputs
from ganviz.views.forms.choices import ChoiceForm, SeveralForm
from ganviz.views.forms.form import SpecForm
from ganviz.views.look.formula import with_whole_terms


@pytest.fixture
def open_form(qtbot):
    def made(form):
        qtbot.addWidget(form)
        told = []
        form.spec_changed.connect(told.append)
        form.show()
        return form, told

    return made


def type_into(qtbot, form, name, text):
    widget = form._fields[name].widget
    line = widget if isinstance(widget, QLineEdit) else widget.lineEdit()
    line.setFocus()
    line.selectAll()
    line.del_()
    line.insert(text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


@pytest.mark.parametrize("spec", [MLP(), TrainingSettings(), Adam(), LeastSquares()], ids=lambda s: s.title)
def test_every_parameter_has_a_row_that_shows_it(open_form, spec):
    form, told = open_form(SpecForm(spec))
    kinds = {bool: QCheckBox, int: QSpinBox, float: QLineEdit}
    for field in dataclasses.fields(spec):
        info = field_info(field)
        if isinstance(info, PartInfo):
            assert form._parts[field.name]._form.spec == getattr(spec, field.name)
            continue
        widget = form._fields[field.name].widget
        kind = field_types(type(spec))[field.name]
        assert isinstance(widget, QComboBox if info.choices else kinds.get(kind, QLineEdit))
        assert widget.accessibleName() == info.title
        assert widget.toolTip() == info.help
    assert told == []
    assert form.spec == spec


@pytest.mark.parametrize(
    ("text", "value"), [("0.5", 0.5), ("2e-3", 0.002), ("1,5", 1.5), ("−3", -3.0), ("4", 4.0)]
)
def test_numbers_are_written_as_one_likes(open_form, qtbot, text, value):
    form, told = open_form(SpecForm(LeastSquares()))
    type_into(qtbot, form, "a", text)
    assert told == [LeastSquares(a=value)]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("-1", "between 0 and 100, not -1"),
        ("1e", "a number between 0 and 100, not '1e'"),
        ("", "a number"),
        ("1e400", "inf"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(open_form, qtbot, text, part):
    form, told = open_form(SpecForm(Adam()))
    type_into(qtbot, form, "learning_rate", text)
    error = form._errors["learning_rate"]
    assert not error.isHidden()
    assert part in error.text()
    assert told == []
    assert form.spec == Adam()
    type_into(qtbot, form, "learning_rate", "0.01")
    assert error.isHidden()
    assert told == [Adam(learning_rate=0.01)]


def test_whole_numbers_switches_and_choices(open_form, qtbot):
    form, told = open_form(SpecForm(MLP()))
    type_into(qtbot, form, "width", "64")
    form._fields["spectral_norm"].widget.click()
    box = form._fields["activation"].widget
    box.setCurrentIndex(box.findText("tanh"))
    box.activated.emit(box.currentIndex())
    expected = MLP(width=64, spectral_norm=True, activation="tanh")
    assert told[-1] == expected
    assert len(told) == 3
    type_into(qtbot, form, "width", "0")
    assert "between 1 and 4096, not 0" in form._errors["width"].text()
    assert form.spec == expected


@pytest.mark.parametrize(
    ("text", "widths"),
    [("64, 32", (64, 32)), ("[64,32]", (64, 32)), ("64  32", (64, 32)), ("7", (7,)), (" 8,4 ", (8, 4))],
)
def test_lists_of_numbers_need_no_brackets(open_form, qtbot, text, widths):
    form, told = open_form(SpecForm(MLP()))
    assert form._fields["generator_widths"].widget.text() == ""
    type_into(qtbot, form, "generator_widths", text)
    assert told == [MLP(generator_widths=widths)]
    form.show_spec(told[0])
    assert form._fields["generator_widths"].widget.text() == ", ".join(map(str, widths))
    type_into(qtbot, form, "generator_widths", "")
    assert told[1:] == [MLP()]
    for wrong, words in (("wide", "must be a list, not 'wide'"), ("8, 0", "between 1 and 4096, not 0")):
        type_into(qtbot, form, "generator_widths", wrong)
        assert words in form._errors["generator_widths"].text()
    assert form.spec == MLP()


def test_what_is_in_force_replaces_what_was_refused(open_form, qtbot):
    form, told = open_form(SpecForm(Adam()))
    type_into(qtbot, form, "learning_rate", "-1")
    form.show_spec(Adam(beta1=0.25))
    assert form._errors["learning_rate"].isHidden()
    assert form._fields["learning_rate"].widget.text() == f"{Adam().learning_rate:g}"
    assert told == []


def test_leaving_a_field_without_a_change_tells_nothing(open_form, qtbot):
    form, told = open_form(SpecForm(Adam()))
    form._fields["beta2"].widget.editingFinished.emit()
    assert told == []


@pytest.mark.parametrize("catalog", [DISTRIBUTIONS, OPTIMIZERS], ids=lambda c: c.what)
def test_every_entry_can_be_chosen(open_form, catalog):
    first = next(iter(catalog.values()))()
    form, told = open_form(ChoiceForm(catalog, first, "Entry", SpecForm))
    for index in reversed(range(len(catalog))):
        form._box.setCurrentIndex(index)
        form._chosen(index)
    assert [spec.key for spec in told] == list(catalog)[::-1]


def test_a_choice_that_is_taken_up_again_is_as_it_was(open_form, qtbot):
    form, told = open_form(ChoiceForm(OPTIMIZERS, Adam(), "Optimizer", SpecForm))
    type_into(qtbot, form._form, "beta1", "0.25")
    for key in ("sgd", "adam"):
        form._chosen(form._box.findData(key))
    assert told == [Adam(beta1=0.25), SGD(), Adam(beta1=0.25)]


@pytest.mark.parametrize(
    "make", [lambda: SpecForm(MLP()), lambda: ChoiceForm(OPTIMIZERS, Adam(), "Optimizer", SpecForm)]
)
def test_the_wheel_belongs_to_the_panel(open_form, make):
    form, told = open_form(make())
    boxes = form.findChildren(QComboBox)
    assert boxes
    for box in boxes:
        box.setFocus()
        at, down = QPointF(5, 5), QPoint(0, -120)
        keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
        wheel = QWheelEvent(at, at, QPoint(), down, buttons, keys, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(box, wheel)
        assert not wheel.isAccepted()
    assert told == []


def test_a_refusal_names_the_field_as_its_label_does(open_form, qtbot):
    form, _ = open_form(SpecForm(Adam()))
    type_into(qtbot, form, "learning_rate", "1e6")
    assert form._errors["learning_rate"].text().startswith("Learning rate must be")


def test_entries_are_switched_on_and_off_and_keep_their_values(open_form, qtbot):
    form, told = open_form(SeveralForm(PENALTIES, (), SpecForm))
    switch, inner = form._rows["r1"]
    assert inner.isHidden()
    switch.click()
    assert not inner.isHidden()
    type_into(qtbot, inner, "gamma", "3")
    form._rows["gradient_penalty"][0].click()
    switch.click()
    switch.click()
    assert told == [
        (R1(),), (R1(gamma=3.0),), (R1(gamma=3.0), GradientPenalty()), (GradientPenalty(),),
        (R1(gamma=3.0), GradientPenalty()),
    ]  # fmt: skip
    form.show_spec((GradientPenalty(),))
    assert inner.isHidden()
    assert len(told) == 5


def test_an_entry_that_another_run_had_comes_with_its_usual_values(open_form):
    form, told = open_form(SeveralForm(PENALTIES, (), SpecForm))
    form.show_spec((R1(gamma=5.0),))
    form.show_spec(())
    form._rows["r1"][0].click()
    assert told == [(R1(),)]


def test_the_parts_of_a_spec_are_forms_within_its_form(qtbot):
    formulation = named_formulation("non_saturating")
    panel, told = FormulationPanel(formulation), []
    qtbot.addWidget(panel)
    panel.formulations_changed.connect(lambda specs: told.append(*specs))
    parts = panel._form._parts
    assert list(parts) == [field.name for field in dataclasses.fields(formulation)]
    parts["penalties"]._rows["r1"][0].click()
    parts["loss"]._chosen(parts["loss"]._box.findData("least_squares"))
    parts["constraint"]._chosen(parts["constraint"]._box.findData("clipping"))
    parts["inputs"]._rows["instance_noise"][0].click()
    with_r1 = dataclasses.replace(formulation, penalties=(R1(),))
    squares = dataclasses.replace(with_r1, loss=LeastSquares())
    clipped = dataclasses.replace(squares, constraint=WeightClipping())
    noisy = dataclasses.replace(clipped, inputs=(InstanceNoise(),))
    assert told == [with_r1, squares, clipped, noisy]
    assert with_whole_terms(LeastSquares().d_formula) in panel._formula.text()
    panel.show_formulations([formulation])
    assert parts["penalties"]._rows["r1"][1].isHidden()
    assert with_whole_terms(formulation.loss.d_formula) in panel._formula.text()
    assert len(told) == 4


def test_of_a_typed_loss_it_is_told_what_it_will_do(qtbot):
    panel, told = FormulationPanel(named_formulation("non_saturating")), []
    qtbot.addWidget(panel)
    panel.formulations_changed.connect(lambda specs: told.append(*specs))
    assert panel._told.isHidden()
    form = panel._form._parts["loss"]
    form._chosen(form._box.findData("custom"))
    assert not panel._told.isHidden()
    assert "they may be added" in panel._told.text()
    panel.show_formulations([dataclasses.replace(told[-1], loss=CustomLoss(generated="-softplus(t)"))])
    assert "lost the generator" in panel._told.text()
    panel.show_formulations([named_formulation("hinge")])
    assert panel._told.isHidden()


def test_a_loss_is_drawn_and_told_while_it_is_typed_and_trains_when_it_is_entered(qtbot):
    panel, told = FormulationPanel(named_formulation("custom: softplus(-t); softplus(t); softplus(-t)")), []
    qtbot.addWidget(panel)
    panel.formulations_changed.connect(lambda specs: told.append(*specs))
    panel.show()
    form = panel._form._parts["loss"]._form
    line, error = form._fields["generated"].widget, form._errors["generated"]
    panel._preview.setFixedSize(
        284, 130
    )  # what is drawn is compared, not how sentences share the room with it
    panel.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    before, sentences = panel._preview.grab().toImage(), panel._told.text()
    line.selectAll()
    qtbot.keyClicks(line, "-softplus(t)")
    assert panel._preview.grab().toImage() != before
    assert "lost the generator" in panel._told.text()
    qtbot.keyClicks(line, " + q")
    assert error.text().startswith("G: A formula cannot hold the name 'q' (character 16); it is made of")
    assert "lost the generator" in panel._told.text(), "what could be used last"
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert panel._told.text() == sentences
    qtbot.waitUntil(lambda: panel._preview.grab().toImage() == before)
    assert error.isHidden()
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "-softplus(t) + q")
    qtbot.keyClick(line, Qt.Key.Key_Return)  # which refuses it
    assert panel._told.text() == sentences, "of what trains, not of half of what stands there"
    assert panel._preview.grab().toImage() == before
    assert (line.text(), error.isHidden()) == ("-softplus(t) + q", False)
    assert told == []
    line.selectAll()
    qtbot.keyClicks(line, "-t")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert [formulation.loss.generated for formulation in told] == ["-t"]


def test_a_field_outlives_the_dialog_that_its_edit_has_opened(open_form, monkeypatch, qtbot):
    """While the dialog is open another form may take its place; Qt deleted the field within its own event."""
    monkeypatch.setattr(inputs, "RETRY_MS", 10)
    form, _ = open_form(ChoiceForm(OPTIMIZERS, Adam(), "Optimizer", SpecForm))
    old, lived = form._form, []

    def edit() -> None:  # in the loop of the program
        dialog = QEventLoop()
        QTimer.singleShot(0, lambda: form.show_spec(SGD()))
        QTimer.singleShot(100, dialog.quit)
        dialog.exec()
        lived.append(shiboken6.isValid(old))
        QTimer.singleShot(100, program.quit)

    program = QEventLoop()
    QTimer.singleShot(0, edit)
    program.exec()
    assert lived == [True]
    assert not shiboken6.isValid(old)


def test_a_refusal_has_room_for_every_line(qtbot):
    """In the narrow column of a small window, also when it comes for the first time."""
    panel = SettingsPanel(RunConfig((LaneConfig(named_formulation("custom")),)))
    qtbot.addWidget(panel)
    panel.resize(216, 700)
    panel.show()
    form = panel._formulation._form._parts["loss"]._form
    for name in ("generated", "real", "fake"):
        field, error = form._fields[name].widget, form._errors[name]
        field.selectAll()
        qtbot.keyClicks(field, "-log(1-")
        qtbot.waitUntil(lambda error=error: error.height() >= error.heightForWidth(error.width()) > 0)
        qtbot.wait(30)
        needed = error.fontMetrics().boundingRect(
            0, 0, error.width(), 999, int(Qt.TextFlag.TextWordWrap), error.text()
        )
        assert 0 <= error.height() - needed.height() <= 6


@pytest.mark.parametrize(
    ("make", "shows", "others"),
    [
        (lambda: ChoiceForm(OPTIMIZERS, Adam(), "Optimizer", SpecForm), Adam(), SGD()),
        (lambda: SeveralForm(PENALTIES, (R1(),), SpecForm), (R1(),), ()),
        (lambda: SpecForm(Adam()), Adam(), Adam(learning_rate=0.5)),
    ],
    ids=("menu", "switches", "form"),
)
def test_what_is_typed_and_not_finished_goes_with_what_it_is_about(open_form, qtbot, make, shows, others):
    """Its field loses the focus as it is hidden, which finished it: the typed number brought back what had gone."""
    form, told = open_form(make())
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    inner = form._rows["r1"][1] if isinstance(form, SeveralForm) else getattr(form, "_form", form)
    line = inner._fields["gamma" if isinstance(form, SeveralForm) else "learning_rate"].widget
    line.setFocus()
    assert line.hasFocus()
    qtbot.keyClicks(line, "7")
    form.show_spec(others)
    qtbot.wait(10)
    assert told == []
    form.show_spec(shows)
    assert told == []


def test_what_is_typed_goes_where_lanes_become_different(open_form, qtbot):
    form, told = open_form(ChoiceForm(OPTIMIZERS, Adam(), "Optimizer", SpecForm))
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    line = form._form._fields["learning_rate"].widget
    line.setFocus()
    qtbot.keyClicks(line, "7")
    form.show_specs((Adam(), SGD()))
    qtbot.wait(10)
    assert form._form.isHidden()
    assert told == []

"""Fields for single values: what can be typed into them, and that Enter and Esc give the keys back to the run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ganviz.session.commands import HalfStep, Reconfigure, Step
from ganviz.views.controls.section import Section


@pytest.fixture
def window(open_window):
    window = open_window()
    window._memory.set_flag("restarts_unasked")  # there is nobody to answer
    for section in window.settings.findChildren(Section):
        section.set_open(True)
    return window


@pytest.fixture
def rate(window):
    """The line of the generator's learning rate."""
    form = window.settings._lane_form._parts["generator_optimizer"]._form
    return form._fields["learning_rate"].widget


@pytest.fixture
def batch(window):
    """The spin box of the batch size."""
    return window.settings._forms["training"]._fields["batch_size"].widget


def typed(qtbot, widget, text):
    widget.setFocus()
    widget.selectAll()
    qtbot.keyClicks(widget, text)


def test_letters_are_not_typed_into_a_number(window, rate, qtbot):
    for keys, text in (
        ("nan", "0.002"),
        ("0.05rddd", "0.05"),
        ("e0.5", "0.5"),
        ("2e-3x", "2e-3"),
        ("0,5", "0,5"),
        ("-1.5", "-1.5"),
        ("1..5", "1.5"),
    ):
        typed(qtbot, rate, keys)
        assert rate.text() == text
        assert window.commands == []


def test_letters_are_not_typed_into_a_whole_number(window, batch, qtbot):
    typed(qtbot, batch, "12rddd8")
    assert batch.text() == "128"
    assert window.commands == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_after_enter_keys_act_on_the_run(window, rate, qtbot, key):
    typed(qtbot, rate, "0.05")
    qtbot.keyClick(rate, key)
    assert [type(command) for command in window.commands] == [Reconfigure]
    assert not rate.hasFocus()
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_D)
    assert window.commands[1:] == [Step(HalfStep.DISCRIMINATOR)]
    assert rate.text() == "0.05"


def test_after_esc_the_value_is_as_before_and_keys_act_on_the_run(window, rate, qtbot):
    before = rate.text()
    typed(qtbot, rate, "0.05")
    qtbot.keyClick(rate, Qt.Key.Key_Escape)
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_D)
    assert window.commands == [Step(HalfStep.DISCRIMINATOR)]
    assert rate.text() == before


def test_a_whole_number_is_left_in_the_same_way(window, batch, qtbot):
    before = batch.value()
    typed(qtbot, batch, "77")
    qtbot.keyClick(batch, Qt.Key.Key_Escape)
    assert (batch.value(), batch.hasFocus(), window.commands) == (before, False, [])
    typed(qtbot, batch, "77")
    qtbot.keyClick(batch, Qt.Key.Key_Return)
    assert not batch.hasFocus()
    assert [command.config.training.batch_size for command in window.commands] == [77]

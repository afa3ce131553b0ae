"""The gallery of experiments and small dialogs: cards, letters of any size, numbers, the keyboard, buttons."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFrame,
    QLabel,
    QMessageBox,
    QProxyStyle,
    QPushButton,
    QStyle,
    QWidget,
)

from ganviz.session.experiments import experiments
from ganviz.views.controls.experiment_picture import SIZE, ExperimentPicture
from ganviz.views.look.theme import DARK, LIGHT, scaled
from ganviz.views.window.appearance import dress
from ganviz.views.window.dialogs import PreferencesDialog
from ganviz.views.window.experiment_list import ExperimentList
from ganviz.views.window.prediction_dialog import PredictionDialog

COMMA = re.compile(r"\d,\d{3}(?!\d)")


@pytest.fixture
def parent(qtbot, qapp):
    widget = QWidget()
    qtbot.addWidget(widget)
    yield widget
    dress("light", ())


@pytest.fixture
def large_letters(qapp):
    before = qapp.font()
    qapp.setFont(scaled(before, 2.0))
    yield
    qapp.setFont(before)


@pytest.fixture
def opened(parent, qtbot):
    def show():
        found = ExperimentList(parent)
        found.show()
        qtbot.waitExposed(found)
        found.activateWindow()
        return found

    return show


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_cards_are_told_from_the_ground(opened, theme):
    dress(theme.key, ())
    found = opened()
    card = next(one for one in found.findChildren(QFrame) if one.objectName() == "card")
    image = card.grab().toImage()
    middle = image.height() // 2
    edge = image.pixelColor(0, middle).name()
    assert (edge, image.pixelColor(3, middle).name()) == (theme.border, theme.raised)


def test_numbers_have_thin_spaces_as_in_all_of_the_window(opened, parent, qtbot):
    found = opened()
    texts = [one.text() for one in found.findChildren(QLabel)]
    texts += [one.toolTip() for one in found.findChildren(QPushButton)]
    assert not [text for text in texts if COMMA.search(text)]
    assert any("1&nbsp;000" in text for text in texts)
    for one in experiments():
        if one.prediction is not None:
            dialog = PredictionDialog(one, one.prediction, parent)
            assert not [label.text() for label in dialog.findChildren(QLabel) if COMMA.search(label.text())]
            dialog.reject()


def test_tab_brings_the_whole_card_into_sight(opened, qtbot):
    found = opened()
    view = found._area.viewport()
    buttons = [one for one in found.findChildren(QPushButton) if one.text() == "Play"]
    qtbot.waitUntil(buttons[0].hasFocus)
    for button in buttons[1:8]:
        QTest.keyClick(found.focusWidget(), Qt.Key.Key_Tab)
        assert found.focusWidget() is button
        card = button.parentWidget()
        top = card.mapTo(view, QPoint(0, 0)).y()
        assert top >= 0
        assert top + card.height() <= view.height()


def test_pictures_and_questions_grow_with_their_letters(large_letters, opened, parent):
    found = opened()
    assert found.findChild(ExperimentPicture).width() > 1.7 * SIZE.width()
    assert found.minimumSizeHint().width() < 700  # the sentence above the cards breaks
    one = next(one for one in experiments() if one.prediction is not None)
    dialog = PredictionDialog(one, one.prediction, parent)
    assert dialog.findChild(QLabel).width() > 600
    dialog.reject()


class PicturesOnButtons(QProxyStyle):
    """What desktops say of buttons, the offscreen platform not."""

    def styleHint(self, hint, option=None, widget=None, data=None):
        is_asked = hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons
        return 1 if is_asked else super().styleHint(hint, option, widget, data)


@pytest.fixture
def pictures_on_buttons(qapp):
    dress("light", ())
    sheet = qapp.styleSheet()
    qapp.setStyleSheet("")
    qapp.setStyle(PicturesOnButtons("Fusion"))
    yield lambda: qapp.setStyleSheet(sheet)
    qapp.setStyleSheet("")
    qapp.setStyle("Fusion")
    qapp.setStyleSheet(sheet)


def test_no_button_of_a_dialog_has_a_picture(parent, pictures_on_buttons):
    """Some had Fusion's, a green arrow, a red cross, a diskette; others beside them none."""
    assert all(not button.icon().isNull() for button in buttons_of_dialogs(parent))
    pictures_on_buttons()
    buttons = buttons_of_dialogs(parent)
    assert len(buttons) == 5
    assert all(button.icon().isNull() for button in buttons)


def buttons_of_dialogs(parent):
    preferences, box = PreferencesDialog("dark", True, parent), QMessageBox(parent)
    kinds = QMessageBox.StandardButton
    box.setStandardButtons(kinds.Save | kinds.Discard | kinds.Cancel)
    return [button for one in (preferences, box) for button in one.findChild(QDialogButtonBox).buttons()]


def test_a_curve_that_ends_early_has_a_mark_where_it_does(parent, qtbot):
    one = next(one for one in experiments() if one.key == "divergence")
    picture = ExperimentPicture(one)
    qtbot.addWidget(picture)
    image = picture.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(5, 60) for y in range(image.height())}
    assert LIGHT.warning in colors

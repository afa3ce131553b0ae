"""What screen readers get: names and descriptions without markup, and sentences where nobody has the focus."""

from __future__ import annotations

import made_up
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLabel, QWidget

from ganviz.session.events import StateChanged
from ganviz.session.experiments import experiments
from ganviz.session.state import RunState
from ganviz.spec.words import regrouped
from ganviz.training.history import ChangeMark
from ganviz.training.snapshot import Stamp
from ganviz.views.forms.refusal import Refusal
from ganviz.views.look import aloud
from ganviz.views.look.aloud import Voice
from ganviz.views.look.outside_text import set_tip
from ganviz.views.plot.read_out import ReadOut, ReadRow
from ganviz.views.window import own_keys
from ganviz.views.window.experiment_list import ExperimentList
from ganviz.views.window.prediction_dialog import PredictionDialog

NOW = Stamp(1, 500, 0)


class Reader:
    """Stands for Qt's way to screen readers, of which there is none here."""

    AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

    def __init__(self):
        self.heard, self.urgent = [], []

    def isActive(self):
        return True

    def updateAccessibility(self, event):
        self.heard.append(event.message())
        if event.politeness() == self.AnnouncementPoliteness.Assertive:
            self.urgent.append(event.message())


@pytest.fixture
def reader(monkeypatch):
    found = Reader()
    monkeypatch.setattr(aloud, "QAccessible", found)
    return found


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def said_of(widget):
    of = QAccessible.queryAccessibleInterface(widget)
    return of.text(QAccessible.Text.Name), of.text(QAccessible.Text.Description)


def test_nothing_is_read_with_its_markup(open_window):
    window = open_window()
    made_up.show_in(window, made_up.run_config(formulations=("saturating", "wgan_gp")))
    dialog = ExperimentList(window)
    for widget in (*window.findChildren(QWidget), *dialog.findChildren(QWidget)):
        for text in said_of(widget):
            assert not any(tag in text for tag in ("<sub>", "<sup>", "<qt>", "<br>", "&#", "&nbsp;")), (
                widget,
                text,
            )
    dialog.close()


def test_a_tip_is_read_without_its_tags(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    set_tip(label, "<qt>L<sub>G</sub> = E t<sub>f</sub><br>x &lt; 1</qt>", about="Loss")
    assert label.accessibleDescription() == "Loss. L_G = E t_f\nx < 1"
    set_tip(label, "Less than 5 % & more.")
    assert label.accessibleDescription() == "Less than 5 % & more."


def test_boxes_of_choices_say_what_is_chosen(open_window):
    """Of a box, Qt tells readers on Linux its entry in place of its name: a label has it, or what is read."""
    window = open_window()
    made_up.show_in(window, made_up.run_config(formulations=("saturating", "hinge")))
    boxes = [box for box in window.findChildren(QComboBox) if box.isVisible()]
    assert len(boxes) > 6
    for box in boxes:
        labels = [one for one in box.parentWidget().findChildren(QLabel) if one.buddy() is box]
        assert labels or box.accessibleDescription().startswith(box.accessibleName()), box.accessibleName()


def test_formulas_in_the_settings_are_read_with_their_symbols(open_window):
    window = open_window()
    made_up.show_in(window)
    formula = next(one for one in window.settings.findChildren(QLabel) if "<sub>D</sub> =" in one.text())
    assert said_of(formula)[0].startswith("L_D = −E log D(x)")


def test_a_button_says_what_it_does_now(open_window):
    window = open_window()
    made_up.show_in(window)
    button = window.run_bar._buttons["toggle"]
    for state, words in (
        (RunState.RUNNING, "Trains not one step more"),
        (RunState.PAUSED, "Trains until paused"),
    ):
        window.handle_event(StateChanged(state, NOW))
        assert button.accessibleDescription().startswith(words)


def test_the_speed_is_read_and_told(open_window, qtbot, reader):
    window = open_window()
    speed = window.run_bar._speed
    speed.setFocus()
    speed.setValue(3)
    assert reader.heard[-1] == "At most 10 steps per second"
    assert speed.accessibleDescription().startswith("At most 10 steps per second. Most steps")
    speed.setValue(speed.maximum())
    assert reader.heard[-1] == "Full speed"


def test_sentences_that_appear_are_told(open_window, reader, qtbot):
    window = open_window()
    window.banner.say("Written: a.png")
    assert reader.heard[-1] == "Written: a.png"
    window.banner.say("It has diverged.", kind="warning", action="Go back", does=lambda: None)
    assert reader.urgent == ["It has diverged. Go back"]
    refusal = Refusal()
    qtbot.addWidget(refusal)
    refusal.say("σ is to be above 0.")
    assert reader.urgent[-1] == "σ is to be above 0."


def test_what_the_run_does_is_told_at_once(open_window, reader):
    window = open_window()
    made_up.show_in(window)
    window.handle_event(StateChanged(RunState.RUNNING, NOW))
    assert reader.heard[-1].startswith("Running")
    window.handle_event(StateChanged(RunState.PAUSED, NOW))
    assert reader.heard[-1].startswith("Paused")


def test_a_voice_says_no_figures_again_and_nothing_too_often(qtbot, reader):
    label = QLabel()
    qtbot.addWidget(label)
    voice = Voice(label)
    voice._pause.setInterval(50)
    voice.tell("Running", "level", "Running · level: 0.51")
    voice.tell("Running", "level", "Running · level: 0.49")
    voice.tell("Running", "ahead", "Running · ahead: 0.80")
    voice.tell("Running", "ahead", "Running · ahead: 0.90")
    assert reader.heard == ["Running · level: 0.51"]
    qtbot.waitUntil(lambda: reader.heard[1:] == ["Running · ahead: 0.90"])
    voice.tell("Paused", "ahead", "Paused · ahead: 0.90")
    assert reader.heard[-1] == "Paused · ahead: 0.90"


def test_what_keys_come_to_in_a_list_is_told_to_who_types(open_window, reader, qtbot):
    window = open_window()
    window.actions_.do("palette")
    palette = next(one for one in window.findChildren(QWidget) if type(one).__name__ == "Palette")
    qtbot.waitUntil(palette._typed.hasFocus)
    reader.heard.clear()
    qtbot.keyClicks(palette._typed, "slower")
    assert reader.heard[-1].startswith("Slower, [, 1 of ")
    qtbot.keyClicks(palette._typed, "zzz")
    assert reader.heard[-1] == "No command fits."
    palette.close()
    window.strip.open_gallery()
    gallery = window.strip.gallery
    qtbot.waitUntil(gallery.search.hasFocus)
    qtbot.keyClicks(gallery.search, "relativ lsgan")
    qtbot.keyClick(gallery.search, Qt.Key.Key_Down)
    assert "RaLSGAN. Relativistic." in reader.heard[-1]
    assert reader.heard[-1].endswith(f"2 of {len(gallery.shown())}")
    gallery.close()


def test_it_is_told_that_a_search_finds_nothing(open_window, reader, qtbot):
    window = open_window()
    window.actions_.do("find_setting")
    search = window.settings.search
    qtbot.waitUntil(search.hasFocus)
    reader.heard.clear()
    qtbot.keyClicks(search, "zzz")
    window.settings.show_config(made_up.run_config())
    assert reader.urgent == reader.heard == ["No setting has all of these words."], "once"
    search.clear()
    qtbot.keyClicks(search, "z" * 20)
    assert len(reader.heard) == 2
    search.clear()
    window.strip.open_gallery()
    gallery = window.strip.gallery
    qtbot.waitUntil(gallery.search.hasFocus)
    qtbot.keyClicks(gallery.search, "lsgan zzz")
    assert reader.heard[-1] == "No formulation has all of these words."
    QGuiApplication.clipboard().setText("{")
    gallery.paste()
    assert reader.heard[-1] == gallery._nothing.text() != "No formulation has all of these words."
    gallery.close()


def test_a_plot_is_read_with_its_numbers(open_window, reader, qtbot):
    window = open_window()
    made_up.show_in(window)
    for key, words in (("losses", "L_G"), ("plane", "x = ("), ("loss_shape", "slope")):
        view = window.docks.views[key]
        qtbot.waitUntil(lambda view=view: view._canvas.sheet is not None)
        qtbot.wait(30)
        sheet = view._canvas.sheet
        sheet.setFocus(Qt.FocusReason.TabFocusReason)
        name, text = said_of(sheet)
        assert name == f"{view.title}: plot"
        assert words in text
        assert text.endswith("Shift+F10: menu.")
        state = QAccessible.queryAccessibleInterface(sheet.viewport()).state()
        assert not state.focusable
        reader.heard.clear()
        press(qtbot, sheet, "Ctrl+Right")
        assert words in reader.heard[-1]
    assert [one.accessibleName() for one in view.findChildren(QWidget)].count("Loss shape: plot") == 1


def test_a_read_out_in_words():
    from ganviz.views.bases.read_aloud import words_of

    rows = ReadRow("g_loss", "L<sub>G</sub>", ("0.7", "0.9")), ReadRow("muted", "click: look back there", ())
    assert words_of(ReadOut("step 3", rows, ("Hinge", "A &amp; B"))) == (
        "step 3; L_G Hinge 0.7, A & B 0.9; click: look back there"
    )


def test_the_timeline_says_where_the_run_is(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    track = window.timeline.track
    track.show_keyframes((0, 10, 100))
    track.setFocus()
    qtbot.waitUntil(track.hasFocus)
    assert track.accessibleDescription().startswith("Step 500 of 500. 3 keyframes to look back at.")


def test_no_control_that_takes_the_focus_is_without_a_name(open_window):
    window = open_window()
    made_up.show_in(window)
    for widget in window.findChildren(QWidget):
        inside = isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not inside:
            assert said_of(widget)[0], (widget, widget.parentWidget())


def test_a_change_is_told_with_its_numbers(open_window, reader):
    window = open_window()
    made_up.show_in(window)
    track = window.timeline.track
    marks = (ChangeMark(500, 0, "learning rate 0.002 → 0.004", False),)
    track.show_run(510, 510, marks)
    assert reader.heard[-1] == "learning rate 0.002 → 0.004"
    reader.heard.clear()
    track.show_run(520, 520, (*marks, *(ChangeMark(515, None, "opened", False) for _ in range(9))))
    assert reader.heard == []


def test_readers_are_told_last_who_has_the_keys(open_window, qtbot, monkeypatch):
    """Of a button that goes, Qt gives the focus on, and names the one that had it for a moment after the window."""
    window, told = open_window(), []
    made_up.show_in(window)

    class Told:
        Event = QAccessible.Event

        @staticmethod
        def updateAccessibility(event):
            told.append(event.object())

    monkeypatch.setattr(own_keys, "QAccessible", Told)
    track = window.timeline.track
    track.show_keyframes((0, 10, 100))
    track.look_at(10)
    window.timeline._now.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(window.timeline._now.hasFocus)
    track.look_at(None)
    qtbot.waitUntil(lambda: told == [window])
    assert window.hasFocus()


def test_a_question_is_read_with_its_title(qtbot):
    one = next(one for one in experiments() if one.prediction is not None)
    dialog = PredictionDialog(one, one.prediction, None)
    qtbot.addWidget(dialog)
    assert said_of(dialog)[1] == regrouped(one.prediction.question)

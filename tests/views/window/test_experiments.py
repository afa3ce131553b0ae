"""Experiments in the window: what is asked of the engine, in which order, and what is said of it."""

import dataclasses
import html
import itertools

import made_up
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget

from ganviz.losses.presets import FORMULATIONS
from ganviz.session.claims import ClaimsProbe, Finding, Measured
from ganviz.session.commands import Reconfigure, Restart, Run, SetPace
from ganviz.session.events import ConfigChanged, StateChanged
from ganviz.session.experiment_pictures import duration_words
from ganviz.session.experiments import experiment, experiments
from ganviz.session.state import RunState
from ganviz.spec.words import regrouped
from ganviz.training.snapshot import LaneStatus, Snapshot, Stamp
from ganviz.views.controls.experiment_picture import ExperimentPicture
from ganviz.views.controls.lane_wishes import under
from ganviz.views.look.theme import THEMES
from ganviz.views.window.action_table import STORY
from ganviz.views.window.animation_notes import AnimationNotes
from ganviz.views.window.experiment_list import ExperimentList
from ganviz.views.window.experiment_player import ExperimentPlayer
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.prediction_dialog import PredictionDialog

ONE = experiment("saturation")
ENDS = np.cumsum([stage.steps for stage in ONE.stages]).tolist()
CONFIGS = [config for _, config in ONE.configs()]


@pytest.fixture
def playing(open_window):
    """Return a window that plays the experiment, with the engine's part left to the test."""
    window = open_window()
    window.commands.clear()
    window.actions_.do(f"experiment:{ONE.key}")
    earlier = dataclasses.replace(CONFIGS[0], lanes=CONFIGS[0].lanes[:1])
    window.handle_event(ConfigChanged(earlier, Stamp(0, 0, 0), True))  # the engine was still starting
    window.handle_event(ConfigChanged(CONFIGS[0], Stamp(1, 0, 0), True))
    return window


def tell(window, state, step):
    window.handle_event(StateChanged(state, Stamp(1, step, 1)))


def measured(window, at, values, viewed=None):
    (probe,) = (one for one in window.needs() if isinstance(one, ClaimsProbe))
    readings = ((probe, Measured(np.array(values, dtype=float))),)
    lanes = (LaneStatus(),) * 2
    stamp, viewed = Stamp(1, ENDS[at], 2), ENDS[at] if viewed is None else viewed
    window.show_snapshot(Snapshot(stamp, CONFIGS[at], lanes, "analytic", "cpu", readings, viewed, 0))


def test_it_starts_at_step_0_whatever_was_trained(playing):
    assert playing.commands == [Restart(config=CONFIGS[0]), SetPace(ONE.pace), Run(ENDS[0])]
    assert ONE.stages[0].title in playing.banner.text
    assert playing.docks.docks["loss_shape"].isVisible()


def test_stages_follow_each_other_once_their_claims_are_measured(playing):
    good = ([1e-4, 1e-4], [1000.0], [0, 8])
    for at, values in enumerate(good):
        tell(playing, RunState.RUNNING, ENDS[at] - 1)
        assert not any(isinstance(one, ClaimsProbe) for one in playing.needs())
        playing.commands.clear()
        tell(playing, RunState.FINISHED, ENDS[at])
        measured(playing, at, [0] * len(values), viewed=0)  # looking back measures another step
        assert playing.commands == []
        measured(playing, at, values)
        if at < 2:
            assert playing.commands == [Reconfigure(CONFIGS[at + 1]), Run(ENDS[at + 1])]
            assert f"Stage {at + 2} of 3" in playing.banner.text
            playing.handle_event(ConfigChanged(CONFIGS[at + 1], Stamp(1, ENDS[at], 3), False))
    assert playing.banner.text.count("✓") == 5
    assert "✗" not in playing.banner.text
    assert not any(isinstance(one, ClaimsProbe) for one in playing.needs())


def test_equal_stages_have_numbers_of_their_own(open_window):
    window, one = open_window(), experiment("v_is_nobodys_loss")
    assert one.stages[3] == one.stages[1]
    window.experiments.player.stage_begun.emit(one, 3)
    assert "Stage 4 of 5: G alone: it lowers V, 160 steps." in window.banner.text
    window.experiments.player.stage_begun.emit(ONE, 1)
    assert "Stage 2 of 3: Both generators start, 1 step. " in window.banner.text


def test_what_was_seen_goes_when_another_run_begins(playing):
    for at, values in enumerate(([1e-4, 1e-4], [1000.0], [0, 8])):
        playing.handle_event(ConfigChanged(CONFIGS[at], Stamp(1, 0, 0), False))
        tell(playing, RunState.FINISHED, ENDS[at])
        measured(playing, at, values)
    assert "Seen" in playing.banner.text
    playing.handle_event(ConfigChanged(CONFIGS[-1], Stamp(2, 0, 0), True))  # the same weights, say
    assert playing.banner.text == ""


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)])
def test_a_card_fits_into_a_presentation_with_large_letters(open_window, qtbot, size):
    window = open_window()
    window.resize(*size)
    window.actions_.do("presentation")
    for _ in range(5):
        window.frame.change_text(1)
    try:
        one = experiment("v_is_nobodys_loss")
        found = [Finding(claim, 320, 0.5) for at in range(len(one.stages)) for claim in one.measured(at)]
        window.experiments.player.ended.emit(one, found)
        qtbot.wait(200)
        banner, bar = window.banner, window.run_bar
        foot = bar.mapTo(window, QPoint(0, bar.height())).y()
        assert foot <= banner.y() < banner.geometry().bottom() < window.height()
        scrolls = banner._scroll.verticalScrollBar()
        assert "<table" not in banner._text.text(), "it lies over what is looked at"
        assert scrolls.maximum() == 0
        low = banner.height()
        banner._text.linkActivated.emit("details")
        qtbot.wait(50)
        assert "<table" in banner._text.text()
        assert foot <= banner.y() < banner.geometry().bottom() < window.height()
        assert banner.height() > low
        assert banner.rect().contains(banner._close.geometry())
        assert scrolls.maximum() > 0
        reached = banner._text.height() - scrolls.maximum()
        assert reached <= banner._scroll.height(), "some of it cannot be reached"
        QTest.mouseClick(banner._close, Qt.MouseButton.LeftButton)
        assert not banner.isVisible()
    finally:
        window.frame.change_text(0)
        window.actions_.do("presentation")


def test_what_was_not_seen_has_a_cross(playing):
    for at, values in enumerate(([1e-4, 1e-4], [1000.0], [3, 8])):
        playing.handle_event(ConfigChanged(CONFIGS[at], Stamp(1, 0, 0), False))
        tell(playing, RunState.FINISHED, ENDS[at])
        measured(playing, at, values)
    assert playing.banner.text.count("✗") == 1
    assert "Not all of it was seen" in playing.banner.text


def test_a_pause_does_not_let_it_run_past_a_stage(playing):
    tell(playing, RunState.PAUSED, 100)
    playing.commands.clear()
    tell(playing, RunState.RUNNING, 100)
    assert playing.commands == [Run(ENDS[0])]


def test_a_person_may_go_another_way(playing):
    other = dataclasses.replace(CONFIGS[0], lanes=CONFIGS[0].lanes[:1])
    playing.handle_event(ConfigChanged(other, Stamp(1, 5, 5), False))
    assert "goes no further" in playing.banner.text
    playing.commands.clear()
    tell(playing, RunState.FINISHED, ENDS[0])
    assert playing.commands == []


@pytest.mark.parametrize(
    ("guess", "words"), [(2, "right, 8"), (0, "Measured: 8, “All eight”"), (None, "Adam")]
)
def test_what_one_expects_is_asked_first_and_told_last(open_window, guess, words):
    window, one = open_window(), experiment("saturation_hidden_by_adam")
    window.commands.clear()
    window.actions_.do(f"experiment:{one.key}")
    (dialog,) = window.findChildren(PredictionDialog)
    assert window.commands == []
    (dialog.skip_button if guess is None else dialog.answers[guess]).click()
    assert window.commands[0] == Restart(config=next(one.configs())[1])
    findings = [Finding(claim, 1400, 8.0) for claim in one.measured(2)]
    window.experiments.player.ended.emit(one, tuple(findings))
    assert words in window.banner.text
    assert ("You predicted" in window.banner.text) == (guess is not None)
    rows = window.banner.text.splitlines()
    assert rows[1] == one.remember
    assert f"When it shows: {one.when}" in rows
    assert sum(row[0] in "✓✗" for row in rows) == len(one.stages[-1].claims)
    assert window.banner.text.endswith(f"Source: {one.source}")


def test_enter_answers_a_question_and_never_skips_it(open_window, qtbot):
    """The default button was the one that plays without a prediction."""
    window, one = open_window(), experiment("total_loses_the_generator")
    window.commands.clear()
    window.actions_.do(f"experiment:{one.key}")
    (dialog,) = window.findChildren(PredictionDialog)
    assert not any(button.isDefault() for button in dialog.findChildren(QPushButton))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert window.commands == []
    assert dialog.focusWidget() is dialog.answers[0]
    dialog.answers[1].setFocus()
    QTest.keyClick(dialog.answers[1], Qt.Key.Key_Enter)
    assert window.commands[0] == Restart(config=next(one.configs())[1])
    assert window.experiments._guess == 1


def test_a_card_sets_one_sentence_apart_and_folds_the_rest(open_window, qtbot):
    window, one = open_window(), experiment("critic_slope")
    found = [Finding(claim, 1500, 1.0) for claim in one.measured(0)]
    window.experiments.player.ended.emit(one, found)
    qtbot.wait(50)
    banner = window.banner
    words = banner._text.text()
    sentence = html.escape(one.remember)
    assert f"<b>{sentence}</b>" in words
    assert words.count("<tr>") == 1 + len(found), "a row each, below the names of the columns"
    assert words.index(sentence) < words.index("<table") < words.index("Details")
    assert one.source not in words
    assert not banner._icon.isVisible()
    assert banner._scroll.verticalScrollBar().maximum() == 0
    before, top = banner.height(), banner._text.mapTo(banner, QPoint(0, 0))
    assert top.x() < banner._close.x() < banner._text.width(), "the cross takes no column from it"
    banner.setFocus()
    banner._text.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Return):
        QTest.keyClick(banner._text, key)
    assert one.source in banner._text.text()
    assert banner.height() > before
    banner.say("Something else.")
    assert banner._text.text() == "Something else."
    assert banner._icon.isVisible()
    assert banner.height() < before


def test_no_card_is_cut_off_at_its_right_in_a_small_window(open_window, qtbot):
    """The last column, what was expected, was beyond the card's edge over settings as narrow as they may be."""
    window = open_window()
    for size in ((1440, 900), (1024, 700)):
        window.resize(*size)
        qtbot.wait(20)
    assert window.docks.docks["settings"].width() < 260
    for one in experiments():
        window.experiments.player.ended.emit(one, found_in(one))
        qtbot.wait(20)
        assert window.banner._text.width() <= window.banner._scroll.viewport().width(), one.key
        assert "e-" not in window.banner.text, one.key


def test_a_card_has_numbers_in_columns_only_where_these_leave_words_room(open_window, qtbot):
    window, one = open_window(), experiment("collapse_at_equilibrium")
    for width, has_columns in ((270, False), (500, True)):
        window.resizeDocks([window.docks.docks["settings"]], [width], Qt.Orientation.Horizontal)
        qtbot.wait(20)
        window.experiments.player.ended.emit(one, found_in(one))
        qtbot.wait(20)
        assert ("expected</td>" in window.banner._text.text()) is has_columns
        assert window.banner._text.width() <= window.banner._scroll.viewport().width()


def found_in(one):
    """Return a finding for each claim of an experiment, some of them hardly above 0."""
    ends = (np.cumsum([stage.steps for stage in one.stages])).tolist()
    claims = [(claim, end) for end, stage in zip(ends, one.stages, strict=True) for claim in stage.claims]
    return tuple(
        Finding(
            claim, end, -1.234e-18 if claim.low < 0 < claim.high else min(max(claim.low, -1e3), 1e3) + 0.123
        )
        for claim, end in claims
    )


def test_what_asks_says_no_more_than_its_question_in_the_list(open_window):
    window = open_window()
    window.actions_.do("experiments")
    said = {label.accessibleName() for label in window.experiments._list.findChildren(QLabel)}
    for one in experiments():
        asks = one.prediction is not None
        kept_back = map(regrouped, (one.claim, f"When it shows: {one.when}"))
        assert all((text in said) != asks for text in kept_back)
        assert any(regrouped(one.source) in text for text in said) != asks
        assert one.open_title in said


def test_what_asks_shows_no_answer_in_its_picture(qtbot):
    for one in (one for one in experiments() if one.prediction is not None):
        picture = ExperimentPicture(one)
        qtbot.addWidget(picture)
        picture.grab()
        assert not picture._picture.curves
        assert all(not pane.generated for pane in picture._picture.panes)


def test_a_stage_with_other_networks_begins_at_step_0(qapp):
    asked = []
    settings = ("training.seed=0", "training.packing=2")
    stages = tuple(dataclasses.replace(ONE.stages[0], steps=9, settings=(one,)) for one in settings)
    two = dataclasses.replace(ONE, stages=stages)
    (_, first), (_, second) = two.configs()
    player = ExperimentPlayer()
    player.command_requested.connect(asked.append)
    finished = StateChanged(RunState.FINISHED, Stamp(1, 9, 1))
    player.play(two)
    player.read(ConfigChanged(first, Stamp(1, 0, 0), True))
    player.read(finished)
    (probe,) = player.needs()
    asked.clear()
    readings = ((probe, Measured(np.zeros(len(probe.claims)))),)
    player.show(Snapshot(Stamp(1, 9, 2), first, (LaneStatus(),) * 2, "analytic", "cpu", readings, 9, 0))
    assert asked == [Reconfigure(second), Run(9)]
    player.read(finished)
    assert not player.needs(), "the first stage's end was taken for the second's"
    player.read(ConfigChanged(second, Stamp(2, 0, 0), True))
    player.read(StateChanged(RunState.FINISHED, Stamp(2, 9, 1)))
    assert player.needs()


def test_all_can_be_chosen_from_a_list(open_window):
    window = open_window()
    window.actions_.do("experiments")
    buttons = window.experiments._list.findChildren(QPushButton)
    assert [button.accessibleName() for button in buttons] == [
        f"Play: {one.open_title}" for one in experiments()
    ]
    window.commands.clear()
    buttons[0].click()
    assert window.commands[0] == Restart(config=next(experiments()[0].configs())[1])
    assert not window.experiments._list.isVisible()


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.key)
def test_each_has_a_picture_also_before_one_was_made(theme, qtbot):
    unplayed = dataclasses.replace(ONE, key="not_played_yet")
    assert not duration_words(unplayed)
    for one in (*experiments(), unplayed):
        picture = ExperimentPicture(one)
        qtbot.addWidget(picture)
        picture.setPalette(theme.palette())
        drawn = picture.grab().toImage()
        colors = {drawn.pixelColor(x, y).name() for x in range(drawn.width()) for y in range(drawn.height())}
        assert theme.base in colors
        assert len(colors) > 10, one.key


def test_what_there_is_to_see_is_two_clicks_away(open_window, qtbot):
    """A click opens the menu, another one stages it; the workspace is found again as it was."""
    window = open_window()
    before = opened(window)
    (button,) = (one for one in window.run_bar.findChildren(QToolButton) if one.accessibleName() == "Show me")
    for key in STORY:
        one, menu = experiment(key), button.menu()
        window.commands.clear()
        menu.popup(QPoint(0, 0))
        place = menu.actionGeometry(window.actions_[f"show_me:{key}"]).center()
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)
        assert window.commands[0] == Restart(config=next(one.configs())[1])
        window.handle_event(ConfigChanged(one.config, Stamp(1, 0, 0), True))
        qtbot.wait(20)
        assert opened(window) == {"settings", *one.views}
        assert not any(window.docks.unseen(one.views)), "something lies behind another"
        tops = [window.docks.docks[column[0]].geometry() for column in one.columns]
        assert all(left.right() < right.left() for left, right in itertools.pairwise(tops))
        for view, names in one.switches.items():
            buttons = window.docks.views[view].findChildren(QToolButton)
            assert names.items() <= {each.accessibleName(): each.isChecked() for each in buttons}.items()
        assert not any(each.isChecked() for each in window.workspace_bar.buttons)
    window.actions_.do("workspace:watch")
    assert opened(window) == before
    assert not window.docks.views["losses"]._stacked.isChecked()


def opened(window):
    return {name for name, dock in window.docks.docks.items() if not dock.isHidden()}


def test_a_window_that_was_closed_while_something_was_staged_opens_its_workspace(open_window, qtbot):
    window = open_window()
    window.actions_.do("workspace:total")
    window.actions_.do(f"show_me:{STORY[0]}")
    window.close_unasked()
    qtbot.waitUntil(lambda: not window.isVisible())
    again = open_window()
    assert again.workspaces.current.key == "total"
    assert not again.docks.docks["direction"].isHidden()
    again.docks.docks["direction"].setFloating(True)
    again.close_unasked()
    qtbot.waitUntil(lambda: not again.isVisible())
    # Every later start laid the workspace out as at first, until another one was chosen.
    assert open_window().docks.docks["direction"].isFloating()


def test_other_data_leave_what_is_staged(open_window):
    window = open_window()
    window.actions_.do(f"show_me:{STORY[0]}")
    window.handle_event(ConfigChanged(experiment(STORY[0]).config, Stamp(1, 0, 0), True))
    assert window.workspaces.place is None
    window.handle_event(ConfigChanged(made_up.run_config("digits"), Stamp(2, 0, 0), True))
    assert window.workspaces.current.key == "digits"


def test_what_is_changed_in_an_experiments_run_is_not_what_the_next_window_begins_with(playing):
    """It began with a generator that did not move: the experiment lets it rest, and a key had changed the loss."""
    earlier = dataclasses.replace(CONFIGS[0], lanes=CONFIGS[0].lanes[:1])
    assert WindowMemory().config() == earlier
    other = under(CONFIGS[0].lanes[0], FORMULATIONS["hinge"].formulation)
    changed = dataclasses.replace(CONFIGS[0], lanes=(other, *CONFIGS[0].lanes[1:]))
    playing.handle_event(ConfigChanged(changed, Stamp(1, 40, 1), False))
    assert WindowMemory().config() == earlier
    playing.handle_event(ConfigChanged(changed, Stamp(2, 0, 0), True))
    assert WindowMemory().config() == changed, "the person has begun a run with it"


def test_the_gallery_opens_no_windows_beside_itself(open_window):
    """A label that is shown before it has a parent is one, as wide as its sentence, for a moment."""
    shown = []

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(type(watched).__name__)
            return False

    window, watcher = open_window(), Watcher()
    QApplication.instance().installEventFilter(watcher)
    gallery = ExperimentList(window)
    gallery.show()
    QApplication.instance().removeEventFilter(watcher)
    gallery.close()
    assert shown == ["ExperimentList"]


def test_what_a_new_person_can_try_is_read_at_a_glance(open_window, qtbot):
    """Ten lines over the settings told it, and their last words where all else is shown."""
    window = open_window()
    window.resize(1366, 768)
    qtbot.wait(50)
    lines = window.banner._text.height() / window.banner._text.fontMetrics().lineSpacing()
    assert "Show me" in window.banner.text
    assert lines <= 8


def test_a_card_is_there_again_once_a_sentence_that_lay_on_it_has_gone(open_window):
    """Values copied from a plot took what an experiment had come to away for good."""
    window, one = open_window(), experiment("critic_slope")
    window.experiments.player.ended.emit(one, found_in(one))
    banner, card = window.banner, window.banner.text
    pressed = []
    banner.say("Copied.", is_brief=True)
    banner.say("Copied once more.", kind="warning", action="Look", does=lambda: pressed.append(banner.text))
    assert banner.text == "Copied once more."
    banner._action.click()
    assert pressed == [card], "what a button does may say more"
    banner.say("Copied.", is_brief=True)
    banner._leave()
    assert (banner.text, banner._action.text()) == (card, "More experiments")
    assert not banner._timer.isActive()
    banner.say("Made anew …")
    banner.take_away("Made anew …")
    banner._close.click()
    assert banner.text == ""
    banner.say("Copied.", is_brief=True)
    banner._close.click()
    assert banner.text == "", "a card that was closed stays away"


@pytest.mark.parametrize("leave", ["run_replaced", "take_card_away"])
def test_a_card_below_a_sentence_goes_with_its_run_and_its_views(open_window, leave):
    window, one = open_window(), experiment("critic_slope")
    window.experiments.player.ended.emit(one, found_in(one))
    window.banner.say("Copied.", is_brief=True)
    getattr(window.banner, leave)()
    assert window.banner.text == "Copied."
    window.banner._leave()
    assert window.banner.text == ""


def test_how_far_a_film_is_may_be_said_over_a_card(open_window):
    window, one = open_window(), experiment("critic_slope")
    window.experiments.player.ended.emit(one, found_in(one))
    card, notes = window.banner.text, AnimationNotes(window.banner, str, str, window)
    notes.progressed("1 of 9")
    window.banner.say("Copied.", is_brief=True)
    notes.progressed("2 of 9")
    assert window.banner.text == "Copied."
    window.banner._leave()
    assert window.banner.text == card
    notes.progressed("3 of 9")
    assert window.banner.text == "3 of 9"

"""The real window without an engine: keys, wishes, what the engine tells, and what is remembered."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import made_up
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDockWidget,
    QLabel,
    QLineEdit,
    QTabBar,
)

from ganviz.losses.presets import FORMULATIONS
from ganviz.session.commands import (
    ContinueFrom,
    ForkLane,
    HalfStep,
    Pause,
    Reconfigure,
    RemoveLane,
    Restart,
    Run,
    SetPace,
    Step,
)
from ganviz.session.events import (
    ConfigChanged,
    Failed,
    FileWritten,
    Keyframes,
    LaneDiverged,
    Noted,
    Refused,
    StateChanged,
    StepTakes,
)
from ganviz.session.run_presets import run_preset
from ganviz.session.state import RunState
from ganviz.training.probes.image_grid import ImageGridProbe
from ganviz.training.probes.loss_shape import LossShapeProbe
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.probes.metrics import Metrics
from ganviz.training.probes.samples import SamplesProbe
from ganviz.training.probes.score_histogram import ScoreHistogram, ScoreHistogramProbe
from ganviz.training.snapshot import LaneStatus, Stamp
from ganviz.views.bases.plot_export import UNSEEN_SIZE
from ganviz.views.controls import banner
from ganviz.views.controls.lane_list import LaneList
from ganviz.views.controls.loss_preview import LossPreview
from ganviz.views.controls.target import ALL_LANES
from ganviz.views.look.theme import THEMES
from ganviz.views.window import files, wishes
from ganviz.views.window.export_dialog import ExportWish
from ganviz.views.window.figure_form import FigureWish

CONFIG = made_up.run_config()
NOW = Stamp(1, 500, 0)


def formulation(i):
    return list(FORMULATIONS.values())[i].formulation


def changed(config, i):
    lane = dataclasses.replace(config.lanes[0], formulation=formulation(i), label="")
    return Reconfigure(dataclasses.replace(config, lanes=(lane,)))


KEYS = {
    "Space": Run(), ".": Step(), "D": Step(HalfStep.DISCRIMINATOR), "G": Step(HalfStep.GENERATOR), "R": Restart(),
    "Shift+R": Restart(new_weights=True),
    **{str(i + 1): changed(CONFIG, i) for i in range(9)},
}  # fmt: skip


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def test_keys_send_their_command(open_window, qtbot):
    window = open_window()
    for key, command in KEYS.items():
        press(qtbot, window, key)
        assert window.commands == [command], key
        window.commands.clear()


def test_keys_change_the_speed(open_window, qtbot):
    window = open_window()
    for key in ("]", "[", "F", "F"):
        press(qtbot, window, key)
    paces = [command.steps_per_second for command in window.commands]
    assert all(isinstance(command, SetPace) for command in window.commands)
    assert paces[0] > 400
    assert paces[1:] == [400.0, None, 400.0]


def test_typing_is_not_a_command(open_window, qtbot):
    window = open_window()
    edit = next(edit for edit in window.settings.findChildren(QLineEdit) if edit.isVisible())
    edit.setFocus()
    qtbot.keyClicks(edit, "1.2drg")
    assert window.commands == []


def test_the_space_bar_presses_the_button_that_has_the_focus(open_window, qtbot):
    window = open_window()
    window.strip._group.button(3).setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, window.strip._group.button(3), "Space")
    assert window.commands == [changed(CONFIG, 3)]


def test_running_is_paused_and_paused_is_run(open_window, qtbot):
    window = open_window()
    window.handle_event(StateChanged(RunState.RUNNING, NOW))
    press(qtbot, window, "Space")
    window.handle_event(StateChanged(RunState.PAUSED, NOW))
    press(qtbot, window, "Space")
    assert window.commands == [Pause(), Run()]


def test_settings_are_undone_and_redone(open_window, qtbot):
    window = open_window()
    second = changed(CONFIG, 3).config
    window.handle_event(ConfigChanged(second, NOW, False))
    press(qtbot, window, "Ctrl+Z")
    window.handle_event(ConfigChanged(CONFIG, NOW, False))
    press(qtbot, window, "Ctrl+Shift+Z")
    assert window.commands == [Reconfigure(CONFIG), Reconfigure(second)]
    assert window.actions_["undo"].isEnabled() is False
    window.handle_event(ConfigChanged(second, NOW, False))
    assert window.actions_["undo"].isEnabled()
    third = changed(CONFIG, 5).config
    window.handle_event(ConfigChanged(third, Stamp(7, 90, 0), True, Path("saved.ganviz")))
    assert window.actions_["undo"].isEnabled() is False  # a run out of a file was changed by nobody


@pytest.mark.parametrize("is_wanted", [True, False])
def test_a_setting_that_restarts_is_asked_about_once(open_window, monkeypatch, is_wanted):
    window = open_window()
    window.show_snapshot(made_up.snapshot(CONFIG, step=4000))
    asked = []
    monkeypatch.setattr(
        wishes, "confirm_restart", lambda *_: (asked.append(1), ("yes" * is_wanted, is_wanted))[1]
    )
    for preset in map(run_preset, ("sharp_ring", "grid")):
        window.wishes.configure(preset.config)
    assert len(asked) == (1 if is_wanted else 2)  # "do not ask again" is remembered
    assert len([one for one in window.commands if isinstance(one, Reconfigure)]) == 2 * is_wanted


def test_a_run_that_stands_at_step_0_is_not_asked_about(open_window, monkeypatch):
    """An undone restart asked to save first, where no step had been made."""
    window = open_window()
    monkeypatch.setattr(wishes, "confirm_restart", lambda *_: pytest.fail("it asks"))
    window.show_snapshot(made_up.snapshot(CONFIG, step=0))
    window.wishes.configure(run_preset("grid").config)
    assert window.commands[-1].config == run_preset("grid").config


def test_a_run_that_is_worth_nothing_ends_unasked(open_window, monkeypatch):
    """A preset asked "Restart the run?", the same weights nothing, an experiment "Save the run?": now one rule."""
    window = open_window()
    for name in ("confirm_restart", "confirm_going_back"):
        monkeypatch.setattr(wishes, name, lambda *_: pytest.fail("it asks"))
    monkeypatch.setattr(files, "confirm_leaving", lambda *_: pytest.fail("it asks"))
    window.show_snapshot(made_up.snapshot(CONFIG, step=4000))
    preset = run_preset("sharp_ring")
    window.wishes.choose_preset(preset)
    begun = [Restart(config=preset.config), Run()]
    assert [one for one in window.commands if one in begun] == begun  # not from trained networks
    window.handle_event(ConfigChanged(preset.config, NOW, True))
    assert preset.help in window.banner.text
    other = dataclasses.replace(preset.config, lanes=preset.config.lanes * 2)
    window.handle_event(ConfigChanged(other, NOW, False))
    assert not window.banner.isVisible()  # what a preset says is true of nothing else
    for action, command in (("same_weights", Restart()), ("new_weights", Restart(new_weights=True))):
        window.actions_.do(action)
        assert window.commands[-1] == command


@pytest.mark.parametrize("is_wanted", [True, False])
def test_going_back_is_asked_about_where_steps_are_dropped(open_window, monkeypatch, is_wanted):
    window, asked = open_window(), []
    monkeypatch.setattr(
        wishes,
        "confirm_going_back",
        lambda parent, step, n: (asked.append((step, n)), ("yes" * is_wanted, False))[1],
    )
    window.show_snapshot(made_up.snapshot(CONFIG, step=4000))
    window.wishes.continue_from(4000)
    assert asked == []
    window.wishes.continue_from(1024)
    assert asked == [(1024, 2976)]
    assert (ContinueFrom(1024) in window.commands) == is_wanted


def test_a_run_that_has_gone_back_is_shown_as_it_is_now(open_window):
    """Also when one looks back at another keyframe than the one that it goes on from."""
    window = open_window()
    window.handle_event(ConfigChanged(CONFIG, Stamp(1, 0, 0), True))
    window.show_snapshot(made_up.snapshot(CONFIG, step=4000))
    window.handle_event(Keyframes((0, 64, 128)))
    window.timeline.track.look_at(64)
    window.handle_event(LaneDiverged(0, 200, "d_loss"))
    window.banner._action.click()
    assert window.commands == [ContinueFrom(128)]
    window.handle_event(ConfigChanged(CONFIG, Stamp(1, 64, 2), False))
    assert window.timeline.track.wanted == 64
    window.handle_event(ConfigChanged(CONFIG, Stamp(2, 128, 3), False))
    assert window.timeline.track.wanted is None
    assert window.docks.views["plane"].snapshot is not None


def test_the_end_key_goes_back_to_now(open_window, qtbot):
    window = open_window()
    action, track = window.actions_["look_at_now"], window.timeline.track
    window.show_snapshot(made_up.snapshot(CONFIG, step=4000))
    window.handle_event(Keyframes((0, 64, 128)))
    assert not action.isEnabled()
    track.look_at(64)
    assert action.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert track.wanted is None
    assert not action.isEnabled()


def test_lanes_come_and_go(open_window):
    window = open_window()
    window.strip._add.click()
    gallery = window.strip.new_lane
    gallery.search.setText("Lim & Ye 2017 tv(p")
    gallery._choose(gallery.list.currentItem())
    assert window.commands == [ForkLane(0, formulation(3))]
    two = made_up.run_config(formulations=("saturating", "hinge"))
    made_up.show_in(window, two)
    window.strip._remove.menu().actions()[1].trigger()
    assert window.commands[1:] == [RemoveLane(1)]
    window.strip._lane_box.setCurrentIndex(2)
    window.strip.choose(0)
    lanes = window.commands[-1].config.lanes
    assert [lane.formulation for lane in lanes] == [formulation(0), formulation(0)]
    window.strip._lane_box.setCurrentIndex(1)
    window.strip.choose(2)
    assert [lane.formulation for lane in window.commands[-1].config.lanes] == [
        formulation(2),
        formulation(0),
    ]


def test_buttons_settings_and_keys_mean_the_same_lane(open_window, qtbot):
    window = open_window()
    config = made_up.run_config(formulations=("saturating", "hinge", "least_squares"))
    made_up.show_in(window, config)
    buttons, settings = window.strip._lane_box, window.settings.lane_row.box
    assert [buttons.itemText(i) for i in (1, 2, 3)] == [settings.itemText(i) for i in (1, 2, 3)]
    buttons.setCurrentIndex(2)
    assert settings.currentIndex() == 2
    press(qtbot, window, "1")
    assert [one.formulation for one in window.commands[-1].config.lanes] == [
        config.lanes[0].formulation, formulation(0), config.lanes[2].formulation,
    ]  # fmt: skip
    settings.setCurrentIndex(3)
    settings.activated.emit(3)
    assert (buttons.currentIndex(), window.strip.lane) == (3, 2)
    made_up.show_in(window, config)
    assert (buttons.currentIndex(), settings.currentIndex()) == (3, 3)
    window.strip._remove.menu().actions()[0].trigger()
    made_up.show_in(window, dataclasses.replace(config, lanes=config.lanes[1:]))
    assert (buttons.currentText(), settings.currentText()) == ("Least squares", "Least squares")
    window.strip._remove.menu().actions()[1].trigger()
    made_up.show_in(window, dataclasses.replace(config, lanes=config.lanes[1:2]))
    assert window.strip.lane == ALL_LANES


@pytest.mark.parametrize("way", ["buttons", "settings"])
def test_a_lane_keeps_its_name_and_says_what_it_is_now(open_window, way):
    window = open_window()
    lanes = made_up.run_config(formulations=("saturating", "saturating", "saturating")).lanes
    names = ("mine", "Saturating", "")
    lanes = tuple(dataclasses.replace(one, label=name) for one, name in zip(lanes, names, strict=True))
    made_up.show_in(window, dataclasses.replace(CONFIG, lanes=lanes))
    for i in (3, 2):
        if way == "buttons":
            window.strip.choose(i)
        else:
            window.settings._formulations_wished([formulation(i)] * 3)
        made_up.show_in(window, window.commands[-1].config)
    titles = [window.config.lane_title(i) for i in range(3)]
    assert titles == ["mine → Least squares", "2. Least squares", "3. Least squares"]


def test_only_what_is_seen_is_asked_for(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    kinds = [type(need) for need in window.needs()]
    assert SamplesProbe in kinds
    assert LossShapeProbe in kinds
    for key in ("plane", "loss_shape"):
        window.docks.docks[key].hide()
    qtbot.wait(30)
    kinds = [type(need) for need in window.needs()]
    assert SamplesProbe not in kinds
    assert LossShapeProbe not in kinds
    with qtbot.waitSignal(window.needs_changed) as told:
        window.docks.docks["plane"].show()
    assert SamplesProbe in [type(need) for need in told.args[0]]
    window.hide()
    assert window.needs() == ()


def test_digits_bring_their_view(open_window, qtbot):
    window = open_window()
    digits = made_up.run_config("digits")
    made_up.show_in(window, digits)
    qtbot.wait(30)
    assert window.docks.docks["digits"].isVisible()
    assert not window.docks.docks["plane"].isVisible()
    assert ImageGridProbe in [type(need) for need in window.needs()]
    made_up.show_in(window, CONFIG)
    assert window.docks.docks["plane"].isVisible()


SAID = (
    (Refused("The disk is full."), "The disk is full."),
    (Noted("The file keeps more."), "The file keeps more."),
    (Failed("ValueError", "a defect", "trace"), "ValueError: a defect"),
    (LaneDiverged(0, 77, "d_loss"), "diverged at step 77: the discriminator's loss is not finite"),
    (StateChanged(RunState.DIVERGED, NOW, "Training diverged at step 9."), "Training diverged at step 9."),
    (FileWritten(Path("plot.png")), "Written: plot.png"),
)  # fmt: skip


def test_what_the_engine_tells_is_one_sentence(open_window):
    window = open_window()
    made_up.show_in(window)
    for event, part in SAID:
        window.handle_event(event)
        assert part in window.banner.text
        assert window.config == CONFIG
        assert window.last_snapshot is not None


def test_the_banner_offers_what_mends(open_window):
    window = open_window()
    made_up.show_in(window)
    window.handle_event(LaneDiverged(0, 200, "d_loss"))
    assert window.banner._action.text() == "Continue from step 128"
    window.banner._action.click()
    window.handle_event(Failed("ValueError", "a defect", "trace"))
    window.banner._action.click()
    assert window.commands == [ContinueFrom(128), Restart()]


def test_who_chooses_to_type_a_loss_sees_its_formulas_and_their_plot(open_window, qtbot):
    window = open_window()
    window.resize(1024, 700)
    assert "Three things to try" in window.banner.text
    window.strip._choose(FORMULATIONS["custom"])
    (chosen,) = window.commands
    window.handle_event(ConfigChanged(chosen.config, NOW, restarted=False))
    bar, preview = window.settings._scrolled.verticalScrollBar(), window.settings.findChild(LossPreview)
    qtbot.waitUntil(lambda: preview.isVisible() and bar.value() > 0)
    assert not window.banner.isVisible()


@pytest.mark.parametrize("n_lanes", [1, 2])
def test_every_formulation_is_a_whole_button_or_in_the_menu(open_window, qtbot, n_lanes):
    window = open_window(made_up.run_config(formulations=("non_saturating", "r3gan")[:n_lanes]))
    for width in (720, 1024, 1440, 1900):
        window.resize(width, 700)
        qtbot.wait(60)
        check_buttons(window.strip, width, n_lanes)


def check_buttons(strip, width, n_lanes):
    shown = [button for button in strip._group.buttons() if not button.isHidden()]
    assert shown or (width, n_lanes) == (720, 2)
    assert all(button.width() >= button.sizeHint().width() for button in [*shown, strip._more])
    titles = [named.title for named in FORMULATIONS.values()]
    assert [button.text() for button in shown] == titles[: len(shown)]
    if width >= 1024 and n_lanes == 1:
        assert len(shown) >= {1024: 4, 1440: 7, 1900: 7}[width], "the workspaces' tabs take the rest"
    is_seen = "Non-saturating" in titles[: len(shown)]
    assert strip._more.isChecked() is (n_lanes == 2 or not is_seen)
    named = "More" if is_seen else "Non-saturating"
    assert strip._more.text() == f"{'R3GAN' if n_lanes == 2 and is_seen else named} ▾"
    assert strip.gallery.shown() == [key for key in by_family() if key in FORMULATIONS]


def by_family():
    families = dict.fromkeys(named.formulation.loss.family for named in FORMULATIONS.values())
    return [
        key
        for family in families
        for key, named in FORMULATIONS.items()
        if named.formulation.loss.family == family
    ]


def covered(window):
    """Return which of the buttons that control the views, the run and the timeline lie under the banner."""
    parts = (window.run_bar, window.strip, window.timeline, *window.docks.views.values())
    buttons = [
        button for part in parts for button in part.findChildren(QAbstractButton) if button.isVisible()
    ]
    places = [QRect(button.mapTo(window, QPoint(0, 0)), button.size()) for button in buttons]
    return [place for place in places if place.intersects(window.banner.geometry())]


def test_a_banner_stays_above_docks_that_are_raised(open_window, qtbot):
    window = open_window()
    window.banner.say("A sentence")
    for dock in window.findChildren(QDockWidget):
        dock.raise_()
        qtbot.wait(1)
        order = window.children()
        assert order.index(window.banner) > order.index(dock)


def test_a_banner_finds_its_place_once_however_many_docks_move(open_window, qtbot, monkeypatch):
    window, n = open_window(), []
    window.banner.say("A sentence")
    qtbot.wait(30)
    monkeypatch.setattr(banner, "room_in", lambda *_, real=banner.room_in: n.append(None) or real(*_))
    window.resize(1200, 800)
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    assert 0 < len(n) <= 3, "a dock at a time"


def test_a_banner_moves_nothing(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    window.banner.hide()
    qtbot.wait(30)
    plane = window.docks.views["plane"].canvas

    def place():
        return plane.mapTo(window, QPoint(0, 0)), plane.size()

    before = place()
    window.handle_event(LaneDiverged(0, 200, "d_loss"))
    qtbot.wait(30)
    assert window.banner.isVisible()
    assert place() == before
    assert not covered(window)
    window.resize(1024, 700)
    qtbot.wait(30)
    assert window.banner.geometry().right() < 1024
    assert not covered(window)
    window.timeline.track.look_at(64)
    for size in ((1100, 700), (720, 450)):  # without settings, over which it lies else
        window.docks.docks["settings"].close()
        window.resize(*size)
        qtbot.wait(30)
        assert not covered(window)
        assert window.banner.geometry().bottom() < window.timeline.mapTo(window, QPoint(0, 0)).y()
        tabs = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        assert not [
            bar for bar in tabs if bar.isVisible() and bar.geometry().intersects(window.banner.geometry())
        ]


@pytest.mark.parametrize(
    "event",
    [
        LaneDiverged(0, 200, "d_loss"),
        StateChanged(RunState.DIVERGED, NOW, "Training diverged at step 200."),
        Failed("ValueError", "a defect", "trace"),
        Refused("No."),
    ],
    ids=lambda event: type(event).__name__,
)
def test_a_banner_goes_with_its_run(open_window, event):
    window = open_window()
    made_up.show_in(window)
    window.handle_event(event)
    window.handle_event(ConfigChanged(changed(CONFIG, 3).config, NOW, False))
    assert window.banner.text
    window.handle_event(ConfigChanged(CONFIG, Stamp(2, 0, 0), True))
    assert window.banner.text == ""


def test_what_is_said_of_the_run_to_come_stays(open_window):
    window = open_window()
    made_up.show_in(window)
    window.banner.say("Sharp ring. What to see.")
    window.handle_event(ConfigChanged(CONFIG, Stamp(2, 0, 0), True))
    assert "Sharp ring" in window.banner.text


def test_the_banners_button_does_what_it_says(open_window):
    """Also when keyframes have come since: "Continue from step 64" once went to 1,792."""
    window = open_window()
    made_up.show_in(window)
    window.handle_event(LaneDiverged(0, 200, "d_loss"))
    window.handle_event(Keyframes((0, 64, 128, 192)))
    assert window.banner._action.text() == "Continue from step 128"
    window.banner._action.click()
    assert window.commands == [ContinueFrom(128)]


def test_the_banner_is_readable_in_both_themes(open_window):
    window = open_window()
    window.handle_event(Refused("No."))

    def brightness():
        image = window.banner._icon.pixmap().toImage()
        colors = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        solid = [color.lightness() for color in colors if color.alpha() > 200]
        return sum(solid) / len(solid)

    window.apply_appearance("light")
    light = brightness()
    window.apply_appearance("dark")
    assert brightness() > light + 15
    window.apply_appearance("light")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_menus_have_an_edge_that_is_seen_in_both_themes(open_window, name):
    window = open_window()
    window.apply_appearance(name)
    menu, theme = window.actions_.menus["File"], THEMES[name]
    while menu.palette().button().color() != QColor(theme.raised):  # what is not seen is dressed in turns
        QApplication.processEvents()
    menu.ensurePolished()
    menu.resize(menu.sizeHint())
    menu.setActiveAction(window.actions_["export"])
    image, place = menu.grab().toImage(), menu.actionGeometry(window.actions_["export"])
    edge, inside = image.pixelColor(0, 30), image.pixelColor(5, 30)
    chosen = image.pixelColor(place.left() + 4, place.center().y())
    window.apply_appearance("light")
    assert [color.name() for color in (edge, inside, chosen)] == [
        QColor(one).name() for one in (theme.border, theme.raised, theme.accent)
    ]


def test_the_menu_shows_which_appearance_is_chosen(open_window):
    actions = open_window().actions_
    for key in ("light", "dark", "dark", "system"):
        actions[f"appearance:{key}"].trigger()
        ticked = [one.text() for one in actions.of_kind("appearance") if one.isChecked()]
        assert ticked == [actions[f"appearance:{key}"].text()]


def test_a_new_run_empties_the_views_and_a_new_setting_does_not(open_window):
    window = open_window()
    made_up.show_in(window)
    plane = window.docks.views["plane"]
    assert plane.snapshot is not None
    window.handle_event(ConfigChanged(changed(CONFIG, 3).config, NOW, False))
    assert plane.snapshot is not None
    window.handle_event(ConfigChanged(CONFIG, Stamp(2, 0, 0), True))
    assert plane.snapshot is None


def test_plots_that_are_not_seen_wait_for_what_they_are_drawn_from(open_window, tmp_path):
    window = open_window()
    made_up.show_in(window)
    hidden = window.docks.unseen(("plane", "metrics", "score_histogram"))
    assert hidden == ("metrics", "score_histogram")
    wish = ExportWish(tmp_path, ("plane", *hidden), ("png",), FigureWish(1.0), (), False)
    looks = []
    window.look_wished.connect(lambda: looks.append(window.needs()))
    window.exports.write(wish)
    assert looks == [window.needs()]
    assert ScoreHistogramProbe() in window.needs()
    window.show_snapshot(made_up.snapshot(CONFIG, step=4100, leave_out=(ScoreHistogram,)))
    assert list(tmp_path.iterdir()) == []
    size = window.docks.views["plane"].canvas.size()
    window.show_snapshot(
        made_up.snapshot(CONFIG, step=4200, leave_out=(Metrics,))
    )  # what came before is kept
    while window.exports.is_writing:
        QApplication.processEvents()
    names = {f"run-1_step-4200_{key}" for key in wish.views}
    assert {path.stem for path in tmp_path.iterdir()} == names
    assert QImage(str(tmp_path / "run-1_step-4200_metrics.png")).size() == UNSEEN_SIZE
    assert QImage(str(tmp_path / "run-1_step-4200_plane.png")).size() == size
    assert window.docks.views["score_histogram"].snapshot.stamp.step == 4200
    assert ScoreHistogramProbe() not in window.needs()


def test_the_status_says_when_a_step_takes_long(open_window):
    window = open_window()
    said, takes = window.status._words, "Running · a step takes about 17 s"
    window.handle_event(StateChanged(RunState.RUNNING, NOW))
    window.handle_event(StepTakes(17.3))
    assert said.text() == takes
    window.show_snapshot(made_up.snapshot(CONFIG, step=4100))
    assert said.text().startswith(takes)
    for event, says in (
        (StateChanged(RunState.PAUSED, NOW), "Paused"),
        (StateChanged(RunState.RUNNING, NOW), takes),
    ):
        window.handle_event(event)
        assert said.text() == says
    window.handle_event(StepTakes(0.0))
    assert said.text() == "Running"


def test_the_run_bar_tells_the_step_that_everything_else_shows(open_window):
    window = open_window()
    window.handle_event(StateChanged(RunState.RUNNING, NOW))
    window.show_snapshot(made_up.snapshot(CONFIG, step=4000))
    window.show_rates(1500.0, 28.0)
    numbers = window.run_bar._numbers
    assert numbers.text().startswith("step 4\u202f000 · 1\u202f500/s · 28 fps · ")
    window.show_snapshot(made_up.snapshot(CONFIG, step=4100))
    assert numbers.text().startswith("step 4\u202f100 · 1\u202f500/s · 28 fps · ")
    window.handle_event(StateChanged(RunState.PAUSED, NOW))
    assert numbers.text().startswith("step 4\u202f100 · cpu")
    window.show_rates(1500.0, 28.0)
    window.show_snapshot(made_up.snapshot(CONFIG, step=4101))
    assert numbers.text().startswith("step 4\u202f101 · cpu")


def test_what_a_paused_run_does_is_still_said_when_its_pace_is_another(open_window):
    """D moved by hand makes the pace slow: after the last look, so that "Paused" alone was left."""
    window = open_window()
    window.handle_event(StateChanged(RunState.PAUSED, NOW))
    window.show_snapshot(made_up.snapshot(CONFIG, step=4000))
    said = window.status._words.text()
    assert "D(x) ≈" in said
    window.status.show_pace("150 slow steps after D by hand")
    window.handle_event(StateChanged(RunState.PAUSED, NOW))
    assert window.status._words.text() == said
    window.handle_event(StateChanged(RunState.RUNNING, NOW))
    assert window.status._words.text() == "Running · 150 slow steps after D by hand"


def test_who_is_ahead_now_is_not_said_of_the_past(open_window):
    window = open_window()
    now = made_up.snapshot(CONFIG, step=4000)
    window.show_snapshot(now)
    assert "D(x) ≈" in window.status._words.text()
    window.show_snapshot(dataclasses.replace(now, viewed_step=64))
    assert "Looking back at step 64" in window.status._words.text()
    assert "step 64 of 4\u202f000 · " in window.run_bar._numbers.text()
    assert "modes" in window.status._words.text()
    assert "D(x) ≈" not in window.status._words.text()
    assert "settings" not in window.status._words.text()
    then = made_up.run_config("ring", ("wgan_gp",))
    window.show_snapshot(dataclasses.replace(made_up.snapshot(then, step=4000), viewed_step=64))
    assert "step 64: WGAN-GP then · settings and buttons are of now" in window.status._words.toolTip()


def test_a_line_about_two_lanes_says_less_of_each_where_there_is_little_room(open_window, qtbot):
    config = made_up.run_config(formulations=("non_saturating", "least_squares"))
    window = open_window(config)
    window.handle_event(StateChanged(RunState.RUNNING, NOW))
    window.show_snapshot(made_up.snapshot(config, step=4000))
    said = {}
    for width in (2400, 1024, 720):
        window.resize(width, 700)
        qtbot.wait(30)
        said[width] = window.status._words.seen
        assert not said[width].endswith("…"), (width, said[width])
        for title in ("Running · Non-saturating: ", " · Least squares: "):
            assert title in said[width]
    assert len(said[720]) < len(said[1024]) < len(said[2400]) == len(window.status._words.text())


def test_only_who_looks_back_can_continue_from_there(open_window):
    window = open_window()
    made_up.show_in(window)
    action = window.actions_["continue"]
    assert not action.isEnabled()
    window.timeline.track.look_at(64)
    assert action.isEnabled()
    window.handle_event(ConfigChanged(CONFIG, Stamp(2, 0, 0), True))
    assert not action.isEnabled()


@pytest.mark.parametrize("key", ["toggle", "step", "step_d", "step_g"])
def test_what_lets_the_run_go_on_looks_at_it(open_window, key):
    """Steps were made at the end of a run whose beginning was shown: nothing moved."""
    window = open_window()
    made_up.show_in(window)
    window.handle_event(StateChanged(RunState.PAUSED, NOW))
    window.timeline.track.look_at(64)
    window.actions_.do(key)
    assert window.timeline.track.wanted is None
    assert any(isinstance(one, Run | Step) for one in window.commands)


def test_a_run_is_stopped_without_a_look_at_its_end(open_window):
    window = open_window()
    made_up.show_in(window)
    window.handle_event(StateChanged(RunState.RUNNING, NOW))
    window.timeline.track.look_at(64)
    window.actions_.do("toggle")
    assert window.timeline.track.wanted == 64
    assert Pause() in window.commands


def test_every_lane_is_reached_from_the_status_line_and_a_diverged_one_says_so(open_window, qtbot):
    config = made_up.run_config(formulations=("non_saturating", "wasserstein"))
    window = open_window(config)
    window.handle_event(StateChanged(RunState.PAUSED, NOW))
    now = made_up.snapshot(config, step=4000)
    now = dataclasses.replace(now, lanes=(LaneStatus(), LaneStatus(3000, "d_loss")))
    window.show_snapshot(now)
    lanes = window.findChild(LaneList)
    qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton)

    def said():
        seen = [label for label in lanes.list.findChildren(QLabel) if label.isVisible()]
        return [label.accessibleName() or label.text() for label in seen]

    first, words, second, diverged = said()
    assert (first, second) == ("Non-saturating", "WGAN")
    assert "8 of 8 modes" in words
    assert "at step" not in words
    assert diverged.startswith("diverged at step 3\u202f000: the discriminator's loss is not finite")
    window.show_snapshot(dataclasses.replace(now, viewed_step=2000))
    assert "diverged" not in said()[3], "it had not at that step"
    later = made_up.snapshot(config, step=4500, leave_out=(LossTrace,))
    window.show_snapshot(later)
    assert said()[1].endswith("(at step 4\u202f000)"), "curves are older than the picture"
    lanes.list.close()
    window.show_snapshot(made_up.snapshot(CONFIG, step=4500))
    assert lanes.isHidden()


def test_a_shorter_run_begins_with_a_timeline_of_its_own(open_window):
    window = open_window()
    window.handle_event(ConfigChanged(CONFIG, Stamp(1, 0, 0), True))
    window.show_snapshot(made_up.snapshot(CONFIG, step=600_000))
    window.handle_event(ConfigChanged(CONFIG, Stamp(2, 0, 0), True))
    window.show_snapshot(made_up.snapshot(CONFIG, step=300_000, run=2))
    assert 300_000 <= window.timeline.track._high < 400_000

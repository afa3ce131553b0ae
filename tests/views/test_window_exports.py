"""What is exported: one moment, names with run, step and view, nothing overwritten unasked, a message with a count."""

from __future__ import annotations

import dataclasses

import made_up
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox

from ganviz.losses.latex import formulation_latex
from ganviz.session.commands import Export, ExportKind, Pause, Run, SaveCheckpoint
from ganviz.session.events import ConfigChanged, FileWritten, Refused, StateChanged
from ganviz.session.state import RunState
from ganviz.spec import InvalidValueError
from ganviz.training.snapshot import Stamp
from ganviz.views.bases.plot_export import UNSEEN_SIZE
from ganviz.views.controls import banner as banner_module
from ganviz.views.window import exports as window_exports
from ganviz.views.window import plot_jobs
from ganviz.views.window.export_dialog import ExportDialog, ExportWish
from ganviz.views.window.figure_form import FigureWish

CONFIG = made_up.run_config()
DATA = (("history", "history.csv"), ("samples", "samples.npz"))


@pytest.fixture
def window(open_window):
    window = open_window()
    made_up.show_in(window)
    window.show_snapshot(made_up.snapshot(CONFIG, step=4000))
    window.commands.clear()
    return window


def wish(folder, data=(), with_checkpoint=False):
    return ExportWish(folder, ("plane",), ("png", "svg"), FigureWish(1.0), data, with_checkpoint)


def settle(window):
    """Let the plots be written, one in each turn of the event loop."""
    while window.exports.is_writing:
        QApplication.processEvents()


def write(window, wished):
    window.exports.write(wished)
    settle(window)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_names_tell_run_step_and_view(window, tmp_path):
    write(window, wish(tmp_path / "a"))
    assert names_in(tmp_path / "a") == ["run-1_step-4000_plane.png", "run-1_step-4000_plane.svg"]
    window.files.path = tmp_path / "ring.ganviz"
    window.show_snapshot(made_up.snapshot(CONFIG, step=5000))
    write(window, wish(tmp_path / "b"))
    assert names_in(tmp_path / "b") == ["ring_step-5000_plane.png", "ring_step-5000_plane.svg"]


@pytest.mark.parametrize(
    ("choice", "dpi", "pixels"),
    [(1, None, (1004, 709)), (4, None, (1920, 1080)), (5, 100, (472, 354)), (6, 192, (1200, 800))],
)
def test_plots_leave_as_large_as_is_wished_and_without_background(
    window, qtbot, tmp_path, choice, dpi, pixels
):
    dialog = ExportDialog(window.docks.painted_views(CONFIG), CONFIG, chosen="losses")
    qtbot.addWidget(dialog)
    dialog._folder.setText(str(tmp_path))
    form = dialog.figure
    for i in (4, choice):  # nothing stays of another size
        form.size_box.setCurrentIndex(i)
    assert form.dpi_box.value() == {1: 300, 4: 144, 5: 300, 6: 96}[choice]
    assert form.font_box.value() == {1: 7, 4: 16, 5: 7, 6: 0}[choice]
    assert form.line_box.value() == (3 if choice == 4 else 0)
    form.dpi_box.setValue(dpi or form.dpi_box.value())
    form.transparent.setChecked(True)
    form.theme_box.setCurrentIndex(form.theme_box.findData("dark"))
    dialog._values.setChecked(True)
    assert form.scale_box.isHidden()
    write(window, dialog.wish())
    assert names_in(tmp_path) == [f"run-1_step-4000_losses.{ending}" for ending in ("csv", "png")]
    image = QImage(str(tmp_path / "run-1_step-4000_losses.png"))
    assert (image.width(), image.height()) == pixels
    assert image.dotsPerMeterX() == round(form.dpi_box.value() / 0.0254)
    assert image.pixelColor(0, 0).alpha() == 0
    assert (
        (tmp_path / "run-1_step-4000_losses.csv").read_text().startswith("first_step,last_step,d_loss mean")
    )
    assert window.docks.views["losses"].theme.key == "light"


def test_films_and_reports_are_asked_of_another_program(window, qtbot, tmp_path):
    dialog, asked = ExportDialog(window.docks.painted_views(CONFIG), CONFIG), []
    qtbot.addWidget(dialog)
    form = dialog.animations
    for box in (*dialog._views.values(), *form.boxes.values()):
        box.setChecked(box in form.boxes.values())
    dialog._folder.setText(str(tmp_path))
    form.length.setValue(12.5)
    form.log_time.setChecked(True)
    window.rendering_requested.connect(lambda *given: asked.append(given))
    write(window, dialog.wish())
    names = ("plane.gif", "plane.webp", "plane.mp4", "report.html")
    options = ("--size", "640x560", "--length", "12.5", "--log-time")
    assert asked == [(str(tmp_path / f"run-1_step-4000_{name}"), options) for name in names]


@pytest.mark.parametrize("answer", ["both", "overwrite", ""])
def test_nothing_is_overwritten_unasked(window, tmp_path, monkeypatch, answer):
    asked = []
    monkeypatch.setattr(window_exports, "confirm_existing", lambda _, n, where: (asked.append(n), answer)[1])
    precious = tmp_path / "run-1_step-4000_history.csv"
    precious.write_text("precious")
    write(window, wish(tmp_path, DATA))
    assert asked == [1]
    paths = [command.path for command in window.commands]
    if answer == "both":
        assert [path.name for path in paths] == [f"run-1_step-4000_2_{name}" for _, name in DATA]
        assert "run-1_step-4000_2_plane.png" in names_in(tmp_path)
    else:
        assert (precious in paths) is (answer == "overwrite")
        assert ("run-1_step-4000_plane.png" in names_in(tmp_path)) is (answer == "overwrite")


@pytest.mark.parametrize("revision", [3, 4], ids=["at once", "once a probe is prepared"])
def test_a_run_that_trains_waits_so_that_everything_is_of_one_moment(window, tmp_path, revision):
    window.handle_event(StateChanged(RunState.RUNNING, Stamp(1, 4000, 2)))
    write(window, wish(tmp_path, DATA))
    assert window.commands == [Pause()]
    window.show_snapshot(made_up.snapshot(CONFIG, step=4007))
    assert names_in(tmp_path) == []
    window.handle_event(StateChanged(RunState.PAUSED, Stamp(1, 4010, 3)))
    window.show_snapshot(made_up.snapshot(CONFIG, step=4009))
    assert names_in(tmp_path) == []
    paused = dataclasses.replace(made_up.snapshot(CONFIG, step=4010), stamp=Stamp(1, 4010, revision))
    window.show_snapshot(paused)
    settle(window)
    prefix = tmp_path / "run-1_step-4010_"
    assert window.commands[1:] == [
        Export(ExportKind.HISTORY, prefix.with_name(prefix.name + "history.csv")),
        Export(ExportKind.SAMPLES, prefix.with_name(prefix.name + "samples.npz")),
        Run(),
    ]
    assert names_in(tmp_path) == ["run-1_step-4010_plane.png", "run-1_step-4010_plane.svg"]


def test_a_run_that_is_replaced_meanwhile_writes_nothing(window, tmp_path):
    window.handle_event(StateChanged(RunState.RUNNING, Stamp(1, 4000, 2)))
    write(window, wish(tmp_path, DATA))
    window.handle_event(ConfigChanged(CONFIG, Stamp(2, 0, 3), True))
    window.handle_event(StateChanged(RunState.PAUSED, Stamp(2, 0, 3)))
    window.show_snapshot(dataclasses.replace(made_up.snapshot(CONFIG, step=0, run=2), stamp=Stamp(2, 0, 3)))
    assert names_in(tmp_path) == []
    assert window.commands == [Pause()]


def test_while_looking_back_everything_is_of_the_step_that_is_looked_at(window, tmp_path):
    window.show_snapshot(dataclasses.replace(made_up.snapshot(CONFIG, step=4000), viewed_step=1280))
    write(window, wish(tmp_path, DATA, with_checkpoint=True))
    assert [command.at_step for command in window.commands] == [1280] * 3
    assert isinstance(window.commands[-1], SaveCheckpoint)
    assert all("_step-1280_" in command.path.name for command in window.commands)
    assert all("_step-1280_" in name for name in names_in(tmp_path))
    assert "1\u202f280" in window.exports._moment()


def test_the_message_counts_files_and_opens_the_folder(window, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    write(window, wish(tmp_path, DATA))
    for command in window.commands:
        assert "written" not in window.banner.text
        window.handle_event(FileWritten(command.path))
    assert window.banner.text == f"4 files written to {tmp_path}."
    assert window.banner._action.text() == "Open the folder"
    window.banner._action.click()
    assert opened == [str(tmp_path)]


def test_all_plots_are_ticked_and_unticked_at_once(window, qtbot):
    dialog = ExportDialog(window.docks.painted_views(CONFIG), CONFIG)
    qtbot.addWidget(dialog)
    every = next(box for box in dialog.findChildren(QCheckBox) if box.text() == "All plots")
    states, keys = Qt.CheckState, dialog.wish().views
    assert (every.checkState(), len(keys)) == (states.Checked, len(dialog._views))
    every.click()
    assert (every.checkState(), dialog.wish().views) == (states.Unchecked, ())
    assert not dialog._export.isEnabled(), "nothing would be written"
    dialog._views["plane"].setChecked(True)
    assert (every.checkState(), dialog.wish().views) == (states.PartiallyChecked, ("plane",))
    assert dialog._export.isEnabled()
    every.click()
    assert (every.checkState(), dialog.wish().views) == (states.Checked, keys)


def test_good_news_goes_by_itself_unless_it_is_used_and_a_warning_stays(window, tmp_path, monkeypatch, qtbot):
    monkeypatch.setattr(banner_module, "SHOWN_MS", 20)
    write(window, wish(tmp_path, DATA))
    for command in window.commands:
        window.handle_event(FileWritten(command.path))
    window.banner._action.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.wait(150)
    assert window.banner.text == f"4 files written to {tmp_path}."
    window.setFocus()
    qtbot.waitUntil(lambda: not window.banner.text, timeout=2000)
    (tmp_path / "b" / "run-1_step-4000_2_plane.png").mkdir(parents=True)
    window.exports._prefix = lambda _: "run-1_step-4000_2_"
    write(window, wish(tmp_path / "b", ()))
    qtbot.wait(150)
    assert window.banner.text.endswith("it is a folder.")


def test_the_message_says_what_could_not_be_written(window, tmp_path):
    """Whatever comes last: what is written of an export does not hide what is not."""
    (tmp_path / "run-1_step-4000_2_plane.png").mkdir()
    window.exports._prefix = lambda _: "run-1_step-4000_2_"
    write(window, wish(tmp_path, DATA))
    history, samples = (command.path for command in window.commands)
    window.handle_event(Refused("The samples cannot be written.", samples))
    window.handle_event(FileWritten(history))
    said = window.banner.text
    assert said.startswith(f"2 files written to {tmp_path}. 2 files could not be written; the first: ")
    assert said.endswith(f"'{tmp_path / 'run-1_step-4000_2_plane.png'}' cannot be written: it is a folder.")
    assert names_in(tmp_path)[1:] == ["run-1_step-4000_2_plane.svg"]
    write(window, wish(tmp_path / "b", DATA))
    for command in window.commands[2:]:
        window.handle_event(Refused(f"{command.path.name} cannot be written.", command.path))
    why = f"2 files could not be written; the first: {history.name} cannot be written."
    assert window.banner.text == f"2 files written to {tmp_path / 'b'}. {why}"


def test_of_an_export_of_which_nothing_is_written_the_first_reason_is_said(window, tmp_path):
    for ending in ("png", "svg"):
        (tmp_path / f"run-1_step-4000_2_plane.{ending}").mkdir()
    window.exports._prefix = lambda _: "run-1_step-4000_2_"
    write(window, wish(tmp_path, DATA))
    history, samples = (command.path for command in window.commands)
    window.handle_event(Refused("What is no part of it.", tmp_path / "a.ganviz"))
    for path in (samples, history):
        window.handle_event(Refused("It cannot be written.", path))
    first = f"'{tmp_path / 'run-1_step-4000_2_plane.png'}' cannot be written"
    assert window.banner.text.startswith(f"4 files could not be written; the first: {first}")
    assert "written to" not in window.banner.text
    assert window.banner.property("kind") == "warning"


@pytest.mark.parametrize("is_late", [False, True])
def test_a_run_that_has_failed_leaves_what_is_on_the_screen(window, tmp_path, monkeypatch, is_late):
    """No look is answered any more: an export that waited for one would wait for ever."""
    monkeypatch.setattr(window.docks, "unseen", lambda keys: tuple(key for key in keys if key != "plane"))
    if not is_late:
        window.handle_event(StateChanged(RunState.FAILED, Stamp(1, 4000, 2)))
    both = dataclasses.replace(wish(tmp_path, DATA), views=("plane", "losses"))
    write(window, both)
    if is_late:
        assert names_in(tmp_path) == []
        window.handle_event(StateChanged(RunState.FAILED, Stamp(1, 4000, 2)))
        settle(window)
    assert names_in(tmp_path) == ["run-1_step-4000_plane.png", "run-1_step-4000_plane.svg"]
    for command in window.commands:
        window.handle_event(FileWritten(command.path))
    assert window.banner.text == f"4 files written to {tmp_path}. {window_exports.UNSEEN}"
    assert window.docks._also == (), "what was waited for would be read from the next run with every look"
    asked = []
    monkeypatch.setattr(window_exports, "answer_to", asked.append)
    window.exports.ask()
    assert asked, "nothing waits any more"


def test_a_run_that_has_failed_leaves_everything_where_all_is_on_the_screen(window, tmp_path, monkeypatch):
    monkeypatch.setattr(window.docks, "unseen", lambda keys: ())
    window.handle_event(StateChanged(RunState.FAILED, Stamp(1, 4000, 2)))
    write(window, wish(tmp_path))
    assert window.banner.text == f"2 files written to {tmp_path}."


def test_an_export_that_waits_is_not_replaced_by_another(window, tmp_path, monkeypatch):
    window.handle_event(StateChanged(RunState.RUNNING, Stamp(1, 4000, 2)))
    write(window, wish(tmp_path))
    monkeypatch.setattr(window_exports, "answer_to", lambda _: pytest.fail("asked"))
    window.exports.ask()
    assert "waits" in window.banner.text
    window.handle_event(StateChanged(RunState.PAUSED, Stamp(1, 4010, 3)))
    window.show_snapshot(dataclasses.replace(made_up.snapshot(CONFIG, step=4010), stamp=Stamp(1, 4010, 3)))
    settle(window)
    assert len(names_in(tmp_path)) == 2
    assert window.commands == [Pause(), Run()]


def test_a_plot_whose_dock_has_no_width_leaves_all_the_same(window, tmp_path):
    window.docks.views["plane"].canvas.resize(0, 192)
    window.actions_["copy:plane"].trigger()
    size = UNSEEN_SIZE
    assert QGuiApplication.clipboard().image().size() == 2 * size
    window.docks.views["plane"].canvas.resize(0, 192)
    write(window, wish(tmp_path))
    assert QImage(str(tmp_path / "run-1_step-4000_plane.png")).size() == size


def test_no_folder_is_not_the_working_folder(window, qtbot, tmp_path):
    (tmp_path / "file").touch()
    dialog = ExportDialog(window.docks.painted_views(CONFIG), CONFIG)
    qtbot.addWidget(dialog)
    for text, is_taken in (("", False), ("  ", False), (str(tmp_path / "file"), True)):
        dialog._folder.setText(text)
        assert dialog._export.isEnabled() == is_taken
    write(window, dialog.wish())
    assert window.banner.text == f"The folder {tmp_path / 'file'} cannot be made: File exists."


def test_a_folder_of_nobody_is_a_sentence(window, monkeypatch):
    monkeypatch.setattr(
        window_exports, "answer_to", lambda dialog: dialog._folder.setText("~nobody-of-that-name") or True
    )
    window.exports.ask()
    assert window.banner.text.startswith("'~nobody-of-that-name' cannot be used as a path")


def test_what_is_copied_is_told(window):
    """Values and formulas went to the clipboard without a word; of a picture it was said."""
    window.show_snapshot(made_up.snapshot(CONFIG, step=4000))
    losses, card = window.docks.views["losses"], window.docks.views["formula"]
    losses.copy_values()
    n = len(losses.values().rows)
    assert window.banner.text == f"Separate losses: {n} rows of values copied to the clipboard."
    card.show_snapshot(made_up.snapshot(CONFIG, step=4000))
    card.copy(formulation_latex)
    assert window.banner.text == "Formula card: copied to the clipboard."
    kept = QGuiApplication.clipboard().text()

    def refused(_):
        raise InvalidValueError("It cannot be written.")

    card.copy(refused)  # the sentence itself stood on the clipboard
    assert window.banner.text == "Formula card: It cannot be written."
    assert QGuiApplication.clipboard().text() == kept


def test_a_lane_is_copied_as_pytorch(window):
    """From the window's own knowledge of the run, with what was changed on the way; torch is not needed."""
    copied = {}
    for what in ("run", "formulation"):
        window.actions_[f"copy_script:{what}"].trigger()
        copied[what] = QGuiApplication.clipboard().text()
        compile(copied[what], what, "exec")
    assert "STEPS = 4000" in copied["run"]
    losses = "def discriminator_loss(t_real, t_fake):"
    assert losses in copied["run"]
    assert losses in copied["formulation"]
    assert "import torch" in copied["formulation"]
    assert "STEPS" not in copied["formulation"]
    assert not window.commands


def test_a_window_is_not_closed_unasked_while_a_film_is_made(window, monkeypatch):
    asked, answers = [], [False, True]
    monkeypatch.setattr(
        window_exports, "confirm_dropping", lambda _, words: (asked.append(words), answers.pop(0))[1]
    )
    window.exports.made = lambda: "film"
    assert not window.close()
    assert window.close()
    assert asked == ["The film of this run is still being made."] * 2


def test_between_two_plots_keys_are_answered_and_all_are_of_the_moment_the_export_began(
    window, tmp_path, monkeypatch
):
    ticks, written = [], []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(len(written)))
    timer.start(0)
    monkeypatch.setattr(
        plot_jobs, "export_view", lambda view, *_, **__: written.append(view.snapshot.stamp.step)
    )
    keys = ("plane", "losses", "total_loss")
    window.exports.write(dataclasses.replace(wish(tmp_path), views=keys, formats=("png",)))
    assert not written, "what asked for it is answered first"
    window.show_snapshot(made_up.snapshot(CONFIG, step=5000))  # a person has let the run go on
    settle(window)
    assert written == [4000] * 3
    assert set(ticks) >= {0, 1, 2}
    assert window.banner.text == f"3 files written to {tmp_path}."


def test_plots_of_a_run_that_goes_are_counted_and_those_of_a_window_that_closes_written(window, tmp_path):
    wished = dataclasses.replace(wish(tmp_path / "a"), views=("plane", "losses"), formats=("png",))
    window.exports.write(wished)
    window.handle_event(ConfigChanged(CONFIG, Stamp(2, 0, 0), True))
    QTest.qWait(20)
    assert "2 plots were not written: their run has gone." in window.banner.text
    assert names_in(tmp_path / "a") == []
    window.show_snapshot(made_up.snapshot(CONFIG, step=100, run=2))
    window.exports.write(dataclasses.replace(wished, folder=tmp_path / "b"))
    window.close_unasked()
    assert window.exports.may_close()
    assert len(names_in(tmp_path / "b")) == 2

"""Open, drop and recent files: runs, settings, pictures that carry settings, points."""

from __future__ import annotations

import dataclasses

import made_up
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QGraphicsView

from ganviz.data.gaussians import Grid
from ganviz.data.image_folder import ImageFolder
from ganviz.data.points_file import PointsFile
from ganviz.session.commands import LoadCheckpoint, Reconfigure, Run
from ganviz.session.events import ConfigChanged, FileWritten, Refused, Relaunched
from ganviz.session.exporting import settings_text, write_config
from ganviz.session.settings import with_settings
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Stamp
from ganviz.views.bases.plot_export import export_view
from ganviz.views.window import files, wishes
from ganviz.views.window.drops import MOST_LOGS
from ganviz.views.window.log_window import LogWindow
from ganviz.views.window.main_window import MainWindow
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.points_dialog import PointsDialog

MINE = with_settings(RunConfig(), ["lanes.0.formulation=hinge", "training.batch_size=32"])
NOW = Stamp(1, 500, 0)
LOG = "step,loss_D,loss_G\n" + "\n".join(f"{i},{1.4 + i / 90:.3f},{0.7 - i / 90:.3f}" for i in range(40))
POINTS = "x;y\n" + "\n".join(f"{i / 7:.3f};{i / 3:.3f}".replace(".", ",") for i in range(40)) + "\n"


@pytest.fixture
def window(open_window):
    window = open_window()
    made_up.show_in(window)
    window._memory.set_flag("restarts_unasked")
    window.commands.clear()
    return window


def drop(window, *paths):
    """Do what a file manager does; return whether the files were taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(200, 200), copy, data, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(200, 200), copy, data, left, none))
    return enter.isAccepted()


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_picture_opens_with_the_settings_that_it_was_drawn_with(window, tmp_path, ending):
    path = tmp_path / f"plane.{ending}"
    export_view(window.docks.views["plane"], path, settings=settings_text(MINE))
    assert drop(window, path)
    assert window.commands == [Reconfigure(MINE)]
    assert window.files.path is None


def test_exported_settings_open(window, tmp_path, monkeypatch):
    path = tmp_path / "mine.json"
    write_config(path, MINE)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    window.actions_["open"].trigger()
    assert window.commands == [Reconfigure(MINE)]


def test_settings_that_restart_the_run_are_asked_about(window, tmp_path, monkeypatch):
    window._memory.keep_text("restarts_unasked", "no")
    write_config(tmp_path / "mine.json", MINE)
    monkeypatch.setattr(wishes, "confirm_restart", lambda *_: ("", False))
    drop(window, tmp_path / "mine.json")
    assert window.commands == []


@pytest.mark.parametrize("name", ["mine.json", "points.csv"])
def test_what_the_window_begins_with_ends_no_run_and_is_not_asked_about(window, tmp_path, monkeypatch, name):
    """The question stood on an empty screen, before there was a window, and meant a run that nobody had begun."""
    window._memory.keep_text("restarts_unasked", "no")
    write_config(tmp_path / "mine.json", MINE)
    (tmp_path / "points.csv").write_text(POINTS)
    monkeypatch.setattr(wishes, "confirm_restart", lambda *_: pytest.fail("it asks"))
    window.open_path(tmp_path / name)
    (command,) = window.commands
    assert command.config != window.config
    assert window.files.path is None


def test_points_open_as_data(window, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(POINTS)
    assert drop(window, path)
    (command,) = window.commands
    assert command.config.distribution == PointsFile(path=str(path))
    assert command.config.lanes == window.config.lanes
    assert len(PointsFile(path=str(path)).excerpt()["points"]) == 40


def test_a_run_is_read_by_the_engine(window, tmp_path):
    assert drop(window, tmp_path / "run.ganviz")
    assert window.commands == [LoadCheckpoint(tmp_path / "run.ganviz")]


def test_the_folder_of_a_run_is_the_run_and_of_another_it_is_said_what_it_is(window, tmp_path):
    assert drop(window, tmp_path)
    assert window.banner.text == (
        f"'{tmp_path}' is a folder without a saved run, checkpoint.ganviz. "
        "A run or its folder, settings, points or a loss log can be opened."
    )
    assert window.commands == []
    (tmp_path / "checkpoint.ganviz").write_bytes(b"")
    assert drop(window, tmp_path)
    assert window.commands == [LoadCheckpoint(tmp_path / "checkpoint.ganviz")]


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", "{"), ("a.csv", "x,y\n1,2\n3,<img src=x>\n"), ("a.png", "no")]
)
def test_what_cannot_be_read_is_said_and_changes_nothing(window, tmp_path, name, content):
    (tmp_path / name).write_text(content)
    drop(window, tmp_path / name)
    assert window.commands == []
    assert window.banner.text.endswith((".", "”", "'"))
    assert window.files.recent.paths == []


def test_the_first_start_says_why_its_file_was_refused_and_gives_hints_at_the_next(qtbot, tmp_path):
    (tmp_path / "a.csv").write_text("name,city\nAnn,Rome\n")
    for name, words in (("a.csv", "a.csv, line 2"), ("", "Three things to try")):
        window = MainWindow(RunConfig(), 400.0, WindowMemory())
        qtbot.addWidget(window)
        if name:
            window.open_path(tmp_path / name)
        window.show()
        assert words in window.banner.text


@pytest.mark.parametrize("action", ["CopyAction", "MoveAction", "LinkAction"])
def test_a_file_that_is_dropped_stays_where_it_is(window, tmp_path, action):
    """A file manager removes what a window says to have moved."""
    data, left, none = QMimeData(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.ganviz"))])
    offered = Qt.DropAction.MoveAction | Qt.DropAction[action]
    for event in (
        QDragEnterEvent(QPoint(200, 200), offered, data, left, none),
        QDropEvent(QPointF(200, 200), offered, data, left, none),
    ):
        event.setDropAction(Qt.DropAction.MoveAction)
        event.ignore()
        QApplication.sendEvent(window, event)
        assert event.isAccepted() == (event.dropAction() != Qt.DropAction.MoveAction)
    assert bool(window.commands) == (action != "MoveAction")


def test_charts_leave_what_is_dropped_to_the_window(window):
    made_up.show_in(window)
    sheets = window.findChildren(QGraphicsView)
    assert sheets
    assert not any(sheet.viewport().acceptDrops() for sheet in sheets)


def test_of_several_files_it_says_what_can_be_dropped(window, tmp_path):
    """They were refused without a word."""
    paths = [made_up.run_file(tmp_path / f"{name}.ganviz") for name in "ab"]
    assert drop(window, *paths)
    assert "One file at a time becomes the run" in window.banner.text
    assert window.commands == []
    (tmp_path / "folder").mkdir()
    (tmp_path / "log.csv").write_text(LOG)
    for others in (paths[:1], [tmp_path / "folder"], [tmp_path / "log.csv"] * MOST_LOGS):
        window.banner.say("")
        assert drop(window, tmp_path / "log.csv", *others)
        assert "One file at a time becomes the run" in window.banner.text
    assert window.findChildren(LogWindow) == []
    assert not drop(window), "a text is no file"


def test_several_logs_open_beside_each_other(window, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(LOG)
    (tmp_path / "c.csv").write_text(LOG.replace("loss_D,loss_G", "first,second"))  # points, or a log
    drop(window, *(tmp_path / f"{name}.csv" for name in "abc"))
    logs = window.findChildren(LogWindow)
    assert sorted(one.windowTitle()[:5] for one in logs) == ["a.csv", "b.csv", "c.csv"]
    assert all(one.isVisible() for one in logs)
    assert window.commands == []


def test_a_run_that_is_worth_something_is_asked_about_before_a_file_takes_its_place(
    window, tmp_path, monkeypatch
):
    window.files.worth.owe()
    made_up.run_file(tmp_path / "b.ganviz")
    monkeypatch.setattr(files, "confirm_leaving", lambda *_: "")
    drop(window, tmp_path / "b.ganviz")
    assert window.commands == []
    monkeypatch.setattr(files, "confirm_leaving", lambda *_: "discard")
    drop(window, tmp_path / "b.ganviz")
    assert window.commands == [LoadCheckpoint(tmp_path / "b.ganviz")]


def recent(window):
    actions = [window.actions_[f"recent:{i}"] for i in range(8)]
    return [action.text().split("  –  ")[0] for action in actions if action.isVisible()]


def test_recent_files_are_offered_again(window, open_window, tmp_path):
    assert recent(window) == []
    for i in range(10):
        window.handle_event(ConfigChanged(RunConfig(), Stamp(i + 2, 0, 0), True, tmp_path / f"{i}.ganviz"))
    window.handle_event(ConfigChanged(RunConfig(), Stamp(20, 0, 0), True, tmp_path / "8.ganviz"))
    assert recent(window) == [f"{i}.ganviz" for i in (8, 9, 7, 6, 5, 4, 3, 2)]
    window.handle_event(FileWritten(tmp_path / "8.ganviz", 0))
    again = open_window()
    assert recent(again)[:2] == ["8.ganviz", "9.ganviz"]
    again.actions_["recent:1"].trigger()
    assert again.commands == [LoadCheckpoint(tmp_path / "9.ganviz")]


def test_a_refused_file_is_not_a_recent_one(window, tmp_path):
    window.open_path(tmp_path / "a.ganviz")
    window.handle_event(Refused("It is not a checkpoint."))
    assert recent(window) == []


def choose_points(window, key="points_file"):
    """Choose an entry of the settings' menu of data, as a person does."""
    box = window.settings._data._box
    index = box.findData(key)
    box.setCurrentIndex(index)
    box.activated.emit(index)


@pytest.fixture
def asked(window, monkeypatch, qtbot):
    """Choose a file of points and answer every question; return what was asked, and what the dialog told."""

    def chosen(path, change=lambda dialog: None, answer="discard"):
        questions, told = [], []

        def answered(dialog):
            change(dialog)
            told.append((dialog._found.text(), dialog._refusal.text(), dialog._use.isEnabled()))
            dialog.done(dialog._use.isEnabled())

        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path or ""), ""))
        monkeypatch.setattr(PointsDialog, "exec", lambda dialog: answered(dialog) or dialog.result())
        monkeypatch.setattr(files, "confirm_leaving", lambda *_: questions.append("save") or answer)
        monkeypatch.setattr(
            wishes, "confirm_restart", lambda *_: (questions.append("restart") or "yes", False)
        )
        choose_points(window)
        return questions, told

    return chosen


def test_a_folder_of_pictures_is_asked_for_and_an_empty_one_refused(window, tmp_path, monkeypatch):
    said = []
    window.files.said.connect(said.append)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr(files, "confirm_leaving", lambda *_: "discard")
    choose_points(window, "images")
    assert "holds no PNG or JPEG pictures" in said[-1]
    assert not window.commands
    (tmp_path / "a.png").write_bytes(b"to be read by the engine")
    choose_points(window, "images")
    (command,) = window.commands
    assert command.config.distribution == ImageFolder(path=str(tmp_path))
    assert command.config.architecture.key == "dcgan16"


def test_points_are_looked_at_before_a_run_starts_with_them(window, tmp_path, asked):
    path = tmp_path / "points.csv"
    path.write_text("height;weight;age\n1,8;80;30\n1,7;75,5;40\n")
    _, ((found, refusal, is_usable),) = asked(path)
    assert "'height' and 'weight' (without 'age'); semicolons between columns, decimal commas" in found
    assert (refusal, is_usable) == ("", True)
    command, then = window.commands
    assert command.config.distribution == PointsFile(path=str(path))
    assert then == Run(), "a paused window stayed at step 0"

    def by_other_columns(dialog):
        line = dialog._form._fields["columns"].widget
        for text in ("1, 9", "weight, age"):
            line.setText(text)
            line.editingFinished.emit()
            assert dialog._use.isEnabled() == (text != "1, 9")
        shown = dialog._preview.grab().toImage()
        dialog._preview.show_points(None)
        assert dialog._preview.grab().toImage() != shown

    asked(path, by_other_columns)
    assert window.commands[-2].config.distribution.columns == "weight, age"


@pytest.mark.parametrize("content", [None, "no points here\n"])
def test_without_points_nothing_restarts_and_the_menu_shows_what_is_in_force(
    window, tmp_path, asked, content
):
    path = tmp_path / "points.csv"
    if content is not None:
        path.write_text(content)
    _, told = asked(path if content else None)
    assert [(bool(refusal), is_usable) for _, refusal, is_usable in told] == [(True, False)] * bool(content)
    assert window.commands == []
    assert window.settings._data._box.currentData() == window.config.distribution.key


def test_a_run_is_asked_about_once(window, tmp_path, asked):
    """Points and settings start another run: a question about what is lost, and not one about restarting besides."""
    window._memory.keep_text("restarts_unasked", "no")
    (tmp_path / "points.csv").write_text(POINTS)
    assert asked(tmp_path / "points.csv")[0] == [], "the dialog has asked"
    window.handle_event(Relaunched())  # nothing is chosen any more
    window.pending.show_again()
    window.files.worth.owe()
    assert asked(tmp_path / "points.csv", answer="")[0] == ["save"]
    assert list(map(type, window.commands)) == [Reconfigure, Run]
    assert asked(tmp_path / "points.csv")[0] == ["save"]
    window.files.worth.owe()
    write_config(tmp_path / "mine.json", MINE)
    drop(window, tmp_path / "mine.json")
    assert window.commands[-1] == Reconfigure(MINE)
    assert list(map(type, window.commands)) == [Reconfigure, Run, Reconfigure, Run, Reconfigure]


def test_a_view_that_comes_with_another_run_shows_nothing_of_the_one_before(open_window, qtbot):
    """Other data bring another workspace, and its views showed the curves of the run that had been replaced."""
    window = open_window()
    made_up.show_in(window)
    losses = window.docks.views["losses"]
    assert losses.snapshot is not None
    other = dataclasses.replace(window.config, distribution=Grid())
    window.handle_event(ConfigChanged(other, Stamp(2, 0, 0), True))
    for is_seen in (False, True):
        window.docks.docks["losses"].setVisible(is_seen)
        qtbot.wait(20)
    assert losses.isVisible()
    assert losses.snapshot is None

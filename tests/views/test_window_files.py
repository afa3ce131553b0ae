"""Which file a run is saved to: never one that was refused, never that of another run, never one unasked."""

from __future__ import annotations

import json
from pathlib import Path

import made_up
import pytest
from PySide6.QtWidgets import QFileDialog

from ganviz.session.commands import (
    HalfStep,
    LoadCheckpoint,
    Pause,
    Reconfigure,
    Restart,
    Run,
    SaveCheckpoint,
    SetPace,
    Step,
)
from ganviz.session.events import ConfigChanged, FileWritten, Refused, Relaunched, StateChanged
from ganviz.session.run_presets import run_preset
from ganviz.session.settings import with_settings
from ganviz.session.state import RunState
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Stamp
from ganviz.views.window import files as window_files


@pytest.fixture
def window(open_window):
    window = open_window()
    window.handle_event(ConfigChanged(RunConfig(), Stamp(1, 0, 0), True))
    window.commands.clear()
    return window


@pytest.fixture
def answers(monkeypatch, tmp_path):
    """The name that a person types when asked for one, and whether they let a file be overwritten."""
    given = {"name": str(tmp_path / "typed"), "overwrites": False, "asked": []}
    monkeypatch.setattr(
        QFileDialog,
        "getSaveFileName",
        lambda *_, **__: (given["asked"].append("name"), (given["name"], ""))[1],
    )

    def confirm(parent, path, *_):
        given["asked"].append(path)
        return given["overwrites"]

    monkeypatch.setattr(window_files, "confirm_overwriting", confirm)
    return given


def replaced(window, path=None, run=2):
    window.handle_event(ConfigChanged(RunConfig(), Stamp(run, 0, 0), True, path))


def test_a_refused_file_is_not_saved_to(window, answers, tmp_path):
    precious = tmp_path / "mydata.bin"
    window.open_path(precious)
    assert window.commands == [LoadCheckpoint(precious)]
    window.handle_event(Refused("It is not a checkpoint."))
    window.files.save()
    assert SaveCheckpoint(precious) not in window.commands
    assert answers["asked"] == ["name"]


def test_an_opened_file_is_saved_to_until_another_run_begins(window, answers, tmp_path):
    path = tmp_path / "a.ganviz"
    window.open_path(path)
    replaced(window, path)
    window.files.save()
    assert window.commands[-1] == SaveCheckpoint(path)
    assert answers["asked"] == []
    replaced(window, None, run=3)
    window.files.save()
    assert answers["asked"] == ["name"]
    assert window.commands[-1] != SaveCheckpoint(path)


def test_a_refused_file_leaves_the_target_as_it_was(window, answers, tmp_path):
    replaced(window, tmp_path / "a.ganviz")
    window.open_path(tmp_path / "damaged.ganviz")
    window.handle_event(Refused("It is damaged."))
    window.files.save()
    assert window.commands[-1] == SaveCheckpoint(tmp_path / "a.ganviz")


def test_a_file_is_the_target_once_it_has_been_written(window, answers):
    path = Path(answers["name"] + ".ganviz")
    window.files.save()
    assert window.commands[-1] == SaveCheckpoint(path)
    window.files.save()
    assert answers["asked"] == ["name", "name"]
    window.handle_event(FileWritten(path))
    window.files.save()
    assert answers["asked"] == ["name", "name"]


@pytest.mark.parametrize("overwrites", [False, True])
def test_what_another_window_has_saved_is_not_overwritten_unasked(window, answers, tmp_path, overwrites):
    path, answers["overwrites"] = tmp_path / "a.ganviz", overwrites
    path.write_text("a run")
    replaced(window, path)
    window.files.save()
    path.write_text("the run, later")  # by this window
    window.handle_event(FileWritten(path, 5))
    window.files.save()
    window.handle_event(FileWritten(path, 6))
    assert answers["asked"] == []
    window.commands.clear()
    path.write_text("what another window has saved")
    assert window.files.save() == overwrites
    assert answers["asked"] == [path]
    assert (SaveCheckpoint(path) in window.commands) == overwrites


def test_what_another_window_saves_while_this_one_cannot_is_asked_about(window, answers, tmp_path):
    path = tmp_path / "a.ganviz"
    path.write_text("a run")
    replaced(window, path)
    assert window.files.save()
    window.handle_event(Refused("The disk is full.", path))
    assert window.files.save()
    window.handle_event(Refused("The disk is full.", path))
    path.write_text("what another window has saved")
    assert not window.files.save()
    assert answers["asked"] == [path]


def test_what_this_window_is_writing_is_not_taken_for_another_s(window, answers, tmp_path):
    """A second Ctrl+S comes when the file has been replaced, and before the window has heard of it."""
    path = tmp_path / "a.ganviz"
    path.write_text("a run")
    replaced(window, path)
    assert window.files.save()
    path.write_text("the run, later")
    assert window.files.save()
    assert answers["asked"] == []


def test_a_file_that_is_written_after_its_run_has_gone_is_not_saved_to(window, answers):
    window.files.save()
    replaced(window)
    window.handle_event(FileWritten(Path(answers["name"] + ".ganviz")))
    window.files.save()
    assert answers["asked"] == ["name", "name"]


@pytest.mark.parametrize("overwrites", [False, True])
def test_overwriting_is_asked_about_under_the_whole_name(window, answers, overwrites):
    answers["overwrites"] = overwrites
    path = Path(answers["name"] + ".ganviz")
    path.write_text("precious")
    window.files.save_as()
    assert answers["asked"] == ["name", path]
    assert (SaveCheckpoint(path) in window.commands) is overwrites


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("run1", "run1.ganviz"),
        ("lr0.001", "lr0.001.ganviz"),
        ("a.ganviz", "a.ganviz"),
        ("A.GANVIZ", "A.GANVIZ"),
    ],
)
def test_a_name_gets_its_ending(typed, name):
    assert window_files.with_ending(Path(typed), ".ganviz") == Path(name)


# what a run is worth


@pytest.fixture
def trained(window, monkeypatch):
    """A window whose run has been trained for more than a minute, the answer to its question, and the questions."""
    time = {"s": 0.0}
    window.command_requested.emit(Pause())
    window.files.worth._clock = lambda: time["s"]
    window.time = time
    window.handle_event(StateChanged(RunState.RUNNING, Stamp(1, 0, 1)))
    time["s"] = 90.0
    window.show_snapshot(made_up.snapshot(made_up.run_config(), step=4000, run=1))
    window.answer, window.asked = "", []
    monkeypatch.setattr(
        window_files, "confirm_leaving", lambda *words: (window.asked.append(words[1:]), window.answer)[1]
    )
    yield window
    window.files.worth.keep(None)


def test_a_name_that_no_system_takes_is_a_sentence(window, answers, monkeypatch):
    """Whether there is such a file cannot be asked: that was a defect."""
    answers["name"] = "x" * 300
    window.files.save_as()
    window.files.open_file(Path("x" * 300 + ".csv"))
    assert answers["asked"] == ["name"]


def test_the_title_names_the_file_and_marks_what_is_not_saved(window, tmp_path):
    assert (window.windowTitle(), window.isWindowModified()) == ("New run[*] – ganviz", False)
    replaced(window, tmp_path / "a[*].ganviz")
    assert window.windowTitle() == "a[*][*].ganviz[*] – ganviz"
    assert not window.isWindowModified()
    window.show_snapshot(made_up.snapshot(made_up.run_config(), step=4000, run=2))
    assert window.isWindowModified()
    window.files.save()
    window.handle_event(FileWritten(tmp_path / "a[*].ganviz", 4000))
    assert not window.isWindowModified()
    window.handle_event(ConfigChanged(run_preset("sharp_ring").config, Stamp(2, 4000, 3), False))
    assert window.isWindowModified()
    replaced(window, tmp_path / "0003" / "checkpoint.ganviz")
    assert window.windowTitle() == "0003/checkpoint.ganviz[*] – ganviz"


@pytest.mark.parametrize(("step", "is_modified"), [(300, True), (200, False), (0, False)])
def test_a_run_that_goes_on_in_another_process_keeps_its_file(window, tmp_path, step, is_modified):
    """One that starts again, for nothing was kept, is another run."""
    path = tmp_path / "mine.ganviz"
    window.handle_event(ConfigChanged(RunConfig(), Stamp(2, 200, 0), True, path))
    window.show_snapshot(made_up.snapshot(made_up.run_config(), step=4000, run=2))
    window.handle_event(Relaunched())
    window.handle_event(ConfigChanged(RunConfig(), Stamp(3, step, 0), True))
    assert window.files.path == (path if step else None)
    assert window.isWindowModified() is is_modified
    replaced(window, run=4)
    assert window.files.path is None


def test_a_fork_that_goes_on_in_another_process_does_not_get_the_file_it_is_of(window, tmp_path):
    window.files.fork(tmp_path / "mine.ganviz", 200)
    window.handle_event(ConfigChanged(RunConfig(), Stamp(2, 200, 0), True, tmp_path / "mine.ganviz"))
    window.handle_event(Relaunched())
    window.handle_event(ConfigChanged(RunConfig(), Stamp(3, 200, 0), True))
    assert (window.files.path, window.files.name) == (None, "Fork of mine")


def test_a_run_that_trained_on_while_it_was_saved_is_modified(window, answers):
    window.files.save()
    window.show_snapshot(made_up.snapshot(made_up.run_config(), step=4000, run=1))
    window.handle_event(FileWritten(Path(answers["name"] + ".ganviz"), 3990))
    assert window.isWindowModified()


def test_a_run_that_nobody_wished_for_is_given_up_unasked(window):
    worth, time = window.files.worth, {"s": 0.0}
    worth._clock = lambda: time["s"]
    window.run_bar.set_pace(None)
    assert SetPace(None) in window.commands
    window.handle_event(StateChanged(RunState.RUNNING, Stamp(1, 0, 1)))
    time["s"] = 9000.0
    window.show_snapshot(made_up.snapshot(made_up.run_config(), step=4000, run=1))
    assert (worth.is_modified, worth.is_worth_asking) == (True, False)
    window.actions_.do("step_d")
    assert worth.is_worth_asking
    worth.keep(None)


def test_an_experiment_that_was_played_to_its_end_is_asked_about_once_somebody_goes_on(trained):
    worth = trained.files.worth
    assert worth.is_worth_asking
    worth.played()
    worth.note(SetPace(30.0))
    worth.note(Pause())
    assert (worth.is_modified, worth.is_worth_asking) == (True, False)
    worth.note(Step(HalfStep.DISCRIMINATOR))
    assert worth.is_worth_asking
    worth.played()
    assert worth.is_worth_asking, "what was moved by hand is not played again"


@pytest.mark.parametrize("answer", ["discard", ""])
def test_a_new_run_is_the_one_that_a_new_window_begins_with(trained, answer):
    trained.answer = "discard"
    trained.actions_.do("show_me:saturation")  # lays the window out for itself
    trained.commands.clear()
    trained.asked.clear()
    trained.answer = answer
    trained.actions_.do("new_run")
    assert len(trained.asked) == 1
    begun = [Restart(config=run_preset("default").config), Run()]
    sent = [one for one in trained.commands if not isinstance(one, SetPace)]
    assert sent == (begun if answer else [])
    assert (trained.workspaces.current.key == "watch") == bool(answer)


@pytest.mark.parametrize("answer", ["discard", ""])
def test_a_run_is_not_closed_unasked(trained, qtbot, answer):
    trained.answer = answer
    trained.close()
    qtbot.wait(20)
    assert trained.asked == [("New run", "2 minutes of training")]
    assert trained.isVisible() is (answer == "")


def test_a_file_is_looked_for_where_runs_are_saved_and_then_where_one_was_found(
    window, monkeypatch, tmp_path
):
    """The dialog began in whatever folder the program was started from, also after a run had been saved elsewhere."""
    begun, chosen = [], ["", str(tmp_path / "b.ganviz"), ""]
    monkeypatch.setattr(
        QFileDialog,
        "getOpenFileName",
        lambda parent, title, place, _: (begun.append(place), (chosen.pop(0), ""))[1],
    )
    window.files.places.folder = tmp_path
    for _ in range(3):
        window.files.open()
    assert begun == [str(tmp_path), str(tmp_path), ""]


@pytest.mark.parametrize("answer", ["discard", ""])
def test_a_preset_and_another_file_do_not_take_a_runs_place_unasked(trained, monkeypatch, tmp_path, answer):
    path = made_up.run_file(tmp_path / "b.ganviz")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))
    trained.answer = answer
    preset = run_preset("sharp_ring")
    trained.wishes.choose_preset(preset)
    trained.files.open()
    trained.actions_.do("same_weights")
    trained.actions_.do("new_weights")
    trained.actions_.do("experiment:soft_ring")
    assert len(trained.asked) == 5, "one question, whatever ends the run"
    assert (Restart() in trained.commands) is (answer == "discard")
    assert (Restart(new_weights=True) in trained.commands) is (answer == "discard")
    assert (Restart(config=preset.config) in trained.commands) is (answer == "discard")
    assert (LoadCheckpoint(tmp_path / "b.ganviz") in trained.commands) is (answer == "discard")


@pytest.mark.parametrize(
    ("setting", "questions"), [("discriminator_optimizer.learning_rate=0.5", 0), ("architecture.width=8", 1)]
)
def test_settings_that_a_run_takes_while_it_goes_on_are_opened_unasked(trained, tmp_path, setting, questions):
    config = with_settings(trained.config, [setting])
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(config.to_plain()), "utf-8")
    trained.answer = "discard"
    trained.files.open_file(path)
    assert len(trained.asked) == questions
    (sent,) = (one for one in trained.commands if isinstance(one, Reconfigure))
    assert sent.config == config


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bad.json", "[1, 2"), ("bad.csv", "x,y\n1,2\n3,four\n"), ("bad.xyz", "hello"), ("empty.ganviz", ""),
        ("old.ganviz", "ganviz checkpoint 1\n"), ("short.ganviz", f"ganviz checkpoint 2\n{64 * '0'}\nPK"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_and_no_run_is_asked_about(trained, tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    trained.files.open_file(tmp_path / name)
    assert trained.asked == []
    assert name in trained.banner.text
    assert trained.commands == [Pause()]


def test_a_run_is_closed_once_it_has_been_saved_and_not_when_it_could_not_be(trained, answers, qtbot):
    path = Path(answers["name"] + ".ganviz")
    trained.answer = "save"
    trained.close()
    trained.handle_event(Refused("The disk is full."))
    trained.handle_event(FileWritten(path, 4000))
    qtbot.wait(20)
    assert trained.isVisible()
    trained.show_snapshot(made_up.snapshot(made_up.run_config(), step=9000, run=1))
    trained.time["s"] = 190.0
    trained.close()
    qtbot.wait(20)
    assert trained.isVisible()
    trained.handle_event(FileWritten(path, 9000))
    qtbot.wait(20)
    assert not trained.isVisible()


def test_a_short_a_saved_and_a_paused_run_are_closed_unasked(trained, answers, tmp_path):
    trained.handle_event(StateChanged(RunState.PAUSED, Stamp(1, 4000, 2)))
    trained.files.save()
    trained.handle_event(FileWritten(Path(answers["name"] + ".ganviz"), 4000))
    trained.time["s"] = 9000.0
    trained.show_snapshot(made_up.snapshot(made_up.run_config(), step=4001, run=1))
    trained.handle_event(StateChanged(RunState.RUNNING, Stamp(1, 4001, 3)))
    trained.time["s"] += 55
    trained.close()
    assert trained.asked == []
    assert not trained.isVisible()


def test_a_recovered_run_has_no_file_and_is_asked_about(window, answers, tmp_path):
    found = tmp_path / "run.ganviz"
    window.files.recover(found)
    assert window.commands == [LoadCheckpoint(found)]
    replaced(window, found)
    assert window.files.path is None
    assert window.isWindowModified()
    assert window.files.worth.is_worth_asking
    assert window.files.worth.lost_words == "all of its training"
    replaced(window, tmp_path / "other.ganviz", run=3)
    assert window.files.path == tmp_path / "other.ganviz"
    assert not window.files.worth.is_worth_asking

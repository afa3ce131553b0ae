"""The loss log of another program's GAN in a window of its own, beside a run that goes on."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QToolButton

from ganviz.session.commands import LoadCheckpoint
from ganviz.training.probes.ledger import Ledger
from ganviz.views.look.formula import subscripted
from ganviz.views.look.theme import DARK
from ganviz.views.plot.looks import Look
from ganviz.views.window import files, log_window
from ganviz.views.window.log_form import CONVENTIONS
from ganviz.views.window.log_window import NO_LOSS, NOTHING, LogWindow

LN2 = np.log(2)


@pytest.fixture
def window(open_window):
    window = open_window()
    window._memory.set_flag("restarts_unasked")
    window.commands.clear()
    yield window
    for log in window.findChildren(LogWindow):
        log.close()


def written(path, **columns):
    rows = zip(*np.broadcast_arrays(*columns.values()), strict=True)
    lines = [",".join(columns), *(",".join(f"{value:.9g}" for value in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def opened(window, path):
    window.open_path(path)
    (log,) = window.findChildren(LogWindow)
    return log


def seen(log):
    return [key for key, dock in log._docks.items() if not dock.isHidden()]


def test_on_wayland_it_leaves_room_for_bars_that_no_program_is_told_of(window, halved, monkeypatch):
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: "wayland"))
    assert opened(window, halved).height() <= window.screen().size().height() - 2 * 48


@pytest.fixture
def halved(tmp_path):
    """A non-saturating GAN whose program logs half of L_D, every 50 steps."""
    a, b = np.linspace(0.1, 2.0, 200), np.linspace(0.5, 0.1, 200)
    return written(
        tmp_path / "log.csv", iter=np.arange(200) * 50, Loss_D=(a + b) / 2, Loss_D_real=b, Loss_D_fake=a,
        Loss_G=-np.log1p(-np.exp(-a)),
    )  # fmt: skip


def test_a_log_is_guessed_drawn_and_read_otherwise_when_asked(window, halved):
    log = opened(window, halved)
    assert window.commands == []
    assert seen(log) == ["log", "losses", "total_loss", "phase", "ledger"]
    assert log.form.wanted() == {
        "d_loss": "2", "g_loss": "5", "d_loss_real": "3", "d_loss_fake": "4", "real_probability": "",
        "fake_probability": "",
    }  # fmt: skip
    trace = log.views["losses"]._trace
    np.testing.assert_allclose(trace.mean[0, trace.column("d_loss"), -1], 2.1)
    assert (trace.first[0], trace.last[-1]) == (0, 199 * 50)
    log.form._convention.setCurrentIndex([is_halved for _, is_halved, _ in CONVENTIONS].index(False))
    log.form._convention.activated.emit(0)
    trace = log.views["losses"]._trace
    np.testing.assert_allclose(trace.mean[0, trace.column("d_loss"), -1], 1.05)
    log.form._boxes["d_loss_real"].setCurrentIndex(0)
    log.form._boxes["d_loss_real"].activated.emit(0)
    assert seen(log) == ["log", "losses", "total_loss", "phase"]
    assert "Ledger: needs both parts of L<sub>D</sub>" in log.form._notes.text()
    drawn = {curve.column for curve in log.views["losses"].curves(log._run.config)}
    assert drawn == {"d_loss", "g_loss"}
    box = log.form._boxes["fake_probability"]
    box.setCurrentIndex(3)  # from 0 to 1, and free now
    box.activated.emit(0)
    assert seen(log)[-1] == "outputs"
    box.setCurrentIndex(0)
    box.activated.emit(0)
    whole = halved.read_text()
    halved.write_text(whole + "10000,0.5,0.2,0.8,1\n10050,0.5,0.2")  # it is being written
    log.form.again_wished.emit()
    assert "201 steps from 0 to 10&nbsp;000." in log.form._notes.text()
    halved.write_text("other," + whole)
    log.form.again_wished.emit()
    assert "other columns" in log.statusBar().currentMessage()
    log.form.show_loss("wasserstein")
    log.form.loss_changed.emit()
    assert seen(log) == ["log", "losses", "phase"]
    for box in log.form._boxes.values():
        box.setCurrentIndex(0)
    log.form.columns_changed.emit()
    assert log.form._refusal.text() == subscripted(NO_LOSS)
    assert log.views["losses"].snapshot is None
    assert {view.empty_text for view in log.views.values()} == {NOTHING}
    assert seen(log) == ["log", "losses"]


def test_nothing_of_the_form_is_cut_at_the_side_in_a_small_window(window, halved):
    log = opened(window, halved)
    log.resize(720, 450)
    log.show()
    assert log.form.widget().width() <= log.form.viewport().width()


def test_the_axis_says_what_the_steps_of_a_log_are(window, tmp_path):
    (tmp_path / "stats.jsonl").write_text('{"Progress/kimg": 4, "Loss/D/loss": 1, "Loss/G/loss": 0.8}\n' * 2)
    chart = opened(window, tmp_path / "stats.jsonl").views["losses"]
    assert chart.along.shown.label == "kimg"
    chart.show_horizontal("seconds")  # which a log does not know
    assert chart.along.shown.label == "kimg"


def test_a_log_without_steps_and_l_g_counts_rows_and_draws_neither_l_g_nor_its_line(window, tmp_path):
    log = opened(
        window, written(tmp_path / "a.csv", loss_D=[1.3, 1.2], loss_D_real=[0.6, 0.5], loss_D_fake=0.7)
    )
    losses, config = log.views["losses"], log._run.config
    assert "2 rows from 0 to 1." in log.form._notes.text()
    assert {curve.column for curve in losses.curves(config)} == {"d_loss", "d_loss_real", "d_loss_fake"}
    assert {line.role for line in losses.references(config)} == {"d_loss", "real"}
    log.form._boxes["d_loss"].setCurrentIndex(0)  # then L_D is the sum of its parts
    log.form._boxes["g_loss"].setCurrentIndex(1)
    log.form.columns_changed.emit()
    assert "g_loss" in {line.role for line in losses.references(config)}
    ledger = log.views["ledger"]
    assert "As logged at row 1;" in ledger.caption(ledger.snapshot)
    losses.cursor_moved.emit(0.2)
    assert "As logged at row 0;" in ledger.caption(ledger.snapshot)


def test_where_no_loss_is_guessed_the_chosen_columns_are_read_as_non_saturating(window, tmp_path):
    (tmp_path / "loss_log.txt").write_text("(epoch: 1, iters: 9) D_A: 1.3 G_A: 0.8\n")
    log = opened(window, tmp_path / "loss_log.txt")
    assert log.form._refusal.text() == subscripted(NO_LOSS)
    log.form.show_columns({"d_loss": 2, "g_loss": 3})
    log.form.columns_changed.emit()
    assert (log.form.loss, seen(log)) == ("non_saturating", ["log", "losses", "total_loss", "phase"])
    toggles = log.views["total_loss"]._toggles
    assert {text for text, button in toggles.items() if not button.isHidden()} == {
        "V"
    }  # nothing can be stacked


def test_the_ledger_follows_the_crosshair_and_the_run_does_not(window, halved):
    log = opened(window, halved)
    log.views["losses"].cursor_moved.emit(51.0)
    ledger = log.views["ledger"].reading
    assert isinstance(ledger, Ledger)
    assert ledger.step == 50
    a = 0.1 + 1.9 / 199
    np.testing.assert_allclose(ledger.parts[0], [0.5 - 0.4 / 199, a], rtol=1e-6)
    np.testing.assert_allclose(ledger.g_loss[0], [-np.log1p(-np.exp(-a)), -a, -np.log1p(-np.exp(-a))], 1e-5)
    assert ledger.penalty[0] == 0
    log.views["losses"].looked(log.views["losses"]._canvas.looks.present)
    assert set(log.views["losses"].others()) == {log.views["total_loss"], log.views["outputs"]}
    assert log.views["losses"] not in window.docks.views["losses"].others()
    window.apply_appearance("dark")
    assert log.views["phase"].theme is DARK
    chart = log.views["losses"]
    chart.canvas.looks.slide(Look((230.0, 560.0)))
    assert chart.content().visible().first.tolist() == [200, 250, 300, 350, 400, 450, 500, 550, 600]
    chart.set_smoothing(0.9)
    assert chart.content().finer.smoothed is not None
    for view in log.views.values():  # no view asks for a column that a log does not know of
        for button in view.findChildren(QToolButton):
            button.click()
        view.grab()


def test_one_menu_of_a_chart_saves_and_copies_its_picture(window, halved, monkeypatch):
    done, copy = [], log_window.copy_to_clipboard
    monkeypatch.setattr(
        log_window, "copy_to_clipboard", lambda view: (done.append(("copied", view)), copy(view))
    )
    monkeypatch.setattr(LogWindow, "_save", lambda _, view: done.append(("saved", view)))
    log = opened(window, halved)
    view = log.views["losses"]
    view.open_menu(QPointF(60, 60))
    menus = [menu for menu in view.findChildren(QMenu) if menu.parent() is view]
    dock = log._docks["losses"]
    dock.customContextMenuRequested.emit(dock.rect().center())
    menus += [menu for menu in dock.findChildren(QMenu) if menu.parent() is dock]
    assert len(menus) == 2
    for menu in menus:
        assert any("Table of values" in action.text() for action in menu.actions())
        for words in ("Save this plot …", "Copy this plot"):
            next(action for action in menu.actions() if action.text() == words).trigger()
        menu.close()
    assert done == [("saved", view), ("copied", view)] * 2
    assert log.statusBar().currentMessage() == "Separate losses: copied to the clipboard."
    view.copy_values()
    assert "rows of values copied" in log.statusBar().currentMessage()


def test_what_does_not_tell_is_asked_about_and_what_cannot_be_read_is_said(window, tmp_path, monkeypatch):
    path = written(tmp_path / "a.csv", step=np.arange(9.0), level=np.arange(9.0) / 7)
    asked, answers = [], ["", "points", "log"]
    monkeypatch.setattr(
        files, "ask_log_or_points", lambda parent, path: (asked.append(path), answers.pop(0))[1]
    )
    for n_logs, n_commands in ((0, 0), (0, 1), (1, 1)):
        window.open_path(path)
        assert (len(window.findChildren(LogWindow)), len(window.commands)) == (n_logs, n_commands)
    assert asked == [path] * 3
    window.open_path(written(tmp_path / "b.csv", height=np.arange(9.0), weight=np.arange(9.0) / 7))
    assert (len(asked), len(window.commands)) == (3, 2)
    window.open_path(tmp_path / "events.out.tfevents.1.host")
    assert "events.out.tfevents.1.host" in window.banner.text
    (tmp_path / "c.jsonl").write_text("nothing\n")
    window.open_path(tmp_path / "c.jsonl")
    assert "c.jsonl" in window.banner.text
    window.open_path(tmp_path / "a.ganviz")
    assert window.commands[2:] == [LoadCheckpoint(tmp_path / "a.ganviz")]


def test_a_screen_that_has_room_for_the_form_alone_is_no_warning(window, halved, monkeypatch, qtlog):
    monkeypatch.setattr(log_window, "FIRST_SIZE", QSize(200, 300))  # as with letters of 200 % at 784 px
    log = opened(window, halved)
    assert not [record for record in qtlog.records if "resizeDocks" in record.message]
    assert all(dock.width() > 0 for dock in log._docks.values())

"""What is opened and closed, or changed, again and again leaves nothing behind."""

from __future__ import annotations

import gc
import weakref

import made_up
import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QStyle, QTabBar

from ganviz.views.forms.form import SpecForm
from ganviz.views.window.main_window import MainWindow
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.palette import Palette


def served():
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def n_styles():
    """Ask no object for its class by an attribute: some of torch's warn of that."""
    return sum(issubclass(type(one), QStyle) for one in gc.get_objects())


def test_there_is_one_list_of_commands_however_often_it_is_opened(open_window):
    window = open_window()
    for _ in range(3):
        window.actions_.do("palette")
        served()
    assert [palette.isVisible() for palette in window.findChildren(Palette)] == [True]


def test_a_form_that_was_deleted_is_gone(qapp):
    form = SpecForm(made_up.run_config().training)
    known = [weakref.ref(form), *(weakref.ref(field) for field in form._fields.values())]
    form.deleteLater()
    del form
    served()
    assert [one() for one in known] == [None] * len(known)


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_no_style_is_left_by_a_change_of_appearance(open_window, appearance):
    window = open_window()
    before = n_styles()
    for _ in range(3):
        window.apply_appearance(appearance)
    assert n_styles() <= before + 1


def test_a_window_that_was_closed_is_gone(qtbot):
    window = MainWindow(made_up.run_config(), 400.0, WindowMemory())
    window.show()
    made_up.show_in(window)
    for key in ("palette", "formulation:1", "gallery", "guide"):
        window.actions_.do(key)
    known = [
        weakref.ref(part) for part in (window, window.settings, window.strip, *window.docks.views.values())
    ]
    window.close_unasked()
    for _ in range(10):  # what PySide has to call later holds a window for good that goes before
        qtbot.wait(100)
    window.deleteLater()
    del window
    served()
    assert [one() for one in known] == [None] * len(known)


def test_nothing_is_kept_of_the_tabs_of_workspaces_that_were_left(open_window, qtbot):
    window = open_window()
    made_up.show_in(window)
    for _ in range(2):
        for key in ("loss", "compare", "watch"):
            window.actions_.do(f"workspace:{key}")
            qtbot.wait(30)
            served()
    bars = [one for one in gc.get_objects() if issubclass(type(one), QTabBar)]
    assert [one for one in bars if not shiboken6.isValid(one)] == []

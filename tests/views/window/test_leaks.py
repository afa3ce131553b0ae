"""What is opened and closed, or changed, again and again leaves nothing behind."""

from __future__ import annotations

import gc
import weakref

import made_up
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QStyle

from ganviz.views.forms.form import SpecForm
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

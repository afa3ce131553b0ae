"""Docks are taken out of the window only once Qt uses the layout that it has restored last."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QDockWidget

from ganviz.views.window import docks, separators


@pytest.mark.parametrize("act", ["reset_layout", "workspace:loss"])
def test_a_layout_is_used_before_docks_are_taken_out(open_window, monkeypatch, act):
    """Qt's copy of it for a larger window kept docks that were gone: a window that was closed maximized crashed."""
    done = []
    real = separators.settle
    for module in (docks, separators):
        monkeypatch.setattr(module, "settle", lambda window: (done.append("settle"), real(window)))
    window = open_window()
    taken = window.removeDockWidget
    monkeypatch.setattr(window, "removeDockWidget", lambda dock: (done.append("take"), taken(dock)))
    window.actions_.do("workspace:loss")
    for _ in range(2):  # as it is at first, and as it was left
        done.clear()
        window.actions_.do(act)
        window.actions_.do("workspace:watch")
        assert done[0] == "settle"
        assert "take" in done


def test_nothing_is_left_of_what_settles_it(open_window):
    window = open_window()
    before = {dock.objectName() for dock in window.findChildren(QDockWidget)}
    separators.settle(window)
    assert {dock.objectName() for dock in window.findChildren(QDockWidget)} == before

"""Docks are taken out of the window only once Qt uses the layout that it has restored last."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QDockWidget

from ganviz.views.window import docks
from ganviz.views.window.separators import settle


@pytest.mark.parametrize("way", ["arrange", "place_new"])
def test_a_layout_is_used_before_docks_are_taken_out(open_window, monkeypatch, way):
    """Qt's copy of it for a larger window kept docks that were gone: a window that was closed maximized crashed."""
    window, done = open_window(), []
    monkeypatch.setattr(docks, "settle", lambda window: done.append("settle"))
    monkeypatch.setattr(window, "removeDockWidget", lambda dock: done.append("take"))
    getattr(window.docks, way)(window.workspaces.current)
    assert done[0] == "settle"
    assert "take" in done


def test_nothing_is_left_of_what_settles_it(open_window):
    window = open_window()
    before = {dock.objectName() for dock in window.findChildren(QDockWidget)}
    settle(window)
    assert {dock.objectName() for dock in window.findChildren(QDockWidget)} == before

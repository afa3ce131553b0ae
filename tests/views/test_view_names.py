"""The names that programs without Qt print are those of the views that there are."""

from __future__ import annotations

from ganviz.session.view_names import VIEW_NAMES
from ganviz.views.pictures import VIEWS


def test_the_list_for_programs_without_qt_is_the_list_of_views() -> None:
    assert tuple((view.key, view.title) for view in VIEWS) == VIEW_NAMES

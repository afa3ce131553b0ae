"""The context menu of a chart, in the program's own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.horizontal import HORIZONTALS, STEP, Horizontal, step_scale

Act = tuple[str, str, Callable[[], object]]
"""An entry: its words, its key, and what happens."""
Choices = Sequence[tuple[str, Sequence[tuple[str, bool, Callable[[], object]]]]]
"""Menus in a menu: their words, and for each choice its words, whether it is taken, and what happens."""
Checks = Sequence[tuple[str, bool, Callable[[bool], object]]]
"""Switches of a menu: their words, whether one is on, and what happens."""


def open_chart_menu(
    view: AbstractPaintedView,
    at: QPoint,
    acts: Sequence[Act],
    choices: Choices = (),
    checks: Checks = (),
    along: tuple[Horizontal, LossTrace | None, Callable[[str], object]] | None = None,
) -> QMenu:
    """Open a menu of ``acts`` in ``view``.

    ``along`` is what steps are laid along, the trace that knows it, and what happens when another one is chosen.
    """
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for text, key, act in acts:
        # The key is only shown: the plot itself answers it.
        action = menu.addAction(f"{text}\t{key}" if key else text)
        action.triggered.connect(partial(_call, act))
    for title, offered in choices:
        inner = menu.addMenu(title)
        for text, is_taken, act in offered:
            action = inner.addAction(text)
            action.setCheckable(True)
            action.setChecked(is_taken)
            action.triggered.connect(partial(_call, act))
    if along is not None:
        _add_horizontals(menu, *along)
    for text, is_on, switch in checks:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(is_on)
        action.toggled.connect(partial(_switch, switch))
    if view.picture_acts:
        menu.addSeparator()
        add_acts(menu, view.picture_acts)
    menu.popup(view.mapToGlobal(at))
    return menu


def add_acts(menu: QMenu, acts: Sequence[tuple[str, Callable[[], object]]]) -> None:
    """Add entries, each with its words and what happens."""
    for text, act in acts:
        menu.addAction(text).triggered.connect(partial(_call, act))


def offer_menu(dock: QWidget, view: AbstractPaintedView) -> None:
    """Let the title of what a view stands in have a menu of what can be done with its picture and its values."""

    def open_menu(at: QPoint) -> None:
        menu = QMenu(dock)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        has_values = view.values() is not None
        add_acts(menu, [*view.picture_acts, *[("Table of values …", view.open_table)] * has_values])
        menu.popup(dock.mapToGlobal(at))

    dock.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    dock.customContextMenuRequested.connect(open_menu)


def _add_horizontals(
    menu: QMenu, chosen: Horizontal, trace: LossTrace | None, choose: Callable[[str], object]
) -> None:
    quantities = menu.addMenu("Horizontal axis")
    for one in HORIZONTALS:
        is_known = one is STEP or step_scale(one, trace) is not None
        action = quantities.addAction(one.title if is_known else f"{one.title} (not known in this run)")
        action.setCheckable(True)
        action.setChecked(one is chosen)
        action.setEnabled(is_known)
        action.triggered.connect(partial(_call, partial(choose, one.key)))


def _call(act: Callable[[], object], _checked: bool = False) -> None:
    act()


def _switch(act: Callable[[bool], object], is_on: bool) -> None:
    act(is_on)

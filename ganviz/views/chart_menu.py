"""The context menu of a chart, in the program's own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDockWidget, QMenu, QWidget

from ganviz.views.plotting import SCALES


def open_chart_menu(
    view: QWidget,
    at: QPoint,
    acts: Sequence[tuple[str, str, Callable[[], object]]],
    scale: str = "",
    set_scale: Callable[[str], None] | None = None,
    checks: Sequence[tuple[str, bool, Callable[[bool], object]]] = (),
) -> QMenu:
    """Open a menu of ``acts`` (words, key, what happens) and the vertical scale, where there is one, in ``view``.

    ``checks`` (words, whether it is on, what happens) are switches.
    """
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for text, key, act in acts:
        # The key is only shown: the plot itself answers it.
        action = menu.addAction(f"{text}\t{key}" if key else text)
        action.triggered.connect(partial(_call, act))
    if set_scale is not None:
        scales = menu.addMenu("Vertical scale")
        for one in SCALES:
            action = scales.addAction(one.title)
            action.setCheckable(True)
            action.setChecked(one.key == scale)
            action.triggered.connect(partial(_call, partial(set_scale, one.key)))
    for text, is_on, switch in checks:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(is_on)
        action.toggled.connect(partial(_switch, switch))
    dock = view.parentWidget()
    if isinstance(dock, QDockWidget):
        menu.addSeparator()
        more = menu.addAction("Export or copy the picture …")
        more.triggered.connect(
            partial(
                _call, partial(dock.customContextMenuRequested.emit, dock.mapFromGlobal(view.mapToGlobal(at)))
            )
        )
    menu.popup(view.mapToGlobal(at))
    return menu


def _call(act: Callable[[], object], _checked: bool = False) -> None:
    act()


def _switch(act: Callable[[bool], object], is_on: bool) -> None:
    act(is_on)

"""Commands for what is otherwise reached on a view alone: the keys of plots, the layers of the plane, lanes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from ganviz.training.config import RunConfig
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.touch_canvas import TouchCanvas
from ganviz.views.controls.formulation_strip import FormulationStrip
from ganviz.views.controls.settings_panel import SettingsPanel
from ganviz.views.look.outside_text import menu_words
from ganviz.views.pictures.layer_button import LayerButton
from ganviz.views.window.actions import Actions
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.workspace_list import SETTINGS

KEYS = {
    "everything": (Qt.Key.Key_0, Qt.KeyboardModifier.NoModifier),
    "zoom_in": (Qt.Key.Key_Plus, Qt.KeyboardModifier.NoModifier),
    "zoom_out": (Qt.Key.Key_Minus, Qt.KeyboardModifier.NoModifier),
    "back": (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier),
    "forward": (Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier),
    "menu": (Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier),
}
"""What the commands for plots press on one."""


class ViewCommands(QObject):
    """Knows which plot is meant, and keeps switches and names up to date; GUI thread only."""

    def __init__(self, docks: ViewDocks, strip: FormulationStrip, settings: SettingsPanel) -> None:
        super().__init__(docks)
        self._docks, self._strip, self._settings = docks, strip, settings
        self._touched: TouchCanvas | None = None
        self._actions: Actions | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._note)
        docks.views["plane"].needs_changed.connect(self._tick_layers)

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return what the actions do."""
        return {
            "plot": self._press,
            "layer": lambda key: self._buttons()[key].click(),
            "remove_lane": lambda lane: self._strip.removal_wished.emit(int(lane)),
            "name_lane": lambda lane: self._name(int(lane)),
        }

    def show_in(self, actions: Actions) -> None:
        """Show in these actions which layers are on."""
        self._actions = actions
        actions.menus["View/Layers of the plane"].aboutToShow.connect(self._tick_layers)
        self._tick_layers()

    def show_config(self, config: RunConfig) -> None:
        """Offer the lanes that there are, by their names, where there are several."""
        lanes = range(len(config.lanes)) if len(config.lanes) > 1 else range(0)
        if self._actions is None:
            return
        self._tick_layers()
        for kind, menu in (("remove_lane", "Run/Remove a lane"), ("name_lane", "Run/Name a lane")):
            self._actions.menus[menu].menuAction().setVisible(bool(lanes))
            for lane, action in enumerate(self._actions.of_kind(kind)):
                action.setVisible(lane in lanes)
                action.setText(menu_words(config.lane_title(lane)) if lane in lanes else "")

    def _buttons(self) -> dict[str, LayerButton]:
        """Return the plane's buttons by the keys of their layers."""
        return {button.key: button for button in self._docks.views["plane"].findChildren(LayerButton)}

    def _tick_layers(self) -> None:
        if self._actions is None:
            return
        for key, button in self._buttons().items():
            action = self._actions[f"layer:{key}"]
            action.setChecked(button.isChecked())
            action.setEnabled(button.isEnabled())

    def _note(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Remember which plot had the focus last: a menu or the list of commands has it by now."""
        canvas = now.parentWidget() if now is not None else None
        if isinstance(canvas, TouchCanvas) and canvas.sheet is now:
            self._touched = canvas

    def _press(self, what: str) -> None:
        """Press a plot's key on the one that was touched last, or on the first that is seen."""
        views = (view for view in self._docks.views.values() if isinstance(view, AbstractPaintedView))
        seen = [view.canvas for view in views if view.isVisible() and isinstance(view.canvas, TouchCanvas)]
        canvas = self._touched if self._touched in seen else next(iter(seen), None)
        if canvas is not None and canvas.sheet is not None:
            canvas.sheet.setFocus(Qt.FocusReason.ShortcutFocusReason)
            QApplication.sendEvent(canvas.sheet, QKeyEvent(QEvent.Type.KeyPress, *KEYS[what]))

    def _name(self, lane: int) -> None:
        """Go to the field for a lane's name."""
        self._strip.target.choose(lane)
        self._docks.go_to(SETTINGS, self._settings.lane_row.name)
        self._settings.lane_row.name.selectAll()

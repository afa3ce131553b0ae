"""The dialogs that the main window opens for itself: preferences, the guide, about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganviz.views.dialogs import GuideDialog, PreferencesDialog, show_about
from ganviz.views.window_memory import WindowMemory

if TYPE_CHECKING:
    from ganviz.views.main_window import MainWindow


class WindowDialogs:
    """Opens dialogs; GUI thread only."""

    def __init__(self, window: MainWindow, memory: WindowMemory) -> None:
        self._window, self._memory = window, memory
        self.guide: GuideDialog | None = None

    def edit_preferences(self) -> None:
        """Ask for preferences."""
        memory = self._memory
        dialog = PreferencesDialog(
            memory.text("appearance", "system"), not memory.flag("restarts_unasked"), self._window
        )
        if dialog.exec():
            memory.keep_text("appearance", dialog.appearance)
            memory.keep_text("restarts_unasked", "no" if dialog.asks_before_restart else "yes")
            self._window.apply_appearance(dialog.appearance)

    def show_guide(self) -> None:
        """Open the guide beside the window; there is one, however often it is asked for."""
        if self.guide is None:
            self.guide = GuideDialog(self._window)
        self.guide.show()
        self.guide.raise_()
        self.guide.activateWindow()

    def show_about(self) -> None:
        """Say what this is."""
        show_about(self._window)

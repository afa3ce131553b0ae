"""Passes wishes on to the engine, and shows the settings that have been chosen before they are in force."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ganviz.session.commands import Command
from ganviz.session.unanswered import Unanswered
from ganviz.training.config import RunConfig
from ganviz.views.controls.formulation_strip import FormulationStrip
from ganviz.views.controls.settings_panel import SettingsPanel


class PendingSettings(QObject):
    """Numbers commands and waits for what becomes of them; GUI thread only.

    Parameters
    ----------
    config : RunConfig
        What is in force at first.
    settings, strip
        Where chosen settings are shown.
    """

    command_requested = Signal(object)

    def __init__(self, config: RunConfig, settings: SettingsPanel, strip: FormulationStrip) -> None:
        super().__init__(settings)
        self._unanswered = Unanswered(config)
        self._settings, self._strip = settings, strip
        self._shown = config
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.show_again)

    @property
    def chosen(self) -> RunConfig:
        """Return the settings that the person sees and changes: those in force with what has been chosen since."""
        return self._unanswered.chosen

    @property
    def expected(self) -> RunConfig:
        """Return what will be in force when everything has been answered."""
        return self._unanswered.expected

    @property
    def is_writing(self) -> bool:
        """Return whether a file that was asked for is still to be written."""
        return self._unanswered.is_writing

    @Slot(object)
    def take(self, command: Command) -> None:
        """Pass a command on."""
        numbered = self._unanswered.numbered(command)
        if numbered is not None:
            self._expect()
            self.command_requested.emit(numbered)

    @Slot(object)
    def read(self, event: object) -> None:
        """Take note of what the engine tells."""
        self._unanswered.read(event)
        self._expect()

    def _expect(self) -> None:
        """Let the next choice be made over this one; it is shown later, for a widget may just be telling it."""
        chosen = self.chosen
        if chosen != self._shown:
            self._shown = chosen
            self._settings.expect(chosen)
            self._timer.start(0)

    def show(self, config: RunConfig) -> None:
        """Show the configuration in force, with what has been chosen since."""
        self._unanswered.config = config
        self.show_again()

    @Slot()
    def show_again(self) -> None:
        """Show what has been chosen, or is in force."""
        self._timer.stop()
        self._shown = self.chosen
        self._settings.show_config(self._shown)
        self._strip.show_config(self._shown)

"""What the window remembers from one start to the next: layout, geometry, theme, last settings and pace."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QMainWindow

from ganviz.resources import is_other
from ganviz.spec import InvalidValueError
from ganviz.training.config import RunConfig, config_from_plain
from ganviz.views.controls.run_bar import PACES
from ganviz.views.window.docks import LAYOUT_VERSION
from ganviz.views.window.separators import let_go

log = logging.getLogger("ganviz")
_PACES = {f"{pace}": pace for pace in PACES}


def _settings() -> QSettings:
    """Return what is kept, beside its file where something stands there that Qt would read without an end."""
    kind, scope = QSettings.defaultFormat(), QSettings.Scope.UserScope
    beside = QSettings(kind, scope, "ganviz", "ganviz-2")
    place = Path(beside.fileName())
    if is_other(place := place.with_name(place.name.replace("ganviz-2", "ganviz"))):
        log.warning("%s is not a file; settings are kept in %s", place, beside.fileName())
        return beside
    return QSettings(kind, scope, "ganviz", "ganviz")


class WindowMemory:
    """Reads and writes :class:`QSettings`; what cannot be read is as if it had never been kept."""

    def __init__(self) -> None:
        self._settings = _settings()
        self._staged: list[RunConfig] = []
        self._is_staged = False  # whether the run is an experiment's

    def config(self) -> RunConfig | None:
        """Return the configuration of the last start."""
        text = self._settings.value("config", "")
        try:
            return config_from_plain(json.loads(text)) if isinstance(text, str) and text else None
        except (InvalidValueError, ValueError, RecursionError):
            return None

    def keep_config(self, config: RunConfig) -> None:
        """Keep the configuration for the next start, unless the run is an experiment's: it may let a player rest."""
        if not self._is_staged and config not in self._staged:
            self._settings.setValue("config", json.dumps(config.to_plain()))

    def pace(self, default: float | None) -> float | None:
        """Return the steps per second that were chosen last; None is full speed."""
        return _PACES.get(self.text("pace", ""), default)

    def keep_pace(self, pace: float | None) -> None:
        """Keep the pace for the next start, unless the run is an experiment's, whose pace is its own."""
        if not self._is_staged:
            self.keep_text("pace", f"{pace}")

    def note(self, config: RunConfig, *, is_begun: bool) -> None:
        """Take note of what has come in force: an experiment's stage, or a run that the person has begun."""
        if config in self._staged:
            self._is_staged = True
        elif is_begun:
            self._is_staged = False

    def leave_out(self, staged: Iterable[RunConfig]) -> None:
        """Keep none of these from now on, nor what is changed in a run that has them.

        They are an experiment's, and what was kept before it stays.
        """
        self._staged += staged

    def leave_nothing_out(self) -> None:
        """Keep every configuration again: the person has chosen one."""
        self._staged, self._is_staged = [], False

    def restore_layout(self, window: QMainWindow) -> bool:
        """Put the window and its docks where they were; return whether that was known."""
        geometry, state = self._settings.value("geometry"), self._settings.value("layout")
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        # Of a window that fills the screen once it is shown, Qt keeps a second copy of the layout until then, with
        # items of docks that have been moved meanwhile: that would end the program, and every later start of it.
        filling = window.windowState()
        window.setWindowState(Qt.WindowState.WindowNoState)
        is_known = isinstance(state, QByteArray) and window.restoreState(state, LAYOUT_VERSION)
        window.setWindowState(filling)
        return is_known

    def keep_layout(self, window: QMainWindow) -> None:
        """Keep where the window and its docks are."""
        self._settings.setValue("geometry", window.saveGeometry())
        self._settings.setValue("layout", window.saveState(LAYOUT_VERSION))

    def restore_workspace(self, key: str, window: QMainWindow) -> bool:
        """Lay a workspace out as it was left; return whether that was known."""
        let_go(window)
        state = self._settings.value(f"layout_{key}")
        return isinstance(state, QByteArray) and window.restoreState(state, LAYOUT_VERSION)

    def keep_workspace(self, key: str, window: QMainWindow) -> None:
        """Keep how a workspace is laid out."""
        self._settings.setValue(f"layout_{key}", window.saveState(LAYOUT_VERSION))

    def text(self, key: str, default: str) -> str:
        """Return a kept text."""
        value = self._settings.value(key, default)
        return value if isinstance(value, str) else default

    def keep_text(self, key: str, value: str) -> None:
        """Keep a text."""
        self._settings.setValue(key, value)

    def flag(self, key: str) -> bool:
        """Return whether something is kept as done."""
        return self.text(key, "no") == "yes"

    def set_flag(self, key: str) -> None:
        """Keep that something is done."""
        self._settings.setValue(key, "yes")

    def sync(self) -> str:
        """Write everything to the disk now; return a sentence where that fails, which is tried again."""
        self._settings.sync()
        if self._settings.status() is not QSettings.Status.AccessError:
            return ""
        return f"Settings and layout are not kept: {self._settings.fileName()!r} cannot be written."

"""What undo and redo of settings go through."""

from __future__ import annotations

from ganviz.training.changes import setting_changes
from ganviz.training.config import RunConfig

DEEPEST = 200
MOST_LETTERS = 48
"""Of a change in a menu."""


class SettingsUndo:
    """The configurations that were in force, before and after the present one."""

    def __init__(self, config: RunConfig) -> None:
        self._present = config
        self._past: list[RunConfig] = []
        self._future: list[RunConfig] = []

    @property
    def undo_words(self) -> str:
        """What would be taken back, as "modes 8 → 2"; empty where there is nothing."""
        return setting_changes(self._past[-1], self._present) if self._past else ""

    @property
    def redo_words(self) -> str:
        """What would be made again; empty where there is nothing."""
        return setting_changes(self._present, self._future[-1]) if self._future else ""

    def record(self, config: RunConfig) -> None:
        """Take note of the configuration in force; lanes that came or went begin a new list."""
        if config == self._present:
            return
        if len(config.lanes) != len(self._present.lanes):
            self._past, self._future = [], []
        elif self._past and config == self._past[-1]:
            self._future.append(self._present)
            self._past.pop()
        elif self._future and config == self._future[-1]:
            self._past.append(self._present)
            self._future.pop()
        else:
            self._past = [*self._past[-DEEPEST:], self._present]
            self._future = []
        self._present = config

    def earlier(self) -> RunConfig | None:
        """Return the configuration before the present one."""
        return self._past[-1] if self._past else None

    def later(self) -> RunConfig | None:
        """Return the configuration that was undone last."""
        return self._future[-1] if self._future else None


def shortened(words: str) -> str:
    """Return words as short as a menu can hold."""
    return words if len(words) <= MOST_LETTERS else words[: MOST_LETTERS - 1].rstrip() + "…"

"""Files that were opened or saved last, from one start to the next."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ganviz.views.look.outside_text import menu_words
from ganviz.views.window.action_table import MOST_RECENT
from ganviz.views.window.actions import Actions
from ganviz.views.window.memory import WindowMemory


class RecentFiles(QObject):
    """The newest first; files that are gone stay, since a disk may come back. GUI thread only."""

    changed = Signal()

    def __init__(self, memory: WindowMemory, parent: QObject) -> None:
        super().__init__(parent)  # with which the connections of its signal go
        self._memory = memory
        self.paths = _known(memory.text("recent", ""))

    def add(self, path: Path) -> None:
        """Put a file in front."""
        path = path.absolute()
        self.paths = [path, *(other for other in self.paths if other != path)][:MOST_RECENT]
        self._memory.keep_text("recent", json.dumps([str(one) for one in self.paths]))
        self.changed.emit()

    def show_in(self, actions: Actions) -> None:
        """Let the entries of the menu name the files."""
        for i in range(MOST_RECENT):
            action = actions[f"recent:{i}"]
            is_used = i < len(self.paths)
            action.setVisible(is_used)
            action.setEnabled(is_used)
            if is_used:
                path = self.paths[i]
                action.setText(menu_words(f"{path.name}  –  {path.parent}"))


def _known(text: str) -> list[Path]:
    try:
        found = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    names = found if isinstance(found, list) else []
    return [Path(name) for name in names if isinstance(name, str)][:MOST_RECENT]

"""Workspaces that a person has named: kept from one start to the next, in the menu behind those that there are."""

from __future__ import annotations

import json
from dataclasses import replace

from PySide6.QtWidgets import QInputDialog, QWidget

from ganviz.views.look.outside_text import menu_words
from ganviz.views.window.action_table import MOST_OWN
from ganviz.views.window.actions import Actions
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.workspace_list import WORKSPACES, Workspace, workspace

OWN = "own:"
"""What the keys of own workspaces begin with."""
LONGEST_NAME = 40


class OwnWorkspaces:
    """Names of own workspaces, each with the key of the one whose views it begins with when it is reset.

    Parameters
    ----------
    memory : WindowMemory
    """

    def __init__(self, memory: WindowMemory) -> None:
        self._memory = memory
        self._bases = _known(memory.text("own_workspaces", ""))

    @property
    def keys(self) -> list[str]:
        """Return the keys of all, the oldest first."""
        return [OWN + name for name in self._bases]

    def find(self, key: str) -> Workspace:
        """Return the workspace of a key, which may be one of the program's; the first one where there is none."""
        name = key.removeprefix(OWN)
        if key not in self.keys:
            return workspace(key)
        return replace(workspace(self._bases[name]), key=key, title=name, help="", kinds=())

    def add(self, name: str, base: str) -> str:
        """Take a name, which replaces what had it; return its key."""
        self._bases[name] = self._bases.get(base.removeprefix(OWN), base)
        self._keep()
        return OWN + name

    def remove(self, key: str) -> str:
        """Forget a workspace; return the key of the one that it began with."""
        base = self._bases.pop(key.removeprefix(OWN))
        self._keep()
        return base

    def _keep(self) -> None:
        self._memory.keep_text("own_workspaces", json.dumps(self._bases))

    def ask_name(self, window: QWidget, proposed: str) -> str:
        """Return the name that a person gives, or nothing."""
        name, is_given = QInputDialog.getText(
            window, "Save this layout as a workspace", "Name:", text=proposed.removeprefix(OWN)
        )
        # The name is part of a key.
        words = name.replace("/", " ").replace("\\", " ").split()
        return " ".join(words)[:LONGEST_NAME] if is_given else ""

    def show_in(self, actions: Actions, current: Workspace) -> None:
        """Let the entries of the menu name them, and say which is open."""
        keys = self.keys
        for i in range(MOST_OWN):
            action, is_used = actions[f"own_workspace:{i}"], i < len(keys)
            action.setVisible(is_used)
            action.setEnabled(is_used)
            action.setChecked(is_used and keys[i] == current.key)
            if is_used:
                action.setText(menu_words(keys[i].removeprefix(OWN)))
        actions["remove_workspace"].setEnabled(current.key in keys)
        actions["save_workspace"].setEnabled(len(keys) < MOST_OWN)


def _known(text: str) -> dict[str, str]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    bases = {one.key for one in WORKSPACES}
    pairs = found.items() if isinstance(found, dict) else ()
    return dict([(name, base) for name, base in pairs if isinstance(base, str) and base in bases][:MOST_OWN])

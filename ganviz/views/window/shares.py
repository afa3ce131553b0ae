"""How high docks stand above each other, kept with the layout of a workspace: Qt takes all of a change from one."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtWidgets import QDockWidget

from ganviz.spec import UNFIT
from ganviz.views.window.dock_sizes import seen_heights
from ganviz.views.window.memory import WindowMemory


def keep_heights(memory: WindowMemory, key: str, docks: Mapping[str, QDockWidget]) -> None:
    """Keep the heights that docks have in a workspace."""
    memory.keep_text(f"heights_{key}", json.dumps(seen_heights(docks)))


def kept_heights(memory: WindowMemory, key: str) -> dict[str, int]:
    """Return the heights that docks had in a workspace; none where that is not known."""
    try:
        found = json.loads(memory.text(f"heights_{key}", "{}"))
        return {str(name): int(height) for name, height in found.items() if int(height) > 0}
    except UNFIT:
        return {}

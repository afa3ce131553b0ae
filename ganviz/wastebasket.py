"""The desktop's wastebasket."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from PySide6.QtCore import QFile, QStandardPaths


def to_wastebasket(path: Path) -> bool:
    """Move a file or a folder there; return whether it could be."""
    if sys.platform == "linux":  # Qt makes the basket, but not the folder that it is in, which servers lack
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
        with contextlib.suppress(OSError):
            Path(home).mkdir(parents=True, exist_ok=True, mode=0o700)
    return QFile(str(path)).moveToTrash()

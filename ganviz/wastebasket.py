"""The desktop's wastebasket."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFile


def to_wastebasket(path: Path) -> bool:
    """Move a file or a folder there; return whether it could be."""
    return QFile(str(path)).moveToTrash()

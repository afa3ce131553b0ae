"""Folders, shown by the desktop."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_folder(folder: Path) -> None:
    """Let the desktop's file manager show a folder."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

"""Dialogs that are asked and gone: what has a parent lives as long as that one, a window's questions as long as it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog


def answer_to(dialog: QDialog) -> int:
    """Show a dialog until it is answered, and return what Qt returns; it can be read until events are next served."""
    try:
        return dialog.exec()
    finally:
        dialog.deleteLater()

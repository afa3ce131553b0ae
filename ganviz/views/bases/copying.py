"""What is put on the clipboard, and that it is told: it is seen nowhere."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from ganviz.spec.words import grouped
from ganviz.views.bases.base import AbstractSnapshotView
from ganviz.views.plot.values import Values

COPIED = "copied to the clipboard."


def copy_values(view: AbstractSnapshotView, values: Values) -> None:
    """Put a table on the clipboard, with commas, and let the view tell how long it is."""
    QGuiApplication.clipboard().setText(values.csv())
    n = len(values.rows)
    view.told.emit(f"{grouped(n)} {'row' if n == 1 else 'rows'} of values {COPIED}")

"""Asks what to export: which plots in which formats, which data, and where to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QSize, QStandardPaths
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganviz.session.animations import has_films
from ganviz.session.figure import COLUMNS, PAPER_DPI, Figure
from ganviz.session.view_names import VIEW_OF_KIND
from ganviz.training.config import RunConfig
from ganviz.views.bases.canvas import AbstractPaintedView

FORMATS = (("png", "PNG"), ("svg", "SVG"), ("pdf", "PDF"))
DATA = (
    ("history", "history.csv", "History, every step (CSV)"),
    ("history", "history.npz", "History, every step (NPZ)"),
    ("samples", "samples.npz", "Samples (NPZ)"),
    ("samples", "samples.csv", "Samples (CSV)"),
    ("config", "config.json", "Settings (JSON)"),
    ("weights", "generator.safetensors", "Generator's weights (safetensors)"),
    ("script", "script.py", "Script that needs PyTorch alone (Python)"),
)
SCALES = (1, 2, 3, 4)
PAPER_PT = 7.0
"""Letters of figures that are as wide as a column."""


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What is to be written where; ``data`` are pairs of kind and the end of a file's name.

    ``rendered`` are the names of animations and reports, which a program of its own makes.
    """

    folder: Path
    views: tuple[str, ...]
    formats: tuple[str, ...]
    scale: float
    data: tuple[tuple[str, str], ...]
    with_checkpoint: bool
    rendered: tuple[str, ...] = ()
    column: str = ""
    is_transparent: bool = False
    checkpoint_name: ClassVar[str] = "checkpoint.ganviz"

    def figure(self, on_screen: QSize) -> Figure:
        """Return how a plot leaves that has this size on screen."""
        clear = self.is_transparent
        if self.column:
            return Figure.of_column(self.column, PAPER_PT, is_transparent=clear)
        return Figure.of_pixels(on_screen.width(), on_screen.height(), self.scale, is_transparent=clear)

    def names(self) -> list[str]:
        """Return what all files are called, without the run and step in front."""
        plots = [f"{key}.{ending}" for key in self.views for ending in self.formats]
        rest = [self.checkpoint_name] * self.with_checkpoint
        return [*plots, *(name for _, name in self.data), *rest, *self.rendered]


class ExportDialog(QDialog):
    """Asks for an :class:`ExportWish`; GUI thread only."""

    def __init__(
        self,
        views: list[AbstractPaintedView],
        config: RunConfig,
        *,
        chosen: str = "",
        moment: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self._views = {view.key: QCheckBox(view.title) for view in views}
        self._formats = {key: QCheckBox(title) for key, title in FORMATS}
        has_points = config.distribution.kind.name != "image"
        kinds = [entry for entry in DATA if has_points or entry[1] != "samples.csv"]
        self._data = {(kind, name): QCheckBox(title) for kind, name, title in kinds}
        self._checkpoint = QCheckBox("Checkpoint, to go on with later (.ganviz)")
        self._rendered = _rendered(VIEW_OF_KIND[config.distribution.kind.name])
        for key, box in self._views.items():
            box.setChecked(not chosen or key == chosen)
        self._formats["png"].setChecked(True)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(moment))
        layout.addWidget(self._plots_box())
        layout.addWidget(_group("Data of the run", [*self._data.values(), self._checkpoint]))
        layout.addWidget(_group("The whole run", [*self._rendered.values()]))
        layout.addLayout(self._folder_row())
        kinds_of = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds_of.Ok | kinds_of.Cancel)
        self._export = buttons.button(kinds_of.Ok)
        self._export.setText("Export")
        self._folder.textChanged.connect(lambda text: self._export.setEnabled(bool(text.strip())))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def _plots_box(self) -> QGroupBox:
        box = _group("Plots", list(self._views.values()))
        row = QHBoxLayout()
        for check in self._formats.values():
            row.addWidget(check)
        row.addStretch(1)
        label = QLabel("PNG scale")
        self._scale = QComboBox()
        self._scale.addItems([f"{scale}×" for scale in SCALES])
        self._scale.setCurrentIndex(1)
        self._scale.setAccessibleName("PNG scale")
        self._scale.setToolTip("How many pixels of the PNG one pixel of the screen becomes.")
        label.setBuddy(self._scale)
        row.addWidget(label)
        row.addWidget(self._scale)
        layout = box.layout()
        assert isinstance(layout, QGridLayout)
        layout.addLayout(row, layout.rowCount(), 0, 1, 2)
        layout.addLayout(self._size_row(), layout.rowCount(), 0, 1, 2)
        return box

    def _size_row(self) -> QHBoxLayout:
        label, self._column = QLabel("Size"), QComboBox()
        label.setBuddy(self._column)
        self._column.setAccessibleName("Size of plots")
        self._column.setToolTip(
            f"As on screen, or as wide as a journal's column: letters of {PAPER_PT:g} pt, "
            f"PNG of {PAPER_DPI:g} dots in an inch."
        )
        self._column.addItem("As on screen", "")
        for key, (width, height) in COLUMNS.items():
            self._column.addItem(f"{key.capitalize()} column, {width} × {height} mm", key)
        self._column.currentIndexChanged.connect(lambda index: self._scale.setEnabled(index == 0))
        self._transparent = QCheckBox("Transparent background")
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self._column)
        row.addStretch(1)
        row.addWidget(self._transparent)
        return row

    def _folder_row(self) -> QHBoxLayout:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._folder = QLineEdit(str(Path(documents) / "ganviz"))
        self._folder.setAccessibleName("Folder")
        self._folder.setMinimumWidth(320)
        choose = QPushButton("Choose …")
        choose.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(QLabel("Folder"))
        row.addWidget(self._folder, 1)
        row.addWidget(choose)
        return row

    def _choose(self) -> None:
        path = QFileDialog.getExistingDirectory(self, "Export to", self._folder.text())
        if path:
            self._folder.setText(path)

    def wish(self) -> ExportWish:
        """Return what was chosen."""
        return ExportWish(
            folder=Path(self._folder.text()).expanduser(),
            views=tuple(key for key, box in self._views.items() if box.isChecked()),
            formats=tuple(key for key, box in self._formats.items() if box.isChecked()),
            scale=float(SCALES[self._scale.currentIndex()]),
            data=tuple(key for key, box in self._data.items() if box.isChecked()),
            with_checkpoint=self._checkpoint.isChecked(),
            rendered=tuple(name for name, box in self._rendered.items() if box.isChecked()),
            column=self._column.currentData(),
            is_transparent=self._transparent.isChecked(),
        )


def _rendered(view: str) -> dict[str, QCheckBox]:
    """Return a box for each animation of a view, and for the report, by the names of their files."""
    found = {f"{view}.gif": QCheckBox(f"Animated GIF of the {view}")}
    if has_films():
        found[f"{view}.mp4"] = QCheckBox(f"Film of the {view} (MP4)")
    found["report.html"] = QCheckBox("Report: pictures, figures, settings (HTML)")
    return found


def _group(title: str, boxes: list[QCheckBox]) -> QGroupBox:
    group = QGroupBox(title)
    layout = QGridLayout(group)
    for i, box in enumerate(boxes):
        layout.addWidget(box, i // 2, i % 2)
    return group

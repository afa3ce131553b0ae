"""Asks what to export: which plots in which formats, which data, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganviz.session.saved_run import CHECKPOINT
from ganviz.session.view_names import VIEW_OF_KIND
from ganviz.spec.chosen_path import chosen_path, is_there
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.forms.all_box import AllBox
from ganviz.views.forms.wrapping import Wrapping
from ganviz.views.look.scrolled import Scrolled
from ganviz.views.window.animation_form import AnimationForm
from ganviz.views.window.figure_form import FigureForm, FigureWish
from ganviz.views.window.first_place import documents
from ganviz.views.window.room import room_of, without_frame

FORMATS = (("png", "PNG"), ("svg", "SVG"), ("pdf", "PDF"))
DATA = (
    ("history", "history.csv", "History, every step (CSV)"),
    ("history", "history.npz", "History, every step (NPZ)"),
    ("samples", "samples.npz", "Samples (NPZ)"),
    ("samples", "samples.csv", "Samples (CSV)"),
    ("config", "config.json", "Settings (JSON)"),
    ("weights", "generator.safetensors", "Generator's weights (safetensors)"),
    ("script", "script.py", "Script that needs PyTorch alone"),
)


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What is to be written where; ``data`` are pairs of kind and the end of a file's name.

    ``with_values`` writes what each plot shows as CSV beside it. ``rendered`` are the names of animations and reports,
    which a program of its own makes by ``options``.
    """

    folder: Path
    views: tuple[str, ...]
    formats: tuple[str, ...]
    figure: FigureWish
    data: tuple[tuple[str, str], ...]
    with_checkpoint: bool
    rendered: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    with_values: bool = False

    def names(self) -> list[str]:
        """Return what all files are called, without the run and step in front."""
        endings = (*self.formats, *["csv"] * self.with_values)
        plots = [f"{key}.{ending}" for key in self.views for ending in endings]
        rest = [CHECKPOINT] * self.with_checkpoint
        return [*plots, *(name for _, name in self.data), *rest, *self.rendered]

    def n_existing(self, prefix: str) -> int:
        """Return how many of the files are there already."""
        return sum(is_there(self.folder / f"{prefix}{name}") for name in self.names())


class ExportDialog(QDialog):
    """Asks for an :class:`ExportWish`; GUI thread only."""

    def __init__(
        self,
        views: list[AbstractPaintedView],
        config: RunConfig,
        folder: Path | None = None,
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
        self.figure = FigureForm()
        self.animations = AnimationForm(VIEW_OF_KIND[config.distribution.kind.name])
        for key, box in self._views.items():
            box.setChecked(not chosen or key == chosen)
        self._formats["png"].setChecked(True)
        layout, whole = QVBoxLayout(self), QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(QLabel(moment))
        column.addWidget(self._plots_box())
        column.addWidget(_group("Data of the run", [*self._data.values(), self._checkpoint], 3))
        column.addWidget(self.animations)
        layout.addWidget(Scrolled(whole), 1)
        layout.addLayout(self._folder_row(folder))
        kinds_of = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds_of.Ok | kinds_of.Cancel)
        self._export = buttons.button(kinds_of.Ok)
        self._export.setText("Export")
        self._folder.textChanged.connect(self._enable)
        for check in self.findChildren(QCheckBox):
            check.toggled.connect(self._enable)
        self._enable()
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._fit(whole)

    def _fit(self, whole: QWidget) -> None:
        """Be as large as all of it, higher where lines have to be broken, within the room that a screen has."""
        room, wished, size = without_frame(room_of(self.screen())).size(), whole.sizeHint(), self.sizeHint()
        width = wished.width() - max(size.width() - room.width(), 0)
        higher = max(whole.heightForWidth(width) - wished.height(), 0)
        self.resize((size + QSize(0, higher)).boundedTo(room))

    def _plots_box(self) -> QGroupBox:
        boxes = list(self._views.values())
        every = AllBox("All plots", boxes)
        every.setToolTip("Ticks all plots, or unticks them where all are ticked.")
        box = _group("Plots", boxes, 4, every)
        row = Wrapping()
        self._values = QCheckBox("Values as CSV")
        self._values.setToolTip("Writes what each plot shows as a table beside it, where it has one.")
        for check in (*self._formats.values(), self._values):
            row.add(check)
        layout = box.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(row)
        layout.addWidget(self.figure)
        return box

    def _folder_row(self, folder: Path | None) -> QHBoxLayout:
        self._folder = QLineEdit(str(folder or documents()))
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

    def _enable(self) -> None:
        """Let nothing be exported where there is nothing to write, or no folder for it."""
        self._export.setEnabled(bool(self._folder.text().strip() and self._wish(Path()).names()))

    def wish(self) -> ExportWish:
        """Return what was chosen."""
        return self._wish(chosen_path(self._folder.text()))

    def _wish(self, folder: Path) -> ExportWish:
        return ExportWish(
            folder=folder,
            views=tuple(key for key, box in self._views.items() if box.isChecked()),
            formats=tuple(key for key, box in self._formats.items() if box.isChecked()),
            figure=self.figure.wish(),
            data=tuple(key for key, box in self._data.items() if box.isChecked()),
            with_checkpoint=self._checkpoint.isChecked(),
            rendered=self.animations.names(),
            options=self.animations.options(),
            with_values=self._values.isChecked(),
        )


def _group(
    title: str, boxes: list[QCheckBox], n_columns: int = 2, head: QCheckBox | None = None
) -> QGroupBox:
    group = QGroupBox(title)
    layout, grid = QVBoxLayout(group), Wrapping(n_columns)
    if head is not None:
        layout.addWidget(head)
    for box in boxes:
        grid.add(box)
    layout.addWidget(grid)
    return group

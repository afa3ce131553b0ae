"""What a sweep varies, over how many seeds and steps, and where it is kept."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganviz.session.settings import Setting
from ganviz.spec import InvalidValueError
from ganviz.spec.chosen_path import chosen_path
from ganviz.training.config import MAX_LANES
from ganviz.views.look.outside_text import plain_label, set_tip
from ganviz.views.window.sweep_words import setting_title, settings_to_vary

USUAL = (("formulation", "saturating,non_saturating"), ("training.d_steps", "1,5"))
MOST_AXES = 6
LEAST_LINES = 7, 3
"""Of the form, that are seen at once: before there are cells, and above them."""
CELLS_LINES = 20
"""What cells and their figures need below the form."""
LEAST_DIGITS = 6
"""Of a number, that are seen where there is little room."""


class AxisRow:
    """The widgets of one setting: its name, or its path where that is written there, and its values."""

    def __init__(self, known: dict[str, Setting], path: str, values: str) -> None:
        self._known = known
        self.name = QComboBox(editable=True, insertPolicy=QComboBox.InsertPolicy.NoInsert)
        self.values, self.remove = QLineEdit(values), QToolButton()
        for one in known.values():
            self.name.addItem(one.name, one.path)
        self.name.setAccessibleName("Setting that is varied")
        self.name.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.name.setMinimumContentsLength(18)
        completer = QCompleter(self.name.model(), self.name)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.name.setCompleter(completer)
        self.values.setPlaceholderText("values, with commas between")
        self.remove.setText("×")
        self.remove.setAutoRaise(True)
        self.remove.setToolTip("Does not vary this setting.")
        self.name.currentTextChanged.connect(self._explain)
        self.name.setCurrentIndex(self.name.findData(path))
        self.name.setCurrentText(setting_title(path))
        self._explain()

    @property
    def path(self) -> str:
        """Return the path of the setting that is chosen, or what is written instead."""
        text, place = self.name.currentText().strip(), self.name.currentIndex()
        if text != self.name.itemText(place):
            place = self.name.findText(text, Qt.MatchFlag.MatchFixedString)
        return text if place < 0 else str(self.name.itemData(place))

    @property
    def words(self) -> str:
        """Return what the setting is, and which values it may have."""
        setting = self._known.get(self.path)
        if setting is None:
            return ""
        return f"{setting.help} {setting.type.capitalize()}: {setting.allowed or 'any'}. Path: {setting.path}"

    def _explain(self) -> None:
        title = self.name.currentText().strip() or "this setting"
        self.values.setAccessibleName(f"Values of {title}")
        self.remove.setAccessibleName(f"Remove {title}")
        for widget in (self.name, self.values):
            set_tip(widget, self.words, about=widget.accessibleName())

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """Return all widgets, from left to right."""
        return self.name, self.values, self.remove

    def option(self) -> str:
        """Return it as ``--vary`` takes it."""
        return f"{self.path}={self.values.text().strip()}"


class SweepForm(QWidget):
    """Asks for a sweep; GUI thread only."""

    changed = Signal()

    def __init__(self, out: Path) -> None:
        super().__init__()
        self._known = settings_to_vary()
        self.rows: list[AxisRow] = []
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._add = QPushButton("Vary another setting")
        self._add.clicked.connect(lambda: self.add("", ""))
        self.seeds, self.first_seed = _spin(1, MAX_LANES, 8, "Seeds"), _spin(0, 2**31 - 1, 0, "First seed")
        self.steps = _spin(1, 10**9, 2000, "Steps")
        self.workers = _spin(1, 256, max(1, (os.cpu_count() or 2) // 2), "Processes")
        self.cluster = QLineEdit()
        self.cluster.setAccessibleName("Cluster")
        self.cluster.setPlaceholderText("none: processes of this machine")
        self.cluster.setToolTip(
            "tcp://host:8786 or tls://… of a Dask scheduler, a .yaml file for dask-jobqueue, or local. A cluster "
            "runs the code of whoever may submit to it: use one of your own, with TLS."
        )
        self.out = QLineEdit(str(out))
        self.out.setAccessibleName("Folder")
        self.out.textChanged.connect(self.changed)
        browse = self._browser = QPushButton("Choose …")
        for button in (self._add, browse):
            button.setAutoDefault(False)  # Enter in a field would press it
        browse.clicked.connect(self._browse)
        self._allowed = plain_label()
        self._allowed.setWordWrap(True)
        self.base = plain_label()
        self.base.setWordWrap(True)
        self._lay_out(browse)
        for path, values in USUAL:
            self.add(path, values)

    def _lay_out(self, browse: QPushButton) -> None:
        where = QHBoxLayout()
        where.addWidget(self.out, 1)
        where.addWidget(browse)
        counts = QHBoxLayout()
        named = (
            ("Seeds", self.seeds), ("from", self.first_seed), ("Steps", self.steps), ("Processes", self.workers),
        )  # fmt: skip
        for title, box in named:
            label = QLabel(title)
            label.setBuddy(box)
            counts.addWidget(label)
            counts.addWidget(box)
        counts.addStretch(1)
        form = QFormLayout()
        form.addRow("Folder", where)
        form.addRow("Cluster", self.cluster)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.base)
        layout.addLayout(self._grid)
        below = QHBoxLayout()
        below.addWidget(self._add, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._allowed, 1)
        layout.addLayout(below)
        layout.addLayout(counts)
        layout.addLayout(form)

    def add(self, path: str, values: str) -> None:
        """Vary a setting."""
        row = AxisRow(self._known, path, values)
        self.rows.append(row)
        row.remove.clicked.connect(lambda: self._drop(row))
        for changes in (row.name.currentTextChanged, row.values.cursorPositionChanged):
            changes.connect(lambda *_: self._allowed.setText(row.words))
        self._allowed.setText(row.words)
        self._fill()

    def _drop(self, row: AxisRow) -> None:
        self.rows.remove(row)
        for widget in row.widgets:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._fill()

    def _fill(self) -> None:
        for line, row in enumerate(self.rows):
            for column, widget in enumerate(row.widgets):
                self._grid.addWidget(widget, line, column)
            row.remove.setEnabled(len(self.rows) > 1)
        self._add.setEnabled(len(self.rows) < MOST_AXES)
        self._order()

    def _order(self) -> None:
        """Let Tab go from top to bottom: rows are made last, and would come last."""
        fields = [widget for row in self.rows for widget in row.widgets]
        for one, following in itertools.pairwise(fields):
            QWidget.setTabOrder(one, following)
        counts = (self.seeds, self.first_seed, self.steps, self.workers)
        # One by one behind the last row, the last one first: Qt takes no order where the whole ring is right already.
        for widget in reversed((self._add, *counts, self.out, self._browser, self.cluster)):
            if fields:
                QWidget.setTabOrder(fields[-1], widget)

    def show_plan(self, told: Mapping[str, Any]) -> None:
        """Ask for what is trained: a sweep that is gone on with is that of its folder."""
        if [row.option() for row in self.rows] != (options := _options(told["vary"])):
            for row in tuple(self.rows):
                self._drop(row)
            for option in options:
                self.add(*option.split("=", 1))
        for box, name in ((self.seeds, "seeds"), (self.first_seed, "first_seed"), (self.steps, "steps")):
            box.setValue(told[name])

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Where the sweep is kept", self.out.text())
        if name:
            self.out.setText(name)

    def options(self) -> list[str]:
        """Return the options of ``ganviz sweep``, but for the run that all cells share."""
        words = [word for row in self.rows for word in ("--vary", row.option())]
        counts = {"--seeds": self.seeds, "--seed": self.first_seed, "--steps": self.steps}
        return words + [word for name, box in counts.items() for word in (name, str(box.value()))]

    def folder(self) -> Path | None:
        """Return where the sweep is kept; None where that is no path."""
        try:
            return chosen_path(self.out.text()) if self.out.text().strip() else None
        except InvalidValueError:
            return None

    def sizeHint(self) -> QSize:
        """Return room for names of settings."""
        line = self.fontMetrics().height()
        return QSize(34 * line, super().sizeHint().height())


class ScrolledForm(QScrollArea):
    """The form at its whole height where there is room; else it scrolls, and no line of it is cut. GUI thread only."""

    def __init__(self, form: SweepForm) -> None:
        super().__init__()
        self._form, self._has_cells = form, False
        self.setWidget(form)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its first field has the keyboard when the window opens
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        form.installEventFilter(self)

    def leave_room(self, *, has_cells: bool) -> None:
        """Give way to cells, where there are any."""
        self._has_cells = has_cells
        self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the form, which grows with its settings and with words about them."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """Return the form's size at the present width."""
        height, least = self._form.heightForWidth(self.viewport().width()), self.minimumSizeHint().height()
        if self._has_cells:
            height = min(
                height, max(least, self.window().height() - CELLS_LINES * self.fontMetrics().height())
            )
        return QSize(self._form.sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few lines."""
        return QSize(
            self._form.minimumSizeHint().width(), LEAST_LINES[self._has_cells] * self.fontMetrics().height()
        )


def _options(varied: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """Return each setting that is varied as ``--vary`` takes it."""
    return [
        f"{path}={json.dumps(values) if ',' in ''.join(values) else ','.join(values)}"
        for path, values in varied
    ]


def _spin(low: int, high: int, value: int, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setValue(value)
    box.setAccessibleName(name)
    metrics = box.fontMetrics()
    beside = box.sizeHint().width() - metrics.horizontalAdvance(str(high))
    box.setMinimumWidth(metrics.horizontalAdvance("0" * min(LEAST_DIGITS, len(str(high)))) + beside)
    return box

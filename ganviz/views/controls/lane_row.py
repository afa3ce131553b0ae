"""Above the settings: which lanes they are shown of and changed in, and what one that is meant is called."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganviz.losses.presets import title_of
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.views.controls.lane_wishes import MOST_LETTERS, differ
from ganviz.views.controls.target import ALL_LANES, Target
from ganviz.views.forms.inputs import Line, Menu
from ganviz.views.look.outside_text import set_tip


class LaneRow(QWidget):
    """A menu of lanes, seen where there are several; GUI thread only.

    Parameters
    ----------
    target : Target
        What the menu chooses.
    """

    named = Signal(str)
    """Emitted with the name that the lane that is meant is to have; empty for that of its formulation."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target
        self.box = Menu()
        self.box.setAccessibleName("Lane that settings apply to")
        set_tip(
            self.box,
            "Formulation and optimizers below, buttons and keys apply to these lanes.",
            about=self.box.accessibleName(),
        )
        self.box.activated.connect(lambda index: target.choose(self.box.itemData(index)))
        self._differ = QLabel(
            "Lanes differ where it says so. What you change here is changed in all of them."
        )
        self._differ.setWordWrap(True)
        self.name = Line()
        self.name.setMaxLength(MOST_LETTERS)
        self.name.setAccessibleName("Name of this lane")
        self.name.setToolTip(
            "What this lane is called in titles, legends and files; empty: as its formulation."
        )
        self.name.editingFinished.connect(self._named)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (QLabel("Formulation and optimizers of"), self.box, self.name, self._differ):
            column.addWidget(widget)

    def meant(self, config: RunConfig) -> tuple[LaneConfig, ...]:
        """Return the lanes that are meant."""
        lane = self._target.lane
        return config.lanes if lane == ALL_LANES else (config.lanes[lane],)

    def show_config(self, config: RunConfig) -> None:
        """Show the lanes that there are."""
        self._target.limit(len(config.lanes))
        self.setVisible(len(config.lanes) > 1)
        self.box.clear()
        self.box.addItem("all lanes", ALL_LANES)
        for i in range(len(config.lanes)):
            self.box.addItem(config.lane_title(i), i)
        self.box.setCurrentIndex(self._target.lane + 1)
        self._show_name(config)
        self._differ.setVisible(self._target.lane == ALL_LANES and differ(config.lanes))

    def _show_name(self, config: RunConfig) -> None:
        """Let one lane be named; what is being typed stays."""
        is_one = self._target.lane != ALL_LANES
        self.name.setVisible(is_one)
        if is_one and not (self.name.hasFocus() and self.name.isModified()):
            lane = config.lanes[self._target.lane]
            self.name.setText(lane.label)
            self.name.setPlaceholderText(f"Name: {title_of(lane.formulation)}")

    def _named(self) -> None:
        if self.name.isModified():
            self.name.setModified(False)
            self.named.emit(self.name.text().strip())

"""Above the settings: which lanes they are shown of and changed in."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganviz.training.config import LaneConfig, RunConfig
from ganviz.views.controls.lane_wishes import differ
from ganviz.views.controls.target import ALL_LANES, Target
from ganviz.views.forms.inputs import Menu


class LaneRow(QWidget):
    """A menu of lanes, seen where there are several; GUI thread only.

    Parameters
    ----------
    target : Target
        What the menu chooses.
    """

    def __init__(self, target: Target) -> None:
        super().__init__()
        self._target = target
        self.box = Menu()
        self.box.setAccessibleName("Lane that settings apply to")
        self.box.setToolTip("Formulation and optimizers below, buttons and keys apply to these lanes.")
        self.box.activated.connect(lambda index: target.choose(self.box.itemData(index)))
        self._differ = QLabel(
            "Lanes differ where it says so. What you change here is changed in all of them."
        )
        self._differ.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (QLabel("Formulation and optimizers of"), self.box, self._differ):
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
        self._differ.setVisible(self._target.lane == ALL_LANES and differ(config.lanes))

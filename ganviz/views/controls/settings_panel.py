"""All settings of a run in one column; shows the configuration in force and emits the one that is wished for."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from ganviz.data.base import AbstractDistribution
from ganviz.data.kinds import Kind
from ganviz.data.points_file import PointsFile
from ganviz.losses.formulation import Formulation
from ganviz.session.data_change import with_data
from ganviz.spec import InvalidValueError, PartInfo, carried_over, field_info
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.views.controls.formulation_panel import FormulationPanel
from ganviz.views.controls.section import Section
from ganviz.views.forms.fields import Menu
from ganviz.views.forms.form import SpecForm, form_for
from ganviz.views.forms.thumbnails import add_thumbnails
from ganviz.views.outside_text import plain_label

ALL_LANES = -1
OPTIMIZERS_OF_LANE = ("generator_optimizer", "discriminator_optimizer")
MINIMUM_LINES = 15.5
"""Least width in heights of a line: about 245 pixels with ordinary letters."""


class SettingsPanel(QScrollArea):
    """Data, formulation, networks, optimizers, training; GUI thread only."""

    config_requested = Signal(object)
    """Emitted with the :class:`RunConfig` that the person wishes for."""
    points_wished = Signal()
    """Emitted when points from a file were chosen, but no file yet."""

    def __init__(self, config: RunConfig) -> None:
        super().__init__()
        self._config = config
        self._last_on: dict[Kind, RunConfig] = {}  # by the kind of the data
        self._lane = ALL_LANES
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Settings")
        column = QWidget()
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(6, 4, 10, 6)
        self._column.setSpacing(4)
        self._make_forms(config)
        self._make_lane_row()
        self._make_sections()
        self._connect()
        self.show_config(config)
        self._column.addStretch(1)
        self.setWidget(column)
        self._fit_letters()

    def changeEvent(self, event: QEvent) -> None:
        """Be wider with larger letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_letters()

    def _fit_letters(self) -> None:
        self.setMinimumWidth(round(MINIMUM_LINES * self.fontMetrics().height()))

    def sizeHint(self) -> QSize:
        """Return a column wide enough for every label."""
        return QSize(280, 600)

    def _make_forms(self, config: RunConfig) -> None:
        lane = config.lanes[0]
        self._refusal = plain_label()
        self._refusal.setObjectName("refusal")
        self._refusal.setWordWrap(True)
        self._refusal.hide()
        self._formulation = FormulationPanel(lane.formulation)
        self._lane_form = SpecForm(lane, hidden=("formulation", "label", "seed"))
        self._shown_lane = lane
        self._is_linked = QCheckBox("Same for both networks")
        self._is_linked.setToolTip("The discriminator has the generator's optimizer.")
        self._is_linked.toggled.connect(lambda on: self._lane_form.fold("discriminator_optimizer", on))
        self._is_linked.clicked.connect(self._linked)
        self._is_linked.setChecked(lane.generator_optimizer == lane.discriminator_optimizer)
        self._lane_form.add_below("generator_optimizer", self._is_linked)
        self._forms = {
            field.name: form_for(
                info, getattr(config, field.name), add_thumbnails if field.name == "distribution" else None
            )
            for field in dataclasses.fields(config)
            if field.name != "lanes" and isinstance(info := field_info(field), PartInfo)
        }
        self._data = self._forms["distribution"]
        self._data_found = plain_label()
        self._data_found.setWordWrap(True)

    def _make_lane_row(self) -> None:
        self._column.addWidget(self._refusal)
        self._lane_box = Menu()
        self._lane_box.setAccessibleName("Lane that settings apply to")
        self._lane_box.setToolTip("Formulation and optimizers below apply to these lanes.")
        self._lane_box.activated.connect(self._lane_chosen)
        self._differ = plain_label()
        self._differ.setWordWrap(True)
        self._lane_row = _stack(QLabel("Formulation and optimizers of"), self._lane_box, self._differ)
        self._column.addWidget(self._lane_row)

    def _make_sections(self) -> None:
        data = _stack(self._data, self._data_found)
        networks = _stack(self._forms["architecture"], self._forms["latents"])
        for title, tip, content, is_open in (
            ("Data", "What is to be learned. Changes restart the run.", data, True),
            (
                "Formulation",
                "The two objectives. Changes take effect at the next step.",
                self._formulation,
                True,
            ),
            ("Networks", "Both networks and the latents. Changes restart the run.", networks, False),
            (
                "Optimizers",
                "How weights are updated. Changes take effect at the next step.",
                self._lane_form,
                False,
            ),
            ("Training", "The loop around both updates.", self._forms["training"], False),
        ):
            self._column.addWidget(Section(title, tip, content, is_open=is_open))

    def _connect(self) -> None:
        for name, form in self._forms.items():
            if name != "distribution":
                form.spec_changed.connect(lambda spec, name=name: self._wish(**{name: spec}))
        self._data.spec_changed.connect(self._data_wished)
        self._formulation.formulation_changed.connect(self._formulation_wished)
        self._lane_form.spec_changed.connect(self._lane_wished)

    def _wish(self, **changes: object) -> None:
        try:
            wished = dataclasses.replace(self._config, **changes)  # type: ignore[arg-type]
        except InvalidValueError as problem:
            self.refuse(str(problem))
            self.show_config(self._config, keep_refusal=True)
            return
        self._refusal.hide()
        self.config_requested.emit(wished)

    def _data_wished(self, distribution: object) -> None:
        assert isinstance(distribution, AbstractDistribution)
        if isinstance(distribution, PointsFile) and not distribution.path:
            self.show_config(self._config)
            self.points_wished.emit()
            return
        earlier = self._last_on.get(distribution.kind)
        self._refusal.hide()
        self.config_requested.emit(with_data(self._config, distribution, earlier))

    def _formulation_wished(self, formulation: object) -> None:
        assert isinstance(formulation, Formulation)
        before = self._shown_lane
        self._wish_lanes(before, dataclasses.replace(before, formulation=formulation))

    def _lane_wished(self, lane: object) -> None:
        assert isinstance(lane, LaneConfig)
        before, self._shown_lane = self._shown_lane, lane
        changed = [name for name in OPTIMIZERS_OF_LANE if getattr(lane, name) != getattr(before, name)]
        if changed and self._is_linked.isChecked():
            lane = dataclasses.replace(lane, **dict.fromkeys(OPTIMIZERS_OF_LANE, getattr(lane, changed[0])))
        self._wish_lanes(before, lane)

    def _linked(self, is_linked: bool) -> None:
        """Give the discriminator the generator's optimizer, whose own is folded away."""
        lane = self._shown_lane
        if is_linked and lane.generator_optimizer != lane.discriminator_optimizer:
            self._lane_wished(dataclasses.replace(lane, discriminator_optimizer=lane.generator_optimizer))

    def _wish_lanes(self, before: LaneConfig, after: LaneConfig) -> None:
        """Wish for a change in all lanes that are meant; in each, what was not changed stays its own."""
        lanes = self._config.lanes
        self._wish(
            lanes=tuple(
                carried_over(lane, before, after) if self._lane in (ALL_LANES, i) else lane
                for i, lane in enumerate(lanes)
            )
        )

    def _show_what_was_found(self, distribution: AbstractDistribution) -> None:
        try:
            found = distribution.summary
        except InvalidValueError:  # the file is gone; the run has said so
            found = ""
        self._data_found.setText(found)
        self._data_found.setVisible(bool(found))

    def refuse(self, sentence: str) -> None:
        """Say why a wish cannot be fulfilled."""
        self._refusal.setText(sentence)
        self._refusal.show()
        self.ensureWidgetVisible(self._refusal)

    def _lane_chosen(self, index: int) -> None:
        self._lane = self._lane_box.itemData(index)
        self.show_config(self._config)

    def show_config(self, config: RunConfig, *, keep_refusal: bool = False) -> None:
        """Show the configuration that is in force."""
        self._config = config
        self._last_on[config.distribution.kind] = config
        if not keep_refusal:
            self._refusal.hide()
        if self._lane >= len(config.lanes):
            self._lane = ALL_LANES
        self._show_what_was_found(config.distribution)
        self._show_lanes(config)
        lane = config.lanes[max(self._lane, 0)]
        for name, form in self._forms.items():
            form.show_spec(getattr(config, name))
        self._formulation.show_formulation(lane.formulation)
        self._lane_form.show_spec(lane)
        self._shown_lane = lane
        if lane.generator_optimizer != lane.discriminator_optimizer:
            self._is_linked.setChecked(False)

    def _show_lanes(self, config: RunConfig) -> None:
        self._lane_row.setVisible(len(config.lanes) > 1)
        self._lane_box.clear()
        self._lane_box.addItem("all lanes", ALL_LANES)
        for i in range(len(config.lanes)):
            self._lane_box.addItem(config.lane_title(i), i)
        self._lane_box.setCurrentIndex(self._lane + 1)
        own = {
            (lane.formulation, *(getattr(lane, name) for name in OPTIMIZERS_OF_LANE)) for lane in config.lanes
        }
        self._differ.setText(
            f"The lanes differ; shown is {config.lane_title(0)}. What you change here is changed in all of them."
        )
        self._differ.setVisible(self._lane == ALL_LANES and len(own) > 1)


def _stack(*widgets: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget)
    return box

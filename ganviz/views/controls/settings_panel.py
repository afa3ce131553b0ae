"""All settings of a run in one column; shows the configuration in force and emits the one that is wished for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ganviz.data.base import AbstractDistribution
from ganviz.data.image_folder import ImageFolder
from ganviz.data.kinds import Kind
from ganviz.data.points_file import PointsFile
from ganviz.losses.formulation import Formulation
from ganviz.session.data_change import with_data
from ganviz.spec import InvalidValueError, PartInfo, field_info
from ganviz.spec.chosen_path import is_there
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.views.controls.formulation_panel import FormulationPanel
from ganviz.views.controls.lane_row import LaneRow
from ganviz.views.controls.lane_wishes import called, has_one_optimizer, under, with_optimizers
from ganviz.views.controls.section import Section
from ganviz.views.controls.target import ALL_LANES, Target
from ganviz.views.forms.choices import ChoiceForm
from ganviz.views.forms.form import SpecForm, form_for
from ganviz.views.forms.inputs import SearchLine, Switch
from ganviz.views.forms.nothing_found import NothingFound
from ganviz.views.forms.refusal import Refusal
from ganviz.views.forms.thumbnails import add_thumbnails
from ganviz.views.look.outside_text import plain_label

MINIMUM_LINES = 16.0
"""Least width in heights of a line: about 255 pixels with ordinary letters."""


class _Searched(Protocol):
    """What a search goes through."""

    def search(self, wanted: Sequence[str], above: str) -> bool: ...


class SettingsPanel(QWidget):
    """Data, formulation, networks, optimizers, training, and a search through all of them; GUI thread only.

    Parameters
    ----------
    config : RunConfig
    target : Target, optional
        Which lanes are meant.
    """

    config_requested = Signal(object)
    """Emitted with the :class:`RunConfig` that the person wishes for."""
    formulation_kept = Signal(object)
    """Emitted with a :class:`Formulation` that is to be kept for later."""
    files_wished = Signal(object)
    """Emitted with data that need a file or a folder, of which none, or another one, is to be chosen."""

    def __init__(self, config: RunConfig, target: Target | None = None) -> None:
        super().__init__()
        self._config = config
        self._last_on: dict[Kind, RunConfig] = {}  # by the kind of the data
        self._target = target or Target(self)
        self.setAccessibleName("Settings")
        self._make_forms(config)
        self._scrolled = self._make_column()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(6, 2, 4, 0)
        whole.setSpacing(4)
        for widget in (self._refusal, self.search, self._nothing, self._scrolled):
            whole.addWidget(widget)
        self._connect()
        self.show_config(config)
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
        self._refusal = Refusal()
        self.search = SearchLine("Search settings")
        self._nothing = NothingFound("No setting has all of these words.")
        self._formulation = FormulationPanel(lane.formulation)
        self._lane_form = SpecForm(lane, hidden=("formulation", "label", "seed"))
        self._is_linked = Switch("Same for both networks")
        self._is_linked.setToolTip("The discriminator has the generator's optimizer.")
        self._is_linked.toggled.connect(lambda on: self._lane_form.fold("discriminator_optimizer", on))
        self._is_linked.clicked.connect(self._linked)
        self._is_linked.setChecked(has_one_optimizer(lane))
        self._lane_form.add_below("generator_optimizer", self._is_linked)
        self._forms = {
            field.name: form_for(
                info, getattr(config, field.name), add_thumbnails if field.name == "distribution" else None
            )
            for field in dataclasses.fields(config)
            if field.name != "lanes" and isinstance(info := field_info(field), PartInfo)
        }
        data = self._forms["distribution"]
        assert isinstance(data, ChoiceForm)
        self._data = data
        self._data_found = plain_label()
        self._data_found.setWordWrap(True)

    def _make_column(self) -> QScrollArea:
        self._sections = self._made_sections()
        self.lane_row = LaneRow(self._target)
        column = _stack(self.lane_row, *(section for section, _ in self._sections))
        layout = column.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.setContentsMargins(0, 0, 4, 6)
        layout.addStretch(1)
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(column)
        return scrolled

    def _made_sections(self) -> list[tuple[Section, tuple[_Searched, ...]]]:
        """Return every section with the forms in it."""
        forms, live = self._forms, "Changes take effect at the next step."
        restart = "Changes restart the run."
        data = _stack(self._data, self._data_found)
        networks = _stack(forms["architecture"], forms["latents"])
        of_networks = (forms["architecture"], forms["latents"])
        of_lane, training = self._lane_form, forms["training"]
        return [
            (Section("Data", f"What is to be learned. {restart}", data, is_open=True), (self._data,)),
            (
                Section("Formulation", f"The two objectives. {live}", self._formulation, is_open=True),
                (self._formulation,),
            ),
            (
                Section("Networks", f"Both networks and the latents. {restart}", networks, is_open=False),
                of_networks,
            ),
            (
                Section("Optimizers", f"How weights are updated. {live}", of_lane, is_open=False),
                (of_lane,),
            ),
            (Section("Training", "The loop around both updates.", training, is_open=False), (training,)),
        ]

    def _connect(self) -> None:
        for name, form in self._forms.items():
            if name != "distribution":
                form.spec_changed.connect(
                    lambda spec, name=name: self._wish(self._forms[name].refuse, **{name: spec})
                )
        self._data.spec_changed.connect(self._data_wished)
        self._data.chosen_again.connect(self._other_files_wished)
        self._formulation.formulations_changed.connect(self._formulations_wished)
        self._formulation.kept.connect(self.formulation_kept)
        self._lane_form.specs_changed.connect(self._lanes_wished)
        self.lane_row.named.connect(lambda name: self._wish_lanes(self.refuse, called(self._meant, name)))
        self._target.changed.connect(lambda: self.show_config(self._config))
        self.search.textChanged.connect(self._search)

    def _search(self, text: str) -> None:
        """Show only settings that have all words of a text, in sections that are opened for it."""
        wanted = text.casefold().split()
        has_found = False
        for section, forms in self._sections:
            found = sum(form.search(wanted, section.title) for form in forms) > 0  # each shows what it has
            section.show_found(found if wanted else None)
            has_found = has_found or found
        self._nothing.show_where(not has_found)

    def go_to_formulas(self) -> None:
        """Open the formulation and scroll it to the top: somebody is about to type a loss."""
        self.search.clear()
        section = next(one for one, forms in self._sections if self._formulation in forms)
        section.set_open(True)
        QTimer.singleShot(0, self, lambda: self._scrolled.verticalScrollBar().setValue(section.y()))

    def _wish(self, refuse: Callable[[str], None], **changes: object) -> None:
        """Wish for other settings; what cannot be is put back, and ``refuse`` says why."""
        try:
            wished = dataclasses.replace(self._config, **changes)  # type: ignore[arg-type]
        except InvalidValueError as problem:
            self.show_config(self._config)
            refuse(str(problem))
            return
        self._refusal.hide()
        self.config_requested.emit(wished)

    def _data_wished(self, distribution: object) -> None:
        assert isinstance(distribution, AbstractDistribution)
        if self._needs_files(distribution):
            self.show_config(self._config)
            self.files_wished.emit(distribution)
            return
        earlier = self._last_on.get(distribution.kind)
        self._refusal.hide()
        self.config_requested.emit(with_data(self._config, distribution, earlier))

    def _needs_files(self, distribution: AbstractDistribution) -> bool:
        """Return whether files are to be chosen: there are none yet, or what the menu would go back to is gone."""
        if not isinstance(distribution, PointsFile | ImageFolder):
            return False
        return not distribution.path or (self._data.is_of_menu and not is_there(distribution.path))

    def _other_files_wished(self, distribution: object) -> None:
        if isinstance(distribution, PointsFile | ImageFolder):
            self.files_wished.emit(distribution)

    @property
    def _meant(self) -> tuple[LaneConfig, ...]:
        """Return the lanes that settings are shown of and changed in."""
        return self.lane_row.meant(self._config)

    def _formulations_wished(self, formulations: Sequence[Formulation]) -> None:
        self._wish_lanes(
            self._formulation.refuse,
            [under(lane, formulation) for lane, formulation in zip(self._meant, formulations, strict=True)],
        )

    def _lanes_wished(self, wished: Sequence[LaneConfig]) -> None:
        linked = self._is_linked.isChecked()
        self._wish_lanes(self._lane_form.refuse, with_optimizers(self._meant, wished, are_linked=linked))

    def _linked(self, is_linked: bool) -> None:
        """Give the discriminator the generator's optimizer, whose own is folded away."""
        lanes = self._meant
        if is_linked and not all(map(has_one_optimizer, lanes)):
            self._wish_lanes(
                self.refuse,
                [
                    dataclasses.replace(lane, discriminator_optimizer=lane.generator_optimizer)
                    for lane in lanes
                ],
            )

    def _wish_lanes(self, refuse: Callable[[str], None], wished: Sequence[LaneConfig]) -> None:
        """Wish for other lanes in place of those that are meant."""
        of_lane = iter(wished)
        self._wish(
            refuse,
            lanes=tuple(
                next(of_lane) if self._target.lane in (ALL_LANES, i) else lane
                for i, lane in enumerate(self._config.lanes)
            ),
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
        self._refusal.say(sentence)

    def expect(self, config: RunConfig) -> None:
        """Make the next choice over a configuration that is shown soon."""
        self._config = config

    def show_config(self, config: RunConfig) -> None:
        """Show the configuration that is in force, or has been chosen."""
        self._config = config
        self._last_on[config.distribution.kind] = config
        self._refusal.hide()
        self._show_what_was_found(config.distribution)
        self.lane_row.show_config(config)
        for name, form in self._forms.items():
            form.show_spec(getattr(config, name))
        self._formulation.show_formulations([lane.formulation for lane in self._meant])
        self._lane_form.show_specs(self._meant)
        if not all(map(has_one_optimizer, self._meant)):
            self._is_linked.setChecked(False)
        if self.search.text():
            self._search(self.search.text())  # a form of another kind shows all that it has


def _stack(*widgets: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget)
    return box

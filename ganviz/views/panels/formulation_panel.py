"""Loss, penalties and constraint of a lane."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.constraints import CONSTRAINTS, AbstractConstraint
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.base import AbstractPenalty
from ganviz.spec import Spec
from ganviz.views.forms import ChoiceForm, SpecForm


class FormulationPanel(QWidget):
    """The parts of one formulation; GUI thread only."""

    formulation_changed = Signal(object)

    def __init__(self, formulation: Formulation) -> None:
        super().__init__()
        self._formulation = formulation
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._formula = QLabel()
        self._formula.setWordWrap(True)
        self._formula.setTextFormat(Qt.TextFormat.RichText)
        self._loss = ChoiceForm(ADVERSARIAL_LOSSES, formulation.loss, "Adversarial loss")
        self._loss.spec_changed.connect(self._loss_changed)
        layout.addWidget(self._loss)
        layout.addWidget(self._formula)
        self._switches: dict[str, QCheckBox] = {}
        self._forms: dict[str, SpecForm] = {}
        for key, cls in PENALTIES.items():
            self._add_penalty(key, cls())
        label = QLabel("Constraint on D's weights")
        layout.addWidget(label)
        self._constraint = ChoiceForm(CONSTRAINTS, formulation.constraint, "Constraint on D's weights")
        self._constraint.spec_changed.connect(self._constraint_changed)
        layout.addWidget(self._constraint)
        self.show_formulation(formulation)

    def _add_penalty(self, key: str, penalty: AbstractPenalty) -> None:
        switch = QCheckBox(penalty.title)
        switch.setToolTip(f"{penalty.formula} ({penalty.reference})")
        switch.clicked.connect(self._penalties_changed)
        form = SpecForm(penalty)
        form.setContentsMargins(18, 0, 0, 0)
        form.spec_changed.connect(self._penalties_changed)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(switch)
        layout.addWidget(form)
        self._switches[key], self._forms[key] = switch, form

    def _emit(self, formulation: Formulation) -> None:
        if formulation != self._formulation:
            self._formulation = formulation
            self.formulation_changed.emit(formulation)

    def _loss_changed(self, loss: object) -> None:
        assert isinstance(loss, AbstractAdversarialLoss)
        self._emit(dataclasses.replace(self._formulation, loss=loss))

    def _constraint_changed(self, constraint: object) -> None:
        assert isinstance(constraint, AbstractConstraint)
        self._emit(dataclasses.replace(self._formulation, constraint=constraint))

    def _penalties_changed(self) -> None:
        chosen: list[Spec] = [
            form.spec for key, form in self._forms.items() if self._switches[key].isChecked()
        ]
        penalties = tuple(spec for spec in chosen if isinstance(spec, AbstractPenalty))
        for key, form in self._forms.items():
            form.setVisible(self._switches[key].isChecked())
        self._emit(dataclasses.replace(self._formulation, penalties=penalties))

    def show_formulation(self, formulation: Formulation) -> None:
        """Show a formulation."""
        self._formulation = formulation
        loss = formulation.loss
        self._loss.show_spec(loss)
        self._constraint.show_spec(formulation.constraint)
        self._formula.setText(f"L<sub>D</sub> = {loss.d_formula}<br>L<sub>G</sub> = {loss.g_formula}")
        self._formula.setToolTip(loss.reference)
        given = {penalty.key: penalty for penalty in formulation.penalties}
        for key, form in self._forms.items():
            self._switches[key].setChecked(key in given)
            form.setVisible(key in given)
            if key in given:
                form.show_spec(given[key])

"""Loss, penalties, constraint of a lane, and what its discriminator sees."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganviz.losses.adversarial.custom import CustomLoss, CustomPairedLoss
from ganviz.losses.examination import examine
from ganviz.losses.formulation import Formulation
from ganviz.views.forms.form import SpecForm
from ganviz.views.outside_text import plain_label


class FormulationPanel(QWidget):
    """The form of a formulation; below its loss both objectives, and what a typed one will do. GUI thread only."""

    formulation_changed = Signal(object)

    def __init__(self, formulation: Formulation) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._formula = QLabel()
        self._formula.setWordWrap(True)
        self._formula.setTextFormat(Qt.TextFormat.RichText)
        self._told = plain_label()
        self._told.setWordWrap(True)
        self._form = SpecForm(formulation)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._formula)
        column.addWidget(self._told)
        self._form.add_below("loss", below)
        self._form.spec_changed.connect(self._changed)
        layout.addWidget(self._form)
        self._show_objectives(formulation)

    def _changed(self, formulation: object) -> None:
        assert isinstance(formulation, Formulation)
        self._show_objectives(formulation)
        self.formulation_changed.emit(formulation)

    def _show_objectives(self, formulation: Formulation) -> None:
        loss = formulation.loss
        self._formula.setText(f"L<sub>D</sub> = {loss.d_words()}<br>L<sub>G</sub> = {loss.g_formula}")
        self._formula.setToolTip(loss.reference)
        told = examine(loss) if isinstance(loss, CustomLoss | CustomPairedLoss) else ()
        self._told.setText("\n".join(told))
        self._told.setVisible(bool(told))

    def show_formulation(self, formulation: Formulation) -> None:
        """Show a formulation."""
        self._form.show_spec(formulation)
        self._show_objectives(formulation)

"""Loss, penalties, constraint of a lane, and what its discriminator sees."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganviz.losses.adversarial.custom import CustomLoss, CustomPairedLoss
from ganviz.losses.examination import examine
from ganviz.losses.formulation import Formulation
from ganviz.views.forms.form import SpecForm
from ganviz.views.outside_text import plain_label


class FormulationPanel(QWidget):
    """The form of a formulation; below its loss both objectives, and what a typed one will do. GUI thread only."""

    formulations_changed = Signal(object)
    """Emitted with the formulations (tuple) of all lanes that are shown."""

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
        self._form.specs_changed.connect(self._changed)
        layout.addWidget(self._form)
        self._show_objectives((formulation,))

    def _changed(self, formulations: tuple[Formulation, ...]) -> None:
        self._show_objectives(formulations)
        self.formulations_changed.emit(formulations)

    def _show_objectives(self, formulations: Sequence[Formulation]) -> None:
        """Show the objectives that all lanes have; nothing where they differ."""
        loss, *others = {one.loss: None for one in formulations}
        self._formula.setVisible(not others)
        self._told.setVisible(not others)
        if others:
            return
        self._formula.setText(f"L<sub>D</sub> = {loss.d_words()}<br>L<sub>G</sub> = {loss.g_formula}")
        self._formula.setToolTip(loss.reference)
        told = examine(loss) if isinstance(loss, CustomLoss | CustomPairedLoss) else ()
        self._told.setText("\n".join(told))
        self._told.setVisible(bool(told))

    def show_formulations(self, formulations: Sequence[Formulation]) -> None:
        """Show the formulations of some lanes."""
        self._form.show_specs(formulations)
        self._show_objectives(formulations)

    def search(self, wanted: Sequence[str], above: str) -> bool:
        """Show only what has all of these words; return whether there is anything."""
        return self._form.search(wanted, above)

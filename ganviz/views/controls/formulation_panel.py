"""Loss, penalties, constraint of a lane, and what its discriminator sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ganviz.losses.adversarial.custom import LONGEST_NAME, CustomLoss, CustomPairedLoss
from ganviz.losses.examination import examine
from ganviz.losses.formulation import Formulation
from ganviz.losses.latex import formulation_latex
from ganviz.losses.presets import NamedFormulation, name_of, shared_text, title_of
from ganviz.session.scripting import formulation_script
from ganviz.spec import InvalidValueError
from ganviz.views.controls.loss_preview import LossPreview
from ganviz.views.forms.form import SpecForm
from ganviz.views.look.button_menu import ButtonMenu
from ganviz.views.look.formula import markup_of, plain_formula, with_whole_terms


class FormulationPanel(QWidget):
    """The form of a formulation; below its loss both objectives, and of a typed one its plot and what it will do.

    These follow while a formula is typed; it trains when it is entered. GUI thread only.
    """

    formulations_changed = Signal(object)
    """Emitted with the formulations (tuple) of all lanes that are shown."""
    kept = Signal(object)
    """Emitted with a :class:`NamedFormulation` that is to be kept for later."""

    def __init__(self, formulation: Formulation) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._shown = formulation
        self._formula = QLabel()
        self._formula.setWordWrap(True)
        self._formula.setTextFormat(Qt.TextFormat.RichText)
        self._told = QLabel()
        self._told.setTextFormat(Qt.TextFormat.RichText)
        self._told.setWordWrap(True)
        self._form = SpecForm(formulation)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._formula)
        self._preview = LossPreview()
        column.addWidget(self._preview)
        column.addWidget(self._told)
        self._form.add_below("loss", below)
        self._form.specs_changed.connect(self._changed)
        self._form.specs_typed.connect(self._show_objectives)
        layout.addWidget(self._form)
        buttons = self._made_buttons()
        layout.addWidget(self._name)
        layout.addLayout(buttons)
        self._show_objectives((formulation,))

    def _made_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._keep, self._copy, self._name = QPushButton("Keep"), QPushButton("Copy"), QLineEdit()
        for button in (self._keep, self._copy):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._name.setMaxLength(LONGEST_NAME)
        self._name.setAccessibleName("Name of this formulation")
        self._name.setToolTip(
            "The name under which it is kept and copied; of its parts, where you give none."
        )
        self._keep.setToolTip(
            "Keeps this formulation in the list of all formulations, also after the next start."
        )
        self._keep.setAccessibleName("Keep this formulation")
        self._keep.clicked.connect(lambda: self.kept.emit(self._named()))
        self._copy.setToolTip("Puts this formulation on the clipboard: as settings, as code, as mathematics.")
        self._copy.setAccessibleName("Copy this formulation")
        menu = ButtonMenu(self._copy)
        ways: tuple[tuple[str, Callable[[], str]], ...] = (
            ("JSON", lambda: shared_text(self._named())),
            ("PyTorch", lambda: formulation_script(self._shown)),
            ("LaTeX", lambda: formulation_latex(self._shown)),
        )
        for text, made in ways:
            menu.addAction(f"As {text}").triggered.connect(lambda _=False, m=made: self._copy_shown(m))
        self._copy.setMenu(menu)
        for button in (self._keep, self._copy):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _named(self) -> NamedFormulation:
        """Return what is shown, under the name that was typed or that of its parts."""
        return NamedFormulation("", self._name.text().strip() or title_of(self._shown), self._shown)

    def _copy_shown(self, made: Callable[[], str]) -> None:
        try:
            QGuiApplication.clipboard().setText(made())
        except InvalidValueError as error:
            self._told.setText(markup_of(str(error)))
            self._told.setVisible(True)

    def _changed(self, formulations: tuple[Formulation, ...]) -> None:
        self._show_objectives(formulations)
        self.formulations_changed.emit(formulations)

    def _show_objectives(self, formulations: Sequence[Formulation]) -> None:
        """Show the objectives that all lanes have; nothing where they differ."""
        loss, *others = {one.loss: None for one in formulations}
        self._formula.setVisible(not others)
        is_typed = isinstance(loss, CustomLoss | CustomPairedLoss) and not others
        for widget in (self._preview, self._told):
            widget.setVisible(is_typed)
        if others:
            return
        lines = {one.d_line() for one in formulations}
        of_d = lines.pop() if len(lines) == 1 else f"L<sub>D</sub> = {loss.d_words()} + penalty"
        both = of_d, f"L<sub>G</sub> = {loss.g_formula}"
        self._formula.setText("<br>".join(map(with_whole_terms, both)))
        self._formula.setAccessibleName("\n".join(map(plain_formula, both)))  # Qt's own reads L_D as "LD"
        self._formula.setToolTip(loss.reference)
        if isinstance(loss, CustomLoss | CustomPairedLoss):
            self._preview.show_loss(loss)
            self._told.setText("".join(f"<p>{markup_of(sentence)}</p>" for sentence in examine(loss)))

    def show_formulations(self, formulations: Sequence[Formulation]) -> None:
        """Show the formulations of some lanes."""
        if formulations[0] != self._shown:
            self._name.clear()
        self._shown = formulations[0]
        is_one = len(set(formulations)) == 1
        can_be_named = is_one and name_of(self._shown) is None
        self._name.setVisible(can_be_named)
        self._name.setPlaceholderText(f"Name: {title_of(self._shown)}" if can_be_named else "")
        self._copy.setEnabled(is_one)
        self._keep.setEnabled(can_be_named)
        self._form.show_specs(formulations)
        self._show_objectives(formulations)

    def refuse(self, sentence: str) -> None:
        """Say beside what was changed last why it cannot be so."""
        self._form.refuse(sentence)

    def search(self, wanted: Sequence[str], above: str) -> bool:
        """Show only what has all of these words; return whether there is anything."""
        return self._form.search(wanted, above)

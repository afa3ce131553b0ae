"""Forms of fields that hold an entry of a catalog, or several: a menu or switches, and forms of what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from ganviz.spec import Catalog, Spec
from ganviz.views.forms.fields import DIFFERENT
from ganviz.views.forms.inputs import Menu, Switch, delete_later
from ganviz.views.forms.refusal import Refusal
from ganviz.views.forms.search import has_all
from ganviz.views.look.outside_text import set_tip

if TYPE_CHECKING:
    from ganviz.views.forms.form import SpecForm

INDENT_PX = 18


class ChoiceForm(QWidget):
    """A menu of a catalog's entries and the form of the chosen one; GUI thread only."""

    spec_changed = Signal(object)
    specs_changed = Signal(object)
    specs_typed = Signal(object)
    chosen_again = Signal(object)
    """Emitted with the spec in force when its entry is chosen from the menu once more."""

    def __init__(
        self,
        catalog: Catalog[Any],
        spec: Spec,
        name: str,
        make_form: type[SpecForm],
        decorate: Callable[[QComboBox], None] | None = None,
    ) -> None:
        super().__init__()
        self._catalog = catalog
        self._kept: dict[str, Spec] = {}
        self._specs: tuple[Spec, ...] = (spec,)
        self._make_form = make_form
        self._box = Menu()
        self._box.setAccessibleName(name)
        self._box.setPlaceholderText(DIFFERENT)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for key, cls in catalog.items():
            self._box.addItem(cls.title, key)
            note = getattr(cls, "help", "") or (cls.__doc__ or "").partition("\n")[0]
            self._box.setItemData(self._box.count() - 1, note, Qt.ItemDataRole.ToolTipRole)
        if decorate is not None:
            decorate(self._box)
        self._box.activated.connect(self._chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._box)
        self._error = Refusal()
        layout.addWidget(self._error)
        self.is_of_menu = True  # whether the menu was used last, not the form
        self._form = self._make_form(spec)
        layout.addWidget(self._form)
        self._adopt()

    def _adopt(self) -> None:
        """Let the menu show what the specs are, and hear what their form says."""
        are_one_kind = len({spec.key for spec in self._specs}) == 1
        self._box.setCurrentIndex(self._box.findData(self._specs[0].key) if are_one_kind else -1)
        tip = self._box.currentData(Qt.ItemDataRole.ToolTipRole) or ""
        set_tip(self._box, tip, about=self._box.accessibleName())
        self._form.setVisible(are_one_kind)
        self._form.specs_changed.connect(self._form_changed, Qt.ConnectionType.UniqueConnection)
        self._form.specs_typed.connect(self._form_typed, Qt.ConnectionType.UniqueConnection)

    def _form_changed(self, specs: tuple[Spec, ...]) -> None:
        self._specs, self.is_of_menu = specs, False
        self._tell()

    def _form_typed(self, specs: tuple[Spec, ...]) -> None:
        self.is_of_menu = False
        self.specs_typed.emit(specs)

    def refuse(self, sentence: str) -> None:
        """Say below what was changed last, the menu or a field, why it cannot be so."""
        (self._error.say if self.is_of_menu else self._form.refuse)(sentence)

    def _tell(self) -> None:
        self._kept |= {spec.key: spec for spec in self._specs}
        self.spec_changed.emit(self._specs[0])
        self.specs_changed.emit(self._specs)

    def _chosen(self, index: int) -> None:
        key = self._box.itemData(index)
        if all(spec.key == key for spec in self._specs):
            self.chosen_again.emit(self._specs[0])
            return
        new = self._kept.get(key) or self._catalog[key]()
        self.show_specs([spec if spec.key == key else new for spec in self._specs])
        self.is_of_menu = True
        self._tell()

    def show_spec(self, spec: Spec) -> None:
        """Show a spec of any entry."""
        self.show_specs((spec,))

    def show_specs(self, specs: Sequence[Spec]) -> None:
        """Show the specs of some lanes, each of any entry; the form is that of the entry that all have."""
        self._specs = tuple(specs)
        self._error.hide()
        self._kept |= {spec.key: spec for spec in reversed(self._specs)}
        kinds = {type(spec) for spec in specs}
        if kinds == {type(self._form.spec)}:
            self._form.show_specs(specs)
        else:
            # It will be hidden, and a field that loses the focus so would be finished: what is typed goes.
            self._form.show_spec(self._form.spec)
            if len(kinds) == 1:
                self._replace_form()
        self._adopt()

    def _replace_form(self) -> None:
        layout = self.layout()
        assert layout is not None
        layout.removeWidget(self._form)
        self._form.hide()
        delete_later(self._form)
        self._form = self._make_form(self._specs[0])
        self._form.show_specs(self._specs)
        layout.addWidget(self._form)

    def search(self, wanted: Sequence[str], above: str) -> bool:
        """Show only what has all of these words, an entry of the menu counting as one of it; return whether any has."""
        is_of_form = self._form.search(wanted, f"{above} {self._box.currentText()}")
        entries = (self._box.itemText(i) for i in range(self._box.count()))
        return is_of_form or any(has_all(wanted, above, entry) for entry in entries)


class SeveralForm(QWidget):
    """A switch for each entry of a catalog and the form of those that are on; GUI thread only."""

    spec_changed = Signal(object)
    """Emitted with the specs that are on, in the catalog's order, when the person has changed them."""
    specs_changed = Signal(object)

    def __init__(self, catalog: Catalog[Any], specs: tuple[Spec, ...], make_form: type[SpecForm]) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._left_out = set[str]()
        self._taken_out = set[str]()
        """Entries that the person has taken out: put in again, they have the values that they had."""
        self._make_form = make_form
        self._error = Refusal()
        self._last, self._is_of_switch = "", True  # which entry was changed last, and by what
        self._rows = {key: self._made_row(cls) for key, cls in catalog.items()}
        self.show_spec(specs)

    def _made_row(self, cls: type[Spec]) -> tuple[QCheckBox, SpecForm]:
        switch, form = Switch(cls.title), self._make_form(cls(), indent_px=INDENT_PX)
        note = (cls.__doc__ or "").partition("\n")[0]
        formula, reference = getattr(cls, "formula", ""), getattr(cls, "reference", "")
        set_tip(switch, f"{formula} ({reference})" if formula else note)
        switch.clicked.connect(lambda is_on: self._switched(cls.key, is_on))
        form.specs_changed.connect(self._form_changed)
        self._layout.addWidget(switch)
        self._layout.addWidget(form)
        return switch, form

    def _switched(self, key: str, is_on: bool) -> None:
        """Put an entry into all lanes that lack it, or take it out of all."""
        self._last, self._is_of_switch = key, True
        (self._taken_out.discard if is_on else self._taken_out.add)(key)
        spec = self._rows[key][1].spec
        for lane in self._on:
            if is_on:
                lane.setdefault(key, spec)
            else:
                lane.pop(key, None)
        self._tell()

    def _form_changed(self, specs: tuple[Spec, ...]) -> None:
        key = specs[0].key
        self._last, self._is_of_switch = key, False
        for lane, spec in zip((one for one in self._on if key in one), specs, strict=True):
            lane[key] = spec
        self._tell()

    def _tell(self) -> None:
        told = tuple(tuple(lane[key] for key in self._rows if key in lane) for lane in self._on)
        self.show_specs(told)
        self.spec_changed.emit(told[0])
        self.specs_changed.emit(told)

    def refuse(self, sentence: str) -> None:
        """Say below the switch or the field that was changed last why it cannot be so."""
        switch, form = self._rows[self._last]
        if not self._is_of_switch:
            form.refuse(sentence)
            return
        self._layout.removeWidget(self._error)
        self._layout.insertWidget(self._layout.indexOf(switch) + 1, self._error)
        self._error.say(sentence)

    def show_spec(self, specs: tuple[Spec, ...]) -> None:
        """Show which entries are on, and their values."""
        self.show_specs((specs,))

    def show_specs(self, specs: Sequence[tuple[Spec, ...]]) -> None:
        """Show which entries are on in some lanes, in all of them or not."""
        self._error.hide()
        self._on: list[dict[str, Spec]] = [{spec.key: spec for spec in of_lane} for of_lane in specs]
        for key, (switch, form) in self._rows.items():
            given = [lane[key] for lane in self._on if key in lane]
            is_mixed = 0 < len(given) < len(self._on)
            switch.setTristate(is_mixed)  # a click puts it on then: Qt goes from the middle to on
            whole = Qt.CheckState.Checked if given else Qt.CheckState.Unchecked
            switch.setCheckState(Qt.CheckState.PartiallyChecked if is_mixed else whole)
            if given:
                form.show_specs(given)
            else:  # neither what another run had, nor what is typed and not finished
                form.show_spec(form.spec if key in self._taken_out else type(form.spec)())
            self._show_row(key)

    def _show_row(self, key: str) -> None:
        switch, form = self._rows[key]
        switch.setVisible(key not in self._left_out)
        form.setVisible(key not in self._left_out and any(key in lane for lane in self._on))

    def search(self, wanted: Sequence[str], above: str) -> bool:
        """Show only entries that have all of these words themselves or in what their form shows."""
        for key, (switch, form) in self._rows.items():
            is_on = any(key in lane for lane in self._on)
            is_of_form = form.search(wanted, f"{above} {switch.text()} {switch.toolTip()}") and is_on
            is_found = is_of_form or has_all(wanted, above, switch.text(), switch.toolTip())
            (self._left_out.discard if is_found else self._left_out.add)(key)
            self._show_row(key)
        return len(self._left_out) < len(self._rows)

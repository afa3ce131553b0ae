"""Frozen specs as forms: the only place that turns parameters into widgets and widgets into parameters.

A form shows one spec, or those of several lanes at once: where they are not the same it says so, and what is changed is
changed in all of them, while each keeps the rest of its own.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QWidget

from ganviz.spec import InvalidValueError, ParamInfo, PartInfo, Spec, field_info, field_types
from ganviz.views.forms.choices import ChoiceForm, SeveralForm
from ganviz.views.forms.fields import AbstractField, field_for
from ganviz.views.forms.refusal import Refusal
from ganviz.views.forms.search import has_all

LABEL_LINES = 7.0
"""How wide the column of labels is in every form, in heights of a line: fields stand below each other."""


class SpecForm(QWidget):
    """One row for each parameter of a spec and a form for each part; what cannot be used is refused beside its field.

    GUI thread only.
    """

    spec_changed = Signal(object)
    """Emitted with the new spec, of several the first, when the person has changed a field to one that can be used."""
    specs_changed = Signal(object)
    """Emitted then with the new specs (tuple) of all lanes that are shown."""
    specs_typed = Signal(object)
    """Emitted with what they would be, while something is typed that can be used; with what they are once refused."""

    def __init__(self, spec: Spec, hidden: tuple[str, ...] = (), indent_px: int = 0) -> None:
        super().__init__()
        self._specs: tuple[Spec, ...] = (spec,)
        self._indent_px = indent_px
        self._fields: dict[str, AbstractField] = {}
        self._labels: dict[str, QLabel] = {}
        self._aligned: list[QLabel] = []
        self._parts: dict[str, SpecForm | ChoiceForm | SeveralForm] = {}
        self._below: dict[str, QWidget] = {}
        self._errors: dict[str, Refusal] = {}
        self._titles: dict[str, str] = {}
        self._last = ""  # which field was edited last
        self._folded, self._left_out = set[str](), set[str]()
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(indent_px, 0, 0, 0)
        self._layout.setHorizontalSpacing(8)
        self._layout.setVerticalSpacing(4)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        types = field_types(type(spec))
        for field in dataclasses.fields(spec):
            info = field_info(field)
            if field.name in hidden:
                continue
            if isinstance(info, PartInfo):
                self._add_part(field.name, info)
            else:
                self._add_row(field.name, types[field.name], info)
        self._fit_labels()
        self.show_spec(spec)

    def _add_row(self, name: str, kind: Any, info: ParamInfo) -> None:
        field = field_for(kind, info)
        # Its connections hold this form: without an owner that Qt deletes, both would outlive the form for ever.
        field.setParent(self)
        label = QLabel(info.title + (f" ({info.unit})" if info.unit and info.unit != "°" else ""))
        label.setToolTip(info.help)
        label.setWordWrap(True)
        label.setBuddy(field.widget)
        field.widget.setToolTip(info.help)
        field.widget.setAccessibleName(info.title)
        field.widget.setAccessibleDescription(info.help)
        field.edited.connect(lambda value, name=name: self._edited(name, (value,) * len(self._specs)))
        field.typed.connect(lambda value, name=name: self._typed(name, (value,) * len(self._specs)))
        self._fields[name], self._labels[name] = field, label
        if info.editor == "formula":  # which takes all the room there is
            self._layout.addRow(label)
            self._layout.addRow(field.widget)
        else:
            self._aligned.append(label)
            self._layout.addRow(label, field.widget)
        self._errors[name], self._titles[name] = Refusal(), info.title
        self._layout.addRow(self._errors[name])

    def _add_part(self, name: str, info: PartInfo) -> None:
        form = form_for(info, getattr(self.spec, name))
        form.specs_changed.connect(lambda values, name=name: self._edited(name, values))
        if not isinstance(form, SeveralForm):
            form.specs_typed.connect(lambda values, name=name: self._typed(name, values))
        self._labels[name] = QLabel(info.title)
        self._labels[name].setToolTip(info.help)
        self._layout.addRow(self._labels[name])
        self._layout.addRow(form)
        self._parts[name], self._titles[name] = form, info.title

    def changeEvent(self, event: QEvent) -> None:
        """Let labels be wider with larger letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_labels()

    def _fit_labels(self) -> None:
        width = round(LABEL_LINES * self.fontMetrics().height()) - self._indent_px
        for label in self._aligned:
            label.setFixedWidth(width)

    def add_below(self, name: str, widget: QWidget) -> None:
        """Put a widget below the form of a part."""
        row = self._layout.indexOf(self._parts[name])
        self._layout.insertRow(self._layout.getItemPosition(row)[0] + 1, widget)  # type: ignore[index]
        self._below[name] = widget

    def fold(self, name: str, is_folded: bool) -> None:
        """Hide the form of a part, or show it again."""
        (self._folded.add if is_folded else self._folded.discard)(name)
        self._show_part(name)

    def _show_part(self, name: str) -> None:
        is_shown = name not in self._folded | self._left_out
        for widget in (self._labels[name], self._parts[name]):
            widget.setVisible(is_shown)
        if name in self._below:
            self._below[name].setVisible(name not in self._left_out)

    def search(self, wanted: Sequence[str], above: str = "") -> bool:
        """Show only what has all of these words, with what is ``above`` it; return whether there is anything."""
        found = {
            name: has_all(wanted, above, self._labels[name].text(), self._labels[name].toolTip())
            for name in self._fields
        }
        for name, is_found in found.items():
            self._layout.setRowVisible(self._fields[name].widget, is_found)
            self._labels[name].setVisible(is_found)
        for name, form in self._parts.items():
            found[name] = form.search(wanted, f"{above} {self._titles[name]}")
            (self._left_out.discard if found[name] else self._left_out.add)(name)
            self._show_part(name)
        return not wanted or any(found.values())

    def _changed(self, name: str, values: Sequence[object]) -> tuple[Spec, ...]:
        """Return the specs with other values of a field; raise InvalidValueError where they cannot have them."""
        self._last = name
        changed = tuple(
            dataclasses.replace(spec, **{name: value})
            for spec, value in zip(self._specs, values, strict=True)
        )
        if name in self._errors:
            self._errors[name].hide()
        return changed

    def _typed(self, name: str, values: Sequence[object]) -> None:
        try:
            self.specs_typed.emit(self._changed(name, values))
        except InvalidValueError as problem:
            self.refuse(str(problem))

    def _edited(self, name: str, values: Sequence[object]) -> None:
        try:
            changed = self._changed(name, values)
        except InvalidValueError as problem:
            self._put_back(name)
            self.specs_typed.emit(self._specs)  # not the half of it that could be used
            self.refuse(str(problem))
            return
        if changed != self._specs:
            self._specs = changed
            self.spec_changed.emit(changed[0])
            self.specs_changed.emit(changed)

    def _put_back(self, name: str) -> None:
        """Show what is in force again where something was chosen; what was typed stays, to be mended."""
        in_force = [getattr(spec, name) for spec in self._specs]
        if name in self._parts:
            self._parts[name].show_specs(in_force)
        elif self._fields[name].is_chosen:
            self._fields[name].show_values(in_force)

    def refuse(self, sentence: str) -> None:
        """Say beside the field that was edited last why it cannot be so, with fields named as their labels do."""
        for name, title in self._titles.items():
            sentence = re.sub(rf"\b{name}\b" if "_" in name else rf"^{name}\b", title, sentence, count=1)
        if self._last in self._parts:
            self._parts[self._last].refuse(sentence)
        else:
            self._errors[self._last].say(sentence)

    def show_spec(self, spec: Spec) -> None:
        """Show a spec of the same class; refused values make way for it."""
        self.show_specs((spec,))

    def show_specs(self, specs: Sequence[Spec]) -> None:
        """Show the specs of some lanes, all of the same class."""
        self._specs = tuple(specs)
        for name, field in self._fields.items():
            self._errors[name].hide()
            field.show_values([getattr(spec, name) for spec in specs])
        for name, form in self._parts.items():
            form.show_specs([getattr(spec, name) for spec in specs])

    @property
    def spec(self) -> Spec:
        """Return the spec that is shown, of several the first one."""
        return self._specs[0]


def form_for(
    info: PartInfo, value: Any, decorate: Callable[[QComboBox], None] | None = None
) -> SpecForm | ChoiceForm | SeveralForm:
    """Return the form of a field that holds a spec, an entry of a catalog or several of them."""
    if info.catalog is None:
        return SpecForm(value)
    return (
        SeveralForm(info.catalog, value, SpecForm)
        if info.is_many
        else ChoiceForm(info.catalog, value, info.title, SpecForm, decorate)
    )

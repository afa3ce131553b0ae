"""Frozen specs as forms: the only place that turns parameters into widgets and widgets into parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from ganviz.spec import Catalog, InvalidValueError, ParamInfo, PartInfo, Spec, field_info, field_types
from ganviz.views.forms.fields import AbstractField, Menu, field_for
from ganviz.views.outside_text import plain_label


class SpecForm(QWidget):
    """One row for each parameter of a spec and a form for each part; what cannot be used is refused beside its field.

    GUI thread only.
    """

    spec_changed = Signal(object)
    """Emitted with the new spec when the person has changed a field to a value that can be used."""

    def __init__(self, spec: Spec, hidden: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._spec = spec
        self._fields: dict[str, AbstractField] = {}
        self._parts: dict[str, SpecForm | ChoiceForm | SeveralForm] = {}
        self._part_titles: dict[str, QLabel] = {}
        self._errors: dict[str, QLabel] = {}
        self._titles: dict[str, str] = {}
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
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
        self.show_spec(spec)

    def _add_row(self, name: str, kind: Any, info: ParamInfo) -> None:
        field = field_for(kind, info)
        label = QLabel(info.title + (f" ({info.unit})" if info.unit and info.unit != "°" else ""))
        label.setToolTip(info.help)
        label.setMinimumWidth(64)
        label.setBuddy(field.widget)
        field.widget.setToolTip(info.help)
        field.widget.setAccessibleName(info.title)
        field.widget.setAccessibleDescription(info.help)
        field.edited.connect(lambda value, name=name: self._edited(name, value))
        self._layout.addRow(label, field.widget)
        self._fields[name] = field
        self._add_error(name, info.title)

    def _add_part(self, name: str, info: PartInfo) -> None:
        form = form_for(info, getattr(self._spec, name))
        form.spec_changed.connect(lambda value, name=name: self._edited(name, value))
        self._part_titles[name] = QLabel(info.title)
        self._layout.addRow(self._part_titles[name])
        self._layout.addRow(form)
        self._parts[name] = form
        self._add_error(name, info.title)

    def _add_error(self, name: str, title: str) -> None:
        error = plain_label()
        error.setObjectName("refusal")
        error.setWordWrap(True)
        error.hide()
        self._layout.addRow(error)
        self._errors[name], self._titles[name] = error, title

    def add_below(self, name: str, widget: QWidget) -> None:
        """Put a widget below the form of a part."""
        row = self._layout.indexOf(self._errors[name])
        self._layout.insertRow(self._layout.getItemPosition(row)[0], widget)  # type: ignore[index]

    def fold(self, name: str, is_folded: bool) -> None:
        """Hide the form of a part, or show it again."""
        for widget in (self._part_titles[name], self._parts[name]):
            widget.setVisible(not is_folded)

    def _edited(self, name: str, value: object) -> None:
        error = self._errors[name]
        try:
            changed = dataclasses.replace(self._spec, **{name: value})
        except InvalidValueError as problem:
            error.setText(str(problem).replace(name, self._titles[name], 1))
            error.show()
            return
        error.hide()
        if changed != self._spec:
            self._spec = changed
            self.spec_changed.emit(changed)

    def show_spec(self, spec: Spec) -> None:
        """Show a spec of the same class; refused values make way for it."""
        self._spec = spec
        for name, field in self._fields.items():
            self._errors[name].hide()
            field.show_value(getattr(spec, name))
        for name, form in self._parts.items():
            self._errors[name].hide()
            form.show_spec(getattr(spec, name))

    @property
    def spec(self) -> Spec:
        """Return the spec that is shown."""
        return self._spec


class ChoiceForm(QWidget):
    """A menu of a catalog's entries and the form of the chosen one; GUI thread only."""

    spec_changed = Signal(object)

    def __init__(
        self,
        catalog: Catalog[Any],
        spec: Spec,
        name: str,
        decorate: Callable[[QComboBox], None] | None = None,
    ) -> None:
        super().__init__()
        self._catalog = catalog
        self._kept: dict[str, Spec] = {}
        self._box = Menu()
        self._box.setAccessibleName(name)
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
        self._form = SpecForm(spec)
        layout.addWidget(self._form)
        self._adopt(spec)

    def _adopt(self, spec: Spec) -> None:
        self._kept[spec.key] = spec
        self._box.setCurrentIndex(self._box.findData(spec.key))
        self._box.setToolTip(self._box.itemData(self._box.currentIndex(), Qt.ItemDataRole.ToolTipRole) or "")
        self._form.spec_changed.connect(self._form_changed)

    def _form_changed(self, spec: object) -> None:
        assert isinstance(spec, Spec)
        self._kept[spec.key] = spec
        self.spec_changed.emit(spec)

    def _chosen(self, index: int) -> None:
        key = self._box.itemData(index)
        if key == self._form.spec.key:
            return
        spec = self._kept.get(key) or self._catalog[key]()
        self._replace_form(spec)
        self.spec_changed.emit(spec)

    def _replace_form(self, spec: Spec) -> None:
        layout = self.layout()
        assert layout is not None
        layout.removeWidget(self._form)
        self._form.hide()
        self._form.deleteLater()
        self._form = SpecForm(spec)
        layout.addWidget(self._form)
        self._adopt(spec)

    def show_spec(self, spec: Spec) -> None:
        """Show a spec of any entry."""
        if spec.key == self._form.spec.key and type(spec) is type(self._form.spec):
            self._kept[spec.key] = spec
            self._form.show_spec(spec)
        else:
            self._replace_form(spec)


class SeveralForm(QWidget):
    """A switch for each entry of a catalog and the form of those that are on; GUI thread only."""

    spec_changed = Signal(object)
    """Emitted with the specs that are on, in the catalog's order, when the person has changed them."""

    def __init__(self, catalog: Catalog[Any], specs: tuple[Spec, ...]) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._rows = {key: self._made_row(cls) for key, cls in catalog.items()}
        self.show_spec(specs)

    def _made_row(self, cls: type[Spec]) -> tuple[QCheckBox, SpecForm]:
        switch, form = QCheckBox(cls.title), SpecForm(cls())
        note = (cls.__doc__ or "").partition("\n")[0]
        formula, reference = getattr(cls, "formula", ""), getattr(cls, "reference", "")
        switch.setToolTip(f"{formula} ({reference})" if formula else note)
        switch.clicked.connect(self._changed)
        form.setContentsMargins(18, 0, 0, 0)
        form.spec_changed.connect(self._changed)
        self._layout.addWidget(switch)
        self._layout.addWidget(form)
        return switch, form

    def _changed(self) -> None:
        for switch, form in self._rows.values():
            form.setVisible(switch.isChecked())
        self.spec_changed.emit(tuple(form.spec for switch, form in self._rows.values() if switch.isChecked()))

    def show_spec(self, specs: tuple[Spec, ...]) -> None:
        """Show which entries are on, and their values."""
        given = {spec.key: spec for spec in specs}
        for key, (switch, form) in self._rows.items():
            switch.setChecked(key in given)
            form.setVisible(key in given)
            if key in given:
                form.show_spec(given[key])


def form_for(
    info: PartInfo, value: Any, decorate: Callable[[QComboBox], None] | None = None
) -> SpecForm | ChoiceForm | SeveralForm:
    """Return the form of a field that holds a spec, an entry of a catalog or several of them."""
    if info.catalog is None:
        return SpecForm(value)
    return (
        SeveralForm(info.catalog, value)
        if info.is_many
        else ChoiceForm(info.catalog, value, info.title, decorate)
    )

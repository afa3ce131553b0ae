"""Frozen specs as forms: the only place that turns parameters into widgets and widgets into parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from ganviz.spec import Catalog, InvalidValueError, ParamInfo, Spec, field_types, param_info
from ganviz.views.fields import AbstractField, Menu, field_for


class SpecForm(QWidget):
    """One row for each parameter of a spec; a value that cannot be used is refused beside its field.

    GUI thread only.
    """

    spec_changed = Signal(object)
    """Emitted with the new spec when the person has changed a field to a value that can be used."""

    def __init__(self, spec: Spec, hidden: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._spec = spec
        self._fields: dict[str, AbstractField] = {}
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
            if field.name not in hidden and "param" in field.metadata:
                self._add_row(field.name, types[field.name], param_info(field))
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
        error = QLabel()
        error.setObjectName("refusal")
        error.setWordWrap(True)
        error.hide()
        field.edited.connect(lambda value, name=name: self._edited(name, value))
        self._layout.addRow(label, field.widget)
        self._layout.addRow(error)
        self._fields[name], self._errors[name], self._titles[name] = field, error, info.title

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

"""Widgets for single values: each shows a value and says when the person has changed it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QObject, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QToolButton, QWidget

from ganviz.spec import ParamInfo
from ganviz.views.forms.drawing import DrawingDialog
from ganviz.views.forms.inputs import Line, Menu, Spin, Switch
from ganviz.views.look.asking import answer_to

DIFFERENT = "different"
"""What stands in a field whose value is not the same in all lanes that it is for."""
A_NUMBER = QRegularExpression(r"\s*[+\-−]?(\d*[.,]?\d*|(\d+[.,]?\d*|[.,]\d+)[eE][+\-−]?\d*)\s*")
"""What a number and its beginnings are made of; other letters cannot be typed into one."""


class AbstractField(QObject):
    """A widget for one value; ``edited`` carries what the person typed, as the parameter's type where that works."""

    edited = Signal(object)
    typed = Signal(object)
    """Carries what stands in the field while it is being typed, where that can be looked at before it is taken."""
    widget: QWidget
    is_chosen: ClassVar[bool] = False
    """Whether a value is chosen, not typed: one that is refused then makes way at once for that in force."""

    def show_value(self, value: Any) -> None:
        """Show a value without telling anybody."""
        raise NotImplementedError

    def show_different(self) -> None:
        """Show that there is no single value; whatever is entered then is told."""
        raise NotImplementedError

    def show_values(self, values: Sequence[Any]) -> None:
        """Show what all lanes have, or that they differ."""
        if all(value == values[0] for value in values):
            self.show_value(values[0])
        else:
            self.show_different()


class IntegerField(AbstractField):
    """A whole number."""

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()
        self._box = Spin()
        self.widget = self._box
        self._box.setRange(-(2**31), 2**31 - 1)
        self._box.setSpecialValueText(DIFFERENT)  # of the least value, which no setting allows
        self._box.setKeyboardTracking(False)
        self._box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box.valueChanged.connect(self.edited.emit)

    def show_value(self, value: Any) -> None:
        """Show a number."""
        self._box.blockSignals(True)
        self._box.setValue(value)
        self._box.blockSignals(False)

    def show_different(self) -> None:
        """Show that there is no single number."""
        self.show_value(self._box.minimum())


class AbstractLineField(AbstractField):
    """A value that is typed; what stood there before is no change."""

    def __init__(self) -> None:
        super().__init__()
        self._edit, self._shown = Line(), ""
        self.widget: QWidget = self._edit
        self._edit.editingFinished.connect(self._finished)

    def _finished(self) -> None:
        if (text := self._text()) != self._shown:
            self._shown = text
            self.edited.emit(self._read(text))

    def _text(self) -> str:
        """Return what stands in the field."""
        return self._edit.text()

    def _read(self, text: str) -> Any:
        """Return the value that a text stands for; the text itself where it is none."""
        return text

    def _show(self, text: str) -> None:
        self._shown = text
        self._edit.setText(text)

    def show_different(self) -> None:
        """Show that there is no single value."""
        self._shown = ""
        self._edit.clear()
        self._edit.setPlaceholderText(DIFFERENT)


class NumberField(AbstractLineField):
    """A number, written as one likes (0.002, 2e-3)."""

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()
        self._edit.setValidator(QRegularExpressionValidator(A_NUMBER, self._edit))

    def _text(self) -> str:
        return self._edit.text().strip().replace(",", ".").replace("−", "-")

    def _read(self, text: str) -> Any:
        try:
            return float(text)
        except ValueError:
            return text

    def show_value(self, value: Any) -> None:
        """Show a number as short as it goes."""
        self._show(f"{value:g}" if float(f"{value:g}") == value else repr(value))


class SwitchField(AbstractField):
    """Yes or no."""

    is_chosen = True

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()
        self._box = Switch()
        self.widget = self._box
        # Connected as such, emit would be called without the state.
        self._box.clicked.connect(lambda is_on: self.edited.emit(is_on))

    def show_value(self, value: Any) -> None:
        """Show the switch on or off."""
        self._box.setTristate(False)
        self._box.setChecked(value)

    def show_different(self) -> None:
        """Show the switch between on and off; the next click puts it on."""
        self._box.setCheckState(Qt.CheckState.PartiallyChecked)


class ChoiceField(AbstractField):
    """One of some words."""

    is_chosen = True

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()
        self._box = Menu()
        self.widget = self._box
        self._box.setPlaceholderText(DIFFERENT)
        self._choices = tuple(info.choices)
        self._box.addItems([choice.replace("_", " ") for choice in self._choices])
        self._box.activated.connect(lambda index: self.edited.emit(self._choices[index]))

    def show_value(self, value: Any) -> None:
        """Show a choice."""
        self._box.setCurrentIndex(self._choices.index(value))

    def show_different(self) -> None:
        """Show that there is no single choice."""
        self._box.setCurrentIndex(-1)


class TextField(AbstractLineField):
    """A text, or the path of a file or folder with a button to choose it."""

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()
        self._info = info
        if info.editor == "formula":
            self._edit.textEdited.connect(self.typed.emit)
        if info.editor in ("file", "folder"):
            self.widget = QWidget()
            layout = QHBoxLayout(self.widget)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(3)
            layout.addWidget(self._edit, 1)
            button = QToolButton()
            button.setText("…")
            button.setAccessibleName(f"Choose {info.title.lower()}")
            button.setToolTip(f"Choose the {info.title.lower()}.")
            button.clicked.connect(self._choose)
            layout.addWidget(button)
            self.widget.setFocusProxy(self._edit)
            self._edit.setAccessibleName(info.title)

    def _choose(self) -> None:
        if self._info.editor == "folder":
            path = QFileDialog.getExistingDirectory(self.widget, self._info.title)
        else:
            path, _ = QFileDialog.getOpenFileName(
                self.widget, self._info.title, "", "CSV (*.csv *.txt);;All (*)"
            )
        if path:
            self._edit.setText(path)
            self._finished()

    def show_value(self, value: Any) -> None:
        """Show a text."""
        self._show(value)


class PointsField(AbstractField):
    """Points that are drawn in a dialog."""

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()
        self._button = QToolButton()
        self.widget = self._button
        self._button.clicked.connect(self._draw)
        self._points: tuple[tuple[float, float], ...] = ()

    def _draw(self) -> None:
        dialog = DrawingDialog(self._points, self._button)
        if answer_to(dialog):
            self.edited.emit(dialog.points())

    def show_value(self, value: Any) -> None:
        """Show how many points there are."""
        self._points = value
        self._button.setText(f"Draw … ({len(value)} points)")

    def show_different(self) -> None:
        """Show that there are no single points."""
        self._points = ()
        self._button.setText(f"Draw … ({DIFFERENT})")


class PlainField(AbstractLineField):
    """Any other value, written as JSON; a list also without its brackets, and with spaces alone between numbers."""

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()

    def _text(self) -> str:
        return self._edit.text().strip()

    def _read(self, text: str) -> Any:
        parted = f"[{','.join(text.split())}]"
        for written in (text, f"[{text}]") if text.startswith("[") else (f"[{text}]", parted):
            try:
                return json.loads(written)
            except ValueError:
                continue
        return text

    def show_value(self, value: Any) -> None:
        """Show the value; a list of numbers without brackets."""
        text = json.dumps(value)
        is_flat = isinstance(value, tuple) and not any(isinstance(item, tuple) for item in value)
        self._show(text[1:-1] if is_flat else text)


def field_for(kind: Any, info: ParamInfo) -> AbstractField:
    """Return the field that suits a parameter's type."""
    if info.editor == "points":
        return PointsField(info)
    if kind is bool:
        return SwitchField(info)
    if kind is int:
        return IntegerField(info)
    if kind is float:
        return NumberField(info)
    if kind is str:
        return ChoiceField(info) if info.choices else TextField(info)
    return PlainField(info)

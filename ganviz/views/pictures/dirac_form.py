"""The settings of the Dirac game, beside its plots."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ganviz.training.probes.dirac import DiracSettings
from ganviz.views.forms.form import SpecForm
from ganviz.views.look.scrolled import scrolled

FORM_PX = 236


def form_beside(
    canvas: QWidget, layout: QVBoxLayout, settings: DiracSettings
) -> tuple[SpecForm, QScrollArea]:
    """Return a form that stands at the left of a canvas now, and what it scrolls in."""
    form = SpecForm(settings)
    scroll = scrolled(form)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFixedWidth(FORM_PX)
    scroll.setAccessibleName("Settings of the Dirac game")
    form.setContentsMargins(8, 4, 8, 4)
    row = QHBoxLayout()
    layout.removeWidget(canvas)
    row.addWidget(scroll)
    row.addWidget(canvas, 1)
    layout.addLayout(row, 1)
    return form, scroll

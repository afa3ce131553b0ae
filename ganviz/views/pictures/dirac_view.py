"""The Dirac game of each lane's formulation: its course over the field, and its eigenvalues."""

from __future__ import annotations

import dataclasses
import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.dirac import NEAREST, DiracPlays, DiracProbe, DiracSettings
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import toggle_button
from ganviz.views.bases.planes import Frame
from ganviz.views.bases.tight_row import TightRow
from ganviz.views.bases.touched_plots import AbstractTouchedPlots
from ganviz.views.forms.form import SpecForm
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.dirac_course import CourseSlider, CourseStep, distances
from ganviz.views.pictures.dirac_drawing import (
    cells,
    draw_axes,
    draw_course,
    draw_field,
    draw_head,
    draw_roots,
    draw_start,
    head_px,
)
from ganviz.views.pictures.dirac_form import form_beside
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import Axis, number
from ganviz.views.plot.read_out import ReadOut, ReadRow
from ganviz.views.plot.values import Value, Values

WIDE_PX = 560
"""A view that is as wide as this shows its form unasked."""
LEAST_PX = 50.0
"""Smaller squares show nothing but the labels of their axes."""
TOO_LOW = "The course needs a higher view"
GRIP_PX = 14.0
"""How near to the start a press has to be that takes hold of it."""
ROUNDING = 2
"""Decimals of a start that was dragged."""


class DiracView(AbstractTouchedPlots):
    """The smallest game, with the run's own losses, penalties and inputs; GUI thread only.

    The start can be dragged; rule, optimizer and step size are the view's own and change nothing in the run.
    """

    key: ClassVar[str] = "dirac"
    title: ClassVar[str] = "Dirac game"
    short_title: ClassVar[str] = "Dirac"
    equal_scales: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._settings, self._is_held, self._is_form_chosen = DiracSettings(), False, False
        self._plays: DiracPlays | None = None
        self._form: SpecForm | None = None
        self._add_controls()

    def _add_controls(self) -> None:
        self._form_button = toggle_button(
            "Settings", "Shows start, rule and optimizer of this game.", checked=True
        )
        self.controls.addWidget(self._form_button)
        self._of_step = toggle_button(
            "One step", "Draws the eigenvalues of one step, beside the unit circle.", checked=True
        )
        self._of_field = toggle_button(
            "Continuous time", "Draws the eigenvalues of the field, beside the imaginary axis.", checked=False
        )
        group = QButtonGroup(self)
        for button in (self._of_step, self._of_field):
            group.addButton(button)
            self.controls.addWidget(button)
        self._of_step.toggled.connect(self._switched)
        self.course = CourseSlider()
        self.course.valueChanged.connect(self.redraw)
        self._step = CourseStep(self.course)
        together = QWidget()  # a slider that does not tell its step would say nothing
        row = QHBoxLayout(together)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.course, 1)
        row.addWidget(self._step)
        self.controls.addWidget(together, 1)
        self.controls.addStretch(1)
        self._tight = TightRow(self, self.controls, [together])

    def showEvent(self, event: QShowEvent) -> None:
        """Add the form when the view is first seen: few workspaces have it, and it takes 15 ms of a start."""
        if self._form is None:
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            self._form, scroll = form_beside(self.canvas, layout, self._settings)
            self._form.spec_changed.connect(self._changed)
            self._form_button.toggled.connect(scroll.setVisible)
            self._form_button.clicked.connect(self._choose_form)
            scroll.setVisible(self._form_button.isChecked())
        super().showEvent(event)

    def _choose_form(self) -> None:
        self._is_form_chosen = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the form where there is room for it, until somebody has chosen."""
        super().resizeEvent(event)
        if not self._is_form_chosen:
            self._form_button.setChecked(self.width() >= WIDE_PX)

    def _switched(self) -> None:
        self._looks_of(1).clear()
        self.redraw()

    def _changed(self, settings: object) -> None:
        assert isinstance(settings, DiracSettings)
        self._settings = settings
        self.needs_changed.emit()
        self.redraw()

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the games."""
        return (DiracProbe(self._settings),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the games."""
        plays = snapshot.get(DiracPlays)
        if plays is None or len(plays.theta) != len(snapshot.config.lanes):
            return False
        self._plays = plays
        self.course.show_length(plays.theta.shape[1] - 1)
        return True

    def forget(self) -> None:
        """Drop the games."""
        self._plays = None

    def frames(self, area: QRectF) -> list[Frame]:
        """Return the phase plane and the plane of eigenvalues: side by side, or above each other."""
        if self._plays is None or self.snapshot is None:
            return []
        squares = cells(area, self._head_px(), self.fonts())
        if min(cell.width() for cell in squares) < LEAST_PX:
            return []
        return [self._square(cell, index) for index, cell in enumerate(squares)]

    def _head_px(self) -> float:
        return head_px(len(self.lines()), self.fonts())

    def _square(self, plot: QRectF, index: int) -> Frame:
        (x, y), look = self.home(index), self.look(index)
        return Frame(
            plot,
            Axis(*(look.x or x), plot.left(), plot.right()),
            Axis(*(look.y or y), plot.bottom(), plot.top()),
        )

    def home(self, index: int) -> tuple[Range, Range]:
        """Return the field's reach; around the eigenvalues, a square with the unit circle or the imaginary axis."""
        assert self._plays is not None
        if index == 0:
            reach = float(np.nan_to_num(self._plays.axis[-1], nan=NEAREST))
            return (-reach, reach), (-reach, reach)
        roots = self._roots()
        known = roots[np.isfinite(roots)]
        size = max(1.0 if self._of_step.isChecked() else 0.5, float(np.abs(known).max(initial=0.0)))
        reach = min(1.25 * size, 8.0)
        return (-reach, reach), (-reach, reach)

    def group(self, index: int) -> int:
        """Return a group of its own for each plot."""
        return index

    def _roots(self) -> NDArray[np.complex128]:
        assert self._plays is not None
        found: NDArray[np.complex128] = (
            self._plays.step_roots if self._of_step.isChecked() else self._plays.roots
        )
        return found

    def _note(self) -> str:
        """Return what several lanes need to be told apart by."""
        assert self.snapshot is not None
        several = len(self.snapshot.config.lanes) > 1
        return f"Arrows: {self.snapshot.config.lane_title(0)}. Numbers: lanes." if several else ""

    def lines(self) -> list[tuple[str, ...]]:
        """Return what is to be said of each lane, longest first: what its eigenvalues mean, how far it has come."""
        plays, snapshot = self._plays, self.snapshot
        if plays is None or snapshot is None:
            return []
        found = []
        for lane in range(len(snapshot.config.lanes)):
            title = snapshot.config.lane_title(lane)
            verdict = (plays.step_verdicts if self._of_step.isChecked() else plays.verdicts)[lane]
            words = plays.refusals[lane] or verdict
            parts = [
                one
                for one in (words, distances(plays, lane, self.course.value()), plays.conserved[lane])
                if one
            ]
            shortest = words.partition(":")[0].removesuffix(" at the equilibrium")
            said = (*("; ".join(parts[:n]) for n in range(len(parts), 0, -1)), shortest)
            found.append(tuple(f"{title}: {text}" for text in dict.fromkeys(said)))
        return found

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the sentences, the phase plane and the eigenvalues."""
        if self._plays is None:
            return
        draw_head(painter, area, self.lines(), self._note(), theme, self.fonts())
        frames = self.frames(area)
        if not frames:
            self.say(painter, area.adjusted(0, self._head_px(), 0, 0), TOO_LOW, theme)
            return
        for frame, names in zip(frames, (("θ (G)", "ψ (D)"), ("real part", "imaginary part")), strict=True):
            draw_axes(painter, frame, names, theme, self.fonts())
        phase, plane = frames
        with clipped(painter, phase.area):
            draw_field(painter, phase, self._plays, theme)
            for lane in range(len(self._plays.theta)):
                draw_course(painter, phase, self._plays, lane, self.course.value(), theme)
            draw_start(painter, phase, (self._settings.theta, self._settings.psi), theme)
        with clipped(painter, plane.area):
            roots = self._roots()
            draw_roots(painter, plane, roots, theme, self.fonts(), is_step=self._of_step.isChecked())

    def press(self, at: QPointF, modifiers: object) -> bool:
        """Take hold of the start where it is pressed."""
        frames = self._frames_here()
        if not frames:
            return False
        x, y = frames[0].x.pixel(self._settings.theta), frames[0].y.pixel(self._settings.psi)
        self._is_held = math.hypot(at.x() - x, at.y() - y) <= GRIP_PX
        return self._is_held

    def release(self) -> None:
        """Let the start go."""
        self._is_held = False

    def pointer_moved(self, at: QPointF | None) -> None:
        """Move the start that is held, or read values at the pointer."""
        if not self._is_held:
            super().pointer_moved(at)
            return
        frames = self._frames_here()
        if at is None or not frames:
            return
        theta, psi = (
            round(min(max(axis.value(pixel), axis.low), axis.high), ROUNDING)
            for axis, pixel in ((frames[0].x, at.x()), (frames[0].y, at.y()))
        )
        self._changed(dataclasses.replace(self._settings, theta=theta, psi=psi))
        if self._form is not None:
            self._form.show_spec(self._settings)

    def read_out(self, index: int, x: float, y: float) -> ReadOut | None:
        """Return a place of the phase plane with the nearest step of each course, or a number's length."""
        plays, snapshot = self._plays, self.snapshot
        if plays is None or snapshot is None:
            return None
        if index == 1:
            length = ReadRow("text", "length", (number(math.hypot(x, y)),))
            return ReadOut(f"{number(x)} {'+' if y >= 0 else '−'} {number(abs(y))} i", (length,))
        rows = []
        for lane in range(len(plays.theta)):
            distances = np.hypot(plays.theta[lane] - x, plays.psi[lane] - y)
            if np.isfinite(distances).any():
                step = int(np.nanargmin(distances))
                place = f"{number(float(plays.theta[lane, step]))}, {number(float(plays.psi[lane, step]))}"
                rows.append(
                    ReadRow("g_loss", snapshot.config.lane_title(lane), (f"step {step}: {place}",), (place,))
                )
        return ReadOut(f"θ {number(x)}, ψ {number(y)}", tuple(rows))

    def values(self) -> Values:
        """Return every lane's course."""
        rows: list[tuple[Value, ...]] = []
        if self._plays is not None and self.snapshot is not None:
            for lane, course in enumerate(zip(self._plays.theta, self._plays.psi, strict=True)):
                title = self.snapshot.config.lane_title(lane)
                rows += [(title, step, *place) for step, place in enumerate(np.stack(course, 1).tolist())]
        return Values(("lane", "step", "theta", "psi"), rows)

"""Run, step, restart, speed, and how the run is doing in numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from ganviz.session.commands import Command, HalfStep, Pause, Restart, Run, SetPace, Step
from ganviz.session.state import RunState
from ganviz.training.snapshot import Snapshot
from ganviz.views.icons import icon
from ganviz.views.outside_text import plain_label
from ganviz.views.status_words import grouped
from ganviz.views.theme import LIGHT, Theme, tabular

PACES: tuple[float | None, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 400, 800, 1600, None)


class RunBar(QWidget):
    """The row of run controls; GUI thread only."""

    command_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._state = RunState.PAUSED
        self._snapshot: Snapshot | None = None
        self._theme = LIGHT
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 3, 8, 3)
        self._row.setSpacing(2)
        self._buttons: dict[str, QToolButton] = {}
        self._add("play", "Run", "Trains until paused (Space).", self.toggle, with_text=True)
        self._add(
            "step", "Step", "One update of D and G, then paused (.).", lambda: self._step(HalfStep.BOTH)
        )
        self._add(
            "step-discriminator", "D", "One update of the discriminator alone (D).",
            lambda: self._step(HalfStep.DISCRIMINATOR), with_text=True, name="D-step",
        )  # fmt: skip
        self._add(
            "step-generator", "G", "One update of the generator alone (G).",
            lambda: self._step(HalfStep.GENERATOR), with_text=True, name="G-step",
        )  # fmt: skip
        self._row.addSpacing(10)
        self._add(
            "reset", "Same weights", "Starts again from the same first weights; no setting changes (R).",
            lambda: self.command_requested.emit(Restart()), with_text=True,
        )  # fmt: skip
        self._add(
            "dice", "New weights", "Starts again from new weights, with the next seed (Shift+R).",
            lambda: self.command_requested.emit(Restart(new_weights=True)), with_text=True,
        )  # fmt: skip
        self._row.addSpacing(10)
        self._add_speed()
        self._row.addSpacing(8)
        self._numbers = plain_label()
        self._numbers.setAccessibleName("Step, speed and device")
        self._numbers.setFont(tabular(self._numbers.font()))
        self._numbers.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._numbers.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row.addWidget(self._numbers, 1)
        self.apply_theme(LIGHT)

    def _add(
        self, key: str, title: str, tip: str, action: object, *, with_text: bool = False, name: str = ""
    ) -> None:
        button = QToolButton()
        button.setText(title)
        button.setToolTip(tip)
        button.setAccessibleName(name or title)
        button.setAccessibleDescription(tip)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if with_text:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(action)
        self._buttons[key] = button
        self._row.addWidget(button)

    def _add_speed(self) -> None:
        self._pace_label = QLabel()
        self._pace_label.setMinimumWidth(self.fontMetrics().horizontalAdvance("1600 steps/s  "))
        self._speed = QSlider(Qt.Orientation.Horizontal)
        self._speed.setRange(0, len(PACES) - 1)
        self._speed.setPageStep(1)
        self._speed.setFixedWidth(110)
        self._speed.setAccessibleName("Speed")
        self._speed.setToolTip(
            "Most steps per second: slower with [, faster with ], full speed and back with F."
        )
        self._speed.valueChanged.connect(self._speed_changed)
        self._row.addWidget(self._speed)
        self._row.addWidget(self._pace_label)
        self._before_full = 8

    def _step(self, players: HalfStep) -> None:
        self.command_requested.emit(Step(players))

    def toggle(self) -> None:
        """Run or pause."""
        command: Command = Pause() if self._state is RunState.RUNNING else Run()
        self.command_requested.emit(command)

    def change_speed(self, by: int) -> None:
        """Go faster or slower by some places of the slider."""
        self._speed.setValue(self._speed.value() + by)

    def toggle_full_speed(self) -> None:
        """Go to full speed, or back to the speed before."""
        if self._speed.value() == len(PACES) - 1:
            self._speed.setValue(self._before_full)
        else:
            self._before_full = self._speed.value()
            self._speed.setValue(len(PACES) - 1)

    def set_pace(self, pace: float | None) -> None:
        """Move the slider to the nearest pace."""
        if pace is None:
            self._speed.setValue(len(PACES) - 1)
        else:
            nearest = min(range(len(PACES) - 1), key=lambda i: abs((PACES[i] or 0) - pace))
            self._speed.setValue(nearest)
        self._show_pace()

    def _speed_changed(self) -> None:
        self._show_pace()
        self.command_requested.emit(SetPace(self.pace))

    def _show_pace(self) -> None:
        pace = self.pace
        self._pace_label.setText("full speed" if pace is None else f"≤ {pace:g} steps/s")

    @property
    def pace(self) -> float | None:
        """Return the chosen pace in steps per second; None is full speed."""
        return PACES[self._speed.value()]

    def show_state(self, state: RunState) -> None:
        """Show what the run is doing."""
        self._state = state
        if state is not RunState.RUNNING:
            self._show_numbers("")
        running = state is RunState.RUNNING
        button = self._buttons["play"]
        button.setText("Pause" if running else "Run")
        button.setAccessibleName(button.text())
        button.setToolTip("Trains not one step more (Space)." if running else "Trains until paused (Space).")
        button.setIcon(icon("pause" if running else "play", self._theme))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the step at once where the run stands still; while it trains, with the rates."""
        self._snapshot = snapshot
        if self._state is not RunState.RUNNING:
            self._show_numbers("")

    def show_rates(self, steps_per_s: float, frames_per_s: float) -> None:
        """Show step, speed and frames of a run that trains."""
        if self._state is RunState.RUNNING:
            self._show_numbers(f"{grouped(steps_per_s)}/s · {frames_per_s:.0f} fps · ")

    def _show_numbers(self, rates: str) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        step = grouped(snapshot.stamp.step)
        self._numbers.setText(f"step {step} · {rates}{snapshot.device} · {snapshot.step_method}")
        self._numbers.setToolTip(
            f"Steps made, steps and frames per second while training; updates are computed on the {snapshot.device} "
            f"by the {snapshot.step_method} step."
        )

    def apply_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        self._theme = theme
        for key, button in self._buttons.items():
            button.setIcon(icon(key, theme))
        self.show_state(self._state)

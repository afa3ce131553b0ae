"""Run, step, restart, speed, and how the run is doing in numbers."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from ganviz.session.commands import Command, Pause, Run, SetPace
from ganviz.session.state import RunState
from ganviz.spec.words import grouped
from ganviz.training.changes import D_STEP
from ganviz.training.marks import times_of
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.controls.elided import Elided
from ganviz.views.look.aloud import announce
from ganviz.views.look.button_menu import ButtonMenu
from ganviz.views.look.icons import icon
from ganviz.views.look.outside_text import spoken
from ganviz.views.look.theme import LIGHT, Theme, tabular

BUTTONS = {
    "toggle": "Run",
    "step": "Step",
    "step_d": "D-step",
    "step_g": "G-step",
    "same_weights": "Same weights",
    "new_weights": "New weights",
}
"""Actions of the window that have a button here, and what screen readers call them."""
GRADIENTS = {
    "analytic": "with gradients written out by hand",
    "autograd": "with gradients by torch's autograd",
}
"""What is told of how a step is computed."""
WITHOUT_TEXT = ("step",)
GIVES_WAY = {"same_weights": 130, "new_weights": 130, "show_me": 100}
"""What has an icon and no words where the bar is narrower than this many letters."""
GAPS_AFTER = ("step_g", "new_weights")
PACES: tuple[float | None, ...] = (1, 2, 5, 10, 20, 30, 50, 100, 200, 400, 800, 1600, None)


class Actions(Protocol):
    """The window's actions by their keys."""

    def __getitem__(self, key: str) -> QAction: ...

    def of_kind(self, kind: str) -> list[QAction]:
        """Return all actions whose key begins with ``kind`` and a colon."""


class RunBar(QWidget):
    """The row of run controls; GUI thread only."""

    command_requested = Signal(object)
    pace_chosen = Signal(object)
    """Emitted with the pace that the person has chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._state, self._is_chosen = RunState.PAUSED, True
        self._snapshot: Snapshot | None = None
        self._rates = ""
        self._theme = LIGHT
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 3, 8, 3)
        self._row.setSpacing(2)
        self._buttons: dict[str, QToolButton] = {}
        for key, name in BUTTONS.items():
            self._add_button(key, name)
            if key in GAPS_AFTER:
                self._row.addSpacing(10)
        self._add_speed()
        self._row.addSpacing(8)
        self._add_show_me()
        self._row.addSpacing(8)
        self._numbers = Elided(side=Qt.AlignmentFlag.AlignRight)
        self._numbers.setAccessibleName("Step, speed and device")
        self._numbers.setFont(tabular(self._numbers.font()))
        self._row.addWidget(self._numbers, 1)
        self.apply_theme(LIGHT)

    def _add_button(self, key: str, name: str) -> None:
        button = QToolButton()
        button.setText(name)
        button.setAccessibleName(name)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if key not in WITHOUT_TEXT:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._buttons[key] = button
        self._row.addWidget(button)

    def show_actions(self, actions: Actions) -> None:
        """Let the buttons do what the window's actions do, under their names, icons and keys."""
        for key, button in self._buttons.items():
            button.setDefaultAction(actions[key])
            button.setAccessibleName(BUTTONS[key])
            button.setAccessibleDescription(spoken(actions[key].toolTip()))
        menu = ButtonMenu(self._show_me)
        menu.setToolTipsVisible(True)
        menu.addActions(actions.of_kind("show_me"))
        menu.addSeparator()
        menu.addAction(actions["experiments"])
        self._show_me.setMenu(menu)
        slower, faster, full = (
            actions[key].shortcut().toString() for key in ("slower", "faster", "full_speed")
        )
        self._speed.setToolTip(
            f"Most steps per second: slower with {slower}, faster with {faster}, full speed and back with {full}."
        )

    def _add_show_me(self) -> None:
        button = self._show_me = QToolButton()
        button.setText("Show me")
        button.setAccessibleName("Show me")
        button.setToolTip("Stages what there is to see, and checks it.")
        button.setObjectName("segment")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._row.addWidget(button)

    def _add_speed(self) -> None:
        self._pace_label = QLabel()
        self._pace_label.setMinimumWidth(self.fontMetrics().horizontalAdvance("1600 steps/s  "))
        self._speed = QSlider(Qt.Orientation.Horizontal)
        self._speed.setRange(0, len(PACES) - 1)
        self._speed.setPageStep(1)
        self._speed.setFixedWidth(110)
        self._speed.setAccessibleName("Speed")
        self._speed.valueChanged.connect(self._speed_changed)
        self._row.addWidget(self._speed)
        self._row.addWidget(self._pace_label)
        self._before_full = PACES.index(400)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out words where there is little room."""
        super().resizeEvent(event)
        letters = event.size().width() / self.fontMetrics().averageCharWidth()
        icons, words = Qt.ToolButtonStyle.ToolButtonIconOnly, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for key, needed in GIVES_WAY.items():
            button = self._buttons.get(key, self._show_me)
            button.setToolButtonStyle(icons if letters < needed else words)

    @property
    def is_running(self) -> bool:
        """Return whether the run is shown as one that trains."""
        return self._state is RunState.RUNNING

    def toggle(self) -> None:
        """Run or pause."""
        command: Command = Pause() if self.is_running else Run()
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
        """Move the slider to the nearest pace, which nobody has chosen."""
        self._is_chosen = False
        if pace is None:
            self._speed.setValue(len(PACES) - 1)
        else:
            nearest = min(range(len(PACES) - 1), key=lambda i: abs((PACES[i] or 0) - pace))
            self._speed.setValue(nearest)
        self._is_chosen = True
        self._show_pace()

    def _speed_changed(self) -> None:
        self._show_pace()
        self.command_requested.emit(SetPace(self.pace))
        if self._is_chosen:
            self.pace_chosen.emit(self.pace)

    def _show_pace(self) -> None:
        pace = self.pace
        words = "full speed" if pace is None else f"≤ {pace:g} steps/s"
        self._pace_label.setText(words)
        aloud = "Full speed" if pace is None else f"At most {pace:g} steps per second"
        self._speed.setAccessibleDescription(f"{aloud}. {self._speed.toolTip()}")
        if self._speed.hasFocus():  # the slider itself tells its place alone
            announce(self._speed, aloud)

    @property
    def pace(self) -> float | None:
        """Return the chosen pace in steps per second; None is full speed."""
        return PACES[self._speed.value()]

    def show_state(self, state: RunState) -> None:
        """Show what the run is doing."""
        self._state = state
        if state is not RunState.RUNNING:
            self._rates = ""
            self._show_numbers()
        running, button = state is RunState.RUNNING, self._buttons["toggle"]
        words = "Pause" if running else "Run"
        action = button.defaultAction()
        if action is not None:
            action.setIconText(words)
            action.setText(words)
            key = action.shortcut().toString()
            action.setToolTip(f"{'Trains not one step more' if running else 'Trains until paused'}. ({key})")
            action.setIcon(icon("pause" if running else "play", self._theme))
            button.setAccessibleDescription(action.toolTip())
        button.setAccessibleName(words)
        self._fit_letters()

    def _fit_letters(self) -> None:
        """Let the first button have room for either of its words: else those beside it would move."""
        button = self._buttons["toggle"]
        letters, shows = button.fontMetrics(), Qt.TextFlag.TextShowMnemonic.value
        widths = {each: letters.size(shows, each).width() for each in ("Run", "Pause")}
        words = button.accessibleName()
        button.setMinimumWidth(button.sizeHint().width() + max(widths.values()) - widths[words])

    def changeEvent(self, event: QEvent) -> None:
        """Fit other letters, once the buttons have them, too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and "toggle" in self._buttons:
            QTimer.singleShot(0, self, self._fit_letters)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the step of all else that is shown, with the speed as it was measured last."""
        self._snapshot = snapshot
        self._show_numbers()

    def show_rates(self, steps_per_s: float, frames_per_s: float) -> None:
        """Show step, speed and frames of a run that trains."""
        if self._state is RunState.RUNNING:
            self._rates = f"{grouped(steps_per_s)}/s · {frames_per_s:.0f} fps · "
            self._show_numbers()

    def _show_numbers(self) -> None:
        snapshot, rates = self._snapshot, self._rates
        if snapshot is None:
            return
        step = viewed = grouped(snapshot.viewed_step)
        if snapshot.viewed_step < snapshot.stamp.step:
            step = f"{viewed} of {grouped(snapshot.stamp.step)}"
        elif made := _alone(snapshot):
            step = f"{step} + {grouped(made)} D"
        device = snapshot.device
        pace = rates.split(" · ", maxsplit=1)[0]
        shorter = (
            f"step {step} · {pace}" if pace else f"step {step}",
            f"step {step}",
            f"step {viewed}",
            viewed,
        )
        self._numbers.say(f"step {step} · {rates}{device}", *shorter)
        tip = f"Updates are computed on the {snapshot.device}, {GRADIENTS[snapshot.step_method]}."
        if not self._numbers.toolTip().endswith(tip):
            self._numbers.setToolTip(
                "The step that is shown, of those made, and D's updates alone since; steps and frames per second "
                f"while training. {tip}"
            )

    def apply_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        self._theme = theme
        self._show_me.setIcon(icon("eye", theme))
        self.show_state(self._state)


def _alone(snapshot: Snapshot) -> int:
    """Return how many updates D has made alone since the last step."""
    trace = snapshot.get(LossTrace, LossTraceProbe())
    marks = () if trace is None else trace.marks
    return times_of(D_STEP, [mark for mark in marks if mark.step == snapshot.stamp.step])

"""The timeline: its track, and the buttons that appear while one looks back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ganviz.views.controls.timeline_track import TimelineTrack
from ganviz.views.look.theme import Theme


class Timeline(QWidget):
    """The track, and the buttons that appear while one looks back; GUI thread only."""

    continue_wished = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.track = TimelineTrack()
        self._continue = QPushButton("Continue from here")
        self._continue.setToolTip("Goes back to this step: what came later is dropped.")
        self._now = QPushButton("Back to now")
        self._now.setToolTip("Shows the present again. (End)")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 8, 2)
        row.addWidget(self.track, 1)
        for button in (self._continue, self._now):
            # A click would take the keys along, and hand them to the next field when the button goes.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.hide()
            row.addWidget(button)
        self._continue.clicked.connect(self.continue_here)
        self._now.clicked.connect(lambda: self.track.look_at(None))
        self.track.position_changed.connect(self._position_changed)

    def show_actions(self, *actions: QAction) -> None:
        """Let actions that continue here and go back to now be there only while one looks back."""
        for action in actions:
            action.setEnabled(self.track.wanted is not None)
            self.track.position_changed.connect(partial(_enable, action))

    def _position_changed(self, step: object) -> None:
        for button in (self._continue, self._now):
            button.setVisible(step is not None)

    def continue_here(self) -> None:
        """Ask to go on from the keyframe that is looked at."""
        if self.track.wanted is not None:
            step = self.track.wanted
            self.continue_wished.emit(step)

    def apply_theme(self, theme: Theme) -> None:
        """Repaint in the colors of ``theme``."""
        self.track.theme = theme
        self.track.update()


def _enable(action: QAction, step: object) -> None:
    action.setEnabled(step is not None)

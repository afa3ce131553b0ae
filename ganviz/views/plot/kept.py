"""The picture that a widget keeps, and when it is painted anew: one in each turn of the event loop where many are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QRectF, QTimer
from PySide6.QtGui import QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from ganviz.views.look.grown import shown_factor
from ganviz.views.plot.plotting import painting_on
from ganviz.views.plot.wide_painter import WidePainter


class Kept:
    """A widget's picture; GUI thread only.

    Parameters
    ----------
    widget : QWidget
    paint : callable
        Paints it into an area.
    show : callable
        Asks for a paint event.
    """

    def __init__(
        self, widget: QWidget, paint: Callable[[QPainter, QRectF], None], show: Callable[[], object]
    ) -> None:
        self._widget, self._paint, self._show = widget, paint, show
        self._picture: QPixmap | None = None

    def drop(self) -> None:
        """Let it be painted anew at the next paint event."""
        self._picture = None

    def redraw(self) -> None:
        """Drop it, and have it painted anew: at once, or within :func:`in_turns` in a turn of its own."""
        self._picture = None
        if not _Turns.are_taken:
            self._show()
        elif self not in _waiting:
            _waiting.append(self)
            if len(_waiting) == 1:
                _next_turn()

    def take_turn(self) -> None:
        """Ask for a paint event, unless there has been one: Qt sends it before the next one's turn."""
        if self._picture is None and isValid(self._widget):
            self._show()

    def make(self, left_out: QRegion) -> bool:
        """Paint it where there is none of the widget's size; return whether it was painted.

        ``left_out`` is what the paint event leaves out of what can be seen. Where there is any, all is asked for: it
        would stay as it was on the screen, since a picture that is there takes no turn.
        """
        ratio = self._widget.devicePixelRatioF()
        size = self._widget.size() * ratio
        if self._picture is not None and self._picture.size() == size:
            return False
        made = QPixmap(size)
        made.setDevicePixelRatio(ratio)
        share = shown_factor()  # lines grow with letters, as in a presentation
        with painting_on(made, WidePainter(share) if share > 1.0 else None) as painter:
            self._paint(painter, QRectF(0, 0, self._widget.width(), self._widget.height()))
        self._picture = made
        if not left_out.isEmpty():
            self._show()
        return True

    def draw(self, painter: QPainter) -> None:
        """Draw it, where there is one."""
        if self._picture is not None:
            painter.drawPixmap(0, 0, self._picture)


class _Turns:
    """Whether who redraws now waits for a turn, and what gives turns."""

    are_taken = False
    timer: QTimer | None = None


_waiting: deque[Kept] = deque()
"""Whose turn comes, each once: who asks again keeps its place, so that everybody's turn comes."""


@contextmanager
def in_turns() -> Iterator[None]:
    """Let pictures that are dropped meanwhile be painted one in each turn of the event loop.

    Qt paints all widgets that have changed in one go: with three views it would be three times as long until a key or a
    notch of the wheel is answered. What a hand does is painted at once, and is not to be done within.
    """
    before, _Turns.are_taken = _Turns.are_taken, True
    try:
        yield
    finally:
        _Turns.are_taken = before


def _next_turn() -> None:
    """Let the next turn come; not by QTimer.singleShot, which posts an event: several came before one was painted."""
    timer = _Turns.timer
    if timer is None or not isValid(timer):
        timer = _Turns.timer = QTimer(QCoreApplication.instance())
        timer.setSingleShot(True)
        timer.timeout.connect(_take_turn)
    timer.start(0)


def _take_turn() -> None:
    kept = _waiting.popleft()
    if _waiting:
        _next_turn()
    kept.take_turn()

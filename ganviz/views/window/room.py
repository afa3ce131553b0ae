"""What a screen has for windows, as far as a program is told of it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication, QScreen

FIRST_SIZE = QSize(1440, 900)
FRAME = QSize(16, 40)
"""What a window's own frame takes of a screen, about."""
UNTOLD = QSize(0, 64)
"""What the desktop's bars take of a screen, about: Wayland tells no program of them."""


def knows_places() -> bool:
    """Return whether a window knows where it is, and can choose it: on Wayland that is the desktop's alone."""
    return not QGuiApplication.platformName().startswith("wayland")


def room_of(screen: QScreen) -> QRect:
    """Return what a screen has for windows with their frames."""
    room = screen.availableGeometry()
    return room if knows_places() else QRect(room.topLeft(), room.size() - UNTOLD)


def without_frame(room: QRect) -> QRect:
    """Return what is left of a room for a window within its frame."""
    return QRect(room.topLeft(), room.size() - FRAME)


def first_size(available: QRect) -> QSize:
    """Return the size of a window that has never been opened on a screen with this room."""
    return FIRST_SIZE.boundedTo(without_frame(available).size())

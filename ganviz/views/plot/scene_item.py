"""The base of everything painted in a plot: scene pixels, and no exception that leaves ``paint``."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

_logger = logging.getLogger(__name__)


class SceneItem(QGraphicsItem):
    """Calls a function with a painter in scene pixels; after an exception it stays empty until the next picture.

    An exception that left ``paint`` would take the process down. The same one is logged once, or a run would fill the
    log.
    """

    def __init__(self, draw: Callable[[QPainter, QRectF], None], z: float) -> None:
        super().__init__()
        self._draw = draw
        self._area = QRectF()
        self.failure: Exception | None = None
        self._logged = ""
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def renew(self, area: QRectF) -> None:
        """Cover a part of the scene with another picture, which may be one that can be painted."""
        self.failure = None
        if area != self._area:
            self.prepareGeometryChange()
            self._area = QRectF(area)

    def boundingRect(self) -> QRectF:
        """Return the covered part of the scene."""
        return self._area

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Paint in scene pixels."""
        if self.failure is not None:
            return
        painter.save()
        painter.setTransform(self.sceneTransform().inverted()[0] * painter.transform())
        try:
            self._draw(painter, self._area)
        except Exception as error:
            self.failure = error
            if repr(error) != self._logged:
                self._logged = repr(error)
                _logger.exception("A part of a plot cannot be painted")
        finally:
            painter.restore()

"""The small buttons that switch the layers of the plane."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QToolButton

from ganviz.views.bases.canvas import small_font
from ganviz.views.look.icon_sizes import set_icon_side
from ganviz.views.look.icons import UNIT_PX, drawn_icon
from ganviz.views.look.outside_text import plain_tip
from ganviz.views.look.theme import LIGHT, Theme
from ganviz.views.pictures.layers.base import AbstractLayer

FAINT = 0.35


class LayerButton(QToolButton):
    """Switches one layer; its icon is drawn in the layer's own color and shape."""

    def __init__(self, layer: AbstractLayer) -> None:
        super().__init__()
        self._layer, self.key = layer, layer.key
        self.setCheckable(True)
        self.setChecked(layer.is_on)
        self.setAutoRaise(True)
        set_icon_side(self, UNIT_PX)
        self.setFont(small_font(self.font()))
        self.setText(layer.title)
        self.setAccessibleName(layer.title)
        self.setAccessibleDescription(layer.tip)
        self.setToolTip(plain_tip(f"{layer.title}. {layer.tip}"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.apply_theme(LIGHT)

    def apply_theme(self, theme: Theme) -> None:
        """Draw the icon in the colors of ``theme``, faint where it cannot be used: Qt's own gray is hardly darker."""

        def draw(painter: QPainter, is_faint: bool) -> None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(FAINT if is_faint else 1.0)
            self._layer.draw_icon(painter, theme)

        self.setIcon(drawn_icon(draw))

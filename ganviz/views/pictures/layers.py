"""The layers of the plane, and the small buttons that switch them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QLinearGradient, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QToolButton

from ganviz.views.bases.canvas import small_font
from ganviz.views.look.theme import LIGHT, Theme

ICON_PX = 16


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer's key, name, what it shows, and whether it is on at first."""

    key: str
    title: str
    tip: str
    is_on: bool


LAYERS = (
    Layer("real", "Real samples", "Shows real samples as blue discs.", True),
    Layer("generated", "Generated samples", "Shows the generator's samples as vermillion diamonds.", True),
    Layer("surface", "Surface", "Shows what the discriminator says of every place in the plane.", True),
    Layer("contour", "Boundary", "Shows the line on which the discriminator is undecided.", True),
    Layer(
        "arrows", "Gradient arrows", "Shows where the chosen generator loss moves each sample, −∇L_G.", False
    ),
    Layer("latent_map", "Latent map", "Shows where the generator sends a square lattice of latents.", False),
    Layer(
        "optimal",
        "Optimal D*",
        "Colors the surface by the best possible discriminator, p / (p + q), both densities smoothed by 0.1. "
        "The boundary stays that of D. For data whose density is known.",
        False,
    ),
    Layer(
        "difference",
        "Difference D − D*",
        "Colors the surface by how far D is above or below the best possible discriminator. "
        "For losses whose scores are logits, and data whose density is known.",
        False,
    ),
)


class LayerButton(QToolButton):
    """Switches one layer; its icon is drawn in the layer's own color and shape."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self._layer = layer
        self.setCheckable(True)
        self.setChecked(layer.is_on)
        self.setAutoRaise(True)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setFont(small_font(self.font()))
        self.setText(layer.title)
        self.setAccessibleName(layer.title)
        self.setAccessibleDescription(layer.tip)
        self.setToolTip(f"{layer.title}. {layer.tip}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.apply_theme(LIGHT)

    def apply_theme(self, theme: Theme) -> None:
        """Draw the icon in the colors of ``theme``."""
        self.setIcon(layer_icon(self._layer.key, theme))


def layer_icon(key: str, theme: Theme) -> QIcon:
    """Return a layer's icon."""
    pixmap = QPixmap(ICON_PX * 2, ICON_PX * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _ICONS[key](painter, theme)
    painter.end()
    return QIcon(pixmap)


def _real(painter: QPainter, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.line("real"))
    painter.drawEllipse(QPointF(8, 8), 4.6, 4.6)


def _generated(painter: QPainter, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.line("generated"))
    painter.drawPolygon(QPolygonF([QPointF(8, 2), QPointF(14, 8), QPointF(8, 14), QPointF(2, 8)]))


def _surface(painter: QPainter, theme: Theme) -> None:
    gradient = QLinearGradient(2, 14, 14, 2)
    stops = theme.surface_stops
    for i, stop in enumerate(stops):
        gradient.setColorAt(i / (len(stops) - 1), QColor(stop))
    painter.setPen(QPen(QColor(theme.muted), 0.8))
    painter.setBrush(gradient)
    painter.drawRoundedRect(QRectF(2, 2, 12, 12), 2, 2)


def _contour(painter: QPainter, theme: Theme) -> None:
    painter.setPen(QPen(QColor(theme.text), 1.6))
    painter.drawArc(QRectF(-5, 3, 17, 17), 0, 100 * 16)
    painter.drawArc(QRectF(-9, 3, 17, 17), 0, 0)


def _arrows(painter: QPainter, theme: Theme) -> None:
    painter.setPen(QPen(QColor(theme.text), 1.5))
    painter.drawLine(QPointF(3, 13), QPointF(11, 5))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.text))
    painter.drawPolygon(QPolygonF([QPointF(14, 2), QPointF(12.5, 8.5), QPointF(7.5, 3.5)]))


def _latent_map(painter: QPainter, theme: Theme) -> None:
    painter.setPen(QPen(theme.letters("generated"), 1.1))
    for i in range(3):
        painter.drawLine(QPointF(2, 4 + 4 * i), QPointF(14, 3 + 5 * i))
        painter.drawLine(QPointF(3 + 5 * i, 2), QPointF(4 + 4 * i, 14))


def _optimal(painter: QPainter, theme: Theme) -> None:
    _letters(painter, theme, "D*", 12)


def _difference(painter: QPainter, theme: Theme) -> None:
    _letters(painter, theme, "ΔD*", 9)


def _letters(painter: QPainter, theme: Theme, text: str, size: int) -> None:
    font = painter.font()
    font.setPixelSize(size)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    painter.drawText(QRectF(-2, 0, 20, 16), Qt.AlignmentFlag.AlignCenter, text)


_ICONS: dict[str, Callable[[QPainter, Theme], None]] = {
    "real": _real,
    "generated": _generated,
    "surface": _surface,
    "contour": _contour,
    "arrows": _arrows,
    "latent_map": _latent_map,
    "optimal": _optimal,
    "difference": _difference,
}

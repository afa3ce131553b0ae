"""The one visual language: colors, fonts, and light and dark for the whole application.

Hues are those of Okabe and Ito's palette, which color-blind people tell apart: real samples blue, generated ones
vermillion, the discriminator's loss sky, the generator's orange, the value function green, the total in the color of
text. Every hue has a second tone for letters, at a contrast of 4.5 : 1 or better against the base color.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from ganviz.spec.frozen import dataclass

Lut = NDArray[np.uint32]
OUTLINED = ("QCheckBox", "QLineEdit", "QAbstractSpinBox", "QComboBox")
LEAST_ON_DARK_PX = 1.6
"""Of curves on a dark ground; hues are the same on every ground, so that subjects are known by them."""


@dataclass(frozen=True)
class Theme:
    """All colors of one look, as ``#rrggbb``.

    Attributes
    ----------
    key, is_dark
        "light" or "dark".
    window, base, raised : str
        Behind widgets; behind plots, lists and fields; of buttons and cards.
    text, muted, disabled : str
        Ordinary letters; secondary letters (still 4.5 : 1 on window and base); letters of what cannot be used.
    grid, border : str
        Grid lines of plots; edges of fields and cards.
    accent, on_accent : str
        Focus, selection and links; letters on a surface of that color.
    warning : str
        Letters of a warning: something diverged, a value was refused.
    real, generated, d_loss, g_loss, total, value : str
        Lines and markers of the six subjects.
    real_text, generated_text, d_loss_text, g_loss_text, value_text : str
        The same hues for letters.
    surface_stops : tuple of str
        Evenly spaced stops of the diverging color map, from generated over the pale boundary to real.
    lanes : tuple of str
        Of lanes, where it is they that colors tell.
    """

    key: str
    is_dark: bool
    window: str
    base: str
    raised: str
    text: str
    muted: str
    disabled: str
    grid: str
    border: str
    accent: str
    on_accent: str
    warning: str
    real: str
    generated: str
    d_loss: str
    g_loss: str
    total: str
    value: str
    real_text: str
    generated_text: str
    d_loss_text: str
    g_loss_text: str
    value_text: str
    surface_stops: tuple[str, ...]
    lanes: tuple[str, ...]

    def line(self, role: str) -> QColor:
        """Return the color of a subject's lines; ``role`` is the name of one of the six line fields."""
        return QColor(getattr(self, role))

    def width(self, px: float) -> float:
        """Return the width of a thin line: wider on a dark ground, from which real differs less."""
        return max(px, LEAST_ON_DARK_PX) if self.is_dark else px

    def of_lane(self, lane: int) -> QColor:
        """Return a lane's color where colors tell lanes."""
        return QColor(self.lanes[lane % len(self.lanes)])

    def letters(self, role: str) -> QColor:
        """Return the color of letters about a subject, readable on the base color."""
        return QColor(getattr(self, f"{role}_text", getattr(self, role)))

    @cached_property
    def surface_lut(self) -> Lut:
        """Return 256 opaque ``0xAARRGGBB`` colors, index 0 = certainly generated, 255 = certainly real."""
        stops = np.array([_channels(stop) for stop in self.surface_stops])
        at = np.linspace(0, len(stops) - 1, 256)
        red, green, blue = (np.interp(at, np.arange(len(stops)), stops[:, i]).round() for i in range(3))
        packed = 0xFF000000 + red * 65536 + green * 256 + blue
        lut: Lut = packed.astype(np.uint32)
        return lut

    def palette(self) -> QPalette:
        """Return the palette of all widgets."""
        palette = QPalette()
        for role, name in _PALETTE_ROLES.items():
            palette.setColor(role, QColor(getattr(self, name)))
        letters = QPalette.ColorRole
        for role in (letters.WindowText, letters.Text, letters.ButtonText, letters.PlaceholderText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(self.disabled))
        for role in (QPalette.ColorRole.Highlight, QPalette.ColorRole.Accent):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(self.border))
        return palette


_PALETTE_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "base",
    QPalette.ColorRole.AlternateBase: "window",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "warning",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "grid",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Dark: "border",
    QPalette.ColorRole.Shadow: "disabled",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
}

LIGHT = Theme(
    key="light",
    is_dark=False,
    window="#f2f4f6",
    base="#ffffff",
    raised="#fbfcfd",
    text="#1a1d21",
    muted="#59626d",
    disabled="#9aa3ad",
    grid="#e3e7eb",
    border="#c9d0d7",
    accent="#0b63a5",
    on_accent="#ffffff",
    warning="#a83200",
    real="#0072b2",
    generated="#d55e00",
    d_loss="#56b4e9",
    g_loss="#e69f00",
    total="#1a1d21",
    value="#009e73",
    real_text="#0069a6",
    generated_text="#b34e00",
    d_loss_text="#1673a8",
    g_loss_text="#8f6000",
    value_text="#007857",
    surface_stops=("#e8873f", "#f2b081", "#f9d9c1", "#f7f5f2", "#c9def0", "#8dbcdf", "#4f97c9"),
    lanes=("#1a1d21", "#aa3377", "#228833", "#8a6d00", "#4a5fd0", "#00808a"),
)

DARK = Theme(
    key="dark",
    is_dark=True,
    window="#14171b",
    base="#1b1f24",
    raised="#262b32",
    text="#e9ecef",
    muted="#a2abb5",
    disabled="#6b747e",
    grid="#2d333a",
    border="#434b55",
    accent="#5aaee8",
    on_accent="#10141a",
    warning="#ff9a66",
    real="#0072b2",
    generated="#d55e00",
    d_loss="#56b4e9",
    g_loss="#e69f00",
    total="#e9ecef",
    value="#009e73",
    real_text="#58acdf",
    generated_text="#f2853a",
    d_loss_text="#56b4e9",
    g_loss_text="#e69f00",
    value_text="#23b98d",
    surface_stops=("#9c4a0c", "#a4683f", "#a98b76", "#a9abad", "#7594ab", "#40759c", "#0f5788"),
    lanes=("#e9ecef", "#e47fb8", "#62c370", "#d9b43b", "#93a1ff", "#4fc3cd"),
)

THEMES = {theme.key: theme for theme in (LIGHT, DARK)}


def system_theme(app: QApplication) -> Theme:
    """Return the theme that the desktop asks for; light where it does not say."""
    return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def apply_to_application(app: QApplication, theme: Theme, *, follow_system: bool = False) -> None:
    """Dress all widgets in ``theme``.

    The palette is set as well as the color scheme, since some platforms (bare X, offscreen) ignore the scheme. With
    ``follow_system`` the scheme is left to the desktop, so that ``QStyleHints.colorSchemeChanged`` keeps coming.
    """
    hints = app.styleHints()
    if follow_system:
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(Qt.ColorScheme.Dark if theme.is_dark else Qt.ColorScheme.Light)
    # With a style sheet, which is set after this, the style has no name, and each one set anew would stay in memory.
    if not app.styleSheet() and app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(theme.palette())
    boxes = theme.palette()
    # Fusion outlines boxes and fields in a darker shade of the window, which is hardly seen, on a dark one least.
    boxes.setColor(QPalette.ColorRole.Window, QColor(theme.muted if theme.is_dark else theme.disabled))
    for outlined in OUTLINED:
        app.setPalette(boxes, outlined)  # type: ignore[arg-type]  # the stub wants bytes, the binding text


def theme_of(widget: QWidget) -> Theme:
    """Return the theme that a widget is dressed in, for one that nobody tells."""
    return DARK if widget.palette().base().color().lightness() < 128 else LIGHT


def tabular(font: QFont) -> QFont:
    """Return the font with figures of equal width, so that changing numbers stand still."""
    result = QFont(font)
    if hasattr(result, "setFeature"):
        result.setFeature(QFont.Tag("tnum"), 1)
    return result


def scaled(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """Return the font at ``factor`` times its size."""
    result = QFont(font)
    if font.pointSizeF() > 0:
        result.setPointSizeF(font.pointSizeF() * factor)
    else:
        result.setPixelSize(max(1, round(font.pixelSize() * factor)))
    result.setBold(bold)
    return result


def _channels(color: str) -> tuple[int, int, int]:
    made = QColor(color)
    return made.red(), made.green(), made.blue()

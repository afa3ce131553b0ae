"""Asks how plots leave the window: their size, resolution, letters, lines, colors and background."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ganviz.session.figure import (
    COLUMNS,
    MILLIMETERS,
    MM_PER_INCH,
    PAPER_DPI,
    PIXELS,
    SCREEN_DPI,
    SLIDE,
    Figure,
)
from ganviz.spec.frozen import dataclass
from ganviz.views.forms.wrapping import Wrapping
from ganviz.views.look.outside_text import set_tip
from ganviz.views.look.theme import THEMES, Theme

SCALES = (1, 2, 3, 4)
PAPER_PT = 7.0
"""Letters of figures that are as wide as a column, at first."""
OTHERS = {"mm": (120.0, 90.0), "px": (1200.0, 800.0)}
"""Units of sizes that are not a column's, and what these are at first."""
AS_ON_SCREEN = "as on screen"


@dataclass(frozen=True, slots=True)
class FigureWish:
    """How plots leave: as on screen, ``scale`` times as many pixels, or of a ``size`` in mm or px.

    ``font_pt`` and ``line_pt`` of 0, and an empty ``theme``, are as on screen.
    """

    scale: float = 2.0
    size: tuple[float, float, str] | None = None
    dpi: float = PAPER_DPI
    font_pt: float = 0.0
    line_pt: float = 0.0
    theme: str = ""
    is_transparent: bool = False

    def figure(self, on_screen: QSize) -> Figure:
        """Return how a plot leaves that has this size on screen."""
        width, height, unit = self.size or (on_screen.width(), on_screen.height(), "px")
        dpi = SCREEN_DPI * self.scale if self.size is None else self.dpi
        per_inch = MM_PER_INCH if unit == "mm" else SCREEN_DPI if self.size is None else dpi
        return Figure(
            width / per_inch, height / per_inch, dpi, self.font_pt or None, self.line_pt or None,
            self.is_transparent,
        )  # fmt: skip

    def colors(self, on_screen: Theme) -> Theme:
        """Return the theme that plots leave in."""
        return THEMES.get(self.theme, on_screen)


class FigureForm(QWidget):
    """Asks for a :class:`FigureWish`; GUI thread only."""

    def __init__(self) -> None:
        super().__init__()
        self.size_box = _menu(
            "Size of plots", "As on screen, as wide as a journal's column, a slide, or another size."
        )
        self.size_box.addItem("As on screen", None)
        for key, (width, height) in COLUMNS.items():
            self.size_box.addItem(f"{key.capitalize()} column, {width} × {height} mm", (width, height, "mm"))
        self.size_box.addItem("Slide, 1920 × 1080 px", SLIDE)
        for unit in OTHERS:
            self.size_box.addItem(f"Another size in {unit}", unit)
        self.width_box, self.height_box = (_number(side, 1, 10_000, 0) for side in ("Width", "Height"))
        self.scale_box = _menu("PNG scale", "How many pixels of the PNG one pixel of the screen becomes.")
        self.scale_box.addItems([f"{scale}×" for scale in SCALES])
        self.scale_box.setCurrentIndex(1)
        self.dpi_box = QSpinBox(minimum=30, maximum=2400, value=round(PAPER_DPI), suffix=" dpi")
        self.dpi_box.setAccessibleName("Dots in an inch")
        self.dpi_box.setToolTip("Pixels of a PNG in an inch of paper.")
        self.font_box, self.line_box = _number("Letters", 0, 72, 1), _number("Lines", 0, 20, 2)
        for box, words in (
            (self.font_box, "axes and legends"),
            (self.line_box, "the curves a chart is about"),
        ):
            box.setSpecialValueText(AS_ON_SCREEN)
            box.setSuffix(" pt")
            box.setToolTip(f"Of {words}; others go with them.")
        self.theme_box = _menu("Colors of plots", "The theme that plots are drawn in.")
        self.theme_box.addItem("Colors as on screen", "")
        for theme in THEMES.values():
            self.theme_box.addItem(f"{theme.key.capitalize()} colors", theme.key)
        self.transparent = QCheckBox("Transparent background")
        self._lay_out()
        self.size_box.currentIndexChanged.connect(self._size_chosen)
        self._size_chosen()

    def _lay_out(self) -> None:
        self._by, self._scale_label = QLabel("×"), QLabel("PNG scale")
        rows: tuple[tuple[tuple[QWidget, ...], ...], ...] = (
            ((QLabel("Size"), self.size_box), (self.width_box, self._by, self.height_box),
             (self._scale_label, self.scale_box), (self.dpi_box,)),
            ((QLabel("Letters"), self.font_box), (QLabel("Lines"), self.line_box), (self.theme_box,),
             (self.transparent,)),
        )  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for groups in rows:
            row = Wrapping()
            for widgets in groups:
                row.add(*widgets)
            layout.addWidget(row)

    def _size_chosen(self) -> None:
        """Ask for what the chosen kind of size needs."""
        chosen = self.size_box.currentData()
        is_free, is_screen = isinstance(chosen, str), chosen is None
        for widget in (self.width_box, self._by, self.height_box):
            widget.setVisible(is_free)
        self._scale_label.setVisible(is_screen)
        self.scale_box.setVisible(is_screen)
        self.dpi_box.setVisible(not is_screen)
        if isinstance(chosen, str):
            low, high = MILLIMETERS if chosen == "mm" else PIXELS
            for box, value in zip((self.width_box, self.height_box), OTHERS[chosen], strict=True):
                box.setRange(low, high)
                box.setValue(value)
        dpi, letters, lines = PAPER_DPI, PAPER_PT, 0.0
        if isinstance(chosen, Figure):
            dpi, letters, lines = chosen.dpi, chosen.font_pt or 0.0, chosen.line_pt or 0.0
        elif is_screen or chosen == "px":
            dpi, letters = SCREEN_DPI, 0.0
        self.dpi_box.setValue(round(dpi))
        self.font_box.setValue(letters)
        self.line_box.setValue(lines)

    def wish(self) -> FigureWish:
        """Return what was chosen."""
        size = self.size_box.currentData()
        if isinstance(size, str):
            size = (self.width_box.value(), self.height_box.value(), size)
        elif isinstance(size, Figure):
            size = (*size.millimeters, "mm")
        return FigureWish(
            float(SCALES[self.scale_box.currentIndex()]), size, float(self.dpi_box.value()), self.font_box.value(),
            self.line_box.value(), self.theme_box.currentData(), self.transparent.isChecked(),
        )  # fmt: skip


def _menu(name: str, tip: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    set_tip(box, tip, about=name)
    return box


def _number(name: str, low: float, high: float, digits: int) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(low, high)
    box.setDecimals(digits)
    box.setAccessibleName(name)
    return box

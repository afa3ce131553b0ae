"""How large a picture is on paper, and how its letters and lines are: for programs without Qt."""

from __future__ import annotations

from ganviz.spec.frozen import dataclass

MM_PER_INCH = 25.4
SCREEN_DPI = 96.0
"""Pixels of a screen in an inch, as in CSS: what a size in pixels is on paper."""
PAPER_DPI = 300.0
"""Dots in an inch where a size is in millimeters."""
PIXELS, MILLIMETERS = (100, 10_000), (30, 1000)
"""The smallest and largest side of a picture."""
COLUMNS: dict[str, tuple[int, int]] = {"single": (85, 60), "one-and-a-half": (114, 80), "double": (174, 110)}
"""Usual widths of figures in journals of two columns, with a height that goes with each, in mm."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Size, resolution, letters and lines of a picture.

    Parameters
    ----------
    width, height : float
        In inches.
    dpi : float
        Pixels in an inch, of pictures made of pixels.
    font_pt : float, optional
        The letters of axes and legends; others go with them. None: as on screen, about 8 pt.
    line_pt : float, optional
        The width of the curves a chart is about; other lines go with it. None: as on screen, 1.5 pt.
    is_transparent : bool
        Without a background.
    """

    width: float
    height: float
    dpi: float = SCREEN_DPI
    font_pt: float | None = None
    line_pt: float | None = None
    is_transparent: bool = False

    @classmethod
    def of_pixels(
        cls, width: int, height: int, scale: float = 1.0, *, is_transparent: bool = False
    ) -> Figure:
        """Return what looks as on a screen of so many pixels, in ``scale`` times as many."""
        dpi = SCREEN_DPI * scale
        return cls(width / SCREEN_DPI, height / SCREEN_DPI, dpi, is_transparent=is_transparent)

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return round(self.width * self.dpi), round(self.height * self.dpi)

    @property
    def millimeters(self) -> tuple[float, float]:
        """Width and height on paper."""
        return self.width * MM_PER_INCH, self.height * MM_PER_INCH


SLIDE = Figure(40 / 3, 7.5, 144.0, font_pt=16.0, line_pt=3.0)
"""A slide of 16 : 9 as programs for slides have it, 1920 × 1080 pixels; letters are read from the last row."""

"""What ``ganviz render`` and ``ganviz report`` are told: which pictures, and how a figure is."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any

from ganviz.cli.paths import file, file_of_run
from ganviz.session.animations import LENGTHS_S
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
from ganviz.training.progress import PROGRESS

PICTURES = (".png", ".svg", ".pdf")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)(mm|px)?x(\d+(?:\.\d+)?)(mm|px)?")
Size = tuple[float, float, str]
"""Width, height, and the unit: px or mm."""


def size(text: str) -> Size | Figure:
    """Return the size that a text names, or a slide; raise ArgumentTypeError where it names none."""
    if text == "slide":
        return SLIDE
    if text in COLUMNS:
        return (*COLUMNS[text], "mm")
    match = _SIZE.fullmatch(text.lower().replace("×", "x").replace(" ", ""))
    units = {unit for unit in (match[2], match[4]) if unit} if match else set()
    if match is None or len(units) > 1:
        raise argparse.ArgumentTypeError(
            f"WIDTHxHEIGHT is wanted, such as 1200x800 or 85mmx60mm, or {', '.join(COLUMNS)}, slide, not {text!r}"
        )
    unit = units.pop() if units else "px"
    low, high = MILLIMETERS if unit == "mm" else PIXELS
    sides = float(match[1]), float(match[3])
    if unit == "px" and not all(side.is_integer() for side in sides):
        raise argparse.ArgumentTypeError(f"pixels are whole, not {text!r}")
    if not all(low <= side <= high for side in sides):
        words = "mm" if unit == "mm" else "pixels"
        raise argparse.ArgumentTypeError(f"both sides must be between {low} and {high} {words}, not {text!r}")
    return (*sides, unit)


def number_between(low: float, high: float, unit: str) -> Callable[[str], float]:
    """Return what reads a number of a range, and raises ArgumentTypeError for others."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(
                f"a number between {low:g} and {high:g} ({unit}) is wanted, not {text!r}"
            )
        return value

    return read


def add_figure_options(command: argparse.ArgumentParser) -> None:
    """Add size, resolution, letters, lines, theme and background."""
    columns = ", ".join(f"{key} ({width}x{height} mm)" for key, (width, height) in COLUMNS.items())
    command.add_argument(
        "--size", type=size, default=(1200, 800, "px"), metavar="WIDTHxHEIGHT",
        help=f"in pixels, such as 1200x800 (the default), or 85mmx60mm, or a column's width: {columns}; "
        "or slide: 1920x1080 pixels, letters of 16 pt, lines of 3",
    )  # fmt: skip
    command.add_argument(
        "--dpi", type=number_between(30, 2400, "dots in an inch"), metavar="N",
        help=f"pixels in an inch ({SCREEN_DPI:g} for a size in pixels, {PAPER_DPI:g} for one in mm)",
    )  # fmt: skip
    command.add_argument(
        "--font-size", type=number_between(3, 72, "pt"), metavar="PT",
        help="of axes and legends; other letters go with them (as on screen, about 8)",
    )  # fmt: skip
    command.add_argument(
        "--line-width", type=number_between(0.1, 20, "pt"), metavar="PT",
        help="of the curves a chart is about; other lines go with it (as on screen, 1.5)",
    )  # fmt: skip
    command.add_argument("--theme", choices=("light", "dark"), default="light")
    command.add_argument("--transparent", action="store_true", help="leave the background out")


def figure_of(options: argparse.Namespace) -> Figure:
    """Return the figure that the options ask for."""
    if isinstance(options.size, Figure):
        letters, lines = options.font_size or options.size.font_pt, options.line_width or options.size.line_pt
        dpi = options.dpi or options.size.dpi
        return Figure(options.size.width, options.size.height, dpi, letters, lines, options.transparent)
    width, height, unit = options.size
    dpi = options.dpi or (PAPER_DPI if unit == "mm" else SCREEN_DPI)
    per_inch = MM_PER_INCH if unit == "mm" else dpi
    return Figure(
        width / per_inch, height / per_inch, dpi, options.font_size, options.line_width, options.transparent
    )


def add_render(commands: argparse._SubParsersAction[Any]) -> None:
    """Add ``ganviz render``."""
    render = commands.add_parser("render", help="draw a view of a saved run, or all of them")
    render.add_argument("file", type=file_of_run, metavar="FILE.ganviz")
    render.add_argument(
        "--view",
        required=True,
        metavar="KEY",
        help="ganviz list views; all: each that has a meaning for the run",
    )
    render.add_argument(
        "--out", type=file, required=True, metavar="FILE",
        help="plot.png, plot.svg or plot.pdf; plot.gif, .webp or .mp4 shows the whole run; a folder for --view all",
    )  # fmt: skip
    render.add_argument(
        "--format", choices=[ending[1:] for ending in PICTURES], help="of the files of --view all (pdf)"
    )
    render.add_argument("--force", action="store_true", help="overwrite files of these names")
    add_figure_options(render)
    render.add_argument(
        "--with-data", action="store_true", help="write the values behind the figure beside it, as CSV"
    )
    render.add_argument(
        "--along", choices=("step", *PROGRESS), default="step", help="what charts lay steps along (step)"
    )
    render.add_argument(
        "--beside", action="append", default=[], type=file_of_run, metavar="FILE.ganviz",
        help="another saved run for a chart to draw too, dashed; give it again for more",
    )  # fmt: skip
    low, high = LENGTHS_S
    render.add_argument(
        "--length", type=number_between(low, high, "seconds"), metavar="S",
        help="of an animation, in seconds (0.12 a step and 1.5 for the last)",
    )  # fmt: skip
    render.add_argument(
        "--log-time", action="store_true", help="let an animation's time go with the logarithm of the step"
    )
    _add_background(render)


def add_report(commands: argparse._SubParsersAction[Any]) -> None:
    """Add ``ganviz report``."""
    report = commands.add_parser(
        "report",
        help="write a run or a sweep as one HTML file",
        description="Writes what happens, figures, pictures and settings of a saved run, or of a sweep, as one HTML "
        "file that refers to nothing outside of it.",
    )
    report.add_argument(
        "source",
        type=file,
        metavar="FILE.ganviz|DIR",
        help="a saved run, its folder, or the folder of a sweep",
    )
    report.add_argument("--out", type=file, required=True, metavar="FILE.html", help="write it there")
    report.add_argument("--force", action="store_true", help="overwrite a file of this name")
    _add_background(report)


def _add_background(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--background",
        action="store_true",
        help="give way to other programs, and print before each picture how many are drawn",
    )

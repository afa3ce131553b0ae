"""Pictures of views: PNG in any scale, SVG and PDF as drawings with their text as text, and the clipboard."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator

from ganviz import __version__
from ganviz.session.exporting import write_notes
from ganviz.session.figure import MM_PER_INCH, Figure
from ganviz.spec import InvalidValueError
from ganviz.training.atomic import atomic_path
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.copying import COPIED
from ganviz.views.bases.figure_painter import POINTS_PER_INCH, canvas_size, paint_figure
from ganviz.views.look.theme import Theme
from ganviz.views.plot.values import Values

ENDINGS = (".png", ".svg", ".pdf")
LARGEST_PX = 16384
UNSEEN_SIZE = QSize(640, 420)
"""Of plots that have no size on screen."""


def view_image(view: AbstractPaintedView, size: QSize, theme: Theme, scale: float = 1.0) -> QImage:
    """Return the view painted at ``size``, in ``scale`` times as many pixels.

    Raises
    ------
    InvalidValueError
        When the picture would be too large or empty.
    """
    return figure_image(view, Figure.of_pixels(size.width(), size.height(), scale), theme)


def figure_image(view: AbstractPaintedView, figure: Figure, theme: Theme) -> QImage:
    """Return the view as a figure in pixels.

    Raises
    ------
    InvalidValueError
        When the picture would be too large or empty, or its letters are too large for it.
    """
    width, height = figure.pixels
    if not (0 < width <= LARGEST_PX and 0 < height <= LARGEST_PX):
        raise InvalidValueError(
            f"A picture of {width} × {height} pixels cannot be made; "
            f"each side must be between 1 and {LARGEST_PX}."
        )
    kind = QImage.Format.Format_ARGB32_Premultiplied if figure.is_transparent else QImage.Format.Format_RGB32
    image = QImage(width, height, kind)
    image.fill(Qt.GlobalColor.transparent)
    image.setDevicePixelRatio(width / canvas_size(view, figure).width())
    paint_figure(view, image, figure, theme)
    return image


def export_view(
    view: AbstractPaintedView,
    path: Path,
    *,
    size: QSize | None = None,
    scale: float = 1.0,
    figure: Figure | None = None,
    theme: Theme | None = None,
    settings: str = "",
) -> None:
    """Write the view to ``path``, whose ending chooses PNG, SVG or PDF; ``settings`` is carried inside.

    It looks as on screen at ``size``, with a PNG of ``scale`` times as many pixels, or as ``figure`` says.

    Raises
    ------
    InvalidValueError
        When the ending is another one or the size cannot be made.
    FileError
        When the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InvalidValueError(f"{path.name!r} must end in {', '.join(ENDINGS)}.")
    size, theme = size or view.canvas.size(), theme or view.theme
    figure = figure or Figure.of_pixels(size.width(), size.height(), scale)
    if ending == ".png":
        content = _png(figure_image(view, figure, theme), figure.dpi, view.title, settings)
    elif ending == ".svg":
        content = figure_svg(view, figure, theme, settings)
    else:
        content = _pdf(view, figure, theme, settings)
    # Qt's own writers do not notice a full disk.
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def export_values(values: Values, path: Path, settings: str, moment: str) -> None:
    """Write what a view shows as CSV, with the settings below the table; raise FileError where that cannot be."""
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as text,
    ):
        text.write(values.csv())
        write_notes(text, settings, moment)


def _png(image: QImage, dpi: float, title: str, settings: str) -> bytes:
    # Not before it is painted: letters would grow with the dots in an inch.
    image.setDotsPerMeterX(round(dpi * 1000 / MM_PER_INCH))
    image.setDotsPerMeterY(round(dpi * 1000 / MM_PER_INCH))
    image.setText("Title", title)
    image.setText("Software", f"ganviz {__version__}")
    image.setText("Settings", settings)
    buffer = _buffer()
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def figure_svg(view: AbstractPaintedView, figure: Figure, theme: Theme, settings: str = "") -> bytes:
    """Return the view as a drawing, an SVG file with the settings in it."""
    buffer, generator = _buffer(), QSvgGenerator()
    canvas = canvas_size(view, figure)
    generator.setOutputDevice(buffer)
    generator.setResolution(view.logicalDpiX())
    generator.setSize(canvas.toSize())
    generator.setViewBox(QRectF(0, 0, canvas.width(), canvas.height()))
    generator.setTitle(view.title)
    generator.setDescription(settings)
    paint_figure(view, generator, figure, theme)
    from ganviz.views.plot.svg import (
        clip_svg,  # loads an XML parser, which the start of the window does not wait for
    )

    return clip_svg(bytes(buffer.data().data()), figure.millimeters, view)


def _pdf(view: AbstractPaintedView, figure: Figure, theme: Theme, settings: str) -> bytes:
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(view.logicalDpiX())
    points = QSizeF(figure.width, figure.height) * POINTS_PER_INCH
    page = QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    writer.setTitle(view.title)
    writer.setCreator(f"ganviz {__version__}")
    writer.setDocumentXmpMetadata(_xmp(view.title, settings))
    scale = figure.width * writer.resolution() / canvas_size(view, figure).width()
    paint_figure(view, writer, figure, theme, scale)
    return bytes(buffer.data().data())


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _xmp(title: str, settings: str) -> bytes:
    escaped = escape(title, quote=False), escape(settings, quote=False)
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escaped[0]}</rdf:li></rdf:Alt></dc:title>'
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escaped[1]}</rdf:li></rdf:Alt></dc:description>'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
    return text.encode()


def copy_to_clipboard(view: AbstractPaintedView) -> None:
    """Put the view as it is on screen, at twice the pixels, on the clipboard, which the view tells."""
    QGuiApplication.clipboard().setImage(view_image(view, size_of(view), view.theme, 2.0))
    view.told.emit(COPIED)


def size_of(view: AbstractPaintedView) -> QSize:
    """Return the size on screen; where a dock is so narrow that nothing is left of its plot, another one."""
    size = view.canvas.size()
    return UNSEEN_SIZE if size.isEmpty() else size

"""Pictures of views: PNG in any scale, SVG and PDF as drawings with their text as text, and the clipboard."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator

from ganviz import __version__
from ganviz.spec import InvalidValueError
from ganviz.training.atomic import atomic_path
from ganviz.views.canvas import AbstractPaintedView, painting_on
from ganviz.views.clipping import clip_svg
from ganviz.views.theme import Theme

ENDINGS = (".png", ".svg", ".pdf")
LARGEST_PX = 16384


def view_image(view: AbstractPaintedView, size: QSize, theme: Theme, scale: float = 1.0) -> QImage:
    """Return the view painted at ``size``, in ``scale`` times as many pixels.

    Raises
    ------
    InvalidValueError
        When the picture would be too large or empty.
    """
    pixels = size * scale
    if not (0 < pixels.width() <= LARGEST_PX and 0 < pixels.height() <= LARGEST_PX):
        raise InvalidValueError(
            f"A picture of {pixels.width()} × {pixels.height()} pixels cannot be made; "
            f"each side must be between 1 and {LARGEST_PX}."
        )
    image = QImage(pixels, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    _paint(view, image, size, theme)
    return image


def _paint(view: AbstractPaintedView, device: QPaintDevice, size: QSize, theme: Theme) -> None:
    with painting_on(device) as painter:
        view.paint_canvas(painter, QRectF(0, 0, size.width(), size.height()), theme)
    view.redraw()  # where the pointer reads values is where the last picture had them


def export_view(
    view: AbstractPaintedView,
    path: Path,
    *,
    size: QSize | None = None,
    scale: float = 1.0,
    theme: Theme | None = None,
    settings: str = "",
) -> None:
    """Write the view to ``path``, whose ending chooses PNG, SVG or PDF; ``settings`` is carried inside.

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
    if ending == ".png":
        content = _png(view_image(view, size, theme, scale), view.title, settings)
    elif ending == ".svg":
        content = _svg(view, size, theme, settings)
    else:
        content = _pdf(view, size, theme, settings)
    # Qt's own writers do not notice a full disk.
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def _png(image: QImage, title: str, settings: str) -> bytes:
    image.setText("Title", title)
    image.setText("Software", f"ganviz {__version__}")
    image.setText("Settings", settings)
    buffer = _buffer()
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _svg(view: AbstractPaintedView, size: QSize, theme: Theme, settings: str) -> bytes:
    buffer, generator = _buffer(), QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(view.logicalDpiX())
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(view.title)
    generator.setDescription(settings)
    _paint(view, generator, size, theme)
    return clip_svg(bytes(buffer.data().data()))


def _pdf(view: AbstractPaintedView, size: QSize, theme: Theme, settings: str) -> bytes:
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(view.logicalDpiX())
    points = QSizeF(size) * (72 / view.logicalDpiX())
    page = QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    writer.setTitle(view.title)
    writer.setCreator(f"ganviz {__version__}")
    writer.setDocumentXmpMetadata(_xmp(view.title, settings))
    _paint(view, writer, size, theme)
    return bytes(buffer.data().data())


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _xmp(title: str, settings: str) -> bytes:
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(settings)}</rdf:li></rdf:Alt></dc:description>'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
    return text.encode()


def copy_to_clipboard(view: AbstractPaintedView) -> None:
    """Put the view as it is on screen, at twice the pixels, on the clipboard."""
    QGuiApplication.clipboard().setImage(view_image(view, view.canvas.size(), view.theme, 2.0))

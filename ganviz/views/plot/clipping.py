"""Keeps curves inside their plot on every device, also in SVG, whose generator in Qt knows no clipping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPaintEngine, QPainter

SVG = "http://www.w3.org/2000/svg"
_START, _END = "ganviz-clip", "ganviz-clip-end"
_MARK = re.compile(rf"{_START} (\S+) (\S+) (\S+) (\S+)")


@contextmanager
def clipped(painter: QPainter, area: QRectF) -> Iterator[None]:
    """Let nothing be painted outside ``area``; the painter's state is what it was when this ends."""
    is_svg = painter.paintEngine().type() == QPaintEngine.Type.SVG
    painter.save()
    painter.setClipRect(area)
    if is_svg:
        painter.drawText(QPointF(), f"{_START} {area.x():g} {area.y():g} {area.width():g} {area.height():g}")
    painter.restore()
    painter.save()
    painter.setClipRect(area)
    try:
        yield
    finally:
        painter.restore()
        if is_svg:
            painter.save()
            painter.setOpacity(0.5)
            painter.drawText(QPointF(), _END)
            painter.restore()


def clip_svg(drawing: bytes, size_mm: tuple[float, float]) -> bytes:
    """Turn the marks of :func:`clipped` in what Qt's SVG generator wrote into clip paths.

    Width and height become ``size_mm``: the generator knows whole pixels only.
    """
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ElementTree.fromstring(drawing)
    root.attrib.pop("baseProfile", None)  # the tiny profile has no clip paths
    root.set("version", "1.1")
    for name, side in zip(("width", "height"), size_mm, strict=True):
        root.set(name, f"{side:.6g}mm")
    definitions, body = root.find(f"{{{SVG}}}defs"), root.find(f"{{{SVG}}}g")
    assert definitions is not None
    assert body is not None
    groups, target = list(body), body
    for group in groups:
        body.remove(group)
    for group in groups:
        text = "".join(group.itertext())
        mark = _MARK.search(text)
        if mark:
            name = f"clip{len(definitions) + 1}"
            _define(definitions, name, mark.groups())
            target = ElementTree.SubElement(body, f"{{{SVG}}}g", {"clip-path": f"url(#{name})"})
        elif _END in text:
            target = body
        else:
            target.append(group)
    clipped_drawing: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return clipped_drawing


def _define(definitions: ElementTree.Element, name: str, sides: tuple[str, ...]) -> None:
    clip = ElementTree.SubElement(definitions, f"{{{SVG}}}clipPath", {"id": name})
    ElementTree.SubElement(
        clip, f"{{{SVG}}}rect", dict(zip(("x", "y", "width", "height"), sides, strict=True))
    )

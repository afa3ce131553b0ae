"""Puts clip paths into SVG drawings. A module of its own: the XML parser is loaded when the first one is written."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from PySide6.QtGui import QFont, QFontMetricsF, QPaintDevice

from ganviz.views.plot.clipping import END, START

SVG = "http://www.w3.org/2000/svg"
_MARK = re.compile(rf"{START} (\S+) (\S+) (\S+) (\S+)")


def clip_svg(drawing: bytes, size_mm: tuple[float, float], letters_of: QPaintDevice) -> bytes:
    """Turn the marks of :func:`ganviz.views.plot.clipping.clipped` in what Qt's SVG generator wrote into clip paths.

    Width and height become ``size_mm``: the generator knows whole pixels only. It also names a family of letters
    without another one for where that is not known, which then would be letters with serifs, and gives each piece of a
    line its place: with ``textLength`` the letters of another family are as wide and do not run into the next piece.
    The drawing was made at the resolution of ``letters_of``.
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
    for element in root.iter():
        if family := element.get("font-family"):
            if element.tag == f"{{{SVG}}}text" and element.text:
                element.set("textLength", f"{_length(element, family, letters_of):.2f}")
                element.set("lengthAdjust", "spacingAndGlyphs")
            element.set("font-family", f"{family}, sans-serif")
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
        elif END in text:
            target = body
        else:
            target.append(group)
    clipped_drawing: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return clipped_drawing


def _length(text: ElementTree.Element, family: str, letters_of: QPaintDevice) -> float:
    """Return how wide Qt has drawn a piece of a line, in the drawing's pixels."""
    font = QFont(family)
    font.setPointSizeF(float(text.get("font-size", "10")) * 72 / letters_of.logicalDpiX())
    font.setWeight(QFont.Weight(int(text.get("font-weight", "400"))))
    font.setItalic(text.get("font-style") == "italic")
    return QFontMetricsF(font, letters_of).horizontalAdvance(text.text or "")


def _define(definitions: ElementTree.Element, name: str, sides: tuple[str, ...]) -> None:
    clip = ElementTree.SubElement(definitions, f"{{{SVG}}}clipPath", {"id": name})
    ElementTree.SubElement(
        clip, f"{{{SVG}}}rect", dict(zip(("x", "y", "width", "height"), sides, strict=True))
    )

"""Puts clip paths into SVG drawings. A module of its own: the XML parser is loaded when the first one is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from PySide6.QtGui import QFont, QFontMetricsF, QPaintDevice

from ganviz.views.plot.clipping import END, START

SVG = "http://www.w3.org/2000/svg"
_TEXT = f"{{{SVG}}}text"
_OWN = ("fill", "fill-opacity", "font-family", "font-size", "font-weight", "font-style")
_NEAR = 0.1
_MARK = re.compile(rf"{START} (\S+) (\S+) (\S+) (\S+)")


def clip_svg(drawing: bytes, size_mm: tuple[float, float], letters_of: QPaintDevice) -> bytes:
    """Turn the marks of :func:`ganviz.views.plot.clipping.clipped` in what Qt's SVG generator wrote into clip paths.

    Width and height become ``size_mm``: the generator knows whole pixels only. It also names a family of letters
    without another one for where that is not known, which then would be letters with serifs, and gives each piece of a
    line its place; they become one text: with ``textLength`` it is as wide in letters of another family.
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
            if element.tag == _TEXT and element.text:
                element.set("textLength", f"{_length(element, family, letters_of):.2f}")
                element.set("lengthAdjust", "spacingAndGlyphs")
            element.set("font-family", f"{family}, sans-serif")
    groups, target = list(body), body
    for group in groups:
        body.remove(group)
    for group in _joined(groups):
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


def _joined(groups: Iterable[ElementTree.Element]) -> Iterator[ElementTree.Element]:
    """Yield the groups, with pieces that follow each other in a line as one text.

    Programs that do not know ``textLength``, or have no such letters, then keep the order: a subscript stays behind its
    letter. A reader copies the line as one.
    """
    last: ElementTree.Element | None = None
    for group in groups:
        _join_inside(group)
        if last is not None and _is_line(group) and _continues(last, group):
            _append(last[0], group[0])
            continue
        last = group if _is_line(group) else None
        yield group


def _join_inside(group: ElementTree.Element) -> None:
    """Join the pieces of a group: Qt writes a new one where the script changes."""
    line: ElementTree.Element | None = None
    for one in list(group):
        if line is not None and _is_piece(one) and _follows(line, one):
            _append(line, one)
            group.remove(one)
        else:
            line = one if _is_piece(one) else None


def _is_piece(element: ElementTree.Element) -> bool:
    """Return whether this is a piece of a line, which was given its length."""
    return element.tag == _TEXT and "textLength" in element.attrib


def _is_line(group: ElementTree.Element) -> bool:
    return len(group) == 1 and _is_piece(group[0])


def _continues(last: ElementTree.Element, group: ElementTree.Element) -> bool:
    return last.get("transform") == group.get("transform") and _follows(last[0], group[0])


def _follows(line: ElementTree.Element, piece: ElementTree.Element) -> bool:
    """Return whether a piece begins where a line ends, on it or hardly below or above."""
    (x, y), (start, baseline) = _place(piece), _place(line)
    end, size = start + float(line.get("textLength", "0")), float(line.get("font-size", "10"))
    return abs(x - end) < _NEAR and abs(y - baseline) < size / 2


def _place(text: ElementTree.Element) -> tuple[float, float]:
    return float(text.get("x", "0")), float(text.get("y", "0"))


def _append(line: ElementTree.Element, piece: ElementTree.Element) -> None:
    """Make a piece the end of a line."""
    length = float(line.get("textLength", "0")) + float(piece.get("textLength", "0"))
    line.set("textLength", f"{length:.2f}")
    lowered = sum(float(one.get("dy", "0")) for one in line)
    own = {name: value for name, value in piece.items() if name in _OWN and value != line.get(name)}
    if down := _place(piece)[1] - _place(line)[1] - lowered:
        own["dy"] = f"{down:.6g}"
    ElementTree.SubElement(line, f"{{{SVG}}}tspan", own).text = piece.text
    line.extend(list(piece))  # of a piece that was a line


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

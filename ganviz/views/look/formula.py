"""Formulas as plots set them: text with subscripts, painted as text so that exports keep it."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from ganviz.views.look.theme import scaled

_SUBSCRIPT = re.compile(r"<sub>(.*?)</sub>")
_SUPERSCRIPT = re.compile(r"<sup>(.*?)</sup>")
_SPACE = re.compile(r" (?![^<]*</su[bp]>)")
_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile("(?:\\b\\d )?\\bln \\d|\u202f")
LONGEST_TERM = 32
_SYMBOL = re.compile(r"([Lθ])_([DG])")


@lru_cache(maxsize=256)
def formula_runs(markup: str) -> tuple[tuple[str, int], ...]:
    """Split HTML with ``<sub>`` and ``<sup>`` into texts and their level (-1 below, 0 on, 1 above the line)."""
    marked = _SUPERSCRIPT.sub("\x02\\1\x00", _SUBSCRIPT.sub("\x01\\1\x00", markup))
    plain = html.unescape(_TAG.sub("", marked))
    found: list[tuple[str, int]] = []
    level = 0
    for piece in re.split("([\x00\x01\x02])", plain):
        if piece in ("\x00", "\x01", "\x02"):
            level = {"\x00": 0, "\x01": -1, "\x02": 1}[piece]
        elif piece:
            found.append((piece, level))
    return tuple(found)


def plain_formula(markup: str) -> str:
    """Return a formula without markup, for labels that cannot have any: ``L<sub>D</sub>`` → ``L_D``."""
    return "".join(
        f"_{text}" if level < 0 else f"^{text}" if level > 0 else text for text, level in formula_runs(markup)
    )


@lru_cache(maxsize=2048)
def formula_width(markup: str, font: QFont) -> float:
    """Return the width of a formula in pixels; kept, for legends ask the same ones many times in each picture."""
    small = scaled(font, 0.74)
    fonts = {0: QFontMetricsF(font), -1: QFontMetricsF(small), 1: QFontMetricsF(small)}
    return sum(fonts[level].horizontalAdvance(text) for text, level in formula_runs(markup))


def draw_formula(painter: QPainter, baseline: QPointF, markup: str, font: QFont) -> float:
    """Draw a formula in the painter's pen from ``baseline`` on; return its width in pixels."""
    small = scaled(font, 0.74)
    shift = QFontMetricsF(font).xHeight()
    x = baseline.x()
    for text, level in formula_runs(markup):
        used = small if level else font
        painter.setFont(used)
        painter.drawText(
            QPointF(x, baseline.y() - level * (shift * 0.35 if level < 0 else shift * 0.75)), text
        )
        x += QFontMetricsF(used).horizontalAdvance(text)
    return x - baseline.x()


def has_symbols(text: str) -> bool:
    """Return whether plain words have L_D, L_G or the like in them."""
    return _SYMBOL.search(text) is not None


def subscripted(text: str) -> str:
    """Return plain words as a formula in which L_D, L_G and θ_G have their subscripts."""
    return _SYMBOL.sub(r"\1<sub>\2</sub>", html.escape(text))


def markup_of(words: str) -> str:
    """Return plain words as a label's markup, with subscripts, in which no line ends within a number.

    A label takes thin spaces for some at which lines may end, and would end one within 2 ln 2.
    """
    return _NUMBER.sub(lambda found: re.sub("[ \u202f]", "&nbsp;", found[0]), subscripted(words))


def with_whole_terms(markup: str) -> str:
    """Return a formula as a label's markup whose lines end between terms, and not within brackets.

    A term of more than :data:`LONGEST_TERM` letters may be broken anywhere: a label is as wide as its longest word.
    """
    terms, depth, is_norm = [""], 0, False
    for piece in re.split("(<[^>]*>|[()‖ ])", markup):
        is_norm ^= piece == "‖"
        depth += (piece == "(") - (piece == ")") + (piece == "‖") * (1 if is_norm else -1)
        if piece == " " and not depth and terms[-1].endswith((",", ":", ";")):
            terms.append("")
        elif piece[:1] in ("+", "−", "=") and not depth and terms[-1].endswith(" "):
            terms[-1] = terms[-1][:-1]
            terms.append(piece)
        else:
            terms[-1] += piece
    is_short = [len(plain_formula(term)) <= LONGEST_TERM for term in terms]
    return " ".join(
        _unbroken(term) if is_whole else term for term, is_whole in zip(terms, is_short, strict=True)
    )


def _unbroken(term: str) -> str:
    """Return a term that stays on one line: also after a slash one could end, unless a joiner of words follows."""
    return re.sub("(?<!<)/", "/&#8288;", term.replace(" ", "&nbsp;"))


def draw_words(painter: QPainter, box: QRectF, text: str, align: Qt.AlignmentFlag) -> None:
    """Draw plain words with their subscripts on one line of ``box``; cut where they find no room."""
    font, markup = painter.font(), subscripted(text)
    width, metrics = formula_width(markup, font), QFontMetricsF(font)
    if width > box.width():
        # Cut as plain words, which are never narrower than with subscripts.
        markup = subscripted(metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width()))
        width = formula_width(markup, font)
    x = box.left()
    if align & Qt.AlignmentFlag.AlignRight:
        x = box.right() - width
    elif align & Qt.AlignmentFlag.AlignHCenter:
        x = box.center().x() - width / 2
    draw_formula(
        painter, QPointF(x, box.center().y() + (metrics.ascent() - metrics.descent()) / 2), markup, font
    )
    painter.setFont(font)


def formula_lines(markup: str, font: QFont, width: float) -> list[str]:
    """Return markup in lines of at most ``width`` pixels, broken at spaces; a longer word is kept whole."""
    lines: list[str] = []
    for word in _SPACE.split(markup):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and formula_width(longer, font) <= width:
            lines[-1] = longer
        elif word:
            lines.append(word)
    return lines


def draw_vertical_words(painter: QPainter, left: float, area: QRectF, text: str) -> None:
    """Draw plain words with their subscripts upwards beside ``area``, centered, with their left edge at ``left``."""
    painter.save()
    painter.translate(left, area.center().y())
    painter.rotate(-90)
    height = QFontMetricsF(painter.font()).height()
    box = QRectF(-area.height() / 2, 0, area.height(), height)
    draw_words(painter, box, text, Qt.AlignmentFlag.AlignHCenter)
    painter.restore()

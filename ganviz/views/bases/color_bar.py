"""The legend of a surface: its colors, with the values that they stand for."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import Enum, auto

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from ganviz.views.bases.planes import ScoreRange
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import Fonts, draw_text, first_fitting, line_height, number, text_width
from ganviz.views.plot.scales import tick_text

BAR_PX = 10.0
BAR_ROOM = 78.0
"""Width that a bar takes beside a picture: a gap of ``BAR_GAP``, the bar, its ticks and its title."""
BAR_GAP = 12.0
SLIM_ROOM = 56.0
"""What a bar without words takes."""
BELOW_GAP, TICK_PX = 6.0, 3.0
"""Between a picture's axis and a bar below it; length of a tick."""
TICK_GAP, WORDS_GAP = 6.0, 2.0
"""Between a bar and its ticks' labels, and between those and the words beside them."""
WITHOUT_WORDS_PX = 150.0
"""A bar that is not higher has no words."""


def bar_ticks(shown: ScoreRange) -> list[tuple[float, str]]:
    """Return the position (0 … 1) and the text of each tick."""
    if shown.is_probability:
        return [(0.0, "0"), (0.25, "¼"), (0.5, "½"), (0.75, "¾"), (1.0, "1")]
    if shown.is_mean:
        reach = _short(shown.reach)
        return [(0.0, f"−{reach}"), (0.5, "mean"), (1.0, f"+{reach}")]
    values = (shown.center - shown.reach, shown.center, shown.center + shown.reach)
    return [(i / 2, _short(v) if abs(v) >= 1e-3 else number(v, 0)) for i, v in enumerate(values)]


def _short(value: float) -> str:
    """Return a tick's label with three figures, for which there is room beside a bar."""
    return tick_text(float(f"{value:.3g}"))


def bar_title(shown: ScoreRange) -> str:
    """Return what the colors stand for."""
    if shown.title:
        return shown.title
    if shown.is_mean:
        return f"score from the batch’s mean, {number(shown.center, 2)}"
    return f"{shown.symbol}, probability" if shown.is_probability else "score"


def bar_room(ranges: Iterable[ScoreRange], fonts: Fonts, *, is_slim: bool = False) -> float:
    """Return the width that bars of these ranges take beside a picture: ``BAR_ROOM`` or what larger letters need.

    A slim one has no words beside its ticks. Scores that change their ticks while a run trains do not change it.
    """
    letters = 0.0
    for shown in ranges:
        texts = [text for _, text in bar_ticks(shown)] if shown.is_probability else ["−0.05", "−5e−5"]
        ticks = max(text_width(fonts.tick, text) for text in texts)
        beside = 0.0 if is_slim else WORDS_GAP + line_height(fonts.label)
        whole = 0.0 if is_slim or shown.is_probability else text_width(fonts.tick, "+5·10⁻⁴")
        letters = max(letters, ticks + beside, whole)
    return max(SLIM_ROOM if is_slim else BAR_ROOM, BAR_GAP + BAR_PX + TICK_GAP + math.ceil(letters))


def bar_height(fonts: Fonts, *, is_slim: bool = False) -> float:
    """Return the height that a bar takes below a picture and its axis; a slim one has no words below its ticks."""
    words = 0.0 if is_slim else WORDS_GAP + line_height(fonts.label)
    return BELOW_GAP + BAR_PX + TICK_PX + 1 + line_height(fonts.tick) + words + 2 * WORDS_GAP


def draw_level_bar(painter: QPainter, area: QRectF, shown: ScoreRange, theme: Theme, fonts: Fonts) -> None:
    """Draw the bar at the top of ``area`` with its ticks, and below these, where there is room, what it means."""
    bar = QRectF(area.left(), area.top() + BELOW_GAP, area.width(), BAR_PX)
    colors = np.ascontiguousarray(theme.surface_lut.reshape(1, -1))
    _draw_colors(painter, bar, QImage(colors.data, 256, 1, 4 * 256, QImage.Format.Format_RGB32), theme)
    painter.setFont(fonts.tick)
    ticks, height = bar_ticks(shown), line_height(fonts.tick)
    widest = max(text_width(fonts.tick, text) for _, text in ticks)
    ticks = ticks if area.width() > (len(ticks) + 0.5) * widest else ticks[:: len(ticks) - 1]
    for share, whole in ticks:
        text = first_fitting(fonts.tick, area.width() / len(ticks) - 4, *_ever_shorter(shown, whole))
        x, width = bar.left() + share * bar.width(), text_width(fonts.tick, text) + 2
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + TICK_PX))
        left = min(max(x - width / 2, area.left()), area.right() - width)
        place = QRectF(left, bar.bottom() + TICK_PX + 1, width, height)
        draw_text(painter, place, text, Qt.AlignmentFlag.AlignHCenter)
    top = bar.bottom() + TICK_PX + 1 + height + WORDS_GAP
    line = line_height(fonts.label)
    if area.bottom() - top > line - 1:
        _draw_words(
            painter, QRectF(area.left(), top, area.width(), line), shown, _titles(shown), theme, fonts
        )


def _titles(shown: ScoreRange) -> tuple[str, ...]:
    """Return what the colors stand for, in ever fewer words."""
    return (bar_title(shown), "from the mean")[: 1 + shown.is_mean]


def _draw_colors(painter: QPainter, bar: QRectF, image: QImage, theme: Theme) -> None:
    painter.drawImage(bar, image)
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)


def draw_vertical_bar(painter: QPainter, area: QRectF, shown: ScoreRange, theme: Theme, fonts: Fonts) -> None:
    """Draw the bar at the left of ``area`` with ticks and title to its right, and what its ends mean."""
    bar = QRectF(area.left(), area.top(), BAR_PX, area.height())
    colors = np.ascontiguousarray(theme.surface_lut[::-1].reshape(-1, 1))
    _draw_colors(painter, bar, QImage(colors.data, 1, 256, 4, QImage.Format.Format_RGB32), theme)
    painter.setFont(fonts.tick)
    height, room = line_height(fonts.tick), area.right() - bar.right() - TICK_GAP
    ticks = bar_ticks(shown)
    ticks = ticks if area.height() > 5 * height else ticks[:: len(ticks) - 1]
    ticks = [(share, first_fitting(fonts.tick, room, *_ever_shorter(shown, text))) for share, text in ticks]
    words = _place_of_words(area, shown, ticks, room, fonts)
    for share, text in ticks[::2] if words is Words.BETWEEN else ticks:
        y = bar.bottom() - share * bar.height()
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + TICK_PX, y))
        top = min(max(y - height / 2, area.top() - 2), area.bottom() - height + 2)
        draw_text(painter, QRectF(bar.right() + TICK_GAP, top, 60, height), text, Qt.AlignmentFlag.AlignLeft)
    titles = _titles(shown)
    if words is Words.BETWEEN:
        titles, area = (), area.adjusted(0, height, 0, -height)
    if words is not Words.NOWHERE:
        _draw_sideways(painter, area, shown, titles, theme, fonts)


class Words(Enum):
    """Where the words of a bar stand: beside its ticks, between them, or there is no room for them."""

    BESIDE = auto()
    BETWEEN = auto()
    NOWHERE = auto()


def _place_of_words(
    area: QRectF, shown: ScoreRange, ticks: list[tuple[float, str]], room: float, fonts: Fonts
) -> Words:
    """Return where words lie on no tick."""
    line, longest = line_height(fonts.label), max(text_width(fonts.label, end) for end in shown.ends)
    if area.height() <= max(WITHOUT_WORDS_PX, 2 * longest + WORDS_GAP) or line > room:
        return Words.NOWHERE
    if max(text_width(fonts.tick, text) for _, text in ticks) + WORDS_GAP + line <= room:
        return Words.BESIDE
    between = area.height() / 2 - 1.5 * line_height(fonts.tick)
    return Words.BETWEEN if longest + WORDS_GAP <= between else Words.NOWHERE


def _ever_shorter(shown: ScoreRange, text: str) -> tuple[str, ...]:
    """Return a tick's label, a small number's shorter one (5e−3), and what is left where there is no room for it."""
    sign = text[0] if text[0] in "+−" else ""
    ends = (shown.reach,) if shown.is_mean else (shown.center - shown.reach, shown.center + shown.reach)
    values = (value for value in ends if 0 < abs(value) < 0.1 and _short(abs(value)) == text.lstrip("+−"))
    return text, *(f"{sign}{_in_powers(abs(value))}" for value in values), sign


def _in_powers(value: float) -> str:
    """Return a number below 1 without its zeros."""
    mantissa, exponent = f"{value:.2e}".split("e-")
    return f"{mantissa.rstrip('0').rstrip('.')}e−{int(exponent)}"


def _draw_sideways(
    painter: QPainter, area: QRectF, shown: ScoreRange, titles: tuple[str, ...], theme: Theme, fonts: Fonts
) -> None:
    height = line_height(fonts.label)
    painter.save()
    painter.translate(area.right() - height, area.center().y())
    painter.rotate(-90)
    row = QRectF(-area.height() / 2, 0, area.height(), height)
    _draw_words(painter, row, shown, titles, theme, fonts)
    painter.restore()


def _draw_words(
    painter: QPainter, row: QRectF, shown: ScoreRange, titles: tuple[str, ...], theme: Theme, fonts: Fonts
) -> None:
    """Write what the ends of a bar mean, and between them what its colors stand for, where there is room."""
    ends = shown.ends
    painter.setFont(fonts.label)
    taken = 2 * max(text_width(fonts.label, end) for end in ends)  # the title stands in the middle of the bar
    if taken > row.width():
        return
    painter.setPen(theme.letters("generated"))
    draw_text(painter, row, ends[0], Qt.AlignmentFlag.AlignLeft)
    painter.setPen(theme.letters("real"))
    draw_text(painter, row, ends[1], Qt.AlignmentFlag.AlignRight)
    if title := first_fitting(fonts.label, row.width() - taken - 30, *titles):
        painter.setPen(QColor(theme.muted))
        draw_text(painter, row, title, Qt.AlignmentFlag.AlignHCenter)

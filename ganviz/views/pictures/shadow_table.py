"""A lane's shadow losses now: a row a loss, its value, the norm of its gradient on a log axis, its cosines."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.training.config import RunConfig
from ganviz.training.probes.shadow_gradients import ShadowGradients
from ganviz.views.bases.lane_names import LaneName
from ganviz.views.look.formula import draw_words, formula_width, subscripted
from ganviz.views.look.theme import Theme
from ganviz.views.plot.plotting import (
    Fonts,
    draw_text,
    first_fitting,
    line_height,
    number,
    text_width,
    translucent,
)

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


def draw_table(
    painter: QPainter,
    box: QRectF,
    found: ShadowGradients,
    of: tuple[int, LaneName, Sequence[tuple[int, str]]],
    words: tuple[str, str],
    decades: tuple[float, float],
    theme: Theme,
    fonts: Fonts,
) -> None:
    """Draw the rows of a lane: ``of`` is its number, its name, and places and names of its losses.

    ``words`` stand below where there is room; ``decades`` are those of :func:`decades_of` all lanes that go on.
    """
    lane, title, rows = of
    n_lines = int(box.height() / line_height(fonts.tick))
    if n_lines < len(rows) + 1 + bool(words[0]):
        rows, words = rows[: max(1, n_lines - 1)], ("", "")
    step = min(26.0, box.height() / (len(rows) + 1 + bool(words[0])))
    left = min(max(text_width(fonts.strong, name) for _, name in rows) + 10, 0.38 * box.width())
    values, norms = (list(map(number, one[lane].tolist())) for one in (found.values, found.norms))
    widest = max(text_width(fonts.strong, text) for text in ("−00.000", *values, *norms))
    number_px, cosine_px = widest + 8, text_width(fonts.label, "−1.00") + 6
    n = len(rows) if box.width() > left + 2 * number_px + len(rows) * cosine_px + 90 else 1
    width = max(box.width() - left - 2 * number_px - n * cosine_px, 0.0)
    bar = QRectF(box.left() + left + number_px, box.top(), width, step)
    _draw_heads(painter, box, bar, step, n * cosine_px, theme, fonts)
    known = [k for k, _ in rows[:n]]
    for i, (k, name) in enumerate(rows):
        y = box.top() + (i + 1) * step
        painter.setFont(fonts.label)
        painter.setPen(QColor(theme.muted))
        place = QRectF(box.left(), y, left - 6, step)
        if i == 0:
            title.draw(painter, place, theme, fonts)
        else:
            draw_text(painter, place, name, LEFT, elide=True)
        painter.setPen(QColor(theme.text))
        painter.setFont(fonts.strong if i == 0 else fonts.label)
        draw_text(painter, QRectF(box.left() + left, y, number_px - 8, step), values[k], RIGHT)
        draw_text(painter, QRectF(bar.right(), y, number_px - 6, step), norms[k], RIGHT)
        norm = float(found.norms[lane, k])
        _draw_norm(painter, bar.translated(0, (i + 1) * step), norm, decades, theme, is_trained=k == 0)
        cell = QRectF(box.right() - n * cosine_px, y, cosine_px, step)
        _draw_cosines(painter, cell, found.cosines[lane, k][known], theme, fonts)
    below = QRectF(box.left(), box.top() + (len(rows) + 1) * step, box.width(), step)
    painter.setFont(fonts.tick)
    painter.setPen(QColor(theme.muted))
    shown = first_fitting(fonts.tick, below.width(), *words) or words[-1]
    draw_text(painter, below, shown, LEFT, elide=True)


def _draw_norm(
    painter: QPainter,
    cell: QRectF,
    norm: float,
    decades: tuple[float, float],
    theme: Theme,
    *,
    is_trained: bool,
) -> None:
    """Draw a norm as a bar on the decades."""
    low, high = decades
    share = (math.log10(norm) - low) / (high - low) if norm > 0 and math.isfinite(norm) else 0.0
    bar = QRectF(cell.left(), cell.top() + 4, cell.width(), max(cell.height() - 8, 3.0))
    painter.fillRect(bar, QColor(theme.grid))
    filled = QRectF(bar.left(), bar.top(), bar.width() * min(max(share, 0.0), 1.0), bar.height())
    painter.fillRect(filled, translucent(theme.line("g_loss"), 1.0 if is_trained else 0.45))


def _draw_heads(
    painter: QPainter, box: QRectF, bar: QRectF, step: float, right: float, theme: Theme, fonts: Fonts
) -> None:
    painter.setFont(fonts.tick)
    painter.setPen(QColor(theme.muted))
    top = box.top()
    draw_words(painter, QRectF(bar.left() - 90, top, 82, step), "L_G", RIGHT)
    room = QRectF(bar.left(), top, box.right() - right - 8 - bar.left(), step)  # above its numbers, too
    name, scale = "‖∂L_G/∂θ_G‖", ", log scale"
    is_fitting = formula_width(subscripted(name + scale), fonts.tick) <= room.width()
    draw_words(painter, room, name + scale if is_fitting else name, LEFT)
    draw_text(painter, QRectF(box.right() - right, top, right, step), "cosine", RIGHT, elide=True)


def _draw_cosines(painter: QPainter, cell: QRectF, cosines: np.ndarray, theme: Theme, fonts: Fonts) -> None:
    """Write cosines on blue where directions agree, on vermillion where they do not."""
    painter.setFont(fonts.label)
    for j, value in enumerate(cosines.tolist()):
        box = cell.translated(j * cell.width(), 0)
        if math.isfinite(value):
            color = theme.line("real" if value > 0 else "generated")
            painter.fillRect(box.adjusted(1, 1, -1, -1), translucent(color, 0.3 * abs(value)))
        painter.setPen(QColor(theme.text))
        draw_text(painter, box.adjusted(0, 0, -4, 0), number(value, 2), RIGHT)


def pair_words(config: RunConfig, found: ShadowGradients, lane: int) -> tuple[str, str]:
    """Return by how much the saturating and the non-saturating slope differ, and the same in short.

    Nothing is said where scores are no logits.
    """
    t = float(found.mean_score[lane])
    if config.lanes[lane].formulation.loss.score_kind != "logit" or not math.isfinite(t):
        return "", ""
    factor, at = number(math.exp(min(-t, 50)), 2), number(t, 2)
    return (
        f"At the mean score t = {at} non-saturating is e⁻ᵗ = {factor} times as steep as saturating.",
        f"t = {at}: non-saturating is {factor} times as steep.",
    )


def decades_of(norms: np.ndarray) -> tuple[float, float]:
    """Return the whole decades, as exponents, that hold every norm."""
    known = norms[np.isfinite(norms) & (norms > 0)]
    if not known.size:
        return -1.0, 0.0
    low, high = math.floor(math.log10(known.min()) - 0.01), math.ceil(math.log10(known.max()))
    return float(low), float(max(high, low + 1))

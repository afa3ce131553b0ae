"""A small picture of one lane's samples at a keyframe."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ganviz.data.base import AbstractDistribution
from ganviz.data.kinds import Image
from ganviz.spec.words import grouped
from ganviz.training.probes.base import FloatArray
from ganviz.training.probes.samples import EarlierSamples
from ganviz.views.bases.planes import Frame, Marker, draw_markers
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.digits_layout import draw_images, mosaic
from ganviz.views.pictures.phase_points import Array
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.plotting import Fonts, draw_text, first_fitting, line_height

N_POINTS, N_IMAGES = 160, 9
"""How many samples are shown of points, and of images."""


def draw_small_samples(
    painter: QPainter,
    box: QRectF,
    data: AbstractDistribution,
    samples: EarlierSamples,
    lane: int,
    theme: Theme,
    fonts: Fonts,
) -> None:
    """Paint a lane's samples over real ones below a line that says of which keyframe they are."""
    painter.setPen(QPen(QColor(theme.border), 1))
    painter.setBrush(QColor(theme.base))
    painter.drawRoundedRect(box.adjusted(-4, -2, 4, 4), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(fonts.tick)
    painter.setPen(QColor(theme.muted))
    step, line = grouped(samples.at_step), line_height(fonts.tick)
    words = first_fitting(fonts.tick, box.width(), f"samples at keyframe {step}", f"keyframe {step}", step)
    draw_text(painter, QRectF(box.left(), box.top(), box.width(), line), words, Qt.AlignmentFlag.AlignLeft)
    place, generated = box.adjusted(0, line + 4, 0, 0), samples.generated[lane]
    if isinstance(data.kind, Image):
        columns = math.isqrt(len(generated))
        edges = np.full(len(generated), QColor(theme.border).rgb(), dtype=np.uint32)
        draw_images(painter, place, mosaic(generated, edges, columns, theme, is_photo=data.kind.is_photo))
        return
    frame = Frame.of(place, data.extent)
    with clipped(painter, place):
        for role, points, level in (("real", samples.real, 0.7), ("generated", generated, 0.3)):
            x, y = _pixels(frame, points, level)
            draw_markers(painter, x, y, Marker(getattr(theme, role), theme.base, role == "real", 1.8))


def _pixels(frame: Frame, points: FloatArray, level: float) -> tuple[Array, Array]:
    """Return where points are; those of a line all stand at a share of the height."""
    if points.shape[1] > 1:
        return frame.points(points)
    x = frame.x.pixels(points[:, 0])
    return x, np.full_like(x, frame.area.top() + level * frame.area.height())

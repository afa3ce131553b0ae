"""A small picture of what a run generates, for lists: real and generated points, a line's bars, or images."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ganviz.session.exporting import generated_samples

if TYPE_CHECKING:
    from ganviz.data.base import AbstractDistribution
    from ganviz.training.trainer import Trainer

SIDE_PX = 112
"""Twice what a list shows, for screens with small pixels."""
REAL, GENERATED = (0, 114, 178), (213, 94, 0)
"""Blue and orange of Okabe and Ito's palette, as in all views; they are seen on white and on black."""
N_POINTS, N_BARS, IMAGES_A_SIDE = 500, 32, 4

Samples = NDArray[np.float32]


def picture_of(trainer: Trainer) -> bytes:
    """Return a PNG, on nothing, of what the first lane generates, from its first seed's fixed latents."""
    subject, data = trainer.subject(), trainer.config.distribution
    kind = data.kind
    n = IMAGES_A_SIDE**2 if kind.name == "image" else N_POINTS
    made = generated_samples(subject, n)[0]
    if kind.name == "image":
        image = _images(made)
    else:
        draw = _bars if kind.name == "line" else _points
        image = draw(subject.real(n), made, data)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _blank() -> Image.Image:
    return Image.new("RGBA", (SIDE_PX, SIDE_PX), (0, 0, 0, 0))


def _points(real: Samples, made: Samples, data: AbstractDistribution) -> Image.Image:
    image, shown = _blank(), data.extent
    draw = ImageDraw.Draw(image)
    scale = (SIDE_PX - 1) / max(shown.x_max - shown.x_min, shown.y_max - shown.y_min)
    middle = np.array([shown.x_min + shown.x_max, shown.y_min + shown.y_max]) / 2
    for samples, color in ((real, REAL), (made, GENERATED)):
        at = (samples[np.isfinite(samples).all(axis=1)] - middle) * [scale, -scale] + SIDE_PX / 2
        for x, y in at[(np.abs(at) < 2 * SIDE_PX).all(axis=1)].tolist():
            draw.ellipse((x - 1.2, y - 1.2, x + 1.2, y + 1.2), fill=(*color, 190))
    return image


def _bars(real: Samples, made: Samples, data: AbstractDistribution) -> Image.Image:
    image, ends = _blank(), np.linspace(data.extent.x_min, data.extent.x_max, N_BARS + 1)
    draw, width = ImageDraw.Draw(image), SIDE_PX / N_BARS
    counts = [np.histogram(samples[np.isfinite(samples)], ends)[0] for samples in (real, made)]
    highest = max(1, *(int(count.max()) for count in counts))
    for i, n in enumerate(counts[0].tolist()):
        top = SIDE_PX * (1 - 0.95 * n / highest)
        draw.rectangle((i * width, top, (i + 1) * width - 1, SIDE_PX), fill=(*REAL, 190))
    line = [((i + 0.5) * width, SIDE_PX * (1 - 0.95 * n / highest)) for i, n in enumerate(counts[1].tolist())]
    draw.line(line, fill=(*GENERATED, 255), width=4)
    return image


def _images(made: Samples) -> Image.Image:
    """Return the first images in a square."""
    levels = ((np.nan_to_num(made).clip(-1, 1) + 1) * 127.5).astype(np.uint8)
    n, channels, height, width = levels.shape
    side = int(n**0.5)
    grid = levels.reshape(side, side, channels, height, width).transpose(0, 3, 1, 4, 2)
    grid = grid.reshape(side * height, side * width, channels)
    image = Image.fromarray(grid[..., 0] if channels == 1 else grid)
    return image.resize((SIDE_PX, SIDE_PX), Image.Resampling.BILINEAR)

"""Shadow losses: what other losses say of the same scores, how strongly they would push G, and in which direction."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.shadow_gradients import SHADOWS, ShadowGradients, ShadowGradientsProbe
from ganviz.training.probes.shadow_trace import ShadowTrace, ShadowTraceProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import AbstractPaintedView, toggle_button
from ganviz.views.look.formula import draw_words, formula_width, subscripted
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.loss_menu import MOST, LossMenu
from ganviz.views.pictures.shadow_traces import NormsOf, draw_norms, draw_values, trace_values
from ganviz.views.plot.plotting import (
    Fonts,
    draw_text,
    first_fitting,
    line_height,
    number,
    text_width,
    translucent,
)
from ganviz.views.plot.values import Value, Values

CAPTION = "Bold: the trained loss; the others are not trained. L_G of the last batch, gradients at {} fixed latents."
GRADIENTS = "Gradients at {} fixed latents. Bold: the trained loss; the others are not trained."
VALUES = "L_G on the same scores, of every step. Bold: the trained loss; the others are not trained."
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class ShadowsView(AbstractPaintedView):
    """A row a loss: its value, the norm of its gradient on a log axis, its cosines; GUI thread only."""

    key: ClassVar[str] = "shadows"
    is_of_looks: ClassVar[bool] = True
    title: ClassVar[str] = "Shadow losses"
    short_title: ClassVar[str] = "Shadows"
    of_d: ClassVar[str] = "are no scores that other losses could be taken of"

    def __init__(self) -> None:
        super().__init__()
        self._found: ShadowGradients | None = None
        self._norms: NormsOf | None = None
        self._trace: ShadowTrace | None = None
        self._shown: tuple[str, ...] = SHADOWS
        self.losses = LossMenu(
            "Losses to compare",
            f"Chooses up to {MOST} losses that are compared with the trained one.",
            SHADOWS,
        )
        self.losses.keys_changed.connect(self.needs_changed)
        self.controls.addWidget(self.losses)
        self._values = toggle_button(
            "Losses over steps", "Draws every ticked loss on the scores of each step.", checked=False
        )
        self._over_steps = toggle_button(
            "Gradients over steps",
            "Draws the gradients' norms over the steps at which this was seen.",
            checked=False,
        )
        for button, other in ((self._values, self._over_steps), (self._over_steps, self._values)):
            button.toggled.connect(lambda is_on, other=other: is_on and other.setChecked(False))
            button.toggled.connect(self.redraw)
            self.controls.addWidget(button)
        self._values.toggled.connect(self.needs_changed)
        self.controls.addStretch(1)

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the gradients of the ticked losses, and their values over the steps where these are drawn."""
        gradients = ShadowGradientsProbe(self.losses.keys)
        return (gradients, ShadowTraceProbe(self.losses.keys)) if self._values.isChecked() else (gradients,)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the readings, and which losses they are of."""
        trace = snapshot.get(ShadowTrace)
        self._trace = self._trace if trace is None else trace
        for probe, reading in snapshot.readings:
            if isinstance(reading, ShadowGradients) and isinstance(probe, ShadowGradientsProbe):
                self._found, self._shown = reading, probe.losses
                kind, norms = (snapshot.stamp.run, probe.losses), reading.norms.copy()
                norms[[lane for lane in range(len(norms)) if snapshot.stopped_at(lane) is not None]] = np.nan
                self._norms = (
                    NormsOf.begin(kind, snapshot.viewed_step, norms)
                    if self._norms is None
                    else self._norms.grown(kind, snapshot.viewed_step, norms, snapshot.stamp.step)
                )
                return True
        return trace is not None

    def forget(self) -> None:
        """Drop the readings."""
        self._found = self._norms = self._trace = None

    def values(self) -> Values:
        """Return each loss's value, the norm of its gradient, its cosines with all of them; or the curves drawn."""
        others = [ADVERSARIAL_LOSSES[key].title for key in self._shown]
        if self._values.isChecked() and (trace := self._fitting_trace) is not None:
            return trace_values(trace, self.lane_titles(len(trace.now)), ("trained", *others))
        rows: list[tuple[Value, ...]] = []
        if (found := self._found) is not None:
            for lane, title in enumerate(self.lane_titles(len(found.norms))):
                columns = (found.values[lane], found.norms[lane], found.cosines[lane])
                rows += [
                    (title, name, float(value), float(norm), *cosines.tolist())
                    for name, value, norm, cosines in zip(("trained", *others), *columns, strict=True)
                ]
        cosines_with = (f"cosine with {name}" for name in ("the trained one", *others))
        return Values(("lane", "loss", "L_G", "gradient norm", *cosines_with), rows)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint each lane's rows."""
        found, snapshot = self._found, self.snapshot
        if found is None or snapshot is None or len(found.norms) != len(snapshot.config.lanes):
            return
        fonts, n = self.fonts(), len(found.norms)
        line = line_height(fonts.tick)
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        room = QRectF(area.left() + 12, area.top() + 3, area.width() - 24, line)
        caption = self._caption.format(found.n)
        is_fitting = formula_width(subscripted(caption), fonts.tick) <= room.width()
        draw_words(painter, room, caption if is_fitting else caption.split(". ")[0], LEFT)
        columns = 2 if n > 1 and area.width() > 900 else 1
        height = (area.height() - line - 4) / math.ceil(n / columns)
        for lane in range(n):
            left = area.left() + lane % columns * area.width() / columns
            box = QRectF(
                left, area.top() + line + 4 + lane // columns * height, area.width() / columns, height
            )
            box = box.adjusted(12, 2, -12, -2)
            if words := self.absence(lane):
                self.say(painter, box, words, theme)
            elif self._values.isChecked():
                self._draw_trace(painter, box, lane, theme, fonts)
            elif self._over_steps.isChecked() and self._norms is not None:
                seen = self._norms.up_to(snapshot.viewed_step)
                if len(seen.steps):
                    draw_norms(painter, box, seen, lane, self._rows(lane), theme, fonts)
            else:
                self._draw_lane(painter, box, found, lane, theme, fonts)

    @property
    def _caption(self) -> str:
        return VALUES if self._values.isChecked() else GRADIENTS if self._over_steps.isChecked() else CAPTION

    def _draw_trace(self, painter: QPainter, box: QRectF, lane: int, theme: Theme, fonts: Fonts) -> None:
        if (trace := self._fitting_trace) is not None:
            assert self.snapshot is not None
            viewed = self.snapshot.viewed_step
            looks_back = viewed if viewed < self.snapshot.stamp.step else None
            draw_values(painter, box, trace, lane, self._rows(lane), theme, fonts, looks_back)

    @property
    def _fitting_trace(self) -> ShadowTrace | None:
        """Return the curves, where they are of the losses that are ticked and of the lanes there are."""
        trace, found = self._trace, self._found
        if trace is None or found is None or trace.losses != self._shown:
            return None
        return trace if len(trace.now) == len(found.norms) else None

    def _rows(self, lane: int) -> list[tuple[int, str]]:
        """Return place and name of the trained loss, called as its lane, and of the ticked ones that differ from it."""
        assert self.snapshot is not None
        config = self.snapshot.config
        others = ((i, ADVERSARIAL_LOSSES[key]()) for i, key in enumerate(self._shown, 1))
        trained = config.lanes[lane].formulation.loss
        return [
            (0, self.lane_names()[lane].brief),
            *((i, loss.title) for i, loss in others if loss != trained),
        ]

    def _draw_lane(
        self, painter: QPainter, box: QRectF, found: ShadowGradients, lane: int, theme: Theme, fonts: Fonts
    ) -> None:
        assert self.snapshot is not None
        rows = self._rows(lane)
        words = pair_words(self.snapshot.config, found, lane)
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
        self._draw_heads(painter, box, bar, step, n * cosine_px, theme, fonts)
        known = [k for k, _ in rows[:n]]
        for i, (k, name) in enumerate(rows):
            y = box.top() + (i + 1) * step
            painter.setFont(fonts.label)
            painter.setPen(QColor(theme.muted))
            place = QRectF(box.left(), y, left - 6, step)
            if i == 0:
                self.lane_names()[lane].draw(painter, place, theme, fonts)
            else:
                draw_text(painter, place, name, LEFT, elide=True)
            painter.setPen(QColor(theme.text))
            painter.setFont(fonts.strong if i == 0 else fonts.label)
            value = QRectF(box.left() + left, y, number_px - 8, step)
            draw_text(painter, value, values[k], RIGHT)
            norm = QRectF(bar.right(), y, number_px - 6, step)
            draw_text(painter, norm, norms[k], RIGHT)
            self._draw_norm(painter, bar.translated(0, (i + 1) * step), found, (lane, k), theme)
            cell = QRectF(box.right() - n * cosine_px, y, cosine_px, step)
            self._draw_cosines(painter, cell, found.cosines[lane, k][known], theme, fonts)
        below = QRectF(box.left(), box.top() + (len(rows) + 1) * step, box.width(), step)
        painter.setFont(fonts.tick)
        painter.setPen(QColor(theme.muted))
        draw_text(
            painter, below, first_fitting(fonts.tick, below.width(), *words) or words[-1], LEFT, elide=True
        )

    def _draw_norm(
        self, painter: QPainter, cell: QRectF, found: ShadowGradients, at: tuple[int, int], theme: Theme
    ) -> None:
        """Draw a norm as a bar on the decades of all lanes that go on."""
        assert self.snapshot is not None
        (low, high), norm = _decades(found.norms[self.snapshot.alive()]), float(found.norms[at])
        share = (math.log10(norm) - low) / (high - low) if norm > 0 and math.isfinite(norm) else 0.0
        bar = QRectF(cell.left(), cell.top() + 4, cell.width(), max(cell.height() - 8, 3.0))
        painter.fillRect(bar, QColor(theme.grid))
        filled = QRectF(bar.left(), bar.top(), bar.width() * min(max(share, 0.0), 1.0), bar.height())
        painter.fillRect(filled, translucent(theme.line("g_loss"), 1.0 if at[1] == 0 else 0.45))

    def _draw_heads(
        self,
        painter: QPainter,
        box: QRectF,
        bar: QRectF,
        step: float,
        right: float,
        theme: Theme,
        fonts: Fonts,
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

    def _draw_cosines(
        self, painter: QPainter, cell: QRectF, cosines: np.ndarray, theme: Theme, fonts: Fonts
    ) -> None:
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


def _decades(norms: np.ndarray) -> tuple[float, float]:
    """Return the whole decades, as exponents, that hold every norm."""
    known = norms[np.isfinite(norms) & (norms > 0)]
    if not known.size:
        return -1.0, 0.0
    low, high = math.floor(math.log10(known.min()) - 0.01), math.ceil(math.log10(known.max()))
    return float(low), float(max(high, low + 1))

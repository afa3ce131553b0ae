"""The shape of both players' losses: value and slope against the score, with the live batch on them."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QToolButton

from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_shape import LossShape
from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.canvas import toggle_button
from ganviz.views.bases.chart_legend import legend_choices
from ganviz.views.bases.chart_menu import Choices
from ganviz.views.bases.compared_plots import AbstractComparedPlots
from ganviz.views.bases.planes import Frame
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.loss_menu import LossMenu
from ganviz.views.pictures.shape_curves import (
    MAIN_REACH,
    ON_PROBABILITY,
    WITHOUT_PROBABILITY,
    ShapeCurve,
    axis_words,
    batch_words,
    has_probability,
    heights,
    probe_of,
    reach_of,
    shape_curves,
)
from ganviz.views.pictures.shape_drawing import draw_batch, draw_marks
from ganviz.views.pictures.shape_legend import MEAN, HiddenCurves, entries_of, hideable
from ganviz.views.pictures.shape_reading import read_at, shape_values
from ganviz.views.pictures.shape_room import ShapeRoom
from ganviz.views.pictures.shape_stills import ShapeStills, parts_of
from ganviz.views.plot.caption import caption_lines, draw_caption
from ganviz.views.plot.clipping import clipped
from ganviz.views.plot.legend import Legend, LegendEntry
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import Axis, line_height, text_width, y_tick_width
from ganviz.views.plot.read_out import ReadOut
from ganviz.views.plot.values import Values

SPLIT_PX = 330
"""A view that is as high as this has a plot for the loss and one for its slope; a lower one has both in one."""
LEGEND_PX = 0, 130, 190
"""Heights above which the legend may have one, two and three rows: a lower plot shows nothing below more of them."""


class LossShapeView(AbstractComparedPlots):
    """A player's loss and its slope over scores or D(G(z)), and where this batch lies; GUI thread only."""

    key: ClassVar[str] = "loss_shape"
    shares_x: ClassVar[bool] = True
    title: ClassVar[str] = "Loss shape"
    short_title: ClassVar[str] = "Shape"
    of_d: ClassVar[str] = "is no loss of scores to draw"

    def __init__(self) -> None:
        self._stills = ShapeStills()
        super().__init__()
        self._shape: LossShape | None = None
        self._reach = MAIN_REACH
        self._kinds: tuple[str, ...] = ()
        self._hidden = HiddenCurves()
        self._over_probability = self._toggle(
            "Over D(G(z))", "Draws over the probability instead of the score t."
        )
        self._of_d = self._toggle("Discriminator", "Draws both parts of L_D instead of L_G.")
        self._ghosts = self._toggle(
            "Shadows",
            "Draws thin what nobody trains on here: the original paper's log(1 − D) and −log D, on the same scores.",
            checked=True,
        )
        self._others = LossMenu("Other losses", "Draws other losses of the same scores as thin lines, too.")
        self._others.keys_changed.connect(self._switched)
        self.controls.addWidget(self._others)
        self.controls.addStretch(1)

    def _toggle(self, title: str, tip: str, *, checked: bool = False) -> QToolButton:
        button = toggle_button(title, tip, checked=checked)
        button.toggled.connect(self._switched)
        self.controls.addWidget(button)
        return button

    def _switched(self) -> None:
        self.forget_looks()
        self.redraw()

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return the curves as far as the batch reaches, and the batch."""
        return (probe_of(self._reach),)

    def take(self, snapshot: Snapshot) -> bool:
        """Keep the reading."""
        shape = snapshot.get(LossShape)
        if shape is None:
            return False
        self._shape = shape
        self._hidden.begin(snapshot.config.lanes)
        kinds = tuple(lane.formulation.loss.g_argument for lane in snapshot.config.lanes)
        is_logit = has_probability(snapshot.config)
        if (*kinds, str(is_logit)) != self._kinds:
            self._kinds = (*kinds, str(is_logit))
            self.forget_looks()
            self._over_probability.setEnabled(is_logit)
            tip = self._over_probability.accessibleDescription() if is_logit else WITHOUT_PROBABILITY
            self._over_probability.setToolTip(tip)
        places = shape.places[[lane for lane in snapshot.alive() if lane < len(shape.places)]]
        before, self._reach = self.needs(), reach_of(places, self._reach)
        if self.needs() != before:
            self.needs_changed.emit()
        return True

    def forget(self) -> None:
        """Drop the reading."""
        self._shape, self._reach = None, MAIN_REACH

    @property
    def _is_probability(self) -> bool:
        return self._over_probability.isEnabled() and self._over_probability.isChecked()

    def curves(self) -> list[ShapeCurve]:
        """Return what is drawn; nothing before there is a batch of this run's lanes."""
        return self._hidden.others(self._all_curves())

    def _all_curves(self) -> list[ShapeCurve]:
        """Return what is drawn, and what the legend has hidden."""
        return self.once("curves", self._made_curves)

    def _made_curves(self) -> list[ShapeCurve]:
        shape, snapshot = self._shape, self.snapshot
        if shape is None or snapshot is None or len(shape.g_loss) != len(snapshot.config.lanes):
            return []
        return shape_curves(
            snapshot.config, shape, of_d=self._of_d.isChecked(), is_probability=self._is_probability,
            with_ghosts=self._ghosts.isChecked(), also=self._others.keys,
        )  # fmt: skip

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint both curves, the batch, the legend and what they say."""
        curves, frames, fonts = self.curves(), self.frames(area), self.fonts()
        if not frames:
            return
        room = self._room(area, theme)
        self._stills.draw_ground(
            painter, area, frames, self._axis_words(), theme, fonts,
            is_probability=self._is_probability, has_axis_line=room.has_axis_line,
        )  # fmt: skip
        top = self._legend_area(area, room)
        room.legend.draw(painter, top, theme, fonts)
        if room.has_sentence:
            painter.setPen(QColor(theme.muted))
            words = QRectF(top.left(), top.bottom() + 1, top.width(), line_height(fonts.tick))
            said = self._words(curves, room.legend)
            if text_width(fonts.tick, said) > words.width():
                said = self._words(curves, room.legend, is_brief=True)
            draw_caption(painter, words, caption_lines(fonts.tick, words.width(), said, 1), fonts.tick)
        with clipped(painter, frames[0].area):
            draw_batch(painter, frames[0], curves, theme)
        self._stills.draw_lines(painter, area, frames, curves, theme)
        for what, frame in zip(parts_of(frames), frames, strict=True):
            with clipped(painter, frame.area):
                draw_marks(painter, frame, curves, what, theme, fonts)

    def _axis_words(self) -> tuple[str, ...]:
        assert self.snapshot is not None
        if self._is_probability:
            symbol = "D" if self._of_d.isChecked() else "D(G(z))"
            return (f"← rejected by D      {symbol}      taken for real →", symbol)
        if not self._of_d.isChecked():
            return axis_words(self.snapshot.config)
        playing = (lane.formulation.loss for lane in self.snapshot.config.lanes if lane.has_discriminator)
        has_leads = any(loss.generator_sees_real for loss in playing)
        return ("lead over the other samples", "lead") if has_leads else ("score t", "t")

    def _words(self, curves: list[ShapeCurve], legend: Legend, *, is_brief: bool = False) -> str:
        """Say how much of the batch has no slope left; or why the other axis hides that."""
        assert self._shape is not None
        assert self.snapshot is not None
        if self._is_probability:
            return ON_PROBABILITY
        if self._of_d.isChecked() or np.isnan(self._shape.gone).all():
            return ""
        has_means = any(MEAN in entry.symbol for row in legend.rows for entry in row)
        return batch_words(self._shape, curves, with_means=not has_means, is_brief=is_brief)

    @staticmethod
    def _legend_area(area: QRectF, room: ShapeRoom) -> QRectF:
        return QRectF(area.left() + 10, area.top() + 4, area.width() - 16, room.legend.height)

    def _entries(self, theme: Theme) -> list[LegendEntry]:
        assert self.snapshot is not None
        return entries_of(
            self.lane_names(), self.snapshot.config, self._all_curves(), theme,
            of_d=self._of_d.isChecked(), hidden=self._hidden.keys,
        )  # fmt: skip

    def legend_places(self) -> dict[str, QRectF]:
        """Return where on the canvas the legend names each curve that can be hidden."""
        keys = hideable(self._all_curves())
        if not keys:
            return {}
        area = QRectF(0, 0, self.canvas.width(), self.canvas.height())
        room = self._room(area, self.theme)
        places = room.legend.places(self._legend_area(area, room), self.fonts())
        return dict(zip(keys, places, strict=False))

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Hide or show the curve of a legend's entry, or show it alone with Alt."""
        key = next((key for key, box in self.legend_places().items() if box.contains(at)), None)
        if key is not None:
            self._hide(key, alone=bool(modifiers & Qt.KeyboardModifier.AltModifier))
        return key is not None

    def _hide(self, key: str, *, alone: bool) -> None:
        self._hidden.hide(key, self._all_curves(), alone=alone)
        self.redraw()

    def choices(self) -> Choices:
        """Return what a press on the legend does, for the keyboard."""
        keys = hideable(self._all_curves())
        return legend_choices(self._entries(self.theme), keys, self._hidden.keys, self._hide) if keys else ()

    def _room(self, area: QRectF, theme: Theme) -> ShapeRoom:
        rows, width = sum(area.height() > least for least in LEGEND_PX), area.width() - 16

        def fitted() -> ShapeRoom:
            fonts, entries = self.fonts(), self._entries(theme)
            whole = Legend.fit(entries, width, rows, fonts)
            without_slope = entries[:-1]  # which is named last
            brief = partial(Legend.fit, without_slope, width, rows, fonts)
            return ShapeRoom.fit(area.height(), whole, brief, fonts)

        return self.once(("room", width, area.height(), theme.is_dark), fitted)

    def frames(self, area: QRectF) -> list[Frame]:
        """Return the plots where the view is painted into ``area``: of the loss, and below it of the slope."""
        place = area.left(), area.top(), area.width(), area.height()
        return self.once(("frames", place, self._reach), lambda: self._made_frames(area))

    def _made_frames(self, area: QRectF) -> list[Frame]:
        if not self._all_curves():
            return []
        fonts = self.fonts()
        room = self._room(area, self.theme)
        top, bottom = area.top() + room.above(fonts), area.bottom() - room.below(fonts)
        is_split = area.height() >= SPLIT_PX
        ranges = [self.look(i).y or self._heights(i, is_split=is_split) for i in range(1 + is_split)]
        middle = top + 0.56 * (bottom - top)
        spans = (
            [(top, bottom)]
            if len(ranges) == 1
            else [(top, middle), (middle + line_height(fonts.tick) + 8, bottom)]
        )
        axes = [Axis(*heights, low, high) for heights, (high, low) in zip(ranges, spans, strict=True)]
        widths = [y_tick_width(y, y.start - y.end, fonts.tick) for y in axes]
        left = area.left() + max(*widths, text_width(fonts.tick, "−0.25")) + line_height(fonts.label) + 14
        x = Axis(*(self.look(0).x or self.home(0)[0]), left, area.right() - 14)
        return [Frame(QRectF(left, y.end, x.end - left, y.start - y.end), x, y) for y in axes]

    def home(self, index: int) -> tuple[Range, Range]:
        """Return the scores of interest and what the loss, or the slope, is there."""
        across = (0.0, 1.0) if self._is_probability else (-self._reach, self._reach)
        return across, self._heights(index, is_split=self.canvas.height() >= SPLIT_PX)

    def _heights(self, index: int, *, is_split: bool) -> Range:
        inner = (0.12, 0.88) if self._is_probability else (-0.7 * self._reach, 0.7 * self._reach)
        found = partial(heights, self.curves(), index, inner, is_split=is_split)
        return self.once(("heights", index, is_split, self._reach), found)

    def read_out(self, index: int, x: float, y: float) -> ReadOut:
        """Return loss and slope at a score, a column a curve."""
        return read_at(self.curves(), x, self._axis_words()[-1], of_d=self._of_d.isChecked())

    def values(self) -> Values:
        """Return losses and slopes at every known score in sight."""
        word, symbol = "D" if self._is_probability else "t", "L_D" if self._of_d.isChecked() else "L_G"
        return shape_values(self.curves(), self.look(0).x or self.home(0)[0], word, symbol)

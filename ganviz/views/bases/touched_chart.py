"""A chart under the hand: a crosshair that is linked to all other charts, linked steps, a legend, a menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QInputDialog, QWidget

from ganviz.spec.words import grouped
from ganviz.training.history import ChangeMark
from ganviz.views.bases import chart_chips
from ganviz.views.bases.beside import read_beside
from ganviz.views.bases.chart_crosshair import draw_crosshair
from ganviz.views.bases.chart_cursors import Cursors, compared, draw_cursors, lanes_of, read_out_at
from ganviz.views.bases.chart_data import steps_in, visible_values
from ganviz.views.bases.chart_drawn import Drawn
from ganviz.views.bases.chart_menu import Checks, Choices, open_chart_menu
from ganviz.views.bases.copying import copy_values
from ganviz.views.bases.legend_chart import AbstractLegendChart
from ganviz.views.bases.lighting import draw_lit, role_at
from ganviz.views.bases.mark_words import MarkTip
from ganviz.views.bases.read_aloud import words_of
from ganviz.views.bases.seed_lines import NearSeed, draw_seeds, nearest_seed, seed_row
from ganviz.views.plot.chart_margin import MarginLabel, draw_full_label
from ganviz.views.plot.read_box import draw_read_out
from ganviz.views.plot.read_out import ReadOut
from ganviz.views.plot.values import Values

WHOLE = "Whole range, with all that was"
ASK_STEPS = "First and last step, as in 200–400:"
ROBUST = "Robust range, without the outermost values"


class AbstractTouchedChart(AbstractLegendChart):
    """What the pointer and the keys do on a chart of values over steps; GUI thread only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._named: MarginLabel | None = None
        self._mark_tip = MarkTip(self._canvas)
        self.cursors = self._cursors_before = Cursors()
        self._range_from: float | None = None
        self.look_at: Callable[[int], None] | None = None
        """Looks at the run as it was at a step, where the chart is one of a run that can."""
        self._is_robust = self._is_whole = False

    def choices(self) -> Choices:
        """Return what the context menu offers besides, as menus in it."""
        raise NotImplementedError

    def checks(self) -> Checks:
        """Return what the context menu switches."""
        return [(ROBUST, self._is_robust, self.set_robust), (WHOLE, self._is_whole, self.set_whole)]

    def pointer_moved(self, at: QPointF | None) -> None:
        """Move the crosshair here and say so to the other charts."""
        drawn, self._pointer = self._chart.drawn, at
        if at is not None and drawn is not None and self._range_from is not None:
            end = drawn.x.value(min(max(at.x(), drawn.area.left()), drawn.area.right()))
            self.put_cursors(Cursors().put("A", self._range_from).put("B", end))
            return
        self._mark_tip.tell(at, self._marks_at(at), self.along)
        labels = [] if drawn is None or at is None else drawn.labels
        named = next((one for one in labels if at is not None and one.box.contains(at)), None)
        if named != self._named:
            self._named = named
            self._canvas.refresh_overlay()
        step = None if at is None else self._step_at(at)
        if step != self._cursor:
            self.show_cursor(step)
            self.cursor_moved.emit(step)
        elif self._trace is not None and self._trace.seeds is not None:
            self._canvas.refresh_overlay()  # another seed may be nearest
        self.point_at("" if at is None or drawn is None else role_at(drawn, self.legend_places(), at))

    def draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        """Paint the crosshair and the values at its step."""
        drawn = self._chart.drawn
        if drawn is None or self._trace is None:
            return
        draw_lit(painter, drawn, self._lit_role, self._pointer, self.theme)
        for text, box, _ in self._chips():
            chart_chips.draw_chip(painter, box, text, self.theme, self.fonts())
        if self._named is not None:
            draw_full_label(painter, self._named, drawn.lane_labels, area, self.theme, self.fonts())
        draw_cursors(painter, drawn.area, drawn.x, self.cursors, self.theme, self.fonts())
        if self._cursor is None:
            return
        at = drawn.x.pixel(self._cursor)
        if not drawn.area.left() <= at <= drawn.area.right():
            return
        near = self._near_seed()
        if near is not None and (content := self.content()) is not None:
            draw_seeds(painter, drawn, content.visible(), near, self.theme)
        if draw_crosshair(painter, drawn, self._cursor, self.theme):
            shown, avoided = self._read_out(), self._avoided(drawn)
            draw_read_out(painter, drawn.area, at, shown, self.theme, self.fonts(), area, avoided)

    def aloud(self) -> str:
        """Return the values at the crosshair, or of the newest step."""
        drawn, trace = self._chart.drawn, self._trace
        if drawn is None or trace is None or not len(trace.last):
            return self.absence() or self.empty_text
        if self._cursor is not None:
            return words_of(self._read_out())
        tracks, labels = read_beside(drawn.tracks, drawn.lane_labels, drawn.besides)
        return words_of(read_out_at(tracks, labels, float(trace.last[-1]), self.along))

    def _avoided(self, drawn: Drawn) -> list[QRectF]:
        """Return what the values beside the crosshair should not cover: legend, chips, names of lines."""
        chips, labels = (box for _, box, _ in self._chips()), (one.box for one in drawn.labels)
        return [drawn.legend_area, *chips, *labels]

    def _read_out(self) -> ReadOut:
        """Return the values of the visible curves at the crosshair, or at the cursors with their difference."""
        drawn, step = self._chart.drawn, self._cursor
        assert drawn is not None
        assert step is not None
        tracks, labels = read_beside(drawn.tracks, drawn.lane_labels, drawn.besides)
        if self.cursors.are_set:
            return compared(tracks, labels, self.cursors, step, self.along)
        found, near = read_out_at(tracks, labels, step, self.along), self._near_seed()
        if near is None or self.snapshot is None:
            return found
        row = seed_row(near, self.snapshot.config.training.seed, lanes_of(tracks))
        return replace(found, rows=(*found.rows, row))

    def _near_seed(self) -> NearSeed | None:
        """Return the seed whose line is nearest to the pointer, where there are several and it is here."""
        content, drawn, at = self.content(), self._chart.drawn, self._pointer
        if content is None or drawn is None or at is None or not drawn.area.contains(at):
            return None
        return nearest_seed(drawn, content.visible(), at)

    def clicked(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put cursor A at a place, or B with Shift."""
        drawn = self._chart.drawn
        if drawn is not None and drawn.area.contains(at):
            name = "B" if modifiers & Qt.KeyboardModifier.ShiftModifier else "A"
            self.put_cursors(self.cursors.put(name, drawn.x.value(at.x())))

    def unclicked(self) -> None:
        """Take back the last click, which was the first half of a double one."""
        self.put_cursors(self._cursors_before)

    def put_cursors(self, cursors: Cursors) -> None:
        """Put the cursors here and in the other charts."""
        for chart in (self, *(one for one in self.others() if isinstance(one, AbstractTouchedChart))):
            chart._cursors_before, chart.cursors = chart.cursors, cursors
            chart._canvas.refresh_overlay()

    def remove_cursors(self) -> None:
        """Take both cursors away."""
        self.put_cursors(Cursors())

    def act_of(self, key: int) -> Callable[[], object] | None:
        """Return what a key does here: T opens the table, A and B put cursors at the crosshair, Escape removes them."""
        if key == Qt.Key.Key_T:
            return self.open_table
        if key == Qt.Key.Key_Escape:
            return self.remove_cursors if self.cursors.are_set else None
        if key not in (Qt.Key.Key_A, Qt.Key.Key_B) or self._cursor is None:
            return None
        name = "A" if key == Qt.Key.Key_A else "B"
        return partial(self.put_cursors, self.cursors.put(name, self._cursor))

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Hide, show or isolate what a legend entry stands for; stop following on its chip; begin a range."""
        drawn, is_shift = self._chart.drawn, modifiers & Qt.KeyboardModifier.ShiftModifier
        if drawn is not None and drawn.axis_area.contains(at) and is_shift:
            self._range_from = drawn.x.value(at.x())
            return True
        for _, box, act in self._chips():
            if box.contains(at):
                act()
                return True
        if (key := self._legend_key(at)) is not None:
            self._hide(key, alone=bool(modifiers & Qt.KeyboardModifier.AltModifier))
        return key is not None

    def chip_places(self) -> dict[str, QRectF]:
        """Return where chips stand, by their words."""
        return {text: box for text, box, _ in self._chips()}

    def release(self) -> None:
        """End a range that was drawn on the axis."""
        self._range_from = None

    def _marks_at(self, at: QPointF | None) -> list[ChangeMark]:
        """Return the changes whose mark or label is at a place on the canvas."""
        places = [] if self._chart.drawn is None or at is None else self._chart.drawn.marks
        return list(
            dict.fromkeys(mark for box, of in places if at is not None and box.contains(at) for mark in of)
        )

    def _looks_at(self, at: QPointF) -> list[tuple[str, int]]:
        """Return which steps can be looked at from a place, in words: of a change, before and after it."""
        drawn, place = self._chart.drawn, self._step_at(at)
        if marks := self._marks_at(at):
            before = marks[-1].step
            found = [(f"Look at step {grouped(before)}, before the change", before)]
            if drawn is not None and before < drawn.newest:
                found.append((f"Look at step {grouped(before + 1)}, after the change", before + 1))
            return found
        step = None if place is None else max(0, round(self.along.scale.backward(place)))
        return [] if step is None else [(f"Look at step {grouped(step)}", step)]

    def open_menu(self, at: QPointF) -> None:
        """Open the context menu at a place on the canvas."""
        acts = [
            ("Show everything", "0", self._canvas.reset),
            ("Show steps …", "", self.ask_steps),
            ("Back", "Alt+←", self._canvas.back),
            ("Forward", "Alt+→", self._canvas.forward),
            ("Copy visible values (CSV)", "", self.copy_values),
            ("Table of values …", "T", self.open_table),
        ]
        if self.look_at is not None:
            acts[2:2] = [(text, "", partial(self.look_at, step)) for text, step in self._looks_at(at)]
        if self.cursors.span is not None:
            acts.append(("Copy values from A to B (CSV)", "", self.copy_range))
        if self.cursors.are_set:
            acts.append(("Remove cursors", "Esc", self.remove_cursors))
        if (key := self._legend_key(at)) is not None:
            acts.insert(0, ("Only this, or all again", "Alt+click", partial(self._hide, key, alone=True)))
        if self._hidden:
            acts.append(("Show all curves", "", self.show_all_curves))
        where = self.canvas.mapTo(self, at.toPoint())
        known = (self.along.chosen, self._whole, self.horizontal_wished.emit)
        open_chart_menu(self, where, acts, (*self._legend_choices(), *self.choices()), self.checks(), known)

    def ask_steps(self) -> None:
        """Ask which steps are to be seen, until that can be understood, and show them."""
        shown, words = self.along.in_steps(self._canvas.looks.present).x, ASK_STEPS
        text, is_given = "" if shown is None else f"{shown[0]:.0f}–{shown[1]:.0f}", True
        while is_given:
            text, is_given = QInputDialog.getText(self, "Show steps", words, text=text)
            if is_given and (steps := steps_in(text)) is not None:
                self._canvas.choose((self.along.position(steps[0]), self.along.position(steps[1])))
                return
            words = f"These are not two steps, the smaller one first. {ASK_STEPS}"

    def copy_range(self) -> None:
        """Put the values between the cursors on the clipboard."""
        if (content := self.content()) is not None:
            copy_values(self, visible_values(content, self.cursors.span))

    def values(self) -> Values:
        """Return the values that are visible."""
        content = self.content()
        return Values(("first_step", "last_step"), ()) if content is None else visible_values(content)

    def copy_values(self) -> None:
        """Put the visible values on the clipboard."""
        copy_values(self, self.values())

    def set_robust(self, is_on: bool) -> None:
        """Let the vertical range leave out the outermost values, or not."""
        self._is_robust = is_on
        self._canvas.forget_heights()
        self.redraw()

    def set_whole(self, is_on: bool) -> None:
        """Let the vertical range have all values of this run, those of earlier formulations and extremes, or not."""
        self._is_whole = is_on
        self._canvas.forget_heights()
        self.redraw()

    def _chips(self) -> chart_chips.Placed:
        """Return what stands at the top right of the plot: words, place, and what a press does."""
        drawn, chips = self._chart.drawn, list[tuple[chart_chips.Words, Callable[[], None]]]()
        if drawn is None:
            return []
        if self._canvas.looks.present.following:
            chips.append((chart_chips.FOLLOWING, self._canvas.stop_following))
        if self._is_robust:
            chips.append((chart_chips.ROBUST, partial(self.set_robust, False)))
        if drawn.since:
            chips.append((chart_chips.since(grouped(drawn.since)), partial(self.set_whole, True)))
        if drawn.is_calm:
            chips.append((chart_chips.CALM, partial(self.set_whole, True)))
        return chart_chips.placed(drawn.area, chips, self.fonts())

"""A chart's legend under the hand: what its entries stand for is hidden, shown, or shown alone."""

from __future__ import annotations

import html

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QWidget

from ganviz.training.config import RunConfig
from ganviz.views.bases.beside import Beside
from ganviz.views.bases.chart_content import Curve, lane_key
from ganviz.views.bases.chart_data import isolated, toggled
from ganviz.views.bases.chart_legend import legend_choices, legend_entries
from ganviz.views.bases.chart_menu import Choices
from ganviz.views.bases.linked_chart import AbstractLinkedChart


class AbstractLegendChart(AbstractLinkedChart):
    """A chart of curves that can be hidden, and of saved runs beside them; GUI thread only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hidden = frozenset[str]()
        self.beside: tuple[Beside, ...] = ()

    def show_beside(self, beside: tuple[Beside, ...]) -> None:
        """Draw these saved runs beside the run that is open, and no others."""
        if self.beside or beside:
            self.beside = beside
            self.redraw()

    def curves(self, config: RunConfig) -> tuple[Curve, ...]:
        """Return the curves to draw for this run."""
        raise NotImplementedError

    def _legend_key(self, at: QPointF) -> str | None:
        """Return what the entry of the legend at a place stands for."""
        places = self.legend_places().items()
        return next((key for key, box in places if box.adjusted(-3, 0, 3, 0).contains(at)), None)

    def _hide(self, key: str, *, alone: bool) -> None:
        """Hide or show what an entry stands for, or hide all others of its kind, or show them again."""
        group = next((keys for keys in self._legend_keys() if key in keys), ())
        self._hidden = isolated(self._hidden, key, group) if alone else toggled(self._hidden, key)
        self.redraw()

    def _legend_keys(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what the entries of the legend stand for: columns; lanes where there are several, and saved runs."""
        columns = () if self.snapshot is None else self.curves(self.snapshot.config)
        lanes = tuple(lane_key(lane) for lane in range(len(self._lane_labels())))
        return tuple(curve.column for curve in columns), (*lanes, *(one.key for one in self.beside))

    def legend_places(self) -> dict[str, QRectF]:
        """Return where on the canvas the legend names each column and each lane (:func:`lane_key`)."""
        drawn, (columns, lanes) = self._chart.drawn, self._legend_keys()
        boxes = [] if drawn is None else drawn.legend.places(drawn.legend_area, self.fonts())
        return dict(zip((*columns, *lanes), boxes, strict=False))

    def _legend_choices(self) -> Choices:
        """Return what a click on the legend does, for the keyboard."""
        content, keys = self.content(), [key for kind in self._legend_keys() for key in kind]
        if content is None or len(keys) < 2:
            return ()
        return legend_choices(legend_entries(content, self.theme), keys, self._hidden, self._hide)

    def show_all_curves(self) -> None:
        """Hide nothing."""
        self._hidden = frozenset()
        self.redraw()

    def _lane_labels(self) -> tuple[str, ...]:
        """Return what the drawn lanes are called; one that has just gone, or comes, has no name of its own."""
        if self.snapshot is None or self._trace is None or len(self._trace.mean) < 2:
            return ()
        config = self.snapshot.config  # a lane may be called "<b>": its name is no markup
        known = [config.lane_title(lane) for lane in range(len(config.lanes))]
        names = known + [f"Lane {lane + 1}" for lane in range(len(known), len(self._trace.mean))]
        return tuple(html.escape(name) for name in names[: len(self._trace.mean)])

"""What all views share: a canvas that keeps its last picture, and controls above it that no export shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganviz.training.snapshot import Snapshot
from ganviz.views.bases.base import AbstractSnapshotView
from ganviz.views.bases.lane_names import LaneName
from ganviz.views.look.formula import draw_words, subscripted
from ganviz.views.look.outside_text import plain_tip, set_tip
from ganviz.views.look.status_words import without_d
from ganviz.views.look.theme import LIGHT, Theme
from ganviz.views.plot.kept import Kept
from ganviz.views.plot.plotting import Fonts, draw_sentence, painting_on
from ganviz.views.plot.values import Values
from ganviz.views.plot.values_table import open_only_table


class AbstractPaintedView(AbstractSnapshotView):
    """A view that paints everything it shows with :meth:`draw`; GUI thread only.

    The picture is painted when it changed and is visible, and kept: a hidden view costs nothing, and moving the
    crosshair over a chart does not paint the chart anew. Controls go into :attr:`controls`, which no export shows.
    """

    lit = Signal(str)
    """Emitted with the role of what the pointer is at, as "real" or "g_loss"; empty where it is at nothing."""

    empty_text: str = "It appears as soon as it is measured"
    unfit_text: str = "These data have nothing to show here"
    """What is said of a run that the view does not support."""
    is_of_run: ClassVar[bool] = False  # whether it goes by the lanes of now while one looks back
    of_d: ClassVar[str] = ""
    """What there is not without a discriminator, as in "no scores"; empty where the view has a meaning without one."""

    picture_acts: Sequence[tuple[str, Callable[[], object]]] = ()
    """What whoever shows the view lets be done with its picture: for menus, words and what happens."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = LIGHT
        self.snapshot: Snapshot | None = None
        self._fonts: tuple[QFont, Fonts] | None = None
        self._is_fit = True
        self._lit_role = ""
        self.canvas = self.make_canvas()
        self.canvas.setAccessibleName(f"{self.title}: plot")
        self.controls = QHBoxLayout()
        self.controls.setContentsMargins(6, 3, 6, 1)
        self.controls.setSpacing(3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self.controls)
        layout.addWidget(self.canvas, 1)
        self.setAccessibleName(self.title)
        self.setAutoFillBackground(True)

    def make_canvas(self) -> Canvas:
        """Return the widget on which the view is painted."""
        return Canvas(self)

    def draw(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the view into ``area``, in the colors of ``theme``: the same on screen and in every export."""
        raise NotImplementedError

    def draw_overlay(self, painter: QPainter, area: QRectF) -> None:
        """Paint what follows the pointer, above the kept picture."""

    def aim(self, at: QPointF) -> bool:
        """Let the one of several plots at a place be touched; say whether it has to be asked for anew."""
        return False

    def pointer_moved(self, at: QPointF | None) -> None:
        """Follow the pointer, in canvas coordinates; None when it left."""

    def follow_pointer(self) -> None:
        """Read what is under the resting pointer in a picture of another look, which is being painted."""

    def light(self, role: str) -> None:
        """Let what has this role stand out; nothing where it is empty."""
        if role != self._lit_role:
            self._lit_role = role
            self.canvas.refresh_overlay()

    def point_at(self, role: str) -> None:
        """Let what has this role stand out here, and say so to the other views."""
        if role != self._lit_role:
            self.light(role)
            self.lit.emit(role)

    def paint_canvas(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint background and view, or the sentence that there is nothing yet."""
        painter.fillRect(area, QColor(theme.base))
        self.paint_figure(painter, area, theme)

    def paint_figure(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Paint the same without a background."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if words := self.absence():
            self.say(painter, area, words, theme)
        elif self.snapshot is not None and area.width() > 60 and area.height() > 40:
            self.draw(painter, area, theme)
        elif self.snapshot is None:
            self.say(painter, area, self.empty_text if self._is_fit else self.unfit_text, theme)

    def absence(self, lane: int | None = None) -> str:
        """Return why nothing can be shown of a lane, or of all of them; nothing where there is something."""
        words = without_d(self.snapshot.config, lane) if self.snapshot is not None and self.of_d else ""
        return f"{words}: there {self.of_d}." if words else ""

    def say(self, painter: QPainter, area: QRectF, words: str, theme: Theme) -> None:
        """Paint a sentence in the middle of an area, on as many lines as it needs."""
        painter.setPen(QColor(theme.muted))
        painter.setFont(self.fonts().label)
        draw_sentence(painter, area, words)

    def values(self) -> Values | None:
        """Return the values that are visible, or None where the view has no table of them."""
        return None

    def open_table(self) -> None:
        """Open a table of what is drawn, which follows the run."""
        open_only_table(self, self.title, lambda: self.values() or Values((), []))

    def lane_titles(self, n: int) -> list[str]:
        """Return the names of the first ``n`` lanes of what is shown, or of those there are; none before it is."""
        return [name.words for name in self.lane_names()[:n]]

    def lane_names(self, *, with_seed: bool = False) -> list[LaneName]:
        """Return what each lane of what is shown is called, with its seed where one of several is drawn."""
        if self.snapshot is None:
            return []
        shown, lanes = self.snapshot, range(len(self.snapshot.config.lanes))
        return [LaneName.of(shown, lane, with_seed=with_seed) for lane in lanes]

    def headings(self, *, with_seed: bool = False) -> list[LaneName]:
        """Return what stands above each lane's picture: no title where there is one lane."""
        names = self.lane_names(with_seed=with_seed)
        seeds = self.snapshot.config.training.seeds if self.snapshot is not None and with_seed else 1
        return names if len(names) * seeds > 1 else [LaneName("", one.stopped) for one in names]

    def fonts(self) -> Fonts:
        """Return the letter sizes that go with the widget's font."""
        font = self.font()
        if self._fonts is None or self._fonts[0] != font:
            self._fonts = font, Fonts.of(font)
        return self._fonts[1]

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Keep the snapshot and paint it at the next frame, unless it is the one that is drawn."""
        drawn, was_fit = self.snapshot, self._is_fit
        self._is_fit = type(self).supports(snapshot.config)
        if self._is_fit != was_fit:
            self.redraw()
        if drawn is not None and drawn.is_the_same_for(self.needs(), snapshot):
            return
        if self.take(snapshot):
            self.snapshot = snapshot.of_whole_run() if self.is_of_run else snapshot
            self.redraw()

    def take(self, snapshot: Snapshot) -> bool:
        """Keep what this view draws from; return whether the snapshot brought any of it."""
        raise NotImplementedError

    def clear(self) -> None:
        """Draw nothing, as before the first snapshot."""
        self.snapshot = None
        self.forget()
        self.redraw()

    def forget(self) -> None:
        """Drop what :meth:`take` kept."""

    def apply_theme(self, theme: Theme) -> None:
        """Redraw in the colors of ``theme``."""
        self.theme = theme
        palette = self.palette()
        palette.setColor(self.backgroundRole(), QColor(theme.base))
        self.setPalette(palette)
        self.redraw()

    def redraw(self) -> None:
        """Paint anew at the next frame."""
        self.canvas.redraw()

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(440, 280)

    def minimumSizeHint(self) -> QSize:
        """Return the size below which a plot cannot be read."""
        return QSize(180, 120)


class Canvas(QWidget):
    """Where a view is painted; keeps the picture until :meth:`redraw`."""

    resized = Signal()

    def __init__(self, view: AbstractPaintedView) -> None:
        super().__init__(view)
        self._view = view
        self._kept = Kept(self, self._paint, self.update)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def redraw(self) -> None:
        """Drop the picture and ask for a new one."""
        self._kept.redraw()

    def refresh_overlay(self) -> None:
        """Paint anew what lies above the kept picture."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the kept picture, made anew where needed, and the overlay."""
        self._kept.make(self.visibleRegion().subtracted(event.region()))
        with painting_on(self) as painter:
            self._kept.draw(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._view.draw_overlay(painter, QRectF(0, 0, self.width(), self.height()))

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        self._view.paint_canvas(painter, area, self._view.theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell those who cached something for a size."""
        self._kept.drop()
        self.resized.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hand the pointer to the view."""
        self._view.pointer_moved(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Tell the view that the pointer left."""
        self._view.pointer_moved(None)


class SymbolButton(QToolButton):
    """A button whose words may have symbols with subscripts; GUI thread only."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button without its text, and the words with their subscripts over it."""
        if "<sub>" not in subscripted(self.text()):
            super().paintEvent(event)
            return
        painter, option = QStylePainter(self), QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        painter.setPen(option.palette.buttonText().color())
        painter.setFont(self.font())
        draw_words(painter, QRectF(self.rect()), self.text(), Qt.AlignmentFlag.AlignHCenter)


def toggle_button(title: str, tip: str, *, checked: bool, text: str = "") -> QToolButton:
    """Return a small on/off button with an accessible name and a tool tip."""
    button = SymbolButton()
    button.setCheckable(True)
    button.setChecked(checked)
    button.setAutoRaise(True)
    button.setText(text or title)
    button.setAccessibleName(title)
    set_tip(button, plain_tip(tip))
    button.setFont(small_font(button.font()))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def small_font(font: QFont) -> QFont:
    """Return the letters of controls inside views."""
    result = QFont(font)
    result.setPointSizeF(max(6.0, font.pointSizeF() * 0.9))
    return result

"""The window and its screen: first size, what gives way where there is little room, presentation, text size."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QToolBar, QWidget

from ganviz.views.look.grown import ask_style_again, grow
from ganviz.views.look.icon_sizes import scale_icons
from ganviz.views.look.theme import scaled
from ganviz.views.window.dock_sizes import lowest_row, needed_height, seen_heights, share
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.floating import within
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.room import first_size, knows_places, room_of, without_frame
from ganviz.views.window.settings_width import SettingsWidth
from ganviz.views.window.title_buttons import TitleButtons
from ganviz.views.window.workspace_list import SETTINGS

SMALLEST = QSize(720, 450)
"""In device-independent pixels: half of a Full HD screen's at 200 %, with what the desktop takes."""
NEEDED_WIDTH, NEEDED_HEIGHT = 860, 600
"""Where the window is narrower, the settings give way; where it is lower, the last row of views."""
WAYS = ("settings", "last_row", "rows")
"""In this order: last, the lowest row of a column whose rows would lie over each other or over bars."""
TEXT_SIZES = (80, 90, 100, 115, 130, 150, 175, 200)
"""In percent of the desktop's."""
PRESENTED = 1.5
"""How much larger text is in a presentation."""
UNEQUAL = 1.001
"""How much larger letters are that must not equal the application's, and look as these."""
OWN_FONT = "_q_styleSheetWidgetFont"
"""The property in which Qt's style sheets keep a widget's letters, to give them back when it comes to another place.
Qt writes it where letters are set while a widget is dressed for itself, and later not: views that were there at the
start of a window of 130 % would return to that size with the next workspace."""


class Frame(QObject):
    """Fits the window to its screen; GUI thread only.

    Parameters
    ----------
    window : QMainWindow
    memory : WindowMemory
    views : ViewDocks
    last_row : callable
        Returns the keys of the views that give way where the window is low.
    controls : sequence of QWidget
        What a presentation does without.
    """

    presents = Signal(bool)
    """Emitted when a presentation has begun or ended."""

    def __init__(
        self,
        window: QMainWindow,
        memory: WindowMemory,
        views: ViewDocks,
        last_row: Callable[[], Sequence[str]],
        controls: Sequence[QWidget],
    ) -> None:
        super().__init__(window)
        self._window, self._memory, self._views, self._docks = window, memory, views, views.docks
        self._last_row = last_row
        self._controls = list(controls)
        self._hidden: list[QWidget] = []
        self._is_small = {way: bool(memory.text(f"gave_way_{way}", "")) for way in WAYS}
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._app = app
        self._own_font = QFont(app.font())
        self._text_size = _known_size(memory.text("text_size", "100"))
        self._shown_factor = 1.0
        TitleButtons(self._docks.values(), self)
        self._heights: dict[str, int] = {}
        self._room_of_all = 0.0
        """How high the window has to be, in letters of its own size, for rows that gave way; 0 where nobody knows."""
        self._later = QTimer(self, singleShot=True)  # bars of other letters tell their height after this turn
        self._later.timeout.connect(self._fit_rows)
        self._settings_width = SettingsWidth(window, views, memory)
        window.installEventFilter(self)
        window.setMinimumSize(SMALLEST)
        window.resize(first_size(room_of(window.screen())))
        self._scale_text()

    @property
    def is_presenting(self) -> bool:
        """Return whether only what is to be looked at is open."""
        return bool(self._hidden)

    def restored(self) -> None:
        """Bring a window back whose screen went away or became smaller, and bars that its layout lacks."""
        self._show_bars()
        window = self._window
        room = room_of(window.screen())
        # Elsewhere the desktop moves a frame that lies outside into its screen.
        fitting = within(window.geometry(), room if knows_places() else without_frame(room))
        if fitting != window.geometry() and not window.isMaximized():
            window.setGeometry(fitting)

    def room_changed(self) -> None:
        """Let panels give way in their order where there is no room for them, and come back where there is again.

        Larger text needs more of it. What the person opens or closes meanwhile stays as it is until the window or its
        text is made larger or smaller.
        """
        size, factor = self._window.size(), self._factor
        if not self.is_presenting:  # which is without settings anyway
            self._fit("settings", size.width() < NEEDED_WIDTH, (SETTINGS,))
        self._fit("last_row", size.height() < factor * NEEDED_HEIGHT, self._last_row())
        self._later.start(0)

    def _fit_rows(self) -> None:
        """Let lowest rows give way until none lies over another or over a bar."""
        if not self._window.isVisible():
            return
        height, factor = self._window.height(), self._factor
        if height >= factor * self._room_of_all:
            self._fit("rows", False, ())
        while (needed := needed_height(self._window)) > height and (row := lowest_row(self._docks)):
            if not self._is_small["rows"]:
                self._room_of_all = needed / factor
            self._is_small["rows"] = False  # for one more
            self._fit("rows", True, row)

    def refit(self) -> None:
        """Begin anew: other panels are open."""
        self._forget()
        self.room_changed()

    def _forget(self) -> None:
        """Count nothing as having given way."""
        for way in WAYS:
            self._memory.keep_text(f"gave_way_{way}", "")
        self._is_small = dict.fromkeys(WAYS, False)

    def _fit(self, way: str, is_small: bool, keys: Sequence[str]) -> None:
        if is_small == self._is_small[way]:
            return
        self._is_small[way] = is_small
        kept = self._gave_way(way)
        if is_small:
            open_ones = [self._docks[key] for key in keys if key in self._docks]
            open_ones = [dock for dock in open_ones if not dock.isHidden() and not dock.isFloating()]
            # The one in front first.
            open_ones.sort(key=lambda dock: bool(self._views.unseen((dock.objectName(),))))
            kept = list(dict.fromkeys([*(dock.objectName() for dock in open_ones), *kept]))
            self._heights |= seen_heights(self._docks)  # and those of what gave way before
            for dock in open_ones:
                dock.hide()
        else:
            for key in kept:
                self._docks[key].show()
            for key in reversed(kept):
                # Tabs take their order when they are laid out, which is after this; and Qt brings no dock to the
                # front that is in front of other widgets already.
                QTimer.singleShot(0, self, self._docks[key].raise_)
            if way == "last_row":
                # Those that come back would be given the least room; after they have come forward.
                QTimer.singleShot(0, self, self._share_heights)
            kept = []
        self._memory.keep_text(f"gave_way_{way}", ",".join(kept))

    def _gave_way(self, way: str) -> list[str]:
        """Return the keys of the docks that are closed for want of room, the one that was in front first."""
        return [key for key in self._memory.text(f"gave_way_{way}", "").split(",") if key in self._docks]

    def _share_heights(self) -> None:
        """Give rows the shares of the height that they had when the last one gave way."""
        share(self._window, self._docks, self._heights)

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return what the actions of the window itself do."""
        return {
            "full_screen": self.toggle_full_screen,
            "presentation": self.toggle_presentation,
            "larger": lambda: self.change_text(1),
            "smaller": lambda: self.change_text(-1),
            "own_size": lambda: self.change_text(0),
        }

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """End a presentation with Escape, where nothing that has the focus answers that."""
        if not self.is_presenting or event.type() != QEvent.Type.KeyPress:
            return False
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape:
            self.toggle_presentation()
        return is_escape

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop that."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def toggle_presentation(self) -> None:
        """Leave only what is to be looked at, in large letters, or end that."""
        if self.is_presenting:
            self.show_controls()
            self._hidden = []
        else:
            self._hide_controls()
        self._scale_text()
        self.room_changed()
        self.presents.emit(self.is_presenting)

    def show_all(self) -> None:
        """Show for a moment what has given way, and what a presentation does without: a layout is kept with it.

        Kept without, it would lack that for good, also in a larger window.
        """
        self.show_controls()
        gone = [self._docks[key] for way in WAYS for key in self._gave_way(way)]
        layout = self._window.layout()
        if not gone or layout is None:
            return
        for dock in gone:
            dock.show()
        layout.activate()  # before which no tab can come forward
        for dock in reversed(gone):
            dock.raise_()
        self._share_heights()
        self._forget()
        QTimer.singleShot(0, self, self.room_changed)

    def show_controls(self) -> None:
        """Show for a moment what a presentation does without."""
        for widget in self._hidden:
            widget.show()
        QTimer.singleShot(0, self, self._hide_again)

    def _hide_again(self) -> None:
        if self.is_presenting:
            self._hide_controls()

    def _hide_controls(self) -> None:
        parts = [*self._controls, self._docks[SETTINGS]]
        self._hidden += [one for one in parts if not one.isHidden() and one not in self._hidden]
        for widget in self._hidden:
            widget.hide()

    def laid_out(self) -> None:
        """Fit another layout in: bars are always there, and a presentation goes on without them."""
        self._show_bars()
        if self.is_presenting:
            self._hidden = []
            self._hide_controls()
        self._settings_width.give_soon()
        self.refit()

    def _show_bars(self) -> None:
        """Show the bars, which nobody can close: a layout that was kept without them would take them away for good."""
        for bar in self._controls:
            if isinstance(bar, QToolBar):
                bar.show()

    def change_text(self, by: int) -> None:
        """Make text larger or smaller by some sizes; 0 is the desktop's own size."""
        at = TEXT_SIZES.index(self._text_size) + by if by else TEXT_SIZES.index(100)
        self._text_size = TEXT_SIZES[min(max(at, 0), len(TEXT_SIZES) - 1)]
        self._memory.keep_text("text_size", str(self._text_size))
        self._scale_text()
        self.room_changed()

    @property
    def _factor(self) -> float:
        """Return how much larger text is than the desktop's."""
        return self._text_size / 100 * (PRESENTED if self.is_presenting else 1.0)

    def _scale_text(self) -> None:
        """Set the letters of the application, and of what the window has already."""
        factor = self._factor
        grow(self._app, factor)
        if factor == self._shown_factor:
            return
        # One by one: with a style sheet, letters are not handed on from a widget to those in it.
        parts = [self._window, *self._window.findChildren(QWidget)]
        fonts = [QFont(widget.font()) for widget in parts]
        self._app.setFont(scaled(self._own_font, factor))
        for widget, before in zip(parts, fonts, strict=True):
            font = scaled(before, factor / self._shown_factor, bold=before.bold())
            widget.setFont(font)
            if widget.property(OWN_FONT) is not None:
                widget.setProperty(OWN_FONT, font)
        scale_icons(parts)
        ask_style_again(parts)
        for dock in self._docks.values():
            # With a style sheet, Qt paints the title of a dock whose letters equal the application's in the desktop's.
            dock.setFont(scaled(self._own_font, UNEQUAL * factor))
            dock.setProperty(OWN_FONT, dock.font())  # else another theme would give it the application's
        self._shown_factor = factor
        self._settings_width.give_soon()


def _known_size(text: str) -> int:
    return next((size for size in TEXT_SIZES if str(size) == text), 100)

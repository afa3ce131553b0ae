"""A band over the views for what the person has to know: divergence, defects, refusals, files written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from ganviz.views.controls.banner_room import MARGIN_PX, above_tabs, room_beside, room_in
from ganviz.views.controls.said import Message, Said
from ganviz.views.look.aloud import announce
from ganviz.views.look.broken_words import BrokenWords
from ganviz.views.look.icons import icon
from ganviz.views.look.scrolled import scrolled
from ganviz.views.look.theme import LIGHT, Theme

SHOWN_MS = 6000
"""How long a brief sentence stays; twice as long where there is something to do about it."""
WORDS_PX = 90
"""What a table leaves words at least."""
CARD_LETTERS = 72
"""How many letters a line of a card has where nothing else tells its width."""
MOVING = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest)
"""What happens to a window, its docks and its timeline when there is another place for a sentence."""


class StatusBanner(QFrame):
    """One sentence with at most one thing to do about it; GUI thread only."""

    closed = Signal(str)
    """Emitted with the sentence that the person has closed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._theme, self._now = LIGHT, Message(Said(""))
        self._under: Message | None = None
        self._is_unfolded, self._is_short, self._is_narrow = False, False, False
        self._above: QWidget | None = None
        row = self._row = QGridLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        self._icon = QLabel()
        self._text = BrokenWords()
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._text.linkActivated.connect(self._fold)
        self._scroll = _scrolled(self._text)
        self._action = QPushButton()
        self._action.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._action.clicked.connect(self._act)
        self._close = QToolButton(autoRaise=True)
        self._close.setAccessibleName("Close this message")
        self._close.setToolTip("Closes this message.")
        self._close.clicked.connect(self._close_it)
        row.addWidget(self._icon, 0, 0)
        row.addWidget(self._close, 0, 3, Qt.AlignmentFlag.AlignTop)
        row.setColumnStretch(1, 1)
        self._laid_out: tuple[bool, ...] = ()
        self._lay_out(is_wide=False)
        self._timer, self._moved = QTimer(self, singleShot=True), QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._leave)
        self._moved.timeout.connect(self._fit)
        self.hide()

    def lie_over(self, window: QWidget, above: QWidget) -> None:
        """Lie over a window's content; nothing moves when a sentence comes or goes.

        Its place is over the settings, just above the widget ``above``, which is the timeline; where they are closed,
        over the foot of the views, as wide as the sentence needs, and above the tabs there.
        """
        self.setParent(window)
        self._above = above
        for dock in window.findChildren(QDockWidget):
            dock.installEventFilter(self)
        window.installEventFilter(self)
        above.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place when the window changes."""
        if event.type() == QEvent.Type.ZOrderChange and self.isVisible():
            # A dock that is raised would cover the sentence. Not at once: Qt brings a tab forward only while its dock
            # is above all else.
            QTimer.singleShot(0, self, self.raise_)
        elif event.type() in MOVING and self.isVisible() and not self._moved.isActive():
            self._moved.start(0)  # once, however many docks have moved; what moves on would put it off
        elif isinstance(event, QChildEvent) and event.polished() and isinstance(event.child(), QDockWidget):
            event.child().installEventFilter(self)  # made later than the others, as the guide's is
        return False

    def say(
        self,
        said: str | Said,
        *,
        kind: str = "info",
        action: str = "",
        does: Callable[[], object] | None = None,
        of_run: bool = False,
        is_brief: bool = False,
    ) -> None:
        """Show a sentence, or a card, of a kind ("info", "warning"); a brief one goes by itself.

        The button says ``action`` and does what ``does`` was at this moment. A sentence ``of_run`` goes with the run.
        A card on which a sentence lies is there again once that has gone.
        """
        words = Said(said) if isinstance(said, str) else said
        if words.is_card or not self.isVisible():
            self._under = None
        elif self.has_card:
            self._under = self._now
        self._show(Message(words, kind, action, does, of_run))
        announce(self, f"{words.text} {action}" if action else words.text, is_urgent=kind == "warning")
        if is_brief:
            self._timer.start(SHOWN_MS * (2 if action else 1))

    def _show(self, message: Message) -> None:
        self._timer.stop()
        self._now, self._is_unfolded = message, False
        self._show_words()
        self._tint()
        self._action.setText(message.action)
        self._action.setVisible(bool(message.action))
        self.setProperty("kind", message.kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
        self._fit()

    def _go(self) -> None:
        """Hide, or show the card again on which a sentence lay."""
        under, self._under = self._under, None
        self.hide() if under is None else self._show(under)

    @property
    def has_card(self) -> bool:
        """Return whether a card is shown, on which a sentence may lie."""
        return self.isVisible() and self._now.said.is_card

    def _show_words(self) -> None:
        said = self._now.said
        self._icon.setHidden(said.is_card)  # its ticks say how it came out
        self._text.setAccessibleName(said.text)
        self._text.setFocusPolicy(Qt.FocusPolicy.TabFocus if said.is_card else Qt.FocusPolicy.NoFocus)
        if said.is_card:
            how = {"is_unfolded": self._is_unfolded, "is_short": self._is_short, "is_narrow": self._is_narrow}
            self._text.say_markup(said.shown(self._theme, **how))
        else:
            self._text.say(said.text, is_set=said.is_set)

    def _fold(self) -> None:
        """Show or hide the rest of a card."""
        self._is_unfolded = not self._is_unfolded
        self._show_words()
        self._fit()

    def take_away(self, text: str) -> None:
        """Hide where this is still what stands there."""
        if self.text == text:
            self._go()

    def _fit(self) -> None:
        """Be as high as the sentence needs, above docks, and lie where no button of a view and no axis is covered."""
        self.raise_()
        window, above = self.parentWidget(), self._above
        if window is None or above is None:
            self.setFixedHeight(self._height_as(is_wide=False))
            return
        beside = room_beside(window)
        self.setFixedWidth(beside or min(self._one_line, window.width() - 2 * MARGIN_PX))
        top, bottom = room_in(window, above)
        is_card = self._now.said.is_card
        for is_narrow in (False, True):
            if (self._is_short, self._is_narrow) != (not beside, is_narrow):
                self._is_short, self._is_narrow = not beside, is_narrow
                self._show_words()
            needed, is_scrolled = self._fitted(bottom - top, is_wide=not beside and not is_card)
            room = self._scroll.width() - is_scrolled * self._scroll.verticalScrollBar().sizeHint().width()
            if not is_card or self._text.minimumSizeHint().width() + WORDS_PX <= room:
                break
        self.setFixedHeight(min(needed, bottom - top))
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_scrolled else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._scroll.setVerticalScrollBarPolicy(bar)  # as needed, one that was there once stays
        self._scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_scrolled else Qt.FocusPolicy.NoFocus)
        self.move(MARGIN_PX, bottom - self.height())
        if not beside:
            self.move(MARGIN_PX, above_tabs(window, self.geometry(), top))

    def _fitted(self, room: int, *, is_wide: bool) -> tuple[int, bool]:
        """Lay out for a height; return what is needed, and whether that is more than there is."""
        needed = self._height_as(is_wide=is_wide, is_under=self._now.said.is_card)
        if needed <= room:
            return needed, False
        return self._height_as(is_wide=is_wide), True  # the bar is not to lie below the cross

    def _height_as(self, *, is_wide: bool, is_under: bool = False) -> int:
        """Return the height that is needed when laid out so."""
        self._lay_out(is_wide=is_wide, is_under=is_under)
        self._row.activate()
        self._text.break_for(self._scroll.width() - self._scroll.verticalScrollBar().sizeHint().width())
        margins = self.contentsMargins() + self._row.contentsMargins()
        text = self._text.heightForWidth(max(self._scroll.width(), 120))
        needed = max(text, self._close.sizeHint().height())
        if not self._action.isHidden():
            button = self._action.sizeHint().height()
            needed = max(needed, button) if is_wide else needed + self._row.verticalSpacing() + button
        return needed + margins.top() + margins.bottom()

    @property
    def _one_line(self) -> int:
        """Return the width that the whole sentence needs beside its icon and buttons."""
        if self._now.said.is_card:
            return CARD_LETTERS * self._text.fontMetrics().averageCharWidth()
        parts = [self._icon, self._close, *([] if self._action.isHidden() else [self._action])]
        margins = self.contentsMargins() + self._row.contentsMargins()
        gaps = (len(parts) + 1) * self._row.horizontalSpacing() + margins.left() + margins.right()
        text = self._text.fontMetrics().size(0, self._now.said.text).width()
        return text + sum(part.sizeHint().width() for part in parts) + gaps

    def _lay_out(self, *, is_wide: bool, is_under: bool = False) -> None:
        """Put the button beside the sentence, or below it; a card that is not scrolled lies also under the cross."""
        is_card = self._now.said.is_card
        if self._laid_out == (is_wide, is_under, is_card):
            return  # each change makes the window ask for another
        self._laid_out = is_wide, is_under, is_card
        for part in (self._scroll, self._action):
            self._row.removeWidget(part)
        first = 0 if is_card else 1
        self._row.addWidget(self._scroll, 0, first, 1, (4 if is_under else 2 if is_wide else 3) - first)
        self._close.raise_()
        place = (0, 2, 1, 1) if is_wide else (1, 1, 1, 3)
        side = Qt.AlignmentFlag.AlignVCenter if is_wide else Qt.AlignmentFlag.AlignRight
        self._row.addWidget(self._action, *place, side)

    @property
    def text(self) -> str:
        """Return the sentence that is shown, of a card all its words."""
        return self._now.said.text if self.isVisible() else ""

    def _act(self) -> None:
        does = self._now.does
        self._go()
        if does is not None:
            does()

    def _leave(self) -> None:
        """Go, but not while the person is about to press a button, or reads."""
        at = QApplication.focusWidget()
        if self.underMouse() or (at is not None and self.isAncestorOf(at)):
            self._timer.start(SHOWN_MS)
        else:
            self._go()

    def _close_it(self) -> None:
        text = self.text
        self._go()
        self.closed.emit(text)

    def take_card_away(self) -> None:
        """Hide a card: it is of the views that were open."""
        self._under = None
        if self._now.said.is_card:
            self.hide()

    def run_replaced(self) -> None:
        """Take back what was said of a run that has gone."""
        self._under = None  # a card is of its run
        if self._now.of_run:
            self.hide()

    def apply_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        self._theme = theme
        self._close.setIcon(icon("close", theme))
        self._tint()
        self._show_words()

    def _tint(self) -> None:
        self._icon.setPixmap(icon(self._now.kind, self._theme).pixmap(self._close.iconSize() * 1.125))


def _scrolled(text: QWidget) -> QScrollArea:
    """Return a place that can be lower than its text, which is then scrolled."""
    area = scrolled(text)
    area.setMinimumHeight(1)
    area.setAccessibleName("Message")
    text.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area

"""The guide: what there is to see, every key, and every family of losses; its buttons stage what they speak of."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QTextBrowser

from ganviz.resources import resource
from ganviz.session.experiment_pictures import duration_words
from ganviz.session.experiments import experiment
from ganviz.views.window.action_table import keys_markdown
from ganviz.views.window.dock_sizes import resize_docks
from ganviz.views.window.floating import Floating
from ganviz.views.window.guide_browser import GuideBrowser
from ganviz.views.window.losses_guide import losses_markdown, losses_page
from ganviz.views.window.room import knows_places, room_of
from ganviz.views.window.separators import let_go
from ganviz.views.window.text_buttons import TextButtons

EXPERIMENT = "experiment"
"""The scheme of links that become buttons, which play an experiment."""
PAGE = "guide"
"""The scheme of links that open a page."""
CONTENTS = "contents"
SIZE = 680, 680
EDGE_PX, BARS_PX = 8, 150
"""Room that is left about it, and for the window's bars above it where it lies over the window."""
ENOUGH_PX = 400
"""Beside the window it may be narrower than it would like to be, but not than this."""
DOCKED_PX, LEAST_PX = 300, 250
"""As wide as this it becomes where it is docked beside other views, and never less: they would leave it a strip, in
which words break and buttons are cut."""


class GuideDock(QDockWidget):
    """Shows the guide in a window of its own, which can be docked. GUI thread only."""

    experiment_wished = Signal(str)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__("Guide", window)
        self.setObjectName("guide")
        self.contents, self.pages, self._shown = QTextBrowser(), GuideBrowser(losses_page), QStackedWidget()
        for browser in (self.contents, self.pages):
            browser.setOpenLinks(False)
            browser.anchorClicked.connect(self._open)
            browser.setAccessibleName("Guide")
            self._shown.addWidget(browser)
        self.contents.setMarkdown(_contents())
        buttons = TextButtons(self.contents, EXPERIMENT)
        buttons.pressed.connect(self._stage)
        for key, button in buttons.by_target:
            title = experiment(key).title
            button.setAccessibleName(f"Show me: {title}")
            button.setToolTip(" · ".join(filter(None, (title, duration_words(experiment(key))))))
        self.setWidget(self._shown)
        Floating(window, [self])
        self.topLevelChanged.connect(self._widen)
        # It is made when it is first asked for, after the layout was read.
        let_go(window)
        if not window.restoreDockWidget(self):
            window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self)
            self.setFloating(True)
            room = room_of(window.screen())
            self.setGeometry(place_beside(window.frameGeometry(), room, _settings_of(window)))
        self._keep_room()

    def show_page(self, page: str) -> None:
        """Show a page by its name: ``CONTENTS``, or that of a family of losses."""
        if page == CONTENTS:
            self._shown.setCurrentWidget(self.contents)
        else:
            self.pages.setSource(QUrl(f"{PAGE}:{page}"))
            self._shown.setCurrentWidget(self.pages)
        self._shown.currentWidget().setFocus()

    def _stage(self, key: str) -> None:
        """Ask for an experiment, and lie over none of its pictures: opened again, the guide is where it was.

        Where it does not know whether it lies over them, it makes way as well.
        """
        self.experiment_wished.emit(key)
        window = self.parent()
        assert isinstance(window, QMainWindow)
        is_over = not knows_places() or self.frameGeometry().intersects(window.frameGeometry())
        if self.isFloating() and is_over:
            self.hide()
            window.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc where it is a window, and give the keys back to the run."""
        window = self.parentWidget()
        if event.key() != Qt.Key.Key_Escape or not self.isFloating() or window is None:
            super().keyPressEvent(event)
            return
        self.hide()
        window.activateWindow()

    def _widen(self, is_floating: bool) -> None:
        """Take room where it has been docked, once the window has laid it out."""
        self._keep_room()
        if not is_floating:
            window = self.parent()
            assert isinstance(window, QMainWindow)
            QTimer.singleShot(
                0, self, lambda: resize_docks(window, [self], [DOCKED_PX], Qt.Orientation.Horizontal)
            )

    def _keep_room(self) -> None:
        """Be no strip when other views come beside it."""
        self._shown.setMinimumWidth(0 if self.isFloating() else LEAST_PX)

    def _open(self, url: QUrl) -> None:
        if url.isRelative():
            self._go_to(int(url.fragment()))
        elif url.scheme() == PAGE:
            self.show_page(url.path())
        else:
            QDesktopServices.openUrl(url)

    def _go_to(self, chapter: int) -> None:
        """Show where a chapter begins."""
        document = self.contents.document()
        block = document.begin()
        while block.isValid() and chapter >= 0:
            if block.blockFormat().headingLevel() == 1:
                chapter -= 1
                top = document.documentLayout().blockBoundingRect(block).top()
            block = block.next()
        self.contents.verticalScrollBar().setValue(round(top))


def place_beside(frame: QRect, screen: QRect, settings: QRect) -> QRect:
    """Return where the guide covers nothing of a window, or where the screen ends too soon, none of its settings.

    Parameters
    ----------
    frame, screen : QRect
        The window with its frame, and what its screen has for windows.
    settings : QRect
        What the settings take of the window; of no width where they take nothing.
    """
    frame = frame & screen
    beside = (frame.right(), screen.right()), (screen.left(), frame.left())
    within = (settings.right(), frame.right()), (frame.left(), settings.left())
    free = [ends for ends in beside if ends[1] - ends[0] >= ENOUGH_PX]
    left, right = free[0] if free else max(within, key=lambda ends: ends[1] - ends[0])
    top = frame.top() + (0 if free else BARS_PX)
    width = max(LEAST_PX, min(SIZE[0], right - left - 2 * EDGE_PX))
    height = min(SIZE[1], frame.bottom() - top - EDGE_PX)
    return QRect(left + EDGE_PX, frame.bottom() - EDGE_PX - height, width, height)


def _settings_of(window: QMainWindow) -> QRect:
    """Return what the settings take of a window on its screen."""
    settings = window.findChild(QDockWidget, "settings")
    if isinstance(settings, QDockWidget) and settings.isVisible() and not settings.isFloating():
        return QRect(settings.mapToGlobal(QPoint()), settings.size())
    return QRect(window.frameGeometry().topLeft(), QSize())


def _contents() -> str:
    """Return the guide's chapters, below links to each."""
    chapters = [path.read_text(encoding="utf-8") for path in sorted(resource("guide").glob("*.md"))]
    titles = [chapter.partition("\n")[0].removeprefix("# ") for chapter in chapters]
    links = " · ".join(f"[{title}](#{i})" for i, title in enumerate(titles))
    text = "\n\n".join([links, *chapters])
    return text.replace("{keys}", keys_markdown()).replace("{losses}", losses_markdown())

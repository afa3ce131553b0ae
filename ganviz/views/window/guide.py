"""The guide: what there is to see, every key, and every family of losses; its buttons stage what they speak of."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTextBrowser

from ganviz.resources import resource
from ganviz.session.experiment_pictures import duration_words
from ganviz.session.experiments import experiment
from ganviz.views.window.action_table import keys_markdown
from ganviz.views.window.floating import Floating
from ganviz.views.window.losses_guide import losses_html
from ganviz.views.window.text_buttons import TextButtons

EXPERIMENT = "experiment"
"""The scheme of links that become buttons, which play an experiment."""
SIZE = 640, 640


class GuideDock(QDockWidget):
    """Shows the guide in a window of its own, which can be docked. GUI thread only."""

    experiment_wished = Signal(str)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__("Guide", window)
        self.setObjectName("guide")
        self._browser = browser = QTextBrowser()
        browser.setOpenLinks(False)
        browser.anchorClicked.connect(self._open)
        browser.setAccessibleName("Guide")
        pages = sorted(resource("guide").glob("*.md"))
        text = "\n\n".join(page.read_text(encoding="utf-8") for page in pages)
        browser.setMarkdown(text.replace("{keys}", keys_markdown()))
        end = QTextCursor(browser.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertBlock()
        end.insertHtml(losses_html())
        buttons = TextButtons(browser, EXPERIMENT)
        buttons.pressed.connect(self.experiment_wished)
        for key, button in buttons.by_target:
            title = experiment(key).title
            button.setAccessibleName(f"Show me: {title}")
            button.setToolTip(" · ".join(filter(None, (title, duration_words(experiment(key))))))
        self.setWidget(browser)
        Floating(window, [self])
        if not window.restoreDockWidget(
            self
        ):  # it is made when it is first asked for, after the layout was read
            window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self)
            self.setFloating(True)
            self.resize(*SIZE)

    def _open(self, url: QUrl) -> None:
        if url.isRelative():
            self._browser.scrollToAnchor(url.fragment())
        else:
            QDesktopServices.openUrl(url)

"""Sentences with names of files that are longer than a line: broken, never scrolled sideways, and copied whole."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest

from ganviz.views.controls.banner import StatusBanner
from ganviz.views.look.broken_words import BREAK, BrokenWords

NAME = "saturating_vs_non_saturating_with_sixteen_seeds_of_the_second_week.csv"
SENTENCE = f"The file /home/ada/runs/{NAME} cannot be read: L_D is missing."


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("sentence", [SENTENCE, SENTENCE.replace("L_D", "it"), NAME, "C:\\" + NAME * 3])
def test_no_sentence_scrolls_sideways(open_window, qtbot, percent, sentence):
    window = open_window()
    window.resize(1024, 700)
    for _ in range(5 if percent == 200 else 0):
        window.frame.change_text(1)
    try:
        for is_beside in (True, False):
            window.docks.docks["settings"].setVisible(is_beside)
            window.banner.say(sentence, kind="warning", action="Choose another")
            qtbot.wait(60)
            area, words = window.banner._scroll, window.banner._text
            assert area.horizontalScrollBar().maximum() == 0
            assert words.height() >= words.heightForWidth(words.width())
            assert words.accessibleName() == window.banner.text == sentence
    finally:
        window.frame.change_text(0)


def test_only_what_is_wider_than_a_line_is_broken(qtbot):
    words = BrokenWords()
    qtbot.addWidget(words)
    words.say("short and/or long_long_long", is_set=False)
    words.break_for(words.fontMetrics().horizontalAdvance("long_long"))
    assert words.text() == "short and/or " + BREAK.join("long_long_long")
    words.break_for(1000)
    assert words.text() == "short and/or long_long_long"
    words.say_markup("<b>long_long_long</b>")
    words.break_for(10)
    assert words.text() == "<b>long_long_long</b>"


def test_a_broken_name_is_copied_whole(qtbot):
    banner = StatusBanner()
    qtbot.addWidget(banner)
    banner.setFixedWidth(200)
    banner.show()
    banner.say(SENTENCE)
    words = banner._text
    assert BREAK in words.text()
    words.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    words.setFocus()
    QTest.keyClick(words, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(words, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text(QClipboard.Mode.Clipboard)
    assert NAME in copied
    assert BREAK not in copied

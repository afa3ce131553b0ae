"""The words of a color bar lie on none of its ticks and stay in the bar's room, however large the letters."""

from __future__ import annotations

from itertools import combinations

import made_up
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPicture

from ganviz.views.bases import color_bar
from ganviz.views.bases.color_bar import BAR_GAP, bar_room, draw_vertical_bar
from ganviz.views.bases.planes import ScoreRange
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import digits_view
from ganviz.views.plot.plotting import Fonts, line_height, text_width

RANGES = {
    "probability": ScoreRange(True),
    "least squares": ScoreRange(False, 0.5, 2.0),
    "critic": ScoreRange(False, 0.0123, 5e-4, is_mean=True),
}


def fonts(scale: float) -> Fonts:
    letters = QFont()
    letters.setPixelSize(round(13 * scale))
    return Fonts.of(letters)


def recorded(monkeypatch, module):
    """Return the list to which every text that the module draws is added, with its place on the canvas."""
    found: list[tuple[str, QRectF]] = []
    drawn = module.draw_text

    def record(painter, area, text, align, **rest):
        width, height = text_width(painter.font(), text), line_height(painter.font()) * 0.7
        left = area.left()
        if align & Qt.AlignmentFlag.AlignRight:
            left = area.right() - width
        elif align & Qt.AlignmentFlag.AlignHCenter:
            left = area.center().x() - width / 2
        place = QRectF(left, area.center().y() - height / 2, width, height)
        if text:
            found.append((text, painter.transform().mapRect(place)))
        drawn(painter, area, text, align, **rest)

    monkeypatch.setattr(module, "draw_text", record)
    return found


@pytest.mark.parametrize("scale", [1.0, 1.3, 2.0])
@pytest.mark.parametrize("height", [100, 160, 190, 260, 400])
@pytest.mark.parametrize("kind", RANGES)
@pytest.mark.parametrize("is_slim", [False, True])
def test_words_and_ticks_of_a_bar_have_room(qapp, monkeypatch, scale, height, kind, is_slim) -> None:
    letters, shown = fonts(scale), RANGES[kind]
    found, picture = recorded(monkeypatch, color_bar), QPicture()
    area = QRectF(0, 0, bar_room([shown], letters, is_slim=is_slim) - BAR_GAP, height)
    painter = QPainter(picture)
    draw_vertical_bar(painter, area, shown, LIGHT, letters)
    painter.end()
    for (one, place), (other, beside) in combinations(found, 2):
        assert not place.intersects(beside), (one, other)
    assert all(place.right() <= area.right() + 1 for _, place in found), found


def test_a_bar_of_usual_letters_says_what_its_ends_mean(qapp, monkeypatch) -> None:
    found, picture = recorded(monkeypatch, color_bar), QPicture()
    painter = QPainter(picture)
    for shown in RANGES.values():
        draw_vertical_bar(
            painter, QRectF(0, 0, bar_room([shown], fonts(1.0)) - BAR_GAP, 300), shown, LIGHT, fonts(1.0)
        )
    painter.end()
    texts = [text for text, _ in found]
    assert texts.count("generated") == texts.count("real") == len(RANGES)
    assert {"¼", "−1.5", "+5·10⁻⁴"} < set(texts)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("lanes", [1, 2, 4])
def test_no_words_above_images_lie_on_a_color_bar(qtbot, monkeypatch, scale, lanes) -> None:
    bars = []
    monkeypatch.setattr(digits_view, "draw_vertical_bar", lambda painter, place, *rest: bars.append(place))
    found = recorded(monkeypatch, digits_view)
    view = digits_view.DigitsView()
    qtbot.addWidget(view)
    names = ("non_saturating", "saturating", "wasserstein", "least_squares")[:lanes]
    view.show_snapshot(made_up.snapshot(made_up.run_config("digits", names)))
    monkeypatch.setattr(view, "fonts", lambda: fonts(scale))
    picture = QPicture()
    painter = QPainter(picture)
    view.draw(painter, QRectF(0, 0, 530, 620), LIGHT)
    painter.end()
    assert len(bars) >= 1
    assert len(found) >= 2 * lanes
    for text, place in found:
        assert not any(place.intersects(bar) for bar in bars), text

"""The words of a color bar lie on none of its ticks and stay in the bar's room, however large the letters."""

from __future__ import annotations

from itertools import combinations

import made_up
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPicture

from ganviz.data.base import Extent
from ganviz.views.bases import color_bar
from ganviz.views.bases.color_bar import BAR_GAP, bar_height, bar_room, draw_level_bar, draw_vertical_bar
from ganviz.views.bases.planes import ScoreRange
from ganviz.views.look.theme import LIGHT
from ganviz.views.pictures import digits_view
from ganviz.views.pictures.plane_axes import axes_room
from ganviz.views.pictures.plane_layout import BarRoom, squares
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


def laid_out(body, n, bars, is_shared, letters, *, name):
    axes = axes_room(Extent(-2.0, 2.0, -2.0, 2.0), (), letters)
    return squares(body, n, bars, is_shared, letters, name=name, axes=axes)


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


def texts_of(monkeypatch, draw, area: QRectF, shown: ScoreRange, letters: Fonts):
    """Return what a bar writes and where; nothing lies on anything else."""
    found, picture = recorded(monkeypatch, color_bar), QPicture()
    painter = QPainter(picture)
    draw(painter, area, shown, LIGHT, letters)
    painter.end()
    for (one, place), (other, beside) in combinations(found, 2):
        assert not place.intersects(beside), (one, other)
    return found


@pytest.mark.parametrize("scale", [1.0, 1.3, 2.0])
@pytest.mark.parametrize("height", [100, 160, 190, 260, 400])
@pytest.mark.parametrize("kind", RANGES)
@pytest.mark.parametrize("is_slim", [False, True])
def test_words_and_ticks_of_a_bar_have_room(qapp, monkeypatch, scale, height, kind, is_slim) -> None:
    letters, shown = fonts(scale), RANGES[kind]
    area = QRectF(0, 0, bar_room([shown], letters, is_slim=is_slim) - BAR_GAP, height)
    found = texts_of(monkeypatch, draw_vertical_bar, area, shown, letters)
    assert all(place.right() <= area.right() + 1 for _, place in found), found


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("reach", [0.05, 0.005, 5e-4, 2e-5])
def test_a_bar_beside_small_pictures_says_numbers(qapp, monkeypatch, scale, reach) -> None:
    letters, shown = fonts(scale), ScoreRange(False, 0.0123, reach, is_mean=True)
    area = QRectF(0, 0, bar_room([shown], letters, is_slim=True) - BAR_GAP, 190)
    texts = [text for text, _ in texts_of(monkeypatch, draw_vertical_bar, area, shown, letters)]
    ends = [text for text in texts if text[0] in "+−"]
    assert len(ends) == 2
    assert [text[0] for text in ends] == ["−", "+"]
    assert all(float(text[1:].replace("−", "-")) == reach for text in ends)


@pytest.mark.parametrize("scale", [1.0, 1.3, 2.0])
@pytest.mark.parametrize("width", [40, 100, 160, 240, 560])
@pytest.mark.parametrize("kind", RANGES)
@pytest.mark.parametrize("is_slim", [False, True])
def test_words_and_ticks_of_a_level_bar_have_room(qapp, monkeypatch, scale, width, kind, is_slim) -> None:
    letters, shown = fonts(scale), RANGES[kind]
    area = QRectF(0, 0, width, bar_height(letters, is_slim=is_slim))
    found = texts_of(monkeypatch, draw_level_bar, area, shown, letters)
    assert all(area.adjusted(-1, 0, 1, 1).contains(place) for _, place in found), found
    words = {text for text, _ in found} & {"generated", "real"}
    assert len(words) == (0 if is_slim or 2 * text_width(letters.label, "generated") > width else 2)


@given(
    st.floats(60, 1600),
    st.floats(60, 1000),
    st.integers(1, 7),
    st.booleans(),
    st.sampled_from([0.0, 90.0, 300.0]),
    st.sampled_from([1.0, 2.0]),
)
def test_planes_and_their_bars_have_places_of_their_own(
    qapp, width, height, n, is_shared, name, scale
) -> None:
    letters, body = fonts(scale), QRectF(5, 7, width, height)
    layout = laid_out(body, n, rooms(letters), is_shared, letters, name=name)
    assume(layout.cells[0].width() > 20)  # there is no room at all below that
    places = list(layout.cells)
    for cell in (cell for cell, has in zip(layout.cells, layout.has_bar, strict=True) if has):
        if layout.is_below:
            places.append(QRectF(cell.left(), cell.bottom() + layout.under, cell.width(), layout.room))
        else:
            places.append(QRectF(cell.right(), cell.top(), layout.room, cell.height()))
    places = [place for place in places if not place.isEmpty()]
    assert sum(layout.has_bar) >= 1
    assert all(body.adjusted(-1, -1, 1, 1).contains(place) for place in places)
    assert not any(one.adjusted(1, 1, -1, -1).intersects(other) for one, other in combinations(places, 2))


def test_bars_lie_below_planes_that_become_clearly_larger_by_it(qapp) -> None:
    letters, known = fonts(1.0), (BarRoom(78, 50), BarRoom(56, 32))
    wide = laid_out(QRectF(0, 0, 900, 400), 1, known, False, letters, name=0.0)
    high = laid_out(QRectF(0, 0, 600, 700), 4, known, False, letters, name=90.0)
    assert (wide.is_below, high.is_below) == (False, True)
    assert high.cells[0].width() > 235
    beside = laid_out(QRectF(0, 0, 600, 700), 4, (BarRoom(78, 900),) * 2, False, letters, name=90.0)
    assert beside.cells[0].width() < 180


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


def rooms(letters: Fonts) -> tuple[BarRoom, BarRoom]:
    """Return what bars of all kinds need with words, and slim ones."""
    whole, slim = (
        BarRoom(bar_room(RANGES.values(), letters, is_slim=slim), bar_height(letters, is_slim=slim))
        for slim in (False, True)
    )
    return whole, slim


@pytest.mark.parametrize(
    ("width", "height", "scale", "least"), [(290, 270, 1.0, 90), (380, 340, 2.0, 100), (617, 690, 1.0, 230)]
)
def test_bars_give_way_to_planes_that_would_be_small(qapp, width, height, scale, least) -> None:
    letters, body = fonts(scale), QRectF(0, 0, width, height)
    layout = laid_out(body, 4, rooms(letters), False, letters, name=90.0)
    assert min(cell.width() for cell in layout.cells) >= least

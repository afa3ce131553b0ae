"""The pieces that plots are made of: scales, ticks, numbers, strokes, contours, colors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette, QPicture, QPixmap
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QSpinBox, QWidget

from ganviz.data.base import Extent
from ganviz.views.bases.color_bar import bar_ticks, bar_title
from ganviz.views.bases.planes import Frame, Marker, ScoreRange, draw_markers, uncrowded
from ganviz.views.bases.smoothing_slider import smoothing_slider
from ganviz.views.look.formula import formula_runs, plain_formula
from ganviz.views.look.status_words import score_digits
from ganviz.views.look.style import style_sheet
from ganviz.views.look.theme import DARK, LIGHT, Theme, apply_to_application
from ganviz.views.pictures.digits_layout import Layout
from ganviz.views.pictures.digits_view import _mean_text
from ganviz.views.plot import plotting
from ganviz.views.plot.contour import extended, iso_segments
from ganviz.views.plot.legend import GAP_PX, Legend, LegendEntry
from ganviz.views.plot.plotting import (
    TICK_BELOW,
    Axis,
    Fonts,
    draw_grid,
    line_pen,
    number,
    painting_on,
    text_width,
)
from ganviz.views.plot.scales import LINEAR, LOG, SYMLOG, linear_ticks, round_up, tick_text
from ganviz.views.plot.strokes import (
    FARTHEST_PX,
    dashed,
    draw_curve,
    draw_triangles,
    fill_between,
    polygon,
    runs,
    segments,
)

ROLES = ("real", "generated", "d_loss", "g_loss", "value")
FINITE = st.floats(-1e6, 1e6, allow_nan=False)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colors, 1 … 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    channels = np.array(QColor(color).getRgb()[:3]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_letters_have_enough_contrast(theme: Theme) -> None:
    for role in ROLES:
        assert contrast(getattr(theme, f"{role}_text"), theme.base) >= 4.5, role
    palette, group = theme.palette(), QPalette.ColorGroup.Disabled
    assert palette.color(group, QPalette.ColorRole.PlaceholderText) == palette.color(
        group, QPalette.ColorRole.Text
    )
    for letters in (theme.text, theme.muted, theme.warning):
        assert min(contrast(letters, theme.base), contrast(letters, theme.window)) >= 4.5
    assert contrast(theme.on_accent, theme.accent) >= 4.5


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Callable[[Theme], None]]:
    """Return what dresses the application in a theme; it is as before at the end."""
    palette, style, sheet = qapp.palette(), qapp.style().objectName(), qapp.styleSheet()

    def dress(theme: Theme) -> None:
        apply_to_application(qapp, theme, follow_system=False)
        qapp.setStyleSheet(style_sheet())

    yield dress
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_sliders_and_check_boxes_are_seen(qtbot, dressed, theme: Theme) -> None:
    dressed(theme)
    for widget in (smoothing_slider("Losses"), QCheckBox()):
        qtbot.addWidget(widget)
        picture = widget.grab().toImage()
        colors = {picture.pixelColor(x, y).name() for x in range(12) for y in range(picture.height())}
        assert max(contrast(one, theme.window) for one in colors) >= 3, type(widget)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", [QLineEdit, QSpinBox, QComboBox])
def test_the_edges_of_fields_are_seen(qtbot, dressed, theme: Theme, kind: type[QWidget]) -> None:
    dressed(theme)
    holder = QWidget()
    qtbot.addWidget(holder)
    field = kind(holder)
    field.setGeometry(10, 10, 120, 28)
    holder.resize(140, 50)
    picture, colors = holder.grab().toImage(), []
    for y in range(14, 34):  # left and right edge, between the corners
        row = [picture.pixelColor(x, y).name() for x in (*range(8, 14), *range(126, 132))]
        colors.append(max(contrast(one, theme.window) for one in row))
    assert min(colors) >= 3, min(colors)
    popup = field.view().palette() if isinstance(field, QComboBox) else field.palette()
    assert popup.base().color() == QColor(theme.base)


def test_the_palette_of_subjects_is_the_agreed_one() -> None:
    for theme in (LIGHT, DARK):
        subjects = [getattr(theme, role) for role in ROLES]
        assert subjects == ["#0072b2", "#d55e00", "#56b4e9", "#e69f00", "#009e73"]
        assert theme.total == theme.text


@given(FINITE, st.floats(1e-3, 1e6), st.integers(2, 10))
def test_linear_ticks_are_two_or_more_and_inside(low: float, span: float, n: int) -> None:
    ticks = linear_ticks(low, low + span, n)
    assert 2 <= len(ticks) <= n + 6
    assert all(low - 1e-6 * span <= t <= low + span * (1 + 1e-6) + 1e-9 for t in ticks)


@pytest.mark.parametrize("scale", [LINEAR, SYMLOG])
@given(low=st.floats(-50, 50), span=st.floats(1e-2, 100))
def test_rounded_ranges_hold_the_range(scale: object, low: float, span: float) -> None:
    start, end = scale.rounded(low, low + span)  # type: ignore[attr-defined]
    assert start <= low + 1e-9
    assert end >= low + span - 1e-9


def test_log_breaks_where_values_are_not_positive() -> None:
    assert np.isnan(LOG.forward(np.array([-1.0, 0.0]))).all()
    assert LOG.forward(np.array([100.0]))[0] == pytest.approx(2)


def test_symlog_is_odd_and_grows() -> None:
    values = np.linspace(-50, 50, 101)
    forward = SYMLOG.forward(values)
    assert (np.diff(forward) > 0).all()
    assert forward == pytest.approx(-forward[::-1])


@given(st.floats(1e-6, 1e300))
def test_round_up_is_round_and_near(value: float) -> None:
    up = round_up(value)
    assert value * (1 - 1e-8) <= up <= value * 2.6
    assert f"{up:.6e}"[0] in "125"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.38629, "1.386"),
        (-0.5, "−0.500"),
        (0.0, "0.000"),
        (-1e-3, "−0.001"),
        (-2.7e-4, "−2.70·10⁻⁴"),
        (float("nan"), "–"),
        (1234.5, "1234.5"),
        (3e7, "3.00·10⁷"),
    ],
)
def test_numbers_are_written_as_plots_write_them(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(-2.0, "−2"), (0.25, "0.25"), (12000, "12\u202f000"), (1e-4, "10⁻⁴")]
)
def test_ticks_are_written_short(value: float, text: str) -> None:
    assert tick_text(value) == text


@pytest.mark.parametrize(
    "range_", [(-0.00446, -0.00436), (1.38621, 1.38635), (4.0001e-4, 4.0003e-4), (-1.0, 1.0)]
)
def test_ticks_next_to_each_other_are_not_written_alike(range_: tuple[float, float]) -> None:
    texts = [tick_text(tick) for tick in linear_ticks(*range_, 4)]
    assert len(texts) > 1
    assert len(set(texts)) == len(texts)


def test_small_mean_scores_are_told_from_zero() -> None:
    assert score_digits(-0.0044, -0.0044, is_probability=False) == 4
    assert score_digits(-1.2, 0.0, is_probability=False) == 2
    assert score_digits(0.0044, 0.0044, is_probability=True) == 2


def test_polygons_hold_their_points() -> None:
    made = polygon(np.array([1.0, 2.5]), np.array([3.0, -4.0]))
    assert [(p.x(), p.y()) for p in made] == [(1.0, 3.0), (2.5, -4.0)]
    assert polygon(np.empty(0), np.empty(0)).isEmpty()


@pytest.mark.parametrize("is_drawing", [False, True])
def test_triangles_are_filled_where_their_corners_are(qapp: object, is_drawing: bool) -> None:
    """Also in a drawing, which has one path for all."""
    image, drawing = QImage(60, 20, QImage.Format.Format_ARGB32), QPicture()
    image.fill(0)
    with painting_on(drawing if is_drawing else image) as painter:
        painter.setBrush(QColor("black"))
        draw_triangles(painter, np.array([[0.0, 0, 20, 0, 0, 20], [60, 20, 40, 20, 60, 0]]))
    if is_drawing:
        with painting_on(image) as painter:
            drawing.play(painter)
    filled = [[image.pixelColor(x, y).alpha() for y in (3, 16)] for x in (3, 16, 30, 44, 58)]
    assert filled == [[255, 255], [255, 0], [0, 0], [0, 255], [255, 255]]


def test_fills_have_gaps_and_no_corner_far_away() -> None:
    class Noted:
        def drawPolygon(self, made: object) -> None:
            shapes.append([(point.x(), point.y()) for point in made])  # type: ignore[attr-defined]

    shapes: list[list[tuple[float, float]]] = []
    x, floor = np.arange(5.0), np.zeros(5)
    fill_between(Noted(), x, floor, np.array([1.0, 2.0, np.nan, 1e300, -np.inf]))  # type: ignore[arg-type]
    assert shapes == [[(0, 1), (1, 2), (1, 0), (0, 0)], [(3, FARTHEST_PX), (3, 0)]]


def test_segments_skip_what_is_not_finite() -> None:
    x, y = np.array([0.0, 1, 2, 3]), np.array([0.0, 1, np.nan, 3])
    assert segments(x, y)[:, [0, 2]].tolist() == [[0.0, 1.0]]
    assert runs(np.isfinite(y)) == [(0, 2), (3, 4)]


@given(st.lists(st.floats(0.2, 40), min_size=2, max_size=30))
def test_dashes_have_their_lengths(steps: list[float]) -> None:
    x = np.concatenate(([0.0], np.cumsum(steps)))
    drawn = dashed(x, np.zeros_like(x), [5.0, 3.0], QRectF(-1, -1, x[-1] + 2, 2))
    lengths = drawn[:, 2] - drawn[:, 0]
    assert ((drawn[:, 0] + 1e-7) % 8.0 <= 5.0 + 1e-6).all()
    assert (lengths <= 5.0 + 1e-6).all()
    whole, rest = divmod(x[-1], 8.0)
    assert lengths.sum() == pytest.approx(whole * 5 + min(rest, 5), abs=1e-5)


@given(st.lists(st.floats(-1e15, 1e15) | st.floats(-50, 150) | st.just(math.nan), min_size=2, max_size=12))
def test_dashes_are_made_where_they_are_seen(heights: list[float]) -> None:
    assume(not all(map(math.isnan, heights)))
    x, y, seen = np.linspace(0.0, 100.0, len(heights)), np.array(heights), QRectF(0, 0, 100, 100)
    drawn = dashed(x, y, [5.0, 3.0], seen)
    assert len(drawn) < 40 * len(heights)  # 18 dashes across the picture, and both ends of each piece
    if np.nanmax(np.abs(y), initial=0.0) < 1e3:  # where rounding is not seen
        near = drawn[
            (np.minimum(drawn[:, 1], drawn[:, 3]) > 0) & (np.maximum(drawn[:, 1], drawn[:, 3]) < 100)
        ]
        everywhere = dashed(x, y, [5.0, 3.0], QRectF(-2e3, -2e3, 4e3, 4e3))
        of_all = {tuple(np.round(one, 6)) for one in everywhere.tolist()}
        assert {tuple(np.round(one, 6)) for one in near.tolist()} <= of_all


def test_further_lanes_are_dashed_differently() -> None:
    patterns = [tuple(line_pen(QColor("red"), 2.0, lane).dashPattern()) for lane in range(4)]
    assert patterns[0] == ()
    assert len(set(patterns)) == 4


def test_the_contour_of_a_circle_is_that_circle() -> None:
    line = np.arange(65) - 32.0
    grid = np.hypot(*np.meshgrid(line, line))
    found = iso_segments(grid, 20.0) - 32
    assert np.hypot(found[..., 0], found[..., 1]) == pytest.approx(np.full(found.shape[:2], 20.0), abs=0.02)
    length = np.hypot(*(found[:, 1] - found[:, 0]).T).sum()
    assert length == pytest.approx(2 * np.pi * 20, rel=0.01)


def test_contours_reach_the_frame() -> None:
    grid = np.tile(np.arange(8.0), (8, 1))
    found = iso_segments(extended(grid), 3.5)
    assert (found[..., 1].min(), found[..., 1].max()) == (0, 9)
    assert np.unique(found[..., 0]) == pytest.approx([4.5])


def test_probabilities_and_raw_scores_become_colors() -> None:
    scores = np.array([-50.0, 0.0, 50.0, np.nan], dtype=np.float32)
    lut = LIGHT.surface_lut
    assert ScoreRange(True).colors(scores, LIGHT).tolist() == [lut[0], lut[128], lut[255], lut[128]]
    assert ScoreRange(False, 1.0, 2.0).shares(np.array([-1.0, 1.0, 3.0, 9.0])).tolist() == [0, 0.5, 1, 1]


def test_the_color_bar_says_what_it_shows() -> None:
    assert bar_title(ScoreRange(True)) == "D(x), probability"
    assert [text for _, text in bar_ticks(ScoreRange(True))] == ["0", "¼", "½", "¾", "1"]
    critic = ScoreRange(False, 0.5, 2.0)
    assert bar_title(critic) == "score"
    assert [text for _, text in bar_ticks(critic)] == ["−1.5", "0.5", "2.5"]
    assert bar_ticks(ScoreRange(False, 0.0, 123.456, is_mean=True))[2][1] == "+123"


def test_the_plane_puts_points_where_its_axes_say() -> None:
    frame = Frame.of(QRectF(10, 20, 300, 300), Extent(-3, 3, -3, 3))
    x, y = frame.points(np.array([[-3, -3], [3, 3], [0, 0], [99, 0], [np.nan, 0]], dtype=np.float32))
    assert x.tolist() == [10, 310, 160]
    assert y.tolist() == [320, 20, 170]
    assert frame.x.value(160) == pytest.approx(0)


def test_an_axis_gives_back_its_values() -> None:
    axis = Axis(0.0, 50.0, 10.0, 510.0)
    assert axis.value(axis.pixel(12.5)) == pytest.approx(12.5)


def test_formulas_keep_their_levels_and_have_a_plain_form() -> None:
    assert formula_runs("L<sub>D</sub> = x<sup>2</sup> &lt; 1") == (
        ("L", 0), ("D", -1), (" = x", 0), ("2", 1), (" < 1", 0)
    )  # fmt: skip
    assert plain_formula("L<sub>D</sub>") == "L_D"


def test_legends_never_drop_an_entry_that_could_fit(qapp: object) -> None:
    fonts = Fonts.of(QFont())
    pen = line_pen(QColor("red"), 2.0)
    entries = [
        LegendEntry(pen, f"symbol {i}", QColor("red"), "a long formula of x", "1.234", f"s{i}")
        for i in range(5)
    ]
    wide = Legend.fit(entries, 3000, 1, fonts)
    assert [entry.formula for entry in wide.rows[0]] == ["a long formula of x"] * 5
    one = Legend.fit(entries[:1], entries[0].width(fonts) - 1, 3, fonts)
    assert (one.rows[0][0].formula, one.rows[0][0].values) == ("", "1.234")  # though it has a row of its own
    valued = Legend.fit(entries, 900, 1, fonts)
    assert [(entry.formula, entry.values) for entry in valued.rows[0]] == [("", "1.234")] * 5
    lanes = [
        LegendEntry(pen, f"Non-saturating &lt;{i}&gt; with a long name", QColor("red")) for i in range(4)
    ]
    narrow = Legend.fit([*entries, *lanes], 340, 2, fonts)
    assert sum(len(row) for row in narrow.rows) == 9
    assert narrow.rows[0][0].symbol == "s0"
    for row in narrow.rows:
        assert sum(entry.width(fonts) for entry in row) <= 340
    assert [row.symbol[:8] for row in narrow.rows[-2]] == ["Non-satu"] * 2  # cut, but not away
    many = Legend.fit(lanes * 16, 340, 2, fonts)
    assert len(many.rows) == 4
    assert many.rows[-1][-1].symbol == f"… {many.n_missing} more"
    assert many.n_missing + sum(map(len, many.rows)) - 1 == 64
    area = QRectF(0, 0, 340, many.height)
    places = many.places(area, fonts)
    assert len(places) == 64 - many.n_missing
    assert places[0].topLeft() == area.topLeft()
    assert all(area.contains(box) for box in places)
    for n_rows in (3, 1):
        few = many.cropped(n_rows)
        assert (len(few.rows), few.height) == (n_rows, many.height * n_rows / 4)
        assert few.n_missing + sum(map(len, few.rows)) - 1 == 64
        assert few.cropped(n_rows) is few
    brief = [replace(entries[0], symbol="V", short="", formula="", values="") for _ in range(40)]
    for width in range(90, 340, 9):
        tight = Legend.fit(brief, width, 1, fonts)
        assert tight.n_missing + sum(map(len, tight.rows)) - 1 == 40
        for few in (tight, tight.cropped(2, fonts), tight.cropped(1, fonts)):
            assert few.rows[-1][-1].symbol == f"… {few.n_missing} more"
            assert sum(one.width(fonts) + GAP_PX for one in few.rows[-1]) - GAP_PX <= max(width, 100)
    assert narrow.cropped(2).n_missing + sum(map(len, narrow.cropped(2).rows)) - 1 == 9


def test_a_legend_of_one_row_names_what_the_chart_is_about(qapp: object) -> None:
    fonts = Fonts.of(QFont())
    pen, red = line_pen(QColor("red"), 2.0), QColor("red")
    total = LegendEntry(pen, "L<sub>D</sub> + L<sub>G</sub>", red, "as trained", "2.061 | 1.386", "total")
    lanes = [LegendEntry(pen, name, red) for name in ("Non-saturating", "R3GAN")]
    for width in range(200, 420, 15):
        row = Legend.fit([total, *lanes], width, 2, fonts).cropped(1, fonts).rows[0]
        assert row[0].symbol.startswith(("L", "total"))
        assert sum(one.width(fonts) + GAP_PX for one in row) - GAP_PX <= width
    assert (row[0].values, row[-1].symbol[:1]) == ("2.061 | 1.386", "…")


def test_values_of_parts_go_before_those_of_losses(qapp: object) -> None:
    fonts = Fonts.of(QFont())
    pen, red = line_pen(QColor("red"), 2.0), QColor("red")
    losses = [LegendEntry(pen, name, red, "", "1.376 | −1.091") for name in ("L D", "L G")]
    parts = [LegendEntry(pen, name, red, "", "1.376 | −1.091", lesser=True) for name in ("real", "fake")]
    everything = Legend.fit([*losses, *parts], 3000, 1, fonts).rows[0]
    assert all(entry.values for entry in everything)
    less = sum(entry.width(fonts) + GAP_PX for entry in everything) - 20
    tight = Legend.fit([*losses, *parts], less, 1, fonts).rows[0]
    assert [bool(entry.values) for entry in tight] == [True, True, False, False]


@pytest.mark.parametrize("lanes", [1, 2, 3, 5])
@pytest.mark.parametrize("size", [(600, 600), (900, 300), (260, 700)])
@pytest.mark.parametrize("is_shared", [True, False])
def test_digits_lie_inside_and_apart(lanes: int, size: tuple[int, int], is_shared: bool) -> None:
    body, head, bar = QRectF(0, 0, *size), 30.0, 68.0
    layout = Layout.fit(body, lanes, 6, head, 20.0, bar, is_shared=is_shared)
    boxes = [QRectF(x, y - head, layout.lane_width, layout.lane_height + head) for x, y in layout.places]
    assert len(boxes) == lanes
    for i, box in enumerate(boxes):
        assert not any(box.adjusted(0.5, 0.5, -0.5, -0.5).intersects(other) for other in boxes[i + 1 :])
        if layout.cell > 8:
            assert body.adjusted(-1, -1, 1, 1).contains(box)


def test_real_digits_stand_where_all_are_larger() -> None:
    high, wide = (
        Layout.fit(QRectF(0, 0, *size), 1, 6, 30.0, 20.0, 68.0, is_shared=True)
        for size in ((600, 680), (900, 400))
    )
    assert (high.real, high.cell) == ((0.0, 6 * 70.0 + 20.0), 70.0)  # beside the generated ones it were 56
    assert (wide.real, wide.cell) == ((6.5 * 61.0, 0.0), 61.0)


def test_no_line_ends_within_a_number(qapp: object) -> None:
    font, text = QFont(), "all of one batch, at step 4\u202f357"
    lines = plotting.wrapped(font, text_width(font, "all of one batch, at step 4\u202f3"), text, 2)
    assert lines == ["all of one batch, at step", "4\u202f357"]


def test_text_widths_are_those_of_the_font(qapp: object) -> None:
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    font = painter.font()
    painter.end()
    assert text_width(font, "wwww") > text_width(font, "w") > 0


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_many_markers_with_one_call_are_markers_one_by_one(qapp, ratio):
    x, y = np.random.default_rng(0).uniform(-10, 110, (2, 200))
    marker, pictures = Marker("#0072B2", "#ffffff", True, 2.3), []
    for at_once in (True, False):
        pixmap = QPixmap(round(100 * ratio), round(100 * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.white)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if at_once:
            draw_markers(painter, x, y, marker)
        else:
            sprite = marker.sprite(ratio)
            half = sprite.width() / ratio / 2
            for at_x, at_y in zip(x - half, y - half, strict=True):
                painter.drawPixmap(QPointF(at_x, at_y), sprite)
        painter.end()
        pictures.append(pixmap.toImage())
    assert pictures[0] == pictures[1]
    on = (x > 0) & (x < 99) & (y > 0) & (y < 99)
    for at_x, at_y in zip(x[on] * ratio, y[on] * ratio, strict=True):
        assert pictures[0].pixelColor(QPoint(int(at_x), int(at_y))) != QColor("white")


def test_markers_that_are_unknown_or_far_outside_are_left_out(qapp):
    """Qt ends the program where it copies a picture to some such places; which these are depends on what was drawn."""
    marker, pictures, away = Marker("#0072B2", "#ffffff", True, 3.0), [], (np.nan, np.inf, -1e300, 3e9)
    for odd in ((), away):
        pixmap = QPixmap(300, 200)
        pixmap.fill(Qt.GlobalColor.white)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_markers(
            painter, np.array([50.0, *odd, 20.0, *odd]), np.array([20.0, *odd[::-1], 50.0, *odd]), marker
        )
        painter.end()
        pictures.append(pixmap.toImage())
    assert pictures[0] == pictures[1]


def test_a_dashed_curve_that_is_drawn_again_is_the_same_and_another_one_is_not() -> None:
    def drawn(y: np.ndarray, clip: QRectF) -> QImage:
        picture = QImage(80, 60, QImage.Format.Format_ARGB32)
        picture.fill(0)
        painter = QPainter(picture)
        painter.setClipRect(clip)
        draw_curve(painter, np.linspace(0, 80, 30, dtype=np.float32), y, line_pen(QColor("black"), 2.6, 1))
        painter.end()
        return picture

    rising, whole = np.linspace(0.0, 60.0, 30), QRectF(0, 0, 80, 60)
    first = drawn(rising, whole)
    assert drawn(rising, whole) == first
    assert drawn(rising[::-1], whole) != first
    assert drawn(rising, QRectF(0, 0, 40, 60)) != first


def test_the_lowest_label_stays_above_the_word_beside_the_other_axis(qapp, monkeypatch):
    found = []
    monkeypatch.setattr(plotting, "draw_text", lambda painter, box, text, align: found.append((text, box)))
    area = QRectF(50, 10, 200, 60)
    picture = QPicture()
    with painting_on(picture) as painter:
        x, y = Axis(0, 100, 50, 250), Axis(-1, 1, 70, 10)
        draw_grid(painter, area, x, y, LIGHT, Fonts.of(QFont()))
    boxes = dict(found)
    assert boxes["−1"].bottom() == area.bottom() + TICK_BELOW
    assert boxes["1"].center().y() == pytest.approx(area.top())


def test_of_a_crowd_one_sample_has_an_arrow(qapp):
    area = QRectF(0, 0, 320, 320)
    whole, part = (Frame(area, Axis(-3, high, 0, 320), Axis(-3, high, 320, 0)) for high in (3, -2.7))
    at = np.array([[0.5, 0.5], [25.0, 0.5], [1.5, 9.0], [25.0, 9.5]])
    assert uncrowded(at, whole).tolist() == [0, 1]
    crowd = np.array([[-2.95, -2.95], [-2.9, -2.9]])
    for frame, n in ((whole, 1), (part, 2)):
        places = np.stack([frame.x.pixels(crowd[:, 0]), frame.y.pixels(crowd[:, 1])], axis=1)
        assert len(uncrowded(places, frame)) == n


@pytest.mark.parametrize(
    ("mean", "text"), [(-0.0042, "−0.0042"), (-0.14, "−0.14"), (0.0, "0.00"), (12.346, "12.35")]
)
def test_the_mean_score_of_images_is_no_negative_zero(mean, text):
    assert _mean_text(np.full(4, mean), ScoreRange(False, 0.0, 0.01)) == f"mean score {text}"


@pytest.mark.parametrize("height", range(24, 60))
def test_numbers_beside_a_low_plot_are_as_far_from_each_other(height, qapp, monkeypatch) -> None:
    """Of −4, −2, 0, 2 and 4 one was missing, the one that the lowest did not leave room for."""
    written, fonts = [], Fonts.of(QFont())
    monkeypatch.setattr(plotting, "draw_text", lambda _, box, text, *__: written.append((box, text)))
    area, image = QRectF(60, 10, 300, height), QImage(400, 80, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    x, y = Axis(0, 1, 60, 360), Axis(-4.3, 4.3, area.bottom(), area.top())
    plotting.draw_grid(painter, area, x, y, LIGHT, fonts, begin=math.inf)
    painter.end()
    assert [text for _, text in written] in (["−4", "−2", "0", "2", "4"], ["−4", "0", "4"], ["−4", "4"])
    assert plotting.told_ticks([(30.0, "1"), (28.0, "2")], 5.0) == [(30.0, "1")]


def test_samples_of_a_legend_grow_with_its_letters(qapp: object) -> None:
    """In a presentation dashes that tell lanes apart were as short as on a desk, and close to the words."""
    entry, font = LegendEntry(line_pen(QColor("red"), 2.0, 3), "", QColor("red")), QFont()
    rooms = []
    for size in (9, 18):
        font.setPointSizeF(size)
        rooms.append(entry.width(Fonts.of(font)))
    assert rooms[0] == 25.0
    assert 1.7 < rooms[1] / rooms[0] < 2.1

"""Looking back: keys, dragging and the buttons beside the track."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ganviz.training.history import ChangeMark
from ganviz.views.controls.timeline import Timeline
from ganviz.views.controls.timeline_track import LABELS_TOP, MARGIN
from ganviz.views.plot.plotting import Fonts, line_height

KEYFRAMES = (0, 64, 128, 192)


@pytest.fixture
def timeline(qtbot):
    made = Timeline()
    qtbot.addWidget(made)
    made.resize(600, 40)
    made.show()
    made.track.show_keyframes(KEYFRAMES)
    made.track.show_run(200, 200, ())
    made.asked, made.continued = [], []
    made.track.position_changed.connect(made.asked.append)
    made.continue_wished.connect(made.continued.append)
    return made


def at(timeline, step):
    return QPoint(round(timeline.track._x(step)), 13)


def on_bar(timeline, step):
    return QPointF(timeline.track._x(step), 3.0)


def drag(timeline, start, end):
    """Drag from place to place; of moves, QTest's own say of no button that it is held."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(timeline.track, left, none, start.toPoint())
    for share in (0.3, 0.7, 1.0):
        where = start + (end - start) * share
        moved = QMouseEvent(QEvent.Type.MouseMove, where, where, Qt.MouseButton.NoButton, left, none)
        timeline.track.mouseMoveEvent(moved)
    QTest.mouseRelease(timeline.track, left, none, end.toPoint())


def turn(timeline, step, notches):
    place = timeline.track.mapTo(timeline, at(timeline, step))
    QTest.wheelEvent(timeline.windowHandle(), QPointF(place), QPoint(0, 120 * notches))


def test_keys_go_from_keyframe_to_keyframe_and_back_to_now(timeline):
    for by in (-1, -1, 1, 1):
        timeline.track.go(by)
    assert timeline.asked == [192, 128, 192, None]
    for _ in range(9):
        timeline.track.go(-1)
    assert timeline.asked[-1] == 0


def test_a_keyframe_at_now_is_now(timeline):
    timeline.track.show_run(192, 192, ())
    timeline.track.go(-1)
    assert timeline.asked == [128]


@pytest.mark.parametrize(
    ("step", "asked"), [(60, 64), (100, 128), (-30, 0), (190, 192), (199, None), (5000, None)]
)
def test_the_nearest_keyframe_is_looked_at(timeline, qtbot, step, asked):
    timeline.track.look_at(64)
    timeline.asked.clear()
    qtbot.mouseClick(timeline.track, Qt.MouseButton.LeftButton, pos=at(timeline, step))
    assert timeline.asked == ([] if asked == 64 else [asked])


def test_dragging_asks_once_a_keyframe(timeline, qtbot):
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    qtbot.mousePress(timeline.track, left, pos=at(timeline, 0))
    for step in range(0, 140, 5):
        where = QPointF(at(timeline, step))
        timeline.track.mouseMoveEvent(
            QMouseEvent(QEvent.Type.MouseMove, where, where, none, left, Qt.KeyboardModifier.NoModifier)
        )
    assert timeline.asked == [0, 64, 128]


def test_going_on_from_a_keyframe_leaves_it(timeline):
    assert timeline._continue.isHidden()
    timeline.continue_here()
    assert timeline.continued == []
    timeline.track.look_at(64)
    assert not timeline._continue.isHidden()
    timeline._continue.click()
    assert timeline.continued == [64]
    assert timeline.asked == [64]
    timeline.track.begin()  # the run has gone back
    assert timeline.asked == [64, None]
    assert timeline._continue.isHidden()
    timeline.track.look_at(128)
    timeline._now.click()
    assert timeline.asked[-1] is None


def test_the_track_grows_with_the_run_and_marks_stay(timeline):
    mark = ChangeMark(150, None, "fork", True)
    timeline.track.show_run(200, 200, (mark,))
    for now in (201, 1_000, 123_456):
        timeline.track.show_run(now, now, None)
        assert timeline.track._x(now) <= timeline.track.width() - MARGIN
        assert timeline.track._marks == (mark,)


def test_nothing_to_look_back_at(qtbot):
    empty = Timeline()
    qtbot.addWidget(empty)
    empty.track.go(-1)
    qtbot.mouseClick(empty.track, Qt.MouseButton.LeftButton, pos=QPoint(20, 11))
    assert empty.track.wanted is None


@pytest.mark.parametrize("share", [1.0, 1.5, 2.0, 3.0])
def test_labels_of_marks_are_whole_whatever_their_size(timeline, share):
    track = timeline.track
    letters = track.font()
    letters.setPointSizeF(letters.pointSizeF() * share)
    timeline.show()
    track.setFont(letters)
    QApplication.processEvents()
    lowest = LABELS_TOP + line_height(Fonts.of(track.font()).tick)
    assert timeline.sizeHint().height() >= track.sizeHint().height() > lowest
    assert track.height() > lowest


@pytest.fixture
def wished(timeline):
    found = []
    timeline.track.shown.wished.connect(lambda x, is_moving: found.append((x, is_moving)))
    timeline.track.shown.show(None, True)
    return found


def rounded(wish):
    x, is_moving = wish
    return tuple(round(end) for end in x), is_moving


@pytest.mark.parametrize(
    ("shown", "start", "end", "wanted"),
    [
        (None, 0, 50, (50, 200)),  # the lower end
        (None, 200, 120, (0, 120)),
        ((50.0, 150.0), 100, 120, (70, 170)),  # all of it
        ((50.0, 150.0), 150, 20, (20, 50)),  # an end beyond the other one
    ],
)
def test_the_bar_of_shown_steps_is_dragged(timeline, wished, shown, start, end, wanted):
    timeline.track.shown.show(shown, True)
    drag(timeline, on_bar(timeline, start), on_bar(timeline, end))
    assert len(wished) > 2
    assert rounded(wished[-1]) == (wanted, False)  # one step of the history
    assert all(is_moving for _, is_moving in wished[:-1])
    assert timeline.asked == []  # and no keyframe
    drag(timeline, on_bar(timeline, 130) + QPointF(0, 10), on_bar(timeline, 60) + QPointF(0, 10))
    assert timeline.asked[0] == 128  # below it, one looks back
    assert rounded(wished[-1]) == (wanted, False)


def test_a_click_on_the_bar_changes_nothing(timeline, wished, qtbot):
    for step in (0, 200):
        qtbot.mouseClick(timeline.track, Qt.MouseButton.LeftButton, pos=on_bar(timeline, step).toPoint())
    assert wished == []
    assert timeline.asked == []


def test_the_wheel_and_keys_enlarge_what_charts_show(timeline, wished, qtbot):
    turn(timeline, 100, 2)
    (low, high), is_moving = wished[-1]
    assert not is_moving
    assert (low + high) / 2 == pytest.approx(100, abs=1)
    assert high - low == pytest.approx(200 * 1.0015**-240)
    qtbot.keyClick(timeline.track, Qt.Key.Key_Plus)
    (low, high), _ = wished[-1]
    assert high == 200  # about the present, which keeps its place
    assert low == pytest.approx(200 - 200 * 1.0015**-120)
    qtbot.keyClick(timeline.track, Qt.Key.Key_0)
    assert wished[-1] == (None, False)


def test_without_a_chart_in_sight_nothing_is_shown_or_taken(timeline, wished):
    with_bar = timeline.track.grab().toImage()
    timeline.track.shown.show(None, False)
    assert timeline.track.grab().toImage() != with_bar
    turn(timeline, 100, 2)
    drag(timeline, on_bar(timeline, 130), on_bar(timeline, 60))
    assert wished == []
    assert timeline.asked[0] == 128


def test_who_hears_the_timeline_hears_which_steps_are_shown(timeline, wished):
    timeline.track.shown.show((50.0, 150.0), True)
    timeline.track.setFocus()
    assert "Charts show steps 50 to 150." in timeline.track._aloud()

"""The manners of the timeline, of the loss shape and of score histograms, with pointer and keys."""

from __future__ import annotations

from hands import ALT, CTRL, SHIFT, Plot, Pointer, click, named, near, press, see, wait
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QToolButton

from ganviz.views.controls.timeline_track import TimelineTrack


class OtherSitting:
    """A run that stands still."""

    def __init__(self, window) -> None:
        self.window = window
        self.losses = Plot(window.docks.views["losses"])
        self.track = window.findChild(TimelineTrack)

    def play(self) -> None:
        for act in (
            self.enlarges_on_the_timeline, self.opens_the_loss_workspace, self.touches_the_loss_shape,
            self.compares_two_scores, self.touches_the_histograms, self.comes_back,
        ):  # fmt: skip
            try:
                act()
            except SystemExit as end:
                at = self.losses.both(), self.window.last_snapshot.stamp.step, self.track.end
                raise SystemExit(f"{act.__name__}: {end}; {at}") from None

    def enlarges_on_the_timeline(self) -> None:
        """Drag the bar's ends, then all of it, turn the wheel, go back through all that, and show everything."""
        hand, now = Pointer(self.track), self.window.last_snapshot.stamp.step
        left, right = 12, self.track.width() - 12
        per_step = (right - left) / self.track.end

        def on_bar(step: float) -> QPointF:
            return QPointF(left + step * per_step, 3)

        hand.drag(on_bar(now), on_bar(0.8 * now))
        hand.drag(on_bar(0), on_bar(0.4 * now))
        allowed = 2 / per_step
        see("a part", lambda: near(self.losses.steps()[0], 0.4 * now, allowed))
        assert near(self.losses.steps()[1], 0.8 * now, allowed)
        hand.drag(on_bar(0.6 * now), on_bar(0.3 * now))
        see("an earlier part", lambda: near(self.losses.steps()[0], 0.1 * now, 2 * allowed))
        hand.wheel(QPointF(left + 0.3 * now * per_step, 13), 2)
        see("a smaller one", lambda: self.losses.steps()[1] - self.losses.steps()[0] < 0.35 * now)
        self.losses.click(self.losses.at(0.5, 0.5))
        self.losses.key(Qt.Key.Key_Escape)
        for low in (0.1, 0.4, 0.0):
            self.losses.key(Qt.Key.Key_Left, ALT)
            see("the part before", lambda low=low: near(self.losses.steps()[0], low * now, 2 * allowed))
        self.losses.key(Qt.Key.Key_0)
        see("everything", lambda: self.losses.steps()[0] == 0 and self.losses.steps()[1] >= now)

    def opens_the_loss_workspace(self) -> None:
        press(Qt.Key.Key_2, CTRL)
        for key in ("loss_shape", "score_histogram"):
            view = self.window.docks.views[key]
            see(key, lambda view=view: view.isVisible() and view.canvas.sheet is not None)

    def touches_the_loss_shape(self) -> None:
        self.wheel_box_pan_and_history(Plot(self.window.docks.views["loss_shape"]))

    def wheel_box_pan_and_history(self, plot: Plot) -> None:
        whole = plot.both()
        plot.wheel(plot.at(0.3, 0.5), 3)
        see("a zoom", lambda: plot.steps()[1] - plot.steps()[0] < 0.7 * (whole[1] - whole[0]))
        plot.wheel(plot.at(0.3, 0.5), -60)
        see("all of it", lambda: plot.both() == whole)
        plot.drag(plot.at(0.2, 0.9), plot.at(0.7, 0.1))
        boxed = plot.both()
        assert near(boxed[1] - boxed[0], 0.5 * (whole[1] - whole[0]), 0.03 * (whole[1] - whole[0]))
        plot.drag(plot.at(0.4, 0.5), plot.at(0.6, 0.5), CTRL)
        see("a pan", lambda: plot.both() != boxed)
        plot.key(Qt.Key.Key_Left, ALT)
        see("the box", lambda: plot.both() == boxed)
        plot.double_click(plot.at(0.5, 0.5))
        see("everything", lambda: plot.both() == whole)

    def compares_two_scores(self) -> None:
        """Cursors on the loss shape, what lies between on the clipboard; D's curves are hidden one at a time."""
        view = self.window.docks.views["loss_shape"]
        plot = Plot(view)
        click(named(view, QToolButton, "Discriminator"))
        see("two curves", lambda: len(view.legend_places()) == 2)
        low, high = plot.steps()
        for share, modifiers in ((0.3, Qt.KeyboardModifier.NoModifier), (0.6, SHIFT)):
            plot.click(plot.at(share, 0.5), modifiers)
            wait(QApplication.doubleClickInterval() + 50)
        plot.menu("from A to B")
        read = [float(row["t"]) for row in plot.copied()]
        allowed = 0.02 * (high - low)
        assert near(min(read), low + 0.3 * (high - low), allowed)
        assert near(max(read), low + 0.6 * (high - low), allowed)
        plot.click(view.legend_places()["generated:0"].center())
        plot.menu("Copy visible values")
        assert not any("generated" in name for name in plot.copied()[0])
        plot.click(view.legend_places()["generated:0"].center())
        plot.key(Qt.Key.Key_Escape)
        assert not view.cursors.are_set
        click(named(view, QToolButton, "Discriminator"))

    def touches_the_histograms(self) -> None:
        plot = Plot(self.window.docks.views["score_histogram"])
        self.wheel_box_pan_and_history(plot)
        QGuiApplication.clipboard().clear()
        plot.menu("Copy visible values")
        shares = [float(row["share of real"]) for row in plot.copied()]
        assert near(sum(shares), 1.0, 1e-5)

    def comes_back(self) -> None:
        press(Qt.Key.Key_1, CTRL)
        see("the first workspace", self.losses.widget.isVisible)

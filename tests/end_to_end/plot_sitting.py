"""Every manner of a chart, with pointer and keys: where it leads is seen in ranges, clipboard, chips and pictures."""

from __future__ import annotations

from hands import ALT, CTRL, MIDDLE, NONE, SHIFT, Plot, near, see
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from ganviz.views.bases.chart_content import lane_key

SOME_STEPS = 700


class PlotSitting:
    """Two charts and the plane of a run that stands still at first."""

    def __init__(self, window) -> None:
        views = window.docks.views
        self.window = window
        self.losses, self.total, self.plane = (Plot(views[key]) for key in ("losses", "total_loss", "plane"))
        for plot in (self.losses, self.total, self.plane):
            see("a plot that can be touched", lambda plot=plot: plot.view.canvas.sheet is not None)
        for plot in (self.losses, self.total):
            see(
                "curves up to the last step",
                lambda plot=plot: self.last_step(plot) == window.last_snapshot.stamp.step,
            )
        self.everything = self.losses.steps()

    @staticmethod
    def last_step(plot: Plot) -> int:
        rows = plot.view.values().rows
        return rows[-1][1] if rows else 0

    def play(self) -> None:
        for act in (
            self.zooms_with_the_wheel, self.enlarges_a_box_and_reads_every_step, self.goes_back_and_forward,
            self.pans, self.reads_one_step, self.compares_two_steps, self.copies_a_range, self.hides_curves,
            self.changes_scales, self.lays_steps_along_samples, self.leaves_out_extremes,
            self.opens_the_table, self.copies_the_picture, self.zooms_the_plane,
        ):  # fmt: skip
            try:
                act()
            except SystemExit as end:
                ranges = self.losses.both(), self.total.both(), self.plane.both()
                raise SystemExit(f"{act.__name__}: {end}; {ranges}, {self.everything}") from None

    def shows_everything(self) -> None:
        see("everything again", lambda: self.losses.steps() == self.everything)

    def zooms_with_the_wheel(self) -> None:
        plot = self.losses
        at, (low, high), (bottom, top) = plot.at(0.25, 0.5), plot.steps(), plot.heights()
        plot.wheel(at, 3)
        see("a zoom", lambda: plot.steps()[1] - plot.steps()[0] < 0.7 * (high - low))
        step, (left, right) = low + 0.25 * (high - low), plot.steps()
        found = left + (at.x() - plot.at(0, 0).x()) / (plot.at(1, 0).x() - plot.at(0, 0).x()) * (right - left)
        # Within some pixels: another width of the labels at the left moves the plot.
        assert near(found, step, 0.05 * (right - left)), f"step {step} became {found} below the pointer"
        assert plot.heights()[1] - plot.heights()[0] < 0.7 * (top - bottom)
        plot.click(at)
        plot.key(Qt.Key.Key_Escape)
        for key, kept, changed in (
            (Qt.Key.Key_X, plot.heights, plot.steps),
            (Qt.Key.Key_Y, plot.steps, plot.heights),
        ):
            before, other = kept(), changed()
            QTest.keyPress(QApplication.focusWidget(), key)
            plot.wheel(at, 1)
            QTest.keyRelease(QApplication.focusWidget(), key)
            see("a zoom along one axis", lambda changed=changed, other=other: changed() != other)
            assert kept() == before
        plot.wheel(at, -60)
        self.shows_everything()

    def enlarges_a_box_and_reads_every_step(self) -> None:
        plot, heights = self.losses, self.total.heights()
        allowed = plot.pixels(2)
        plot.drag(plot.place_of(200, 0.95), plot.place_of(400, 0.05))
        see("steps 200 to 400", lambda: all(map(near, plot.steps(), (200, 400), (allowed, allowed))))
        see("the same steps in the other chart", lambda: self.total.steps() == plot.steps())
        assert self.total.heights() == heights, "only steps are linked"

        def has_every_step() -> bool:
            plot.menu("Copy visible values")
            rows = plot.copied()
            n = plot.steps()[1] - plot.steps()[0]
            return near(len(rows), n, 3) and all(row["first_step"] == row["last_step"] for row in rows)

        see("every one of 200 steps", has_every_step)

    def goes_back_and_forward(self) -> None:
        plot = self.losses
        enlarged = plot.both()
        plot.click(plot.at(0.5, 0.5))
        plot.key(Qt.Key.Key_Escape)
        plot.key(Qt.Key.Key_Left, ALT)
        self.shows_everything()
        plot.key(Qt.Key.Key_Right, ALT)
        see("the enlarged part again", lambda: plot.both() == enlarged)
        plot.key(Qt.Key.Key_0)
        self.shows_everything()
        plot.key(Qt.Key.Key_Plus)
        plot.key(Qt.Key.Key_Right, SHIFT)
        see("a part, by keys alone", lambda: plot.steps()[1] - plot.steps()[0] < self.everything[1])
        plot.double_click(plot.at(0.5, 0.5))
        self.shows_everything()
        assert not plot.view.cursors.are_set, "half of a double click is no click"

    def pans(self) -> None:
        plot = self.losses
        plot.drag(plot.place_of(200, 0.95), plot.place_of(400, 0.05))
        see("a part", lambda: plot.steps()[0] > 100)
        for button, modifiers in ((MIDDLE, NONE), (Qt.MouseButton.LeftButton, CTRL)):
            low, high = plot.steps()
            plot.drag(plot.at(0.3, 0.5), plot.at(0.6, 0.5), modifiers, button)
            see(
                "a pan", lambda low=low, span=high - low: near(plot.steps()[0], low - 0.3 * span, 0.02 * span)
            )
            assert near(plot.steps()[1] - plot.steps()[0], high - low, 1e-6)
        plot.key(Qt.Key.Key_0)
        self.shows_everything()

    def reads_one_step(self) -> None:
        plot, read = self.losses, []
        plot.view.cursor_moved.connect(read.append)
        others = self.total.widget.grab().toImage()
        plot.move(plot.place_of(313))
        see("a crosshair", lambda: read and read[-1] is not None)
        assert near(read[-1], 313, plot.pixels(2))
        see("a crosshair in the other chart", lambda: self.total.widget.grab().toImage() != others)
        plot.key(Qt.Key.Key_Right, CTRL)
        assert read[-1] == round(read[-1])
        plot.key(Qt.Key.Key_A)
        assert plot.view.cursors.a == read[-1]
        plot.key(Qt.Key.Key_Escape)
        plot.move(QPointF(3, 3))
        see("no crosshair", lambda: read[-1] is None)
        plot.view.cursor_moved.disconnect(read.append)

    def compares_two_steps(self) -> None:
        plot = self.losses
        plot.click(plot.place_of(200))
        plot.click(plot.place_of(400), SHIFT)
        low, high = plot.view.cursors.span
        assert near(low, 200, plot.pixels(2))
        assert near(high, 400, plot.pixels(2))
        assert self.total.view.cursors == plot.view.cursors
        plot.menu("from A to B")
        rows = plot.copied()
        assert rows
        assert all(low <= int(row["last_step"]) and int(row["first_step"]) <= high for row in rows)
        plot.key(Qt.Key.Key_Escape)
        assert not self.total.view.cursors.are_set

    def copies_a_range(self) -> None:
        plot = self.losses
        below = QPointF(0, plot.place()[0].bottom() + 8)
        start, end = (QPointF(plot.place_of(step).x(), below.y()) for step in (250, 300))
        plot.drag(start, end, SHIFT)
        see("a range", lambda: plot.view.cursors.are_set)
        assert near(plot.view.cursors.span[0], 250, plot.pixels(2))
        assert near(plot.view.cursors.span[1], 300, plot.pixels(2))
        plot.menu("Remove cursors")
        assert not plot.view.cursors.are_set

    def copied_columns(self) -> set[str]:
        self.losses.menu("Copy visible values")
        return {name.split()[0] for name in self.losses.copied()[0]} - {"first_step", "last_step"}

    def hides_curves(self) -> None:
        plot = self.losses
        everything = self.copied_columns()
        place = plot.view.legend_places()["g_loss"].center()
        plot.click(place)
        assert self.copied_columns() == everything - {"g_loss"}
        plot.click(plot.view.legend_places()["g_loss"].center())
        plot.click(plot.view.legend_places()["g_loss"].center(), ALT)
        assert self.copied_columns() == {"g_loss"}
        plot.menu("Show all curves")
        assert self.copied_columns() == everything

    def changes_scales(self) -> None:
        plot = self.losses
        for words, key in (("Symlog", "symlog"), ("Log", "log"), ("Linear", "linear")):
            before = plot.heights()
            plot.menu("Vertical scale", words)
            see(words, lambda key=key: plot.view.scale_key() == key)
            see("other heights", lambda before=before: plot.heights() != before)

    def lays_steps_along_samples(self) -> None:
        """Along samples seen, both charts look at the same part; back along steps they look at the same steps."""
        plot, batch = self.losses, self.window.last_snapshot.config.training.batch_size
        plot.menu("Horizontal axis", "Samples seen")
        last = batch * self.window.last_snapshot.stamp.step
        for chart in (plot, self.total):
            see("samples", lambda chart=chart: last <= chart.steps()[1] <= 1.3 * last)
        plot.click(plot.at(0.5, 0.5))  # offscreen, the first press after a menu of a menu is lost
        plot.key(Qt.Key.Key_Escape)
        allowed = plot.pixels(2)
        low, high = 200.0 * batch, 400.0 * batch
        plot.drag(plot.place_of(low, 0.95), plot.place_of(high, 0.05))
        see("a part", lambda: all(map(near, plot.steps(), (low, high), (allowed, allowed))))
        assert self.total.steps() == plot.steps()
        plot.menu("Horizontal axis", "Steps")
        see("its steps", lambda: all(map(near, plot.steps(), (200, 400), (allowed / batch, allowed / batch))))
        plot.key(Qt.Key.Key_0)
        self.shows_everything()

    def leaves_out_extremes(self) -> None:
        plot = self.losses
        plot.menu("Robust range")
        see("a chip", lambda: any("Robust" in words for words in plot.view.chip_places()))
        (place,) = plot.view.chip_places().values()
        plot.click(place.center())
        see("no chip", lambda: not plot.view.chip_places())
        self.shows_everything()

    def opens_the_table(self) -> None:
        plot = self.losses
        plot.key(Qt.Key.Key_T)
        see("a table", lambda: plot.view.findChildren(QTableView))
        (table,) = plot.view.findChildren(QTableView)
        assert table.model().rowCount() > 50
        assert table.model().headerData(0, Qt.Orientation.Horizontal) == "first_step"
        QTest.keyClick(table, Qt.Key.Key_Escape)
        see("no table", lambda: not table.isVisible())
        self.window.activateWindow()
        see("the window in front", self.window.isActiveWindow)

    def copies_the_picture(self) -> None:
        QGuiApplication.clipboard().clear()
        self.total.menu("Copy this plot")
        see("a picture on the clipboard", lambda: not QGuiApplication.clipboard().image().isNull())

    def zooms_the_plane(self) -> None:
        plot, steps = self.plane, self.losses.both()
        whole = plot.both()
        plot.wheel(plot.at(0.6, 0.6), 4)
        see("a part of the plane", lambda: plot.both() != whole)
        assert self.losses.both() == steps, "the plane has no steps"
        plot.double_click(plot.at(0.5, 0.5))
        see("the whole plane", lambda: plot.both() == whole)

    def follows_the_run(self, press_space) -> None:
        """Zoomed to its end, a chart follows the run until its chip is pressed."""
        plot = self.losses
        high = plot.steps()[1]
        plot.drag(plot.at(0.6, 0.95), plot.at(0.999, 0.05))
        see("a chip", lambda: any("Following" in words for words in plot.view.chip_places()))
        press_space()
        start = plot.steps()
        see("a window that slides", lambda: plot.steps()[0] > start[0])
        assert near(plot.steps()[1] - plot.steps()[0], start[1] - start[0], 1e-6)
        plot.click(plot.view.chip_places()["Following ×"].center())
        see("no chip", lambda: not plot.view.chip_places())
        stands, step = plot.steps(), self.window.last_snapshot.stamp.step
        see("more steps", lambda: self.window.last_snapshot.stamp.step > step + 20)
        assert plot.steps() == stands
        plot.key(Qt.Key.Key_0)
        see("everything", lambda: plot.steps()[0] == 0 and plot.steps()[1] >= high)

    def shows_one_curve_of_one_lane(self) -> None:
        """Hide everything but L_G of lane 2."""
        plot = self.losses
        see("an entry a lane", lambda: lane_key(1) in plot.view.legend_places())
        for key in ("g_loss", lane_key(1)):
            plot.click(plot.view.legend_places()[key].center(), ALT)
        plot.menu("Copy visible values")
        names = set(plot.copied()[0]) - {"first_step", "last_step"}
        assert names
        assert all("g_loss" in name and "2" in name for name in names), names
        plot.menu("Show all curves")

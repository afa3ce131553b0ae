"""The loss log of another program's GAN in a window of its own, drawn by the views of a run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDockWidget, QFileDialog, QWidget

from ganviz.losses import ADVERSARIAL_LOSSES
from ganviz.session.logs.log import LossLog, log_in
from ganviz.session.logs.names import LOSSES, place_of
from ganviz.session.logs.recorded import RecordedRun
from ganviz.session.logs.table import Table, remembering
from ganviz.session.logs.tables import open_table
from ganviz.session.logs.words import about_pairs, likely_loss, sentences
from ganviz.spec import InvalidValueError
from ganviz.spec.chosen_path import is_there
from ganviz.spec.words import regrouped
from ganviz.training.atomic import FileError
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_menu import offer_menu
from ganviz.views.bases.plot_export import ENDINGS, copy_to_clipboard, export_view
from ganviz.views.look.theme import Theme
from ganviz.views.pictures.ledger_view import LedgerView
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.phase_view import MODES, PhaseView
from ganviz.views.pictures.total_loss_view import TotalLossView
from ganviz.views.window.dialogs import confirm_overwriting
from ganviz.views.window.dock_sizes import resize_docks
from ganviz.views.window.log_form import LogForm
from ganviz.views.window.log_outputs import OutputsView
from ganviz.views.window.room import room_of, without_frame
from ganviz.views.window.tab_order import KeyboardWindow
from ganviz.views.window.tab_titles import TabTitles

FIRST_SIZE = QSize(1180, 760)
NO_LOSS = "No column is chosen as a loss. Choose which is L_D, L_G or a part of L_D."
NOTHING = "Choose columns at the left; below them stands what is missing"
NEEDS = {
    TotalLossView.key: "Total loss: needs L_D and L_G, or both parts of L_D, of a cross-entropy",
    PhaseView.key: "Phase portrait: needs L_D and L_G",
    LedgerView.key: "Ledger: needs both parts of L_D, and L_G",
}
"""Why views that a log cannot fill are not there."""
PICTURES = "Pictures (*.png);;Drawings (*.svg);;Pages (*.pdf)"


class LogWindow(KeyboardWindow):
    """A log's form and views; GUI thread only. The ledger follows the crosshair of the charts.

    Parameters
    ----------
    path : Path
        The file, for the title.
    table : Table
        What is in it.
    theme : Theme
    parent : QWidget
        The main window, with which this one goes.
    """

    def __init__(self, path: Path, table: Table, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{path.name.replace('[*]', '[*][*]')} – loss log")
        self.resize(FIRST_SIZE.boundedTo(without_frame(room_of(parent.screen())).size()))
        self._path, self._table = path, remembering(table)
        self._run: RecordedRun | None = None
        self._log: LossLog | None = None
        self._n_read = 0
        self.form = LogForm(table.names)
        self._charts, self._ledger = (LossesView(), TotalLossView()), LedgerView()
        self.views: dict[str, AbstractPaintedView] = {
            view.key: view for view in (*self._charts, PhaseView(MODES[:2]), self._ledger, OutputsView())
        }
        self._docks: dict[str, QDockWidget] = {}
        self._lay_out()
        self._connect()
        self.apply_theme(theme)
        self._read(is_first=True)

    def _lay_out(self) -> None:
        form = self._dock("log", "The log", self.form)
        losses, total, phase, ledger, outputs = (
            self._dock(key, view.title, view) for key, view in self.views.items()
        )
        self.setDockNestingEnabled(True)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, form)
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self.splitDockWidget(form, losses, across)
        self.splitDockWidget(losses, phase, across)
        self.splitDockWidget(losses, total, down)
        self.splitDockWidget(phase, ledger, down)
        self.tabifyDockWidget(ledger, outputs)
        TabTitles(self, self._docks, self.views)
        ledger.raise_()
        width = self.form.sizeHint().width()
        rest = self.width() - width
        resize_docks(self, [form, losses, phase], [width, rest * 55 // 100, rest * 45 // 100], across)

    def _dock(self, key: str, title: str, widget: QWidget) -> QDockWidget:
        dock = self._docks[key] = QDockWidget(title, self)
        dock.setObjectName(key)
        dock.setAccessibleName(title)
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        dock.setWidget(widget)
        if isinstance(widget, AbstractPaintedView):
            offer_menu(dock, widget)
            widget.picture_acts = (
                ("Save this plot …", partial(self._save, widget)),
                ("Copy this plot", partial(copy_to_clipboard, widget)),
            )
        return dock

    def _connect(self) -> None:
        self.form.columns_changed.connect(self._read)
        self.form.loss_changed.connect(self._show)
        self.form.again_wished.connect(self._read_again)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self).activated.connect(self._read_again)
        charts = [view for view in self.views.values() if isinstance(view, AbstractChartView)]
        for chart in charts:
            chart.cursor_moved.connect(self._show_row)
            for other in charts:
                if other is not chart:
                    chart.cursor_moved.connect(other.show_cursor)
        for view in self.views.values():
            view.needs_changed.connect(partial(self._feed, view))
            view.told.connect(partial(self._tell, view.title))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self).activated.connect(self.close)

    def _tell(self, title: str, words: str) -> None:
        self.statusBar().showMessage(f"{title}: {words}", 6000)

    def _save(self, view: AbstractPaintedView) -> None:
        options = QFileDialog.Option.DontConfirmOverwrite
        name, _ = QFileDialog.getSaveFileName(
            self, "Save the plot", f"{self._path.stem}-{view.key}.png", PICTURES, options=options
        )
        if not name:
            return
        path = Path(name)
        path = path if path.suffix.lower() in ENDINGS else path.with_name(f"{path.name}.png")
        if is_there(path) and not confirm_overwriting(self, path):
            return
        try:
            export_view(view, path)
        except (InvalidValueError, FileError) as error:
            self.statusBar().showMessage(str(error))
            return
        self.statusBar().showMessage(f"Written: {path}", 6000)

    def _read(self, *, is_first: bool = False) -> None:
        """Read the chosen columns, at first those that are guessed, and draw them."""
        wanted = {} if is_first else self.form.wanted()
        try:
            self._log = log_in(self._table, wanted, self.form.is_halved)
        except InvalidValueError as error:
            has_loss = any(wanted.get(role) for role in LOSSES)
            self._run = self._log = None
            for key, view in self.views.items():
                view.empty_text = NOTHING
                view.clear()
                self._docks[key].setVisible(view is self._charts[0])
            self.form.refuse(str(error) if has_loss else NO_LOSS)
            return
        self._n_read += 1
        if is_first:
            columns = self._log.columns.items()
            self.form.show_columns({role: place_of(self._table.names, name) for role, name in columns})
            self.form.show_loss(likely_loss(self._log).key)
        self._show()

    def _read_again(self) -> None:
        """Read the file as it is now, with the columns that are chosen."""
        try:
            table = open_table(self._path)
        except (InvalidValueError, OSError) as error:
            self.statusBar().showMessage(str(error))
            return
        if table.names != self._table.names:
            self.statusBar().showMessage("The file has other columns now; open it anew.")
            return
        self._table = remembering(table)
        self._read()

    def _show(self) -> None:
        """Draw the log as of the chosen loss, and say what it says."""
        if self._log is None:
            return
        loss = ADVERSARIAL_LOSSES[self.form.loss]()
        run = self._run = RecordedRun(self._log, loss, self._n_read, self._run)
        is_there = {
            LossesView.key: True,
            TotalLossView.key: run.has("total_non_saturating") or run.has("total_saturating"),
            PhaseView.key: run.has("d_loss", "g_loss"),
            LedgerView.key: run.has_ledger,
            OutputsView.key: run.has("real_probability") or run.has("fake_probability"),
        }
        has_parts = run.has("d_loss_real", "d_loss_fake")
        other, value = run.has("total_saturating"), run.has("value")
        self._ledger.counted = run.unit
        self._charts[0].leave_out(frozenset(role for role in ("d_loss", "g_loss") if not run.has(role)))
        self._charts[0].offer({"Parts": has_parts, "Stacked": has_parts, "V": value, "Shadows": other})
        self._charts[1].offer(
            {"Parts": has_parts, "Stacked": has_parts, "Saturating total": other, "V": value}
        )
        for key, view in self.views.items():
            self._docks[key].setVisible(is_there[key])
            view.clear()
            if isinstance(view, AbstractChartView):
                view.name_steps(run.unit)
            self._feed(view)
        self.form.show_words(
            map(regrouped, (*sentences(self._log, loss), *about_pairs(self._log, loss))),
            (*map(regrouped, self._notes(run)), *(f"{NEEDS[key]}." for key in NEEDS if not is_there[key])),
        )

    def _notes(self, run: RecordedRun) -> Iterator[str]:
        assert self._log is not None
        n = len(self._log.steps)
        word = self._log.unit if self._log.unit in ("row", "epoch") else "step"
        yield f"{n:,} {word}{'s' * (n != 1)} from {self._log.steps[0]:,.10g} to {self._log.steps[-1]:,.10g}."
        if guessed := [name for role, name in self._log.columns.items() if role in self._log.guessed]:
            yield f"Guessed by their names: {', '.join(guessed)}."
        yield from self._log.notes
        if run.are_rows:
            yield "Steps are no whole numbers from 0, so rows are drawn instead."

    def _feed(self, view: AbstractPaintedView) -> None:
        """Let a view draw what it needs now."""
        if self._run is not None:
            view.show_snapshot(self._run.snapshot(view.needs()))

    def _show_row(self, step: float | None) -> None:
        """Let the ledger show the row under the crosshair, or the last one."""
        if self._run is not None and self._run.has_ledger:
            self._ledger.show_snapshot(self._run.snapshot(self._ledger.needs(), step))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of ``theme``."""
        for view in self.views.values():
            view.apply_theme(theme)

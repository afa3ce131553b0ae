"""The main window: arranges panels and views, passes wishes on and shows what came back. It knows no engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QIcon, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QToolBar, QVBoxLayout, QWidget

from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import NamedFormulation
from ganviz.resources import resource
from ganviz.session.commands import ContinueFrom, ForkLane, Reconfigure, RemoveLane, Run
from ganviz.session.run_presets import RunPreset
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.controls.banner import StatusBanner
from ganviz.views.controls.formulation_strip import ALL_LANES, FormulationStrip
from ganviz.views.controls.run_bar import RunBar
from ganviz.views.controls.settings_panel import SettingsPanel
from ganviz.views.controls.timeline import Timeline
from ganviz.views.style import style_sheet
from ganviz.views.theme import THEMES, Theme, apply_to_application, system_theme
from ganviz.views.window.dialogs import WindowDialogs, confirm_going_back, confirm_restart
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.exports import WindowExports
from ganviz.views.window.files import WindowFiles
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.menus import bind_keys, build_menus
from ganviz.views.window.presenter import EventReader
from ganviz.views.window.status import WindowStatus
from ganviz.views.window.undo import SettingsUndo

FIRST_HINT = (
    "Three things to try: press 1 and 2 to switch between the saturating and the non-saturating loss; add a lane "
    "to see both side by side; press F for full speed. F1 opens the guide."
)


class MainWindow(QMainWindow):
    """Everything the person sees; GUI thread only.

    Parameters
    ----------
    config : RunConfig
        What is shown until the engine says what is in force.
    pace : float or None
        Steps per second at first.
    memory : WindowMemory
    """

    command_requested = Signal(object)
    needs_changed = Signal(object)
    look_back_requested = Signal(object)
    look_wished = Signal()
    gif_requested = Signal(str)
    closing = Signal()

    undo_action: QAction
    redo_action: QAction

    def __init__(self, config: RunConfig, pace: float | None, memory: WindowMemory) -> None:
        super().__init__()
        self.config = config
        self.last_snapshot: Snapshot | None = None
        self._memory, self._undo = memory, SettingsUndo(config)
        self.setWindowIcon(QIcon(str(resource("icons", "ganviz.svg"))))
        self.setMinimumSize(900, 600)
        self.resize(1440, 900)
        self._build(config, pace)
        self._connect()
        self.apply_appearance(memory.text("appearance", "system"))
        self._may_close = False
        self._has_layout = memory.restore_layout(self)
        if self._has_layout:
            self.docks.place_new()
        self.docks.show_config(config)

    def _build(self, config: RunConfig, pace: float | None) -> None:
        self.run_bar, self.strip = RunBar(), FormulationStrip()
        self.banner, self.timeline = StatusBanner(), Timeline()
        self.settings = SettingsPanel(config)
        for name, widget in (("Run", self.run_bar), ("Formulation", self.strip)):
            self._add_bar(name, widget, Qt.ToolBarArea.TopToolBarArea)
        self._add_bar("Timeline", self.timeline, Qt.ToolBarArea.BottomToolBarArea)
        self.docks = ViewDocks(self, self.settings)
        self.banner.lie_over(self, self.timeline)
        self.files, self.exports = WindowFiles(self), WindowExports(self)
        self.status = WindowStatus(self.statusBar())
        self.dialogs = WindowDialogs(self, self._memory)
        self._events = EventReader(self)
        build_menus(self)
        bind_keys(self)
        self.run_bar.set_pace(pace)
        self.strip.show_config(config)
        self._show_undo()
        self.files.show_title()

    def _add_bar(self, name: str, widget: QWidget, area: Qt.ToolBarArea) -> None:
        bar = QToolBar(name)
        bar.setObjectName(f"bar_{name.lower()}")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(widget)
        bar.addWidget(holder)
        self.addToolBar(area, bar)
        self.addToolBarBreak(area)

    def _connect(self) -> None:
        self.run_bar.command_requested.connect(self.command_requested)
        self.settings.config_requested.connect(self.wish)
        self.strip.formulation_chosen.connect(self._formulation_chosen)
        self.strip.lane_wished.connect(self._lane_wished)
        self.strip.removal_wished.connect(lambda lane: self.command_requested.emit(RemoveLane(lane)))
        self.timeline.track.position_changed.connect(self.look_back_requested)
        self.timeline.continue_wished.connect(self.continue_from)
        self.docks.needs_changed.connect(self._tell_needs)
        self.docks.export_wished.connect(self.exports.ask)
        self.docks.copy_wished.connect(self.exports.copy)

    # wishes going down

    @Slot(object, result=bool)
    def wish(self, config: RunConfig) -> bool:
        """Ask for a configuration; a change that restarts the run is asked about. Return whether it was wanted."""
        if config.needs_restart(self.config) and not self._is_wanted(lambda: confirm_restart(self)):
            self.settings.show_config(self.config)
            return False
        self.command_requested.emit(Reconfigure(config))
        return True

    def _formulation_chosen(self, lane: int, formulation: Formulation) -> None:
        lanes = tuple(
            dataclasses.replace(one, formulation=formulation, label="") if lane in (ALL_LANES, i) else one
            for i, one in enumerate(self.config.lanes)
        )
        self.command_requested.emit(Reconfigure(dataclasses.replace(self.config, lanes=lanes)))

    def _lane_wished(self, lane: int, named: NamedFormulation) -> None:
        self.command_requested.emit(ForkLane(lane, named.formulation))

    def choose_preset(self, preset: RunPreset) -> None:
        """Put a preset in force and run it; ask about a run that is worth something."""
        if self.files.worth.is_worth_asking:
            self.files.unless_kept(lambda: self._run_preset(preset))
        elif not preset.config.needs_restart(self.config) or self._is_wanted(lambda: confirm_restart(self)):
            self._run_preset(preset)

    def _run_preset(self, preset: RunPreset) -> None:
        self.command_requested.emit(Reconfigure(preset.config))
        self.run_bar.set_pace(preset.pace)
        self.command_requested.emit(Run())
        self.banner.say(f"{preset.title}. {preset.help}")

    def continue_from(self, step: int) -> None:
        """Go back to a keyframe; ask whether what came after it may be dropped."""
        n_dropped = self.last_snapshot.stamp.step - step if self.last_snapshot is not None else 0
        if n_dropped > 0 and not self._is_wanted(lambda: confirm_going_back(self, step, n_dropped)):
            return
        self.command_requested.emit(ContinueFrom(step))

    def _is_wanted(self, confirm: Callable[[], tuple[bool, bool]]) -> bool:
        """Ask, unless the person does not want to be asked any more."""
        if self._memory.flag("restarts_unasked"):
            return True
        is_wanted, never_again = confirm()
        if never_again:
            self._memory.set_flag("restarts_unasked")
        return is_wanted

    def undo(self) -> None:
        """Put the configuration before this one in force."""
        earlier = self._undo.earlier()
        if earlier is not None:
            self.wish(earlier)

    def redo(self) -> None:
        """Put the configuration that was undone in force."""
        later = self._undo.later()
        if later is not None:
            self.wish(later)

    def _show_undo(self) -> None:
        self.undo_action.setEnabled(self._undo.can_undo)
        self.redo_action.setEnabled(self._undo.can_redo)

    # what comes up

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a snapshot everywhere."""
        self.last_snapshot = snapshot
        trace, metrics = snapshot.get(LossTrace, LossTraceProbe()), snapshot.get(Metrics)
        self.timeline.track.show_run(
            snapshot.stamp.step, snapshot.viewed_step, trace.marks if trace else None
        )
        self.status.show(snapshot, trace, metrics)
        self.docks.show_snapshot(snapshot)
        self.run_bar.show_snapshot(snapshot)
        self.files.snapshot_shown(snapshot)
        self.exports.snapshot_shown(snapshot)

    @Slot(float, float)
    def show_rates(self, steps_per_s: float, frames_per_s: float) -> None:
        """Show how fast it goes."""
        self.run_bar.show_rates(steps_per_s, frames_per_s)

    @Slot(object)
    def handle_event(self, event: object) -> None:
        """Show what the engine tells."""
        self._events.read(event)

    def show_config(self, config: RunConfig, *, is_new_run: bool) -> None:
        """Show the configuration that is in force; the snapshot is right, not the panel."""
        self.config = config
        if is_new_run:
            self.docks.clear()
        self._undo.record(config)
        self._show_undo()
        self.settings.show_config(config)
        self.strip.show_config(config)
        self.docks.show_config(config)
        self._tell_needs()

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return what the next snapshot should carry: the seen views' needs, and what the status line says."""
        if self.isMinimized() or not self.isVisible():
            return ()
        return tuple(dict.fromkeys((*self.docks.needs(), LossTraceProbe(), MetricsProbe())))

    def _tell_needs(self) -> None:
        self.needs_changed.emit(self.needs())

    # the window itself

    def apply_appearance(self, appearance: str) -> None:
        """Dress everything in "light", "dark" or what the system says."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        follows = appearance not in THEMES
        theme: Theme = system_theme(app) if follows else THEMES[appearance]
        apply_to_application(app, theme, follow_system=follows)
        app.setStyleSheet(style_sheet(theme))
        for part in (self.run_bar, self.strip, self.banner, self.timeline, self.docks):
            part.apply_theme(theme)

    def reset_layout(self) -> None:
        """Put all docks where they are at first."""
        self.docks.arrange()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop that."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def open_path(self, path: Path) -> None:
        """Load a checkpoint."""
        self.files.load(path)

    def showEvent(self, event: QShowEvent) -> None:
        """Say that the window is there, and what it needs."""
        super().showEvent(event)
        if not self._has_layout:
            self._has_layout = True
            self.docks.arrange()
            QTimer.singleShot(
                0, self, self.docks.arrange
            )  # tabs and sizes count only once the window is laid out
        if not self._memory.flag("hint_shown"):
            self._memory.set_flag("hint_shown")
            self.banner.say(FIRST_HINT)
        self._tell_needs()

    def close_unasked(self) -> None:
        """Close without a question about the run; it happens once the present event has been dealt with."""
        self._may_close = True
        QTimer.singleShot(0, self, self.close)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep layout and settings, and let the engine stop; ask about a run that is worth something."""
        if self.files.worth.is_worth_asking and not self._may_close:
            event.ignore()
            self.files.unless_kept(self.close_unasked)
            return
        self._memory.keep_layout(self)
        self._memory.keep_config(self.config)
        self.closing.emit()
        event.accept()

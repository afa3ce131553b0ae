"""The main window: arranges panels and views, passes wishes on and shows what came back. It knows no engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QIcon, QResizeEvent, QShowEvent

from ganviz.resources import resource
from ganviz.session.run_presets import run_preset
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.controls.banner import StatusBanner
from ganviz.views.controls.formulation_strip import FormulationStrip
from ganviz.views.controls.run_bar import RunBar
from ganviz.views.controls.settings_panel import SettingsPanel
from ganviz.views.controls.timeline import Timeline
from ganviz.views.controls.workspace_bar import WorkspaceBar
from ganviz.views.window.actions import Actions
from ganviz.views.window.appearance import dress
from ganviz.views.window.bars import add_bar, place_workspaces
from ganviz.views.window.dialogs import WindowDialogs
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.drops import Drops
from ganviz.views.window.exact_steps import ExactSteps
from ganviz.views.window.experiments import WindowExperiments
from ganviz.views.window.exports import WindowExports
from ganviz.views.window.files import WindowFiles
from ganviz.views.window.frame import Frame
from ganviz.views.window.horizontal_axis import HorizontalAxis
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.own_formulations import OwnFormulations
from ganviz.views.window.palette import open_palette
from ganviz.views.window.pending import PendingSettings
from ganviz.views.window.presenter import Presenter
from ganviz.views.window.run_commands import run_commands
from ganviz.views.window.runs import WindowRuns
from ganviz.views.window.status import WindowStatus
from ganviz.views.window.sweeps import WindowSweeps
from ganviz.views.window.tab_order import KeyboardWindow
from ganviz.views.window.view_commands import ViewCommands
from ganviz.views.window.wishes import Wishes
from ganviz.views.window.workspace_list import SETTINGS, WORKSPACES
from ganviz.views.window.workspaces import Workspaces


class MainWindow(KeyboardWindow):
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
    rendering_requested = Signal(str, object)
    closing = Signal()

    def __init__(self, config: RunConfig, pace: float | None, memory: WindowMemory) -> None:
        super().__init__()
        self.config, self._memory = config, memory
        self.last_snapshot: Snapshot | None = None
        self.setWindowIcon(QIcon(str(resource("icons", "ganviz.svg"))))
        self._build(config, pace)
        self._connect()
        self.apply_appearance(memory.text("appearance", "system"))
        self._may_close, self._has_layout = False, self.workspaces.restore(config)
        self.frame.restored()
        self.workspaces.show_config(config)

    def _build(self, config: RunConfig, pace: float | None) -> None:
        self.run_bar, self.strip, self.banner = RunBar(), FormulationStrip(), StatusBanner()
        self.settings, self.timeline = SettingsPanel(config, self.strip.target), Timeline()
        self.pending = PendingSettings(config, self.settings, self.strip)
        top, bottom = Qt.ToolBarArea.TopToolBarArea, Qt.ToolBarArea.BottomToolBarArea
        bars = [
            add_bar(self, "Run", self.run_bar, top),
            add_bar(self, "Formulation", self.strip, top),
            add_bar(self, "Timeline", self.timeline, bottom),
        ]
        self.docks = ViewDocks(self, self.settings)
        self.horizontal = HorizontalAxis(self.docks, self.timeline.track, self._memory)
        self.workspaces = Workspaces(self, self.docks, self._memory)
        self.files = WindowFiles(self, config, self._memory)
        self.runs = WindowRuns(self, self.docks, self.files, self._memory)
        self.banner.lie_over(self, self.timeline)
        self.exports = WindowExports(self, self.docks, self.files, self.banner, config)
        self.status = WindowStatus(self.statusBar())
        self.dialogs = WindowDialogs(self, self._memory, self.strip)
        self.presenter = Presenter(self.banner, config)
        self.exact_steps = ExactSteps(self, self.timeline.track, self.presenter, self.banner, self.docks)
        self.sweeps = WindowSweeps(self, lambda: self.config, self.runs, self.closing)
        self.wishes = Wishes(self, self.pending, self._memory, self.files, self.strip.target)
        parts = self.run_bar, self.banner, self.docks, self.workspaces, self.files, self._memory
        self.view_commands = ViewCommands(self.docks, self.strip, self.settings)
        self.experiments, controls = WindowExperiments(self, *parts), [self.menuBar(), self.banner, *bars[1:]]
        self.frame = Frame(self, self._memory, self.docks, self.workspaces.last_row, controls)
        self.actions_ = Actions(self, self._commands(), self.docks.toggle_actions())
        self.actions_.fill(self.menuBar())
        for part in (self.files.recent, self.horizontal, self.view_commands):
            part.show_in(self.actions_)
        Drops(self, self.files)
        self.run_bar.show_actions(self.actions_)
        self.strip.show_keys([one.shortcut for one, _ in self.actions_ if one.key.startswith("formulation:")])
        self.workspace_bar = WorkspaceBar([self.actions_[f"workspace:{one.key}"] for one in WORKSPACES])
        place_workspaces(self.workspace_bar, self.menuBar(), self.strip)
        self._show_workspace()
        self.run_bar.set_pace(pace)
        self.strip.show_config(config)
        self.wishes.show_undo(self.actions_)
        self.files.show_title()

    def _connect(self) -> None:
        exact, player = self.exact_steps, self.experiments.player
        for sender in (self.run_bar, self.files, self.exports, self.presenter, player, exact):
            sender.command_requested.connect(self.pending.take)
        self.pending.command_requested.connect(self.command_requested)
        self.command_requested.connect(self.files.worth.note)
        self.settings.config_requested.connect(self.wishes.configure)
        self.strip.formulation_chosen.connect(self.wishes.choose_formulation)
        self.strip.lane_wished.connect(self.wishes.add_lane)
        self.strip.removal_wished.connect(self.wishes.remove_lane)
        self.timeline.track.position_changed.connect(self.look_back_requested)
        self.timeline.continue_wished.connect(self.wishes.continue_from)
        self.timeline.show_actions(self.actions_["continue"], self.actions_["look_at_now"])
        self.wishes.taken_back.connect(self.pending.show_again)
        self.wishes.preset_begun.connect(self.experiments.preset_begun)
        self.experiments.player.needs_changed.connect(self._tell_needs)
        self.workspaces.changed.connect(self._show_workspace)
        self.workspaces.leaving.connect(self.frame.show_all)
        self.workspaces.laid_out.connect(self.frame.laid_out)
        self.frame.presents.connect(self.actions_["presentation"].setChecked)
        self.frame.presents.connect(self.status.show_presenting)
        self.docks.needs_changed.connect(self._tell_needs)
        self.exports.look_wished.connect(self.look_wished)
        self.exports.rendering_requested.connect(self.rendering_requested)
        self.files.loading.connect(self.banner.hide)
        self.files.said.connect(lambda text: self.banner.say(text, kind="warning"))
        self.files.config_wished.connect(self.wishes.configure)
        self.files.run_wished.connect(self.wishes.run_with)
        self.files.recent.changed.connect(lambda: self.files.recent.show_in(self.actions_))
        self.settings.files_wished.connect(self.files.choose_data)
        OwnFormulations(self.strip, self._memory, self.banner.say, self.settings.formulation_kept)
        self.strip.typing_wished.connect(lambda: self.docks.bring_forward((SETTINGS,)))
        self.strip.typing_wished.connect(self.settings.go_to_formulas)
        self.dialogs.appearance_changed.connect(self.apply_appearance)
        self.dialogs.experiment_wished.connect(self.experiments.show_me)
        self._connect_presenter()

    def _connect_presenter(self) -> None:
        told = self.presenter
        told.engine_arrived.connect(self.status.show_engine)
        bar, status, files, exports = self.run_bar, self.status, self.files, self.exports
        for state_shown in (bar.show_state, status.show_state, files.state_changed, exports.state_changed):
            told.state_arrived.connect(state_shown)
        told.keyframes_arrived.connect(self.timeline.track.show_keyframes)
        told.past_replaced.connect(self.timeline.track.begin)
        told.past_replaced.connect(self.exports.run_replaced)
        told.run_begun.connect(self.files.run_replaced)
        told.run_begun.connect(self.wishes.run_begun)
        told.run_begun.connect(self.runs.run_begun)
        told.config_arrived.connect(self.show_config)
        told.file_written.connect(self._file_written)
        for put_right in (files.refused, exports.refused, self.pending.show_again):
            told.refused.connect(put_right)
        told.step_timed.connect(self.status.show_step_time)

    def _commands(self) -> dict[str, Callable[..., object]]:
        """Return what every action of the table does."""
        return run_commands(self.pending.take, self.run_bar, self.timeline, self.files.unless_kept) | {
            **self.files.commands(), **self.frame.commands(), "export": self.exports.ask, "quit": self.close,
            "sweep": self.sweeps.open, "undo": self.wishes.undo, "redo": self.wishes.redo, "copy": self.exports.copy,
            "copy_script": lambda what: self.exports.copy_script(what, max(self.strip.lane, 0)),
            "along": self.horizontal.choose, "add_lane": self.strip.open_lanes,
            "find_setting": lambda: self.docks.go_to(SETTINGS, self.settings.search),
            "preset": lambda key: self.wishes.choose_preset(run_preset(key)),
            **self.experiments.commands(), **self.exact_steps.commands(),
            "formulation": lambda place: self.strip.choose(int(place)), "gallery": self.strip.open_gallery,
            **self.workspaces.commands(), "palette": lambda: open_palette(self.actions_, self),
            "explain": self.strip.explain, **self.dialogs.commands(), **self.view_commands.commands(),
        }  # fmt: skip

    def _show_workspace(self) -> None:
        self.workspace_bar.show_current(self.workspaces.place, self.workspaces.current.title)
        self.workspaces.own.show_in(self.actions_, self.workspaces.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the bars use the room that there is."""
        super().resizeEvent(event)
        self.frame.room_changed()

    def _file_written(self, path: Path, step: int | None) -> None:
        if not self.exports.file_written(path):
            self.presenter.say_written(path)
        self.files.file_written(path, step)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a snapshot everywhere."""
        self.last_snapshot = snapshot
        trace, metrics = snapshot.get(LossTrace, LossTraceProbe()), snapshot.get(Metrics)
        self.horizontal.show(snapshot, trace)
        self.status.show(snapshot, trace, metrics)
        self.docks.show_snapshot(snapshot)
        self.run_bar.show_snapshot(snapshot)
        self.files.snapshot_shown(snapshot)
        self.exports.snapshot_shown(snapshot)
        self.wishes.snapshot_shown(snapshot)
        self.experiments.show(snapshot)

    @Slot(float, float)
    def show_rates(self, steps_per_s: float, frames_per_s: float) -> None:
        """Show how fast it goes."""
        self.run_bar.show_rates(steps_per_s, frames_per_s)

    @Slot(object)
    def handle_event(self, event: object) -> None:
        """Show what the engine tells."""
        self.pending.read(event)
        self.presenter.read(event)
        self.experiments.read(event)

    @Slot(object, bool)
    def show_config(self, config: RunConfig, is_new_run: bool) -> None:
        """Show the configuration that is in force; the snapshot is right, not the panel."""
        self.config = config
        if is_new_run:
            self.docks.clear()
        self.files.config_changed(config)
        self.exports.config_changed(config)
        self.wishes.show_config(config)
        self.view_commands.show_config(config)
        self.wishes.show_undo(self.actions_)
        self.pending.show(config)
        self.workspaces.show_config(config)
        self._tell_needs()

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return what the next snapshot should carry: the seen views' needs, and what the status line says."""
        if self.isMinimized() or not self.isVisible():
            return ()
        also = (LossTraceProbe(), MetricsProbe(), *self.experiments.needs())
        return tuple(dict.fromkeys((*self.docks.needs(), *also)))

    def _tell_needs(self) -> None:
        self.needs_changed.emit(self.needs())

    def apply_appearance(self, appearance: str) -> None:
        """Dress everything in "light", "dark" or what the system says."""
        self.actions_.tick("appearance", appearance)
        bars = (self.actions_, self.run_bar, self.strip, self.banner, self.timeline)
        dress(appearance, (*bars, self.docks, self.files.logs))

    def open_path(self, path: Path) -> None:
        """Open the file that the window begins with."""
        self.files.open_file(path, is_first=True)

    def showEvent(self, event: QShowEvent) -> None:
        """Say that the window is there, and what it needs."""
        super().showEvent(event)
        if not self._has_layout:
            self._has_layout = True
            self.workspaces.arrange()
        if not self._memory.flag("hint_shown") and not self.banner.text:
            self._memory.set_flag("hint_shown")
            self.experiments.offer_opening(self.workspaces.changed, self.strip.typing_wished)
        self._tell_needs()

    def close_unasked(self) -> None:
        """Close without a question about the run; it happens once the present event has been dealt with."""
        self._may_close = True
        QTimer.singleShot(0, self, self.close)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep layout and settings, and let the engine stop; ask about a run that is worth something."""
        if not (self._may_close or (self.sweeps.may_close() and self.exports.may_close())):
            event.ignore()
            return
        if self.files.worth.is_worth_asking and not self._may_close:
            event.ignore()
            self.files.unless_kept(self.close_unasked)
            return
        if self.frame.is_presenting:
            self.frame.toggle_presentation()
        self._memory.keep_layout(self)
        self._memory.keep_config(self.config)
        self.closing.emit()
        event.accept()

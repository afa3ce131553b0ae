"""Presets and experiments in the window: what is said before, on the way, and of what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QWidget

from ganviz.session.claims import Finding
from ganviz.session.commands import Restart, Run
from ganviz.session.events import ConfigChanged
from ganviz.session.experiments import Experiment, experiment
from ganviz.session.run_presets import DEFAULT, RunPreset, run_preset
from ganviz.spec.words import regrouped
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.snapshot import Snapshot
from ganviz.views.controls.banner import StatusBanner
from ganviz.views.controls.run_bar import RunBar
from ganviz.views.look.status_words import steps_words
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.experiment_list import ExperimentList
from ganviz.views.window.experiment_player import ExperimentPlayer
from ganviz.views.window.files import WindowFiles
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.prediction_dialog import PredictionDialog
from ganviz.views.window.result_card import result_card
from ganviz.views.window.slow_motion import SlowMotion
from ganviz.views.window.workspace_list import WORKSPACES
from ganviz.views.window.workspaces import Workspaces

OPENING = "saturation"
"""The experiment that a new window offers."""

FIRST_HINT = (
    "Three things to try. Press 1 or 2: G's loss is another, its shape, lower right, too. Pause, New weights, and hold "
    "the key D: D learns alone and soon rejects all samples (Space: both go on). Add lane: a second loss runs beside. "
    "“Show me” stages the rest."
)
"""Each has an effect that is seen on the screen that a new window opens."""


class WindowExperiments(QObject):
    """Starts presets and experiments and says what there is to see; GUI thread only.

    Parameters
    ----------
    window : QWidget
    parts : RunBar, StatusBanner, ViewDocks, Workspaces, WindowFiles, WindowMemory
    """

    def __init__(
        self,
        window: QWidget,
        run_bar: RunBar,
        banner: StatusBanner,
        docks: ViewDocks,
        workspaces: Workspaces,
        files: WindowFiles,
        memory: WindowMemory,
    ) -> None:
        super().__init__(window)
        self._window, self._run_bar, self._banner = window, run_bar, banner
        self._docks, self._workspaces, self._files = docks, workspaces, files
        self._memory = memory
        self._list: ExperimentList | None = None
        self._guess: int | None = None
        self._of_preset = ""
        self._switched: list[tuple[str, dict[str, bool]]] = []
        workspaces.changed.connect(self._workspace_changed)
        self.player = ExperimentPlayer(self)
        self.player.begun.connect(self._begun)
        self.player.stage_begun.connect(self._stage_begun)
        self.player.ended.connect(self._ended)
        self.player.left.connect(self._left)
        self.slow_motion = SlowMotion(banner, docks, self)
        self.slow_motion.command_requested.connect(self.player.command_requested)
        self.slow_motion.needs_changed.connect(self.player.needs_changed)

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return what the actions do that are answered here."""
        return {
            "new_run": lambda: self._files.unless_kept(self._begin_anew),
            "experiments": self.open_list,
            "experiment": self.play,
            "show_me": self.show_me,
            "slow_motion": self.slow_motion.begin,
        }

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return what the next look should measure."""
        return (*self.player.needs(), *self.slow_motion.needs())

    def show(self, snapshot: Snapshot) -> None:
        """Notice what was measured."""
        self.player.show(snapshot)
        self.slow_motion.show(snapshot)

    def read(self, event: object) -> None:
        """Notice what the engine tells."""
        self.player.read(event)
        self.slow_motion.read(event)
        if isinstance(event, ConfigChanged):
            self._memory.note(event.config, is_begun=event.restarted)
            self._memory.keep_config(event.config)  # at once: an experiment may begin in a moment
            if not event.restarted:
                self._banner.take_away(self._of_preset)  # it is no more what the words say

    def _begin_anew(self) -> None:
        """Start the run that a new window begins with, in the views that it opens."""
        preset = run_preset(DEFAULT)
        self._workspaces.choose(WORKSPACES[0].key)
        self.player.command_requested.emit(Restart(config=preset.config))
        self.preset_begun(preset)
        self._banner.take_away(self._of_preset)  # whoever wants it once more has read the words
        self.player.command_requested.emit(Run())

    def open_list(self) -> None:
        """Show all experiments."""
        if self._list is None:
            self._list = ExperimentList(self._window)
            self._list.chosen.connect(self.play)
        self._list.show()
        self._list.raise_()

    def play(self, key: str) -> None:
        """Play an experiment from step 0; a run that is worth something is asked about first, then the outcome."""
        chosen = experiment(key)
        self._files.unless_kept(lambda: self._ask(chosen))

    def show_me(self, key: str) -> None:
        """Play an experiment whose claim has just been told, so that there is nothing to ask."""
        chosen = experiment(key)
        self._files.unless_kept(lambda: self._play(chosen, None))

    def _ask(self, chosen: Experiment) -> None:
        if chosen.prediction is None:
            self._play(chosen, None)
            return
        dialog = PredictionDialog(chosen, chosen.prediction, self._window)
        dialog.begun.connect(lambda guess: self._play(chosen, guess))
        dialog.open()

    def _play(self, chosen: Experiment, guess: int | None) -> None:
        self._guess = guess
        self._memory.leave_out(config for _, config in chosen.configs())
        self.player.play(chosen)

    def preset_begun(self, preset: RunPreset) -> None:
        """Say what a preset is made of."""
        self._memory.leave_nothing_out()
        self._run_bar.set_pace(preset.pace)
        self._memory.keep_pace(self._run_bar.pace)
        self._of_preset = f"{preset.title}. {preset.help}"
        self._banner.say(self._of_preset)

    def offer_opening(self, *until: SignalInstance) -> None:
        """Say, until one of these is emitted, what a new person can try, with a demonstration one click away."""
        self._banner.say(FIRST_HINT, action="Show me saturation", does=lambda: self.show_me(OPENING))
        for signal in until:  # who looks around would find views covered, and who types, the plot of it
            signal.connect(lambda: self._banner.take_away(FIRST_HINT))

    def _begun(self, one: Experiment) -> None:
        self._run_bar.set_pace(one.pace)
        if one.columns:
            self._workspaces.stage(one.open_title, one.columns, one.config.distribution.kind.name)
        else:
            self._docks.bring_forward(one.views)
        self._switch_back()
        self._switched = [
            (view, self._docks.switch(view, switches)) for view, switches in one.switches.items()
        ]

    def _switch_back(self) -> None:
        """Switch on and off in views what was so before an experiment."""
        for view, switches in self._switched:
            self._docks.switch(view, switches)
        self._switched = []

    def _workspace_changed(self, key: str) -> None:
        if key:
            self._switch_back()
            self._banner.take_card_away()

    def _stage_begun(self, one: Experiment, at: int) -> None:
        stage = one.stages[at]
        self._banner.say(
            f"{one.open_title}. Stage {at + 1} of {len(one.stages)}: {stage.title}, {steps_words(stage.steps)}. "
            f"Watch: {regrouped(one.watch)}"
        )

    def _ended(self, one: Experiment, measured: Sequence[Finding]) -> None:
        self._files.worth.played()
        found, answer = one.told(measured)
        self._banner.say(
            result_card(one, found, answer, self._guess),
            kind="info" if all(finding.is_seen for finding in found) else "warning",
            action="More experiments", does=self.open_list, of_run=True,
        )  # fmt: skip

    def _left(self, one: Experiment) -> None:
        self._banner.say(
            f"The experiment “{one.open_title}” goes no further: the run went another way.", is_brief=True
        )

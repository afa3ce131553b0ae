"""What the person wishes for, made into commands; asked about where something would be lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import NamedFormulation
from ganviz.session.commands import ContinueFrom, ForkLane, Reconfigure, RemoveLane, Restart, Run
from ganviz.session.run_presets import RunPreset
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Snapshot
from ganviz.views.controls.lane_wishes import under
from ganviz.views.controls.target import ALL_LANES, Target
from ganviz.views.look.outside_text import menu_words
from ganviz.views.window.actions import Actions
from ganviz.views.window.dialogs import confirm_going_back, confirm_removal, confirm_restart
from ganviz.views.window.files import WindowFiles
from ganviz.views.window.memory import WindowMemory
from ganviz.views.window.pending import PendingSettings
from ganviz.views.window.undo import SettingsUndo, shortened


class Wishes(QObject):
    """Emits commands; GUI thread only.

    Parameters
    ----------
    parent : QWidget
        Over which questions are asked.
    pending : PendingSettings
        Passes commands on, and knows what has been chosen.
    memory : WindowMemory
        Knows whether to ask.
    files : WindowFiles
        Knows what the run is worth, and saves it.
    target : Target
        The lane that the person means.
    """

    taken_back = Signal()
    """Emitted when the person did not want what a change would do: what is in force has to be shown again."""
    preset_begun = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        pending: PendingSettings,
        memory: WindowMemory,
        files: WindowFiles,
        target: Target,
    ) -> None:
        super().__init__(parent)
        self._parent, self._pending, self._memory, self._files = parent, pending, memory, files
        self._target = target
        self._step = 0
        self._in_force = pending.chosen
        self.undoable = SettingsUndo(self._in_force)

    @property
    def _config(self) -> RunConfig:
        """Return what the person sees."""
        return self._pending.chosen

    def show_config(self, config: RunConfig) -> None:
        """Take note of the configuration in force."""
        self._in_force = config
        self.undoable.record(config)

    def run_begun(self, path: Path | None, config: RunConfig) -> None:
        """Begin a new list of changes where the run comes from a file: nobody has changed the settings to these."""
        if path is not None:
            self.undoable = SettingsUndo(config)

    def snapshot_shown(self, snapshot: Snapshot) -> None:
        """Take note of where the run is."""
        self._step = snapshot.stamp.step

    @Slot(object)
    @Slot(object, bool)
    def configure(self, config: RunConfig, is_asked: bool = False) -> None:
        """Ask for a configuration; one that restarts a run which has begun is asked about, unless that was done."""
        wish = Reconfigure(config, self._config)
        if is_asked or self._step == 0 or not config.needs_restart(self._config):
            self._pending.take(wish)
        elif not self._if_wanted(lambda: confirm_restart(self._parent), lambda: self._pending.take(wish)):
            self.taken_back.emit()

    @Slot(object)
    def run_with(self, config: RunConfig) -> None:
        """Put a configuration in force and let it train, as a preset does: somebody has said to start a run with it."""
        self.configure(config, is_asked=True)
        self._pending.take(Run())

    @Slot(int, object)
    def choose_formulation(self, lane: int, formulation: Formulation) -> None:
        """Put a formulation in force in one lane or in all."""
        lanes = tuple(
            under(one, formulation) if lane in (ALL_LANES, i) else one
            for i, one in enumerate(self._config.lanes)
        )
        self._pending.take(Reconfigure(dataclasses.replace(self._config, lanes=lanes), self._config))

    @Slot(int, object)
    def add_lane(self, lane: int, named: NamedFormulation) -> None:
        """Let a lane go on twice, the second time under another formulation."""
        self._pending.take(ForkLane(lane, named.formulation))

    @Slot(int)
    def remove_lane(self, lane: int) -> None:
        """Take a lane away; ask where more is lost with it than a minute makes anew."""

        def remove() -> None:
            self._target.removed(lane)
            self._pending.take(RemoveLane(lane))

        if self._files.worth.is_worth_asking:
            title = self._config.lane_title(lane)
            self._if_wanted(lambda: confirm_removal(self._parent, title), remove)
        else:
            remove()

    def choose_preset(self, preset: RunPreset) -> None:
        """Put a preset in force and run it from step 0; ask about a run that is worth something."""
        self._files.unless_kept(lambda: self._run_preset(preset))

    def _run_preset(self, preset: RunPreset) -> None:
        # A change that can be made live would go on from trained networks.
        self._pending.take(Restart(config=preset.config))
        self.preset_begun.emit(preset)
        self._pending.take(Run())

    @Slot(int)
    def continue_from(self, step: int) -> None:
        """Go back to a keyframe; ask whether what came after it may be dropped."""
        n_dropped, wish = self._step - step, ContinueFrom(step)
        if n_dropped > 0:
            question = partial(confirm_going_back, self._parent, step, n_dropped)
            self._if_wanted(question, lambda: self._pending.take(wish))
        else:
            self._pending.take(wish)

    def _if_wanted(self, confirm: Callable[[], tuple[str, bool]], action: Callable[[], object]) -> bool:
        """Do what loses something where a person says so, or wants to be asked no more; return whether it is done.

        It is not yet where the run is to be saved first.
        """
        answer, never_again = ("yes", False) if self._memory.flag("restarts_unasked") else confirm()
        if never_again:
            self._memory.set_flag("restarts_unasked")
        if answer == "yes":
            action()
        elif answer == "save":
            self._files.save_before(action)
        return answer == "yes"

    def undo(self) -> None:
        """Put the configuration before this one in force; where that is not in force yet, stay with what is."""
        earlier = self.undoable.earlier() if self._config == self._in_force else self._in_force
        if earlier is not None:
            self.configure(earlier)

    def redo(self) -> None:
        """Put the configuration that was undone in force."""
        later = self.undoable.later()
        if later is not None:
            self.configure(later)

    def show_undo(self, actions: Actions) -> None:
        """Let the entries of the menu say what would be undone and redone."""
        for key, words in (("undo", self.undoable.undo_words), ("redo", self.undoable.redo_words)):
            action, title = actions[key], key.capitalize()
            action.setEnabled(bool(words))
            action.setText(menu_words(f"{title}: {shortened(words)}" if words else f"{title} setting"))

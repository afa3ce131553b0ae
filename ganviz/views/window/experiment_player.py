"""Plays experiments in the window: stage after stage, and at each stage's end it has the claims measured."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ganviz.session.claims import ClaimsProbe, Finding, Measured
from ganviz.session.commands import Reconfigure, Restart, Run
from ganviz.session.events import ConfigChanged, StateChanged
from ganviz.session.experiments import Experiment, Stage
from ganviz.session.state import RunState
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Snapshot


class ExperimentPlayer(QObject):
    """Turns an experiment into commands; GUI thread only.

    The engine is right about where the run is: the next stage begins when it says that this one has ended, and what
    was measured comes with a snapshot of that very step. A run that goes another way ends the experiment.
    """

    command_requested = Signal(object)
    needs_changed = Signal()
    begun = Signal(object)
    """Carries the experiment."""
    stage_begun = Signal(object, int)
    """Carries the experiment and the stage's place: equal stages may follow each other."""
    ended = Signal(object, object)
    """Carries the experiment and all that was measured."""
    left = Signal(object)
    """Carries the experiment that the person went away from."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._stages: list[tuple[Stage, RunConfig]] = []
        self._at, self._end = 0, 0
        self._is_in_force = False
        self._probe: ClaimsProbe | None = None
        self._findings: list[Finding] = []

    def needs(self) -> tuple[ClaimsProbe, ...]:
        """Return what the next look should measure."""
        return () if self._probe is None else (self._probe,)

    def play(self, experiment: Experiment) -> None:
        """Begin an experiment at step 0."""
        self._experiment, self._stages = experiment, list(experiment.configs())
        self._at, self._end, self._findings, self._probe = 0, 0, [], None
        self._is_in_force = False
        # A change that can be made live would go on from trained networks.
        self.command_requested.emit(Restart(config=self._stages[0][1]))
        self.begun.emit(experiment)
        self._begin_stage()

    def _begin_stage(self) -> None:
        assert self._experiment is not None
        stage, config = self._stages[self._at]
        if self._at:
            before = self._stages[self._at - 1][1]
            self._is_in_force = config == before
            self._end = 0 if before.needs_restart(config) else self._end
            self.command_requested.emit(Reconfigure(config))
        self._end += stage.steps
        self.command_requested.emit(Run(self._end))
        self.stage_begun.emit(self._experiment, self._at)

    def read(self, event: object) -> None:
        """Notice what the engine tells of the run."""
        if self._experiment is None:
            return
        match event:
            case StateChanged(RunState.FINISHED, stamp) if stamp.step == self._end and self._is_in_force:
                self._measure()
            case StateChanged(RunState.RUNNING) if self._is_in_force:
                self.command_requested.emit(Run(self._end))  # also when it was paused and goes on
            case StateChanged(RunState.DIVERGED | RunState.FAILED):
                self._leave()
            case ConfigChanged(config, restarted=restarted):
                self._notice(config, is_begun_anew=restarted)

    def _notice(self, config: RunConfig, *, is_begun_anew: bool) -> None:
        """Tell the stage's own configuration from one that a person has chosen since.

        What comes before the former is older than the experiment: the engine may have been starting.
        """
        is_own = config == self._stages[self._at][1]
        if self._is_in_force and (not is_own or (is_begun_anew and self._at)):
            self._leave()
        self._is_in_force = self._is_in_force or is_own

    def _measure(self) -> None:
        assert self._experiment is not None
        claims = self._experiment.measured(self._at)
        if not claims:
            self._next_stage()
            return
        self._probe = ClaimsProbe(claims)
        self.needs_changed.emit()

    def show(self, snapshot: Snapshot) -> None:
        """Take what was measured at the stage's end; a person who looks back is waited for."""
        if self._experiment is None or self._probe is None:
            return
        measured = snapshot.get(Measured, self._probe)
        if measured is None or snapshot.viewed_step != self._end or snapshot.stamp.step != self._end:
            return
        self._findings += self._probe.findings(measured, self._end)
        self._probe = None
        self.needs_changed.emit()
        self._next_stage()

    def _next_stage(self) -> None:
        self._at += 1
        if self._at < len(self._stages):
            self._begin_stage()
            return
        experiment, self._experiment = self._experiment, None
        self.ended.emit(experiment, tuple(self._findings))

    def _leave(self) -> None:
        experiment, self._experiment, self._probe = self._experiment, None, None
        self.needs_changed.emit()
        self.left.emit(experiment)

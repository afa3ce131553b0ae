"""A run as a person sees it: commands in, events out. Synchronous; it belongs to the thread that made it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

from ganviz.catalog import InvalidValueError
from ganviz.session import commands as c
from ganviz.session.events import (
    ConfigChanged,
    Event,
    FileWritten,
    Keyframes,
    LaneDiverged,
    Refused,
    StateChanged,
)
from ganviz.session.exporting import write_config, write_history, write_samples, write_weights
from ganviz.session.state import RunState
from ganviz.training.checkpoint import load_checkpoint, save_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.training.trainer import Trainer

SLICE_S = 0.008
MOST_SLICE_STEPS = 4096
MOST_CATCH_UP_S = 0.25

Events = list[Event]


class Runner:
    """One run at a time, in one of the states of :class:`RunState`.

    Parameters
    ----------
    config : RunConfig, optional
    trainer : Trainer, optional
        A run to go on with, instead of ``config``.
    is_running : bool
    pace : float or None
        Most steps per second; None is no limit.
    clock : callable
        Seconds that only grow.

    Raises
    ------
    InvalidValueError
        When the configuration cannot be used here.
    """

    def __init__(
        self,
        config: RunConfig | None = None,
        *,
        trainer: Trainer | None = None,
        is_running: bool = False,
        pace: float | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.trainer = trainer or Trainer(config or RunConfig())
        self.state = RunState.RUNNING if is_running else RunState.PAUSED
        self._clock, self._pace = clock, pace
        self._run = self._revision = 0
        self._until: int | None = None
        self._slice = 1
        self._paced_from = (clock(), self.trainer.step)
        self._told_keyframes: tuple[int, ...] = ()

    @property
    def stamp(self) -> Stamp:
        """Return when the run is."""
        return Stamp(self._run, self.trainer.step, self._revision)

    @property
    def is_running(self) -> bool:
        """Return whether :meth:`advance` trains."""
        return self.state is RunState.RUNNING

    def opening_events(self) -> Events:
        """Return what a front end has to know of a run that has just been made or replaced."""
        self._told_keyframes = self.trainer.keyframe_steps()
        return [
            ConfigChanged(self.trainer.config, self.stamp, restarted=True),
            Keyframes(self._told_keyframes),
            StateChanged(self.state, self.stamp),
        ]

    def handle(self, command: c.Command) -> Events:
        """Do what is asked; what cannot be done becomes one Refused with the reason, and nothing has changed."""
        try:
            return self._handle(command)
        except (InvalidValueError, OSError, ValueError) as error:
            return [Refused(str(error))]

    def _handle(self, command: c.Command) -> Events:
        match command:
            case c.Run(until_step):
                self._until = until_step
                return self._start()
            case c.Pause():
                return self._enter(RunState.PAUSED) if self.is_running else []
            case c.Step(players):
                return self._step(players)
            case c.SetPace(steps_per_second):
                self._pace = steps_per_second
                self._restart_clock()
                return []
            case c.Reconfigure(config):
                return self._reconfigure(config)
            case c.Restart(new_weights):
                return self._restart(self.trainer.config, new_weights=new_weights)
            case c.LoadCheckpoint(path):
                return self._replace(load_checkpoint(path), RunState.PAUSED)
            case c.ContinueFrom(step):
                self.trainer.rewind(step)
                return self._rewound()
            case _:
                return self._change_lanes_or_write(command)

    def _change_lanes_or_write(self, command: c.Command) -> Events:
        match command:
            case c.ForkLane(lane, formulation, label):
                self._check_lane(lane)
                origin = self.trainer.config.lanes[lane]
                new = dataclasses.replace(origin, formulation=formulation, label=label)
                self.trainer.fork(lane, new)
                return self._changed(restarted=False)
            case c.RemoveLane(lane):
                self._check_lane(lane)
                self.trainer.remove_lane(lane)
                return self._changed(restarted=False)
            case c.SaveCheckpoint(path):
                save_checkpoint(path, self.trainer)
                return [FileWritten(path)]
            case c.Export():
                self._export(command)
                return [FileWritten(command.path)]
            case _:
                return []

    def _check_lane(self, lane: int) -> None:
        n = len(self.trainer.config.lanes)
        if not 0 <= lane < n:
            raise InvalidValueError(f"There is no lane {lane}; the run has {n}, counted from 0.")

    def _export(self, command: c.Export) -> None:
        match command.kind:
            case c.ExportKind.HISTORY:
                write_history(command.path, self.trainer)
            case c.ExportKind.SAMPLES:
                write_samples(command.path, self.trainer)
            case c.ExportKind.CONFIG:
                write_config(command.path, self.trainer.config)
            case c.ExportKind.WEIGHTS:
                write_weights(command.path, self.trainer, command.lane)

    def _start(self) -> Events:
        if self.trainer.is_finished:
            raise InvalidValueError("Every lane has diverged; go back to a keyframe or start again.")
        if self._until is not None and self.trainer.step >= self._until:
            return self._enter(RunState.FINISHED)
        self._restart_clock()
        return self._enter(RunState.RUNNING)

    def _step(self, players: c.HalfStep) -> Events:
        if self.trainer.is_finished:
            raise InvalidValueError("Every lane has diverged; go back to a keyframe or start again.")
        events = self._enter(RunState.PAUSED) if self.is_running else []
        if players is c.HalfStep.BOTH:
            self.trainer.train(1)
        else:
            self.trainer.half_step(players.value)
        self._revision += 1
        return [*events, *self._findings(), StateChanged(self.state, self.stamp)]

    def _reconfigure(self, config: RunConfig) -> Events:
        if config == self.trainer.config and self.state is not RunState.FAILED:
            return []
        current = self.trainer.config
        is_live = not config.needs_restart(current) and len(config.lanes) == len(current.lanes)
        if not is_live or self.state is RunState.FAILED:
            return self._restart(config, new_weights=False)
        self.trainer.reconfigure(config)
        return self._changed(restarted=False)

    def _restart(self, config: RunConfig, *, new_weights: bool) -> Events:
        if new_weights:
            seed = (config.training.seed + 1) % 2**31
            config = dataclasses.replace(config, training=dataclasses.replace(config.training, seed=seed))
        was_running = self.state in (RunState.RUNNING, RunState.DIVERGED, RunState.FAILED)
        return self._replace(Trainer(config), RunState.RUNNING if was_running else RunState.PAUSED)

    def _replace(self, trainer: Trainer, state: RunState) -> Events:
        self.trainer, self.state = trainer, state
        self._run += 1
        self._revision += 1
        self._until = None
        self._restart_clock()
        diverged = self._lane_events((None,) * len(trainer.lanes))
        if trainer.is_finished:
            self.state = RunState.DIVERGED
        return [*self.opening_events(), *diverged]

    def _rewound(self) -> Events:
        self._run += 1
        self._until = None
        self.state = RunState.PAUSED
        return self._changed(restarted=True)

    def _changed(self, *, restarted: bool) -> Events:
        self._revision += 1
        self._restart_clock()
        self._told_keyframes = self.trainer.keyframe_steps()
        return [
            ConfigChanged(self.trainer.config, self.stamp, restarted=restarted),
            Keyframes(self._told_keyframes),
            StateChanged(self.state, self.stamp),
        ]

    def _enter(self, state: RunState, reason: str = "") -> Events:
        if state is self.state and not reason:
            return []
        self.state = state
        self._revision += 1
        return [StateChanged(state, self.stamp, reason)]

    def _restart_clock(self) -> None:
        self._paced_from = (self._clock(), self.trainer.step)

    def due_in_s(self) -> float:
        """Return after how many seconds the next step is due; 0 when now."""
        if self._pace is None:
            return 0.0
        start, step = self._paced_from
        return max(0.0, start + (self.trainer.step + 1 - step) / self._pace - self._clock())

    def advance(self) -> Events:
        """Train for about eight milliseconds, or as many steps as the pace makes due; nothing unless running."""
        if not self.is_running:
            return []
        n = min(self._slice, self._steps_due(), self._steps_left())
        if n <= 0:
            return self._enter(RunState.FINISHED) if self._steps_left() <= 0 else []
        before = tuple(status.diverged_at for status in self.trainer.lanes)
        start = self._clock()
        made = self.trainer.train(n)
        self._adapt(made, self._clock() - start)
        events = self._findings(before)
        if self.is_running and self._steps_left() <= 0:
            events += self._enter(RunState.FINISHED)
        return events

    def _steps_left(self) -> int:
        return MOST_SLICE_STEPS if self._until is None else self._until - self.trainer.step

    def _steps_due(self) -> int:
        """Return how many steps the pace allows now; a long delay is not caught up with."""
        if self._pace is None:
            return MOST_SLICE_STEPS
        start, step = self._paced_from
        due = int((self._clock() - start) * self._pace) - (self.trainer.step - step)
        if due > self._pace * MOST_CATCH_UP_S + 1:
            self._restart_clock()
            return 1
        return due

    def _adapt(self, n: int, seconds: float) -> None:
        fitting = n * SLICE_S / max(seconds, 1e-6)
        self._slice = max(1, min(int(fitting), 2 * self._slice, MOST_SLICE_STEPS))

    def _findings(self, before: tuple[int | None, ...] | None = None) -> Events:
        """Return what training found: lanes that diverged, new keyframes."""
        events: Events = []
        if before is not None:
            events += self._lane_events(before)
        steps = self.trainer.keyframe_steps()
        if steps != self._told_keyframes:
            self._told_keyframes = steps
            events.append(Keyframes(steps))
        if self.trainer.is_finished and self.state is not RunState.DIVERGED:
            status = self.trainer.lanes[0]
            reason = f"Training diverged at step {status.diverged_at}: {status.cause} is not finite."
            events += self._enter(RunState.DIVERGED, reason)
        return events

    def _lane_events(self, before: tuple[int | None, ...]) -> Events:
        return [
            LaneDiverged(lane, status.diverged_at, status.cause)
            for lane, (status, old) in enumerate(zip(self.trainer.lanes, before, strict=True))
            if status.diverged_at is not None and old is None
        ]

    def answer(self, look: c.Look) -> Snapshot | None:
        """Return the readings asked for, or None when nothing has happened since ``look.after``."""
        if look.after is not None and look.after == self.stamp and look.at_step is None:
            return None
        subject = self.trainer.subject(look.at_step)
        readings = tuple(
            (probe, probe.measure(subject)) for probe in look.needs if probe.supports(subject.config)
        )
        return Snapshot(
            self.stamp,
            subject.config,
            self.trainer.lanes[: len(subject.config.lanes)],
            self.trainer.step_method,
            self.trainer.device,
            readings,
            subject.step,
        )

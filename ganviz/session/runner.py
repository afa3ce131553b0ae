"""A run as a person sees it: commands in, events out. Synchronous; it belongs to the thread that made it."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ganviz.session import commands as c
from ganviz.session.events import ConfigChanged, Event, Keyframes, Noted, StateChanged, divergences
from ganviz.session.measuring import Measuring
from ganviz.session.pacing import Pacing
from ganviz.session.port import refusal
from ganviz.session.rebasing import rebased
from ganviz.session.state import RunState
from ganviz.session.writing import Writing
from ganviz.spec import InvalidValueError
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.memory_need import memory_in_words
from ganviz.training.reproduction import keep_again
from ganviz.training.snapshot import LaneStatus, Snapshot, Stamp, lane_statuses
from ganviz.training.trainer import Trainer

Events = list[Event]

MOST_AGAIN_S = 10.0
"""For how long a run may wait while a step is made anew."""
_ALL_DIVERGED = "Every lane has diverged; go back to a keyframe or start again."


class Runner:
    """One run at a time, in one of the states of :class:`RunState`.

    Parameters
    ----------
    config : RunConfig, optional
    trainer : Trainer, optional
        A run to go on with, instead of ``config``; ``path`` is the file it was read from.
    is_running : bool
    pace : float or None
        Most steps per second; None is no limit.
    run : int
        The number of the first run.
    prepares_beside : see :class:`Measuring`
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
        path: Path | None = None,
        run: int = 0,
        prepares_beside: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.trainer = trainer or Trainer(config or RunConfig())
        self.state = RunState.RUNNING if is_running else RunState.PAUSED
        self._pacing, self._writing = Pacing(clock, pace), Writing()
        self._measuring = Measuring(clock, prepares_beside=prepares_beside)
        self._run, self._revision = run, 0
        self._until: int | None = None
        self._path = path
        self._begin()

    def _begin(self) -> None:
        self._told_keyframes = self.trainer.keyframes.steps
        self._told_lanes = tuple(LaneStatus() for _ in self.trainer.lanes)
        self._pacing.begin(self.trainer.step)
        self._measuring.forget()

    @property
    def config(self) -> RunConfig:
        """Return the configuration in force."""
        return self.trainer.config

    @property
    def stamp(self) -> Stamp:
        """Return when the run is."""
        return Stamp(self._run, self.trainer.step, self._revision)

    @property
    def is_running(self) -> bool:
        """Return whether :meth:`advance` trains."""
        return self.state is RunState.RUNNING

    def due_in_s(self) -> float:
        """Return after how many seconds the next step is due; 0 when now."""
        return self._pacing.due_in_s(self.trainer.step)

    @property
    def is_writing(self) -> bool:
        """Return whether files are being written, or probes prepared, whose end :meth:`news` will notice."""
        return self._writing.is_busy or self._measuring.is_preparing

    def finish_writing(self) -> Events:
        """Wait for the files that are being written and return what became of them."""
        return self._writing.news(waits=True)

    def opening_events(self) -> Events:
        """Return what a front end has to know of a run that has just been made or replaced."""
        return [*self._describe(restarted=True), *map(Noted, self.trainer.notes), *self.news()]

    def handle(self, command: c.Command) -> Events:
        """Do what is asked; what cannot be done becomes one Refused with the reason, and nothing has changed."""
        self.trainer.flush()
        found = self.news()
        try:
            with memory_in_words():
                return [*found, *self._handle(command)]
        except (InvalidValueError, OSError, ValueError) as error:
            return [*found, refusal(command, str(error))]

    def _handle(self, command: c.Command) -> Events:
        match command:
            case c.Run(until_step):
                return self._start(until_step)
            case c.Pause():
                return self.pause()
            case c.Step(players):
                return self._step(players)
            case c.SetPace(steps_per_second):
                self._pacing.set(steps_per_second, self.trainer.step)
                return []
            case c.Reconfigure(config, before):
                return self._reconfigure(rebased(before or self.config, config, self.config))
            case c.Restart(new_weights, config):
                return self._restart(config or self.config, new_weights=new_weights)
            case c.LoadCheckpoint(path, at_step):
                return self._replace(load_checkpoint(path, at_step), RunState.PAUSED, path)
            case c.ContinueFrom(step):
                return self._rewind(step)
            case c.KeepAgain(step):
                keep_again(self.trainer, step, MOST_AGAIN_S)
                return self.news()
            case _:
                return self._change_lanes_or_write(command)

    def _change_lanes_or_write(self, command: c.Command) -> Events:
        match command:
            case c.ForkLane(lane, formulation, label):
                self._check_lane(lane)
                new = dataclasses.replace(self.config.lanes[lane], formulation=formulation, label=label)
                self.trainer.fork(lane, new)
                self._measuring.forget()  # a reading that rests is one of other lanes
                return self._changed()
            case c.RemoveLane(lane):
                self._check_lane(lane)
                self.trainer.remove_lane(lane)
                self._measuring.forget()
                return self._changed()
            case c.SaveCheckpoint() | c.PutAside() | c.Export():
                self._writing.begin(command, self.trainer, is_training=self.is_running)
                return self._writing.news(waits=not self.is_running)
            case _:
                return []

    def _check_lane(self, lane: int) -> None:
        n = len(self.config.lanes)
        if not 0 <= lane < n:
            raise InvalidValueError(f"There is no lane {lane}; the run has {n}, counted from 0.")

    def _start(self, until: int | None) -> Events:
        self.trainer.check_trainable()
        if self.trainer.is_finished:
            raise InvalidValueError(_ALL_DIVERGED)
        self._until = until
        if self._steps_left() <= 0:
            return self._enter(RunState.FINISHED)
        if not self.is_running:
            self._pacing.start(self.trainer.step)
        return self._enter(RunState.RUNNING)

    def _step(self, players: c.HalfStep) -> Events:
        self.trainer.check_trainable()
        if self.trainer.is_finished:
            raise InvalidValueError(_ALL_DIVERGED)
        events = self._enter(RunState.PAUSED)
        if players is c.HalfStep.BOTH:
            self.trainer.train(1)
        else:
            self.trainer.half_step(players.value)
        self.trainer.flush()
        self._revision += 1
        return [*events, *self.news()]

    def _reconfigure(self, config: RunConfig) -> Events:
        has_failed = self.state is RunState.FAILED
        if config == self.config and not has_failed:
            return []
        has_other_lanes = len(config.lanes) != len(self.config.lanes)
        if has_failed or has_other_lanes or config.needs_restart(self.config):
            return self._restart(config, new_weights=False)
        self.trainer.reconfigure(config)
        return self._changed()

    def _restart(self, config: RunConfig, *, new_weights: bool) -> Events:
        if new_weights:
            config = config.with_other_seeds()
        was_running = self.state in (RunState.RUNNING, RunState.DIVERGED, RunState.FAILED)
        return self._replace(Trainer(config), RunState.RUNNING if was_running else RunState.PAUSED)

    def _replace(self, trainer: Trainer, state: RunState, path: Path | None = None) -> Events:
        self.trainer, self.state, self._path = trainer, state, path
        self._run, self._revision, self._until = self._run + 1, self._revision + 1, None
        self._begin()
        return self.opening_events()

    def _rewind(self, step: int) -> Events:
        self.trainer.rewind(step)
        self._measuring.forget()
        self._run, self._until, self.state = self._run + 1, None, RunState.PAUSED
        return self._changed()

    def _changed(self) -> Events:
        """Return what a front end has to know of another configuration or another past of the same run."""
        self._revision += 1
        self._told_lanes = self.trainer.lanes
        self._pacing.begin(self.trainer.step)
        return [*self._describe(restarted=False), *self.news()]

    def _describe(self, *, restarted: bool) -> Events:
        self._told_keyframes = self.trainer.keyframes.steps
        return [
            ConfigChanged(self.config, self.stamp, restarted, self._path),
            Keyframes(self._told_keyframes),
            StateChanged(self.state, self.stamp),
        ]

    def fail(self, reason: str) -> Events:
        """Note that an exception has interrupted the run."""
        return self._enter(RunState.FAILED, reason)

    def _enter(self, state: RunState, reason: str = "") -> Events:
        if state is self.state and not reason:
            return []
        self.state = state
        self._revision += 1
        return [StateChanged(state, self.stamp, reason)]

    def pause(self) -> Events:
        """Train no more; also in the middle of a step, which is finished then."""
        return self._enter(RunState.PAUSED) if self.is_running else []

    def advance(self, between: Callable[[], object] = lambda: None) -> Events:
        """Train for about 8 ms, or what the pace makes due, where it runs; call ``between`` after each update of D."""
        if not self.is_running:
            return self.news()
        if (n := min(self._pacing.n_steps(self.trainer.step), self._steps_left())) > 0:
            self._pacing.run(lambda n: self.trainer.train(n, between), n)
        if is_done := self._steps_left() <= 0:
            self.trainer.flush()
        events = self.news()
        if is_done and not self.trainer.is_finished:
            events += self._enter(RunState.FINISHED)
        return events

    def _steps_left(self) -> int:
        return sys.maxsize if self._until is None else self._until - self.trainer.step

    def news(self) -> Events:
        """Return what nobody has been told yet: files written, lanes that diverged, keyframes, the end."""
        lanes = self.trainer.lanes
        # The look that went without the reading is answered anew.
        self._revision += self._measuring.has_prepared()
        events = [*self._writing.news(), *divergences(self._told_lanes, lanes)]
        self._told_lanes = lanes
        steps = self.trainer.keyframes.steps
        if steps != self._told_keyframes:
            self._told_keyframes = steps
            events.append(Keyframes(steps))
        if self.trainer.is_finished and self.state not in (RunState.DIVERGED, RunState.FAILED):
            last = max(lanes, key=lambda status: status.diverged_at or 0)
            events += self._enter(RunState.DIVERGED, f"Training {last.sentence}.")
        return events

    def answer(self, look: c.Look) -> Snapshot | None:
        """Return the readings asked for, or None when nothing has happened since ``look.after`` and all are known."""
        look = dataclasses.replace(look, needs=look.wanted(self.stamp))
        if look.after == self.stamp and not look.needs:
            return None
        subject = self.trainer.subject(look.at_step)
        config, has_time = subject.run, self.due_in_s() > 0
        readings = self._measuring.take(look, subject, is_training=self.is_running, has_time=has_time)
        lanes = lane_statuses(self.trainer.lanes[: config.n_rows], config.training.seeds)
        how = self.trainer.step_method, self.trainer.device
        return Snapshot(self.stamp, config, lanes, *how, readings, subject.step, look.ticket, self.config)

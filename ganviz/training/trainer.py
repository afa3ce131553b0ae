"""The engine: trains all lanes of a run in lock-step and keeps every step's scalars; no clock decides anything."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ganviz.losses.presets import title_of
from ganviz.spec import InvalidValueError
from ganviz.training import frames, refuge, run_state, seed_streams
from ganviz.training.changes import D_STEP, change_marks
from ganviz.training.columns import PROGRESS_PLACES
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.history import ChangeMark, History
from ganviz.training.keyframes import Frame, Keyframes
from ganviz.training.measuring import is_due, measured
from ganviz.training.observation import module_of, subject_of
from ganviz.training.players import Counts, Players, Tensors, initial_tensors
from ganviz.training.probes.base import Subject
from ganviz.training.progress import Progress
from ganviz.training.scores import BLOCK_STEPS, ScoreBlock
from ganviz.training.snapshot import LaneStatus
from ganviz.training.steps import make_step
from ganviz.training.steps.method import Between, move_one, nothing


class Trainer:
    """One run; it owns every tensor and random generator, and belongs to the thread that made it.

    Parameters
    ----------
    config : RunConfig
    dtype : torch.dtype
        Of all computations; float64 is for tests.
    missing_data : str
        Why the data cannot be loaded, for a run that is only shown; it does not train.

    Raise InvalidValueError when the device is missing or the data cannot be loaded.

    Attributes
    ----------
    step : int, how many were made
    history : History, every step's scalars, complete after :meth:`flush`
    keyframes : Keyframes, what can be looked back at and gone back to
    lanes : tuple of LaneStatus, one for each of ``config.rows``
    device : str
    notes : tuple of str, sentences about the file that the run was read from
    """

    def __init__(
        self, config: RunConfig, dtype: torch.dtype = torch.float32, *, missing_data: str = ""
    ) -> None:
        self.device = run_state.device_for(config, dtype)
        self.notes: tuple[str, ...] = ()
        if not missing_data:
            config.distribution.load()
        self.config, self.dtype, self.step, self.missing_data = config, dtype, 0, missing_data
        self.history = History(config.n_rows, config.training.seeds)
        self.lanes = (LaneStatus(),) * config.n_rows
        self._streams = seed_streams.make_streams(config, self.device, dtype)
        self._last_scores: NDArray[np.float32] | None = None
        self._refuge: Frame = {}
        self._progress = Progress(BLOCK_STEPS, config.training.batch_size)
        tensors, counts = initial_tensors(config, self.device, dtype)
        self._build(tensors, counts)
        self.keyframes = Keyframes(frames.frame_bytes(tensors))
        self._keep(is_refuge=True)

    def _build(self, tensors: Tensors, counts: Counts) -> None:
        """Put players, score block and step together anew from what training changes."""
        torch.set_num_threads(self.config.training.threads)
        active = [status.diverged_at is None for status in self.lanes]
        self._players = Players(self.config, tensors, counts, active)
        self._block = ScoreBlock(len(self.lanes), self.config.training.n_scores, self.device, self.dtype)
        self._flushed, self._ahead_at = self.step, -1
        self._method = make_step(self.config, self._players, self._streams, self._block, self.device)

    @property
    def step_method(self) -> str:
        """Return how updates are computed: "analytic" or "autograd"."""
        return self._method.name

    @property
    def is_finished(self) -> bool:
        """Return whether every lane has diverged."""
        return all(status.diverged_at is not None for status in self.lanes)

    def check_trainable(self) -> None:
        """Raise InvalidValueError, with the reason, when the run's data are gone."""
        if self.missing_data:
            raise InvalidValueError(f"{self.missing_data} {run_state.ONLY_SHOWN}")

    def train(self, n: int, between: Between = nothing) -> int:
        """Make ``n`` steps, or fewer when all lanes diverge; return how many. Call ``between`` after D's updates."""
        self.check_trainable()
        start, self._method.between = self.step, between
        with self._progress.timed():
            while self.step < start + n and not self.is_finished:
                self._train_block(start + n)
        return max(0, self.step - start)

    def _train_block(self, until: int) -> None:
        """Make the steps up to ``until``, a keyframe or a refuge (at each block's end), whatever comes first."""
        end = min(until, self.keyframes.next_due(self.step), refuge.next_due(self.step))
        row, count, g_steps = self.step % BLOCK_STEPS, end - self.step, self.config.training.g_steps
        with torch.inference_mode(not self._method.is_differentiated):
            for i in range(count):
                self._method.begin(self.step + i)
                self._method.step(row + i)
                self._progress.note(row + i, self._streams.updates.state(), g_steps)
        self.step += count
        self._end_steps()

    def half_step(self, player: str) -> None:
        """Update one player alone: "discriminator" leaves a change mark, "generator" ends a step.

        It is the step of D's update just before; where there is none, D's scores are measured and its weights stay.
        """
        self.check_trainable()
        if not self.is_finished:
            with self._progress.timed():
                self._half_step(self.step % BLOCK_STEPS, is_of_d=player == "discriminator")

    def _half_step(self, row: int, *, is_of_d: bool) -> None:
        self.flush()
        self._method.begin(self.step)
        is_ahead, is_fresh = self._ahead_at == self.step, self.config.training.fresh_latents
        move_one(self._method, row, is_of_d=is_of_d, is_ahead=is_ahead, is_fresh=is_fresh)
        if is_of_d:
            self._ahead_at = self.step
            self._take_scores(row)
            self._mark(D_STEP, None, breaks=False)
            self.keyframes.follow(self.history.marks)
            return
        self._progress.note(row, self._streams.updates.state(), 1)
        self.step += 1
        self._end_steps()

    def _end_steps(self) -> None:
        """Keep the scalars of a full block, and metrics and frames where they are due; no number changes."""
        is_keyframe, is_refuge = self.keyframes.is_due(self.step), refuge.is_due(self.step)
        if is_keyframe or is_refuge:
            self.flush()
        if is_due(self.step, self.config.training.metrics_every) and not self.is_finished:
            self.history.measured.append(self.step, measured(self.subject()), self._players.active)
        if (is_keyframe or is_refuge) and not self.is_finished:
            self._keep(is_keyframe=is_keyframe, is_refuge=is_refuge)

    def _keep(self, *, is_keyframe: bool = True, is_refuge: bool = False) -> None:
        frame = self.frame()
        if is_refuge:
            self._refuge = refuge.made_of(frame, self._refuge)
        if is_keyframe and frames.is_finite(frame):
            self.keyframes.add(frame)

    def flush(self) -> None:
        """Put the scalars of all steps so far into the history; stop lanes whose scalars are not finite."""
        if self.step == self._flushed:
            return
        first, count = self._flushed % BLOCK_STEPS, self.step - self._flushed
        formulations, rule = [lane.formulation for lane in self.config.rows], self.config.training.rule
        values = self._block.values(formulations, first, first + count, rule)
        values[:, :, PROGRESS_PLACES] = self._progress.rows(first, count)[:, None]
        self._take_scores(first + count - 1)
        n_valid, statuses = frames.how_far(values, self.lanes, self._flushed, formulations)
        scores = self._block.scores(formulations, first, first + count, self._flushed)
        self.history.append(values, n_valid, scores)
        self._flushed = self.step
        if statuses != self.lanes:
            self._stop_lanes(statuses)

    def _stop_lanes(self, statuses: tuple[LaneStatus, ...]) -> None:
        """Take lanes that diverged out of training, with the weights of their refuge."""
        tensors, counts = self._players.tensors, self._method.counts()
        past = self._refuge, self.history
        frames.stop_lanes(tensors, counts, self._last_scores, past, self.lanes, statuses)
        self.lanes = statuses
        if self.is_finished:
            self.step = max(status.diverged_at or 0 for status in statuses)
        self._build(tensors, counts)

    def reconfigure(self, config: RunConfig) -> None:
        """Put a configuration in force from the next step on, with the weights as they are.

        Another loss resets moments and average, another kind of optimizer moments. InvalidValueError: needs a restart.
        """
        if self.config.needs_restart(config) or len(config.lanes) != len(self.config.lanes):
            raise InvalidValueError("This change needs a restart: other data, networks, batches or lanes.")
        if config == self.config:
            return
        self.flush()
        tensors, counts = self._players.tensors, self._method.counts()
        frames.start_afresh(tensors, counts, self.config, config, self._players.active)
        for lane, label, breaks in change_marks(self.config, config):
            self._mark(label, lane, breaks=breaks)
        self.config = config
        self._build(tensors, counts)
        self.keyframes.note_change(self.frame())

    def fork(self, lane: int, lane_config: LaneConfig) -> None:
        """Add a lane with all of ``lane``'s state and past; its formulation may differ from now on."""
        self.flush()
        frame = frames.with_fork(self.frame(), lane, lane_config)
        self.history.fork(lane)
        self.restore(frame, self.history)
        self._mark(f"fork: {title_of(lane_config.formulation)}", len(self.config.lanes) - 1, breaks=True)
        self._keep()

    def remove_lane(self, lane: int) -> None:
        """Take a lane away; raise InvalidValueError when it is the last one."""
        if len(self.config.lanes) == 1:
            raise InvalidValueError("The last lane cannot be removed.")
        self.flush()
        frame = frames.without_lane(self.frame(), lane)
        self.history.remove(lane)
        self.keyframes.change(lambda kept: frames.without_lane(kept, lane))
        assert frame is not None
        self.restore(frame, self.history)
        self._keep()

    def _mark(self, label: str, lane: int | None, *, breaks: bool) -> None:
        self.history.mark(ChangeMark(self.step, lane, label, breaks))

    def subject(self, at_step: int | None = None) -> Subject:
        """Return what probes may see: the present, or the keyframe at or before ``at_step``."""
        if self.step != self._flushed:
            self._take_scores((self.step - 1) % BLOCK_STEPS)
        if self._last_scores is not None and not np.isfinite(self._last_scores).all():
            self.flush()
        seen = self.config, self.step, self._players.tensors, self._last_scores
        if at_step is not None and at_step < self.step and self.keyframes.steps:
            frame = self.keyframes.at(at_step)
            seen = frame["config"], frame["step"], frame["tensors"], frame["scores"]
        return subject_of(*seen, self._read_history, self.device, self.subject)

    def _take_scores(self, row: int) -> None:
        self._last_scores = frames.latest_scores(self._block.last_scores(row), self._last_scores, self.lanes)

    def _read_history(self) -> History:
        self.flush()
        return self.history

    def rewind(self, step: int) -> None:
        """Go back to the keyframe at or before ``step``; what came later is dropped."""
        self.flush()
        frame = self.keyframes.at(step)
        self.restore(frame, frames.history_at(self.history, frame))
        self.keyframes.drop_after(self.step, self.history.marks)

    def frame(self) -> Frame:
        """Return the whole state at this step, sharing no memory with it."""
        return {
            "step": self.step,
            "config": self.config,
            "lanes": self.lanes,
            "tensors": {name: tensor.clone() for name, tensor in self._players.tensors.items()},
            "counts": self._method.counts(),
            "streams": seed_streams.streams_state(self._streams),
            "scores": self._last_scores,
            "marks": tuple(mark for mark in self.history.marks if mark.step == self.step),
            "ahead": self._block.of_d(self.step % BLOCK_STEPS) if self._ahead_at == self.step else {},
            "refuge": self._refuge,
        }

    def restore(self, frame: Frame, history: History) -> None:
        """Go on from a whole state, whose past is ``history``."""
        self.config, self.step, self.lanes = frame["config"], frame["step"], frame["lanes"]
        self.history, self._last_scores, self._refuge = history, frame["scores"], frame["refuge"] or frame
        self._progress.resume(history)
        seed_streams.load_streams(self._streams, frame["streams"])
        tensors = {name: tensor.clone() for name, tensor in frame["tensors"].items()}
        self._build(tensors, {name: list(counts) for name, counts in frame["counts"].items()})
        if frame["ahead"]:
            self._ahead_at = self.step
            self._block.put_of_d(self.step % BLOCK_STEPS, frame["ahead"])

    def state(self) -> dict[str, Any]:
        """Return everything as tensors and plain values; :meth:`from_state` goes on from there, bit for bit."""
        self.flush()
        return run_state.state_to_plain(self.frame(), self.keyframes, self.history)

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Trainer:
        """Return the trainer that :meth:`state` was taken of; raise ValueError where that does not fit."""
        frame, history, missing = run_state.present_from_plain(state)
        trainer = cls(frame["config"], frame["tensors"]["generator"].dtype, missing_data=missing)
        trainer.keyframes = run_state.keyframes_from_plain(state, frame, history, trainer.device)
        trainer.restore(run_state.present_to(trainer.device, frame, trainer.keyframes), history)
        trainer.notes = run_state.notes_of(state, frame, history, missing)
        return trainer

    def generator_module(self, row: int) -> nn.Sequential:
        """Return a row's shown generator as a module in evaluation mode; it ends in the data's own units."""
        own = {name: tensor[row : row + 1] for name, tensor in self._players.tensors.items()}
        return module_of(self.config.with_seed(row), own, self.device)

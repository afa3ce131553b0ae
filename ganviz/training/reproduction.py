"""Any step of a run, made anew from the keyframe before it: equal runs are equal to the bit."""

from __future__ import annotations

import math

import numpy as np

from ganviz.spec import InvalidValueError
from ganviz.spec.words import grouped
from ganviz.training.columns import COLUMNS, PROGRESS_PLACES
from ganviz.training.history import History
from ganviz.training.keyframes import Frame, Keyframes
from ganviz.training.marks import DIVERGED
from ganviz.training.trainer import Trainer

_COMPARED = [place for place in range(len(COLUMNS)) if place not in PROGRESS_PLACES]
"""Scalars that two equal runs share, but for those that count from the run's beginning."""


def keep_again(trainer: Trainer, step: int, most_s: float = math.inf) -> None:
    """Keep a keyframe at a step of a run, as it was then.

    Raises
    ------
    InvalidValueError
        Where the run has no such step, none before it is kept, it was changed between, it took longer than ``most_s``
        from there, or comes out otherwise.
    """
    trainer.flush()
    frame = _beginning(trainer.keyframes, trainer.history, step, most_s)
    if frame["step"] < step:
        again = Trainer(frame["config"], trainer.dtype)
        again.restore(frame, History(len(frame["lanes"]), frame["config"].training.seeds))
        again.train(step - again.step)
        again.flush()
        _check(trainer.history, again.history, frame["step"], step)
        frame = again.frame()
    trainer.keyframes.pin(frame)


def _beginning(keyframes: Keyframes, history: History, step: int, most_s: float) -> Frame:
    """Return the frame that a step can be made anew from."""
    if not 0 <= step <= history.n_steps:
        raise InvalidValueError(
            f"The run has no step {grouped(step)}: it has made {grouped(history.n_steps)}."
        )
    frame = keyframes.begin(step)
    start, kept = frame["step"], frame["marks"] or ()
    changed = [
        mark
        for mark in history.marks
        if start <= mark.step < step and mark not in kept and not mark.label.startswith(DIVERGED)
    ]
    if start > step or changed:
        why = (
            f"{changed[0].label} at step {grouped(changed[0].step)} is between" if changed else "it is later"
        )
        raise InvalidValueError(
            f"Step {grouped(step)} cannot be made anew from the keyframe at step {grouped(start)}: {why}."
        )
    seconds = _seconds(history, start, step)
    if seconds > most_s:
        raise InvalidValueError(
            f"Step {grouped(step)} cannot be looked at: to make it anew from the keyframe at step {grouped(start)} "
            f"takes about {seconds:.0f} seconds; the most is {most_s:.0f}."
        )
    return frame


def _seconds(history: History, start: int, step: int) -> float:
    """Return for how long a run was trained from one step to another; 0 where nobody knows."""
    place = [COLUMNS.index("seconds")]
    then, before = (history.values_at(at, place) for at in (step, start))
    return float(np.nan_to_num(then - np.nan_to_num(before)).max(initial=0.0))


def _check(history: History, again: History, start: int, step: int) -> None:
    """Raise InvalidValueError where what was made anew, from ``start`` on, is not what the run has had at a step."""
    made = again.values_at(step - start, _COMPARED)
    if not np.array_equal(made, history.values_at(step, _COMPARED)[: len(made)], equal_nan=True):
        raise InvalidValueError(
            f"Step {grouped(step)} comes out otherwise here than it was: the run was trained by another machine, "
            "another version or with other data."
        )

"""What is done to the whole state of a run: lanes copied, taken away, restored; moments forgotten."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from ganviz.losses.formulation import Formulation
from ganviz.training.changes import has_other_loss, other_optimizers
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.history import ChangeMark, History
from ganviz.training.keyframes import Frame
from ganviz.training.marks import DIVERGED, OTHER_DATA, without_marks
from ganviz.training.memories import PREFIX, outdated
from ganviz.training.memory_need import check_memory
from ganviz.training.players import PLAYERS, Counts, Tensors, drop_unused_slots, fit_slots, kept_slots
from ganviz.training.scores import Values, first_non_finite
from ganviz.training.snapshot import LaneStatus


def start_afresh(
    tensors: Tensors, counts: Counts, old: RunConfig, new: RunConfig, trained: Sequence[bool]
) -> None:
    """Forget, in place, what is of a loss or an optimizer no longer in force: moments, and the average of weights.

    Penalties and constraints may come, go and change: the game stays near enough for both to go on. Lanes that are
    not trained stay as they are.
    """
    for lane, (before, after) in enumerate(zip(old.rows, new.rows, strict=True)):
        if not trained[lane]:
            continue
        other_loss = has_other_loss(before, after)
        forget(tensors, counts, lane, PLAYERS if other_loss else other_optimizers(before, after))
        if other_loss and "ema" in tensors:
            tensors["ema"][lane] = tensors["generator"][lane]
        for name in outdated(tensors, before, is_other_loss=other_loss):
            tensors[name][lane] = 0.0
    fit_slots(tensors, new)
    if not new.training.ema_decay:
        tensors.pop("ema", None)
    elif "ema" not in tensors:
        tensors["ema"] = tensors["generator"].clone()


def how_far(
    values: Values, lanes: tuple[LaneStatus, ...], before: int, formulations: Sequence[Formulation]
) -> tuple[list[int], tuple[LaneStatus, ...]]:
    """Return how many rows of each lane hold, and how the lanes do then; ``values`` follow step ``before``."""
    n_valid, statuses = [], []
    for lane, status in enumerate(lanes):
        plays = formulations[lane].loss.has_discriminator
        found = first_non_finite(values, lane, has_discriminator=plays)
        broken = found if status.diverged_at is None else (0, "")
        n_valid.append(len(values) if broken is None else broken[0])
        is_new = broken is not None and status.diverged_at is None
        statuses.append(LaneStatus(before + broken[0] + 1, broken[1]) if broken and is_new else status)
    return n_valid, tuple(statuses)


def stop_lanes(
    tensors: Tensors,
    counts: Counts,
    scores: NDArray[np.float32] | None,
    past: tuple[Frame, History],
    before: Sequence[LaneStatus],
    now: Sequence[LaneStatus],
) -> None:
    """Give lanes that have diverged the weights of a frame, in place, and mark it in the history."""
    frame, history = past
    for lane, (new, old) in enumerate(zip(now, before, strict=True)):
        if new != old:
            assert new.diverged_at is not None
            restore_lane(tensors, counts, scores, frame, lane)
            config: RunConfig = frame["config"]
            of = f" (seed {config.seed_of(lane)})" if config.training.seeds > 1 else ""
            history.mark(
                ChangeMark(new.diverged_at, lane // config.training.seeds, f"{DIVERGED}{of}", breaks=not of)
            )


def history_at(history: History, frame: Frame) -> History:
    """Return a frame's past: what came later is dropped, also changes at its very step but after it was kept.

    Frames of earlier versions do not tell these from others; that data are others is true from now on as well.
    """
    past = history.up_to(frame["step"], len(frame["lanes"]))
    if (kept := frame["marks"]) is not None:
        stay = [mark for mark in past.marks if mark.step < frame["step"] or mark.label == OTHER_DATA]
        past.marks = [*stay, *(mark for mark in kept if mark not in stay)]
    return past


def forget(tensors: Tensors, counts: Counts, lane: int, players: Iterable[str]) -> None:
    """Set all that these players' optimizers remember, and their counts, to zero, in place."""
    for name in players:
        for slot in kept_slots(tensors, name):
            tensors[slot][lane] = 0.0
        counts[name][lane] = 0


def frame_bytes(tensors: Tensors) -> int:
    """Return the size of a frame's tensors."""
    return sum(tensor.nbytes for tensor in tensors.values())


def is_finite(frame: Frame) -> bool:
    """Return whether every network's weights are."""
    return all(bool(torch.isfinite(frame["tensors"][name]).all()) for name in PLAYERS)


def restore_lane(
    tensors: Tensors, counts: Counts, scores: NDArray[np.float32] | None, frame: Frame, lane: int
) -> None:
    """Copy a lane's rows from a frame; one from before the lane was forked leaves all but its scores as they are."""
    for name, kept in frame["counts"].items():
        if lane < len(kept):
            counts[name][lane] = kept[lane]
    if lane < len(frame["lanes"]):
        for name in (slot for player in PLAYERS for slot in kept_slots(tensors, player)):
            tensors[name][lane] = 0.0  # an optimizer of now may remember what the frame's did not
        for name in (name for name in tensors if name.startswith(PREFIX)):
            tensors[name][lane] = 0.0
    for name, tensor in frame["tensors"].items():
        if name in tensors and lane < len(tensor):
            tensors[name][lane] = tensor[lane]
    _restore_scores(scores, frame, lane)


def _restore_scores(scores: NDArray[np.float32] | None, frame: Frame, lane: int) -> None:
    """Replace a lane's last scores by those of a frame, or by 0 where it has none yet: scores are finite."""
    kept = frame["scores"]
    if scores is not None:
        scores[lane] = 0.0 if kept is None or lane >= len(kept) else kept[lane]


def latest_scores(
    scores: NDArray[np.float32], kept: NDArray[np.float32] | None, lanes: Sequence[LaneStatus]
) -> NDArray[np.float32]:
    """Return new scores, those of lanes that stopped as they were kept."""
    for lane, status in enumerate(lanes):
        if kept is not None and status.diverged_at is not None:
            scores[lane] = kept[lane]
    return scores


def without_lane(frame: Frame, lane: int) -> Frame | None:
    """Return a frame with a lane taken away, the same frame where it has no such lane, None where none is left."""
    before, rows = frame["config"], frame["lanes"]
    if lane >= len(before.lanes):
        return frame
    if len(before.lanes) == 1:
        return None
    keep = [row for row in range(len(rows)) if row not in before.lane_rows(lane)]
    config = dataclasses.replace(before, lanes=before.lanes[:lane] + before.lanes[lane + 1 :])
    tensors = {name: tensor[keep] for name, tensor in frame["tensors"].items()}
    drop_unused_slots(tensors, config)
    return {
        **frame,
        "config": config,
        "lanes": tuple(rows[i] for i in keep),
        "tensors": tensors,
        "counts": {name: [counts[i] for i in keep] for name, counts in frame["counts"].items()},
        "scores": None if frame["scores"] is None else frame["scores"][keep],
        "marks": None if frame["marks"] is None else tuple(without_marks(frame["marks"], lane)),
        "ahead": {name: tensor[keep] for name, tensor in frame["ahead"].items()},
        "refuge": without_lane(frame["refuge"], lane) if frame["refuge"] else None,
    }


def with_fork(frame: Frame, lane: int, lane_config: LaneConfig) -> Frame:
    """Return a frame with one more lane: a copy of ``lane`` under another configuration, of the same seed.

    Its optimizers go on from the same moments and counts, also under another formulation; only one of another kind
    starts without.
    """
    config, scores = frame["config"], frame["scores"]
    origin = config.lanes[lane]
    new = dataclasses.replace(lane_config, seed=origin.seed)
    after = dataclasses.replace(config, lanes=(*config.lanes, new))
    weights = frame["tensors"]["generator"]
    check_memory(after, weights.device.type, weights.dtype.itemsize)
    rows = slice(config.lane_rows(lane).start, config.lane_rows(lane).stop)
    tensors = {name: torch.cat([t, t[rows]]) for name, t in frame["tensors"].items()}
    counts = {name: [*kept, *kept[rows]] for name, kept in frame["counts"].items()}
    fit_slots(tensors, after)
    for row in after.lane_rows(len(config.lanes)):
        forget(tensors, counts, row, other_optimizers(origin, new))
        for name in outdated(tensors, origin, is_other_loss=False):
            tensors[name][row] = 0.0
    return {
        **frame,
        "config": after,
        "lanes": (*frame["lanes"], *frame["lanes"][rows]),
        "tensors": tensors,
        "counts": counts,
        "scores": None if scores is None else np.concatenate([scores, scores[rows]]),
        "ahead": {},  # what penalties say of D's last update is another formulation's
        "refuge": with_fork(frame["refuge"], lane, lane_config) if frame["refuge"] else None,
    }

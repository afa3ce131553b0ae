"""A run's whole state as values: frames, and their plain form for files."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ganviz.data import DISTRIBUTIONS
from ganviz.data.base import AbstractDistribution
from ganviz.spec import InvalidValueError
from ganviz.training.columns import COLUMNS, PENALTY_COLUMNS
from ganviz.training.config import RunConfig, config_from_plain
from ganviz.training.frames import frame_bytes
from ganviz.training.history import CHUNK_ROWS, ChangeMark, History
from ganviz.training.keyframes import Frame, Keyframes
from ganviz.training.marks import OTHER_DATA
from ganviz.training.measuring import measurements_from_plain, measurements_to_plain
from ganviz.training.memory_need import check_memory, check_table
from ganviz.training.players import check_fits, check_tensor, drop_unused_slots
from ganviz.training.snapshot import LaneStatus
from ganviz.training.stream_check import check_streams

ONLY_SHOWN = "This run can be shown and exported, but not trained without its data."
MOST_COLUMNS = 1000
MOST_MARKS = 50_000
MOST_FILED_FRAMES = 200


def resolve_device(name: str) -> str:
    """Return "cpu" or "cuda"; raise InvalidValueError when a GPU is asked for and there is none."""
    has_gpu = torch.cuda.is_available()
    if name == "cuda" and not has_gpu:
        raise InvalidValueError(
            "The device 'cuda' cannot be used: torch finds no GPU here; choose 'cpu' or 'auto'."
        )
    return "cuda" if has_gpu and name != "cpu" else "cpu"


def device_for(config: RunConfig, dtype: torch.dtype) -> str:
    """Return "cpu" or "cuda"; raise InvalidValueError where there is no GPU, or not enough memory for the run."""
    device = resolve_device(config.training.device)
    check_memory(config, device, dtype.itemsize)
    return device


def excerpt_to_plain(distribution: AbstractDistribution) -> dict[str, torch.Tensor]:
    """Return what a file keeps of data that may be gone when it is opened; nothing where they are gone already."""
    try:
        excerpt = distribution.excerpt()
    except InvalidValueError:
        return {}
    return {name: torch.from_numpy(array.copy()) for name, array in excerpt.items()}


def load_or_stand_in(distribution: AbstractDistribution, plain: dict[str, torch.Tensor]) -> str:
    """Load the data, or show what a file kept of them; return why they cannot be loaded, or nothing."""
    try:
        distribution.load()
    except InvalidValueError as error:
        distribution.stand_in({name: tensor.numpy() for name, tensor in plain.items()})
        return str(error)
    return ""


def _config_of_saved_run(plain: dict[str, Any]) -> RunConfig:
    """Make the configuration of a run in a file, with what was true of its data before there was a field for it."""
    data = plain["distribution"]
    earlier = DISTRIBUTIONS[data["kind"]].earlier
    return config_from_plain({**plain, "distribution": {**earlier, **data}})


def frame_to_plain(frame: Frame) -> dict[str, Any]:
    """Return a frame as tensors and plain values."""
    scores = frame["scores"]
    return {
        **frame,
        "config": json.dumps(frame["config"].to_plain()),
        "lanes": [[status.diverged_at, status.cause] for status in frame["lanes"]],
        "tensors": {name: tensor.cpu() for name, tensor in frame["tensors"].items()},
        "scores": None if scores is None else torch.from_numpy(scores.copy()),
        "marks": None if frame["marks"] is None else _marks_to_plain(frame["marks"]),
        "ahead": {name: tensor.cpu() for name, tensor in frame["ahead"].items()},
    }


def frame_from_plain(plain: dict[str, Any]) -> Frame:
    """Return the frame; raise ValueError where it does not fit its own configuration."""
    try:
        config = _usable_here(_config_of_saved_run(json.loads(plain["config"])))
        scores = plain["scores"]
        frame: Frame = {
            "step": int(plain["step"]),
            "config": config,
            "lanes": tuple(_lane_status(at, cause) for at, cause in plain["lanes"]),
            "tensors": dict(plain["tensors"]),
            "counts": {name: [int(n) for n in counts] for name, counts in plain["counts"].items()},
            "streams": plain["streams"],
            "scores": scores,
            "marks": None if plain.get("marks") is None else _marks_from_plain(plain["marks"], config),
            "ahead": dict(plain.get("ahead", {})),
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a part of the run's state is missing or of the wrong kind ({error})") from error
    if len(frame["lanes"]) != config.n_rows or frame["step"] < 0:
        raise ValueError("the state of the lanes does not fit the configuration")
    drop_unused_slots(frame["tensors"], config)
    check_fits(config, frame["tensors"], frame["counts"])
    check_streams(config, frame["streams"])
    if scores is not None:
        check_tensor("scores", scores, (config.n_rows, 2 * config.training.n_scores), torch.float32)
        frame["scores"] = scores.numpy().copy()
    if frame["ahead"]:
        frame["ahead"] = _checked_ahead(frame["ahead"], config, frame["tensors"]["generator"].dtype)
    return frame


def _checked_ahead(ahead: dict[str, Any], config: RunConfig, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """Return what an update of D since the step has left behind; penalties that are not known here are left out."""
    needed: dict[str, tuple[int, ...]] = {
        "d_scores": (config.n_rows, 2 * config.training.n_scores),
        "d_norms": (config.n_rows,),
        "penalties": (config.n_rows,),
    }
    known = needed | dict.fromkeys(PENALTY_COLUMNS.values(), (config.n_rows,))
    if not needed.keys() <= ahead.keys() or not all(isinstance(one, torch.Tensor) for one in ahead.values()):
        raise ValueError("what D's last update left behind is not complete")
    kept = {name: tensor for name, tensor in ahead.items() if name in known}
    for name, tensor in kept.items():
        check_tensor(name, tensor, known[name], dtype)
    return kept


def _lane_status(diverged_at: Any, cause: Any) -> LaneStatus:
    if diverged_at is not None and (type(diverged_at) is not int or diverged_at < 1):
        raise ValueError("a lane cannot have diverged at such a step")
    if not isinstance(cause, str):
        raise ValueError("a lane cannot have diverged by such a cause")
    return LaneStatus(diverged_at, cause)


def _usable_here(config: RunConfig) -> RunConfig:
    """Return a saved configuration with ``auto`` for a GPU that this machine lacks, so that its run can be opened."""
    if config.training.device != "cuda" or torch.cuda.is_available():
        return config
    return dataclasses.replace(config, training=dataclasses.replace(config.training, device="auto"))


def frame_to(device: str, frame: Frame) -> Frame:
    """Return a frame with its tensors on ``device``."""
    return {**frame, "tensors": {name: tensor.to(device) for name, tensor in frame["tensors"].items()}}


def state_to_plain(now: Frame, keyframes: Keyframes, history: History) -> dict[str, Any]:
    """Return everything of a run as tensors and plain values."""
    return {
        "now": frame_to_plain(now),
        "keyframes": [frame_to_plain(frame) for frame in keyframes.frames()],
        "interval": keyframes.interval,
        "history": history_to_plain(history),
        "data": excerpt_to_plain(now["config"].distribution),
    }


def keyframes_from_plain(plain: dict[str, Any], now: Frame, past: History, device: str) -> Keyframes:
    """Return the keyframes of a run that is at ``now``; raise ValueError where one does not fit."""
    keyframes = Keyframes(frame_bytes(now["tensors"]))
    keyframes.interval = plain["interval"]
    keyframes.follow(past.marks)
    if len(plain["keyframes"]) > MOST_FILED_FRAMES:
        raise ValueError("it has more keyframes than any run")
    frames = [frame_from_plain(kept) for kept in plain["keyframes"]]
    if keyframes.interval < 1 or any(frame["step"] > now["step"] for frame in frames):
        raise ValueError("the keyframes do not fit the run")
    for frame in frames:
        keyframes.add(frame_to(device, frame))
    return keyframes


def history_to_plain(history: History) -> dict[str, Any]:
    """Return marks as plain values and all rows as blocks ``[k, columns]``, each lane's in order."""
    history = history.frozen()
    return {
        "columns": list(COLUMNS),
        "lanes": [
            [torch.from_numpy(values) for _, values in history.rows(lane)] for lane in range(history.n_lanes)
        ],
        "marks": _marks_to_plain(history.marks),
        "measured": measurements_to_plain(history.measured),
    }


def history_from_plain(plain: dict[str, Any], frame: Frame) -> History:
    """Return the history of a run that is at ``frame``; raise ValueError where it is not complete."""
    lanes, statuses = plain["lanes"], frame["lanes"]
    columns = _checked_columns(plain["columns"])
    if len(lanes) != len(statuses):
        raise ValueError("the history has other lanes than the run")
    stops = [frame["step"] if at.diverged_at is None else at.diverged_at - 1 for at in statuses]
    ends = [min(frame["step"], stop) for stop in stops]
    for blocks, end in zip(lanes, ends, strict=True):
        _check_blocks(blocks, end, len(columns))
    marks = _marks_from_plain(plain["marks"], frame["config"])
    check_table(frame["step"] * len(lanes), len(COLUMNS))
    history = History.from_blocks(
        [_rows(blocks, columns) for blocks in lanes], frame["config"].training.seeds
    )
    history.marks, history.measured = list(marks), measurements_from_plain(plain.get("measured"), ends)
    return history


def _marks_to_plain(marks: Iterable[ChangeMark]) -> list[list[Any]]:
    return [[mark.step, mark.lane, mark.label, mark.breaks] for mark in marks]


def _marks_from_plain(plain: Any, config: RunConfig) -> tuple[ChangeMark, ...]:
    if len(plain) > MOST_MARKS:
        raise ValueError("it has more marks of changes than any run")
    marks = tuple(_change_mark(*mark) for mark in plain)
    if any(mark.lane is not None and mark.lane not in range(len(config.lanes)) for mark in marks):
        raise ValueError("a change mark belongs to a lane that is not there")
    return marks


def _change_mark(step: Any, lane: Any, label: Any, breaks: Any) -> ChangeMark:
    if type(step) is not int or not isinstance(label, str) or not isinstance(lane, int | None):
        raise ValueError("a mark of a change is none")
    return ChangeMark(step, lane, label, bool(breaks))


def notes_of(plain: dict[str, Any], frame: Frame, history: History, missing: str) -> tuple[str, ...]:
    """Return what a person should know of the state in a file that is read, one sentence each.

    Data that are others than those of the file are also marked in the history, at the step of the frame.
    """
    notes = []
    unknown = [name for name in plain["history"]["columns"] if name not in COLUMNS]
    if unknown:
        names = ", ".join(repr(name[:40]) for name in unknown[:5]) + (
            " and others" if len(unknown) > 5 else ""
        )
        notes.append(f"The file keeps values that this ganviz does not know; they were left out: {names}.")
    if missing:
        notes.append(f"{missing} {ONLY_SHOWN}")
    elif _are_other_data(frame["config"].distribution, plain.get("data", {})):
        notes.append(
            "The data have changed since this run was saved: where they are, there is other content now."
        )
        history.mark(ChangeMark(frame["step"], None, OTHER_DATA, breaks=False))
    return tuple(notes)


def _are_other_data(distribution: AbstractDistribution, kept: dict[str, torch.Tensor]) -> bool:
    now = distribution.excerpt()
    return any(not np.array_equal(array, kept[name].numpy()) for name, array in now.items() if name in kept)


def _checked_columns(columns: Any) -> list[str]:
    """Return the names of scalars in a file; raise ValueError where they are none."""
    if not isinstance(columns, list) or len(columns) > MOST_COLUMNS or len(set(columns)) != len(columns):
        raise ValueError("the history has no columns, too many or some twice")
    if not all(isinstance(name, str) for name in columns):
        raise ValueError("the history has columns without a name")
    return columns


def _rows(blocks: list[Any], columns: list[str]) -> list[NDArray[np.float64]]:
    """Return the rows of a lane with the columns of now: unknown ones are left out, missing ones are NaN.

    Before they had columns, G's updates were one a step, and a batch's total was "total". Blocks of now are not copied.
    """
    if tuple(columns) == COLUMNS:
        return [block.contiguous().numpy() for block in blocks]
    known = [(i, COLUMNS.index(name)) for i, name in enumerate(columns) if name in COLUMNS]
    if "batch_total" not in columns:
        known += [(i, COLUMNS.index("batch_total")) for i, name in enumerate(columns) if name == "total"]
    source, target = [i for i, _ in known], [j for _, j in known]
    tables, n_before = [], 0
    for block in blocks:
        table = np.full((len(block), len(COLUMNS)), np.nan)
        table[:, target] = block.numpy()[:, source]
        if "g_updates" not in columns:
            table[:, COLUMNS.index("g_updates")] = np.arange(n_before + 1, n_before + len(table) + 1)
        n_before += len(table)
        tables.append(table)
    return tables


def _check_blocks(blocks: list[Any], n_steps: int, n_columns: int) -> None:
    for block in blocks:
        n = min(CHUNK_ROWS, n_steps)
        check_tensor("history", block, (n, n_columns), torch.float64)
        n_steps -= n
    if n_steps:
        raise ValueError("the history is not complete")

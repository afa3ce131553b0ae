"""A run's whole state as values: frames, and their plain form for files."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import torch

from ganviz.data import DISTRIBUTIONS
from ganviz.data.base import AbstractDistribution
from ganviz.spec import InvalidValueError
from ganviz.training import refuge
from ganviz.training.columns import COLUMNS, METRICS, PENALTY_COLUMNS
from ganviz.training.config import RunConfig, config_from_plain
from ganviz.training.frames import frame_bytes
from ganviz.training.history import ChangeMark, History
from ganviz.training.history_files import (
    history_from_plain,
    history_to_plain,
    marks_from_plain,
    marks_to_plain,
)
from ganviz.training.keyframes import Frame, Keyframes
from ganviz.training.marks import OTHER_DATA
from ganviz.training.memory_need import check_memory
from ganviz.training.players import Tensors, check_fits, check_tensor, drop_unused_slots, known_names
from ganviz.training.snapshot import LaneStatus
from ganviz.training.stream_check import check_streams

ONLY_SHOWN = "This run can be shown and exported, but not trained without its data."
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
        "marks": None if frame["marks"] is None else marks_to_plain(frame["marks"]),
        "ahead": {name: tensor.cpu() for name, tensor in frame["ahead"].items()},
        "refuge": frame["refuge"] and _copy_to_plain(frame["refuge"]),
    }


def _copy_to_plain(frame: Frame) -> dict[str, Any]:
    """Return a frame that others may be made of, too: a file has each tensor for one use."""
    tensors = {name: tensor.clone() for name, tensor in frame["tensors"].items()}
    return frame_to_plain({**frame, "tensors": tensors})


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
            "marks": None if plain.get("marks") is None else marks_from_plain(plain["marks"], config),
            "ahead": dict(plain.get("ahead", {})),
            "refuge": frame_from_plain(plain["refuge"]) if plain.get("refuge") else None,
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a part of the run's state is missing or of the wrong kind ({error})") from error
    if len(frame["lanes"]) != config.n_rows or frame["step"] < 0:
        raise ValueError("the state of the lanes does not fit the configuration")
    drop_unused_slots(frame["tensors"], config)
    check_fits(config, frame["tensors"], frame["counts"])
    check_streams(config, frame["streams"])
    if frame["refuge"] and not _are_alike(frame["refuge"]["tensors"], frame["tensors"]):
        raise ValueError("what lanes that diverge go back to does not fit the run")
    if scores is not None:
        check_tensor("scores", scores, (config.n_rows, 2 * config.training.n_scores), torch.float32)
        frame["scores"] = scores.numpy().copy()
    if frame["ahead"]:
        frame["ahead"] = _checked_ahead(frame["ahead"], config, frame["tensors"]["generator"].dtype)
    return frame


def _are_alike(one: Tensors, other: Tensors) -> bool:
    return all(one[name].shape == other[name].shape for name in one.keys() & other.keys())


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
    tensors = {name: tensor.to(device) for name, tensor in frame["tensors"].items()}
    return {**frame, "tensors": tensors, "refuge": frame["refuge"] and frame_to(device, frame["refuge"])}


def present_to(device: str, frame: Frame, keyframes: Keyframes) -> Frame:
    """Return a run's present on ``device``; files of before have no refuge, the last of their keyframes serves."""
    if frame["refuge"] is None:
        refuge.made_of(frame, (keyframes.frames() or [{}])[-1])
    return frame_to(device, frame)


def present_from_plain(plain: dict[str, Any]) -> tuple[Frame, History, str]:
    """Return a run's present and history, and why its data cannot be loaded; ValueError where they do not fit."""
    frame = frame_from_plain(plain["now"])
    history = history_from_plain(plain["history"], frame)
    return frame, history, load_or_stand_in(frame["config"].distribution, plain.get("data", {}))


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


def notes_of(plain: dict[str, Any], frame: Frame, history: History, missing: str) -> tuple[str, ...]:
    """Return what a person should know of the state in a file that is read, one sentence each.

    Data that are others than those of the file are also marked in the history, at the step of the frame.
    """
    notes = []
    unknown = _unknown_names(plain)
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


def _unknown_names(plain: dict[str, Any]) -> list[str]:
    """Return what a file calls scalars, measurements and tensors of its present that this version does not know."""
    measured = plain["history"].get("measured") or {"columns": ()}
    found = [name for name in plain["history"]["columns"] if name not in COLUMNS]
    found += [str(name) for name in measured["columns"] if name not in METRICS]
    return [*found, *(str(name) for name in plain["now"]["tensors"] if name not in known_names())]


def _are_other_data(distribution: AbstractDistribution, kept: dict[str, torch.Tensor]) -> bool:
    now = distribution.excerpt()
    return any(not np.array_equal(array, kept[name].numpy()) for name, array in now.items() if name in kept)

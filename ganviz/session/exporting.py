"""What leaves a run as files: every step's scalars, samples, the configuration, a generator's weights, a summary."""

from __future__ import annotations

import csv
import dataclasses
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
from numpy.typing import NDArray

from ganviz import __version__
from ganviz.losses.presets import name_of
from ganviz.spec import InvalidValueError
from ganviz.training.atomic import atomic_path
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.config import RunConfig
from ganviz.training.history import History

if TYPE_CHECKING:
    from torch import nn

    from ganviz.training.probes.base import Subject
    from ganviz.training.trainer import Trainer

N_SAMPLES = 2500
ROWS_AT_ONCE = 128

MOMENTS = (
    "moments: d_loss with its parts and batch_total are of D's last batch, before its update; g_loss and total have "
    "L_G as G was trained, after it where players take turns; ganviz list columns tells the others"
)
"""What a table of a history says of its columns."""

_LAYER_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "Linear": ("in_features", "out_features"),
    "ConvTranspose2d": ("in_channels", "out_channels", "kernel_size", "stride", "padding"),
    "BatchNorm2d": ("num_features",),
    "LeakyReLU": ("negative_slope",),
    "ReLU": (),
    "Tanh": (),
    "Flatten": (),
    "Unflatten": ("dim", "unflattened_size"),
}


def settings_text(config: RunConfig) -> str:
    """Return the settings that an export carries, as one line of JSON."""
    return _settings_json(config)


def _settings_json(config: RunConfig, indent: int | None = None) -> str:
    """Return the settings as JSON that every encoding of text can hold: paths need not be text."""
    plain = {"ganviz": __version__, "config": config.to_plain()}
    text = json.dumps(plain, ensure_ascii=False, indent=indent)
    return text if _is_text(text) else json.dumps(plain, indent=indent)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_ending(path: Path, allowed: tuple[str, ...]) -> str:
    """Return a path's ending in lower case; raise InvalidValueError when it is not one of ``allowed``."""
    ending = path.suffix.lower()
    if ending not in allowed:
        raise InvalidValueError(f"{path.name!r} must end in {' or '.join(allowed)}.")
    return ending


def write_history(path: Path, trainer: Trainer) -> None:
    """Write every step of every lane, unsmoothed, with the change marks, as CSV or NPZ."""
    trainer.flush()
    write_rows(path, trainer.config, trainer.history)


def write_rows(
    path: Path, config: RunConfig, history: History, rest: Callable[[], None] | None = None
) -> None:
    """Write a history block by block; any thread may do so with a frozen one.

    The CSV has one row per lane and step, empty cells where metrics were not measured, and what is no data below them
    (see :func:`write_notes`); ``rest`` is called every few milliseconds, for texts are made with the interpreter's
    lock held. The NPZ has one array ``[steps, columns]`` a lane, and the metrics with their steps.
    """
    ending = check_ending(path, (".csv", ".npz"))
    with atomic_path(path) as temporary:
        if ending == ".npz":
            _write_tables(temporary, config, history)
            return
        with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(["lane", "label", "formulation", "seed", "step", *COLUMNS, *METRICS])
            for rows in _history_rows(config, history):
                writer.writerows(rows)
                if rest is not None:
                    rest()
            changes = (
                " ".join(
                    f"change after step {mark.step}, {_lane_words(config, mark.lane)}: {mark.label}".split()
                )
                for mark in history.marks
            )
            write_notes(text, settings_text(config), MOMENTS, *changes)


def write_notes(text: TextIO, *notes: str) -> None:
    """Write lines that start with ``#`` as a table's end.

    Readers that know such comments skip them there. At the top they would be the header to all that do not: to the csv
    module, to spreadsheets, and to NumPy, which takes names from a comment.
    """
    text.writelines(f"# {note}\n" for note in notes)


def _cell(words: str) -> str:
    """Return words for a cell: some readers take ``#`` for a comment's start even in quotes, so it becomes ``＃``."""
    return words.replace("#", "＃")


def _write_tables(path: Path, config: RunConfig, history: History) -> None:
    marks = json.dumps([[mark.step, mark.lane, mark.label] for mark in history.marks])
    settings = np.array(settings_text(config))
    measured: dict[str, Any] = {}
    for row in range(config.n_rows):
        name = row_name(config, row)
        measured[f"metric_steps_{name}"], measured[f"metrics_{name}"] = history.measured.table(row)
    seeds = np.array([config.seed_of(row) for row in range(config.training.seeds)])
    _write_arrays(
        path, columns=np.array(COLUMNS), metrics=np.array(METRICS), settings=settings,
        change_marks=np.array(marks), seeds=seeds, **measured,
    )  # fmt: skip
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for row in range(config.n_rows):
            shape = (history.n_rows(row), len(COLUMNS))
            header = {"descr": "<f8", "fortran_order": False, "shape": shape}
            with archive.open(f"lane_{row_name(config, row)}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array_header_1_0(file, header)
                for _, values in history.rows(row):
                    file.write(values.astype("<f8").tobytes())


def _write_arrays(path: Path, **arrays: Any) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def row_name(config: RunConfig, row: int) -> str:
    """Return what tells a row of a run in the name of an array or a file: its lane, and of several seeds its own."""
    lane, n_seeds = row // config.training.seeds, config.training.seeds
    return f"{lane}_seed_{config.seed_of(row)}" if n_seeds > 1 else str(lane)


def weight_files(config: RunConfig) -> dict[str, int]:
    """Return the name of the file of each row's weights, and the row."""
    return {f"generator_{row_name(config, row)}.safetensors": row for row in range(config.n_rows)}


def _lane_words(config: RunConfig, lane: int | None) -> str:
    return "all lanes" if lane is None else f"lane {lane} ({config.lane_title(lane)})"


def _history_rows(config: RunConfig, history: History) -> Iterator[list[list[Any]]]:
    for row in range(config.n_rows):
        start = row_words(config, row)
        at, rows_there = history.measured.table(row)
        measured, nothing = dict(zip(at.tolist(), rows_there.tolist(), strict=True)), [""] * len(METRICS)
        for steps, values in history.rows(row):
            for i in range(0, len(steps), ROWS_AT_ONCE):
                part = slice(i, i + ROWS_AT_ONCE)
                rows = zip(steps[part].tolist(), values[part].tolist(), strict=True)
                yield [[*start, step, *row, *measured.get(step, nothing)] for step, row in rows]


def row_words(config: RunConfig, row: int) -> list[Any]:
    """Return the cells that a row of a table begins with: lane, label, formulation and seed."""
    lane = row // config.training.seeds
    words = [_cell(config.lane_title(lane)), _cell(formulation_name(config, lane))]
    return [lane, *words, config.seed_of(row)]


def formulation_name(config: RunConfig, lane: int) -> str:
    """Return the key of a lane's formulation, or its title where it has no name of its own."""
    formulation = config.lanes[lane].formulation
    named = name_of(formulation)
    return named.key if named else formulation.title


def write_samples(path: Path, trainer: Trainer) -> None:
    """Write real and generated samples from fixed latents: NPZ of any kind, CSV of points in the plane."""
    ending = check_ending(path, (".csv", ".npz"))
    subject, config = trainer.subject(), trainer.config
    if ending == ".csv" and config.distribution.kind.name == "image":
        raise InvalidValueError("Images cannot be written as CSV; choose a file that ends in .npz.")
    latents = [one.latents(N_SAMPLES)[0].cpu().numpy() for one in subject.each_seed()]
    generated, real = generated_samples(subject, N_SAMPLES), subject.real(N_SAMPLES)
    seeds = [config.seed_of(row) for row in range(config.n_rows)]
    with atomic_path(path) as temporary:
        if ending == ".npz":
            _write_arrays(
                temporary, real=real, generated=generated, seeds=np.array(seeds),
                latents=latents[0] if len(latents) == 1 else np.stack(latents),
                lanes=np.array([config.row_title(row) for row in range(config.n_rows)]),
                step=np.array(trainer.step), settings=np.array(settings_text(config)),
            )  # fmt: skip
            return
        with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(["kind", "lane", "label", "seed", *("x", "y")[: config.distribution.n_numbers]])
            writer.writerows(["real", "", "", "", *point] for point in real.tolist())
            for row, points in enumerate(generated.tolist()):
                lane = row // config.training.seeds
                start = ["generated", lane, _cell(config.lane_title(lane)), seeds[row]]
                writer.writerows([*start, *point] for point in points)
            write_notes(text, settings_text(config), f"step {trainer.step}")


def generated_samples(subject: Subject, n: int) -> NDArray[np.float32]:
    """Return samples from each seed's fixed latents, ``[rows, n, *shape]``."""
    found = [one.generator(one.latents(n)).detach().cpu().numpy() for one in subject.each_seed()]
    return found[0] if len(found) == 1 else np.stack(found, axis=1).reshape(-1, *found[0].shape[1:])


def write_config(path: Path, config: RunConfig) -> None:
    """Write the configuration as JSON, which ``ganviz train --config`` accepts."""
    check_ending(path, (".json",))
    text = _settings_json(config, indent=2)
    with atomic_path(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def write_weights(path: Path, trainer: Trainer, row: int) -> None:
    """Write one row's shown generator as safetensors: that of a lane, and of several seeds of one.

    The metadata's "layers" is a JSON list of class names in ``torch.nn`` with the arguments to make each one by.
    """
    import safetensors.torch

    check_ending(path, (".safetensors",))
    config = trainer.config
    if not 0 <= row < config.n_rows:
        raise InvalidValueError(f"There is no lane {row}; lanes are 0 to {config.n_rows - 1}.")
    module = trainer.generator_module(row)
    tensors = {name: tensor.contiguous().float() for name, tensor in module.state_dict().items()}
    metadata = {
        "ganviz": __version__,
        "layers": json.dumps([[type(layer).__name__, _arguments(layer)] for layer in module]),
        "architecture": config.architecture.key,
        "latent_size": str(config.latents.size),
        "settings": settings_text(config),
        "lane": str(row // config.training.seeds),
        "seed": str(config.seed_of(row)),
        "step": str(trainer.step),
    }
    if (standardization := trainer.config.distribution.standardization) is not None:
        # For who wants the network alone: the last layer of the module is this map and nothing else.
        metadata["last_layer_undoes_standardization"] = json.dumps(dataclasses.asdict(standardization))
    payload = safetensors.torch.save(tensors, metadata)
    with atomic_path(path) as temporary:
        temporary.write_bytes(payload)


def _arguments(layer: nn.Module) -> dict[str, Any]:
    """Return the arguments that make a layer of this shape."""
    return {name: getattr(layer, name) for name in _LAYER_ARGUMENTS[type(layer).__name__]}

"""What leaves a run as files: every step's scalars, samples, the configuration, a generator's weights, a summary."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from ganviz import __version__
from ganviz.losses.presets import name_of
from ganviz.spec import InvalidValueError
from ganviz.training import measurements
from ganviz.training.atomic import atomic_path
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.config import RunConfig
from ganviz.training.history import History
from ganviz.training.probes.metrics import Metrics, MetricsProbe

if TYPE_CHECKING:
    from torch import nn

    from ganviz.training.trainer import Trainer

N_SAMPLES = 2500
ROWS_AT_ONCE = 128

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
_SUMMARY_LOSSES = (
    "d_loss", "g_loss", "d_real", "d_fake", "value", "g_saturating", "g_non_saturating", "total_non_saturating",
    "total_saturating",
)  # fmt: skip
_SUMMARY_METRICS = (
    "modes_hit", "n_modes", "quality_fraction", "reverse_kl", "sliced_wasserstein", "sliced_wasserstein_floor",
    "js_divergence", "modes_with_a_sample", "good_reverse_kl",
)  # fmt: skip


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
    (see :func:`_write_notes`); ``rest`` is called every few milliseconds, for texts are made with the interpreter's
    lock held. The NPZ has one array ``[steps, columns]`` a lane, and the metrics with their steps.
    """
    ending = check_ending(path, (".csv", ".npz"))
    with atomic_path(path) as temporary:
        if ending == ".npz":
            _write_tables(temporary, config, history)
            return
        with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(["lane", "label", "formulation", "step", *COLUMNS, *METRICS])
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
            _write_notes(text, settings_text(config), *changes)


def _write_notes(text: TextIO, *notes: str) -> None:
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
    for lane in range(history.n_lanes):
        measured[f"metric_steps_{lane}"], measured[f"metrics_{lane}"] = history.measured.table(lane)
    _write_arrays(
        path, columns=np.array(COLUMNS), metrics=np.array(METRICS), settings=settings,
        change_marks=np.array(marks), **measured,
    )  # fmt: skip
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for lane in range(history.n_lanes):
            shape = (history.n_rows(lane), len(COLUMNS))
            header = {"descr": "<f8", "fortran_order": False, "shape": shape}
            with archive.open(f"lane_{lane}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array_header_1_0(file, header)
                for _, values in history.rows(lane):
                    file.write(values.astype("<f8").tobytes())


def _write_arrays(path: Path, **arrays: Any) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def _lane_words(config: RunConfig, lane: int | None) -> str:
    return "all lanes" if lane is None else f"lane {lane} ({config.lane_title(lane)})"


def _history_rows(config: RunConfig, history: History) -> Iterator[list[list[Any]]]:
    for lane in range(history.n_lanes):
        start = [lane, _cell(config.lane_title(lane)), _cell(formulation_name(config, lane))]
        at, rows_there = history.measured.table(lane)
        measured, nothing = dict(zip(at.tolist(), rows_there.tolist(), strict=True)), [""] * len(METRICS)
        for steps, values in history.rows(lane):
            for i in range(0, len(steps), ROWS_AT_ONCE):
                part = slice(i, i + ROWS_AT_ONCE)
                rows = zip(steps[part].tolist(), values[part].tolist(), strict=True)
                yield [[*start, step, *row, *measured.get(step, nothing)] for step, row in rows]


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
    latents = subject.latents(N_SAMPLES)
    generated = subject.generator(latents).detach().cpu().numpy()
    real = subject.real(N_SAMPLES)
    with atomic_path(path) as temporary:
        if ending == ".npz":
            _write_arrays(
                temporary, real=real, generated=generated, latents=latents[0].cpu().numpy(),
                lanes=np.array([config.lane_title(lane) for lane in range(len(config.lanes))]),
                step=np.array(trainer.step), settings=np.array(settings_text(config)),
            )  # fmt: skip
            return
        with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(["kind", "lane", "label", "x", "y"])
            writer.writerows(["real", "", "", *point] for point in real.tolist())
            for lane, points in enumerate(generated.tolist()):
                label = _cell(config.lane_title(lane))
                writer.writerows(["generated", lane, label, *point] for point in points)
            _write_notes(text, settings_text(config), f"step {trainer.step}")


def write_config(path: Path, config: RunConfig) -> None:
    """Write the configuration as JSON, which ``ganviz train --config`` accepts."""
    check_ending(path, (".json",))
    text = _settings_json(config, indent=2)
    with atomic_path(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def write_weights(path: Path, trainer: Trainer, lane: int) -> None:
    """Write one lane's shown generator as safetensors.

    The metadata's "layers" is a JSON list of class names in ``torch.nn`` with the arguments to make each one by.
    """
    import safetensors.torch

    check_ending(path, (".safetensors",))
    if not 0 <= lane < len(trainer.config.lanes):
        raise InvalidValueError(f"There is no lane {lane}; lanes are 0 to {len(trainer.config.lanes) - 1}.")
    module = trainer.generator_module(lane)
    tensors = {name: tensor.contiguous().float() for name, tensor in module.state_dict().items()}
    metadata = {
        "ganviz": __version__,
        "layers": json.dumps([[type(layer).__name__, _arguments(layer)] for layer in module]),
        "architecture": trainer.config.architecture.key,
        "latent_size": str(trainer.config.latents.size),
        "settings": settings_text(trainer.config),
        "lane": str(lane),
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


def metrics_of(trainer: Trainer) -> Metrics:
    """Return the metrics of the run as it is."""
    return MetricsProbe().measure(trainer.subject())


def run_summary(trainer: Trainer, seconds: float, n_steps: int, files: list[Path]) -> dict[str, Any]:
    """Return what ``--json`` prints: one plain object; what has no meaning for the data is None."""
    trainer.flush()
    metrics, config = metrics_of(trainer), trainer.config
    return {
        "version": __version__,
        "data": config.distribution.key,
        "steps": trainer.step,
        "seconds": seconds,
        "steps_per_second": n_steps / seconds if seconds > 0 else None,
        "device": trainer.device,
        "step_method": trainer.step_method,
        "seed": config.training.seed,
        "lanes": [_lane_summary(trainer, metrics, lane) for lane in range(len(config.lanes))],
        "files": [str(path) for path in files],
    }


def _lane_summary(trainer: Trainer, metrics: Metrics, lane: int) -> dict[str, Any]:
    row = trainer.history.last_row(lane)
    status = trainer.lanes[lane]
    values = {name: getattr(metrics, name) for name in _SUMMARY_METRICS if name != "n_modes"}
    measured = {name: _finite(array[lane]) for name, array in values.items()}
    measured["n_modes"] = metrics.n_modes or None
    for name in ("modes_hit", "modes_with_a_sample"):
        if (count := measured[name]) is not None:
            measured[name] = int(count)
    return {
        "label": trainer.config.lane_title(lane),
        "formulation": formulation_name(trainer.config, lane),
        "state": "trained" if status.diverged_at is None else f"diverged at step {status.diverged_at}",
        "losses": {name: _finite(row[name]) for name in _SUMMARY_LOSSES},
        "scores": {name: _finite(row[name]) for name in ("real_mean", "fake_mean")},
        "metrics": {"n_samples": metrics.n, **{name: measured[name] for name in _SUMMARY_METRICS}},
        "metrics_over_time": _metrics_over_time(trainer.history, lane),
    }


def _metrics_over_time(history: History, lane: int) -> dict[str, int | list[float | None]]:
    """Return the steps at which the engine has measured, and what."""
    steps, values = history.measured.table(lane)
    columns = {name: [_finite(value) for value in values[:, i]] for i, name in enumerate(METRICS)}
    return {"n_samples": measurements.N_SAMPLES, "step": steps.tolist(), **columns}


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

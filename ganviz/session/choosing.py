"""Which run a few words ask for: a preset or a file, data, formulations, single settings."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from pathlib import Path

from ganviz.data import DISTRIBUTIONS
from ganviz.data.base import AbstractDistribution
from ganviz.data.idx_folder import idx_parts
from ganviz.data.image_folder import ImageFolder
from ganviz.data.mnist import MNIST
from ganviz.data.picture_files import picture_paths
from ganviz.data.points_file import PointsFile
from ganviz.losses.presets import named_formulation
from ganviz.session.data_change import with_data
from ganviz.session.run_presets import DEFAULT, FITTING, run_preset
from ganviz.session.settings import with_settings
from ganviz.session.settings_file import read_config
from ganviz.spec import InvalidValueError, quoted
from ganviz.spec.chosen_path import chosen_path
from ganviz.training.config import RunConfig

DEFAULT_STEPS = 4000
MOST_STEPS = 10**9


def checked_steps(steps: int, name: str = "--steps") -> int:
    """Return how many steps to make; raise InvalidValueError, with the name that they go by, where that cannot be."""
    if not 1 <= steps <= MOST_STEPS:
        raise InvalidValueError(f"{name} must be between 1 and {MOST_STEPS:,}, not {quoted(steps)}.")
    return steps


def chosen_run(
    *,
    preset: str | None = None,
    config: Path | None = None,
    data: str | None = None,
    formulations: Sequence[str] = (),
    seed: int | None = None,
    seeds: int | None = None,
    device: str | None = None,
    settings: Sequence[str] = (),
) -> tuple[RunConfig, int]:
    """Return a configuration and how many steps there are something to see of.

    Preset or file first, then data, formulations, seed, seeds, device, and single settings last. Data of another shape
    bring fitting networks, latents and rates along.

    Raises
    ------
    InvalidValueError
        When a word names nothing that there is.
    """
    if preset and config:
        raise InvalidValueError("Give --preset or --config, not both.")
    distribution = _distribution(data) if data else None
    found, steps = _base(preset, config, distribution)
    if distribution is not None:
        found = with_data(found, distribution)
    if formulations:
        first = found.lanes[0]
        lanes = tuple(
            dataclasses.replace(first, formulation=named_formulation(name), label="") for name in formulations
        )
        found = dataclasses.replace(found, lanes=lanes)
    assignments = [f"training.seed={seed}"] if seed is not None else []
    assignments += [f"training.seeds={seeds}"] if seeds is not None else []
    assignments += [f"training.device={device}"] if device else []
    found = with_settings(found, [*assignments, *settings])
    return dataclasses.replace(found, distribution=found.distribution.with_absolute_paths()), steps


def _base(
    preset: str | None, config: Path | None, data: AbstractDistribution | None
) -> tuple[RunConfig, int]:
    if config:
        return read_config(config), DEFAULT_STEPS
    key = preset or (DEFAULT if data is None else FITTING[data.kind.name])
    found = run_preset(key)
    return found.config, found.steps


def _distribution(text: str) -> AbstractDistribution:
    """Return the distribution of that key, the points of a CSV file, or the digits of a folder."""
    path = chosen_path(text)
    if text in DISTRIBUTIONS:
        return DISTRIBUTIONS[text]()
    if path.is_dir():
        return _images(path.absolute())
    if path.is_file():
        return PointsFile(path=str(path.absolute()))
    if path.exists():
        raise InvalidValueError(
            f"{text!r} is neither a file nor a folder; nothing is read from devices and pipes."
        )
    if path.suffix or path.name != text:
        raise InvalidValueError(
            f"There is no file or folder {text!r}; --data takes one of them, or one of {', '.join(DISTRIBUTIONS)}."
        )
    return DISTRIBUTIONS[text]()


def _images(folder: Path) -> AbstractDistribution:
    """Return the digits of a folder's IDX files; where it has pictures instead, these."""
    try:
        idx_parts(folder)
    except InvalidValueError:
        with contextlib.suppress(InvalidValueError):
            picture_paths(folder)
            return ImageFolder(path=str(folder))
    return MNIST(folder=str(folder))

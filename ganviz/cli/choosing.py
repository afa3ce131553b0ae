"""Which run the options of ``ganviz train`` ask for."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from ganviz.data import DISTRIBUTIONS
from ganviz.data.base import AbstractDistribution
from ganviz.data.mnist import MNIST
from ganviz.data.points_file import PointsFile
from ganviz.losses.presets import named_formulation
from ganviz.session.data_change import with_data
from ganviz.session.run_presets import DEFAULT, DIGITS, run_preset
from ganviz.session.settings import with_settings
from ganviz.session.settings_file import read_config
from ganviz.spec import InvalidValueError
from ganviz.training.config import RunConfig

DEFAULT_STEPS = 4000


def chosen_run(options: argparse.Namespace) -> tuple[RunConfig, int]:
    """Return configuration and number of steps.

    Preset or file first, then data, formulations, seed, device, and single settings last. Data of another shape
    bring fitting networks, latents and rates along.

    Raises
    ------
    InvalidValueError
        When an option names nothing that there is.
    """
    if options.preset and options.config:
        raise InvalidValueError("Give --preset or --config, not both.")
    data = _distribution(options.data) if options.data else None
    config, steps = _base(options, data)
    if data is not None:
        config = with_data(config, data)
    if options.formulation:
        first = config.lanes[0]
        lanes = tuple(
            dataclasses.replace(first, formulation=named_formulation(name), label="")
            for name in options.formulation
        )
        config = dataclasses.replace(config, lanes=lanes)
    assignments = [f"training.seed={options.seed}"] if options.seed is not None else []
    assignments += [f"training.device={options.device}"] if options.device else []
    config = with_settings(config, assignments + options.set)
    config = dataclasses.replace(config, distribution=config.distribution.with_absolute_paths())
    return config, positive_steps(options.steps if options.steps is not None else steps)


def _base(options: argparse.Namespace, data: AbstractDistribution | None) -> tuple[RunConfig, int]:
    if options.config:
        return read_config(options.config), DEFAULT_STEPS
    key = options.preset or (DIGITS if data is not None and data.kind.name == "image" else DEFAULT)
    preset = run_preset(key)
    return preset.config, preset.steps


def positive_steps(steps: int) -> int:
    """Return ``steps``; raise InvalidValueError unless it is at least 1."""
    if steps < 1:
        raise InvalidValueError(f"--steps must be at least 1, not {steps}.")
    return steps


def _distribution(text: str) -> AbstractDistribution:
    """Return the distribution of that key, the points of a CSV file, or the digits of a folder."""
    path = Path(text).expanduser()
    if text in DISTRIBUTIONS:
        return DISTRIBUTIONS[text]()
    if path.is_dir():
        return MNIST(folder=str(path.absolute()))
    if path.is_file():
        return PointsFile(path=str(path.absolute()))
    if path.suffix or path.name != text:
        raise InvalidValueError(
            f"There is no file or folder {text!r}; --data takes one of them, or one of {', '.join(DISTRIBUTIONS)}."
        )
    return DISTRIBUTIONS[text]()

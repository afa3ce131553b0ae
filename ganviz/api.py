"""ganviz in a program or a notebook: train a run, look at its numbers, go on, save and load it.

It is the engine that the window and the command line use: the same seed gives the same history. Neither Qt nor a second
process is involved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ganviz.session.choosing import checked_steps, chosen_run
from ganviz.session.exporting import generated_samples
from ganviz.session.saved_run import saved_run
from ganviz.session.scripting import script_of
from ganviz.session.summary import run_summary
from ganviz.session.sweeps.plan import Base, plan_of
from ganviz.session.sweeps.results import SweepResult
from ganviz.session.sweeps.running import run_sweep
from ganviz.session.sweeps.spec_file import USUAL_SEEDS, axes_of, settings_of
from ganviz.spec import InvalidValueError, UnknownKeyError
from ganviz.spec.chosen_path import chosen_path
from ganviz.training.checkpoint import load_checkpoint, save_checkpoint
from ganviz.training.columns import COLUMNS
from ganviz.training.config import RunConfig
from ganviz.training.trainer import Trainer

if TYPE_CHECKING:
    from torch import nn

STEPS_AT_ONCE = 512


def train(
    steps: int | None = None,
    formulation: str | tuple[str, ...] | list[str] = (),
    *,
    preset: str | None = None,
    data: str | None = None,
    seed: int | None = None,
    device: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Run:
    """Train a run without a window, and return it.

    Parameters
    ----------
    steps : int, optional
        Steps; those of the preset unless given.
    formulation : str or sequence of str
        Names as in ``ganviz list formulations``, or ``"custom: …"``; several are lanes beside each other.
    preset, data, seed, device :
        As the options of ``ganviz train``.
    settings : mapping
        Any setting by its path, as in ``ganviz list settings``: ``{"training.d_steps": 5}``.

    Returns
    -------
    Run

    Raises
    ------
    InvalidValueError
        With one sentence that names the value and what is allowed.

    Examples
    --------
    >>> run = train(20, "saturating", settings={"architecture.width": 8})
    >>> run.step, run.history["g_loss"].shape
    (20, (1, 20))
    """
    names = (formulation,) if isinstance(formulation, str) else tuple(formulation)
    assignments = [f"{path}={_text(value)}" for path, value in (settings or {}).items()]
    config, usual = chosen_run(
        preset=preset, data=data, formulations=names, seed=seed, device=device, settings=assignments
    )
    run = Run(Trainer(config))
    run.train(usual if steps is None else steps)
    return run


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def sweep(
    vary: Mapping[str, list[Any] | tuple[Any, ...]],
    out: str | Path,
    *,
    seeds: int = USUAL_SEEDS,
    steps: int | None = None,
    workers: int | None = None,
    resume: bool = False,
    formulation: str | None = None,
    preset: str | None = None,
    data: str | None = None,
    seed: int | None = None,
    device: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> SweepResult:
    """Train every combination of some settings over the same seeds, keep it in a folder, and return the figures.

    Parameters
    ----------
    vary : mapping
        The values of each setting that varies:
        ``{"formulation": ["saturating", "hinge"], "training.d_steps": [1, 5]}``.
    out : str or Path
        The folder; what is finished there is never done again.
    seeds : int
        How many, from ``seed`` on.
    workers : int, optional
        Processes, one a processor unless given; 0 trains in this one. A script that starts processes needs the guard
        ``if __name__ == "__main__":``.
    resume : bool
        Whether the folder may hold a part of this sweep.
    steps, formulation, preset, data, seed, device, settings :
        As for :func:`train`.

    Returns
    -------
    SweepResult

    Raises
    ------
    InvalidValueError
        With one sentence that names the value and what is allowed, before anything trains.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = sweep({"training.d_steps": [1, 2]}, folder, seeds=3, steps=20, workers=0)
    >>> found.values("sliced_wasserstein").shape  # [cells, seeds]
    (2, 3)
    >>> found.compare(0, 1, "sliced_wasserstein").n
    3
    """
    base = Base(
        preset=preset, data=data, formulation=formulation, seed=seed, device=device,
        settings=settings_of(settings or {}),
    )  # fmt: skip
    plan = plan_of(axes_of(vary), base, seeds, steps)
    return run_sweep(plan, chosen_path(out), resumes=resume, workers=workers)


def load(path: str | Path) -> Run:
    """Return the run in a checkpoint or its folder; raise InvalidValueError (or its kind) where there is none.

    Examples
    --------
    >>> import tempfile
    >>> run = train(20, "hinge", settings={"architecture.width": 8})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run.save(f"{folder}/hinge.ganviz")
    ...     again = load(f"{folder}/hinge.ganviz")
    >>> again
    <ganviz run: Hinge; step 20>
    """
    return Run(load_checkpoint(saved_run(chosen_path(path))))


class Run:
    """A run: one or several lanes of a generator and a discriminator, trained on the same batches.

    Parameters
    ----------
    trainer : Trainer
        Of the engine; :func:`train` and :func:`load` make it.

    Examples
    --------
    >>> run = train(20, ("saturating", "hinge"), settings={"architecture.width": 8})
    >>> run.train(10)
    >>> run.lanes, run.step
    (('Saturating', 'Hinge'), 30)
    >>> run.samples(100).shape  # [lanes, n, 2]
    (2, 100, 2)
    >>> import torch
    >>> run.generator(1)(torch.zeros(5, 2)).shape
    torch.Size([5, 2])
    >>> "nn.Linear" in run.script(1)
    True
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer

    def __repr__(self) -> str:
        """Return lanes and step."""
        return f"<ganviz run: {', '.join(self.lanes)}; step {self.step}>"

    @property
    def config(self) -> RunConfig:
        """Return the configuration, a frozen value."""
        return self._trainer.config

    @property
    def step(self) -> int:
        """Return how many steps were made."""
        return self._trainer.step

    @property
    def lanes(self) -> tuple[str, ...]:
        """Return the names of the lanes; where there are several seeds, each seed of a lane is one."""
        return tuple(self.config.row_title(row) for row in range(self.config.n_rows))

    @property
    def history(self) -> History:
        """Return every step's scalars by name, each an array ``[lanes, steps]``."""
        self._trainer.flush()
        tables = [self._trainer.history.table(lane) for lane in range(len(self.lanes))]
        return History(tables, self.step)

    def train(self, steps: int) -> None:
        """Make further steps; lanes that diverge stop, and their history ends there."""
        checked_steps(steps, "steps")
        self._trainer.check_trainable()
        end = self.step + steps
        while self.step < end and not self._trainer.is_finished:
            self._trainer.train(min(STEPS_AT_ONCE, end - self.step))

    def samples(self, n: int = 2500) -> NDArray[np.float32]:
        """Return generated samples from fixed latents, ``[lanes, n, *shape]``."""
        return generated_samples(self._trainer.subject(), n)

    def real_samples(self, n: int = 2500) -> NDArray[np.float32]:
        """Return real samples, ``[n, *shape]``, the same at every call."""
        return self._trainer.subject().real(n)

    def generator(self, lane: int = 0) -> nn.Sequential:
        """Return a lane's generator as an ordinary module, in evaluation mode and with weights of its own."""
        if not 0 <= lane < len(self.lanes):
            raise InvalidValueError(f"There is no lane {lane}; lanes are 0 to {len(self.lanes) - 1}.")
        return self._trainer.generator_module(lane).eval()

    def summary(self) -> dict[str, Any]:
        """Return losses and measures of every lane, as ``ganviz train --json`` prints them."""
        return run_summary(self._trainer, 0.0, 0, [])

    def script(self, lane: int = 0) -> str:
        """Return a lane as one Python file that needs PyTorch alone and has the same losses.

        Raises
        ------
        InvalidValueError
            When there is no such lane, or a choice has no form as a script.
        """
        return script_of(self._trainer, lane)

    def save(self, path: str | Path) -> None:
        """Write a checkpoint, atomically; the window and the command line open it."""
        save_checkpoint(chosen_path(path), self._trainer)


class History(Mapping[str, NDArray[np.float64]]):
    """Scalars by name, ``[lanes, steps]``: step i + 1 in column i, NaN where a lane has stopped or lacks the value."""

    def __init__(self, tables: list[NDArray[np.float64]], n_steps: int) -> None:
        self._tables, self._n_steps = tables, n_steps

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        if name not in COLUMNS:
            raise UnknownKeyError("scalar", name, list(COLUMNS))
        found = np.full((len(self._tables), self._n_steps), np.nan)
        for lane, table in enumerate(self._tables):
            found[lane, : len(table)] = table[:, COLUMNS.index(name)]
        return found

    def __contains__(self, name: object) -> bool:
        return name in COLUMNS

    def __iter__(self) -> Iterator[str]:
        return iter(COLUMNS)

    def __len__(self) -> int:
        return len(COLUMNS)

"""When the engine measures how good the samples are, whether anybody looks or not, and how that is kept in files.

Early at ever longer distances, then every so many steps, of fewer samples than a look takes: a schedule in steps, so
that equal runs have equal measurements.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ganviz.training.columns import METRICS
from ganviz.training.measurements import N_SAMPLES, Measurements, Steps, Values
from ganviz.training.players import check_tensor
from ganviz.training.probes.base import Subject
from ganviz.training.probes.metrics import MetricsProbe
from ganviz.training.scores import BLOCK_STEPS


def is_due(step: int, every: int) -> bool:
    """Return whether the metrics are measured at a step: 64, 128, 256 … and then each ``every`` steps; never at 0.

    The steps are multiples of 64, where scalars are computed anyhow: each is the first one at or after its multiple of
    ``every``.
    """
    if not every or not step or step % BLOCK_STEPS:
        return False
    if step < every:
        return step & (step - 1) == 0
    return step // every != (step - BLOCK_STEPS) // every


def measured(subject: Subject) -> Values:
    """Return the metrics of each lane, of each of its seeds, ``[rows, METRICS]``; NaN where one has no meaning."""
    found = [MetricsProbe(N_SAMPLES, with_live=False).measure(one) for one in subject.each_seed()]
    tables = [np.stack([getattr(one, name) for name in METRICS], axis=1) for one in found]
    return np.stack(tables, axis=1).reshape(-1, len(METRICS))


def measurements_to_plain(kept: Measurements) -> dict[str, Any]:
    """Return a table as names and tensors."""
    tables = [kept.table(lane) for lane in range(kept.n_lanes)]
    return {
        "columns": list(METRICS),
        "lanes": [[torch.from_numpy(steps), torch.from_numpy(values)] for steps, values in tables],
    }


def measurements_from_plain(plain: dict[str, Any] | None, n_steps: list[int]) -> Measurements:
    """Return the table of lanes that have made ``n_steps``; raise ValueError where that is not what it is.

    Files of before have none. Unknown columns are left out, missing ones are NaN.
    """
    if plain is None:
        return Measurements(len(n_steps))
    columns, lanes = plain["columns"], plain["lanes"]
    if not isinstance(columns, list) or len(set(columns)) != len(columns) or len(lanes) != len(n_steps):
        raise ValueError("the measurements do not fit the run")
    return Measurements.from_tables(
        _table(steps, values, columns, last) for (steps, values), last in zip(lanes, n_steps, strict=True)
    )


def _table(steps: Any, values: Any, columns: list[Any], last: int) -> tuple[Steps, Values]:
    check_tensor("measured steps", steps, (len(steps),), torch.int64)
    check_tensor("measurements", values, (len(steps), len(columns)), torch.float64)
    at, found = steps.numpy(), np.full((len(steps), len(METRICS)), np.nan)
    if len(at) and not (at[0] >= 1 and at[-1] <= last and (np.diff(at) > 0).all()):
        raise ValueError("the measurements are of steps that the run has not made")
    for i, name in enumerate(columns):
        if name in METRICS:
            found[:, METRICS.index(name)] = values[:, i].numpy()
    return at, found

"""Makes the small pictures of experiments by playing them.

What a picture is made of follows from the experiment: samples where its first view shows them and a claim speaks of
them, and else the curves that its claims speak of.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from ganviz.session.claims import DIVERGED_AT, LAST_STEP
from ganviz.session.experiment_pictures import LEVELS, N_PLACES, Curve, Pane, Picture, set_up_of
from ganviz.session.experimenting import played_stages
from ganviz.session.experiments import Experiment
from ganviz.session.view_names import VIEW_OF_KIND
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.training.trainer import Trainer

N_SAMPLES = {"plane": 120, "line": 400, "image": 6}
MOST_PANES = 3
DIGITS = 4
"""Digits that numbers are kept with."""


def written(picture: Picture) -> str:
    """Return a picture as a file has it, a line for each pane and curve."""
    plain = {name: value for name, value in asdict(picture).items() if name in ("of", "seconds", "kind")}
    lines = [f'  "{name}": {json.dumps(value)},\n' for name, value in plain.items()]
    for name, last in (("panes", ","), ("curves", "")):
        rows = ",\n".join(f"    {json.dumps(asdict(row))}" for row in getattr(picture, name))
        lines.append(f'  "{name}": [\n{rows}\n  ]{last}\n' if rows else f'  "{name}": []{last}\n')
    return f"{{\n{''.join(lines)}}}\n"


def made_picture(one: Experiment) -> Picture:
    """Play an experiment with its own seed and return its picture."""
    kind = one.config.distribution.kind.name
    wanted = list(_columns(one))
    has_panes = one.views[0] == VIEW_OF_KIND[kind] and any(
        claim.quantity in METRICS for stage in one.stages for claim in stage.claims
    )
    start = time.process_time()
    trainers = list(dict.fromkeys(trainer for trainer, _, _ in played_stages(one)))
    seconds = _number(time.process_time() - start)
    if has_panes:
        panes = [pane for trainer in trainers for pane in _panes(trainer, N_SAMPLES[kind])]
        return Picture(set_up_of(one.key), seconds, kind, panes[-MOST_PANES:], [])
    last = trainers[-1]
    curves = [Curve(name, lane, _curve(last, lane, name, minus)) for name, minus, lane in wanted]
    return Picture(set_up_of(one.key), seconds, kind, [], curves)


def _columns(one: Experiment) -> Iterator[tuple[str, str | None, int]]:
    """Yield what claims speak of, once each: those of one unit, and a lane that is to stop with all that is claimed."""
    claims = [claim for stage in one.stages for claim in stage.claims]
    known = {(claim.quantity, claim.minus, claim.lane): None for claim in claims if claim.quantity in COLUMNS}
    for stopping in (claim for claim in claims if claim.quantity in (LAST_STEP, DIVERGED_AT)):
        known |= {(name, minus, stopping.lane): None for name, minus, _ in known}
    is_probability = [name.endswith("probability") for name, _, _ in known]
    for place, entry in enumerate(known):
        if is_probability[place] == is_probability[0]:
            yield entry


def _curve(trainer: Trainer, lane: int, name: str, minus: str | None) -> list[float | None]:
    trainer.flush()
    table = trainer.history.table(lane)
    values = table[:, COLUMNS.index(name)] - (0.0 if minus is None else table[:, COLUMNS.index(minus)])
    edges = np.linspace(0, trainer.step, N_PLACES + 1).round().astype(int)
    parts = (values[first:end] for first, end in itertools.pairwise(edges))
    return [_number(part.mean()) if len(part) and np.isfinite(part).all() else None for part in parts]


def _panes(trainer: Trainer, n: int) -> Iterator[Pane]:
    found: Samples = SamplesProbe(n).measure(trainer.subject())
    real = [] if found.real.ndim == 4 else _listed(found.real)  # everybody knows what digits look like
    for generated in found.generated:
        yield Pane(real, _listed(generated))


def _listed(samples: NDArray[np.floating]) -> list[object]:
    if samples.ndim == 4:
        levels = np.clip((samples[:, 0] + 1) / 2 * (len(LEVELS) - 1), 0, len(LEVELS) - 1).round().astype(int)
        return [["".join(LEVELS[level] for level in row) for row in image.tolist()] for image in levels]
    if samples.shape[1] == 1:
        return [_number(x) for x in samples[:, 0].tolist()]
    return [[_number(x) for x in point] for point in samples.tolist()]


def _number(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")

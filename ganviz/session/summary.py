"""What a run has come to, as one plain object: each lane, its seeds, and lanes compared seed by seed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganviz import __version__
from ganviz.session.exporting import formulation_name
from ganviz.spec import finite
from ganviz.training import measurements
from ganviz.training.columns import METRICS
from ganviz.training.paired import compare
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.seed_bands import BAND, Values, quantiles

if TYPE_CHECKING:
    from ganviz.training.history import History
    from ganviz.training.trainer import Trainer

_LOSSES = ("d_loss", "g_loss")
_OF_LOGITS = (
    "d_real", "d_fake", "value", "g_saturating", "g_non_saturating", "total_non_saturating",
    "total_saturating",
)  # fmt: skip
_SCORES = ("real_mean", "fake_mean")
_METRICS = (
    "modes_hit", "n_modes", "quality_fraction", "reverse_kl", "sliced_wasserstein", "sliced_wasserstein_floor",
    "js_divergence", "modes_with_a_sample", "good_reverse_kl",
)  # fmt: skip
_KINDS = ("losses", "scores", "metrics")

Plain = dict[str, Any]


def metrics_of(trainer: Trainer) -> list[Metrics]:
    """Return the metrics of the run as it is, of each seed."""
    return [MetricsProbe().measure(subject) for subject in trainer.subject().each_seed()]


def run_summary(trainer: Trainer, seconds: float, n_steps: int, files: list[Path]) -> Plain:
    """Return what ``--json`` prints; what has no meaning for the data is None.

    Of several seeds, a lane's figures are medians; each seed's, their 5 and 95 % quantiles, and the comparison of
    further lanes with the first one by equal seeds, stand beside them.
    """
    trainer.flush()
    config, n = trainer.config, trainer.config.training.seeds
    metrics = metrics_of(trainer)
    rows = [_row_summary(trainer, metrics[row % n], row) for row in range(config.n_rows)]
    lanes = rows if n == 1 else [_lane_summary(rows[i : i + n]) for i in range(0, len(rows), n)]
    return {
        "version": __version__,
        "data": config.distribution.key,
        "data_file": config.distribution.file_of(config.distribution.to_plain()) or None,
        "steps": trainer.step,
        "seconds": seconds,
        "steps_per_second": n_steps / seconds if seconds > 0 else None,
        "device": trainer.device,
        "step_method": trainer.step_method,
        "seed": config.training.seed,
        **({"seeds": n, "comparisons": _comparisons(lanes)} if n > 1 else {}),
        "lanes": lanes,
        "files": [str(path) for path in files],
    }


def _row_summary(trainer: Trainer, metrics: Metrics, row: int) -> Plain:
    """Return the figures of one lane, of one of its seeds where there are several.

    Cross-entropies belong to scores that are logits; what others would give, read as such, stands apart.
    """
    config, last, status = trainer.config, trainer.history.last_row(row), trainer.lanes[row]
    lane = row // config.training.seeds
    score_kind = config.lanes[lane].formulation.loss.score_kind
    of_logits = {name: finite(last[name]) for name in _OF_LOGITS}
    is_read = score_kind not in ("logit", "none")
    values = {name: getattr(metrics, name) for name in _METRICS if name != "n_modes"}
    measured = {name: finite(array[lane]) for name, array in values.items()}
    measured["n_modes"] = metrics.n_modes or None
    for name in ("modes_hit", "modes_with_a_sample"):
        if (count := measured[name]) is not None:
            measured[name] = int(count)
    return {
        "label": config.lane_title(lane),
        "formulation": formulation_name(config, lane),
        **({"seed": config.seed_of(row)} if config.training.seeds > 1 else {}),
        "state": "trained" if status.diverged_at is None else f"diverged at step {status.diverged_at}",
        "losses": {
            **{name: finite(last[name]) for name in _LOSSES},
            **(dict.fromkeys(_OF_LOGITS) if is_read else of_logits),
        },
        **({"read_as_logits": of_logits} if is_read else {}),
        "scores": {name: finite(last[name]) for name in _SCORES},
        "metrics": {"n_samples": metrics.n, **{name: measured[name] for name in _METRICS}},
        "metrics_over_time": _metrics_over_time(trainer.history, row),
    }


def _metrics_over_time(history: History, row: int) -> dict[str, int | list[float | None]]:
    """Return the steps at which the engine has measured, and what."""
    steps, values = history.measured.table(row)
    columns = {name: [finite(value) for value in values[:, i]] for i, name in enumerate(METRICS)}
    return {"n_samples": measurements.N_SAMPLES, "step": steps.tolist(), **columns}


def _lane_summary(seeds: list[Plain]) -> Plain:
    n_diverged = sum(seed["state"] != "trained" for seed in seeds)
    state = "trained" if not n_diverged else f"{n_diverged} of {len(seeds)} seeds diverged"
    first = seeds[0]
    return {
        **{name: first[name] for name in ("label", "formulation")},
        "state": state,
        **{kind: _of_each(seeds, kind, 0.5) for kind in _KINDS},
        "low": {kind: _of_each(seeds, kind, BAND[0]) for kind in _KINDS},
        "high": {kind: _of_each(seeds, kind, BAND[1]) for kind in _KINDS},
        "seeds": [
            {name: value for name, value in seed.items() if name not in ("label", "formulation")}
            for seed in seeds
        ],
    }


def _of_each(seeds: list[Plain], kind: str, share: float) -> Plain:
    """Return a quantile over seeds of every figure of a kind."""
    return {
        name: finite(float(quantiles(_values(seeds, kind, name)[None], (share,))[0][0]))
        for name in seeds[0][kind]
    }


def _values(seeds: list[Plain], kind: str, name: str) -> Values:
    return np.array([np.nan if seed[kind][name] is None else seed[kind][name] for seed in seeds], np.float64)


def _comparisons(lanes: list[Plain]) -> list[Plain]:
    """Return how each further lane differs from the first one, figure by figure, by equal seeds."""
    return [
        {"first": 0, "second": number, "figures": _differences(lanes[0]["seeds"], lane["seeds"])}
        for number, lane in enumerate(lanes[1:], 1)
    ]


def _differences(first: list[Plain], second: list[Plain]) -> Plain:
    figures = {}
    for kind in ("losses", "metrics"):
        for name in first[0][kind]:
            found = compare(_values(first, kind, name), _values(second, kind, name))
            if found.n:
                figures[name] = found.plain
    return figures

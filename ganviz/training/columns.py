"""The names of the scalars that the history keeps of every step."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ganviz.losses.penalties import PENALTIES
from ganviz.training.progress import PROGRESS

PENALTY_COLUMNS: Mapping[str, str] = MappingProxyType({key: f"penalty_{key}" for key in PENALTIES})
"""The column of each kind of penalty, by its key."""

COLUMNS: tuple[str, ...] = (
    # the trained formulation, means over the batch, not halved; NaN parts where a loss is not pointwise
    "d_loss", "g_loss", "total", "d_loss_real", "d_loss_fake", "penalty",
    # L_D + L_G of one batch, D's last, as the ledger adds them; "total" has L_G as G was trained, after D's update
    "batch_total",
    # what the article derives, from the scores of the last discriminator update, whatever is trained
    "d_real", "d_fake", "value", "g_saturating", "g_non_saturating", "total_saturating", "total_non_saturating",
    # raw scores, and σ(score)
    "real_mean", "fake_mean", "real_probability", "fake_probability",
    "real_q10", "real_q50", "real_q90", "fake_q10", "fake_q50", "fake_q90",
    # Euclidean norms of the gradients that the optimizers were given
    "d_grad_norm", "g_grad_norm",
    # since the run began, with this step; NaN in runs that an earlier version has begun
    *PROGRESS,
    # each kind of penalty by itself, weighted; NaN where a lane has none or its interval leaves it out; "penalty" is
    # what was added to the objective, interval times the term where it counts
    *PENALTY_COLUMNS.values(),
)  # fmt: skip

PROGRESS_PLACES = tuple(COLUMNS.index(name) for name in PROGRESS)

METRICS = (
    "modes_hit", "modes_with_a_sample", "quality_fraction", "reverse_kl", "good_reverse_kl", "sliced_wasserstein",
    "js_divergence",
)  # fmt: skip
"""What the history keeps of some steps only: how good the samples are, as ``probes.metrics.Metrics`` defines it."""

TRAINED = (
    "d_loss", "g_loss", "total", "batch_total", "d_loss_real", "d_loss_fake", "penalty", *PENALTY_COLUMNS.values(),
)  # fmt: skip
"""Columns that mean something else under another formulation."""

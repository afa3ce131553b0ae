"""What figures are called where people read them: in charts of metrics, claims, sweeps and reports."""

from __future__ import annotations

import math
from types import MappingProxyType

TITLES = MappingProxyType(
    {
        "d_loss": "L_D", "g_loss": "L_G", "d_real": "L_D, real part", "d_fake": "L_D, generated part", "value": "V",
        "total": "Total, G after D’s update", "batch_total": "Total of one batch",
        "g_saturating": "L_G saturating", "g_non_saturating": "L_G non-saturating",
        "total_saturating": "Total, saturating", "total_non_saturating": "Total, non-saturating",
        "real_mean": "Mean score, real", "fake_mean": "Mean score, generated",
        "n_samples": "Samples measured", "modes_hit": "Modes hit", "n_modes": "Modes of the data",
        "modes_with_a_sample": "Modes with a sample",
        "quality_fraction": "High quality", "reverse_kl": "Reverse KL", "good_reverse_kl": "Reverse KL within 3σ",
        "sliced_wasserstein": "Sliced Wasserstein", "sliced_wasserstein_floor": "Sliced Wasserstein, floor",
        "js_divergence": "Jensen–Shannon",
    }
)  # fmt: skip


SHARES = frozenset({"quality_fraction"})
"""Figures that people read in percent; files and the command line have them as they are, from 0 to 1."""

COUNTS = frozenset({"modes_hit", "modes_with_a_sample"})

HIGHER_IS_BETTER = frozenset({"modes_hit", "modes_with_a_sample", "quality_fraction"})
LOWER_IS_BETTER = frozenset({"reverse_kl", "good_reverse_kl", "sliced_wasserstein", "js_divergence"})
"""Figures of the samples. Losses, scores and V tell how two players stand, and no value of them is better."""


def better_words(name: str) -> str:
    """Return which values of a figure are better."""
    if name in HIGHER_IS_BETTER:
        return "higher is better"
    return "lower is better" if name in LOWER_IS_BETTER else "neither higher nor lower is better"


def percent(name: str, value: object) -> str:
    """Return a share as people read it, "13.1 %"; nothing of other figures."""
    if name in SHARES and isinstance(value, int | float) and math.isfinite(value):
        return f"{100 * value:.1f} %"
    return ""


def figure_words(name: str, value: float) -> str:
    """Return a figure's value in pages: a share in percent, else four digits, after "−" where it is below 0."""
    return percent(name, value) or f"{value:.4g}".replace("-", "−")


def figure_title(name: str) -> str:
    """Return what a figure is called; one without a title of its own as it is written in files."""
    return TITLES.get(name, name)

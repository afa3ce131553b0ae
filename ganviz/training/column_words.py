"""What each column of a history is, in one sentence: of which scores it is made, and at which moment of a step."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ganviz.losses.penalties import PENALTIES
from ganviz.training.columns import PENALTY_COLUMNS

_BEFORE = "in D's last update of the step, by the D before it"
_PAPERS = f"{_BEFORE}, whatever is trained"
_SAMPLES = (("real", "real"), ("fake", "generated"))

COLUMN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "d_loss": f"L_D with its penalties, {_BEFORE}.",
        "g_loss": "L_G in G's last update of the step, on its own latents; D has moved by then if players take turns.",
        "total": "d_loss + g_loss, of two moments: L_D before D's update, L_G as G was trained.",
        "d_loss_real": f"What real samples add to L_D, {_BEFORE}; nan for losses of pairs.",
        "d_loss_fake": f"What generated samples add to L_D, {_BEFORE}; nan for losses of pairs.",
        "penalty": f"What penalties added to L_D, {_BEFORE}.",
        "batch_total": "L_D + L_G of one moment and one batch, d_loss's own: the sum that charts show.",
        "d_real": f"-E log D(x), {_PAPERS}.",
        "d_fake": f"-E log(1 - D(G(z))), {_PAPERS}.",
        "value": f"V(D, G) = -(d_real + d_fake), {_PAPERS}.",
        "g_saturating": f"E log(1 - D(G(z))), {_PAPERS}.",
        "g_non_saturating": f"-E log D(G(z)), {_PAPERS}.",
        "total_saturating": "d_real + d_fake + g_saturating: G cancels, and d_real is left.",
        "total_non_saturating": "d_real + d_fake + g_non_saturating.",
        **{f"{key}_mean": f"Mean score of {of} samples, {_BEFORE}." for key, of in _SAMPLES},
        **{f"{key}_probability": f"Mean of D = σ(score) on {of} samples, {_BEFORE}." for key, of in _SAMPLES},
        **{
            f"{key}_q{share}": f"{share} % of {of} samples score below it, {_BEFORE}."
            for key, of in _SAMPLES
            for share in (10, 50, 90)
        },
        "d_grad_norm": "Euclidean norm of the gradient that D's optimizer was given last.",
        "g_grad_norm": "Euclidean norm of the gradient that G's optimizer was given last.",
        "d_updates": "Updates of D since the run began.",
        "samples_seen": "Real samples that D was trained on since the run began.",
        "seconds": "Seconds of training since the run began.",
        "g_updates": "Updates of G since the run began.",
        **{
            column: f"{PENALTIES[key].title}, weighted, {_BEFORE}; nan where its interval leaves that out."
            for key, column in PENALTY_COLUMNS.items()
        },
        "modes_hit": "Modes with a tenth of the high-quality samples that real ones have there, after the step.",
        "modes_with_a_sample": "Modes with a high-quality sample, as the literature counts, after the step.",
        "quality_fraction": "Share of samples within 3 standard deviations of a mode, after the step.",
        "reverse_kl": "KL of the samples' shares of modes from the true ones, in nats, after the step.",
        "good_reverse_kl": "The same of high-quality samples alone.",
        "sliced_wasserstein": "Sliced Wasserstein-1 distance to real samples, as networks learn both, after the step.",
        "js_divergence": "Smoothed Jensen-Shannon divergence from the data, in nats, after the step.",
    }
)  # fmt: skip
"""By ``COLUMNS`` and ``METRICS``."""

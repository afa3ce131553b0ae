"""What the article on GAN optimisation derives, from one snapshot of scores, whatever loss is being trained.

With D = σ(t): V(D, G) = E log D(x) + E log(1 - D(G(z))) is what both players fight over; L_D = -V is what the
discriminator minimizes; the generator's loss is log(1 - D(G(z))) (saturating) or -log D(G(z)) (non-saturating). All
values come from the same weights and the same batch: only then does L_D + L_G(saturating) = -E log D(x) hold.

Source: Goodfellow et al. 2014 (arXiv 1406.2661), equation 1 and section 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GameValue:
    """Means over the batch (last axis), in nats, each with the leading axes of the scores.

    Attributes
    ----------
    d_real, d_fake : ndarray
        -E log D(x) and -E log(1 - D(G(z))), both in [0, ∞).
    value : ndarray
        V = -(d_real + d_fake), in (-∞, 0].
    g_saturating, g_non_saturating : ndarray
        E log(1 - D(G(z))) in (-∞, 0] and -E log D(G(z)) in [0, ∞).
    total_saturating, total_non_saturating : ndarray
        L_D plus either generator loss; the first equals ``d_real``: the generator has canceled out.
    """

    d_real: Array
    d_fake: Array
    value: Array
    g_saturating: Array
    g_non_saturating: Array
    total_saturating: Array
    total_non_saturating: Array


def game_value(real_scores: NDArray[np.floating], fake_scores: NDArray[np.floating]) -> GameValue:
    """Return the :class:`GameValue` of logits ``[…, batch]``, computed in float64.

    -log D = softplus(-t) and -log(1 - D) = softplus(t), and softplus(±t) = max(±t, 0) + ln(1 + e^-|t|): no overflow, no
    cancellation, and the last term is the same for both signs.
    """
    real = np.asarray(real_scores, dtype=np.float64)
    fake = np.asarray(fake_scores, dtype=np.float64)
    tail = _tail(fake)
    d_real = (_tail(real) - np.minimum(real, 0.0)).mean(-1)
    d_fake = (tail + np.maximum(fake, 0.0)).mean(-1)
    g_non_saturating = (tail - np.minimum(fake, 0.0)).mean(-1)
    d_loss = d_real + d_fake
    return GameValue(
        d_real=d_real,
        d_fake=d_fake,
        value=-d_loss,
        g_saturating=-d_fake,
        g_non_saturating=g_non_saturating,
        total_saturating=d_loss - d_fake,
        total_non_saturating=d_loss + g_non_saturating,
    )


def _tail(t: Array) -> Array:
    """Return ln(1 + e^-|t|) in float64."""
    result: Array = np.abs(t)
    np.negative(result, out=result)
    np.exp(result, out=result)
    np.log1p(result, out=result)
    return result

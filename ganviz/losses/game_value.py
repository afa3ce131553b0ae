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
    real_probability, fake_probability : ndarray
        E D(x) and E D(G(z)), in [0, 1].
    """

    d_real: Array
    d_fake: Array
    value: Array
    g_saturating: Array
    g_non_saturating: Array
    total_saturating: Array
    total_non_saturating: Array
    real_probability: Array
    fake_probability: Array


def game_value(real_scores: NDArray[np.floating], fake_scores: NDArray[np.floating]) -> GameValue:
    """Return the :class:`GameValue` of logits ``[…, batch]``, computed in float64.

    -log D = softplus(-t) and -log(1 - D) = softplus(t), and softplus(±t) = max(±t, 0) + ln(1 + e^-|t|): no overflow, no
    cancellation, and the last term is the same for both signs.
    """
    real = np.asarray(real_scores, dtype=np.float64, order="C")
    fake = np.asarray(fake_scores, dtype=np.float64, order="C")
    real_decay, decay = _decay(real), _decay(fake)
    tail = np.log1p(decay)
    d_real = row_means(np.log1p(real_decay) - np.minimum(real, 0.0))
    d_fake = row_means(tail + np.maximum(fake, 0.0))
    g_non_saturating = row_means(tail - np.minimum(fake, 0.0))
    d_loss = d_real + d_fake
    return GameValue(
        d_real=d_real,
        d_fake=d_fake,
        value=-d_loss,
        g_saturating=-d_fake,
        g_non_saturating=g_non_saturating,
        total_saturating=d_loss - d_fake,
        total_non_saturating=d_loss + g_non_saturating,
        real_probability=row_means(_probability(real, real_decay)),
        fake_probability=row_means(_probability(fake, decay)),
    )


def row_means(values: Array) -> Array:
    """Return means over the last axis: ``mean`` to the last bit, without the half of its time that is Python's."""
    means: Array = np.add.reduce(values, axis=-1) / values.shape[-1]
    return means


def _decay(t: Array) -> Array:
    """Return e^-|t|, from which all else is made."""
    result: Array = np.abs(t)
    np.negative(result, out=result)
    np.exp(result, out=result)
    return result


def _probability(t: Array, decay: Array) -> Array:
    """Return σ(t) = 1 / (1 + e^-t), where t is below 0 as e^t / (1 + e^t): small ones keep their digits."""
    result: Array = np.where(t < 0.0, decay, 1.0)
    result /= decay + 1.0
    return result

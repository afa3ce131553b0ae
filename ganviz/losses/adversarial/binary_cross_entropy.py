"""What the saturating and the non-saturating GAN share: a discriminator trained on binary cross-entropy.

With logit t and D = σ(t), L_D = E[-log D(x)] + E[-log(1 - D(G(z)))] = E softplus(-t_real) + E softplus(t_fake):
the sum of the two means, not halved. It is minimized by t* = ln(p_data / p_g), where it equals 2 ln 2 - 2 JSD.

With targets α for real samples and β for fake ones in place of 1 and 0 (label smoothing), D* = (α p + β q) / (p + q):
the game is over at D = (α + β) / 2. For α = 0.9 alone that is D = 0.45 and L_D = 1.376278. β > 0 lets D* rise where q
is far above p, so that G is encouraged in what is wrong.

Source: Goodfellow et al. 2014 (arXiv 1406.2661), equation 1 and Theorem 1; Salimans et al. 2016 (arXiv 1606.03498),
section 3.4.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ganviz.losses.adversarial.base import AbstractPointwiseLoss, Equilibrium
from ganviz.losses.adversarial.facts import Range
from ganviz.losses.elementary import sigmoid, softplus
from ganviz.spec import param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractBinaryCrossEntropyLoss(AbstractPointwiseLoss):
    """The discriminator's half; a final class adds the generator's."""

    family: ClassVar[str] = "Cross-entropy"
    score_kind: ClassVar[str] = "logit"
    is_nats: ClassVar[bool] = True
    d_formula: ClassVar[str] = "−E log D(x) − E log(1 − D(G(z)))"
    plain_divergence: ClassVar[str]
    """What the generator descends at the best D, where targets are 1 and 0."""
    gentle: ClassVar[tuple[str, ...]] = ("real_target", "fake_target")

    real_target: float = param(
        1.0,
        "Real target α",
        "D aims at it on real samples. Below 1 (0.9 is usual) D is less sure: a settled game ends at (α + β)/2.",
        low=0.5,
        high=1,
        open_low=True,
    )
    fake_target: float = param(
        0.0,
        "Fake target β",
        "The probability that D aims at on fake samples; above 0 G is encouraged where there are no data.",
        low=0,
        high=0.5,
    )

    @property
    def has_plain_targets(self) -> bool:
        """Return whether the targets are 1 and 0, so that L_D is -V."""
        return (self.real_target, self.fake_target) == (1, 0)

    @property
    def divergence(self) -> str:
        """Return what the generator descends at the best D; with smoothed labels it has no name."""
        return self.plain_divergence if self.has_plain_targets else ""

    @property
    def d_range(self) -> Range:
        """Return what L_D is at least: the targets' entropies, 0 for 1 and 0."""
        return Range(low=entropy(self.real_target) + entropy(self.fake_target))

    def on_real(self, scores: Tensor) -> Tensor:
        """Return -α log D - (1 - α) log(1 - D)."""
        return _cross_entropy(scores, self.real_target)

    def on_fake(self, scores: Tensor) -> Tensor:
        """Return -β log D - (1 - β) log(1 - D)."""
        return _cross_entropy(scores, self.fake_target)

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return D - α."""
        return _slope(scores, self.real_target)

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return D - β."""
        return _slope(scores, self.fake_target)

    def d_words(self) -> str:
        """Return the discriminator's objective with its targets."""
        real, fake = self.real_target, self.fake_target
        on_real = _term(real, "log D(x)") + _term(1 - real, "log(1 − D(x))")
        words = on_real + _term(fake, "log D(G(z))") + _term(1 - fake, "log(1 − D(G(z)))")
        return words.replace(" − ", "−", 1)

    def optimal_logit(self, log_ratio: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logit of D* = (α p + β q) / (p + q), which lies between those of β and α."""
        if self.has_plain_targets:
            return log_ratio
        with np.errstate(divide="ignore"):  # the logarithm of nothing, of which no target's share is left
            real, fake = np.log([self.real_target, self.fake_target])
            not_real, not_fake = np.log1p([-self.real_target, -self.fake_target])
        logit: NDArray[np.float64] = np.logaddexp(real + log_ratio, fake)
        logit -= np.logaddexp(not_real + log_ratio, not_fake)
        return logit

    def best_scores(self, log_ratio: Floats) -> Floats:
        """Return the logit of D*."""
        return self.optimal_logit(log_ratio)

    def equilibrium_score(self) -> float:
        """Return the logit of (α + β) / 2."""
        probability = 0.5 * (self.real_target + self.fake_target)
        return math.log(probability / (1 - probability))

    def equilibrium_with(self, g_loss: float) -> Equilibrium:
        """Return the equilibrium, at D = (α + β) / 2 everywhere, for a generator loss of ``g_loss``."""
        score = self.equilibrium_score()
        d_real, d_fake = (
            target * softplus_of(-score) + (1 - target) * softplus_of(score)
            for target in (self.real_target, self.fake_target)
        )
        return Equilibrium(d_real, d_fake, d_real + d_fake, g_loss, d_real + d_fake + g_loss, score)


def entropy(p: float) -> float:
    """Return -p ln p - (1 - p) ln(1 - p), in nats."""
    return 0.0 - sum(q * math.log(q) for q in (p, 1 - p) if q > 0)


def softplus_of(t: float) -> float:
    """Return ln(1 + e^t) of one number, without torch."""
    return max(t, 0.0) + math.log1p(math.exp(-abs(t)))


def _cross_entropy(scores: Tensor, target: float) -> Tensor:
    """Return -target log D - (1 - target) log(1 - D), element by element; both terms are at least 0."""
    if target == 1:
        return softplus(-scores)
    if target == 0:
        return softplus(scores)
    return target * softplus(-scores) + (1 - target) * softplus(scores)


def _slope(scores: Tensor, target: float) -> Tensor:
    """Return D - target as the sum of both terms' slopes: no digits cancel where D is close to 1."""
    if target == 1:
        return sigmoid(-scores, -1.0)
    if target == 0:
        return sigmoid(scores)
    return sigmoid(-scores, -target) + sigmoid(scores, 1 - target)


def _term(weight: float, logarithm: str) -> str:
    """Return " − weight E logarithm" as it stands in a formula; nothing where the weight is 0."""
    if weight == 0:
        return ""
    return f" − {'' if weight == 1 else f'{weight:.6g} '}E {logarithm}"

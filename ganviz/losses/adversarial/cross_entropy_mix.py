"""What the saturating loss, the non-saturating one and all mixes of them share.

L_G = -(1 - a) E softplus(t) + a E softplus(-t), where a is the share of the non-saturating loss. On a generated score,
L_D + L_G is (a + β) softplus(-t) + (a - β) softplus(t), with D's target β on fakes.

Source: Goodfellow et al. 2014 (arXiv 1406.2661), section 3.
"""

from __future__ import annotations

from typing import ClassVar

from ganviz.losses.adversarial.base import Equilibrium
from ganviz.losses.adversarial.binary_cross_entropy import (
    AbstractBinaryCrossEntropyLoss,
    entropy,
    softplus_of,
)
from ganviz.losses.adversarial.facts import ANY, AT_LEAST_0, AT_MOST_0, BestRanges, Range


class AbstractCrossEntropyMix(AbstractBinaryCrossEntropyLoss):
    """Ranges and equilibrium of a mix; a final class says its share, and adds G's loss and its slope."""

    __slots__ = ()

    share: ClassVar[float]
    """a, from 0 to 1."""
    plain_best_ranges: ClassVar[BestRanges | None] = None
    """Between which values the losses lie at the best D, where targets are 1 and 0."""

    @property
    def best_ranges(self) -> BestRanges | None:
        """Return them for plain targets."""
        return self.plain_best_ranges if self.has_plain_targets else None

    @property
    def g_range(self) -> Range:
        """Return one side of 0 for a loss that is not mixed, everything in between."""
        return {0.0: AT_MOST_0, 1.0: AT_LEAST_0}.get(self.share, ANY)

    @property
    def total_range(self) -> Range:
        """Return what L_D + L_G is at least: 2a ln 2, of D = ½ on fakes, for plain targets."""
        share = self.share
        if share < self.fake_target:
            return ANY
        fake = 2 * share * entropy(0.5 + 0.5 * self.fake_target / share) if share else 0.0
        return Range(low=entropy(self.real_target) + fake)

    @property
    def is_canceling(self) -> bool:
        """Return whether L_G is D's fake part with the sign turned."""
        return self.share == 0 == self.fake_target

    def equilibrium(self) -> Equilibrium:
        """Return L_D = 2 ln 2, L_G = (2a - 1) ln 2; other values with other targets."""
        score = self.equilibrium_score()
        return self.equilibrium_with((self.share - 1) * softplus_of(score) + self.share * softplus_of(-score))

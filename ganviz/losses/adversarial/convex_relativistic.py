"""What relativistic losses share whose function φ of a lead is convex and at least 0.

Pairs have L_D = E φ(t_real - t_fake) and L_G the same with the roles swapped; averages compare each score with the
other batch's mean, and have two such terms each. Both are at least 0. With equal scores every lead is 0: at equilibrium
each term is φ(0), while the common score is open. Their sum is at least that much: φ(u) + φ(-u) is at least 2 φ(0).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from ganviz.kernels.constants import exact_part, scaled
from ganviz.kernels.means import less_row_means
from ganviz.kernels.pairs import less_each_others_means, signs, turned
from ganviz.losses.adversarial.base import AbstractAdversarialLoss, AbstractAveragedLoss, AbstractPairedLoss
from ganviz.losses.adversarial.facts import AT_LEAST_0, Equilibrium, Range

if TYPE_CHECKING:
    from torch import Tensor

_ROLE = re.compile("<sub>([rf])</sub>")


def roles_swapped(markup: str) -> str:
    """Return a formula in which real and fake scores have changed places."""
    return _ROLE.sub(lambda found: f"<sub>{'f' if found[1] == 'r' else 'r'}</sub>", markup)


class AbstractConvexLoss(AbstractAdversarialLoss):
    """A loss of differences of scores, of which both objectives are means of φ of a lead."""

    __slots__ = ()

    at_rest: ClassVar[float]
    """φ(0)."""
    d_range: ClassVar[Range] = AT_LEAST_0
    g_range: ClassVar[Range] = AT_LEAST_0

    @property
    def g_formula(self) -> str:
        """Return the discriminator's objective with the roles swapped."""
        return roles_swapped(self.d_formula)


class AbstractConvexPairedLoss(AbstractConvexLoss, AbstractPairedLoss):
    """A paired loss of which both objectives are means of φ of a lead; a final class says φ as ``on_lead``."""

    __slots__ = ()

    @property
    def total_range(self) -> Range:
        """Return what L_D + L_G is at least: its value at equilibrium."""
        return Range(low=2 * self.at_rest)

    def on_generated_lead(self, differences: Tensor) -> Tensor:
        """Return φ of the generated sample's lead."""
        return self.on_lead(differences)

    def on_generated_lead_slope(self, differences: Tensor) -> Tensor:
        """Return the derivative of φ."""
        return self.on_lead_slope(differences)

    def d_slopes_of(self, both: Tensor, share: float = 1.0) -> tuple[Tensor, ...]:
        """Return :meth:`d_slopes`, multiplied before the sign is turned for the fake partner."""
        real, fake = both.unbind(-2)
        slope = scaled(self.on_lead_slope(real - fake), share)
        return slope, -slope

    def equilibrium(self) -> Equilibrium:
        """Return L_D = L_G = φ(0)."""
        return Equilibrium(None, None, self.at_rest, self.at_rest, 2 * self.at_rest, None)


class AbstractConvexAveragedLoss(AbstractConvexLoss, AbstractAveragedLoss):
    """An averaged loss of which all terms are means of φ of a lead; a final class says φ as ``on_real``."""

    __slots__ = ()

    @property
    def total_range(self) -> Range:
        """Return what L_D + L_G is at least: its value at equilibrium."""
        return Range(low=4 * self.at_rest)

    def signed_slopes(self, leads: Tensor, share: float) -> Tensor:
        """Return ``share`` times :meth:`on_fake_slope` of ``[…, 2, batch]``, with the first batch's sign turned."""
        return self.on_fake_slope(leads) * signs(leads, 0, share)

    def d_slopes_of(self, both: Tensor, share: float = 1.0) -> tuple[Tensor, ...]:
        """Return :meth:`d_slopes`, to the bit: that of a real lead is that of a fake one, turned around."""
        at_once, rest = exact_part(share)
        slopes = self.signed_slopes(turned(less_each_others_means(both), 0), at_once)
        return (scaled(less_each_others_means(slopes), rest),)

    def g_slopes_of(self, both: Tensor, share: float = 1.0) -> Tensor:
        """Return :meth:`g_slopes`, to the bit: here the generated ones are those that should lead."""
        at_once, rest = exact_part(share)
        slopes = self.signed_slopes(turned(less_each_others_means(both), 0), at_once)
        return scaled(less_row_means(*slopes.unbind(-2)), rest)

    def equilibrium(self) -> Equilibrium:
        """Return L_D = L_G = 2 φ(0), of which each part is half."""
        part = self.at_rest
        return Equilibrium(part, part, 2 * part, 2 * part, 4 * part, None)

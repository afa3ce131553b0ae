"""What relativistic losses share whose function φ of a lead is convex and at least 0.

Pairs have L_D = E φ(t_real - t_fake) and L_G the same with the roles swapped; averages compare each score with the
other batch's mean, and have two such terms each. Both are at least 0. With equal scores every lead is 0: at equilibrium
each term is φ(0), while the common score is open. Their sum is at least that much: φ(u) + φ(-u) is at least 2 φ(0).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

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

    def equilibrium(self) -> Equilibrium:
        """Return L_D = L_G = 2 φ(0), of which each part is half."""
        part = self.at_rest
        return Equilibrium(part, part, 2 * part, 2 * part, 4 * part, None)

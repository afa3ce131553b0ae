"""A paired loss: the least squares of leads."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from ganviz.losses.adversarial.base import AbstractPairedLoss, Equilibrium
from ganviz.spec import param


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpPaired(AbstractPairedLoss):
    """A real sample should lead its fake partner by a; the generator wishes the opposite."""

    key: ClassVar[str] = "made_up_paired"
    title: ClassVar[str] = "Made-up paired"
    reference: ClassVar[str] = "made up"
    score_kind: ClassVar[str] = "critic"
    d_formula: ClassVar[str] = "E (t<sub>r</sub> − t<sub>f</sub> − a)²"
    g_formula: ClassVar[str] = "E (t<sub>f</sub> − t<sub>r</sub> − a)²"

    lead: float = param(1.0, "Lead a", "By how much a sample should lead.", low=0, high=10)

    def on_lead(self, differences: Tensor) -> Tensor:
        """Return (d - a)²."""
        return (differences - self.lead).square()

    def on_generated_lead(self, differences: Tensor) -> Tensor:
        """Return (d - a)²."""
        return (differences - self.lead).square()

    def equilibrium(self) -> Equilibrium:
        """Return a² for both players."""
        square = self.lead**2
        return Equilibrium(None, None, square, square, 2 * square, None)

"""An averaged loss: the least squares of leads over the other batch's mean."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from ganviz.losses.adversarial.base import AbstractAveragedLoss, Equilibrium
from ganviz.spec import param


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpAveraged(AbstractAveragedLoss):
    """Real samples should lead the fake mean by a, fake ones trail the real mean by a."""

    key: ClassVar[str] = "made_up_averaged"
    title: ClassVar[str] = "Made-up averaged"
    reference: ClassVar[str] = "made up"
    score_kind: ClassVar[str] = "critic"
    d_formula: ClassVar[str] = (
        "E (t<sub>r</sub> − E t<sub>f</sub> − a)² + E (t<sub>f</sub> − E t<sub>r</sub> + a)²"
    )
    g_formula: ClassVar[str] = (
        "E (t<sub>f</sub> − E t<sub>r</sub> − a)² + E (t<sub>r</sub> − E t<sub>f</sub> + a)²"
    )

    lead: float = param(1.0, "Lead a", "By how much a sample should lead.", low=0, high=10)

    def on_real(self, leads: Tensor) -> Tensor:
        """Return (lead - a)²."""
        return (leads - self.lead).square()

    def on_fake(self, leads: Tensor) -> Tensor:
        """Return (lead + a)²."""
        return (leads + self.lead).square()

    def equilibrium(self) -> Equilibrium:
        """Return a² for each part."""
        square = self.lead**2
        return Equilibrium(square, square, 2 * square, 2 * square, 4 * square, None)

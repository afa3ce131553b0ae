"""The kinds of adversarial losses: of single scores, of pairs, and of leads over the other batch's mean.

Scores are raw discriminator outputs, larger = more real, for every loss. Each player minimizes its own objective.
"""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, ClassVar, cast

from ganviz.kernels.means import less_row_means
from ganviz.losses.adversarial.abstract import AbstractAdversarialLoss
from ganviz.losses.adversarial.densities import expected, leads_of_pairs
from ganviz.losses.adversarial.facts import Equilibrium
from ganviz.losses.elementary import derivative, less_batch_means

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats

__all__ = [
    "AbstractAdversarialLoss",
    "AbstractAveragedLoss",
    "AbstractPairedLoss",
    "AbstractPointwiseLoss",
    "Equilibrium",
]


class AbstractPointwiseLoss(AbstractAdversarialLoss):
    """A loss whose objectives are means of functions of single scores.

    Because the functions are pure and element by element, the same code trains, is plotted and is differentiated.
    The three slopes are what the fast step needs; a loss that leaves them out gets them from autograd.
    """

    __slots__ = ()

    @abc.abstractmethod
    def on_real(self, scores: Tensor) -> Tensor:
        """Return the discriminator's loss on real samples, element by element."""

    @abc.abstractmethod
    def on_fake(self, scores: Tensor) -> Tensor:
        """Return the discriminator's loss on fake samples, element by element."""

    @abc.abstractmethod
    def on_generated(self, scores: Tensor) -> Tensor:
        """Return the generator's loss on its own samples, element by element."""

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return the derivative of :meth:`on_real` with respect to the score."""
        return derivative(self.on_real, scores)

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return the derivative of :meth:`on_fake` with respect to the score."""
        return derivative(self.on_fake, scores)

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return the derivative of :meth:`on_generated` with respect to the score."""
        return derivative(self.on_generated, scores)

    def d_terms(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return on_real and on_fake."""
        return self.on_real(real), self.on_fake(fake)

    def g_terms(self, real: Tensor, generated: Tensor) -> tuple[Tensor, ...]:
        """Return on_generated; real scores do not enter."""
        return (self.on_generated(generated),)

    def d_slopes(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        """Return the slopes of on_real and on_fake."""
        return self.on_real_slope(real), self.on_fake_slope(fake)

    def g_slopes(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return the slope of on_generated."""
        return self.on_generated_slope(generated)

    def g_places(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return the scores themselves."""
        return generated

    def g_curve(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Return on_generated and its slope."""
        return self.on_generated(places), self.on_generated_slope(places)

    def g_shape(self, places: Floats) -> Floats:
        """Return on_generated."""
        return cast("Floats", self.on_generated(cast("Tensor", places)))

    def d_shape(self, places: Floats) -> Floats:
        """Return on_fake."""
        return cast("Floats", self.on_fake(cast("Tensor", places)))

    def expected_d_loss(self, p: Floats, q: Floats, scores: Floats) -> float:
        """Return E_p on_real + E_q on_fake."""
        on_real, on_fake = self.d_terms(cast("Tensor", scores), cast("Tensor", scores))
        return expected(p, cast("Floats", on_real)) + expected(q, cast("Floats", on_fake))

    def d_places(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return the scores themselves."""
        return real, fake

    def d_curves(self, places: Tensor) -> tuple[tuple[Tensor, Tensor], ...]:
        """Return on_real and on_fake, each with its slope."""
        return (
            (self.on_real(places), self.on_real_slope(places)),
            (self.on_fake(places), self.on_fake_slope(places)),
        )


class AbstractPairedLoss(AbstractAdversarialLoss):
    """A loss whose objectives are means of functions of t_real - t_fake, the two paired by their place in the batch.

    Scores are defined up to a constant: adding one to all of them changes nothing.
    """

    __slots__ = ()

    family: ClassVar[str] = "Relativistic"
    score_kind: ClassVar[str] = "critic"
    generator_sees_real: ClassVar[bool] = True
    d_convention: ClassVar[str] = "mean over pairs"
    g_argument: ClassVar[str] = "lead of a generated sample over its real partner"

    @abc.abstractmethod
    def on_lead(self, differences: Tensor) -> Tensor:
        """Return the discriminator's loss of t_real - t_fake, element by element."""

    @abc.abstractmethod
    def on_generated_lead(self, differences: Tensor) -> Tensor:
        """Return the generator's loss of t_generated - t_real, element by element."""

    def on_lead_slope(self, differences: Tensor) -> Tensor:
        """Return the derivative of :meth:`on_lead`."""
        return derivative(self.on_lead, differences)

    def on_generated_lead_slope(self, differences: Tensor) -> Tensor:
        """Return the derivative of :meth:`on_generated_lead`."""
        return derivative(self.on_generated_lead, differences)

    def d_terms(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return on_lead of each pair; it has no real and no fake part."""
        return (self.on_lead(_paired(real, fake)),)

    def g_terms(self, real: Tensor, generated: Tensor) -> tuple[Tensor, ...]:
        """Return on_generated_lead of each pair."""
        return (self.on_generated_lead(_paired(generated, real)),)

    def d_slopes(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        """Return the slope of on_lead, and its negative for the fake partner."""
        slope = self.on_lead_slope(_paired(real, fake))
        return slope, -slope

    def g_slopes(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return the slope of on_generated_lead."""
        return self.on_generated_lead_slope(_paired(generated, real))

    def g_places(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return t_generated - t_real of each pair."""
        return _paired(generated, real)

    def g_curve(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Return on_generated_lead and its slope."""
        return self.on_generated_lead(places), self.on_generated_lead_slope(places)

    def g_shape(self, places: Floats) -> Floats:
        """Return on_generated_lead."""
        return cast("Floats", self.on_generated_lead(cast("Tensor", places)))

    def d_shape(self, places: Floats) -> Floats:
        """Return on_lead of what is then the real partner's lead."""
        return cast("Floats", self.on_lead(cast("Tensor", -places)))

    def expected_d_loss(self, p: Floats, q: Floats, scores: Floats) -> float:
        """Return the mean of on_lead over all pairs of a real and a generated sample."""
        leads, shares = leads_of_pairs(p, q, scores)
        return expected(shares, cast("Floats", self.on_lead(cast("Tensor", leads))))

    def d_places(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return t_real - t_fake of each pair."""
        return (_paired(real, fake),)

    def d_curves(self, places: Tensor) -> tuple[tuple[Tensor, Tensor], ...]:
        """Return on_lead and its slope."""
        return ((self.on_lead(places), self.on_lead_slope(places)),)


class AbstractAveragedLoss(AbstractAdversarialLoss):
    """A loss whose objectives are means of functions of each score's lead over the other batch's mean.

    The generator's objective is the discriminator's with the roles swapped. Scores are defined up to a constant.
    """

    __slots__ = ()

    family: ClassVar[str] = "Relativistic"
    score_kind: ClassVar[str] = "critic"
    generator_sees_real: ClassVar[bool] = True
    compares_means: ClassVar[bool] = True
    g_argument: ClassVar[str] = "lead of a generated sample over the real mean"

    @abc.abstractmethod
    def on_real(self, leads: Tensor) -> Tensor:
        """Return the loss of samples that should score above the other batch's mean, element by element."""

    def on_fake(self, leads: Tensor) -> Tensor:
        """Return the loss of samples that should score below the other batch's mean: on_real, turned around."""
        return self.on_real(-leads)

    def on_real_slope(self, leads: Tensor) -> Tensor:
        """Return the derivative of :meth:`on_real`."""
        return derivative(self.on_real, leads)

    def on_fake_slope(self, leads: Tensor) -> Tensor:
        """Return the derivative of :meth:`on_fake`."""
        return -self.on_real_slope(-leads)

    def d_terms(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return on_real of the real samples' leads, and on_fake of the fake ones'."""
        return self.on_real(_lead(real, fake)), self.on_fake(_lead(fake, real))

    def g_terms(self, real: Tensor, generated: Tensor) -> tuple[Tensor, ...]:
        """Return on_fake of the real samples' leads, and on_real of the generated ones'."""
        return self.on_fake(_lead(real, generated)), self.on_real(_lead(generated, real))

    def d_slopes(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        """Return each sample's own slope, less the mean slope of those that are compared with its batch's mean."""
        on_real, on_fake = self.on_real_slope(_lead(real, fake)), self.on_fake_slope(_lead(fake, real))
        return less_row_means(on_real, on_fake), less_row_means(on_fake, on_real)

    def g_slopes(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return each generated sample's own slope, less the mean slope of the real ones."""
        on_fake, on_real = (
            self.on_fake_slope(_lead(real, generated)),
            self.on_real_slope(_lead(generated, real)),
        )
        return less_row_means(on_real, on_fake)

    def g_places(self, real: Tensor, generated: Tensor) -> Tensor:
        """Return the generated samples' leads over the mean of the real ones."""
        return _lead(generated, real)

    def g_curve(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Return on_real and its slope: the roles are swapped."""
        return self.on_real(places), self.on_real_slope(places)

    def g_shape(self, places: Floats) -> Floats:
        """Return on_real."""
        return cast("Floats", self.on_real(cast("Tensor", places)))

    def d_shape(self, places: Floats) -> Floats:
        """Return on_fake."""
        return cast("Floats", self.on_fake(cast("Tensor", places)))

    def expected_d_loss(self, p: Floats, q: Floats, scores: Floats) -> float:
        """Return E_p on_real + E_q on_fake of leads over the other density's mean score."""
        of_p, of_q = expected(p, scores), expected(q, scores)
        on_real = self.on_real(cast("Tensor", scores - of_q))
        on_fake = self.on_fake(cast("Tensor", scores - of_p))
        return expected(p, cast("Floats", on_real)) + expected(q, cast("Floats", on_fake))

    def d_places(self, real: Tensor, fake: Tensor) -> tuple[Tensor, ...]:
        """Return each sample's lead over the other batch's mean."""
        return _lead(real, fake), _lead(fake, real)

    def d_curves(self, places: Tensor) -> tuple[tuple[Tensor, Tensor], ...]:
        """Return on_real and on_fake, each with its slope."""
        return (
            (self.on_real(places), self.on_real_slope(places)),
            (self.on_fake(places), self.on_fake_slope(places)),
        )


def _paired(high: Tensor, low: Tensor) -> Tensor:
    """Return differences by index; broadcasting would compare everyone with everyone."""
    if high.shape != low.shape:
        raise ValueError(f"scores are paired by index: {tuple(high.shape)} is not {tuple(low.shape)}")
    return high - low


def _lead(scores: Tensor, others: Tensor) -> Tensor:
    return less_batch_means(scores, others)

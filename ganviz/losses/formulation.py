"""A formulation: what the two players minimize, as one frozen value with its mathematics inside."""

from __future__ import annotations

import math
import operator
from dataclasses import MISSING
from itertools import accumulate

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.adversarial.facts import NOWHERE, Equilibrium
from ganviz.losses.constraints import CONSTRAINTS, AbstractConstraint, NoConstraint
from ganviz.losses.inputs import INPUTS
from ganviz.losses.inputs.base import AbstractInput
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.base import AbstractPenalty
from ganviz.spec import InvalidValueError, Plain, Spec, choice, several, spec_from_plain
from ganviz.spec.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Formulation(Spec):
    """An adversarial loss, what the discriminator's objective gains, what bounds its weights, and what it sees."""

    loss: AbstractAdversarialLoss = choice(ADVERSARIAL_LOSSES, MISSING, "Adversarial loss", "The loss.")
    penalties: tuple[AbstractPenalty, ...] = several(
        PENALTIES, "Penalties", "Terms that the discriminator's objective gains."
    )
    constraint: AbstractConstraint = choice(
        CONSTRAINTS, NoConstraint(), "Constraint on D's weights", "The constraint."
    )
    inputs: tuple[AbstractInput, ...] = several(
        INPUTS, "What D sees", "What is done to samples, real and generated alike, before D sees them."
    )

    def __post_init__(self) -> None:
        Spec.__post_init__(self)
        for penalty in self.penalties:
            if reason := penalty.refusal(self.loss.score_kind, self.loss.called):
                raise InvalidValueError(f"penalties cannot go with the loss: {reason}")
        if not self.loss.has_discriminator and not isinstance(self.constraint, NoConstraint):
            raise InvalidValueError(
                f"constraint cannot go with the loss: {self.loss.called} has no discriminator with weights to bound."
            )
        if not self.loss.has_discriminator and self.inputs:
            raise InvalidValueError(
                f"inputs cannot go with the loss: {self.loss.called} has no discriminator that could see "
                f"{self.inputs[0].title.lower()}."
            )

    @property
    def parts(self) -> tuple[Spec, ...]:
        """Return the loss, the penalties, the constraint and what D sees."""
        return (self.loss, *self.penalties, self.constraint, *self.inputs)

    @property
    def title(self) -> str:  # type: ignore[override]  # composed, unlike that of a catalog's entry
        """Return what is shown: the loss, its penalties, its constraint and what D sees."""
        parts = [self.loss.called, *(penalty.title for penalty in self.penalties)]
        if not isinstance(self.constraint, NoConstraint):
            parts.append(self.constraint.title.lower())
        parts += [seen.title.lower() for seen in self.inputs]
        return " + ".join(parts)

    def d_words(self) -> str:
        """Return the discriminator's objective with all penalties, as HTML text."""
        return " + ".join([self.loss.d_words(), *(penalty.words for penalty in self.penalties)])

    def d_line(self) -> str:
        """Return what the discriminator minimizes, named; or that there is no discriminator. HTML text."""
        if not self.loss.has_discriminator:
            return "no L<sub>D</sub>: there is no D"
        return f"L<sub>D</sub> = {self.d_words()}"

    @property
    def flatness_bars(self) -> tuple[str, ...]:
        """Return the titles of penalties that keep D from being flat, and the game from a known end."""
        return tuple(
            one.title for one in self.penalties if one.bars_flatness and not self.loss.every_d_is_best
        )

    @property
    def followed_at(self) -> str:
        """Return at which D the generator descends what its loss says; a critic's best one is held by something."""
        is_held = bool(self.penalties) and not self.loss.every_d_is_best
        return "the D that is best without penalties" if is_held else "the best D"

    @property
    def has_equilibrium(self) -> bool:
        """Return whether D may be at a perfect generator what the loss alone makes of it, at no cost."""
        return not self.flatness_bars

    def equilibrium(self) -> Equilibrium:
        """Return where the loss's curves stand when the game is over; nowhere where a penalty keeps D from it."""
        return self.loss.equilibrium() if self.has_equilibrium else NOWHERE

    def blur(self, step: int) -> float:
        """Return the standard deviation of the normal noise that D sees in the step after ``step``; 0 for none.

        In units of the samples: noise on what is a quarter as large is four times as much of it.
        """
        scales = accumulate((seen.scale() for seen in self.inputs), operator.mul, initial=1.0)
        return math.hypot(
            *(seen.blur(step) / scale for seen, scale in zip(self.inputs, scales, strict=False))
        )

    @property
    def scale(self) -> float:
        """Return what D's inputs multiply samples by."""
        return math.prod(seen.scale() for seen in self.inputs)


def formulation_from_plain(plain: Plain, path: str) -> Formulation:
    """Make a formulation from :meth:`Formulation.to_plain`'s form; raise InvalidValueError with ``path`` otherwise."""
    return spec_from_plain(Formulation, plain, path)

"""A formulation: what the two players minimize, as one frozen value with its mathematics inside."""

from __future__ import annotations

from dataclasses import MISSING, dataclass

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.constraints import CONSTRAINTS, AbstractConstraint, NoConstraint
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.base import AbstractPenalty
from ganviz.spec import Plain, Spec, choice, several, spec_from_plain


@dataclass(frozen=True, slots=True)
class Formulation(Spec):
    """An adversarial loss, the penalties added to the discriminator's objective, and a constraint on its weights."""

    loss: AbstractAdversarialLoss = choice(ADVERSARIAL_LOSSES, MISSING, "Adversarial loss", "The loss.")
    penalties: tuple[AbstractPenalty, ...] = several(
        PENALTIES, "Penalties", "Terms that the discriminator's objective gains."
    )
    constraint: AbstractConstraint = choice(
        CONSTRAINTS, NoConstraint(), "Constraint on D's weights", "The constraint."
    )

    @property
    def title(self) -> str:  # type: ignore[override]  # composed, unlike that of a catalog's entry
        """Return what is shown: the loss, its penalties and its constraint."""
        parts = [self.loss.title, *(penalty.title for penalty in self.penalties)]
        if not isinstance(self.constraint, NoConstraint):
            parts.append(self.constraint.title.lower())
        return " + ".join(parts)


def formulation_from_plain(plain: Plain, path: str) -> Formulation:
    """Make a formulation from :meth:`Formulation.to_plain`'s form; raise InvalidValueError with ``path`` otherwise."""
    return spec_from_plain(Formulation, plain, path)

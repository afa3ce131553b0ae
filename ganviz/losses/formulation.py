"""A formulation: what the two players minimize, as one frozen value with its mathematics inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.base import AbstractAdversarialLoss, AbstractPointwiseLoss
from ganviz.losses.constraints import CONSTRAINTS, AbstractConstraint, NoConstraint
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.base import AbstractPenalty
from ganviz.spec import InvalidValueError, Plain, UnknownKeyError, spec_from_plain


@dataclass(frozen=True, slots=True)
class Formulation:
    """An adversarial loss, the penalties added to the discriminator's objective, and a constraint on its weights."""

    loss: AbstractAdversarialLoss
    penalties: tuple[AbstractPenalty, ...] = ()
    constraint: AbstractConstraint = field(default_factory=NoConstraint)

    def __post_init__(self) -> None:
        keys = [penalty.key for penalty in self.penalties]
        if len(set(keys)) != len(keys):
            raise InvalidValueError(f"A formulation takes each penalty once, not {', '.join(keys)}.")

    @property
    def is_pointwise(self) -> bool:
        """Whether scores alone, one by one, determine both objectives (no penalty, a pointwise loss)."""
        return isinstance(self.loss, AbstractPointwiseLoss) and not self.penalties

    @property
    def title(self) -> str:
        """Return what is shown: the loss, its penalties and its constraint."""
        parts = [self.loss.title, *(penalty.title for penalty in self.penalties)]
        if not isinstance(self.constraint, NoConstraint):
            parts.append(self.constraint.title.lower())
        return " + ".join(parts)

    def to_plain(self) -> dict[str, Plain]:
        """Return the formulation as JSON carries it; penalties are keyed by their kind."""
        penalties = {}
        for penalty in self.penalties:
            plain = penalty.to_plain()
            penalties[plain.pop("kind")] = plain
        return {
            "loss": self.loss.to_plain(),
            "penalties": penalties,
            "constraint": self.constraint.to_plain(),
        }


def formulation_from_plain(plain: Plain, path: str) -> Formulation:
    """Make a formulation from :meth:`Formulation.to_plain`'s form; raise InvalidValueError with ``path`` otherwise."""
    if not isinstance(plain, Mapping):
        raise InvalidValueError(
            f"{path} must be an object with 'loss', 'penalties' and 'constraint', not {plain!r}."
        )
    for name in plain:
        if name not in ("loss", "penalties", "constraint"):
            known = [f"{path}.loss", f"{path}.penalties", f"{path}.constraint"]
            raise UnknownKeyError("setting", f"{path}.{name}", known)
    penalties = plain.get("penalties", {})
    if not isinstance(penalties, Mapping):
        raise InvalidValueError(f"{path}.penalties must be an object, not {penalties!r}.")
    made = []
    for key, fields in penalties.items():
        if not isinstance(fields, Mapping):
            raise InvalidValueError(f"{path}.penalties.{key} must be an object, not {fields!r}.")
        made.append(spec_from_plain(PENALTIES[key], fields, f"{path}.penalties.{key}"))
    return Formulation(
        ADVERSARIAL_LOSSES.from_plain(plain.get("loss"), f"{path}.loss"),
        tuple(made),
        CONSTRAINTS.from_plain(plain.get("constraint", "none"), f"{path}.constraint"),
    )

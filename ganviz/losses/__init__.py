"""The mathematics of the game: adversarial losses, penalties, constraints and the formulations made of them."""

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.constraints import CONSTRAINTS
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS

__all__ = ["ADVERSARIAL_LOSSES", "CONSTRAINTS", "FORMULATIONS", "PENALTIES", "Formulation"]

"""What an optimizer is: a frozen spec that names what it remembers and changes weights by gradients.

Specs are made and shown where there is no torch, so it is imported by what computes only.
"""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ganviz.spec import Spec, choice, param
from ganviz.spec.frozen import dataclass
from ganviz.training.schedules import SCHEDULES, AbstractSchedule, ConstantRate

if TYPE_CHECKING:
    from torch import Tensor

    Rows = list[Tensor]

_RATE_HELP = (
    "Size of a step. Larger learns faster, until it oscillates or diverges. Takes effect at the next step."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractOptimizer(Spec, abc.ABC):
    """An optimizer's parameters and its rule.

    ``slots`` names what it remembers from one update to the next: for each there is a tensor of the weights' shape,
    zero at the start, which is saved, forked and forgotten under that name. Its script is an expression that makes a
    ``torch.optim.Optimizer`` of ``parameters``; a class that this needs is :attr:`script_class`.
    """

    script_class: ClassVar[str] = ""

    slots: ClassVar[tuple[str, ...]] = ()
    is_normalized: ClassVar[bool] = False
    """Whether steps are divided by the gradient's size, so that they do not shrink with it."""

    learning_rate: float = param(1e-3, "Learning rate", _RATE_HELP, low=0, high=100, log=True)

    schedule: AbstractSchedule = choice(
        SCHEDULES, ConstantRate(), "Schedule", "How the learning rate changes.", keeps_shared=True
    )

    @abc.abstractmethod
    def update(self, weights: Rows, gradients: Rows, slots: Sequence[Rows], count: Tensor) -> None:
        """Change weights and slots in place, element by element.

        Parameters
        ----------
        weights, gradients : list of Tensor
            Rows of one length; gradients are left as they are.
        slots : sequence of lists of Tensor
            What :attr:`slots` names, in that order, row by row as the weights.
        count : Tensor
            Updates including this one, a number where the weights are. The host does not know it: an update may be
            replayed on a device, so nothing may be decided by its value in Python.
        """


def step_optimistically(
    weights: Rows, directions: Rows, previous: Rows, count: Tensor, learning_rate: float
) -> None:
    """Make w ← w - 2η d + η d′ with the direction d′ of the update before; the first update is w ← w - η d.

    ``previous`` holds copies, never the directions themselves, which are overwritten before they are wanted: with
    them it would be plain descent.
    """
    import torch

    is_later = count > 1
    for row, direction, before in zip(weights, directions, previous, strict=True):
        torch.where(is_later, before, direction, out=before)
        row.add_(direction, alpha=-2 * learning_rate).add_(before, alpha=learning_rate)
        before.copy_(direction)

"""What a step may ask of whatever its random numbers come from."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ganviz.spec.frozen import dataclass

Share = float | Tensor
"""How many times as much something counts in an update; a tensor of one number where steps are captured."""


class Batches(Protocol):
    """A sequence of batches."""

    def take(self) -> Tensor:
        """Return the next batch, ``[batch, …]``."""

    def take_two(self) -> Tensor:
        """Return the next two batches one after the other, ``[2 · batch, …]``."""

    def put_back(self) -> None:
        """Let the batch that was taken last be the next one, too."""


class Uniforms(Protocol):
    """Random numbers for penalties: some for each discriminator update, whether anybody needs them or not."""

    def take(self, size: tuple[int, ...]) -> Tensor | NDArray[np.float64]:
        """Return this update's numbers, ``batch`` of them, uniform in [0, 1)."""

    def skip(self) -> object:
        """Leave this update's numbers out."""


class Updates(Protocol):
    """Which of the discriminator's updates comes next."""

    def share(self, interval: int) -> Share:
        """Return ``interval`` in every ``interval``-th update and 0 in the others."""

    def advance(self) -> object:
        """Go on to the next update: this one has been made."""


class Placed(Protocol):
    """A batch for each update of a player, for those who need it."""

    def take(self) -> Tensor:
        """Return this update's batch, ``[batch, …]``."""

    def skip(self) -> object:
        """Leave this update's batch out."""


class Named(Protocol):
    """Several batches for each update of a player, by name, for those who need them."""

    def take(self, name: str) -> Tensor:
        """Return this update's batch of that name, ``[batch, …]``."""

    def advance(self) -> object:
        """Go on to the next update, whatever was taken for this one."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a step draws from.

    Real samples, latents, uniform and normal numbers for penalties, G's partners; and normal numbers for what D sees of
    two batches: of real and fake samples in D's update, of generated ones and partners in G's. Which update comes next.
    """

    real: Batches
    latents: Batches
    penalty: Uniforms
    partners: Placed
    noise: Placed
    d_inputs: Named
    g_inputs: Named
    updates: Updates

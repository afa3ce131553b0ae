"""What penalties remember from one update of D to the next: a few numbers a row, kept when D is moved."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ganviz.losses.penalties.base import AbstractPenalty
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.sources import Share

PREFIX = "penalty_"
"""What the names of such tensors begin with."""


def memories_of(config: RunConfig) -> dict[str, int]:
    """Return how many numbers a row has in each tensor of what the penalties of some lane remember."""
    penalties = [one for lane in config.lanes for one in lane.formulation.penalties]
    return {PREFIX + one.key: one.n_remembered for one in penalties if one.n_remembered}


def fit_memories(tensors: dict[str, Tensor], config: RunConfig) -> None:
    """Let there be, in place, all that a configuration's penalties remember; new memories are empty."""
    for name, n in memories_of(config).items():
        if name not in tensors:
            tensors[name] = tensors["discriminator"].new_zeros(len(tensors["discriminator"]), n)


def outdated(tensors: dict[str, Tensor], before: LaneConfig, *, is_other_loss: bool) -> list[str]:
    """Return the memories that a lane's change empties: all, or those that it had no penalty for until now."""
    had = {PREFIX + one.key for one in before.formulation.penalties}
    return [name for name in tensors if name.startswith(PREFIX) and (is_other_loss or name not in had)]


class Memories:
    """The memories of a run's rows.

    An update that is computed moves a copy; it is kept when D is moved by it, in rows that are trained.
    """

    def __init__(self, tensors: dict[str, Tensor], active: Sequence[bool]) -> None:
        self._kept = {name: kept for name, kept in tensors.items() if name.startswith(PREFIX)}
        self._moved = {name: kept.clone() for name, kept in self._kept.items()}
        self._active = [row for row, is_active in enumerate(active) if is_active]

    def of(self, penalty: AbstractPenalty, rows: Sequence[int]) -> Tensor | None:
        """Return a copy of some rows, ``[rows, numbers]``; None for a penalty that remembers nothing."""
        if not penalty.n_remembered:
            return None
        kept = self._kept[PREFIX + penalty.key]
        return torch.stack([kept[row] for row in rows])  # places in a list come from the host: no capture

    def move(self, penalty: AbstractPenalty, rows: Sequence[int], moved: Tensor | None, share: Share) -> None:
        """Note what rows remember after an update; without ``moved``, or where it does not count, as before."""
        if not penalty.n_remembered:
            return
        kept = self._kept[PREFIX + penalty.key]
        for i, row in enumerate(rows):
            after = kept[row] if moved is None else moved[i]
            if isinstance(share, Tensor):
                after = torch.where(share > 0, after, kept[row])
            self._moved[PREFIX + penalty.key][row].copy_(after)

    def keep(self) -> None:
        """Keep what was moved."""
        for name, kept in self._kept.items():
            for row in self._active:
                kept[row].copy_(self._moved[name][row])

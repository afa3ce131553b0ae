"""Optimizers at work on flat parameters ``[lanes, n]``: a handful of fused calls for a whole network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from ganviz.kernels.counter import counter
from ganviz.training.optimizers import AbstractOptimizer

Rows = list[Tensor]


class _Group:
    """Lanes that share an optimizer and its number of updates.

    All lanes at once are one long row; some of them are a row each.
    """

    def __init__(self, optimizer: FlatOptimizer, lanes: tuple[int, ...], spec: AbstractOptimizer) -> None:
        self.lanes, self._spec = lanes, spec
        self._weights = _rows(optimizer.parameters, lanes)
        self._gradients = _rows(optimizer.gradients, lanes)
        self._slots = [_rows(optimizer.slots[name], lanes) for name in spec.slots]
        self.count, self._advance = counter(optimizer.counts[lanes[0]], optimizer.parameters.device)

    def update(self) -> None:
        """Count one more update and make it."""
        self._advance()
        if self._spec.schedule.is_constant:
            self._spec.update(self._weights, self._gradients, self._slots, self.count)
            return
        before = [row.clone() for row in self._weights]
        self._spec.update(self._weights, self._gradients, self._slots, self.count)
        share = self._spec.schedule.factor(self.count).to(before[0].dtype)
        for row, start in zip(self._weights, before, strict=True):
            row.copy_(torch.lerp(start, row, share))  # all updates are proportional to the learning rate


def _rows(tensor: Tensor, lanes: tuple[int, ...]) -> Rows:
    return [tensor.view(-1)] if len(lanes) == len(tensor) else [tensor[lane] for lane in lanes]


class FlatOptimizer:
    """Updates a network's parameters in place, each lane by its own spec.

    Parameters
    ----------
    parameters : Tensor, ``[lanes, n]``
        Changed in place.
    slots : mapping of str to Tensor
        What the specs declare to remember, each of the parameters' shape; changed in place.
    counts : sequence of int
        Updates that each lane's state has seen.
    specs : sequence of AbstractOptimizer
    active : sequence of bool
        Lanes that are updated; others stay as they are.
    """

    def __init__(
        self,
        parameters: Tensor,
        slots: Mapping[str, Tensor],
        counts: Sequence[int],
        specs: Sequence[AbstractOptimizer],
        active: Sequence[bool],
    ) -> None:
        self.parameters, self.slots = parameters, dict(slots)
        self.gradients = torch.zeros_like(parameters)
        self.counts = list(counts)
        shared: dict[tuple[AbstractOptimizer, int], list[int]] = {}
        for lane, (spec, count) in enumerate(zip(specs, counts, strict=True)):
            if active[lane]:
                shared.setdefault((spec, count), []).append(lane)
        self._groups = [_Group(self, tuple(lanes), spec) for (spec, _), lanes in shared.items()]

    def update(self) -> None:
        """Make one update from ``gradients``."""
        for group in self._groups:
            group.update()

    def updated_counts(self) -> list[int]:
        """Return how many updates each lane's state has seen."""
        counts = list(self.counts)
        for group in self._groups:
            for lane in group.lanes:
                counts[lane] = int(group.count)
        return counts

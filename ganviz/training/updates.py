"""Optimizers at work on flat parameters ``[lanes, n]``: a handful of fused calls for a whole network."""

from __future__ import annotations

import abc
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor

from ganviz.training.optimizers import SGD, AbstractOptimizer, Adam, RMSprop

Rows = list[Tensor]

COUNTED_BY_HOST = ("cpu",)
"""Devices whose memory the host writes itself, at a thirtieth of the price of a call."""


def counter(start: int, device: torch.device) -> tuple[Tensor, Callable[[], object]]:
    """Return a number that lives on ``device`` and what adds one to it; float32, as Adam's kernels want it."""
    if device.type not in COUNTED_BY_HOST:
        count = torch.tensor(float(start), device=device)
        return count, partial(count.add_, 1)
    kept = np.array([start], dtype=np.float32)
    memory = kept.data

    def advance() -> None:
        memory[0] += 1

    return torch.from_numpy(kept)[0], advance


class _Group(abc.ABC):
    """Lanes that share an optimizer and its number of updates.

    All lanes at once are one long row; some of them are a row each.
    """

    def __init__(self, optimizer: FlatOptimizer, lanes: tuple[int, ...]) -> None:
        self.lanes = lanes
        self.weights = _rows(optimizer.parameters, lanes)
        self.gradients = _rows(optimizer.gradients, lanes)
        self.first = _rows(optimizer.first, lanes)
        self.second = _rows(optimizer.second, lanes)
        self.count, self.advance = counter(optimizer.counts[lanes[0]], optimizer.parameters.device)

    @abc.abstractmethod
    def update(self) -> None:
        """Change the weights by the gradients; the count has been advanced."""


def _rows(tensor: Tensor, lanes: tuple[int, ...]) -> Rows:
    return [tensor.view(-1)] if len(lanes) == len(tensor) else [tensor[lane] for lane in lanes]


class _AdamGroup(_Group):
    def __init__(self, optimizer: FlatOptimizer, lanes: tuple[int, ...], spec: Adam) -> None:
        super().__init__(optimizer, lanes)
        self._update = partial(
            torch._fused_adam_, self.weights, self.gradients, self.first, self.second, [],
            [self.count] * len(self.weights), lr=spec.learning_rate, beta1=spec.beta1, beta2=spec.beta2, eps=spec.eps,
            weight_decay=0.0, amsgrad=False, maximize=False,
        )  # fmt: skip

    def update(self) -> None:
        self._update()


class _SGDGroup(_Group):
    def __init__(self, optimizer: FlatOptimizer, lanes: tuple[int, ...], spec: SGD) -> None:
        super().__init__(optimizer, lanes)
        self._spec = spec

    def update(self) -> None:
        direction = self.gradients
        if self._spec.momentum:
            torch._foreach_mul_(self.first, self._spec.momentum)
            torch._foreach_add_(self.first, self.gradients)
            direction = self.first
        torch._foreach_add_(self.weights, direction, alpha=-self._spec.learning_rate)


class _RMSpropGroup(_Group):
    def __init__(self, optimizer: FlatOptimizer, lanes: tuple[int, ...], spec: RMSprop) -> None:
        super().__init__(optimizer, lanes)
        self._spec = spec

    def update(self) -> None:
        spec = self._spec
        torch._foreach_mul_(self.second, spec.alpha)
        torch._foreach_addcmul_(self.second, self.gradients, self.gradients, value=1 - spec.alpha)
        denominators = torch._foreach_sqrt(self.second)
        torch._foreach_add_(denominators, spec.eps)
        torch._foreach_addcdiv_(self.weights, self.gradients, denominators, value=-spec.learning_rate)


class FlatOptimizer:
    """Updates a network's parameters in place, each lane by its own spec.

    Parameters
    ----------
    parameters : Tensor, ``[lanes, n]``
        Changed in place.
    first, second : Tensor, ``[lanes, n]``
        Adam's running mean and mean square; SGD's velocity and nothing; nothing and RMSprop's mean square.
    counts : sequence of int
        Updates that each lane's state has seen.
    specs : sequence of AbstractOptimizer
    active : sequence of bool
        Lanes that are updated; others stay as they are.
    """

    def __init__(
        self,
        parameters: Tensor,
        first: Tensor,
        second: Tensor,
        counts: Sequence[int],
        specs: Sequence[AbstractOptimizer],
        active: Sequence[bool],
    ) -> None:
        self.parameters, self.first, self.second = parameters, first, second
        self.gradients = torch.zeros_like(parameters)
        self.counts = list(counts)
        shared: dict[tuple[AbstractOptimizer, int], list[int]] = {}
        for lane, (spec, count) in enumerate(zip(specs, counts, strict=True)):
            if active[lane]:
                shared.setdefault((spec, count), []).append(lane)
        self._groups = [self._group(spec, tuple(lanes)) for (spec, _), lanes in shared.items()]

    def _group(self, spec: AbstractOptimizer, lanes: tuple[int, ...]) -> _Group:
        if isinstance(spec, Adam):
            return _AdamGroup(self, lanes, spec)
        if isinstance(spec, SGD):
            return _SGDGroup(self, lanes, spec)
        assert isinstance(spec, RMSprop)
        return _RMSpropGroup(self, lanes, spec)

    def update(self) -> None:
        """Make one update from ``gradients``."""
        for group in self._groups:
            group.advance()
            group.update()

    def updated_counts(self) -> list[int]:
        """Return how many updates each lane's state has seen."""
        counts = list(self.counts)
        for group in self._groups:
            for lane in group.lanes:
                counts[lane] = int(group.count)
        return counts

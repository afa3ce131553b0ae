"""The one place where samples become what the discriminator sees: in training, however it is computed, and in looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from ganviz.losses.inputs.base import AbstractInput

Normals = Mapping[str, Tensor]
"""Normal numbers for each kind of input, by its key: ``[n, *shape]``, or ``[lanes, n, *shape]`` for several seeds."""


@dataclass(slots=True)
class _Applied:
    """An input with its strength, which lies at a fixed place in memory, as a captured step needs."""

    spec: AbstractInput
    strength: Tensor
    value: float = 0.0

    def begin(self, step: int) -> None:
        value = self.spec.strength(step)
        if value != self.value:
            self.strength.fill_(value)
            self.value = value


class Inputs:
    """What all lanes' discriminators see; false where all see samples as they are.

    Parameters
    ----------
    groups : sequence of (tuple of AbstractInput, Tensor or None)
        The inputs of some lanes, in the order in which they are applied, with the numbers of these lanes; None for all.
    like : Tensor
        Of the samples' device and kind of number.

    Attributes
    ----------
    names : tuple of str
        The kinds that some lane has for which normal numbers are drawn.
    """

    def __init__(
        self, groups: Sequence[tuple[tuple[AbstractInput, ...], Tensor | None]], like: Tensor
    ) -> None:
        self._groups = [
            ([_Applied(spec, like.new_zeros(())) for spec in specs], index)
            for specs, index in groups
            if specs
        ]
        self.names = tuple(
            sorted({one.spec.key for applied, _ in self._groups for one in applied if one.spec.is_random})
        )

    def __bool__(self) -> bool:
        return bool(self._groups)

    def begin(self, step: int) -> None:
        """Give the inputs the strength that they have in the step after ``step`` others."""
        for applied, _ in self._groups:
            for one in applied:
                one.begin(step)

    def seen(self, samples: Tensor, normals: Normals) -> Tensor:
        """Return what is seen of ``[lanes, n, *shape]``; differentiable, and the very tensor where nothing is done."""
        for applied, index in self._groups:
            part = samples if index is None else samples[index]
            for one in applied:
                part = one.spec.seen(part, _numbers(normals, one, samples, index), one.strength)
            samples = part if index is None else samples.index_copy(0, index, part)
        return samples

    def slopes(self, slopes: Tensor, samples: Tensor, normals: Normals) -> Tensor:
        """Return the slopes at the samples from those at what is seen of them; the very tensor where they are equal."""
        for applied, index in self._groups:
            part, before = (slopes, samples) if index is None else (slopes[index], samples[index])
            given, back = part, []
            for one in applied:
                back.append((one, before))
                before = one.spec.seen(before, _numbers(normals, one, samples, index), one.strength)
            for one, before in reversed(back):
                part = one.spec.slopes(part, before, _numbers(normals, one, samples, index), one.strength)
            if part is not given:
                slopes = part if index is None else slopes.index_copy(0, index, part)
        return slopes


def _numbers(normals: Normals, one: _Applied, samples: Tensor, index: Tensor | None) -> Tensor:
    """Return an input's numbers: those that all lanes share, or of each lane of some; the samples where it has none."""
    if not one.spec.is_random:
        return samples
    numbers = normals[one.spec.key]
    return numbers if index is None or numbers.dim() < samples.dim() else numbers[index]


def split(normals: Normals, axis: int = 0) -> tuple[Normals, Normals]:
    """Return the first and the second half of the numbers; ``axis`` is that of the samples."""
    halves = {name: numbers.chunk(2, axis) for name, numbers in normals.items()}
    return {name: a for name, (a, _) in halves.items()}, {name: b for name, (_, b) in halves.items()}

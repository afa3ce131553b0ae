"""Many pairs of networks, a few at a time: what is at work stays in the processor's cache.

All lanes of a step are computed together, each call for all of them. From some number on, what one call leaves behind
is gone from the cache when the next one wants it; then it is faster to make the whole step for some lanes and after
that for others. A lane's numbers are the same: it does not depend on its neighbors.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from torch import Tensor

from ganviz.kernels.rooms import shared
from ganviz.training.config import RunConfig
from ganviz.training.memory_need import step_bytes
from ganviz.training.players import Counts, Players
from ganviz.training.scores import ScoreBlock
from ganviz.training.steps.base import AbstractStep, Sources
from ganviz.training.steps.method import Between, nothing

CACHE = 10 << 20
"""Bytes that a step may leave behind before it is parted; measured, and about what a processor has for one core."""
FEWEST = 4
"""Pairs of networks in a part: fewer pay more for their calls than they gain."""


def parts_of(config: RunConfig) -> list[range]:
    """Return the rows of each part; one where parts would gain nothing.

    They are of one formulation, so that all parts draw the same, and of one lane or of one seed.
    """
    n, settings = config.n_rows, config.training
    is_plain = len(config.lanes) == 1 or settings.seeds == 1
    if not is_plain or len({lane.formulation for lane in config.lanes}) > 1:
        return [range(n)]
    most = max(FEWEST, int(CACHE * n / step_bytes(config)))
    n_parts = -(-n // most)
    ends = [n * k // n_parts for k in range(n_parts + 1)]
    return [range(first, last) for first, last in itertools.pairwise(ends)]


def part_of(config: RunConfig, rows: range) -> RunConfig:
    """Return the run of some rows."""
    if config.training.seeds == 1:
        return dataclasses.replace(config, lanes=config.lanes[rows.start : rows.stop])
    training = dataclasses.replace(config.training, seed=config.seed_of(rows.start), seeds=len(rows))
    return dataclasses.replace(config, training=training)


class _Repeated:
    """A source that gives every part what the first one was given."""

    def __init__(self, source: Any) -> None:
        self._source, self._given, self._at = source, list[Any](), 0

    def repeat(self) -> None:
        """Begin anew: the next part asks."""
        self._at = 0

    def forget(self) -> None:
        """Let the next step's numbers be drawn."""
        self._given.clear()
        self._at = 0

    def _give(self, name: str, *arguments: Any) -> Any:
        if self._at == len(self._given):
            self._given.append(getattr(self._source, name)(*arguments))
        self._at += 1
        return self._given[self._at - 1]

    def take(self, *arguments: Any) -> Any:
        """Return what comes next."""
        return self._give("take", *arguments)

    def take_two(self) -> Any:
        """Return the next two batches."""
        return self._give("take_two")

    def share(self, interval: int) -> Any:
        """Return how much something of this interval counts."""
        return self._give("share", interval)

    def skip(self) -> None:
        """Leave this update's numbers out."""
        self._give("skip")

    def advance(self) -> None:
        """Go on to the next update."""
        self._give("advance")


class PartedStep:
    """Another way's steps, made for some rows after the others; parameters as of a step, and the parts.

    See :class:`ganviz.training.steps.method.Method`.
    """

    def __init__(
        self,
        cls: type[AbstractStep],
        config: RunConfig,
        players: Players,
        sources: Sources,
        block: ScoreBlock,
        device: str,
        parts: Sequence[range],
    ) -> None:
        self.name, self.is_differentiated = cls.name, cls.is_differentiated
        self.between: Between = nothing
        self._repeated: list[_Repeated] = []
        counts, given = players.counts(), self._given(sources)
        self._parts, memory = [], defaultdict[int, list[Tensor]](list)
        for rows in parts:
            own, some = part_of(config, rows), slice(rows.start, rows.stop)
            tensors = {name: tensor[some] for name, tensor in players.tensors.items()}
            theirs = {name: made[some] for name, made in counts.items()}
            seen = sources.of_rows(some)
            seen = given if seen is sources else dataclasses.replace(seen, updates=given.updates)
            with shared(memory[len(rows)]):  # parts of one size ask for the same rooms in the same order
                self._parts.append(
                    cls(
                        own,
                        Players(own, tensors, theirs, players.active[some]),
                        seen,
                        block.part(some),
                        device,
                    )
                )

    def _given(self, sources: Sources) -> Sources:
        """Return sources that give every part the same."""
        named = {one.name: _Repeated(getattr(sources, one.name)) for one in dataclasses.fields(Sources)}
        self._repeated += named.values()
        return Sources(**named)

    def counts(self) -> Counts:
        """Return each optimizer's number of updates, by row."""
        found = [part.counts() for part in self._parts]
        return {name: [n for counts in found for n in counts[name]] for name in found[0]}

    def begin(self, step: int) -> None:
        """Note that the step after ``step`` others comes next."""
        for part in self._parts:
            part.begin(step)

    def step(self, row: int) -> None:
        """Make one whole step."""
        for part in self._in_turn():
            part.step(row)

    def discriminator_step(self, row: int, *, is_applied: bool) -> None:
        """Make one discriminator update, or only measure it."""
        for part in self._in_turn():
            part.discriminator_step(row, is_applied=is_applied)

    def generator_step(self, row: int) -> None:
        """Make one generator update."""
        for part in self._in_turn():
            part.generator_step(row)

    def _in_turn(self) -> Iterator[AbstractStep]:
        """Yield the parts; each draws what the first one does, and the last one lets others in between updates."""
        for source in self._repeated:
            source.forget()
        self._parts[-1].between = self.between
        for part in self._parts:
            for source in self._repeated:
                source.repeat()
            yield part

"""Many pairs of networks, a few at a time: what is at work stays in the cache of the processor that works on it.

All lanes of a step are computed together, each call for all of them. From some number on, what one call leaves behind
is gone from the cache when the next one wants it; then it is faster to make the whole step for some lanes and after
that for others, and faster still to make it for both on two processors. A lane's numbers are the same: it does not
depend on its neighbors.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial

from torch import Tensor

from ganviz.kernels.crew import Crew, size
from ganviz.kernels.rooms import shared
from ganviz.training.config import RunConfig
from ganviz.training.memory_need import step_bytes
from ganviz.training.players import Counts, Players
from ganviz.training.scores import ScoreBlock
from ganviz.training.seed_streams import RunStreams, streams_of_rows
from ganviz.training.steps.base import AbstractStep
from ganviz.training.steps.method import Between, nothing

CACHE = 10 << 20
"""Bytes that a step may leave behind before it is parted; measured, and about what a processor has for one core."""
FEWEST = 4
"""Pairs of networks in a part: fewer pay more for their calls than they gain from the cache."""
WORTHWHILE = 3 << 20
"""Bytes that a part leaves behind for which another processor pays; for fewer, threads wait for each other."""


def parts_of(config: RunConfig) -> list[range]:
    """Return the rows of each part: several whole lanes, or some seeds of one. There is one where more gain nothing."""
    n, n_bytes, processors = config.n_rows, step_bytes(config), size()
    most = max(FEWEST, int(CACHE * n / n_bytes))
    n_parts = -(-n // most)
    if n_bytes >= processors * WORTHWHILE:
        n_parts = min(n, -(-n_parts // processors) * processors)
    n_seeds = config.training.seeds
    lanes = _even(range(len(config.lanes)), min(len(config.lanes), n_parts))
    parts = [range(some.start * n_seeds, some.stop * n_seeds) for some in lanes]
    each = math.ceil(n_parts / len(parts))
    return [part for rows in parts for part in _even(rows, min(len(rows), each))]


def _even(rows: range, n: int) -> list[range]:
    """Return ``n`` parts of almost equal length."""
    ends = [len(rows) * k // n for k in range(n + 1)]
    return [rows[first:last] for first, last in itertools.pairwise(ends)]


def part_of(config: RunConfig, rows: range) -> RunConfig:
    """Return the run of some whole lanes, or of some seeds of one."""
    n_seeds = config.training.seeds
    lanes = config.lanes[rows.start // n_seeds : -(-rows.stop // n_seeds)]
    n = len(rows) // len(lanes)
    first = config.seed_of(rows.start) if n < n_seeds else config.training.seed
    training = dataclasses.replace(config.training, seed=first, seeds=n)
    return dataclasses.replace(config, lanes=lanes, training=training)


class PartedStep:
    """Another way's steps, made for some rows after the others, and on several processors at once.

    Parameters as of a step, and the parts. No two of them draw from one stream: see
    :func:`ganviz.training.seed_streams.streams_of_rows`, and :class:`ganviz.training.steps.method.Method`.
    """

    def __init__(
        self,
        cls: type[AbstractStep],
        config: RunConfig,
        players: Players,
        streams: RunStreams,
        block: ScoreBlock,
        device: str,
        parts: Sequence[range],
    ) -> None:
        self.name, self.is_differentiated = cls.name, cls.is_differentiated
        self.between: Between = nothing
        counts, n_shares = players.counts(), min(size(), len(parts))
        memories = [defaultdict[object, list[Tensor]](list) for _ in range(n_shares)]
        self._parts = []
        for number, rows in enumerate(parts):
            own, some = part_of(config, rows), slice(rows.start, rows.stop)
            # Same memory, but autograd's count of changes is each part's own: another part may be at work.
            tensors = {name: tensor[some].data for name, tensor in players.tensors.items()}
            theirs = {name: made[some] for name, made in counts.items()}
            seen = streams_of_rows(own, streams, rows, device, players.generator.parameters.dtype)
            alike = len(rows), tuple(lane.formulation for lane in own.lanes)
            with shared(memories[number % n_shares][alike]):  # they ask for the same rooms in the same order
                them = Players(own, tensors, theirs, players.active[some])
                self._parts.append(cls(own, them, seen, block.part(some), device))
        # Each processor has memory of its own, and so parts of its own.
        self._shares, self._crew = [self._parts[number::n_shares] for number in range(n_shares)], Crew()

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
        self._make(lambda part: part.step(row))

    def discriminator_step(self, row: int, *, is_applied: bool) -> None:
        """Make one discriminator update, or only measure it."""
        self._make(lambda part: part.discriminator_step(row, is_applied=is_applied))

    def generator_step(self, row: int) -> None:
        """Make one generator update."""
        self._make(lambda part: part.generator_step(row))

    def put_latents_back(self) -> None:
        """Let the next update have the latents of the last one; no two parts draw from one stream."""
        for part in self._parts:
            part.put_latents_back()

    def _make(self, of: Callable[[AbstractStep], object]) -> None:
        """Do something with every part; the last one of this thread lets others in between its updates."""
        self._shares[0][-1].between = self.between

        def make(share: Sequence[AbstractStep]) -> None:
            for part in share:
                of(part)

        self._crew.run([partial(make, share) for share in self._shares])

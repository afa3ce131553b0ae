"""The random streams of a run: each seed's own; of several, what they give is stacked along a leading axis.

These take the place of the streams of one seed wherever a step draws: ``[batch, …]`` becomes ``[seeds, batch, …]``.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.sources import Sources
from ganviz.training.streams import (
    BatchStream,
    NamedStream,
    PlacedStream,
    Streams,
    UniformStream,
    UpdateCount,
)


class _Batches:
    """The batches of every seed; parameters as of the streams of :mod:`ganviz.training.streams`."""

    def __init__(self, streams: Sequence[Any]) -> None:
        self._streams = streams

    def take(self, *name: str) -> Tensor:
        """Return the next batches, ``[seeds, batch, …]``."""
        return torch.stack([stream.take(*name) for stream in self._streams])

    def take_two(self) -> Tensor:
        """Return each seed's next two batches one after the other, ``[seeds, 2 · batch, …]``."""
        return torch.stack([stream.take_two() for stream in self._streams])

    def put_back(self) -> None:
        """Let the batches that were taken last be the next ones, too."""
        for stream in self._streams:
            stream.put_back()

    def skip(self) -> None:
        """Leave this update's batches out."""
        for stream in self._streams:
            stream.skip()

    def advance(self) -> None:
        """Go on to the next update."""
        for stream in self._streams:
            stream.advance()


class _Uniforms(_Batches):
    """The uniform numbers of every seed."""

    def take(self, size: tuple[int, ...]) -> NDArray[np.float64]:  # type: ignore[override]
        """Return this update's numbers, ``size`` with the seeds along its first axis."""
        return np.concatenate([stream.take(size) for stream in self._streams])


@dataclass(frozen=True, slots=True)
class SeedStreams(Sources):
    """Sources of several seeds; ``each`` are the streams that they are made of, for saving and resuming."""

    updates: UpdateCount
    each: tuple[Streams, ...]


RunStreams = Streams | SeedStreams


def side_by_side(streams: Sequence[Streams]) -> SeedStreams:
    """Return what draws from several seeds' streams at once; updates are counted together."""
    updates = streams[0].updates
    each = tuple(dataclasses.replace(one, updates=updates) for one in streams)

    def of(name: str) -> _Batches:
        return _Batches([getattr(one, name) for one in each])

    return SeedStreams(
        of("real"), of("latents"), _Uniforms([one.penalty for one in each]), of("partners"), of("noise"),
        of("d_inputs"), of("g_inputs"), updates, each,
    )  # fmt: skip


def make_streams(config: RunConfig, device: str, dtype: torch.dtype) -> RunStreams:
    """Return the streams of a run at its start; those of several seeds side by side."""
    n = config.training.seeds
    each = [_streams_of_a_seed(config.with_seed(number), device, dtype) for number in range(n)]
    return each[0] if n == 1 else side_by_side(each)


def streams_of_rows(
    part: RunConfig, streams: RunStreams, rows: range, device: str, dtype: torch.dtype
) -> RunStreams:
    """Return what some rows draw from, beside others that draw at the same time.

    The first rows of a run draw from its own streams, so that these can be saved; those of its other lanes from copies
    that stand at the same place. ``part`` is the run of these rows alone.
    """
    each = streams.each if isinstance(streams, SeedStreams) else (streams,)
    n, first = part.training.seeds, rows.start % len(each)
    some = list(each[first : first + n])
    if rows.start >= len(each):
        some = [_copied(one, part.with_seed(number), device, dtype) for number, one in enumerate(some)]
    elif rows.start:
        some[0] = dataclasses.replace(some[0], updates=copy.copy(streams.updates))
    return some[0] if n == 1 else side_by_side(some)


def _copied(streams: Streams, config: RunConfig, device: str, dtype: torch.dtype) -> Streams:
    copies = _streams_of_a_seed(config, device, dtype)
    load_streams(copies, streams_state(streams))
    return copies


def _streams_of_a_seed(config: RunConfig, device: str, dtype: torch.dtype) -> Streams:
    seed, batch = config.training.seed, config.training.batch_size
    latents = config.latents

    def draw_latents(n: int, rng: np.random.Generator) -> Any:
        return latents.drawn.draw((n, latents.size), rng)

    n_numbers = int(np.prod(config.distribution.shape))
    real = BatchStream(config.distribution.learned, batch, n_numbers, [seed, 1], device, dtype)
    fake = BatchStream(draw_latents, batch, latents.size, [seed, 2], device, dtype)
    partners = PlacedStream(config.distribution.learned, batch, n_numbers, [seed, 4], device, dtype)

    def draw_noise(n: int, rng: np.random.Generator) -> Any:
        return rng.standard_normal((n, *config.distribution.shape), dtype=np.float32)

    noise = PlacedStream(draw_noise, batch, n_numbers, [seed, 5], device, dtype)
    # What is seen: of each player's own samples, then of what the other kind is compared with; a batch each.
    d_inputs, g_inputs = (
        NamedStream(draw_noise, 2 * batch, n_numbers, [seed, number], device, dtype) for number in (6, 7)
    )
    uniforms = UniformStream([seed, 3], config.training.n_scores)
    return Streams(real, fake, uniforms, partners, noise, d_inputs, g_inputs, UpdateCount())


def streams_state(streams: RunStreams) -> dict[str, Any]:
    """Return all random state as plain values."""
    if isinstance(streams, SeedStreams):
        return {"seeds": [streams_state(one) for one in streams.each]}
    return {field.name: getattr(streams, field.name).state() for field in dataclasses.fields(streams)}


def load_streams(streams: RunStreams, state: dict[str, Any]) -> None:
    """Go on where :func:`streams_state` was taken."""
    if isinstance(streams, SeedStreams):
        for one, kept in zip(streams.each, state["seeds"], strict=True):
            load_streams(one, kept)
        return
    for field in dataclasses.fields(streams):
        # Version 0.1 had nothing that needs a place besides batches and uniform numbers.
        getattr(streams, field.name).load_state(state.get(field.name, 0))

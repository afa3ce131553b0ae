"""Random streams of batches, drawn in blocks so that a step pays little, and resumable at any batch."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganviz.spec.frozen import dataclass
from ganviz.training.blocks import batches_in_a_block
from ganviz.training.sources import Sources

Draw = Callable[[int, np.random.Generator], NDArray[Any]]


def check_place(state: object) -> None:
    """Raise ValueError where something read from a file is no number of updates."""
    if type(state) is not int or state < 0:
        raise ValueError("a random stream cannot be at such a place")


class _Counted:
    """What depends on nothing but its place, the number of updates made, can be saved and resumed as that number."""

    def __init__(self) -> None:
        self._place = 0

    def advance(self) -> None:
        """Go on to the next update."""
        self._place += 1

    def state(self) -> int:
        """Return what :meth:`load_state` needs."""
        return self._place

    def load_state(self, state: int) -> None:
        """Continue exactly where ``state`` was taken."""
        check_place(state)
        self._place = state


class UpdateCount(_Counted):
    """The updates that discriminators have made since the run began; all lanes make them together."""

    def share(self, interval: int) -> float:
        """Return ``interval`` in every ``interval``-th update, beginning with the first, and 0 in the others."""
        return 0.0 if self._place % interval else float(interval)


class PlacedStream(_Counted):
    """Batches, each a function of the seed and the update's place alone.

    Those of a block are drawn together from a generator of the block's own, so that leaving them out costs nothing.

    Parameters
    ----------
    draw : callable
        ``draw(n, rng)`` → float array ``[n, …]`` of independent samples.
    batch_size, sample_size : int
        Samples in a batch; numbers in a sample.
    seed : sequence of int
    device, dtype
        Where batches are put.
    """

    def __init__(
        self, draw: Draw, batch_size: int, sample_size: int, seed: list[int], device: str, dtype: torch.dtype
    ) -> None:
        super().__init__()
        self._draw, self._batch_size, self._seed = draw, batch_size, seed
        self._n_batches = batches_in_a_block(batch_size, sample_size)
        self._device, self._dtype = device, dtype
        self._block = -1
        self._batches: tuple[Tensor, ...] = ()

    def take(self) -> Tensor:
        """Return this update's batch, ``[batch, …]``."""
        block, place = divmod(self._place, self._n_batches)
        if block != self._block:
            self._draw_block(block)
        self._place += 1
        return self._batches[place]

    def _draw_block(self, block: int) -> None:
        rng = np.random.default_rng([*self._seed, block])
        with torch.inference_mode(False):  # a block may outlive the way that steps are computed
            numbers = torch.from_numpy(self._draw(self._batch_size * self._n_batches, rng))
            self._batches = torch.split(numbers.to(self._device, self._dtype), self._batch_size)
        self._block = block

    def skip(self) -> None:
        """Leave this update's batch out."""
        self.advance()


class NamedStream(_Counted):
    """Batches, each a function of the seed, the update's place and a name alone; parameters as of PlacedStream."""

    def __init__(
        self, draw: Draw, batch_size: int, sample_size: int, seed: list[int], device: str, dtype: torch.dtype
    ) -> None:
        super().__init__()
        self._make = partial(PlacedStream, draw, batch_size, sample_size, device=device, dtype=dtype)
        self._seed = seed
        self._streams: dict[str, PlacedStream] = {}

    def take(self, name: str) -> Tensor:
        """Return this update's batch of that name, ``[batch, …]``."""
        if name not in self._streams:
            self._streams[name] = self._make(seed=[*self._seed, zlib.crc32(name.encode())])
        stream = self._streams[name]
        stream.load_state(self._place)
        return stream.take()


class UniformStream:
    """``batch_size`` numbers for each discriminator update, a function of the seed and the update's place alone.

    A lane's penalty at update n must not depend on whether another lane needed numbers before. Leaving them out costs
    nothing: PCG64 can jump, and each number takes one turn of it.

    Parameters
    ----------
    seed : sequence of int
    batch_size : int
    """

    def __init__(self, seed: list[int], batch_size: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(seed))
        self._rng = np.random.Generator(self._bits)
        self._batch_size, self._skipped = batch_size, 0

    def take(self, size: tuple[int, ...]) -> NDArray[np.float64]:
        """Return this update's numbers in an array of ``size``, which holds ``batch_size`` of them."""
        self._catch_up()
        return self._rng.random(size)

    def skip(self) -> None:
        """Leave this update's numbers out."""
        self._skipped += 1

    def _catch_up(self) -> None:
        if self._skipped:
            self._bits.advance(self._skipped * self._batch_size)
            self._skipped = 0

    def state(self) -> str:
        """Return what :meth:`load_state` needs, as text."""
        self._catch_up()
        return json.dumps(self._bits.state)

    def load_state(self, state: str) -> None:
        """Continue exactly where a stream of the same batch size was when ``state`` was taken."""
        self._bits.state = json.loads(state)
        self._skipped = 0


class BatchStream:
    """An endless sequence of batches.

    The sequence depends on the seed only, never on when it is looked at or saved: a block is drawn from the state
    noted at its start, and resuming draws it again.

    Parameters
    ----------
    draw : callable
        ``draw(n, rng)`` → float array ``[n, …]`` of independent samples.
    batch_size, sample_size : int
        Samples in a batch; numbers in a sample.
    seed : sequence of int
    device, dtype
        Where batches are put.
    """

    def __init__(
        self, draw: Draw, batch_size: int, sample_size: int, seed: list[int], device: str, dtype: torch.dtype
    ) -> None:
        self._draw = draw
        self._batch_size = batch_size
        self._n_batches = batches_in_a_block(batch_size, sample_size)
        self._device, self._dtype = device, dtype
        self._rng = np.random.default_rng(seed)
        self._start: dict[str, Any] = {}
        self._next_block()

    def _next_block(self) -> None:
        self._start = dict(self._rng.bit_generator.state)
        block = self._draw(self._batch_size * self._n_batches, self._rng)
        with torch.inference_mode(False):  # a block may outlive the way that steps are computed
            self._block = torch.from_numpy(block).to(self._device, self._dtype)
            self._batches = torch.split(self._block, self._batch_size)
        self._position = 0

    def take(self) -> Tensor:
        """Return the next batch, ``[batch, …]``; it stays valid until the stream moves to its next block."""
        if self._position == self._n_batches:
            self._next_block()
        self._position += 1
        return self._batches[self._position - 1]

    def take_two(self) -> Tensor:
        """Return the next two batches one after the other, ``[2 · batch, …]``."""
        if self._position + 2 <= self._n_batches:
            first = self._position * self._batch_size
            self._position += 2
            return self._block[first : first + 2 * self._batch_size]
        return torch.cat([self.take(), self.take()])

    def put_back(self) -> None:
        """Let the batch that was taken last be the next one, too; its block is still there."""
        self._position -= 1

    def state(self) -> dict[str, Any]:
        """Return what :meth:`load_state` needs, as plain data."""
        return {"start": json.dumps(self._start), "position": self._position}

    def load_state(self, state: dict[str, Any]) -> None:
        """Continue exactly where a stream with the same settings was when ``state`` was taken."""
        self._rng.bit_generator.state = json.loads(state["start"])
        self._next_block()
        position = int(state["position"])
        if not 0 <= position <= self._n_batches:
            raise ValueError("the position of a random stream lies outside its block")
        self._position = position


@dataclass(frozen=True, slots=True)
class Streams(Sources):
    """Sources that can be saved and resumed."""

    real: BatchStream
    latents: BatchStream
    penalty: UniformStream
    partners: PlacedStream
    noise: PlacedStream
    d_inputs: NamedStream
    g_inputs: NamedStream
    updates: UpdateCount

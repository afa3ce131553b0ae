"""A whole step as one CUDA graph: made call by call a few times, then captured, then replayed with a single launch.

A step of small networks is a hundred calls of a few microseconds each, which a GPU spends waiting for the host. A graph
holds the calls with their addresses: what a step reads and writes lies at fixed places, and nothing that changes from
step to step is left to Python.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

import torch
from torch import Tensor

from ganviz.kernels.copies import copy_all
from ganviz.training.config import RunConfig
from ganviz.training.players import Counts, Players
from ganviz.training.scores import BLOCK_STEPS, ScoreBlock
from ganviz.training.sources import Batches, Named, Placed, Share, Sources, Uniforms, Updates
from ganviz.training.steps.base import AbstractStep
from ganviz.training.steps.method import Between, nothing

log = logging.getLogger("ganviz")

WARM_UP_STEPS = 3
"""Steps made call by call first, so that libraries have set themselves up before their calls are captured."""

Work = Callable[[], object]


class Recorder(Protocol):
    """What can turn work into something to be repeated; it raises RuntimeError where it cannot."""

    def run(self, work: Work) -> None:
        """Do work as it will be captured."""

    def capture(self, work: Work) -> Work:
        """Return what repeats the work's calls on the same memory; nothing is computed yet."""


class CudaRecorder:
    """CUDA graphs, captured on a stream of their own, as capturing demands."""

    def __init__(self) -> None:
        self._stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]

    def run(self, work: Work) -> None:
        """Do work on that stream, in order with everything else."""
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            work()
        torch.cuda.current_stream().wait_stream(self._stream)

    def capture(self, work: Work) -> Work:
        """Return the graph's replay."""
        graph = torch.cuda.CUDAGraph()
        # The outer block leaves the stream also where the inner one fails at its end.
        with torch.cuda.stream(self._stream), torch.cuda.graph(graph, stream=self._stream):
            work()
        return graph.replay


class Feed:
    """Puts what a step draws at fixed places.

    A step asks for the same things in the same order each time: the first one is noted, and for the others
    :meth:`load` draws everything ahead.
    """

    def __init__(self, sources: Sources, device: str) -> None:
        self.sources = Sources(
            _FedBatches(self, sources.real),
            _FedBatches(self, sources.latents),
            _FedUniforms(self, sources.penalty, device),
            _FedPlaced(self, sources.partners, device),
            _FedPlaced(self, sources.noise, device),
            _FedNamed(self, sources.d_inputs, device),
            _FedNamed(self, sources.g_inputs, device),
            _FedUpdates(self, sources.updates, device),
        )
        self._draws: list[Callable[[], Tensor]] = []
        self._places: list[Tensor] = []
        self._position = 0

    def load(self) -> None:
        """Draw for the next step."""
        if self._draws:
            copy_all(self._places, [draw() for draw in self._draws])

    def rewind(self) -> None:
        """Hand everything out from the beginning."""
        self._position = 0

    def next(self, draw: Callable[[], Tensor]) -> Tensor:
        """Return what was drawn ahead in this place of the step's order."""
        if self._position == len(self._places):
            self._draws.append(draw)
            self._places.append(draw().clone())
        self._position += 1
        return self._places[self._position - 1]


class _FedBatches:
    def __init__(self, feed: Feed, batches: Batches) -> None:
        self.take = partial(feed.next, batches.take)
        self.take_two = partial(feed.next, batches.take_two)
        self.put_back = batches.put_back


class _FedUniforms:
    def __init__(self, feed: Feed, uniforms: Uniforms, device: str) -> None:
        self._feed, self._uniforms, self._device = feed, uniforms, device

    def take(self, size: tuple[int, ...]) -> Tensor:
        return self._feed.next(lambda: torch.as_tensor(self._uniforms.take(size), device=self._device))

    def skip(self) -> Tensor:
        """Skip with each replay too: what is not fed would be skipped only while the step is captured."""
        return self._feed.next(self._skipped)

    def _skipped(self) -> Tensor:
        self._uniforms.skip()
        return torch.zeros((), device=self._device)


class _FedPlaced:
    def __init__(self, feed: Feed, batches: Placed, device: str) -> None:
        self._batches, self._device = batches, device
        self.take = partial(feed.next, batches.take)
        self.skip = partial(feed.next, self._skipped)

    def _skipped(self) -> Tensor:
        self._batches.skip()
        return torch.zeros((), device=self._device)


class _FedNamed:
    def __init__(self, feed: Feed, batches: Named, device: str) -> None:
        self._feed, self._batches, self._device = feed, batches, device
        self.advance = partial(feed.next, self._advanced)

    def take(self, name: str) -> Tensor:
        return self._feed.next(partial(self._batches.take, name))

    def _advanced(self) -> Tensor:
        self._batches.advance()
        return torch.zeros((), device=self._device)


class _FedUpdates:
    """What depends on an update's number is fed as a factor: a captured step computes the same things each time."""

    def __init__(self, feed: Feed, updates: Updates, device: str) -> None:
        self._feed, self._updates, self._device = feed, updates, device
        self.advance = partial(feed.next, self._advanced)

    def share(self, interval: int) -> Share:
        return 1.0 if interval == 1 else self._feed.next(partial(self._share, interval))

    def _share(self, interval: int) -> Tensor:
        return torch.as_tensor(self._updates.share(interval), device=self._device)

    def _advanced(self) -> Tensor:
        self._updates.advance()
        return torch.zeros((), device=self._device)


class CapturedStep:
    """Another way's whole steps, captured; half steps are made call by call.

    Where capturing fails, the log says so and every step is made call by call. Parameters as of a step, and what
    captures; see :class:`ganviz.training.steps.method.Method`.
    """

    is_differentiated = True

    def __init__(
        self,
        cls: type[AbstractStep],
        config: RunConfig,
        players: Players,
        sources: Sources,
        block: ScoreBlock,
        device: str,
        make_recorder: Callable[[], Recorder] = CudaRecorder,
    ) -> None:
        self.name = cls.name
        self.between: Between = nothing
        self._by_call = cls(config, players, sources, block, device)
        self._feed = Feed(sources, device)
        own = ScoreBlock(players.n_lanes, config.training.n_scores, device, block.d_scores.dtype)
        self._fed = cls(config, players, self._feed.sources, own, device)
        self._left = own.row(0)
        self._rows = [block.row(row) for row in range(BLOCK_STEPS)]
        self._warm_ups = WARM_UP_STEPS
        self._replay: Work | None = None
        self._recorder: Recorder | None = None
        try:
            self._recorder = make_recorder()
        except RuntimeError as error:
            self._give_up(error)

    @property
    def is_captured(self) -> bool:
        """Return whether steps are replayed."""
        return self._replay is not None

    def begin(self, step: int) -> None:
        """Note which step comes next, outside of what is captured."""
        self._by_call.between = self.between
        self._by_call.begin(step)
        self._fed.begin(step)

    def step(self, row: int) -> None:
        """Make one whole step."""
        if self._recorder is None:
            self._by_call.step(row)
            return
        self._feed.load()
        if self._replay is not None:
            self._replay()
        elif self._warm_ups:
            self._warm_ups -= 1
            self._recorder.run(self._work)
        else:
            self._first_replay(self._recorder)
        copy_all(self._rows[row], self._left)

    def _first_replay(self, recorder: Recorder) -> None:
        try:
            self._replay = recorder.capture(self._work)
        except RuntimeError as error:
            self._give_up(error)
            self._work()
        else:
            self._replay()

    def _work(self) -> None:
        self._feed.rewind()
        self._fed.step(0)

    def _give_up(self, error: RuntimeError) -> None:
        self._recorder = None
        log.warning(
            "The %s step could not be captured in a CUDA graph; it runs call by call: %s", self.name, error
        )

    def discriminator_step(self, row: int, *, is_applied: bool) -> None:
        """Make one discriminator update, or only measure it, call by call."""
        self._by_call.discriminator_step(row, is_applied=is_applied)

    def generator_step(self, row: int) -> None:
        """Make one generator update, call by call."""
        self._by_call.generator_step(row)

    def put_latents_back(self) -> None:
        """Let the next update have the latents of the last one."""
        self._by_call.put_latents_back()

    def counts(self) -> Counts:
        """Return how many updates each player's optimizer has made, by row."""
        return self._by_call.counts()

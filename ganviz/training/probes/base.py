"""What a reading is, and what a probe may see.

A *probe* is a frozen spec of something to measure; the *reading* it takes is a frozen value of NumPy arrays that own
their memory and cannot be written. Looking does not disturb: a probe draws from its own generator, made anew from the
run's seed at each look, and leaves parameters, buffers and training generators as they are.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.data.base import AbstractDistribution
    from ganviz.training.config import Latents, RunConfig
    from ganviz.training.history import History

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """A measurement; every array field owns its memory and is marked not writeable.

    Attributes
    ----------
    step : int
        The step whose state was read; -1 where nobody noted it.
    """

    step: int = dataclasses.field(default=-1, kw_only=True)

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                owned = value if value.flags.owndata and value.flags.c_contiguous else value.copy(order="C")
                owned.setflags(write=False)
                object.__setattr__(self, field.name, owned)


@dataclass(frozen=True, slots=True)
class Seeds:
    """Several seeds of one run: its whole configuration, its history with a row for each lane and seed, each seed."""

    run: RunConfig
    read_history: Callable[[], History]
    subject: Callable[[int], Subject]


def as_it_is(samples: Tensor) -> Tensor:
    """Return the samples: what is shown, or seen, where nothing is done to them."""
    return samples


@dataclass(frozen=True, slots=True)
class Subject:
    """What probes may see of a run, at one step; samples are in the data's own units, standardized or not.

    Attributes
    ----------
    config : RunConfig
    step : int
        Steps done.
    generator : callable
        Latents ``[lanes, batch, latent]`` → samples ``[lanes, batch, *shape]``: the shown generator (the running
        average where that is on), in evaluation mode.
    discriminator : callable
        What it sees, ``[lanes, n, *judged_shape]`` → raw scores ``[lanes, n]``, in evaluation mode; where it judges
        samples in packs, a sample ``[lanes, n, *shape]`` stands for a pack of copies of itself. NaN in lanes where no
        discriminator plays.
    seen : callable
        Samples ``[lanes, batch, *shape]`` and a number, which tells looks at independent batches apart → what the
        discriminator sees of them in the step that comes next, in packs of whole samples; differentiable.
    read_history : callable
        Returns every step's scalars up to now.
    real_scores, fake_scores : ndarray or None
        ``[lanes, batch]``: the scores of the last discriminator update; None before the first.
    device : str
        "cpu" or "cuda": where tensors given to the networks must live.
    trained : callable
        Latents ``[lanes, batch, latent]`` → the weights of the generator that is trained (never a running average),
        ``[lanes, parameters]``, a copy that gradients can be taken with respect to, and its samples of them with the
        statistics of this batch, as in training.
    clear : callable
        Samples ``[lanes, batch, *shape]`` → what the discriminator would see of them without noise, one by one.
    seeds : Seeds or None
        The run's other seeds, where it has several: a subject is one seed's run, as if it had been trained alone.
    earlier : callable or None
        A step → what could be seen at the keyframe at or before it; None where no keyframes are known.
    """

    config: RunConfig
    step: int
    generator: Callable[[Tensor], Tensor]
    discriminator: Callable[[Tensor], Tensor]
    seen: Callable[[Tensor, int], Tensor]
    read_history: Callable[[], History]
    real_scores: FloatArray | None
    fake_scores: FloatArray | None
    device: str
    trained: Callable[[Tensor], tuple[Tensor, Tensor]]
    clear: Callable[[Tensor], Tensor] = as_it_is
    seeds: Seeds | None = None
    earlier: Callable[[int], Subject] | None = None

    @property
    def n_seeds(self) -> int:
        """Return how many seeds the run has; what is seen here is of one of them."""
        return 1 if self.seeds is None else self.seeds.run.training.seeds

    @property
    def n_lanes(self) -> int:
        """Return the number of lanes."""
        return len(self.config.lanes)

    @property
    def run(self) -> RunConfig:
        """Return the configuration of the run with all its seeds."""
        return self.config if self.seeds is None else self.seeds.run

    def each_seed(self) -> list[Subject]:
        """Return every seed's run; this one alone where the run has no other."""
        return [self] if self.seeds is None else [self.seeds.subject(i) for i in range(self.n_seeds)]

    def rng(self, stream: int) -> np.random.Generator:
        """Return a generator that depends on the run's seed and ``stream`` only: the same at every look."""
        return probe_rng(self.config, stream)

    def latents(self, n: int) -> Tensor:
        """Return the fixed latents that looks share, ``[lanes, n, latent]``, alike in every lane."""
        one = fixed_latents(self.config, n).to(self.device)
        return one.expand(self.n_lanes, *one.shape)

    def scores(self, samples: Tensor, number: int) -> Tensor:
        """Return the discriminator's scores of samples as it sees them, one a pack; ``number`` as of :attr:`seen`."""
        return self.discriminator(self.seen(samples, number))

    def scores_at(self, places: Tensor) -> Tensor:
        """Return the discriminator's scores of samples ``[lanes, n, *shape]`` that lie just there, without noise."""
        return self.discriminator(self.clear(places))

    def real(self, n: int, stream: int = 1) -> FloatArray:
        """Return ``n`` real samples, ``[n, *shape]``, the same at every look."""
        data = self.config.distribution
        return _real(data, data.version, self.config.training.seed, n, stream).copy()

    def both(self, n: int) -> tuple[Tensor, Tensor]:
        """Return real samples, given to every lane, and as many generated ones, ``[lanes, n, *shape]`` each."""
        import torch

        with torch.no_grad():
            generated = self.generator(self.latents(n))
        real = torch.from_numpy(self.real(n)).to(generated)
        return real.expand(self.n_lanes, *real.shape), generated


def probe_rng(config: RunConfig, *stream: int) -> np.random.Generator:
    """Return a generator that depends on the run's seed and ``stream`` only."""
    return _rng(config.training.seed, *stream)


def _rng(seed: int, *stream: int) -> np.random.Generator:
    return np.random.default_rng([seed, 0x9E37, *stream])


@lru_cache(maxsize=8)
def _real(data: AbstractDistribution, version: int, seed: int, n: int, stream: int) -> FloatArray:
    """Return real samples; ``version`` is that of the file that they are from, which may change."""
    return data.sample(n, _rng(seed, stream))


def fixed_latents(config: RunConfig, n: int, stream: int = 0) -> Tensor:
    """Return ``n`` latents, ``[n, latent]``, float32, the same at every look; those that looks share by default."""
    import torch

    return torch.from_numpy(_latents(config.latents, config.training.seed, n, stream).copy())


@lru_cache(maxsize=16)
def _latents(spec: Latents, seed: int, n: int, stream: int) -> FloatArray:
    return spec.drawn.draw((n, spec.size), _rng(seed, stream), np.float64).astype(np.float32)


@dataclass(frozen=True, slots=True)
class AbstractProbe(abc.ABC):
    """A frozen spec of one measurement.

    While a run trains, a probe is used at most once in ``min_interval_s``, and less often where it is costly: at most
    ``most_share`` of the time goes into it, and so much as is written here into all that have no larger share of their
    own. Snapshots in between come without it.
    """

    min_interval_s: ClassVar[float] = 0.0
    most_share: ClassVar[float] = 1 / 25

    def supports(self, config: RunConfig) -> bool:
        """Return whether the measurement has a meaning for this run; for every one where a probe says nothing."""
        return True

    def prepare(self, config: RunConfig) -> None:  # noqa: B027 (most have nothing to make)
        """Make what is made once for these data, before a measurement; its time is not that of the measurement."""

    @abc.abstractmethod
    def measure(self, subject: Subject) -> Any:
        """Return the reading, a :class:`Reading` of this probe's own class."""

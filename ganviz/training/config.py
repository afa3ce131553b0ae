"""What a run is made of, as one frozen value: the lanes and everything they share."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

from ganviz.data import DISTRIBUTIONS
from ganviz.data.base import AbstractDistribution
from ganviz.data.gaussians import Ring
from ganviz.losses.adversarial.facts import NOWHERE, Equilibrium
from ganviz.losses.formulation import Formulation
from ganviz.losses.presets import Names, named_formulation, title_of
from ganviz.networks import ARCHITECTURES
from ganviz.networks.base import AbstractArchitecture
from ganviz.networks.latents import LATENTS
from ganviz.networks.latents.base import AbstractLatents
from ganviz.networks.mlp import MLP
from ganviz.spec import InvalidValueError, Plain, Spec, choice, needs_restart, param, part, spec_from_plain
from ganviz.spec.frozen import dataclass
from ganviz.training.lane_titles import lane_titles
from ganviz.training.optimizers import OPTIMIZERS, AbstractOptimizer, Adam
from ganviz.training.rules import RULES, AbstractRule, Alternating

MAX_LANES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Latents(Spec):
    """The generator's input z."""

    title: ClassVar[str] = "Latents"

    size: int = param(
        2, "Latent size", "Dimensions of z. With 2 the latent map shows all of it.", low=1, high=1024
    )
    distribution: str = param(
        "normal",
        "Latent distribution",
        "N(0, 1) or U(-1, 1) in each dimension.",
        choices=LATENTS,
    )

    @property
    def drawn(self) -> AbstractLatents:
        """Return the distribution itself."""
        return LATENTS[self.distribution]()


@dataclass(frozen=True, slots=True)
class LaneConfig(Spec):
    """What may differ between lanes: one generator–discriminator pair's own choices."""

    formulation: Formulation = part(
        Formulation,
        named_formulation("non_saturating"),
        "Formulation",
        "A named formulation: loss, penalties and constraint at once.",
        named=Names(),
        live=True,
    )
    label: str = param("", "Label", "The name of a lane in legends and files.", longest=60, live=True)
    generator_optimizer: AbstractOptimizer = choice(
        OPTIMIZERS,
        Adam(learning_rate=2e-3),
        "Generator's optimizer",
        "The optimizer.",
        keeps_shared=True,
        live=True,
    )
    discriminator_optimizer: AbstractOptimizer = choice(
        OPTIMIZERS,
        Adam(learning_rate=2e-3),
        "Discriminator's optimizer",
        "The optimizer.",
        keeps_shared=True,
        live=True,
    )
    seed: int = param(
        0,
        "Seed",
        "Added to training.seed for the first weights of a lane; lanes with the same number start equal.",
        low=0,
        high=2**31 - 1,
        noun="a whole number",
    )

    @property
    def called(self) -> str:
        """Return the label, or the formulation's title where there is none; other lanes may be called alike."""
        return self.label or title_of(self.formulation)

    @property
    def has_discriminator(self) -> bool:
        """Return whether D plays."""
        return self.formulation.loss.has_discriminator


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSettings(Spec):
    """The numbers of the training loop (Goodfellow et al. 2014, Algorithm 1) that all lanes share."""

    title: ClassVar[str] = "Training"

    batch_size: int = param(
        128, "Batch size", "Samples in each real and each fake batch. Restarts the run.", low=1, high=65536
    )
    packing: int = param(
        1, "Packing m",
        "Samples of one kind that D judges together (PacGAN): more than 1 lets it see diversity. Restarts the run.",
        low=1, high=4,
    )  # fmt: skip
    rule: AbstractRule = choice(
        RULES,
        Alternating(),
        "Rule",
        "Who moves when: D and then G, both at once, or both after a look one step ahead.",
        live=True,
    )
    d_steps: int = param(
        1, "D steps per G step",
        "Updates of D for each of G (k_D), on fresh batches. More change little on soft modes, much on narrow ones.",
        low=1, high=100, live=True,
    )  # fmt: skip
    g_steps: int = param(
        1, "G updates per step",
        "Updates of the generator G in each step (k_G), on fresh batches; all but the first are made alone, after D's.",
        low=1, high=100, live=True,
    )  # fmt: skip
    fresh_latents: bool = param(
        True,
        "Fresh latents for G",
        "On: G is judged on new latents (the paper). Off: on the batch that D has just seen.",
        live=True,
    )
    ema_decay: float = param(
        0.0, "EMA decay", "Shows the running average of G's weights; 0 shows G itself.",
        low=0, high=0.999999, live=True,
    )  # fmt: skip
    seed: int = param(
        0,
        "Seed",
        "Decides weights, data and latents. Same seed, same run. Restarts the run.",
        low=0,
        high=2**31 - 1,
    )
    seeds: int = param(
        1,
        "Seeds",
        "How many seeds train side by side, from the seed on; curves become bands. Restarts the run.",
        low=1,
        high=MAX_LANES,
    )
    device: str = param(
        "auto",
        "Device",
        "Where tensors live; auto takes the GPU when there is one.",
        choices=("auto", "cpu", "cuda"),
    )
    metrics_every: int = param(
        1000,
        "Metrics every",
        "Steps from one measurement of the samples to the next, sooner at first, kept for curves; 0 measures none.",
        low=0,
        high=10_000_000,
        live=True,
    )
    threads: int = param(
        1,
        "Threads",
        "CPU threads of one operation; small networks are fastest with 1.",
        low=1,
        high=256,
        live=True,
    )

    def __post_init__(self) -> None:
        Spec.__post_init__(self)
        if self.batch_size % self.packing:
            raise InvalidValueError(
                f"batch_size must be a multiple of packing, {self.packing}, not {self.batch_size}."
            )
        if self.seed + self.seeds > 2**31:
            raise InvalidValueError(
                f"{self.seeds} seeds from {self.seed} on go beyond the last one, {2**31 - 1}."
            )

    @property
    def n_scores(self) -> int:
        """Return how many scores D gives for one batch: one for all samples of a pack."""
        return self.batch_size // self.packing


@dataclass(frozen=True, slots=True)
class RunConfig(Spec):
    """One run: its lanes and what they share.

    Raises
    ------
    InvalidValueError
        When there is no lane or too many, or the architecture cannot make the data.
    """

    lanes: tuple[LaneConfig, ...] = part(
        LaneConfig, (LaneConfig(),), "Lanes", "Pairs of networks that train side by side.", is_many=True
    )
    distribution: AbstractDistribution = choice(DISTRIBUTIONS, Ring(), "Distribution", "The distribution.")
    architecture: AbstractArchitecture = choice(ARCHITECTURES, MLP(), "Architecture", "The architecture.")
    latents: Latents = part(Latents, Latents(), "Latents", "The generator's input z.")
    training: TrainingSettings = part(
        TrainingSettings, TrainingSettings(), "Training", "The loop around both updates."
    )

    def __post_init__(self) -> None:
        Spec.__post_init__(self)
        if not 1 <= len(self.lanes) <= MAX_LANES:
            raise InvalidValueError(f"A run has between 1 and {MAX_LANES} lanes, not {len(self.lanes)}.")
        if self.n_rows > MAX_LANES:
            raise InvalidValueError(
                f"Lanes times seeds may be {MAX_LANES} at most, not {len(self.lanes)} × {self.training.seeds}."
            )
        self.architecture.check_supports(self.distribution.shape)
        without_d = next((lane for lane in self.lanes if not lane.has_discriminator), None)
        if without_d is not None and self.training.batch_size < 2:
            raise InvalidValueError(
                f"{title_of(without_d.formulation)} compares pairs: batch_size must be at least 2, not 1."
            )

    @property
    def n_rows(self) -> int:
        """Return how many pairs of networks train: one for each lane and seed."""
        return len(self.lanes) * self.training.seeds

    @property
    def rows(self) -> tuple[LaneConfig, ...]:
        """Return the lane of each pair of networks: a lane's seeds one after the other, then the next lane's."""
        return tuple(lane for lane in self.lanes for _ in range(self.training.seeds))

    def lane_rows(self, lane: int) -> range:
        """Return which pairs of networks are a lane's, one for each seed."""
        return range(lane * self.training.seeds, (lane + 1) * self.training.seeds)

    def seed_of(self, row: int) -> int:
        """Return the seed that a pair of networks draws everything from."""
        return self.training.seed + row % self.training.seeds

    def with_seed(self, row: int) -> RunConfig:
        """Return the run of a row's seed alone; the very same where there is but one."""
        if self.training.seeds == 1:
            return self
        training = dataclasses.replace(self.training, seed=self.seed_of(row), seeds=1)
        return dataclasses.replace(self, training=training)

    def with_other_seeds(self) -> RunConfig:
        """Return the run with seeds that it has not had."""
        n = self.training.seeds
        seed = (self.training.seed + n) % (2**31 + 1 - n)
        return dataclasses.replace(self, training=dataclasses.replace(self.training, seed=seed))

    @property
    def judged_shape(self) -> tuple[int, ...]:
        """Return the shape of what D gives one score for: samples of a pack one after the other."""
        first, *rest = self.distribution.shape
        return (self.training.packing * first, *rest)

    def needs_restart(self, other: RunConfig) -> bool:
        """Return whether changing from this configuration to ``other`` cannot be done between two steps."""
        return needs_restart(self, other)

    def equilibrium(self, lane: int) -> Equilibrium:
        """Return where a lane's curves stand when the game is over: its formulation's values, as the rule has them."""
        game = self.lanes[lane].formulation
        return self.training.rule.equilibrium(game.loss) if game.has_equilibrium else NOWHERE

    def lane_title(self, lane: int) -> str:
        """Return what a lane is called, with its number where another one is called alike (see :mod:`lane_titles`)."""
        return lane_titles(self.lanes)[lane]

    def shown_title(self, lane: int) -> str:
        """Return a lane's title where one pair of networks is shown: with its seed, the first one, of several."""
        return self.row_title(self.lane_rows(lane).start)

    def row_title(self, row: int) -> str:
        """Return the title of a pair of networks: its lane's, with the seed where there are several."""
        lane, seeds = row // self.training.seeds, self.training.seeds
        return self.lane_title(lane) + (f", seed {self.seed_of(row)}" if seeds > 1 else "")


def config_from_plain(plain: Plain) -> RunConfig:
    """Make a configuration from :meth:`RunConfig.to_plain`'s form; what is missing takes its default.

    Raises
    ------
    InvalidValueError
        With the path of the field that cannot be used and what is allowed there.
    """
    if not isinstance(plain, Mapping):
        raise InvalidValueError(f"config must be an object, not {plain!r}.")
    return spec_from_plain(RunConfig, plain, "")

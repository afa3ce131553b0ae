"""What a run is made of, as one frozen value: the lanes and everything they share."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ganviz.data import DISTRIBUTIONS
from ganviz.data.base import AbstractDistribution
from ganviz.data.gaussians import Ring
from ganviz.losses.formulation import Formulation, formulation_from_plain
from ganviz.losses.presets import named_formulation
from ganviz.networks import ARCHITECTURES
from ganviz.networks.base import AbstractArchitecture
from ganviz.networks.mlp import MLP
from ganviz.spec import InvalidValueError, Plain, Spec, UnknownKeyError, param, spec_from_plain
from ganviz.training.optimizers import OPTIMIZERS, AbstractOptimizer, Adam

MAX_LANES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Latents(Spec):
    """The generator's input z."""

    key: ClassVar[str] = "latents"
    title: ClassVar[str] = "Latents"

    size: int = param(
        2, "Latent size", "Dimensions of z. With 2 the latent map shows all of it.", low=1, high=1024
    )
    distribution: str = param(
        "normal",
        "Latent distribution",
        "N(0, 1) or U(-1, 1) in each dimension.",
        choices=("normal", "uniform"),
    )


@dataclass(frozen=True, slots=True)
class LaneConfig:
    """What may differ between lanes: one generator–discriminator pair's own choices.

    ``seed`` is added to the run's seed for the initial weights: 0 starts a lane from the same weights as its peers.
    """

    formulation: Formulation
    label: str = ""
    generator_optimizer: AbstractOptimizer = field(default_factory=lambda: Adam(learning_rate=2e-3))
    discriminator_optimizer: AbstractOptimizer = field(default_factory=lambda: Adam(learning_rate=2e-3))
    seed: int = 0

    def to_plain(self) -> dict[str, Plain]:
        """Return the lane as JSON carries it."""
        return {
            "label": self.label,
            "formulation": self.formulation.to_plain(),
            "generator_optimizer": self.generator_optimizer.to_plain(),
            "discriminator_optimizer": self.discriminator_optimizer.to_plain(),
            "seed": self.seed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSettings(Spec):
    """The numbers of the training loop (Goodfellow et al. 2014, Algorithm 1) that all lanes share."""

    key: ClassVar[str] = "training"
    title: ClassVar[str] = "Training"

    batch_size: int = param(
        128, "Batch size", "Samples in each real and each fake batch. Restarts the run.", low=1, high=65536
    )
    d_steps: int = param(
        1,
        "D steps per G step",
        "Updates of D before each update of G, each on fresh batches.",
        low=1,
        high=100,
    )
    fresh_latents: bool = param(
        True,
        "Fresh latents for G",
        "On: G is judged on new latents (the paper). Off: on the batch D has just seen, with D updated.",
    )
    ema_decay: float = param(
        0.0, "EMA decay", "Shows the running average of G's weights; 0 shows G itself.", low=0, high=0.999999
    )
    seed: int = param(
        0,
        "Seed",
        "Decides weights, data and latents. Same seed, same run. Restarts the run.",
        low=0,
        high=2**31 - 1,
    )
    device: str = param(
        "auto",
        "Device",
        "Where tensors live; auto takes the GPU when there is one.",
        choices=("auto", "cpu", "cuda"),
    )
    threads: int = param(
        1, "Threads", "CPU threads of one operation; small networks are fastest with 1.", low=1, high=256
    )


LIVE_TRAINING = ("d_steps", "fresh_latents", "ema_decay", "threads")
"""Fields of :class:`TrainingSettings` that take effect without a restart."""


@dataclass(frozen=True, slots=True)
class RunConfig:
    """One run: its lanes and what they share.

    Raises
    ------
    InvalidValueError
        When there is no lane or too many, or the architecture cannot make the data.
    """

    lanes: tuple[LaneConfig, ...] = field(
        default_factory=lambda: (LaneConfig(named_formulation("non_saturating")),)
    )
    distribution: AbstractDistribution = field(default_factory=Ring)
    architecture: AbstractArchitecture = field(default_factory=MLP)
    latents: Latents = field(default_factory=Latents)
    training: TrainingSettings = field(default_factory=TrainingSettings)

    def __post_init__(self) -> None:
        if not 1 <= len(self.lanes) <= MAX_LANES:
            raise InvalidValueError(f"A run has between 1 and {MAX_LANES} lanes, not {len(self.lanes)}.")
        self.architecture.check_supports(self.distribution.shape)

    def to_plain(self) -> dict[str, Plain]:
        """Return the configuration as JSON carries it; :func:`config_from_plain` reads it back."""
        return {
            "lanes": [lane.to_plain() for lane in self.lanes],
            "distribution": self.distribution.to_plain(),
            "architecture": self.architecture.to_plain(),
            "latents": _fields(self.latents),
            "training": _fields(self.training),
        }

    def needs_restart(self, other: RunConfig) -> bool:
        """Return whether changing from this configuration to ``other`` cannot be done between two steps."""
        shared = (self.distribution, self.architecture, self.latents, _frozen_training(self.training))
        others = (other.distribution, other.architecture, other.latents, _frozen_training(other.training))
        seeds = [lane.seed for lane in self.lanes] != [lane.seed for lane in other.lanes]
        return shared != others or seeds

    def lane_title(self, lane: int) -> str:
        """Return a lane's label, or its formulation's title where it has none."""
        from ganviz.losses.presets import title_of

        return self.lanes[lane].label or title_of(self.lanes[lane].formulation)


def _frozen_training(training: TrainingSettings) -> tuple[Any, ...]:
    names = [f.name for f in dataclasses.fields(training) if f.name not in LIVE_TRAINING]
    return tuple(getattr(training, name) for name in names)


def _fields(spec: Spec) -> dict[str, Plain]:
    plain = spec.to_plain()
    del plain["kind"]
    return plain


def config_from_plain(plain: Plain) -> RunConfig:
    """Make a configuration from :meth:`RunConfig.to_plain`'s form; what is missing takes its default.

    Raises
    ------
    InvalidValueError
        With the path of the field that cannot be used and what is allowed there.
    """
    fields = _object(plain, "config", ("lanes", "distribution", "architecture", "latents", "training"))
    made: dict[str, Any] = {}
    if "lanes" in fields:
        if not isinstance(fields["lanes"], list):
            raise InvalidValueError(f"lanes must be a list, not {fields['lanes']!r}.")
        made["lanes"] = tuple(lane_from_plain(lane, f"lanes.{i}") for i, lane in enumerate(fields["lanes"]))
    if "distribution" in fields:
        made["distribution"] = DISTRIBUTIONS.from_plain(fields["distribution"], "distribution")
    if "architecture" in fields:
        made["architecture"] = ARCHITECTURES.from_plain(fields["architecture"], "architecture")
    for name, cls in (("latents", Latents), ("training", TrainingSettings)):
        if name in fields:
            if not isinstance(fields[name], Mapping):
                raise InvalidValueError(f"{name} must be an object, not {fields[name]!r}.")
            made[name] = spec_from_plain(cls, fields[name], name)
    return RunConfig(**made)


def lane_from_plain(plain: Plain, path: str) -> LaneConfig:
    """Make a lane from :meth:`LaneConfig.to_plain`'s form; raise InvalidValueError with ``path`` otherwise."""
    names = ("label", "formulation", "generator_optimizer", "discriminator_optimizer", "seed")
    fields = _object(plain, path, names)
    made: dict[str, Any] = {"formulation": named_formulation("non_saturating")}
    if "formulation" in fields:
        given = fields["formulation"]
        is_name = isinstance(given, str)
        made["formulation"] = (
            named_formulation(given) if is_name else formulation_from_plain(given, f"{path}.formulation")
        )
    for name in ("generator_optimizer", "discriminator_optimizer"):
        if name in fields:
            made[name] = OPTIMIZERS.from_plain(fields[name], f"{path}.{name}")
    label, seed = fields.get("label", ""), fields.get("seed", 0)
    if not isinstance(label, str) or len(label) > 60:
        raise InvalidValueError(f"{path}.label must be a text of at most 60 characters, not {label!r}.")
    if type(seed) is not int or not 0 <= seed < 2**31:
        raise InvalidValueError(
            f"{path}.seed must be a whole number between 0 and {2**31 - 1}, not {seed!r}."
        )
    return LaneConfig(label=label, seed=seed, **made)


def _object(plain: Plain, path: str, known: tuple[str, ...]) -> Mapping[str, Plain]:
    if not isinstance(plain, Mapping):
        raise InvalidValueError(f"{path} must be an object, not {plain!r}.")
    for name in plain:
        if name not in known:
            raise UnknownKeyError(f"setting of {path}", str(name), list(known))
    return plain

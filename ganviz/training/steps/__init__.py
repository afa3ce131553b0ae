"""How updates are computed; the choice between the ways is made here and nowhere else."""

from ganviz.kernels.activations import KINDS
from ganviz.networks.mlp import MLP
from ganviz.training.config import RunConfig
from ganviz.training.players import Players
from ganviz.training.scores import ScoreBlock
from ganviz.training.seed_streams import RunStreams
from ganviz.training.steps.analytic import AnalyticStep
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.steps.base import AbstractStep
from ganviz.training.steps.captured import CapturedStep
from ganviz.training.steps.halved import HalvedStep, is_halved
from ganviz.training.steps.method import Method
from ganviz.training.steps.parted import PartedStep, parts_of


def step_class(config: RunConfig) -> type[AbstractStep]:
    """Return the fastest way that serves this configuration.

    The analytic one serves perceptrons without spectral normalization whose activations have a kernel, under rules
    that do not differentiate gradients.
    """
    architecture = config.architecture
    is_twice = config.training.rule.needs_curvature
    if not isinstance(architecture, MLP) or architecture.spectral_norm or is_twice:
        return AutogradStep
    is_known = all(activation.key in KINDS for activation in architecture.activations)
    return AnalyticStep if is_known else AutogradStep


def make_step(
    config: RunConfig, players: Players, streams: RunStreams, block: ScoreBlock, device: str
) -> Method:
    """Return the step of a configuration; on a GPU it is captured, elsewhere many lanes are parted."""
    cls = step_class(config)
    if device == "cuda":
        return CapturedStep(cls, config, players, streams, block, device)
    # Networks that are differentiated for all lanes at once would pay twice for small calls.
    is_joint = cls is AutogradStep and players.generator.network.lane_batched
    if not is_joint and len(parts := parts_of(config)) > 1:
        return PartedStep(cls, config, players, streams, block, device, parts)
    if not is_joint and is_halved(config, players, cls):
        return HalvedStep(config, players, streams, block, device)
    return cls(config, players, streams, block, device)

"""How updates are computed; the choice between the ways is made here and nowhere else."""

from ganviz.kernels.activations import KINDS
from ganviz.networks.mlp import MLP
from ganviz.training.config import RunConfig
from ganviz.training.players import Players
from ganviz.training.scores import ScoreBlock
from ganviz.training.steps.analytic import AnalyticStep
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.steps.base import AbstractStep, Sources
from ganviz.training.steps.captured import CapturedStep
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
    config: RunConfig, players: Players, sources: Sources, block: ScoreBlock, device: str
) -> Method:
    """Return the step of a configuration; on a GPU it is captured, and many lanes are parted elsewhere."""
    cls = step_class(config)
    if device == "cuda":
        return CapturedStep(cls, config, players, sources, block, device)
    parts = parts_of(config) if cls is AnalyticStep else ()
    if len(parts) > 1:
        return PartedStep(cls, config, players, sources, block, device, parts)
    return cls(config, players, sources, block, device)

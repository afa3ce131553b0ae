"""Optimizers as frozen specs; what they do to flat parameters is in ``training.updates``."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import ClassVar

from ganviz.spec import Catalog, Spec, param

_RATE_HELP = (
    "Size of a step. Larger learns faster, until it oscillates or diverges. Takes effect at the next step."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstractOptimizer(Spec, abc.ABC):
    """An optimizer's parameters."""

    learning_rate: float = param(1e-3, "Learning rate", _RATE_HELP, low=0, high=100, log=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adam(AbstractOptimizer):
    """Kingma & Ba 2015 (arXiv 1412.6980), Algorithm 1."""

    key: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"

    beta1: float = param(
        0.5,
        "β₁",
        "Memory of the mean gradient; momentum such as 0.9 destabilizes the game.",
        low=0,
        high=0.9999,
    )
    beta2: float = param(0.999, "β₂", "Memory of the squared gradient.", low=0, high=0.999999)
    eps: float = param(1e-8, "ε", "Added to the denominator.", low=0, high=1, open_low=True, log=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SGD(AbstractOptimizer):
    """Stochastic gradient descent with heavy-ball momentum: v ← μ v + g, w ← w - η v."""

    key: ClassVar[str] = "sgd"
    title: ClassVar[str] = "SGD"

    momentum: float = param(
        0.0,
        "Momentum μ",
        "Memory of past gradients; negative values damp the game's rotation.",
        low=-0.99,
        high=0.9999,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RMSprop(AbstractOptimizer):
    """Hinton 2012: the gradient divided by a running root mean square."""

    key: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSprop"

    alpha: float = param(0.99, "α", "Memory of the squared gradient.", low=0, high=0.999999)
    eps: float = param(1e-8, "ε", "Added to the denominator.", low=0, high=1, open_low=True, log=True)


OPTIMIZERS: Catalog[AbstractOptimizer] = Catalog("optimizer", Adam, SGD, RMSprop)

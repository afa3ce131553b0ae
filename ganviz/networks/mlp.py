"""Multilayer perceptrons for both players."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganviz.networks.base import AbstractArchitecture
from ganviz.networks.initializations import INITIALIZATIONS
from ganviz.spec import param

if TYPE_CHECKING:
    from ganviz.networks.network import Network

ACTIVATIONS = ("leaky_relu", "relu", "tanh")


@dataclass(frozen=True, slots=True, kw_only=True)
class MLP(AbstractArchitecture):
    """Fully connected layers of one width; the generator ends linear for points and in tanh for digits."""

    key: ClassVar[str] = "mlp"
    title: ClassVar[str] = "Multilayer perceptron"

    width: int = param(
        32, "Width", "Units in each hidden layer of both networks.", low=1, high=4096, log=True
    )
    hidden_layers: int = param(2, "Hidden layers", "Hidden layers of both networks.", low=1, high=12)
    activation: str = param(
        "leaky_relu",
        "Activation",
        "The nonlinearity after each hidden layer (leaky slope 0.2).",
        choices=ACTIVATIONS,
    )
    spectral_norm: bool = param(
        False,
        "Spectral norm in D",
        "Divides each weight matrix of D by its largest singular value: D cannot be steep (Miyato et al. 2018).",
    )
    initialization: str = param(
        "uniform",
        "Initialization",
        "Distribution of the first weights; uniform is PyTorch's default U(±1/√fan-in).",
        choices=INITIALIZATIONS,
    )

    def supports(self, shape: tuple[int, ...]) -> bool:
        """Return True: samples are flattened."""
        return True

    def generator(self, latent_size: int, shape: tuple[int, ...]) -> Network:
        """Return latents → samples."""
        from ganviz.networks.network import perceptron

        output = "tanh" if len(shape) == 3 else ""
        sizes = [latent_size, *[self.width] * self.hidden_layers, math.prod(shape)]
        initialization = INITIALIZATIONS[self.initialization]()
        return perceptron(sizes, self.activation, output, initialization, out_shape=shape)

    def discriminator(self, shape: tuple[int, ...]) -> Network:
        """Return samples → raw scores."""
        from ganviz.networks.network import perceptron

        sizes = [math.prod(shape), *[self.width] * self.hidden_layers, 1]
        initialization = INITIALIZATIONS[self.initialization]()
        return perceptron(
            sizes, self.activation, "", initialization, in_shape=shape, spectral_norm=self.spectral_norm
        )

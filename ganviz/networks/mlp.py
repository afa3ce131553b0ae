"""Multilayer perceptrons for both players."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ganviz.networks.activations import ACTIVATIONS
from ganviz.networks.activations.base import AbstractActivation
from ganviz.networks.activations.smooth import Tanh
from ganviz.networks.base import AbstractArchitecture
from ganviz.networks.initializations import INITIALIZATIONS
from ganviz.spec import InvalidValueError, Spec, param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from ganviz.networks.network import Network

SAME = "same"
"""In place of an activation of one network's own."""
MOST_LAYERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class MLP(AbstractArchitecture):
    """Fully connected layers; the generator ends linear for points and in tanh for images.

    Width, number of layers and activation are those of both networks, unless one has its own.
    """

    key: ClassVar[str] = "mlp"
    title: ClassVar[str] = "Multilayer perceptron"

    width: int = param(
        32, "Width", "Units in each hidden layer of both networks.", low=1, high=4096, log=True
    )
    hidden_layers: int = param(2, "Hidden layers", "Hidden layers of both networks.", low=1, high=MOST_LAYERS)
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

    generator_widths: tuple[int, ...] = param(
        (),
        "G's layers",
        "Units in each hidden layer of G, first to last, such as [64, 32]. Empty: width and layers as above.",
        low=1,
        high=4096,
    )
    discriminator_widths: tuple[int, ...] = param(
        (),
        "D's layers",
        "Units in each hidden layer of D, first to last, such as [64, 32]. Empty: width and layers as above.",
        low=1,
        high=4096,
    )
    generator_activation: str = param(
        SAME,
        "G's activation",
        "The nonlinearity of G alone; same: the one above.",
        choices=(SAME, *ACTIVATIONS),
    )
    discriminator_activation: str = param(
        SAME,
        "D's activation",
        "The nonlinearity of D alone; same: the one above.",
        choices=(SAME, *ACTIVATIONS),
    )

    def __post_init__(self) -> None:
        Spec.__post_init__(self)
        for name in ("generator_widths", "discriminator_widths"):
            n = len(getattr(self, name))
            if n > MOST_LAYERS:
                raise InvalidValueError(f"{name} must name at most {MOST_LAYERS} layers, not {n}.")

    @property
    def activations(self) -> tuple[AbstractActivation, AbstractActivation]:
        """Return the activations of generator and discriminator."""
        own = (self.generator_activation, self.discriminator_activation)
        g, d = (ACTIVATIONS[self.activation if key == SAME else key]() for key in own)
        return g, d

    def networks_script(self, latent_size: int, shape: tuple[int, ...], judged: tuple[int, ...]) -> str:
        """Return both networks, layer by layer."""
        from ganviz.networks.scripts import SPECTRAL, linear_script, sequence

        own = self.activations
        has_axes = len(shape) == 3
        ends = ["nn.Tanh()", f"nn.Unflatten(1, {shape})"] if has_axes else []
        sizes = [latent_size, *self._hidden(self.generator_widths), math.prod(shape)]
        generator = [*_layers("linear", sizes, own[0].script()), *ends]
        sizes = [math.prod(judged), *self._hidden(self.discriminator_widths), 1]
        kind = "SpectralLinear" if self.spectral_norm else "linear"
        discriminator = [
            *["nn.Flatten()"] * has_axes,
            *_layers(kind, sizes, own[1].script()),
            "nn.Flatten(0)",
        ]
        classes = dict.fromkeys(activation.script_class for activation in own)
        return "".join(
            [
                linear_script(INITIALIZATIONS[self.initialization]()),
                SPECTRAL * self.spectral_norm,
                *classes,
                sequence("G", generator),
                sequence("D", discriminator),
            ]
        )

    def _hidden(self, own: tuple[int, ...]) -> tuple[int, ...]:
        return own or (self.width,) * self.hidden_layers

    def supports(self, shape: tuple[int, ...]) -> bool:
        """Return True: samples are flattened."""
        return True

    def generator(self, latent_size: int, shape: tuple[int, ...]) -> Network:
        """Return latents → samples."""
        from ganviz.networks.network import perceptron

        output = Tanh() if len(shape) == 3 else None
        sizes = [latent_size, *self._hidden(self.generator_widths), math.prod(shape)]
        initialization = INITIALIZATIONS[self.initialization]()
        return perceptron(sizes, self.activations[0], output, initialization, out_shape=shape)

    def discriminator(self, shape: tuple[int, ...]) -> Network:
        """Return samples → raw scores."""
        from ganviz.networks.network import perceptron

        sizes = [math.prod(shape), *self._hidden(self.discriminator_widths), 1]
        initialization = INITIALIZATIONS[self.initialization]()
        return perceptron(
            sizes, self.activations[1], None, initialization, in_shape=shape, spectral_norm=self.spectral_norm
        )


def _layers(kind: str, sizes: Sequence[int], activation: str) -> list[str]:
    """Return linear layers with an activation in between."""
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        layers += [f"{kind}({n_in}, {n_out})", activation]
    return layers[:-1]

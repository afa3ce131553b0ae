"""A network: layers, and where their parameters lie in one flat tensor ``[lanes, n]``."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from ganviz.networks.activations.base import AbstractActivation
from ganviz.networks.activations.rectifiers import LeakyReLU, ReLU
from ganviz.networks.activations.smooth import Tanh
from ganviz.networks.initializations.base import AbstractInitialization
from ganviz.networks.layers import (
    AbstractLayer,
    Activation,
    BatchNorm,
    Convolution,
    Linear,
    Mode,
    Reshape,
)
from ganviz.networks.layout import ParameterLayout


class Network:
    """A stack of layers without tensors of its own.

    Parameters
    ----------
    layers : sequence of AbstractLayer
    is_score : bool
        Whether the output ``[lanes, batch, 1]`` is to lose its last axis.
    lane_batched : bool
        Whether all layers take a lane axis; otherwise lanes are computed one after the other.
    """

    def __init__(self, layers: Sequence[AbstractLayer], *, is_score: bool, lane_batched: bool) -> None:
        self.layers = tuple(layers)
        self.is_score = is_score
        self.lane_batched = lane_batched
        self.layout = ParameterLayout(_named(self.layers, "parameter_shapes"))
        self.buffer_layout = ParameterLayout(_named(self.layers, "buffer_shapes"))

    def initial(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Return one lane's first parameters ``[n]`` and buffers ``[m]``, float64."""
        parameters = torch.zeros(self.layout.n, dtype=torch.float64)
        buffers = torch.zeros(self.buffer_layout.n, dtype=torch.float64)
        drawn = [(layer.initial_parameters(rng), layer.initial_buffers(rng)) for layer in self.layers]
        for layout, flat, values in (
            (self.layout, parameters, [v for pair in drawn for v in pair[0]]),
            (self.buffer_layout, buffers, [v for pair in drawn for v in pair[1]]),
        ):
            for view, value in zip(layout.split(flat), values, strict=True):
                view.copy_(torch.from_numpy(value))
        return parameters, buffers

    def forward(self, parameters: Tensor, buffers: Tensor, x: Tensor, mode: Mode) -> Tensor:
        """Return the output ``[lanes, batch, …]`` of ``x`` ``[lanes, batch, …]``, each lane with its own row."""
        if self.lane_batched:
            return self._run(self.layout.split(parameters), self.buffer_layout.split(buffers), x, mode)
        lanes = [
            self._run(self.layout.split(row), self.buffer_layout.split(kept), sample, mode)
            for row, kept, sample in zip(parameters.unbind(), buffers.unbind(), x.unbind(), strict=True)
        ]
        return torch.stack(lanes)

    def _run(self, parameters: list[Tensor], buffers: list[Tensor], x: Tensor, mode: Mode) -> Tensor:
        p = b = 0
        for layer in self.layers:
            n_p, n_b = len(layer.parameter_shapes()), len(layer.buffer_shapes())
            x = layer.forward(x, parameters[p : p + n_p], buffers[b : b + n_b], mode)
            p, b = p + n_p, b + n_b
        return x.squeeze(-1) if self.is_score else x

    def module(self, parameters: Tensor, buffers: Tensor) -> nn.Sequential:
        """Return an ordinary module of one lane, from its rows ``[n]`` and ``[m]``, in evaluation mode."""
        p, b = self.layout.split(parameters.cpu()), self.buffer_layout.split(buffers.cpu())
        modules = []
        for layer in self.layers:
            n_p, n_b = len(layer.parameter_shapes()), len(layer.buffer_shapes())
            modules.append(layer.module(p[:n_p], b[:n_b]))
            p, b = p[n_p:], b[n_b:]
        return nn.Sequential(*modules).eval()


def _named(layers: Sequence[AbstractLayer], which: str) -> list[tuple[str, tuple[int, ...]]]:
    return [
        (f"{i}.{j}", shape)
        for i, layer in enumerate(layers)
        for j, shape in enumerate(getattr(layer, which)())
    ]


def perceptron(
    sizes: Sequence[int],
    activation: AbstractActivation,
    output: AbstractActivation | None,
    initialization: AbstractInitialization,
    *,
    out_shape: tuple[int, ...] | None = None,
    in_shape: tuple[int, ...] = (1,),
    spectral_norm: bool = False,
) -> Network:
    """Return a multilayer perceptron; without ``out_shape`` it is a discriminator of samples of ``in_shape``."""
    layers: list[AbstractLayer] = []
    if len(in_shape) > 1:
        layers.append(Reshape((math.prod(in_shape),)))
    for i, (n_in, n_out) in enumerate(itertools.pairwise(sizes)):
        layers.append(Linear(n_in, n_out, initialization, spectral_norm))
        function = activation if i < len(sizes) - 2 else output
        if function is not None:
            layers.append(Activation(function))
    if out_shape is not None and len(out_shape) > 1:
        layers.append(Reshape(out_shape))
    return Network(layers, is_score=out_shape is None, lane_batched=True)


def dcgan_generator(latent_size: int, channels: int, shape: tuple[int, ...]) -> Network:
    """Return the generator of :class:`ganviz.networks.conv.DCGAN16`."""
    wide, (n_channels, *sides) = 2 * channels, shape
    small = [side // 4 for side in sides]
    layers = [
        Linear(latent_size, wide * math.prod(small)),
        Reshape((wide, *small)),
        BatchNorm(wide),
        Activation(ReLU()),
        Convolution(wide, channels, transposed=True),
        BatchNorm(channels),
        Activation(ReLU()),
        Convolution(channels, n_channels, transposed=True),
        Activation(Tanh()),
    ]
    return Network(layers, is_score=False, lane_batched=False)


def dcgan_discriminator(channels: int, shape: tuple[int, ...]) -> Network:
    """Return the discriminator of :class:`ganviz.networks.conv.DCGAN16`."""
    wide, (n_channels, *sides) = 2 * channels, shape
    n_last = wide * math.prod(side // 4 for side in sides)
    layers = [
        Convolution(n_channels, channels, transposed=False),
        Activation(LeakyReLU()),
        Convolution(channels, wide, transposed=False),
        Activation(LeakyReLU()),
        Reshape((n_last,)),
        Linear(n_last, 1),
    ]
    return Network(layers, is_score=True, lane_batched=False)

"""Layers as descriptions: which parameters they have, and what they compute, for one lane or for all at once.

A layer keeps no tensors. Linear layers work on a leading lane axis; the others are element by element or, for
convolutions, are given one lane at a time by the network.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from ganviz.kernels import convolutions, linear, normalization
from ganviz.networks.activations.base import AbstractActivation
from ganviz.networks.initializations.base import AbstractInitialization
from ganviz.networks.initializations.kinds import Uniform
from ganviz.spec.frozen import dataclass

FloatArray = NDArray[np.float64]

_UNIFORM = Uniform()


class AbstractLayer(abc.ABC):
    """What every layer can tell and do; one without parameters overrides only what it needs."""

    def parameter_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Return the shapes of the layer's parameters."""
        return ()

    def buffer_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Return the shapes of values that are kept but not trained."""
        return ()

    def initial_parameters(self, rng: np.random.Generator) -> Sequence[FloatArray]:
        """Return the first values of the parameters."""
        return ()

    def initial_buffers(self, rng: np.random.Generator) -> Sequence[FloatArray]:
        """Return the first values of the buffers."""
        return ()

    @abc.abstractmethod
    def forward(
        self, x: Tensor, parameters: Sequence[Tensor], buffers: Sequence[Tensor], mode: Mode
    ) -> Tensor:
        """Return the layer's output; with ``mode.update_buffers`` its buffers change in place."""

    @abc.abstractmethod
    def module(self, parameters: Sequence[Tensor], buffers: Sequence[Tensor]) -> nn.Module:
        """Return an ordinary torch module that computes the same in evaluation mode, from one lane's tensors."""


@dataclass(frozen=True, slots=True)
class Mode:
    """How a network is run: ``batch_statistics`` as in training, and whether buffers follow this batch.

    ``momentum`` is the batch's share in the running statistics then.
    """

    batch_statistics: bool
    update_buffers: bool
    momentum: float = 0.1


TRAIN = Mode(batch_statistics=True, update_buffers=True)
TRAIN_KEEP_BUFFERS = Mode(batch_statistics=True, update_buffers=False)
EVALUATE = Mode(batch_statistics=False, update_buffers=False)
ESTIMATE = Mode(batch_statistics=True, update_buffers=True, momentum=1.0)
"""Running statistics become those of this batch alone."""


@dataclass(frozen=True)
class Linear(AbstractLayer):
    """x W + b, W ``[n_in, n_out]``; with a lane axis in front of everything.

    With ``spectral_norm`` W is divided by an estimate of its largest singular value from one power iteration for each
    update (Miyato et al. 2018, arXiv 1802.05957, Algorithm 1).
    """

    n_in: int
    n_out: int
    initialization: AbstractInitialization = _UNIFORM
    spectral_norm: bool = False

    def parameter_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Return weight and bias shapes."""
        return ((self.n_in, self.n_out), (self.n_out,))

    def buffer_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Return the shape of the estimated left singular vector, with spectral normalization."""
        return ((self.n_in,),) if self.spectral_norm else ()

    def initial_parameters(self, rng: np.random.Generator) -> Sequence[FloatArray]:
        """Draw weight and bias."""
        weights = self.initialization.weights(self.n_in, self.n_out, rng)
        return weights, self.initialization.bias(self.n_in, self.n_out, rng)

    def initial_buffers(self, rng: np.random.Generator) -> Sequence[FloatArray]:
        """Draw a unit vector, with spectral normalization."""
        if not self.spectral_norm:
            return ()
        u = rng.standard_normal(self.n_in)
        return (u / np.linalg.norm(u),)

    def forward(
        self, x: Tensor, parameters: Sequence[Tensor], buffers: Sequence[Tensor], mode: Mode
    ) -> Tensor:
        """Return x W + b."""
        weight, bias = parameters
        if self.spectral_norm:
            weight = weight / _largest_singular_value(weight, buffers[0], mode)
        return linear.affine(x, weight, bias)

    def module(self, parameters: Sequence[Tensor], buffers: Sequence[Tensor]) -> nn.Module:
        """Return nn.Linear."""
        weight, bias = parameters
        if self.spectral_norm:
            weight = weight / _largest_singular_value(weight, buffers[0], EVALUATE)
        module = nn.Linear(self.n_in, self.n_out)
        module.weight.data.copy_(weight.T)
        module.bias.data.copy_(bias)
        return module


def _largest_singular_value(weight: Tensor, u: Tensor, mode: Mode) -> Tensor:
    """Return uᵀ W v, ``[…, 1, 1]``.

    Products with vectors are sums here: batches of matrix products are rounded otherwise than a single one, and a lane
    would depend on having neighbors.
    """
    with torch.no_grad():
        v = F.normalize((u.unsqueeze(-1) * weight.detach()).sum(-2), dim=-1)
        if mode.update_buffers:
            u.copy_(F.normalize((weight.detach() * v.unsqueeze(-2)).sum(-1), dim=-1))
        u = u.clone()
    value = (u * (weight * v.unsqueeze(-2)).sum(-1)).sum(-1)
    return value[..., None, None].clamp_min(1e-12)


@dataclass(frozen=True)
class Activation(AbstractLayer):
    """An element-by-element function."""

    function: AbstractActivation

    def forward(
        self, x: Tensor, parameters: Sequence[Tensor], buffers: Sequence[Tensor], mode: Mode
    ) -> Tensor:
        """Apply the function."""
        return self.function.value(x)

    def module(self, parameters: Sequence[Tensor], buffers: Sequence[Tensor]) -> nn.Module:
        """Return the function's module."""
        return self.function.module()


@dataclass(frozen=True)
class Reshape(AbstractLayer):
    """Gives each sample another shape: flat to image, or image to flat."""

    shape: tuple[int, ...]

    def forward(
        self, x: Tensor, parameters: Sequence[Tensor], buffers: Sequence[Tensor], mode: Mode
    ) -> Tensor:
        """Keep the axes before the sample's own."""
        sample_axes = 1 if len(self.shape) > 1 else 3
        return x.reshape(*x.shape[: x.dim() - sample_axes], *self.shape)

    def module(self, parameters: Sequence[Tensor], buffers: Sequence[Tensor]) -> nn.Module:
        """Return nn.Unflatten or nn.Flatten."""
        return nn.Unflatten(1, self.shape) if len(self.shape) > 1 else nn.Flatten()


@dataclass(frozen=True)
class Convolution(AbstractLayer):
    """A 4 × 4 convolution of stride 2, or its transpose; for one lane."""

    n_in: int
    n_out: int
    transposed: bool

    def parameter_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Return weight and bias shapes."""
        first, second = (self.n_in, self.n_out) if self.transposed else (self.n_out, self.n_in)
        return ((first, second, 4, 4), (self.n_out,))

    def initial_parameters(self, rng: np.random.Generator) -> Sequence[FloatArray]:
        """Draw from U(±1/√fan-in), PyTorch's default."""
        fan_in = 16 * (self.n_out if self.transposed else self.n_in)
        bound = 1.0 / math.sqrt(fan_in)
        return [rng.uniform(-bound, bound, shape) for shape in self.parameter_shapes()]

    def forward(
        self, x: Tensor, parameters: Sequence[Tensor], buffers: Sequence[Tensor], mode: Mode
    ) -> Tensor:
        """Convolve ``[batch, n_in, h, w]``."""
        function = convolutions.convolve_transposed if self.transposed else convolutions.convolve
        return function(x, *parameters)

    def module(self, parameters: Sequence[Tensor], buffers: Sequence[Tensor]) -> nn.Module:
        """Return nn.Conv2d or nn.ConvTranspose2d."""
        kind = nn.ConvTranspose2d if self.transposed else nn.Conv2d
        module = kind(self.n_in, self.n_out, 4, stride=2, padding=1)
        module.weight.data.copy_(parameters[0])
        assert module.bias is not None
        module.bias.data.copy_(parameters[1])
        return module


@dataclass(frozen=True)
class BatchNorm(AbstractLayer):
    """Batch normalization of channels (Ioffe & Szegedy 2015); running statistics are used in evaluation only."""

    channels: int

    def parameter_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Return scale and shift shapes."""
        return ((self.channels,), (self.channels,))

    def buffer_shapes(self) -> tuple[tuple[int, ...], ...]:
        """Return the shapes of running mean and variance."""
        return ((self.channels,), (self.channels,))

    def initial_parameters(self, rng: np.random.Generator) -> Sequence[FloatArray]:
        """Return ones and zeros."""
        return np.ones(self.channels), np.zeros(self.channels)

    def initial_buffers(self, rng: np.random.Generator) -> Sequence[FloatArray]:
        """Return mean 0 and variance 1."""
        return np.zeros(self.channels), np.ones(self.channels)

    def forward(
        self, x: Tensor, parameters: Sequence[Tensor], buffers: Sequence[Tensor], mode: Mode
    ) -> Tensor:
        """Normalize ``[batch, channels, h, w]``."""
        scale, shift = parameters
        if not mode.batch_statistics:
            return F.batch_norm(x, buffers[0], buffers[1], scale, shift)
        running = (buffers[0], buffers[1]) if mode.update_buffers else None
        return normalization.normalize(x, scale, shift, running, mode.momentum)

    def module(self, parameters: Sequence[Tensor], buffers: Sequence[Tensor]) -> nn.Module:
        """Return nn.BatchNorm2d with the running statistics."""
        module = nn.BatchNorm2d(self.channels)
        module.weight.data.copy_(parameters[0])
        module.bias.data.copy_(parameters[1])
        assert module.running_mean is not None
        assert module.running_var is not None
        module.running_mean.copy_(buffers[0])
        module.running_var.copy_(buffers[1])
        return module

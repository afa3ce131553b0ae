"""A perceptron's forward and backward pass without autograd, as a program of calls into memory set aside once.

Activations whose derivative follows from their result are applied in place, so that one buffer a layer is enough; the
sums that others are applied to are kept. The calls are those of ``ganviz.kernels``.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Sequence

from torch import Tensor

from ganviz.kernels.activations import BESIDE, activate, unwind
from ganviz.kernels.joined import is_alike
from ganviz.kernels.products import affine, input_slopes, sample_sums, weight_gradient
from ganviz.kernels.program import Program
from ganviz.kernels.rooms import room, room_like
from ganviz.networks.layers import Activation, Linear
from ganviz.networks.network import Network
from ganviz.training.players import Player


def layer_plan(network: Network) -> list[tuple[int, int, str]]:
    """Return fan-in, fan-out and activation of each linear layer."""
    plan: list[tuple[int, int, str]] = []
    for layer in network.layers:
        if isinstance(layer, Linear):
            plan.append((layer.n_in, layer.n_out, ""))
        elif isinstance(layer, Activation):
            plan[-1] = (*plan[-1][:2], layer.function.key)
    return plan


class Perceptron:
    """One network's passes over fixed inputs.

    With one lane every tensor is a matrix ``[n, features]``; with more, ``[lanes, n, features]``.

    Parameters
    ----------
    player : Player
    x : Tensor
        The input buffer of the forward pass.
    last : Tensor
        Where its output goes.
    """

    def __init__(self, player: Player, x: Tensor, last: Tensor) -> None:
        self.player = player
        self._single = len(player.parameters) == 1
        self._plan = layer_plan(player.network)
        self._x = x
        self._weights, self._biases = self._views(player, player.parameters)
        self._gradients, self._bias_gradients = self._views(player, player.optimizer.gradients)
        self._outputs = [room(x, *x.shape[:-1], n_out) for _, n_out, _ in self._plan[:-1]] + [last]
        self._kept = [
            room_like(h) if kind in BESIDE else h
            for (_, _, kind), h in zip(self._plan, self._outputs, strict=True)
        ]

    def _views(self, player: Player, flat: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        views = player.network.layout.split(flat[0] if self._single else flat)
        biases = views[1::2]
        return views[::2], biases if self._single else [bias.unsqueeze(1) for bias in biases]

    def part(self, samples: slice) -> Perceptron:
        """Return the passes over some of the samples, on the same memory."""
        part = copy.copy(self)
        part._x, *part._outputs = (tensor[..., samples, :] for tensor in (self._x, *self._outputs))
        part._kept = [tensor[..., samples, :] for tensor in self._kept]
        return part

    @property
    def scores(self) -> Tensor:
        """Return where the forward pass leaves its output."""
        return self._outputs[-1]

    def is_made_of(self, parts: Sequence[Perceptron], apart: Sequence[Perceptron]) -> bool:
        """Return whether ``parts`` of this forward pass are what passes ``apart`` would be, to the bit."""
        results = [
            pair for a, b in zip(parts, apart, strict=True) for pair in zip(a._kept, b._kept, strict=True)
        ]
        calls = [call for one in apart for call in one.forward()]
        return is_alike(self.forward(), calls, [self.player.parameters, self._x], results)

    def forward(self, *, to_output: bool = True) -> Program:
        """Return the forward pass; the way back through it from a linear last layer does not need that one's result."""
        program: Program = []
        x, n = self._x, len(self._plan) - (not to_output)
        layers = zip(self._plan, self._weights, self._biases, self._kept, self._outputs, strict=True)
        for (_, _, kind), weight, bias, kept, out in itertools.islice(layers, n):
            program += affine(x, weight, bias, kept) + activate(kind, kept, out)
            x = out
        return program

    def backward(self, delta: Tensor, samples: slice, *, to_weights: bool) -> tuple[Program, Tensor]:
        """Return the way back through some of the forward pass's samples, and where it leaves the slopes at the input.

        It starts at ``delta``, the slopes at the output, which are changed in place where the output has an
        activation. With ``to_weights`` it writes the gradients of all weights and does not go to the input.
        """
        program: Program = []
        inputs = [self._x, *self._outputs[:-1]]
        for i in range(len(self._plan) - 1, -1, -1):
            before, kept = (tensor[..., samples, :] for tensor in (inputs[i], self._kept[i]))
            program += unwind(self._plan[i][2], delta, kept, delta)
            if to_weights:
                program += weight_gradient(before, delta, self._gradients[i])
                program += sample_sums(delta, self._bias_gradients[i])
            if i or not to_weights:
                further = room_like(before)
                program += input_slopes(delta, self._weights[i], further)
                delta = further
        return program, delta

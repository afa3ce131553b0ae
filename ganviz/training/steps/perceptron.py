"""A perceptron's forward and backward pass without autograd, as a program of calls into memory set aside once.

Activations are applied in place and their derivatives taken from their results, so one buffer a layer is enough. One
lane is computed with matrix products, several with batched ones. All arguments are bound when a program is made:
running one costs little more than the calls themselves.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from ganviz.networks.large_products import is_large, multiply
from ganviz.networks.layers import LEAKY_SLOPE, NARROW, Activation, Linear
from ganviz.networks.network import Network
from ganviz.training.players import Player

Program = list[Callable[[], object]]

_OPS = torch.ops.aten

TINY = 400
"""Multiplications in one product, from torch's own ``bmm_out_or_baddbmm_``."""


def run(program: Program) -> None:
    """Make a program's calls."""
    for call in program:
        call()


def layer_plan(network: Network) -> list[tuple[int, int, str]]:
    """Return fan-in, fan-out and activation of each linear layer."""
    plan: list[tuple[int, int, str]] = []
    for layer in network.layers:
        if isinstance(layer, Linear):
            plan.append((layer.n_in, layer.n_out, ""))
        elif isinstance(layer, Activation):
            plan[-1] = (*plan[-1][:2], layer.kind)
    return plan


def _activate(kind: str, h: Tensor) -> Program:
    """Return the call that applies an activation in place."""
    if kind == "leaky_relu":
        return [partial(torch._C._nn.leaky_relu_, h, LEAKY_SLOPE)]
    if kind == "relu":
        return [partial(torch.relu_, h)]
    return [partial(torch.tanh_, h)] if kind else []


def unwind(kind: str, delta: Tensor, h: Tensor, out: Tensor) -> Program:
    """Return the call that turns slopes at an activation's result ``h`` into those at its input.

    ``out`` may be the slopes themselves.
    """
    if kind == "leaky_relu":
        return [partial(_OPS.leaky_relu_backward.grad_input, delta, h, LEAKY_SLOPE, True, grad_input=out)]
    if kind == "relu":
        return [partial(_OPS.threshold_backward.grad_input, delta, h, 0, grad_input=out)]
    if kind:
        return [partial(_OPS.tanh_backward.grad_input, delta, h, grad_input=out)]
    return [] if out is delta else [partial(out.copy_, delta)]


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
        self._outputs = [x.new_empty(*x.shape[:-1], n_out) for _, n_out, _ in self._plan[:-1]] + [last]

    def _views(self, player: Player, flat: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        views = player.network.layout.split(flat[0] if self._single else flat)
        biases = views[1::2]
        return views[::2], biases if self._single else [bias.unsqueeze(1) for bias in biases]

    def part(self, samples: slice) -> Perceptron:
        """Return the passes over some of the samples, on the same memory."""
        part = copy.copy(self)
        part._x, *part._outputs = (tensor[..., samples, :] for tensor in (self._x, *self._outputs))
        return part

    def forward(self) -> Program:
        """Return the forward pass."""
        program: Program = []
        x = self._x
        for (_, _, kind), weight, bias, out in zip(
            self._plan, self._weights, self._biases, self._outputs, strict=True
        ):
            program += self._affine(bias, x, weight, out) + _activate(kind, out)
            x = out
        return program

    def _affine(self, bias: Tensor, x: Tensor, weight: Tensor, out: Tensor) -> Program:
        """Return the calls for x weight + bias; products with few columns are slow as such."""
        if is_large(x, weight):
            return self._large(x, weight, out, bias if self._single else bias.squeeze(1))
        n_out = weight.shape[-1]
        is_alone = self._single or _is_tiny(x, weight)
        if n_out > NARROW or (is_alone and n_out == 1):
            return self._multiply(out, bias, x, weight)
        flipped, turned = (
            torch.empty_like(tensor.mT, memory_format=torch.contiguous_format) for tensor in (out, weight)
        )
        bias = bias.unsqueeze(-1) if self._single else bias.mT
        return [
            partial(turned.copy_, weight.mT),
            *self._multiply(flipped, bias, turned, x.mT),
            partial(out.copy_, flipped.mT),
        ]

    def backward(self, delta: Tensor, samples: slice, *, to_weights: bool) -> tuple[Program, Tensor]:
        """Return the way back through some of the forward pass's samples, and where it leaves the slopes at the input.

        It starts at ``delta``, the slopes at the output, which are changed in place where the output has an
        activation. With ``to_weights`` it writes the gradients of all weights and does not go to the input.
        """
        program: Program = []
        inputs = [self._x, *self._outputs[:-1]]
        for i in range(len(self._plan) - 1, -1, -1):
            before, after = (tensor[..., samples, :] for tensor in (inputs[i], self._outputs[i]))
            program += unwind(self._plan[i][2], delta, after, delta)
            if to_weights:
                program += self._weight_gradient(before, delta, self._gradients[i])
                sums = self._bias_gradients[i]
                program.append(partial(torch.sum, delta, -2, keepdim=not self._single, out=sums))
            if i or not to_weights:
                further = torch.empty_like(before, memory_format=torch.contiguous_format)
                program += self._input_slopes(delta, self._weights[i], further)
                delta = further
        return program, delta

    def _input_slopes(self, delta: Tensor, weight: Tensor, out: Tensor) -> Program:
        """Return the calls for delta Wᵀ."""
        if is_large(out, weight):
            return self._large(delta, weight.mT, out)
        if delta.shape[-1] == 1:
            return [partial(torch.mul, delta, weight.mT, out=out)]
        return self._multiply(out, delta, weight.mT)

    def _weight_gradient(self, before: Tensor, delta: Tensor, out: Tensor) -> Program:
        """Return the calls for beforeᵀ delta; the other way round where that has few columns."""
        if is_large(before, out):
            return self._large(before.mT, delta, out)
        if out.shape[-1] > NARROW:
            return self._multiply(out, before.mT, delta)
        flipped = torch.empty_like(out.mT, memory_format=torch.contiguous_format)
        return [*self._multiply(flipped, delta.mT, before), partial(out.copy_, flipped.mT)]

    def _multiply(self, out: Tensor, *factors: Tensor) -> Program:
        """Return the calls for a b, or for bias + a b; tiny products of several lanes one by one."""
        product, batched = (torch.addmm, torch.baddbmm) if len(factors) == 3 else (torch.mm, torch.bmm)
        if self._single:
            return [partial(product, *factors, out=out)]
        if not _is_tiny(*factors[-2:]):
            return [partial(batched, *factors, out=out)]
        return [partial(product, *each, out=to) for to, *each in zip(out, *factors, strict=True)]

    def _large(self, a: Tensor, b: Tensor, out: Tensor, bias: Tensor | None = None) -> Program:
        """Return the calls for a b + bias, lane by lane."""
        given = [out, a, b] if bias is None else [out, a, b, bias]
        lanes = [given] if self._single else zip(*(tensor.unbind() for tensor in given), strict=True)
        return [partial(_put_product, *lane) for lane in lanes]


def _is_tiny(a: Tensor, b: Tensor) -> bool:
    """Return whether torch multiplies batches of such matrices by a loop of its own.

    Its sums are rounded otherwise than those of a single product, so that a lane would depend on having neighbors.
    """
    return a.shape[-2] * a.shape[-1] * b.shape[-1] < TINY


def _put_product(out: Tensor, a: Tensor, b: Tensor, bias: Tensor | None = None) -> None:
    out.copy_(multiply(a, b, bias))

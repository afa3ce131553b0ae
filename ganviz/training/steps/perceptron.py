"""A perceptron's forward and backward pass without autograd, in memory that is set aside once.

Activations are applied in place and their derivatives taken from their results, so one buffer a layer is enough. One
lane is computed with matrix products, several with batched ones.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ganviz.networks.layers import LEAKY_SLOPE, Activation, Linear
from ganviz.networks.network import Network
from ganviz.training.players import Player

_OPS = torch.ops.aten
_Apply = Callable[[Tensor], object]
_Chain = Callable[[Tensor, Tensor], object]

_FORWARD: dict[str, _Apply] = {
    "": lambda h: None,
    "leaky_relu": lambda h: torch._C._nn.leaky_relu_(h, LEAKY_SLOPE),
    "relu": torch.relu_,
    "tanh": torch.tanh_,
}
_BACKWARD: dict[str, _Chain] = {
    "": lambda delta, h: None,
    "leaky_relu": lambda delta, h: _OPS.leaky_relu_backward.grad_input(
        delta, h, LEAKY_SLOPE, True, grad_input=delta
    ),
    "relu": lambda delta, h: _OPS.threshold_backward.grad_input(delta, h, 0, grad_input=delta),
    "tanh": lambda delta, h: _OPS.tanh_backward.grad_input(delta, h, grad_input=delta),
}


def layer_plan(network: Network) -> list[tuple[int, int, str]]:
    """Return fan-in, fan-out and activation of each linear layer."""
    plan: list[tuple[int, int, str]] = []
    for layer in network.layers:
        if isinstance(layer, Linear):
            plan.append((layer.n_in, layer.n_out, ""))
        elif isinstance(layer, Activation):
            plan[-1] = (*plan[-1][:2], layer.kind)
    return plan


class Perceptron:
    """One network's passes over ``n`` samples in each lane.

    With one lane every tensor is a matrix ``[n, features]``; with more, ``[lanes, n, features]``.

    Parameters
    ----------
    player : Player
    n : int
        Samples of a forward pass.
    """

    def __init__(self, player: Player, n: int) -> None:
        self._single = len(player.parameters) == 1
        self.plan = layer_plan(player.network)
        self.n = n
        self._weights, self._biases = self._views(player, player.parameters)
        self._gradients, self._bias_gradients = self._views(player, player.optimizer.gradients)
        self._transposed = [weight.mT for weight in self._weights]
        like = player.parameters
        lead = () if self._single else (len(like),)
        self.outputs = [like.new_empty(*lead, n, n_out) for _, n_out, _ in self.plan]
        self._forward = [_FORWARD[kind] for _, _, kind in self.plan]
        self._backward = [_BACKWARD[kind] for _, _, kind in self.plan]
        self._affine = torch.addmm if self._single else torch.baddbmm
        self._product = torch.mm if self._single else torch.bmm

    def _views(self, player: Player, flat: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        views = player.network.layout.split(flat[0] if self._single else flat)
        biases = views[1::2]
        return views[::2], biases if self._single else [bias.unsqueeze(1) for bias in biases]

    def forward(self, x: Tensor, last: Tensor) -> None:
        """Compute all layers of ``x``; the last one's output goes to ``last``."""
        affine = self._affine
        outputs = self.outputs
        outputs[-1] = last
        for weight, bias, out, activate in zip(
            self._weights, self._biases, outputs, self._forward, strict=True
        ):
            affine(bias, x, weight, out=out)
            activate(out)
            x = out

    def backward_pass(self, first: int, last: int) -> BackwardPass:
        """Return the way back through samples ``first`` to ``last`` (exclusive) of a forward pass."""
        return BackwardPass(self, slice(first, last))


class BackwardPass:
    """Gradients of a mean loss from its slopes at the output, for some of a forward pass's samples."""

    def __init__(self, passes: Perceptron, samples: slice) -> None:
        self._of = passes
        n = samples.stop - samples.start
        self._hidden = [out[..., samples, :] for out in passes.outputs[:-1]]
        self._hidden_t = [hidden.mT for hidden in self._hidden]
        lead = passes.outputs[0].shape[:-2]
        self.deltas = [passes.outputs[0].new_empty(*lead, n, n_in) for n_in, _, _ in passes.plan]

    def run(self, delta: Tensor, x: Tensor | None, output: Tensor | None, *, to_input: bool) -> None:
        """Go from ``delta``, the slopes at the output, to the weights (where the input ``x`` is given) and the input.

        ``output`` is the last layer's result where that layer has an activation; ``delta`` is changed in place then.
        The slopes at the input are left in ``deltas[0]``.
        """
        of, hidden = self._of, self._hidden
        product = of._product
        for i in range(len(of.plan) - 1, -1, -1):
            h = hidden[i] if i < len(hidden) else output
            if h is not None:
                of._backward[i](delta, h)
            if x is not None:
                before = self._hidden_t[i - 1] if i else x.mT
                product(before, delta, out=of._gradients[i])
                torch.sum(delta, -2, keepdim=not of._single, out=of._bias_gradients[i])
            if i or to_input:
                product(delta, of._transposed[i], out=self.deltas[i])
                delta = self.deltas[i]

"""The gradient of a penalty on a perceptron's slopes, without differentiating twice.

A penalty is Σ φ(‖g‖²), g = ∇ₓ t(x) at each sample. Its gradient with respect to the weights is that of v·g with
v = 2 φ'(‖g‖²) g held fixed, and v·g is the derivative of the score along v: one pass forward through the linearized
network. With δ the slopes of the score at each layer's sums and h' what the direction has become before that layer,

    ∂(v·g)/∂W = h'ᵀ δ,

and where the activation is curved also hᵀ ε, with ε the derivatives of v·g by the layer's sums, which come back from
layer to layer as slopes do: ε = σ'(a) (ε Wᵀ of the next layer) + σ''(a) (h' W) (δ Wᵀ of the next layer).
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from ganviz.kernels.activations import BESIDE, CURVED, curve, unwind
from ganviz.kernels.products import input_slopes, sample_sums, weight_gradient
from ganviz.kernels.program import Program
from ganviz.kernels.rooms import room_like
from ganviz.training.steps.perceptron import Perceptron


class Tangent:
    """Squared slopes of a perceptron's score at some samples of its forward pass, and what they do to its weights.

    Parameters
    ----------
    perceptron : Perceptron
        A discriminator, whose last layer is linear and has one output; its forward pass has been made.
    samples : slice
        Which of its samples are looked at.

    Attributes
    ----------
    squares : Tensor, ``[lanes, n]``
        ‖g‖² of each sample, which :meth:`measure` writes.
    factors : Tensor, ``[lanes, n]``
        2 φ'(‖g‖²) of each sample, times its share in the objective; 0 until somebody writes it.
    """

    def __init__(self, perceptron: Perceptron, samples: slice) -> None:
        self._part = perceptron.part(samples)
        self._direction = room_like(self._part._x)
        self._slopes = room_like(self._direction)
        self._deltas = [room_like(h) for h in self._part._outputs]
        self._deltas[-1].fill_(1)
        self._above = [self._slopes_above(i) for i in range(len(self._deltas) - 1)]
        self._changes = [room_like(delta) for delta in self._deltas[:-1]]
        self._squares, self._factors = (self._direction.new_zeros(self._direction.shape[:-1]) for _ in "sf")
        lanes = len(perceptron.player.parameters)
        self.squares, self.factors = self._squares.view(lanes, -1), self._factors.view(lanes, -1)

    def _slopes_above(self, i: int) -> Tensor:
        """Return where the slopes at a hidden layer's result are: apart from those at its sums where both are needed.

        Those of the last one are the weights above it.
        """
        delta = self._deltas[i]
        if i == len(self._deltas) - 2:
            return self._part._weights[i + 1].mT.expand_as(delta)
        return room_like(delta) if self._part._plan[i][2] in BESIDE else delta

    def measure(self) -> Program:
        """Return the way back from the score to the samples, for :attr:`squares`."""
        part, program, hidden = self._part, Program(), len(self._changes)
        for i in range(hidden - 1, -1, -1):
            if i < hidden - 1:
                program += input_slopes(self._deltas[i + 1], part._weights[i + 1], self._above[i])
            program += unwind(part._plan[i][2], self._above[i], part._kept[i], self._deltas[i])
        program += input_slopes(self._deltas[0], part._weights[0], self._slopes)
        program.append(partial(torch.mul, self._slopes, self._slopes, out=self._direction))
        program.append(partial(torch.sum, self._direction, -1, out=self._squares))
        return program

    def differentiate(self) -> Program:
        """Return the calls that add the penalty's gradient to the optimizer's."""
        part, hidden = self._part, len(self._changes)
        flat = torch.zeros_like(part.player.optimizer.gradients)
        gradients, _ = part._views(part.player, flat)
        program: Program = [
            partial(torch.mul, self._slopes, self._factors.unsqueeze(-1), out=self._direction)
        ]
        before, curvatures = self._direction, []
        for i, change in enumerate(self._changes):
            kind, kept, delta = part._plan[i][2], part._kept[i], self._deltas[i]
            program += weight_gradient(before, delta, gradients[i])
            program += input_slopes(before, part._weights[i].mT, change)
            if kind in CURVED:
                curvature = room_like(change)
                program += curve(kind, change, kept, delta, self._above[i], curvature)
                curvatures.append(curvature)
            program += unwind(kind, change, kept, change)
            before = change
        program += sample_sums(before, gradients[hidden].squeeze(-1))
        program.append(partial(part.player.optimizer.gradients.add_, flat))
        return program + (self._bend(curvatures) if curvatures else [])

    def _bend(self, epsilons: list[Tensor]) -> Program:
        """Return the calls that add what the curvature of the activations contributes.

        ``epsilons`` hold each layer's own contribution at its sums, and gain that of the layers above.
        """
        part, program = self._part, Program()
        flat = torch.zeros_like(part.player.optimizer.gradients)
        gradients, bias_gradients = part._views(part.player, flat)
        inputs = [part._x, *part._outputs]
        for i in range(len(epsilons) - 1, -1, -1):
            epsilon = epsilons[i]
            program += weight_gradient(inputs[i], epsilon, gradients[i])
            program += sample_sums(epsilon, bias_gradients[i])
            if i:
                further = room_like(epsilons[i - 1])
                program += input_slopes(epsilon, part._weights[i], further)
                program += unwind(part._plan[i - 1][2], further, part._kept[i - 1], further)
                program.append(partial(epsilons[i - 1].add_, further))
        program.append(partial(part.player.optimizer.gradients.add_, flat))
        return program

"""Games of two numbers, θ (the generator's) and ψ (the discriminator's), played by the engine's rules and optimizers.

The Dirac game (Mescheder et al. 2018, arXiv 1801.04406): real data are the point 0, generated ones the point θ, and the
critic scores t = ψ x. Only the gradients are put in by hand; what moves the weights is what moves those of networks.
"""

import math
from types import SimpleNamespace

import torch

from ganviz.losses.presets import named_formulation
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.memories import Memories
from ganviz.training.optimizers import SGD
from ganviz.training.players import Player, Players
from ganviz.training.rules import Alternating
from ganviz.training.steps.base import AbstractStep
from ganviz.training.streams import UpdateCount
from ganviz.training.updates import FlatOptimizer


def sigmoid(t):
    return 1 / (1 + math.exp(-t))


FIELDS = {
    "saturating": (lambda a, b: b * sigmoid(a * b), lambda a, b: -a * sigmoid(a * b)),
    "non_saturating": (lambda a, b: b * sigmoid(-a * b), lambda a, b: -a * sigmoid(a * b)),
    "wasserstein": (lambda a, b: b, lambda a, b: -a),
}
"""Where each player wants to go, (θ′, ψ′), as functions of (θ, ψ); the last is the bilinear game."""


class _Pair(Players):
    """Two players of one number each in one lane."""

    def __init__(self, specs, start):
        made = []
        for spec, value in zip(specs, start, strict=True):
            weights = torch.full((1, 1), value, dtype=torch.float64)
            slots = {name: torch.zeros_like(weights) for name in spec.slots}
            optimizer = FlatOptimizer(weights, slots, [0], [spec], [True])
            made.append(Player(None, weights, weights.new_zeros(1, 0), optimizer))
        self.generator, self.discriminator = made
        self.active, self.averaged, self.tensors = (True,), [], {}
        self.memories = Memories({}, ())


class Game(AbstractStep):
    """A game that starts at (1, 1) unless told otherwise."""

    name = "by hand"

    def __init__(self, field, rule=None, optimizer=None, start=(1.0, 1.0), **training):
        spec = optimizer or SGD(learning_rate=0.2)
        lane = LaneConfig(named_formulation("non_saturating"), "", spec, spec)
        config = RunConfig(lanes=(lane,), training=TrainingSettings(rule=rule or Alternating(), **training))
        super().__init__(
            config, _Pair((spec, spec), start), SimpleNamespace(updates=UpdateCount()), None, "cpu"
        )
        self._field = FIELDS[field]
        self.asked = []

    @property
    def place(self):
        """Return (θ, ψ)."""
        return float(self.players.generator.parameters), float(self.players.discriminator.parameters)

    def gradients(self, row, between=None):
        self.discriminator_gradient(row)
        if between is not None:
            between()
        self.generator_gradient(row)

    def gradients_to_rest(self, row, strength):
        """By central differences of fourth order."""
        self.gradients(row)
        place, h = self.place, 1e-3

        def size(i, k):
            moved = [x + k * h * (i == j) for j, x in enumerate(place)]
            return 0.5 * sum(field(*moved) ** 2 for field in self._field)

        for i, player in enumerate((self.players.generator, self.players.discriminator)):
            slope = (8 * (size(i, 1) - size(i, -1)) - size(i, 2) + size(i, -2)) / (12 * h)
            player.optimizer.gradients.add_(strength * slope)

    def discriminator_gradient(self, row, *, is_applied=True):
        self._put(self.players.discriminator, 1)

    def generator_gradient(self, row):
        self._put(self.players.generator, 0)

    def _put(self, player, i):
        self.asked.append((i, *self.place))
        player.optimizer.gradients.fill_(-self._field[i](*self.place))

    def play(self, n):
        """Make n steps; return where they end."""
        for _ in range(n):
            self.step(0)
        return self.place

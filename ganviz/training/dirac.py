"""The Dirac game: two numbers against each other, played with the same losses, penalties, rules and optimizers.

Real data are the point 0, generated ones the point θ, and the discriminator scores t(x) = c + ψ x, with the constant c
at which both are equally likely. Over the noise that D sees, the mean is taken by quadrature. A D that judges m samples
together has a slope for each of them; they start alike and stay so: t = c + ψ (x₁ + … + xₘ). It is the smallest game in
which a formulation can fail to converge (Mescheder, Geiger and Nowozin 2018, arXiv 1801.04406; they write -ψ for ψ).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties.base import AbstractSlopePenalty
from ganviz.spec import InvalidValueError
from ganviz.training.config import RunConfig
from ganviz.training.dirac_pulls import ALTERNATING, REST_DISTANCE, pull_of_psi, pull_of_theta
from ganviz.training.optimizers import AbstractOptimizer
from ganviz.training.rules import AbstractRule
from ganviz.training.updates import FlatOptimizer


class DiracGame:
    """A :class:`ganviz.training.rules.Game` of two numbers, in double precision, from several starts at once.

    Parameters
    ----------
    config : RunConfig
        What is played: formulation and optimizers of its first lane, the rule, and both players' updates in a step.
    theta, psi : Tensor, ``[n]``
        Where the plays start.
    count : int
        Updates that the optimizers have seen.
    """

    def __init__(self, config: RunConfig, theta: Tensor, psi: Tensor, count: int = 0) -> None:
        lane = config.lanes[0]
        self._rule, self.d_steps = config.training.rule, config.training.d_steps
        self.g_steps = config.training.g_steps
        self._formulation, self._step = lane.formulation, 0
        self._packing = config.training.packing
        self.theta = _optimizer(lane.generator_optimizer, theta, count)
        self.psi = _optimizer(lane.discriminator_optimizer, psi, count)

    def step(self) -> None:
        """Make one step by the rule."""
        self._rule.step(self, 0)
        self._step += 1

    def state(self) -> Tensor:
        """Return θ, ψ and everything that the optimizers remember, ``[n, numbers]``."""
        return torch.cat([part for one in (self.theta, self.psi) for part in _parts(one)], dim=1)

    def put(self, state: Tensor) -> None:
        """Go on from what :meth:`state` has returned."""
        parts = [part for one in (self.theta, self.psi) for part in _parts(one)]
        for part, values in zip(parts, torch.split(state, 1, dim=1), strict=True):
            part.copy_(values)

    def discriminator_step(self, row: int, *, is_applied: bool) -> None:
        """Move ψ alone."""
        self._discriminate()
        if is_applied:
            self.finish_discriminator()

    def generator_step(self, row: int) -> None:
        """Move θ alone."""
        self._generate()
        self.finish_generator()

    def gradients(self, row: int, between: Callable[[], object] | None = None) -> None:
        """Compute ψ's gradient, call ``between``, and compute θ's."""
        self._discriminate()
        if between is not None:
            between()
        self._generate()

    def gradients_to_rest(self, row: int, strength: float) -> None:
        """Compute both gradients, and add those of ``strength`` times half the sum of their squares, by differences."""
        self.gradients(row)
        theta, psi = self._place()
        formulation, packing, h = self._formulation, self._packing, REST_DISTANCE

        def size(a: Tensor, b: Tensor) -> Tensor:
            pulls = (
                pull_of_theta(formulation, a, b, packing=packing),
                pull_of_psi(formulation, a, b, 0, packing),
            )
            return 0.5 * (pulls[0].square() + pulls[1].square())

        for player, (x, y) in ((self.theta, (h, 0.0)), (self.psi, (0.0, h))):
            near, far = (size(theta + k * x, psi + k * y) - size(theta - k * x, psi - k * y) for k in (1, 2))
            player.gradients.add_(strength * (8 * near - far) / (12 * h))

    def _discriminate(self) -> None:
        torch.neg(
            pull_of_psi(self._formulation, *self._place(), self._step, self._packing), out=self.psi.gradients
        )

    def _generate(self) -> None:
        pull = pull_of_theta(self._formulation, *self._place(), self._step, self._rule, self._packing)
        torch.neg(pull, out=self.theta.gradients)

    def _place(self) -> tuple[Tensor, Tensor]:
        return self.theta.parameters, self.psi.parameters

    def look_ahead(self) -> Callable[[], object]:
        """Move both for a while."""
        theta, psi = (numbers.clone() for numbers in self._place())
        self.finish_discriminator()
        self.finish_generator()

        def take_back() -> None:
            self.theta.parameters.copy_(theta)
            self.psi.parameters.copy_(psi)

        return take_back

    def finish_discriminator(self) -> None:
        """Move ψ by its gradient, within its constraint."""
        self.psi.update()
        self._formulation.constraint.apply(self.psi.parameters)

    def finish_generator(self) -> None:
        """Move θ by its gradient."""
        self.theta.update()


def _optimizer(spec: AbstractOptimizer, start: Tensor, count: int) -> FlatOptimizer:
    weights = start.detach().to(torch.float64).reshape(-1, 1).clone()
    n = len(weights)
    slots = {name: torch.zeros_like(weights) for name in spec.slots}
    return FlatOptimizer(weights, slots, [count] * n, [spec] * n, [True] * n)


def _parts(optimizer: FlatOptimizer) -> list[Tensor]:
    return [optimizer.parameters, *optimizer.slots.values()]


def check_playable(config: RunConfig) -> None:
    """Raise InvalidValueError for what a game of two points cannot have."""
    formulation = config.lanes[0].formulation
    if not formulation.loss.has_discriminator:
        raise InvalidValueError(
            f"{formulation.loss.called} has no discriminator: there is nobody to play against."
        )
    if getattr(config.architecture, "spectral_norm", False):
        raise InvalidValueError(
            "The Dirac game has no spectral norm: D is one number, and divided by its size nothing is left to learn."
        )
    if any(penalty.interval != 1 for penalty in formulation.penalties):
        raise InvalidValueError("The Dirac game takes every penalty at every update: intervals must be 1.")
    others = [one for one in formulation.penalties if not isinstance(one, AbstractSlopePenalty)]
    if others and formulation.blur(0):
        raise InvalidValueError(
            f"The Dirac game has no noise for {others[0].title}: D must see points as they are."
        )
    if formulation.loss.compares_means and formulation.blur(0):
        raise InvalidValueError("The Dirac game has no noise for losses against a batch's mean.")


Course = NDArray[np.float64]


def course(config: RunConfig, theta: float, psi: float, steps: int) -> tuple[Course, Course]:
    """Return θ and ψ at the start and after each of ``steps`` steps of a run's formulation, optimizers and rule."""
    check_playable(config)
    game = DiracGame(config, *torch.tensor([[theta], [psi]], dtype=torch.float64))
    places = np.empty((2, steps + 1))
    for i in range(steps + 1):
        places[:, i] = float(game.theta.parameters), float(game.psi.parameters)
        if i < steps:
            game.step()
    return places[0], places[1]


def field(
    formulation: Formulation,
    theta: Course,
    psi: Course,
    rule: AbstractRule = ALTERNATING,
    packing: int = 1,
) -> tuple[Course, Course]:
    """Return (θ', ψ') at places of any shape: the directions of both players, for arrows."""
    first, second = (torch.as_tensor(one, dtype=torch.float64).reshape(-1, 1) for one in (theta, psi))
    pulls = (
        pull_of_theta(formulation, first, second, 0, rule, packing),
        pull_of_psi(formulation, first, second, 0, packing),
    )
    to_theta, to_psi = (pull.numpy().reshape(np.shape(theta)) for pull in pulls)
    return to_theta, to_psi

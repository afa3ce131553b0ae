"""What the Dirac game does near its equilibrium: eigenvalues of its field and of one step, and what they mean."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.dirac import DiracGame, field
from ganviz.training.rules import Consensus

Matrix = NDArray[np.float64]
Eigenvalues = NDArray[np.complex128]

LATER = 1000
"""Updates that an optimizer's state has seen where a step is linearized: its first ones may be special."""
NEAR = 1e-4
"""How far from the equilibrium differences are taken."""
ALIKE = 1e-6
"""Of differences at ``NEAR`` and half of it, relative to the largest entry; more is a kink or a jump."""
ZERO = 1e-7
"""Real parts and lengths closer to the edge of stability than this lie on it."""


@dataclass(frozen=True, slots=True)
class Stability:
    """Eigenvalues at (0, 0) and their verdict; None and a reason where there is no linearization.

    Attributes
    ----------
    eigenvalues : complex ndarray or None
        Of the field in continuous time: it converges where all real parts are negative.
    step_eigenvalues : complex ndarray or None
        Of one step, what the optimizers remember included: it converges where all lie within the unit circle.
    verdict, step_verdict : str
    """

    eigenvalues: Eigenvalues | None
    verdict: str
    step_eigenvalues: Eigenvalues | None
    step_verdict: str

    @property
    def spectral_radius(self) -> float | None:
        """Return the largest length of a step's eigenvalues: the factor that a step multiplies distances with."""
        return None if self.step_eigenvalues is None else float(np.abs(self.step_eigenvalues).max())


def stability(config: RunConfig) -> Stability:
    """Return what a run's first lane does near the equilibrium of the Dirac game."""
    of_field, of_step = (_eigenvalues(linear) for linear in (_field_jacobian(config), _step_jacobian(config)))
    return Stability(of_field, _field_verdict(of_field), of_step, _step_verdict(of_step))


def _eigenvalues(matrix: Matrix | None) -> Eigenvalues | None:
    if matrix is None:
        return None
    found = np.linalg.eigvals(matrix).astype(np.complex128)
    return found[np.lexsort((found.imag, found.real))]


def _field_jacobian(config: RunConfig) -> Matrix | None:
    formulation, training = config.lanes[0].formulation, config.training
    rule = training.rule

    def pulls(places: Matrix) -> Matrix:
        return np.stack(field(formulation, places[:, 0], places[:, 1], rule, training.packing), axis=1)

    matrix = _jacobian(pulls, 2)
    if matrix is not None and isinstance(rule, Consensus):
        matrix = matrix - rule.gamma * matrix.T @ matrix  # of -γ ∇½‖v‖², where v = 0
    return matrix


def _step_jacobian(config: RunConfig) -> Matrix | None:
    """Return the derivative of one step with respect to θ, ψ and all that the optimizers remember."""
    size = _game(config, 1).state().shape[1]

    def after(states: Matrix) -> Matrix:
        game = _game(config, len(states))
        game.put(torch.from_numpy(states))
        game.step()
        return game.state().numpy()

    matrix = _jacobian(after, size)
    return None if matrix is None else _without_idle(matrix)


def _without_idle(matrix: Matrix) -> Matrix:
    """Leave out what a step neither changes nor uses: a velocity without momentum, for example."""
    rest = np.abs(matrix - np.eye(len(matrix)))
    is_used = (rest.max(0) > ZERO) | (rest.max(1) > ZERO)
    is_used[0] = True
    is_used[len(matrix) // 2] = True
    return matrix[np.ix_(is_used, is_used)]


def _game(config: RunConfig, n: int) -> DiracGame:
    return DiracGame(config, torch.zeros(n), torch.zeros(n), LATER)


def _jacobian(function: Callable[[Matrix], Matrix], size: int) -> Matrix | None:
    """Return the derivative at 0 of a map of rows, or None where it has none.

    Central differences at two distances, put together so that the error is of the fourth order.
    """
    wide, narrow = (_differences(function, size, distance) for distance in (NEAR, NEAR / 2))
    found = (4 * narrow - wide) / 3
    if not np.isfinite(found).all() or np.abs(wide - narrow).max() > ALIKE * max(1.0, np.abs(found).max()):
        return None
    return found


def _differences(function: Callable[[Matrix], Matrix], size: int, distance: float) -> Matrix:
    places = distance * np.concatenate((np.eye(size), -np.eye(size)))
    there = function(places)
    return (there[:size] - there[size:]).T / (2 * distance)


def _field_verdict(eigenvalues: Eigenvalues | None) -> str:
    if eigenvalues is None:
        return "not smooth at the equilibrium: it has no linearization"
    if (eigenvalues.real > ZERO).any():
        return "leaves the equilibrium"
    if (eigenvalues.real < -ZERO).all():
        return "converges"
    if (np.abs(eigenvalues) < np.sqrt(ZERO)).any():
        return "degenerate: the linearization does not decide"
    return "circles: not locally convergent to first order"


def _step_verdict(eigenvalues: Eigenvalues | None) -> str:
    if eigenvalues is None:
        return "a step has no linearization at the equilibrium"
    radius = np.abs(eigenvalues).max()
    if radius > 1 + ZERO:
        return "steps of this size lead away from the equilibrium"
    if radius < 1 - ZERO:
        return "steps of this size converge"
    return "neutral to first order: steps of this size neither approach the equilibrium nor leave it"

"""The Dirac game of each lane's formulation: a course from a chosen start, the field around it, and eigenvalues."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.spec import InvalidValueError, Spec, choice, param
from ganviz.spec.frozen import dataclass
from ganviz.training.optimizers import OPTIMIZERS, SGD, AbstractOptimizer
from ganviz.training.probes.base import AbstractProbe, Reading, Subject
from ganviz.training.rules import RULES, AbstractRule, Alternating

if TYPE_CHECKING:
    from ganviz.losses.formulation import Formulation

Numbers = NDArray[np.float64]
Roots = NDArray[np.complex128]

N_ARROWS = 15
"""In each direction of the field."""
NEAREST, FARTHEST = 1.5, 6.0
"""How far the field reaches at least, and at most when a course runs away."""
CONSERVED = 1e-9
"""A quantity that changes by less than this share of itself over a course is called conserved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiracSettings(Spec):
    """How the game is played: where from, with which rule, by which optimizer, for how long."""

    title: ClassVar[str] = "Dirac game"

    theta: float = param(1.0, "Start θ", "Where G's point starts; real data are at 0.", low=-1e3, high=1e3)
    psi: float = param(1.0, "Start ψ", "The slope that D starts with: D's score is ψ x.", low=-1e3, high=1e3)
    rule: AbstractRule = choice(RULES, Alternating(), "Rule", "Who moves when.")
    d_steps: int = param(1, "D steps per G step", "Updates of ψ for each update of θ.", low=1, high=100)
    g_steps: int = param(1, "G updates per step", "Updates of θ in each step.", low=1, high=100)
    packing: int = param(
        1, "Samples together", "How many samples of one kind D judges together.", low=1, high=4
    )
    optimizer: AbstractOptimizer = choice(
        OPTIMIZERS, SGD(learning_rate=0.2), "Optimizer", "Of both players, with the same step size."
    )
    steps: int = param(300, "Steps", "How many steps are played.", low=1, high=5000)


@dataclass(frozen=True, slots=True)
class DiracPlays(Reading):
    """What each lane's formulation does in the Dirac game; NaN where it cannot be played there.

    Attributes
    ----------
    settings : DiracSettings
    theta, psi : ndarray, ``[lanes, steps + 1]``
        The course, its start first.
    axis : ndarray, ``[n]``
        Where the field is measured, for θ and for ψ.
    to_theta, to_psi : ndarray, ``[lanes, n, n]``
        The field (-∂L_G/∂θ, -∂L_D/∂ψ); rows are values of ψ.
    roots, step_roots : ndarray, ``[lanes, most]``
        Eigenvalues at the equilibrium in continuous time and of one step; NaN beyond their number.
    verdicts, step_verdicts, conserved, refusals : tuple of str
        What the eigenvalues mean, the quantity that the course conserves, or why there is no game; one text a lane.
    """

    settings: DiracSettings
    theta: Numbers
    psi: Numbers
    axis: Numbers
    to_theta: Numbers
    to_psi: Numbers
    roots: Roots
    step_roots: Roots
    verdicts: tuple[str, ...]
    step_verdicts: tuple[str, ...]
    conserved: tuple[str, ...]
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiracProbe(AbstractProbe):
    """Plays the game of every lane; the same settings and formulation are played once."""

    settings: DiracSettings = dataclasses.field(default_factory=DiracSettings)

    def measure(self, subject: Subject) -> DiracPlays:
        """Return all lanes' games."""
        plays = [_play(lane.formulation, self.settings) for lane in subject.config.lanes]
        reach = max((_reach(play) for play in plays), default=NEAREST)
        axis = np.linspace(-reach, reach, N_ARROWS)
        rule, packing = self.settings.rule, self.settings.packing
        fields = [_field(lane.formulation, reach, rule, packing) for lane in subject.config.lanes]
        return DiracPlays(
            settings=self.settings,
            theta=np.stack([play.theta for play in plays]),
            psi=np.stack([play.psi for play in plays]),
            axis=axis,
            to_theta=np.stack([one[0] for one in fields]),
            to_psi=np.stack([one[1] for one in fields]),
            roots=_padded([play.roots for play in plays]),
            step_roots=_padded([play.step_roots for play in plays]),
            verdicts=tuple(play.verdict for play in plays),
            step_verdicts=tuple(play.step_verdict for play in plays),
            conserved=tuple(play.conserved for play in plays),
            refusals=tuple(play.refusal for play in plays),
        )


@dataclass(frozen=True, slots=True)
class _Play:
    """One formulation's game."""

    theta: Numbers
    psi: Numbers
    roots: Roots
    step_roots: Roots
    verdict: str = ""
    step_verdict: str = ""
    conserved: str = ""
    refusal: str = ""


_NO_ROOTS: Roots = np.empty(0, dtype=np.complex128)


@lru_cache(maxsize=64)
def _play(formulation: Formulation, settings: DiracSettings) -> _Play:
    from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
    from ganviz.training.dirac import course
    from ganviz.training.dirac_stability import stability

    lane = LaneConfig(formulation, "", settings.optimizer, settings.optimizer)
    try:
        training = TrainingSettings(
            rule=settings.rule,
            d_steps=settings.d_steps,
            g_steps=settings.g_steps,
            packing=settings.packing,
            batch_size=2 * settings.packing,  # of which a game of two points sees one pack
        )
        config = RunConfig(lanes=(lane,), training=training)
        theta, psi = course(config, settings.theta, settings.psi, settings.steps)
    except InvalidValueError as problem:
        nothing = np.full(settings.steps + 1, np.nan)
        return _Play(nothing, nothing, _NO_ROOTS, _NO_ROOTS, refusal=str(problem))
    found = stability(config)
    roots, step_roots = (
        _NO_ROOTS if one is None else one for one in (found.eigenvalues, found.step_eigenvalues)
    )
    conserved = _conserved(theta, psi, settings.optimizer.learning_rate)
    return _Play(theta, psi, roots, step_roots, found.verdict, found.step_verdict, conserved)


def _conserved(theta: Numbers, psi: Numbers, step_size: float) -> str:
    """Return what stays the same along a course, to rounding; nothing where neither known quantity does."""
    with np.errstate(over="ignore", invalid="ignore"):
        circle = theta * theta + psi * psi
        for name, quantity in (("θ² + ψ²", circle), ("θ² + ψ² − hθψ", circle - step_size * theta * psi)):
            if np.abs(quantity - quantity[0]).max() <= CONSERVED * abs(quantity[0]):
                return f"{name} = {quantity[0]:.6g} is conserved"
    return ""


def _reach(play: _Play) -> float:
    """Return a round distance that holds a course, or the start of one that runs away."""
    sizes = np.maximum(np.abs(play.theta), np.abs(play.psi))
    farthest = sizes.max()
    if not farthest <= FARTHEST:
        farthest = min(np.nan_to_num(sizes[0]), FARTHEST)
    return float(max(NEAREST, np.ceil(2.2 * farthest) / 2))


@lru_cache(maxsize=64)
def _field(
    formulation: Formulation, reach: float, rule: AbstractRule, packing: int
) -> tuple[Numbers, Numbers]:
    from ganviz.training.dirac import field

    axis = np.linspace(-reach, reach, N_ARROWS)
    theta, psi = np.meshgrid(axis, axis)
    try:
        return field(formulation, theta, psi, rule, packing)
    except InvalidValueError:
        nothing = np.full(theta.shape, np.nan)
        return nothing, nothing


def _padded(roots: list[Roots]) -> Roots:
    padded = np.full((len(roots), max(len(one) for one in roots)), np.nan, dtype=np.complex128)
    for row, one in zip(padded, roots, strict=True):
        row[: len(one)] = one
    return padded

"""In which order the cells of a sweep are begun: the longest first.

One that takes most of the time, begun last, would leave all other workers idle until it is done.
"""

from __future__ import annotations

from collections.abc import Iterable

from ganviz.session.sweeps.plan import SweepPlan
from ganviz.training.config import RunConfig
from ganviz.training.players import networks_of

OF_D, OF_G, OF_PENALTY = 6.0, 5.0, 5.0
"""Passes through a network that an update of D, one of G, and a penalty's gradient take."""


def effort(config: RunConfig) -> float:
    """Return how long a step takes, in no unit: only which of two runs takes longer is meant."""
    lane, training = config.lanes[0], config.training
    penalties = sum(OF_PENALTY / penalty.interval for penalty in lane.formulation.penalties)
    passes = training.d_steps * (OF_D + penalties) + training.g_steps * OF_G
    weights = sum(network.layout.n for network in networks_of(config))
    return passes * weights * training.batch_size


def longest_first(plan: SweepPlan, cells: Iterable[int]) -> list[int]:
    """Return the numbers of cells, those that take longest first; equal ones as they were."""
    return sorted(cells, key=lambda index: -effort(plan.cells[index].config))

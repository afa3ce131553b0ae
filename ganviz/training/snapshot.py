"""What the engine answers to a look: readings taken between two steps, with the configuration that was in force."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TypeVar

from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe, Reading

R = TypeVar("R", bound=Reading)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a snapshot was taken.

    ``run`` counts restarts and returns to a keyframe, ``revision`` applied changes and changes of state.
    """

    run: int
    step: int
    revision: int


CAUSES = {
    "d_loss": "the discriminator's loss", "g_loss": "the generator's loss", "penalty": "the penalty",
    "d_grad_norm": "the discriminator's gradient", "g_grad_norm": "the generator's gradient",
}  # fmt: skip
"""Scalars in words."""


@dataclass(frozen=True, slots=True)
class LaneStatus:
    """How a lane is doing: ``diverged_at`` is the step whose scalars were not finite, ``cause`` the first such term."""

    diverged_at: int | None = None
    cause: str = ""

    @property
    def sentence(self) -> str:
        """Return what happened, for people."""
        return f"diverged at step {self.diverged_at:,}: {CAUSES.get(self.cause, self.cause)} is not finite"


def lane_statuses(rows: tuple[LaneStatus, ...], n_seeds: int) -> tuple[LaneStatus, ...]:
    """Return how each lane is doing: it has diverged when all its seeds have, with the last of them."""
    lanes = [rows[first : first + n_seeds] for first in range(0, len(rows), n_seeds)]
    return tuple(
        LaneStatus() if any(one.diverged_at is None for one in lane)
        else max(lane, key=lambda one: one.diverged_at or 0)
        for lane in lanes
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen picture of a run.

    Attributes
    ----------
    stamp : Stamp
    config : RunConfig
        The configuration in force at ``viewed_step``; panels display this, never their own memory.
    lanes : tuple of LaneStatus
    step_method : str
        "analytic" or "autograd": how updates are computed.
    device : str
        "cpu" or "cuda": where they are computed.
    readings : tuple of (AbstractProbe, Reading)
        What was asked for and has a meaning for this run.
    viewed_step : int
        The step that readings show; smaller than ``stamp.step`` when looking back at a keyframe.
    ticket : int
        That of the look which this answers.
    newest : RunConfig, optional
        What is in force now, and what curves over the whole run are of: it has other lanes where one looks back
        at a step before a fork. ``config`` where none is given.
    """

    stamp: Stamp
    config: RunConfig
    lanes: tuple[LaneStatus, ...]
    step_method: str
    device: str
    readings: tuple[tuple[AbstractProbe, Reading], ...]
    viewed_step: int
    ticket: int = 0
    newest: RunConfig | None = None

    def of_whole_run(self) -> Snapshot:
        """Return what a picture of the whole run goes by, whatever step one looks back at."""
        return dataclasses.replace(self, config=self.newest or self.config)

    def get(self, kind: type[R], probe: AbstractProbe | None = None) -> R | None:
        """Return the reading of this class (that this very probe took, when given), or None."""
        for taken_by, reading in self.readings:
            if isinstance(reading, kind) and (probe is None or probe == taken_by):
                return reading
        return None

    def stopped_at(self, lane: int) -> int | None:
        """Return the step at which a lane diverged, where that is not after the step that readings show; else None."""
        at = self.lanes[lane].diverged_at if lane < len(self.lanes) else None
        return at if at is not None and at <= self.viewed_step else None

    def alive(self) -> list[int]:
        """Return the lanes that scales of several lanes go by: those that have not diverged, or all where all have."""
        lanes = range(len(self.config.lanes))
        return [lane for lane in lanes if self.stopped_at(lane) is None] or list(lanes)

    def is_the_same_for(self, probes: Iterable[AbstractProbe], other: Snapshot) -> bool:
        """Return whether these probes have the same to show here as in another snapshot: the very same readings."""
        if (self.stamp, self.viewed_step) != (other.stamp, other.viewed_step):
            return False
        mine, others = dict(self.readings), dict(other.readings)
        return all(mine.get(probe) is others.get(probe) for probe in probes)


def completed(snapshot: Snapshot, last: Snapshot | None, needs: tuple[AbstractProbe, ...]) -> Snapshot:
    """Return a snapshot with the readings that it lacks and needs, where the last one was taken at the same moment."""
    if last is None or (last.stamp, last.viewed_step) != (snapshot.stamp, snapshot.viewed_step):
        return snapshot
    readings = dict(last.readings) | dict(snapshot.readings)
    return dataclasses.replace(
        snapshot, readings=tuple((probe, readings[probe]) for probe in needs if probe in readings)
    )

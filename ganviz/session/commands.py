"""What a person, or the command line, can ask of a run: frozen values that go down the channel."""

from __future__ import annotations

import enum
from dataclasses import field
from pathlib import Path

from ganviz.losses.formulation import Formulation
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.snapshot import Stamp


class HalfStep(enum.Enum):
    """Which player is updated by a single step."""

    BOTH = "both"
    DISCRIMINATOR = "discriminator"
    GENERATOR = "generator"


class ExportKind(enum.Enum):
    """What can be written without a picture; the file's ending chooses between CSV and NPZ."""

    HISTORY = "history"
    SAMPLES = "samples"
    CONFIG = "config"
    WEIGHTS = "weights"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class Run:
    """Train until told otherwise, or until ``until_step`` steps."""

    until_step: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Train not one step more."""


@dataclass(frozen=True, slots=True)
class Step:
    """Make one update of one or both players, then stay paused."""

    players: HalfStep = HalfStep.BOTH


@dataclass(frozen=True, slots=True)
class SetPace:
    """Make at most this many steps per second; None: as many as the machine can."""

    steps_per_second: float | None


@dataclass(frozen=True, slots=True)
class Reconfigure:
    """Put this configuration in force: at the next step where it can be done live, else by a restart.

    ``before`` is what it was chosen over: where another one is in force by then, only what differs is changed.
    """

    config: RunConfig
    before: RunConfig | None = field(default=None, compare=False)
    ticket: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Restart:
    """Start again at step 0, with all settings kept or with ``config``; ``new_weights`` also draws another seed."""

    new_weights: bool = False
    config: RunConfig | None = None
    ticket: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ForkLane:
    """Add a lane that copies lane ``lane``'s whole state and goes on under ``formulation``."""

    lane: int
    formulation: Formulation
    label: str = ""
    ticket: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class RemoveLane:
    """Take a lane away; the last one cannot be."""

    lane: int
    ticket: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SaveCheckpoint:
    """Write the whole run to a file, atomically; ``at_step`` writes it as it was at that keyframe."""

    path: Path
    at_step: int | None = None


@dataclass(frozen=True, slots=True)
class PutAside:
    """Write the whole run to a file for the case that this process dies; answered by AsideWritten, never Refused."""

    path: Path


@dataclass(frozen=True, slots=True)
class LoadCheckpoint:
    """Replace the run by the one in a file; on any error the present run is untouched. The run is then paused.

    ``at_step`` takes it as it was at that keyframe: a fork, which drops nothing of the file.
    """

    path: Path
    at_step: int | None = None
    ticket: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Export:
    """Write data of one kind to a file, as they were at the keyframe ``at_step`` where one is given.

    ``lane`` matters for weights, which are those of its first seed, and scripts only.
    """

    kind: ExportKind
    path: Path
    lane: int = 0
    at_step: int | None = None


@dataclass(frozen=True, slots=True)
class ContinueFrom:
    """Go back to the keyframe at ``step``: later history is dropped and training goes on from there."""

    step: int
    ticket: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class KeepAgain:
    """Keep a keyframe at any step of the run, made anew from the one before it; told by Keyframes or Refused."""

    step: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End the loop; ``keeps_run``: the run is put aside first, where it has been put aside before."""

    keeps_run: bool = False


Command = (
    Run | Pause | Step | SetPace | Reconfigure | Restart | ForkLane | RemoveLane | SaveCheckpoint | PutAside
    | LoadCheckpoint | Export | ContinueFrom | KeepAgain | Stop
)  # fmt: skip
Numbered = Reconfigure | Restart | ForkLane | RemoveLane | LoadCheckpoint | ContinueFrom
"""Commands that may put another configuration in force; Answered tells the ``ticket`` of each, where it has one."""


@dataclass(frozen=True, slots=True)
class Look:
    """When the run's stamp or state differs from ``after``, send these readings, once.

    ``at_step`` asks for the keyframe nearest to that step instead of the present; ``ticket`` comes back with the
    answer. Readings of the probes ``known`` came with ``after``, all of ``needs`` where none are named: while that
    stands, only others are sent.
    """

    needs: tuple[AbstractProbe, ...]
    after: Stamp | None = None
    at_step: int | None = None
    ticket: int = 0
    known: tuple[AbstractProbe, ...] | None = None

    def wanted(self, stamp: Stamp) -> tuple[AbstractProbe, ...]:
        """Return the probes whose readings are to be sent where the run is at ``stamp`` now."""
        if stamp != self.after:
            return self.needs
        known = self.needs if self.known is None else self.known
        return tuple(probe for probe in self.needs if probe not in known)

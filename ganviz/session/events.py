"""What a run tells: frozen values that come up the channel."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path

from ganviz.session.state import RunState
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.snapshot import LaneStatus, Stamp


@dataclass(frozen=True, slots=True)
class EngineReady:
    """torch is loaded and the first run is built; ``device`` is where it trains, ``version`` torch's."""

    device: str
    version: str


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The run's state is now ``state``; ``reason`` is a sentence where there is one (divergence)."""

    state: RunState
    stamp: Stamp
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConfigChanged:
    """Another configuration or past is in force; ``restarted`` when another run has taken the place of the old one.

    ``path`` is the file that the run was read from, where it was.
    """

    config: RunConfig
    stamp: Stamp
    restarted: bool
    path: Path | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """The command with this ticket has been obeyed or refused, which is told next.

    Of a Reconfigure those before it are answered with it.
    """

    ticket: int


@dataclass(frozen=True, slots=True)
class StepTakes:
    """One step takes about so many seconds, which is long; 0 when it does not any more."""

    seconds: float


@dataclass(frozen=True, slots=True)
class LaneDiverged:
    """A lane stopped: the ``cause`` (a scalar's name) was not finite at ``step``.

    ``lane`` counts rows: each seed of a lane.
    """

    lane: int
    step: int
    cause: str


@dataclass(frozen=True, slots=True)
class FileWritten:
    """A file was written; ``step`` is that of the run in it, where it is known."""

    path: Path
    step: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AsideWritten:
    """What PutAside asked for has ended, well or for a ``reason`` not, with the run as it was ``age_s`` seconds ago."""

    is_well: bool
    path: Path
    age_s: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Relaunched:
    """Another process trains from now on: what was asked of the one before will not be answered."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something a person should know of the run that has been opened, in one sentence."""

    message: str


@dataclass(frozen=True, slots=True)
class Keyframes:
    """The steps that can be looked back at, ascending."""

    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A command could not be done, for the person's reason in ``message``; nothing has changed.

    ``path`` is the file that it was to write, where it was to write one.
    """

    message: str
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A defect: the loop caught an exception. ``details`` is the traceback's text."""

    kind: str
    message: str
    details: str


Event = (
    EngineReady | StateChanged | ConfigChanged | LaneDiverged | FileWritten | AsideWritten | Relaunched
    | Answered | StepTakes | Keyframes | Noted | Refused | Failed
)  # fmt: skip


def divergences(before: tuple[LaneStatus, ...], now: tuple[LaneStatus, ...]) -> list[Event]:
    """Return which lanes have diverged since."""
    return [
        LaneDiverged(lane, status.diverged_at, status.cause)
        for lane, (status, old) in enumerate(zip(now, before, strict=True))
        if status.diverged_at is not None and status != old
    ]

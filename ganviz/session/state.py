"""The states of a run as a person sees it."""

from __future__ import annotations

import enum


class RunState(enum.Enum):
    """What the run is doing."""

    PAUSED = "paused"
    RUNNING = "running"
    DIVERGED = "diverged"
    FAILED = "failed"
    FINISHED = "finished"

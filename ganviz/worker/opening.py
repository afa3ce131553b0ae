"""How a run is opened, as a value that can be handed to another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganviz.training.config import RunConfig

if TYPE_CHECKING:
    from ganviz.session.runner import Runner


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first run is made of; calling it makes the runner, which loads torch."""

    config: RunConfig
    pace: float | None
    is_running: bool

    def __call__(self) -> Runner:
        """Return the runner."""
        from ganviz.session.runner import Runner

        return Runner(self.config, is_running=self.is_running, pace=self.pace, prepares_beside=True)

"""Wishes that have been sent and not answered yet, and what the settings will be once they are.

While a step takes long, a second choice is made before the first one is in force: it is made over the settings as they
will be then, so that what the first one changed can be put back, and a lane is meant that will be there.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ganviz.session.commands import (
    Command,
    Export,
    ForkLane,
    Numbered,
    Reconfigure,
    RemoveLane,
    Restart,
    SaveCheckpoint,
)
from ganviz.session.events import Answered, ConfigChanged, FileWritten, Refused, Relaunched
from ganviz.session.rebasing import rebased
from ganviz.spec import InvalidValueError
from ganviz.training.config import MAX_LANES, RunConfig


class Unanswered:
    """The configuration in force, as far as is known, and commands that may change it.

    Parameters
    ----------
    config : RunConfig
        What is in force at first.
    """

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self._commands: list[Numbered] = []
        self._written: set[Path] = set()
        self._last = 0

    @property
    def is_writing(self) -> bool:
        """Return whether a file that was asked for has not been written yet, nor refused."""
        return bool(self._written)

    def numbered(self, command: Command) -> Command | None:
        """Return a command as it is to be sent; None where the lane that it means is about to go.

        Lanes are those of the configuration in force: what is sent counts those that there will be.
        """
        if isinstance(command, SaveCheckpoint | Export):
            self._written.add(command.path)
        if not isinstance(command, Numbered):
            return command
        changes: dict[str, Any] = {"ticket": self._last + 1}
        if isinstance(command, ForkLane | RemoveLane):
            lane = self._lane_then(command.lane)
            if lane is None:
                return None
            changes["lane"] = lane
        self._last += 1
        command = dataclasses.replace(command, **changes)
        self._commands.append(command)
        return command

    def _lane_then(self, lane: int) -> int | None:
        """Return which lane this one will be."""
        lanes = list(range(len(self.config.lanes)))
        for command in self._commands:
            if isinstance(command, RemoveLane) and 0 <= command.lane < len(lanes) > 1:
                del lanes[command.lane]
            elif isinstance(command, ForkLane):
                lanes.append(-1)
        return lanes.index(lane) if lane in lanes else None

    def read(self, event: object) -> None:
        """Take note of what the engine tells."""
        match event:
            case Answered(ticket):
                self._commands = [one for one in self._commands if not self._is_answered(one, ticket)]
            case ConfigChanged(config):
                self.config = config
            case FileWritten(path) | Refused(_, Path() as path):
                self._written.discard(path)
            case Relaunched():
                self._commands = []
                self._written.clear()

    def _is_answered(self, command: Numbered, ticket: int) -> bool:
        if command.ticket >= ticket:
            return command.ticket == ticket
        answered = next((one for one in self._commands if one.ticket == ticket), None)
        return isinstance(command, Reconfigure) and isinstance(answered, Reconfigure)

    @property
    def chosen(self) -> RunConfig:
        """Return the settings in force with those chosen since, of the lanes that there are now."""
        chosen = _after(self.config, [one for one in self._commands if isinstance(one, Reconfigure)])
        return chosen if len(chosen.lanes) == len(self.config.lanes) else self.config

    @property
    def expected(self) -> RunConfig:
        """Return what will be in force when everything has been answered."""
        return _after(self.config, self._commands)


def _after(config: RunConfig, commands: Iterable[Command]) -> RunConfig:
    for command in commands:
        with contextlib.suppress(InvalidValueError):
            config = _changed(config, command)
    return config


def _changed(config: RunConfig, command: Command) -> RunConfig:
    lanes = config.lanes
    match command:
        case Reconfigure(wished, before):
            return wished if before is None else rebased(before, wished, config)
        case Restart(new_weights, wished):
            return (wished or config).with_other_seeds() if new_weights else wished or config
        case ForkLane(lane, formulation, label) if lane < len(lanes) < MAX_LANES:
            lanes = (*lanes, dataclasses.replace(lanes[lane], formulation=formulation, label=label))
        case RemoveLane(lane) if len(lanes) > 1:
            lanes = lanes[:lane] + lanes[lane + 1 :]
    return dataclasses.replace(config, lanes=lanes)

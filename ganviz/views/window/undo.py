"""What undo and redo of settings go through."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable

from ganviz.spec import InvalidValueError
from ganviz.training.changes import setting_changes
from ganviz.training.config import LaneConfig, RunConfig

LanesChange = Callable[[tuple[LaneConfig, ...]], tuple[LaneConfig, ...]]

DEEPEST = 200
MOST_LETTERS = 48
"""Of a change in a menu."""


class SettingsUndo:
    """The configurations that were in force, before and after the present one."""

    def __init__(self, config: RunConfig) -> None:
        self._present = config
        self._past: list[RunConfig] = []
        self._future: list[RunConfig] = []

    @property
    def undo_words(self) -> str:
        """What would be taken back, as "modes 8 → 2"; empty where there is nothing."""
        return setting_changes(self._past[-1], self._present) if self._past else ""

    @property
    def redo_words(self) -> str:
        """What would be made again; empty where there is nothing."""
        return setting_changes(self._present, self._future[-1]) if self._future else ""

    def record(self, config: RunConfig) -> None:
        """Take note of the configuration in force; a lane that came or went did so at every time of the list."""
        if config == self._present:
            return
        if len(config.lanes) != len(self._present.lanes):
            self._follow(config)
        elif self._past and config == self._past[-1]:
            self._future.append(self._present)
            self._past.pop()
        elif self._future and config == self._future[-1]:
            self._past.append(self._present)
            self._future.pop()
        else:
            self._past = [*self._past[-DEEPEST:], self._present]
            self._future = []
        self._present = config

    def _follow(self, config: RunConfig) -> None:
        """Make a change of lanes in the whole list: what else was changed before can be undone after it."""
        change = lanes_change(self._present, config)
        past, future = [*self._past, self._present], [self._present, *self._future]
        self._past = _in_turn(past, change)[:-1] if change else []
        self._future = _in_turn(future, change)[1:] if change else []

    def earlier(self) -> RunConfig | None:
        """Return the configuration before the present one."""
        return self._past[-1] if self._past else None

    def later(self) -> RunConfig | None:
        """Return the configuration that was undone last."""
        return self._future[-1] if self._future else None


def lanes_change(before: RunConfig, after: RunConfig) -> LanesChange | None:
    """Return what a fork or a removal did to lanes, as it can be done to others; None where it was neither."""
    others = [field.name for field in dataclasses.fields(RunConfig) if field.name != "lanes"]
    if any(getattr(before, name) != getattr(after, name) for name in others):
        return None
    lanes, then = before.lanes, after.lanes
    for place, lane in enumerate(lanes):
        if then == lanes[:place] + lanes[place + 1 :]:
            return lambda others: others[:place] + others[place + 1 :]
        if then[:-1] == lanes and then[-1] == _forked(lane, then[-1]):
            return lambda others: (*others, _forked(others[place], then[-1]))
    return None


def _forked(lane: LaneConfig, new: LaneConfig) -> LaneConfig:
    """Return what becomes of a lane that goes on under another one's formulation."""
    return dataclasses.replace(lane, formulation=new.formulation, label=new.label)


def _in_turn(configs: list[RunConfig], change: LanesChange) -> list[RunConfig]:
    """Return configurations after a change of their lanes, without those that cannot be or are the one before."""
    found: list[RunConfig] = []
    for config in configs:
        with contextlib.suppress(InvalidValueError):  # many seeds of a few lanes may be too many of more
            changed = dataclasses.replace(config, lanes=change(config.lanes))
            found += [changed] if found[-1:] != [changed] else []
    return found


def shortened(words: str) -> str:
    """Return words as short as a menu can hold."""
    return words if len(words) <= MOST_LETTERS else words[: MOST_LETTERS - 1].rstrip() + "…"

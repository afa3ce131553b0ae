"""Files of a run, written while it trains on: those that take long, in a thread of their own."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from ganviz.session.aside_note import AsideNote, note_of
from ganviz.session.commands import Export, ExportKind, PutAside, SaveCheckpoint
from ganviz.session.events import AsideWritten, Event, FileWritten
from ganviz.session.exporting import write_config, write_rows, write_samples, write_weights
from ganviz.session.port import refusal
from ganviz.session.scripting import write_script
from ganviz.training.checkpoint import write_state
from ganviz.training.trainer import Trainer


class Writing:
    """Writes one file after the other.

    What is as long as the run, a checkpoint or the history, is written by another thread from a state that does not
    change any more.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "ganviz-files")
        self._pending: deque[tuple[SaveCheckpoint | PutAside | Export, int, Future[None]]] = deque()

    @property
    def is_busy(self) -> bool:
        """Return whether there is a file whose end nobody has been told yet."""
        return bool(self._pending)

    def begin(
        self, command: SaveCheckpoint | PutAside | Export, trainer: Trainer, *, is_training: bool
    ) -> None:
        """Begin to write what is asked for, as it is now; :meth:`news` tells of the end.

        While the run trains, at least half of the time is left to training.

        Raises
        ------
        InvalidValueError, FileError
            When a short file cannot be written.
        """
        if not isinstance(command, PutAside) and command.at_step is not None:
            trainer = _as_it_was(trainer, command.at_step)
        work = _work(command, trainer, _Rest() if is_training else None)
        self._pending.append((command, trainer.step, self._thread.submit(work)))

    def news(self, *, waits: bool = False) -> list[Event]:
        """Return what became of the files that are finished, oldest first; of all files, with ``waits``."""
        events: list[Event] = []
        while self._pending and (waits or self._pending[0][2].done()):
            command, step, future = self._pending.popleft()
            is_aside = isinstance(command, PutAside)
            try:
                future.result()
                events.append(
                    AsideWritten(True, command.path) if is_aside else FileWritten(command.path, step)
                )
            except (OSError, ValueError) as error:
                events.append(refusal(command, str(error)))
        return events


def _as_it_was(trainer: Trainer, step: int) -> Trainer:
    """Return the run as it was at a keyframe; the run itself goes on from where it is."""
    twin = Trainer.from_state(trainer.state())
    twin.rewind(step)
    return twin


class _Rest:
    """Waits as long as was worked since the last time."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def __call__(self) -> None:
        time.sleep(time.perf_counter() - self._since)
        self._since = time.perf_counter()


def _work(
    command: SaveCheckpoint | PutAside | Export, trainer: Trainer, rest: Callable[[], None] | None
) -> Callable[[], None]:
    """Return what is left to do for a file once everything that changes has been read."""
    path = command.path
    if isinstance(command, SaveCheckpoint):
        return partial(write_state, path, trainer.state())
    if isinstance(command, PutAside):
        return partial(_put_aside, path, trainer.state(), note_of(trainer.config, trainer.step))
    match command.kind:
        case ExportKind.HISTORY:
            return partial(write_rows, path, trainer.config, trainer.history.frozen(), rest)
        case ExportKind.CONFIG:
            return partial(write_config, path, trainer.config)
        case ExportKind.SAMPLES:
            write_samples(path, trainer)
        case ExportKind.WEIGHTS:
            write_weights(path, trainer, trainer.config.lane_rows(command.lane).start)
        case ExportKind.SCRIPT:
            write_script(path, trainer, command.lane)
    return lambda: None


def _put_aside(path: Path, state: dict[str, Any], note: AsideNote) -> None:
    write_state(path, state)
    note.write(path)

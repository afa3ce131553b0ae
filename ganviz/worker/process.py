"""The same loop in a child process: training and painting do not share an interpreter lock.

Measured on two cores with the default docks open, training in a thread of the window's process keeps a small part of
its speed, because each of Qt's calls gives the lock away and waits for it again. The child runs the very same
``serve(runner, port)``; frozen values pass through one pipe, written by the GUI thread and read by the thread that
supervises. When the child dies, that is reported and the run goes on from the last state that the child has put aside.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import final

from ganviz.session.commands import (
    Command,
    LoadCheckpoint,
    Look,
    PutAside,
    Reconfigure,
    Restart,
    SaveCheckpoint,
    SetPace,
    Stop,
)
from ganviz.session.events import AsideWritten, ConfigChanged, Event, Noted, Relaunched, StateChanged
from ganviz.session.opening import Opening
from ganviz.session.port import Tell, answered, refusal
from ganviz.session.state import RunState
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.worker import aside
from ganviz.worker.ahead import taken
from ganviz.worker.aside import copied, remove_aside
from ganviz.worker.awaited_files import AwaitedFiles
from ganviz.worker.child import Birth
from ganviz.worker.crash_logs import tail_of
from ganviz.worker.kept_run import KeptRun
from ganviz.worker.pipe import OtherVersionError, has_room, make_room, received
from ganviz.worker.window_folder import ENGINE_CRASH

log = logging.getLogger("ganviz")

STOP_S = 3.0
KEEP_S = 20.0
"""How long a run may take to be put aside for the last time."""
MOST_DEATHS = 5
FORGOTTEN_AFTER_S = 600.0
"""Deaths longer ago than this do not count: what happens once a day is no reason to give up."""

_HOW_TO_GO_ON = "start again, change a setting or open a checkpoint"


@final
class EngineProcess:
    """A child process at the other end of a pipe.

    :meth:`run` belongs to the thread that supervises; :meth:`send`, :meth:`ask`, :meth:`flush` and :meth:`kill` to
    the GUI thread, and so does :meth:`launch` before that thread is started.

    Parameters
    ----------
    opening : Opening
    folder : Path, optional
        Where the run is put aside; a temporary folder where none is given.
    every_s : float
        How often it is put aside at most; else ``aside.EVERY_S``.

    Attributes
    ----------
    aside : Path
        The file that it is put aside in.
    keeps_run : bool
        Whether the run stays put aside, as it is at the end, when the window closes.
    is_writing : bool
        Whether a file of the person's is still to be written at the end, which is waited for as long.
    """

    def __init__(self, opening: Opening, folder: Path | None = None, *, every_s: float | None = None) -> None:
        self._opening, self.every_s = opening, aside.EVERY_S if every_s is None else every_s
        self._temporary = None
        if folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="ganviz-", ignore_cleanup_errors=True)
            folder = Path(self._temporary.name) / "window"
            folder.mkdir()
        self._folder, self._kept = folder, KeptRun(folder)
        self.aside = self._kept.aside
        self.keeps_run = self.is_writing = False
        self._state, self._stamp, self._pace = RunState.PAUSED, Stamp(0, 0, 0), opening.pace
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._unsent: tuple[list[Command], Look | None] = ([], None)
        self._is_stopping = self._has_given_up = self._has_warned = False
        self._deaths: list[float] = []
        self._files = AwaitedFiles()
        self._go_on = threading.Event()
        self._tell: Tell

    @property
    def pid(self) -> int | None:
        """Return the child's process number."""
        return self._process.pid if self._process else None

    @property
    def is_put_aside(self) -> bool:
        """Return whether the run can be had as it was a while ago."""
        return self._kept.is_put_aside

    def launch(self) -> None:
        """Let a child begin, which loads torch; raise OSError where none can be had."""
        self._process, self._pipe = taken()
        make_room(self._pipe)
        opening = dataclasses.replace(self._opening, pace=self._pace)
        with contextlib.suppress(OSError):  # that a child has died is noticed by the thread that reads
            self._pipe.send(Birth(opening, self._folder, self.every_s))
        if self._is_stopping:  # it was said to the child before, or to nobody
            self._process.kill()

    # in the GUI thread

    def send(self, command: Command) -> None:
        """Send a command; where there is no child, those that begin a run start another one."""
        if isinstance(command, SetPace):
            self._pace = command.steps_per_second
        elif isinstance(command, Stop):
            self._is_stopping, command = True, Stop(self.keeps_run)
            self._go_on.set()
        if not self._has_given_up:
            self._files.sent(command)
            self._unsent[0].append(command)
            self.flush()
        elif isinstance(command, Restart | Reconfigure | LoadCheckpoint):
            self._begin_anew(command)
        elif isinstance(command, SaveCheckpoint | PutAside) and self.is_put_aside:
            self._tell([copied(self.aside, command)])
        elif not isinstance(command, SetPace | Stop):
            refused = refusal(command, f"The training process has ended: {_HOW_TO_GO_ON}.")
            self._tell(answered(command, [refused]))

    def ask(self, look: Look) -> None:
        """Ask to look; a newer look replaces one that could not be sent yet."""
        self._unsent = (self._unsent[0], look)
        self.flush()

    def flush(self) -> bool:
        """Send what could not be sent before; return whether nothing is left.

        A child that makes a long step does not read, and a full pipe would hold up whoever writes.
        """
        commands, look = self._unsent
        if self._has_given_up or self._pipe is None or not (commands or look):
            return True
        try:
            if not has_room(self._pipe):
                return False
            self._pipe.send((commands, look))
        except OSError:  # the child died, which the thread that reads notices
            return False
        self._unsent = ([], None)
        return True

    def kill(self) -> None:
        """End a child that has not ended by itself."""
        if self._process is not None:
            self._process.kill()

    def _begin_anew(self, command: Restart | Reconfigure | LoadCheckpoint) -> None:
        is_file = isinstance(command, LoadCheckpoint)
        config = getattr(command, "config", None) or self._opening.config
        run = self._stamp.run + 1
        self._opening = dataclasses.replace(
            self._opening, config=config, is_running=not is_file, path=None, run=run, note=""
        )
        self._unsent = ([command] if is_file else [], None)
        self._deaths = []
        self._has_given_up = False
        self._go_on.set()

    # in the thread that supervises

    def run(self, tell: Tell) -> None:
        """Tell what the child says, and start another one when it dies, until Stop."""
        self._tell = tell
        if self._process is None:
            self.launch()
        while True:
            try:
                assert self._pipe is not None
                message = received(self._pipe)
            except (EOFError, OSError) as error:
                if self._is_stopping:  # what it says to the end is heard
                    break
                self._bury(error)
                continue
            if isinstance(message, Snapshot):
                self._stamp = message.stamp
                for _, reading in message.readings:
                    reading.__post_init__()  # arrays that came through a pipe can be written
                tell(message)
            elif events := [event for event in message if not self._is_own(event)]:
                tell(events)
        self._end()

    def _is_own(self, event: Event) -> bool:
        """Take note of an event; return whether it answers what the person has not asked for."""
        self._files.heard(event)
        self._kept.heard(event, self._stamp.run)
        match event:
            case StateChanged(state, stamp):
                self._state, self._stamp = state, stamp
            case ConfigChanged(config, stamp):
                self._opening = dataclasses.replace(self._opening, config=config)
                self._stamp = stamp
            case AsideWritten(is_well, self.aside, _, reason):
                if is_well:
                    self._has_warned = False
                elif reason and not self._has_warned:
                    self._has_warned = True
                    what = "what comes now" if self.is_put_aside else "it"
                    self._tell(
                        [Noted(f"The run cannot be put aside: {what} is lost if ganviz is killed. {reason}")]
                    )
                return True
        return False

    def _bury(self, error: EOFError | OSError) -> None:
        """Start another child with the run as it was kept; wait for a wish where it died too often."""
        if self._is_stopping:
            return
        assert self._process is not None
        is_other = isinstance(error, OtherVersionError)
        if is_other:
            self._process.kill()
        self._process.join(STOP_S)
        now = time.monotonic()
        self._deaths = [at for at in self._deaths if now - at < FORGOTTEN_AFTER_S] + [now]
        ended = f"The training process ended unexpectedly (exit code {self._process.exitcode})"
        message = str(error) if is_other else ended
        if len(self._deaths) > MOST_DEATHS:
            self._wait_for_wish(message)
        else:
            self._revive(message)
        if not self._is_stopping:
            self.launch()
            self._tell([Relaunched()])

    def _revive(self, message: str) -> None:
        path, at_step, how = self._kept.found()
        refusals = self._files.refusals(f"{message}; the run {how}.")
        sentence = refusals[0].message
        details = tail_of(self._folder / ENGINE_CRASH).decode("utf-8", "replace")
        log.warning("%s\n%s", sentence, details)
        self._tell([*refusals])
        self._opening = dataclasses.replace(
            self._opening,
            is_running=self._state is RunState.RUNNING,
            path=path,
            at_step=at_step,
            run=self._stamp.run + 1,
            note=sentence,
        )
        self._stamp = Stamp(self._opening.run, 0, 0)

    def _wait_for_wish(self, message: str) -> None:
        self._go_on.clear()
        self._has_given_up, self._state = True, RunState.FAILED
        often = f"{message}, {len(self._deaths)} times within {FORGOTTEN_AFTER_S / 60:.0f} minutes, and waits"
        kept = f"; saving keeps its state {self._kept.age}" if self.is_put_aside else ""
        refusals = self._files.refusals(f"{often}: {_HOW_TO_GO_ON}{kept}.")
        reason = refusals[0].message
        stamp = dataclasses.replace(self._stamp, revision=self._stamp.revision + 1)
        self._tell([StateChanged(RunState.FAILED, stamp, reason), *refusals])
        if not self._is_stopping:
            self._go_on.wait()
        self._stamp = Stamp(self._opening.run, 0, 0)
        self._kept.forget()

    def _end(self) -> None:
        assert self._process is not None
        self._process.join(KEEP_S if self.keeps_run or self.is_writing else STOP_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(STOP_S)
        if not self.keeps_run:
            remove_aside(self._folder)
        if self._temporary is not None:
            self._temporary.cleanup()

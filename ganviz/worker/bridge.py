"""Between the GUI thread and the channel: brings up what has arrived and asks for the next look.

A timer does both while there is anything to do. Over a run that stands still it rests, so that a paused window takes
nothing of the processor, until a wish or the engine wakes it.
"""

from __future__ import annotations

import dataclasses
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from ganviz.session.channel import Channel
from ganviz.session.commands import Command, Look, Stop
from ganviz.session.events import StateChanged
from ganviz.session.state import RunState
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_trace import LossTraceProbe
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.worker.pacer import FramePacer, Rates
from ganviz.worker.thread import TrainingThread

TICK_MS = 4
PATIENCE_S = 0.008
"""How long a look at a run that stands still is waited for before an aside takes its place."""


class RunBridge(QObject):
    """Sends commands and looks, and emits what comes back in the GUI thread, to which it belongs.

    Parameters
    ----------
    serve : callable
        What the training thread does with the channel: ``EngineProcess.serve``, or ``channel.serve`` of a runner.
    """

    snapshot_arrived = Signal(object)
    frame_arrived = Signal(object)
    """Emitted with each snapshot that :meth:`collect` asked for."""
    event_arrived = Signal(object)
    rates_changed = Signal(float, float)
    _engine_spoke = Signal()
    """Emitted by the thread that trains while the timer rests."""

    def __init__(self, serve: Callable[[Channel], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._channel = Channel(self._wake)
        self._thread = TrainingThread(serve, self._channel, self)
        self._pacer, self._rates = FramePacer(), Rates()
        self._needs: tuple[AbstractProbe, ...] = ()
        self._at_step: int | None = None
        self._after: Stamp | None = None
        self._is_waiting = False
        self._wish = -1  # the ticket of ordinary looks; less with each wish, those of asides are above 0
        self._aside: Look | None = None
        self._asides: deque[Look] = deque()
        self._is_asides_turn = False
        self._is_running = False
        self._asked_at = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._is_started = self._is_resting = False
        self._engine_spoke.connect(self._stir, Qt.ConnectionType.QueuedConnection)

    def _wake(self) -> None:
        """Let the timer go on; called by the thread that trains, for which a flag costs less than a signal."""
        if self._is_resting:
            self._engine_spoke.emit()

    @Slot()
    def _stir(self) -> None:
        self._is_resting = False
        if self._is_started and not self._timer.isActive():
            self._timer.start()

    def _rest(self) -> None:
        """Stop the timer when nothing is to be asked for and no answer is due soon."""
        is_asking = bool(self._needs) and not self._is_waiting
        if self._is_running or is_asking or self._asides or self._aside is not None:
            return
        self._is_resting = True  # before the outbox is looked at: what comes in between wakes the timer again
        if self._channel.has_output:
            self._is_resting = False
        else:
            self._timer.stop()

    @Slot()
    def start(self) -> None:
        """Start the training thread, once."""
        if not self._thread.isRunning() and not self._thread.isFinished():
            self._thread.start()
            self._is_started = True
            self._timer.start()

    @Slot(object)
    def send(self, command: Command) -> None:
        """Send a command, and look at what it does without delay."""
        self._channel.send(command)
        self._pacer.hurry()
        self._is_asides_turn = False
        self._stir()

    @Slot(object)
    def set_needs(self, needs: tuple[AbstractProbe, ...]) -> None:
        """Ask for these readings from now on; with none, training is not looked at."""
        if needs != self._needs:
            others, self._needs = set(needs) - set(self._needs), needs
            self._look_again(may_rest=all(isinstance(probe, LossTraceProbe) for probe in others))

    @Slot(object)
    def set_look_back(self, step: int | None) -> None:
        """Ask for the keyframe at ``step`` instead of the present; None for the present."""
        if step != self._at_step:
            self._at_step = step
            self.look_anew()

    @Slot()
    def look_anew(self) -> None:
        """Ask for everything once more, also of a run that stands still."""
        self._look_again(may_rest=False)

    def _look_again(self, *, may_rest: bool) -> None:
        """Ask at once; costly probes may rest where a moved chart asks: it would keep a run from training."""
        before = self._after if may_rest else None
        self._after = None if before is None else dataclasses.replace(before, revision=-1)
        self._is_waiting = False
        self._wish -= 1
        self._stir()

    def collect(self, needs: tuple[AbstractProbe, ...], steps: tuple[int, ...]) -> None:
        """Ask for these readings at all these keyframes, one by one in the time between two ordinary looks."""
        self._asides = deque(Look(needs, None, step, ticket) for ticket, step in enumerate(steps, start=1))
        self._stir()

    @Slot()
    def _tick(self) -> None:
        events, snapshot = self._channel.receive()
        for event in events:
            if isinstance(event, StateChanged):
                self._is_running = event.state is RunState.RUNNING
            self.event_arrived.emit(event)
        if snapshot is not None:
            self._show(snapshot)
        self._ask(time.perf_counter())
        self._rest()

    def _ask(self, now: float) -> None:
        """Request the next look when the answer to the last one has come and a frame's time has passed.

        Asides fill the time between, and get every second turn where there is none. They take the place of a look
        that waits only where the run stands still: while it trains, the look will be answered.
        """
        if self._aside is not None:
            return
        is_due = self._pacer.is_due(now) and not (self._asides and self._is_asides_turn)
        stands_still = not self._is_running and now - self._asked_at > PATIENCE_S
        if self._needs and not self._is_waiting and is_due:
            self._is_waiting = self._is_asides_turn = True
            self._asked_at = now
            self._pacer.asked(now)
            self._channel.request(Look(self._needs, self._after, self._at_step, self._wish))
        elif self._asides and (stands_still or not self._is_waiting):
            self._is_waiting = self._is_asides_turn = False
            self._aside = self._asides.popleft()
            self._channel.request(self._aside)

    def _show(self, snapshot: Snapshot) -> None:
        if snapshot.ticket > 0:
            self._aside = None
            before = time.thread_time()
            self.frame_arrived.emit(snapshot)
            self._pacer.excuse(time.thread_time() - before)
            return
        if snapshot.ticket in (
            0,
            self._wish,
        ):  # else another step or reading has been wished for since it was asked
            self._is_waiting = False
            self._after = snapshot.stamp
        self._pacer.shown(time.thread_time())
        self.snapshot_arrived.emit(snapshot)
        if self._rates.note(time.perf_counter(), snapshot.stamp.run, snapshot.stamp.step):
            self.rates_changed.emit(self._rates.steps_per_s, self._rates.frames_per_s)

    @property
    def channel(self) -> Channel:
        """Return the channel, for tests."""
        return self._channel

    def shut_down(self, timeout_ms: int = 5000) -> bool:
        """Stop the timer and the thread; return whether the thread ended in time."""
        self._is_started = False
        self._timer.stop()
        self._channel.send(Stop())
        return not self._thread.isRunning() or self._thread.wait(timeout_ms)

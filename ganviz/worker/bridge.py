"""Between the GUI thread and the engine: emits what arrives there, and asks for the next look when it is time.

Nothing polls: the engine's thread wakes the GUI thread with each message, and between two frames a timer that fires
once waits until the next one may be asked for. Over a run that stands still both processes sleep.
"""

from __future__ import annotations

import dataclasses
import math
import time
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot

from ganviz.session.commands import Command, Look, Stop
from ganviz.session.events import Event, Relaunched
from ganviz.session.port import Message, Tell
from ganviz.training.config import RunConfig
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.loss_trace import LossTraceProbe
from ganviz.training.probes.samples import EarlierSamplesProbe
from ganviz.training.snapshot import Snapshot, Stamp, completed
from ganviz.worker.pacer import FramePacer, Rates
from ganviz.worker.thread import EngineThread

RETRY_MS = 50
SETTLE_MS = 100
"""A chart that a hand moves is drawn from what there is until it has stood still for so long: its finer trace comes
then, or with the next frame of a run that trains. Asked for at every notch of the wheel, each would be drawn twice."""
FOLLOWING_HAND = (LossTraceProbe, EarlierSamplesProbe)
"""What is asked for anew as fast as a hand moves."""
KILLED_MS = 3000
"""How long the end of an engine that was killed is waited for."""


class Engine(Protocol):
    """A process that trains, or this process itself; :meth:`run` belongs to a thread, all else to the GUI thread."""

    def run(self, tell: Tell) -> None:
        """Tell what the engine says, until Stop."""

    def send(self, command: Command) -> None:
        """Send a command."""

    def ask(self, look: Look) -> None:
        """Ask to look; a newer look replaces the one that waits."""

    def flush(self) -> bool:
        """Send what could not be sent before; return whether nothing is left."""

    def kill(self) -> None:
        """End an engine that does not heed Stop."""


class RunBridge(QObject):
    """Sends commands and looks, and emits what comes back in the GUI thread, to which it belongs.

    Parameters
    ----------
    engine : Engine
    """

    snapshot_arrived = Signal(object)
    event_arrived = Signal(object)
    rates_changed = Signal(float, float)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._thread = EngineThread(engine.run, self)
        self._thread.told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._pacer, self._rates = FramePacer(), Rates()
        self._needs: tuple[AbstractProbe, ...] = ()
        self._asked: tuple[AbstractProbe, ...] = ()  # by the last look: a chart's newest may still wait
        self._at_step: int | None = None
        self._after: Stamp | None = None
        self._known: tuple[AbstractProbe, ...] = ()
        self._last: Snapshot | None = None
        self._config: RunConfig | None = None
        self._is_waiting = self._is_started = self._is_over = False
        self._last_events: list[Event] = []
        self._wish = 0  # the ticket of looks; it grows with each wish for another step or reading
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._go_on)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._look_at_chart)

    @Slot()
    def start(self) -> None:
        """Start the engine's thread, once."""
        if not self._is_started:
            self._is_started = True
            self._thread.start()
            self._go_on()

    @Slot(object)
    def send(self, command: Command) -> None:
        """Send a command, and look at what it does without delay."""
        self._engine.send(command)
        self._pacer.hurry()
        self._go_on()

    @Slot(object)
    def set_needs(self, needs: tuple[AbstractProbe, ...]) -> None:
        """Ask for these readings from now on; with none, training is not looked at."""
        if needs != self._needs:
            others, self._needs = set(needs) - set(self._needs), needs
            if others and all(isinstance(probe, LossTraceProbe) for probe in others):
                self._settle.start()
            else:
                self._look_again(may_rest=all(isinstance(probe, FOLLOWING_HAND) for probe in others))

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

    @Slot()
    def _look_at_chart(self) -> None:
        self._look_again(may_rest=True)

    def _look_again(self, *, may_rest: bool) -> None:
        """Ask at once, for everything unless ``may_rest``.

        Where a moved chart asks, costly probes rest, which would keep a run from training; and of one that stands
        still only the chart's own readings come.
        """
        if not may_rest:
            self._after = None
        self._is_waiting = False
        self._wish += 1
        self._go_on()

    @Slot()
    def _go_on(self) -> None:
        """Ask for the next look when the last one has been answered and a frame's time has passed; else wait."""
        if not self._is_started or self._is_over:
            return
        now = time.perf_counter()
        wait_ms = math.ceil(1000 * self._pacer.due_in_s(now))
        is_asking = bool(self._needs) and not self._is_waiting
        if is_asking and wait_ms <= 0:
            self._is_waiting = True
            self._settle.stop()
            self._pacer.asked(now)
            self._asked = self._needs
            self._engine.ask(Look(self._needs, self._after, self._at_step, self._wish, self._known))
        if not self._engine.flush():
            self._timer.start(RETRY_MS)
        elif is_asking and wait_ms > 0:
            self._timer.start(wait_ms)
        else:
            self._timer.stop()

    @Slot(object)
    def _take(self, message: Message) -> None:
        if self._is_over:
            self._last_events += [] if isinstance(message, Snapshot) else message
            return
        if isinstance(message, Snapshot):
            self._show(message)
        else:
            for event in message:
                if isinstance(event, Relaunched):
                    self._after, self._is_waiting = None, False
                self.event_arrived.emit(event)
        self._go_on()

    def _show(self, snapshot: Snapshot) -> None:
        if snapshot.config is not self._config:
            # Equal ones are made one object, so that views need not compare them.
            if snapshot.config == self._config:
                snapshot = dataclasses.replace(snapshot, config=self._config)
            self._config = snapshot.config
        if (
            snapshot.ticket == self._wish
        ):  # else another step or reading has been wished for since it was asked
            self._is_waiting = False
            self._after, self._known = snapshot.stamp, self._asked
        snapshot = self._last = completed(snapshot, self._last, self._needs)
        self._pacer.shown(time.thread_time())
        self.snapshot_arrived.emit(snapshot)
        if self._rates.note(time.perf_counter(), snapshot.stamp.run, snapshot.stamp.step):
            self.rates_changed.emit(self._rates.steps_per_s, self._rates.frames_per_s)

    @property
    def is_running(self) -> bool:
        """Return whether the engine's thread lives."""
        return self._thread.isRunning()

    def shut_down(self, timeout_ms: int = 5000) -> bool:
        """Stop the engine, and kill it where it does not end in time; return whether its thread has ended."""
        self._is_over = True
        self._timer.stop()
        self._settle.stop()
        self._engine.send(Stop())
        if not self._is_started:  # an engine that was launched before has nobody who waits for it
            self._engine.kill()
            return True
        if self._thread.wait(timeout_ms):
            return True
        self._engine.kill()
        return self._thread.wait(KILLED_MS)

    def last_words(self) -> list[Event]:
        """Return and take what the engine has told since it was asked to stop, which nobody else hears."""
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)
        events, self._last_events = self._last_events, []
        return events

"""Signals that ask a command to end."""

from __future__ import annotations

import dataclasses
import signal

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that end a command, which keeps what it has; Windows has no SIGHUP."""


@dataclasses.dataclass
class Interrupt:
    """Which signal, if any, has asked a command to end; a second one ends the program at once."""

    signal: signal.Signals | None = None

    def __enter__(self) -> Interrupt:
        self._before = {number: signal.signal(number, self._note) for number in ENDING}
        return self

    def _note(self, number: int, frame: object) -> None:
        self.signal = signal.Signals(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for other in ENDING[1:]:
            signal.signal(other, signal.SIG_DFL)

    def __exit__(self, *details: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

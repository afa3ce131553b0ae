"""How far a command is: a line on standard error."""

from __future__ import annotations

import sys
import time


class Progress:
    """One line on standard error, rewritten a few times a second."""

    def __init__(self, first: int, until: int, *, is_shown: bool) -> None:
        self._first, self._until, self._is_shown = first, until, is_shown
        self._start = self._told = time.perf_counter()

    def show(self, step: int) -> None:
        """Say at which step it is, if it is time for it."""
        now = time.perf_counter()
        if not self._is_shown or now - self._told < 0.2:
            return
        self._told = now
        rate = (step - self._first) / (now - self._start)
        left = (self._until - step) / rate if rate else 0.0
        line = f"\rstep {step:,} of {self._until:,} · {rate:,.0f} steps/s · {left:,.0f} s left   "
        print(line, end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Take the line away."""
        if self._is_shown:
            print("\r" + " " * 70 + "\r", end="", file=sys.stderr, flush=True)

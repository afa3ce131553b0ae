"""When to look next: often enough to be smooth, seldom enough that painting takes little time from training."""

from __future__ import annotations

FASTEST_S = 1 / 30
SLOWEST_S = 1 / 5
SHARE = 1 / 2
LATEST = 0.5
"""Of the time between two frames: one that is late by more than that counts as if it had been due then."""
MEMORY = 0.9
RATE_WINDOW_S = 0.5


class FramePacer:
    """Chooses the time between two frames so that painting costs at most half of it, 30 a second at most."""

    def __init__(self) -> None:
        self._cost_s = 0.0
        self._last = -1.0
        self._shown_at: float | None = None

    def due_in_s(self, now: float) -> float:
        """Return after how many seconds the next frame may be asked for; 0 when now, or in less than a millisecond."""
        left = self._last + self.interval_s - now
        return left if left > 1e-3 else 0.0

    @property
    def interval_s(self) -> float:
        """Return the time between two frames."""
        return min(SLOWEST_S, max(FASTEST_S, self._cost_s / SHARE))

    def asked(self, now: float) -> None:
        """Take note that a frame was asked for: where that was a little late, the next one is not late too."""
        was_due = self._last + self.interval_s
        self._last = was_due if 0 <= now - was_due < LATEST * self.interval_s else now

    def hurry(self) -> None:
        """Let the next frame be due at once."""
        self._last = -1.0

    def shown(self, thread_s: float) -> None:
        """Take note of a frame: what the GUI thread has computed since the last one is what a frame costs.

        It may have done other things meanwhile, in a pause for instance. They count as the most that makes frames
        rarer: with their whole cost the next ones would be as rare as can be, for many seconds.
        """
        if self._shown_at is not None:
            cost_s = min(thread_s - self._shown_at, SHARE * SLOWEST_S)
            self._cost_s = MEMORY * self._cost_s + (1 - MEMORY) * cost_s
        self._shown_at = thread_s


class Rates:
    """Steps and frames per second over the last half second."""

    def __init__(self) -> None:
        self.steps_per_s = self.frames_per_s = 0.0
        self._start: tuple[float, int, int] | None = None
        self._frames = 0

    def note(self, now: float, run: int, step: int) -> bool:
        """Take note of a frame; return whether the rates are new."""
        self._frames += 1
        if self._start is None or self._start[1] != run or step < self._start[2]:
            self._start, self._frames = (now, run, step), 0
            return False
        elapsed = now - self._start[0]
        if elapsed < RATE_WINDOW_S:
            return False
        self.steps_per_s, self.frames_per_s = (step - self._start[2]) / elapsed, self._frames / elapsed
        self._start, self._frames = (now, run, step), 0
        return True

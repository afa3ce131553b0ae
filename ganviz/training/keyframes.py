"""Complete states of a run at some of its steps: for looking back, going back and recovering."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ganviz.training.changes import D_STEP
from ganviz.training.marks import last_step_of

if TYPE_CHECKING:
    from ganviz.training.history import ChangeMark

FIRST_INTERVAL = 64
LAST_EARLY = 512
LAST_AFTER = 128
"""After D was moved by hand frames are kept at powers of two steps from there, up to this many."""
MOST_PINNED = 8
MOST_FRAMES = 64
FEWEST_FRAMES = 8
BYTES = 24 << 20

Frame = dict[str, Any]


def early_steps(most: int) -> frozenset[int]:
    """Return powers of two up to ``LAST_EARLY``, evenly left out where there would be more than ``most``."""
    n = LAST_EARLY.bit_length()
    stride = -(-n // max(1, most))
    return frozenset(1 << exponent for exponent in range(n - 1, -1, -stride))


class Keyframes:
    """Frames early, where most is learned, and at multiples of an interval.

    Early ones, at powers of two up to ``LAST_EARLY``, stay, and so do those after D was last moved by hand and the last
    few that were pinned. When there are too many in all, every second one of the others goes and the interval doubles.

    Parameters
    ----------
    frame_bytes : int
        Size of one frame; the number of frames is limited to what fits a budget of 24 MiB, but not below 8. Where
        fewer than 30 fit, some of the early ones are left out.
    """

    def __init__(self, frame_bytes: int) -> None:
        self.interval = FIRST_INTERVAL
        self._most = max(FEWEST_FRAMES, min(MOST_FRAMES, BYTES // max(1, frame_bytes)))
        self._early = early_steps(self._most // 3)
        self._after: frozenset[int] = frozenset()
        self._few = min(MOST_PINNED, self._most // 3)
        self._pinned: list[int] = []
        self._changed: dict[int, Frame] = {}
        self._frames: dict[int, Frame] = {}

    @property
    def steps(self) -> tuple[int, ...]:
        """Return the steps of the frames, ascending."""
        return tuple(sorted(self._frames))

    def is_due(self, step: int) -> bool:
        """Return whether a frame belongs at this step."""
        return step % self.interval == 0 or step in (*self._early, *self._after, *self._pinned)

    def next_due(self, step: int) -> int:
        """Return the first step after ``step`` at which a frame belongs."""
        single = (kept for kept in (*self._early, *self._after) if kept > step)
        return min([step - step % self.interval + self.interval, *single])

    def follow(self, marks: Sequence[ChangeMark]) -> None:
        """Keep frames close together after D was last moved by hand, as a run's marks tell, and not after others."""
        step, n = last_step_of(D_STEP, marks), LAST_AFTER.bit_length()
        stride = max(1, -(-n // max(1, self._most // 3)))
        self._after = frozenset(
            step + (1 << exponent) for exponent in range(0, n, stride) if step is not None
        )

    def add(self, frame: Frame) -> None:
        """Keep a frame, at its "step": of the run as it goes on from there."""
        self._changed.pop(frame["step"], None)
        self._put(frame)

    def _put(self, frame: Frame) -> None:
        self._frames[frame["step"]] = frame
        while len(self._frames) > self._most:
            self.interval *= 2
            self._frames = {step: kept for step, kept in self._frames.items() if self.is_due(step)}

    def pin(self, frame: Frame) -> None:
        """Keep a frame at whatever step, until some others have been pinned."""
        pinned = [step for step in self._pinned if step != frame["step"]]
        self._pinned = [*pinned, frame["step"]][-self._few :]
        for step in pinned:
            if not self.is_due(step):
                self._frames.pop(step, None)
        self._put(frame)

    def note_change(self, frame: Frame) -> None:
        """Keep a frame with settings that are in force from its step on, beside that of before: see :meth:`begin`."""
        self._changed.pop(frame["step"], None)
        self._changed[frame["step"]] = frame
        if len(self._changed) > self._few:
            del self._changed[next(iter(self._changed))]

    def begin(self, step: int) -> Frame:
        """Return the newest frame that a step follows, or is; raise ValueError where there is none."""
        kept = self.at(step)
        changed = [known for known in self._changed if kept["step"] <= known < step]
        return self._changed[max(changed)] if changed else kept

    def at(self, step: int) -> Frame:
        """Return the newest frame at or before ``step``, or the oldest of all; raise ValueError when there is none."""
        if not self._frames:
            raise ValueError("there is no keyframe yet")
        before = [known for known in self._frames if known <= step]
        return self._frames[max(before) if before else min(self._frames)]

    def drop_after(self, step: int, marks: Sequence[ChangeMark]) -> None:
        """Forget frames later than ``step``, and what is not in the ``marks`` that are left."""
        self._frames = {known: frame for known, frame in self._frames.items() if known <= step}
        self._changed = {known: frame for known, frame in self._changed.items() if known < step}
        self.follow(marks)

    def change(self, convert: Callable[[Frame], Frame | None]) -> None:
        """Replace each frame by its conversion; None drops it."""
        for frames in (self._frames, self._changed):
            converted = {step: convert(frame) for step, frame in frames.items()}
            frames.clear()
            frames.update({step: frame for step, frame in converted.items() if frame is not None})

    def frames(self) -> list[Frame]:
        """Return all frames, oldest first."""
        return [self._frames[step] for step in self.steps]

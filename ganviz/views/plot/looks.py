"""What part of a plot one looks at: ranges, their history, and following data that grow. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ganviz.spec.frozen import dataclass
from ganviz.views.plot.scales import FINEST

Range = tuple[float, float]

LONGEST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class Look:
    """The visible ranges in plot coordinates; None shows everything along that axis.

    A look that is ``following`` slides along with the newest data.
    """

    x: Range | None = None
    y: Range | None = None
    following: bool = False


EVERYTHING = Look()


def zoomed(span: Range, at: float, factor: float) -> Range:
    """Return a range made ``factor`` times as wide about ``at``, which keeps its place."""
    return at + (span[0] - at) * factor, at + (span[1] - at) * factor


def within(span: Range, home: Range) -> Range | None:
    """Return a range moved and cut to lie in ``home``; None when that is all of it."""
    low, high = span
    size, whole = high - low, home[1] - home[0]
    if size >= whole * 0.9999:
        return None
    size = min(max(size, whole * 1e-6, 1e-9, FINEST * max(abs(home[0]), abs(home[1]))), whole)
    low = min(max(low, home[0]), home[1] - size)
    return low, low + size


def alike(x: Range, y: Range, home: tuple[Range, Range], smallest: float) -> tuple[Range, Range]:
    """Return the ranges, the shorter one widened about its middle, so that both are the same share of ``home``."""
    wholes = [high - low for low, high in home]
    share = max((x[1] - x[0]) / wholes[0], (y[1] - y[0]) / wholes[1], smallest)
    middles = ((x[0] + x[1]) / 2, (y[0] + y[1]) / 2)
    at_x, at_y = (
        (middle - share * whole / 2, middle + share * whole / 2)
        for middle, whole in zip(middles, wholes, strict=True)
    )
    return at_x, at_y


def is_same(one: Range | None, other: Range | None) -> bool:
    """Return whether two ranges are the same but for rounding: what is laid out in pixels comes back a little off."""
    if one is None or other is None:
        return one is other
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 1e-9 * max(map(abs, one))


def grown(look: Look, before: float, now: float) -> Look:
    """Return a following look after the newest x went from ``before`` to ``now``."""
    if not look.following or look.x is None or now <= before:
        return look
    return replace(look, x=(look.x[0] + now - before, look.x[1] + now - before))


class Looks:
    """The present look and those before and after it.

    Attributes
    ----------
    present : Look
    how : str
        How one came to it: by a ``step`` of the history, by a ``slide`` or, at the end of slides, a ``pan``, or
        ``back`` or ``forward``.
    """

    def __init__(self) -> None:
        self.present, self.how = EVERYTHING, "slide"
        self._back: list[Look] = []
        self._forward: list[Look] = []

    def go(self, look: Look) -> None:
        """Look at something else and remember where one was."""
        if look != self.present:
            self._back = [*self._back, self.present][-LONGEST_HISTORY:]
            self._forward.clear()
            self.present = look
        self.how = "step"

    def slide(self, look: Look) -> None:
        """Look at something else that is no step of its own: part of a pan, or data that grew."""
        self.present, self.how = look, "slide"

    def remember(self, before: Look) -> None:
        """Make what was slid away from a step of the history."""
        if before != self.present:
            self._back = [*self._back, before][-LONGEST_HISTORY:]
            self._forward.clear()
        self.how = "pan"

    def back(self) -> bool:
        """Return to the look before; say whether there was one."""
        self.how = "back"
        return self._move(self._back, self._forward)

    def forward(self) -> bool:
        """Undo :meth:`back`; say whether there was anything to undo."""
        self.how = "forward"
        return self._move(self._forward, self._back)

    def _move(self, source: list[Look], target: list[Look]) -> bool:
        if not source:
            return False
        target.append(self.present)
        self.present = source.pop()
        return True

    def follow(self, other: Looks) -> None:
        """Show the same x as another plot beside it, and make its way there a part of this history, too.

        Heights are each plot's own, and so are steps that change nothing else.
        """
        look = replace(other.present, y=None if other.present.x is None else self.present.y)
        if other.how == "step" and not is_same(look.x, self.present.x):
            self.go(look)
            return
        if other.how in ("back", "forward"):
            move = self.back if other.how == "back" else self.forward
            while not is_same(self.present.x, look.x) and move():
                pass
            if is_same(self.present.x, look.x):
                look = replace(look, y=self.present.y)
        self.slide(look)
        if other.how == "pan" and other._back[-1:] and not is_same(other._back[-1].x, look.x):
            self.remember(replace(look, x=other._back[-1].x, following=other._back[-1].following))

    def turn(self, how: Callable[[Look], Look]) -> None:
        """Let every look be another one, as where axes are laid out anew."""
        self.present = how(self.present)
        self._back, self._forward = [[how(look) for look in looks] for looks in (self._back, self._forward)]

    def clear(self) -> None:
        """Forget everything, for other data."""
        self.__init__()  # type: ignore[misc]

"""What is known of a loss besides its mathematics: its equilibrium, and between which numbers it lies."""

from __future__ import annotations

import math

from ganviz.spec.frozen import dataclass

LN2 = math.log(2.0)


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """Where the curves stand when the generator is perfect and the discriminator optimal.

    A value is None where the equilibrium does not determine it (the constant of a critic, for example).

    Attributes
    ----------
    d_real, d_fake, d_loss, g_loss, total : float or None
        Real and fake part of the discriminator's loss, their sum, the generator's loss, and ``d_loss + g_loss``,
        as means (not halved), in nats where the loss is a cross-entropy.
    score : float or None
        The score on every sample; 0 is D = ½ for a logit.
    """

    d_real: float | None
    d_fake: float | None
    d_loss: float | None
    g_loss: float | None
    total: float | None
    score: float | None


NOWHERE = Equilibrium(None, None, None, None, None, None)
"""Of a game that comes to no rest which is known."""


@dataclass(frozen=True, slots=True)
class Range:
    """The smallest and the largest value that any batch of scores can give, or come as near to as one likes."""

    low: float = -math.inf
    high: float = math.inf

    def __add__(self, other: Range) -> Range:
        """Return the range of the sum of two numbers that have nothing to do with each other."""
        return Range(self.low + other.low, self.high + other.high)

    def __neg__(self) -> Range:
        """Return the range with the sign turned."""
        return Range(0.0 - self.high, 0.0 - self.low)  # never -0

    def __str__(self) -> str:
        """Return the range as it is written: "[0, ∞)", "(−∞, 0]", "(−∞, ∞)"."""
        low = "(−∞" if self.low == -math.inf else f"[{_text(self.low)}"
        high = "∞)" if self.high == math.inf else f"{_text(self.high)}]"
        return f"{low}, {high}"


@dataclass(frozen=True, slots=True)
class BestRanges:
    """Between which values the losses lie while D is the best one, whatever the generator makes."""

    d_loss: Range
    g_loss: Range
    total: Range


def powers(value: float) -> str:
    """Return a large number at three figures: "3.27e6"."""
    return f"{value:.2e}".replace("e+0", "e").replace("e+", "e").replace("-", "−")


def _text(value: float) -> str:
    multiple = round(value / LN2)
    if multiple and math.isclose(value, multiple * LN2):
        text = f"{multiple:d} ln 2" if abs(multiple) > 1 else "ln 2" if multiple > 0 else "-ln 2"
    else:
        text = f"{value:.6g}"
    return text.replace("-", "−")


ANY = Range()
AT_LEAST_0 = Range(low=0.0)
AT_MOST_0 = Range(high=0.0)

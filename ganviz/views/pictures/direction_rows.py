"""The rows of direction and range: which way is better for whom, between which values, and what the numbers are now."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ganviz.losses.addition import Addition
from ganviz.losses.adversarial.base import AbstractAdversarialLoss
from ganviz.losses.adversarial.facts import AT_MOST_0, Range
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.spec.frozen import dataclass
from ganviz.training.probes.ledger import Ledger
from ganviz.views.bases.equilibrium import value_name
from ganviz.views.plot.plotting import number

HEADS = ("", "better", "as {} ↑", "any D", "best D", "at equilibrium", "now")
D_LOSS, G_LOSS, TOTAL, V = "L<sub>D</sub>", "L<sub>G</sub>", "L<sub>D</sub> + L<sub>G</sub>", "V"
REACH, SAME = 8.0, 1e-9
"""How far from 0 scores are tried, and how far apart two values of a flat function are at most."""
SEEN = (0.02, 0.98)
"""Values of D(G(z)) that are drawn: at 0 and 1 a cross-entropy has no end."""
SEEN_SCORES = 3.0

Floats = NDArray[np.float64]
Pair = tuple[AbstractAdversarialLoss | None, AbstractAdversarialLoss]
"""D's number, V where it is None, and G's loss."""


@dataclass(frozen=True, slots=True)
class DirectionRow:
    """One number: its symbol, the role whose color it has, and a text for each further column of ``HEADS``."""

    symbol: str
    role: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """What one generated sample adds to D's number, to L_G and to their sum, over ``x``: D(G(z)), a score or a lead."""

    name: str
    x: Floats
    of_d: Floats
    of_g: Floats

    @property
    def total(self) -> Floats | None:
        """Return the sum; None where the two are functions of different things."""
        return None if np.isnan(self.of_d).all() else self.of_d + self.of_g


def own_terms(pair: Pair, places: Floats | None = None) -> OwnTerms:
    """Return both terms where they are drawn, or at ``places``; D's is NaN where it is of something else."""
    of_d, of_g = NonSaturating() if pair[0] is None else pair[0], pair[1]
    is_probability = of_d.score_kind == of_g.score_kind == "logit"
    name = "D(G(z))" if is_probability else "its lead" if of_g.generator_sees_real else "the score"
    low, high = SEEN if is_probability else (-SEEN_SCORES, SEEN_SCORES)
    x: Floats = np.linspace(low, high, 193)
    seen: Floats = np.log(x / (1 - x)) if is_probability else x
    at = seen if places is None else places
    is_same = of_d.has_discriminator and of_d.generator_sees_real == of_g.generator_sees_real
    d_term = of_d.d_shape(at) if is_same else at * math.nan
    return OwnTerms(name, x, -d_term if pair[0] is None else d_term, of_g.g_shape(at))


def now_of(
    loss: AbstractAdversarialLoss, ledger: Ledger, lane: int, pair: Pair
) -> tuple[float, float, float]:
    """Return D's number, L_G and their sum on the batch of the ledger; NaN for what was not evaluated on it."""
    d_loss = float(np.nansum(ledger.parts[lane])) + float(ledger.penalty[lane])
    if np.isnan(ledger.parts[lane]).all():
        d_loss = math.nan
    of_d = float(ledger.value[lane]) if pair[0] is None else d_loss if pair[0] == loss else math.nan
    known = [loss, Saturating(), NonSaturating()]
    of_g = float(ledger.g_loss[lane, known.index(pair[1])]) if pair[1] in known else math.nan
    return of_d, of_g, of_d + of_g


def table(pair: Pair, verdict: Addition, now: tuple[float, float, float]) -> list[DirectionRow]:
    """Return the rows: D's number, G's loss and their sum."""
    of_d, of_g = pair
    is_game = of_d is not None and of_d.d_words() == of_g.d_words()
    best = of_g.best_ranges if is_game or of_d is None else None
    end, own = of_g.equilibrium(), own_terms(pair, np.linspace(-REACH, REACH, 321))
    if of_d is None:
        ideal = NonSaturating()
        limits, at_end = ideal.best_ranges, -(ideal.equilibrium().d_loss or 0.0)
        of_value = (AT_MOST_0, None if limits is None else -limits.d_loss, at_end)
        first = _row(V, "value", "D: higher ↑", own.of_d, of_value, now[0])
    else:
        d_best = of_d.best_ranges
        of_loss = (verdict.d_range, None if d_best is None else d_best.d_loss, of_d.equilibrium().d_loss)
        first = _row(D_LOSS, "d_loss", "D: lower ↓", own.of_d, of_loss, now[0])
    g_facts = (verdict.g_range, None if best is None else best.g_loss, end.g_loss)
    second = _row(G_LOSS, "g_loss", "G: lower ↓", own.of_g, g_facts, now[1])
    symbol = TOTAL if of_d is not None else f"{V} + {G_LOSS}"
    of_sum = (
        verdict.total_range,
        best.total if best is not None and is_game else None,
        end.total if is_game else None,
    )
    third = _row(symbol, "total", "nobody's", own.of_d + own.of_g, of_sum, now[2])
    return [first, second, third]


def _row(
    symbol: str,
    role: str,
    better: str,
    own: Floats,
    facts: tuple[Range, Range | None, float | None],
    now: float,
) -> DirectionRow:
    """Return a row of a number's range for any D, for the best one, and its value at equilibrium."""
    any_d, best, end = facts
    at_end = "open" if end is None else value_name(end)[0]
    newest = number(now) if math.isfinite(now) else "–"
    of_best = "–" if best is None else _brief(best)
    return DirectionRow(symbol, role, (better, slope_words(own), str(any_d), of_best, at_end, newest))


def slope_words(values: Floats) -> str:
    """Return whether values in their order rise or fall, or first the one and then the other."""
    if not np.isfinite(values).all():
        return "–"
    steps = np.diff(values)
    signs = np.sign(steps[np.abs(steps) > SAME * max(1.0, float(np.abs(values).max()))])
    if not signs.size:
        return "→ flat"
    turns = int((np.diff(signs) != 0).sum())
    first = "↘ falls" if signs[0] < 0 else "↗ rises"
    if turns == 0:
        return first
    return ("↘ then ↗" if signs[0] < 0 else "↗ then ↘") if turns == 1 else "both ways"


def _brief(best: Range) -> str:
    """Return a range with bounds that have no name at four figures."""
    text = str(best)
    named = math.isinf(best.low) or best.low == 0 or "ln" in text.split(",")[0]
    return text if named else f"[{best.low:.4g}, ∞)".replace("-", "−")

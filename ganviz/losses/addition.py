"""Whether two numbers of the game may be added, from what their losses declare of themselves.

A total says something where both terms have one direction (their owners make them smaller), where both have a smallest
value, and where neither takes the other back. Whoever trains minimizes neither the total nor V.
"""

from __future__ import annotations

import math

from ganviz.losses.adversarial.abstract import AbstractAdversarialLoss
from ganviz.losses.adversarial.facts import ANY, AT_MOST_0, Range
from ganviz.spec.frozen import dataclass

ADDABLE, LOST, OPPOSED, OPEN, ALONE = "addable", "lost", "opposed", "open", "alone"
"""What comes of a sum: it may be made; it has lost the generator; its terms have opposite directions; it has no end; it
has one term."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A verdict on D's term + G's term.

    Attributes
    ----------
    kind : str
        One of the five above.
    sentence : str
    d_range, g_range, total_range : Range
        Of each term and of the sum where both are of the same scores, whatever the scores are.
    """

    kind: str
    sentence: str
    d_range: Range
    g_range: Range
    total_range: Range


def addition(of_d: AbstractAdversarialLoss | None, of_g: AbstractAdversarialLoss) -> Addition:
    """Return the verdict on L_D of one loss + L_G of another; V + L_G where the first is None."""
    if not of_g.has_discriminator:
        return Addition(
            ALONE, "Nothing to add: there is no D, and L_G stands alone.", of_g.d_range, of_g.g_range, ANY
        )
    if of_d is None:
        return _with_value(of_g)
    is_one_game = of_d.d_words() == of_g.d_words()
    total = of_g.total_range if is_one_game else of_d.d_range + of_g.g_range
    ranges = of_d.d_range, of_g.g_range, total
    if is_one_game and of_g.is_canceling:
        return Addition(LOST, "Loses the generator: L_G takes L_D's fake part back.", *ranges)
    endless = [name for name, one in zip(("L_D", "L_G"), ranges, strict=False) if math.isinf(one.low)]
    if endless:
        return Addition(OPEN, _without_end(endless, of_d, of_g), *ranges)
    words = "Both are minimized and both have a smallest value"
    if not is_one_game:
        return Addition(OPEN, f"{words}, but L_G was made for another D.", *ranges)
    down = "" if of_g.always_rises else "; beyond its target G is pulled back"
    return Addition(ADDABLE, f"May be added: {words[0].lower()}{words[1:]}{down}.", *ranges)


def _with_value(of_g: AbstractAdversarialLoss) -> Addition:
    sentence = "Not of one direction: D raises V, G lowers L_G."
    high = of_g.g_range.high
    total = AT_MOST_0 if high <= 0 else Range()
    return Addition(OPPOSED, sentence, AT_MOST_0, of_g.g_range, total)


def _without_end(endless: list[str], of_d: AbstractAdversarialLoss, of_g: AbstractAdversarialLoss) -> str:
    """Return why a sum has no smallest value: a critic's scores have no origin, or a term falls for ever."""
    if "critic" in (of_d.score_kind, of_g.score_kind):
        return "Not commensurable: a critic's scores have no origin, so neither has the sum."
    bound = ", but for the bound on scores" if of_d.range_note or of_g.range_note else ""
    return f"Not of one range: {' and '.join(endless)} can fall without end{bound}."

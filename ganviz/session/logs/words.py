"""What a loss log says: end figures, values at equilibrium, what no batch of scores can give, and sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ganviz.losses import ADVERSARIAL_LOSSES, Formulation
from ganviz.losses.adversarial.abstract import AbstractAdversarialLoss
from ganviz.session.happening import LEVEL, Facts, far_ahead
from ganviz.session.logs.log import LossLog
from ganviz.spec.frozen import dataclass
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.snapshot import LaneStatus

TREND = 0.1
"""A quantity rises or falls where its median over the last quarter is off that over the first by this share."""
FEWEST = 8
"""Rows from which on a trend is told."""
BEYOND = 1e-3
"""Rows count as impossible where e^(−A) + e^(−B) is above 1 by more than logs round."""

Array = NDArray[np.float64]

_ANY_SIZE = np.errstate(over="ignore", invalid="ignore", divide="ignore")  # logs hold what has run away


@dataclass(frozen=True, slots=True)
class Figure:
    """The numbers of a column: finite ones, NaN where there is none; ``n_not_finite`` counts the rest."""

    first: float
    last: float
    median: float
    n_not_finite: int


@dataclass(frozen=True, slots=True)
class Feasibility:
    """How (A, B) = (D's fake part, non-saturating L_G) lies to e^(−A) + e^(−B) ≤ 1, which holds for any batch.

    Attributes
    ----------
    n : int
        Rows that have both.
    n_beyond : int
        Rows that no single batch of scores can give.
    spread : float
        Median of 1 − e^(−A) − e^(−B): 0 where D says the same of every generated sample.
    """

    n: int
    n_beyond: int
    spread: float


@_ANY_SIZE
def figure_of(values: Array) -> Figure:
    """Return a column's first, last and median number."""
    known = values[np.isfinite(values)]
    n = len(values) - len(known)
    if not len(known):
        return Figure(math.nan, math.nan, math.nan, n)
    return Figure(float(known[0]), float(known[-1]), float(np.median(known)), n)


def loss_of(log: LossLog, key: str | None) -> AbstractAdversarialLoss | None:
    """Return the loss that is meant: the one named, non-saturating cross-entropy where all is positive, or none."""
    if key is not None:
        return ADVERSARIAL_LOSSES[key]()
    known = [values for role, values in log.values.items() if role in ("d_loss", "g_loss")]
    is_positive = all((values[np.isfinite(values)] >= 0).all() for values in known)
    return ADVERSARIAL_LOSSES["non_saturating"]() if is_positive else None


def likely_loss(log: LossLog) -> AbstractAdversarialLoss:
    """Return the loss that is meant most likely, by the signs of L_D and L_G; a person should say whether it is."""
    d_loss, g_loss = (log.values.get(role, np.empty(0)) for role in ("d_loss", "g_loss"))
    if (d_loss < 0).any():
        key = "wasserstein"
    elif not (g_loss < 0).any():
        key = "non_saturating"
    else:
        key = "hinge" if (g_loss > 0).any() else "saturating"
    return ADVERSARIAL_LOSSES[key]()


def references(loss: AbstractAdversarialLoss) -> dict[str, float]:
    """Return what L_D, L_G and their total are when the game of a loss is over, where that is known."""
    end = loss.equilibrium()
    known = {"d_loss": end.d_loss, "g_loss": end.g_loss, "total": end.total}
    return {role: value for role, value in known.items() if value is not None}


@_ANY_SIZE
def feasibility(log: LossLog, loss: AbstractAdversarialLoss | None) -> Feasibility | None:
    """Return how the fake part and L_G go together; None without them, or with another loss."""
    if loss is None or loss.key != "non_saturating" or not {"d_loss_fake", "g_loss"} <= set(log.values):
        return None
    spread = 1 - np.exp(-log.values["d_loss_fake"]) - np.exp(-log.values["g_loss"])
    spread = spread[np.isfinite(spread)]
    if not len(spread):
        return None
    return Feasibility(len(spread), int((spread < -BEYOND).sum()), float(np.median(spread)))


@_ANY_SIZE
def sentences(log: LossLog, loss: AbstractAdversarialLoss | None) -> tuple[str, ...]:
    """Return what is happening, surest first; nothing where nothing is certain."""
    found = [
        *_ended(log, "d_loss", "L_D"), *_ended(log, "g_loss", "L_G"), *_ahead(log, loss), *_seems_halved(log, loss),
    ]  # fmt: skip
    return tuple(found or _at_equilibrium(log, loss))


def about_pairs(log: LossLog, loss: AbstractAdversarialLoss | None) -> Iterator[str]:
    """Say how L_D's fake part and L_G go together, where they can."""
    possible = feasibility(log, loss)
    if possible is None:
        return
    if possible.n_beyond:
        yield (
            f"{possible.n_beyond:,} of {possible.n:,} pairs (fake part, L_G) cannot come from one batch of scores, "
            "e⁻ᴬ + e⁻ᴮ ≤ 1: L_G is of other scores, after D's update perhaps, or labels are smoothed."
        )
    spread = f"{possible.spread:.4g}".replace("-", "−")
    yield (
        f"Spread of the fake scores: {spread} in the median, 0 where all are alike. "
        "It is 1 − e⁻ᴬ − e⁻ᴮ of the fake part A and L_G, B."
    )


def _ahead(log: LossLog, loss: AbstractAdversarialLoss | None) -> Iterator[str]:
    """Say that D pulls away, and that it is far ahead."""
    if _trend(log, "fake_probability") < 0 < _trend(log, "g_loss"):
        yield "Your generator's loss rises while D(G(z)) falls: D is ahead."
    words = "" if loss is None else far_ahead(_facts(log, loss), of="")
    if words:
        yield f"{words}."


def _ended(log: LossLog, role: str, symbol: str) -> Iterator[str]:
    """Say that a loss is not finite from some step on; single gaps are no end."""
    values = log.values.get(role, np.empty(0))
    known = np.flatnonzero(np.isfinite(values))
    last = int(known[-1]) if len(known) else -1
    rest = values[last + 1 :]
    if len(rest) and (len(rest) > 1 or np.isinf(rest[0])):
        yield f"{symbol} is no number from step {log.steps[last + 1]:,.10g} on."


def _quarter(values: Array, *, is_last: bool = True) -> float:
    """Return the median of the last quarter of a column's numbers, or of the first; NaN where these are few."""
    is_known = np.isfinite(values)
    known = values if is_known.all() else values[is_known]
    if len(known) < FEWEST:
        return math.nan
    n = len(known) // 4
    return float(np.median(known[-n:] if is_last else known[:n]))


def _trend(log: LossLog, role: str) -> int:
    """Return 1 where a column rises, −1 where it falls, 0 where neither is certain."""
    if role not in log.values:
        return 0
    before, after = (_quarter(log.values[role], is_last=is_last) for is_last in (False, True))
    if not abs(after - before) > TREND * max(abs(before), abs(after)):
        return 0
    return 1 if after > before else -1


def _facts(log: LossLog, loss: AbstractAdversarialLoss) -> Facts:
    """Return the last quarter's medians as the rules of a run take them."""
    names = tuple(log.values)
    current = np.array([[_quarter(values) for values in log.values.values()]])
    steps, none = np.empty(0, dtype=np.int64), np.empty((1, len(names), 0))
    trace = LossTrace(names, steps, steps, none, none, none, current, ())
    config = RunConfig((LaneConfig(Formulation(loss)),))
    return Facts(config, 0, LaneStatus(), trace, None, None)


def _at_equilibrium(log: LossLog, loss: AbstractAdversarialLoss | None) -> Iterator[str]:
    """Say what it means that L_D is where it is when the game is over."""
    end = None if loss is None else loss.equilibrium().d_loss
    if loss is None or end is None or "d_loss" not in log.values or loss.family != "Cross-entropy":
        return
    last = _quarter(log.values["d_loss"])
    if abs(last - end) < LEVEL * end:
        yield (
            f"L_D is {last:.4g} at last, near {named(end)}, where D tells nothing apart: samples may be good, "
            "or D weak; the losses alone cannot say which."
        )
    elif log.d_scale == 1 and abs(last - end / 2) < LEVEL * end / 2:
        yield (
            f"L_D is {last:.4g} at last, near {named(end / 2)}, half of what it is where D tells nothing apart: "
            "is it the mean of both parts and not their sum? Then choose ½ (real + fake), or --halved."
        )


def _seems_halved(log: LossLog, loss: AbstractAdversarialLoss | None) -> Iterator[str]:
    """Say where L_D is below what D(x) and D(G(z)) allow a sum of two cross-entropies (Jensen's inequality)."""
    needed = {"d_loss", "real_probability", "fake_probability"}
    if loss is None or loss.score_kind != "logit" or log.d_scale != 1 or not needed <= set(log.values):
        return
    least = -np.log(log.values["real_probability"]) - np.log1p(-log.values["fake_probability"])
    known = np.isfinite(least) & np.isfinite(log.values["d_loss"])
    if known.sum() >= FEWEST and np.median((log.values["d_loss"] - 0.9 * least)[known]) < 0:
        yield (
            "L_D is below what D(x) and D(G(z)) allow a sum of two means: is it halved, "
            "or were they computed at another time?"
        )


def named(value: float) -> str:
    """Return a value, with ln 2 where it is a multiple of it: "2 ln 2 = 1.38629"."""
    multiple = value / math.log(2)
    count = round(multiple)
    if not count or abs(multiple - count) > 1e-9:
        return f"{value:.6g}"
    return f"{'' if count == 1 else '−' if count == -1 else f'{count} '}ln 2 = {value:.6g}"

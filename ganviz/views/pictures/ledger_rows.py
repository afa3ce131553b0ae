"""The rows of the ledger: what each is called, where its bar begins and ends, and where that is at equilibrium.

A bar begins where the sum of those before it ended, so that the last bars can be compared with all of them.
"""

from __future__ import annotations

import math

from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.probes.ledger import GENERATORS, Ledger
from ganviz.training.rules.alternating import Alternating
from ganviz.views.bases.equilibrium import value_name
from ganviz.views.plot.plotting import number

LN2 = math.log(2)
TINY = 1e-6
"""Sums of floating-point numbers that are smaller than this share of their parts are called 0."""

ON_REAL, ON_FAKE = "−E log D(x)", "−E log(1 − D(G(z)))"
OF_THE_PAPER = ("", "E log(1 − D(G(z)))", "−E log D(G(z))")


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line: name and short name as formulas, the role whose color it has, its bar from ``start`` to ``end``.

    ``at_equilibrium`` is where the bar then ends, NaN where that is open; ``is_sum`` marks what is not a new term;
    ``is_lost`` marks terms that cancel.
    """

    name: str
    short: str
    role: str
    start: float
    end: float
    at_equilibrium: float = math.nan
    is_sum: bool = False
    is_lost: bool = False

    @property
    def value(self) -> float:
        """Return the term."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class LaneLedger:
    """The rows of one lane, and the sentences below them."""

    rows: tuple[LedgerRow, ...]
    notes: tuple[str, ...]


def lane_ledger(config: RunConfig, ledger: Ledger, lane: int, generator: str) -> LaneLedger:
    """Return one lane's ledger with a generator loss of ``GENERATORS``; the trained one where it is none of D's."""
    k = GENERATORS.index(generator)
    if not math.isfinite(float(ledger.g_loss[lane, k])):
        k = 0
    loss = config.lanes[lane].formulation.loss
    is_lost = loss.is_canceling if k == 0 else k == 1
    rows = _rows(config, ledger, lane, k, is_lost=is_lost)
    if math.isfinite(change := _reaction(config, ledger, lane)):
        rows.append(
            LedgerRow("ρ: L<sub>G</sub> after − before D’s update", "ρ", "muted", 0.0, change, is_sum=True)
        )
    return LaneLedger(tuple(rows), tuple(_notes(config, ledger, lane, k, is_lost=is_lost)))


def takes_all(config: RunConfig, lane: int) -> bool:
    """Return whether L_G, as it is trained, is −L_D and no mere part of it, as it is when D is unrolled."""
    return bool(config.training.rule.unrolling[0]) and config.lanes[lane].formulation.loss.is_canceling


def _rows(config: RunConfig, ledger: Ledger, lane: int, k: int, *, is_lost: bool) -> list[LedgerRow]:
    real, fake = (float(part) for part in ledger.parts[lane])
    penalty, g_loss = float(ledger.penalty[lane]), float(ledger.g_loss[lane, k])
    value = float(ledger.value[lane])
    loss, end = config.lanes[lane].formulation.loss, config.equilibrium(lane)
    rows, d_loss = [], 0.0
    if math.isfinite(fake):
        has_formula = math.isfinite(value)
        names = (ON_REAL, ON_FAKE) if has_formula else ("L<sub>D</sub> on real", "L<sub>D</sub> on fake")
        rows.append(LedgerRow(names[0], "real", "real", 0.0, real, _known(end.d_real)))
        at_end = _known(end.d_real) + _known(end.d_fake)
        rows.append(LedgerRow(names[1], "fake", "generated", real, real + fake, at_end, is_lost=is_lost))
        d_loss = real + fake
    else:
        rows.append(LedgerRow("L<sub>D</sub> of pairs", "pairs", "d_loss", 0.0, real, _known(end.d_loss)))
        d_loss = real
    if penalty != 0:
        rows.append(LedgerRow("penalty", "penalty", "muted", d_loss, d_loss + penalty))
        d_loss += penalty
    if len(rows) > 1:
        rows.append(
            LedgerRow("L<sub>D</sub>", "L<sub>D</sub>", "d_loss", 0.0, d_loss, _known(end.d_loss), True)
        )
    of_rule = "−L<sub>D</sub>" if takes_all(config, lane) else loss.g_formula
    formula = of_rule if k == 0 else OF_THE_PAPER[k]
    symbol = "L<sub>G</sub>"
    total_end = _known(end.total) if k == 0 else _known(end.d_loss) + (-LN2 if k == 1 else LN2)
    total = d_loss + g_loss
    rows.append(
        LedgerRow(f"{symbol} = {formula}", symbol, "g_loss", d_loss, total, total_end, is_lost=is_lost)
    )
    rows.append(LedgerRow("L<sub>D</sub> + L<sub>G</sub>", "total", "total", 0.0, total, total_end, True))
    if math.isfinite(value):
        of_d = "−L<sub>D</sub>" if penalty == 0 else "penalty − L<sub>D</sub>"
        rows.append(LedgerRow(f"V = {of_d}", "V", "value", 0.0, value, -_known(end.d_loss), True))
    return rows


def _known(value: float | None) -> float:
    return math.nan if value is None else value


def _notes(config: RunConfig, ledger: Ledger, lane: int, k: int, *, is_lost: bool) -> list[str]:
    """Return what becomes of the generator in the sum, what it trained on, and what V is."""
    fake, g_loss = float(ledger.parts[lane, 1]), float(ledger.g_loss[lane, k])
    of_g, of_sum = float(ledger.g_norm[lane, k]), float(ledger.sum_norm[lane, k])
    is_saturating = k == 1 or ledger.g_loss[lane, 0] == ledger.g_loss[lane, 1]
    notes = []
    is_all = k == 0 and takes_all(config, lane)
    if is_all:
        notes.append(f"L_G takes back all of L_D, here of D as it is: both cancel to {_rest(0.0, g_loss)}.")
    elif is_lost:
        notes.append(f"The fake part and L_G cancel to {_rest(fake + g_loss, g_loss)}: the sum has lost G.")
    elif ledger.n and (k == 2 or ledger.g_loss[lane, 0] == ledger.g_loss[lane, 2]):
        notes.append(f"Fake part + L_G = {number(fake + g_loss)}: at least 2 ln 2, whoever wins.")
    if ledger.n:
        norms = f"of L_G {number(of_g)}, of L_D + L_G {_rest(of_sum, of_g)}"
        notes.append(f"Gradient for G: {norms} (at {ledger.n} fixed latents).")
    if math.isfinite(change := _reaction(config, ledger, lane)):
        latents = ", on new latents" if config.training.fresh_latents else ""
        trained = number(float(ledger.g_trained[lane]))
        signed = ("+" if change >= 0 else "") + number(change)
        notes.append(f"After D's update{latents}, G trained on L_G = {trained}, ρ = {signed} from before it.")
    if math.isfinite(float(ledger.value[lane])):
        of_v = "lowers its second term" if is_saturating else "minimizes another function"
        of_v = "lowers all of it" if is_all else of_v
        of_d = "−V" if float(ledger.penalty[lane]) == 0 else "−V + penalty"
        notes.append(f"V is neither's loss: D minimizes {of_d}, G {of_v}.")
    return notes


def _reaction(config: RunConfig, ledger: Ledger, lane: int) -> float:
    """Return by how much L_G changed before G trained on it; NaN where D does not move first."""
    if not isinstance(config.training.rule, Alternating):
        return math.nan
    return float(ledger.g_trained[lane]) - float(ledger.g_loss[lane, 0])


def _rest(value: float, scale: float) -> str:
    """Return a sum in words: 0, or what rounding has left of it, where the terms cancel."""
    if value == 0 or abs(value) > TINY * abs(scale):
        return "0" if value == 0 else number(value)
    return f"0 (rest {number(value)})"


def equilibrium_text(value: float) -> str:
    """Return a sum's name at the end of the game, in short."""
    return value_name(value)[1] if math.isfinite(value) else ""

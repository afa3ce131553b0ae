"""The lines of the formula card: L_D, L_G, V and the total, each a row of terms with the values that they have now."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ganviz.losses.formulation import Formulation
from ganviz.losses.latex import Term, d_terms, g_terms
from ganviz.losses.presets import title_of
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.probes.ledger import Ledger
from ganviz.views.pictures.ledger_rows import takes_all

MOST_VALUES = 4
"""Lanes of one formulation whose values stand below each other; of more it is their median."""
Values = NDArray[np.float64]
VALUE_FUNCTION = (
    Term(r"\mathbb{E}\,\log D(x)", "real"),
    Term(r"\mathbb{E}\,\log(1 - D(G(z)))", "generated"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A term or a sign: its LaTeX, the role whose color its values have, and these, one a lane; NaN for none."""

    latex: str
    role: str = ""
    values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """What lanes of one formulation have: their names, and rows of pieces."""

    formulation: Formulation
    title: str
    lanes: tuple[int, ...]
    rows: tuple[tuple[Piece, ...], ...]


def cards(config: RunConfig, ledger: Ledger, called: Sequence[str] = ()) -> tuple[Card, ...]:
    """Return a card for each formulation, in the order of the lanes; raise TypeError where one has no formula.

    ``called`` has the lanes' names where these say more than their titles.
    """
    called = called or [config.lane_title(lane) for lane in range(len(config.lanes))]
    shared: dict[Formulation, list[int]] = {}
    for lane, lane_config in enumerate(config.lanes):
        shared.setdefault(lane_config.formulation, []).append(lane)
    return tuple(_card(config, ledger, one, tuple(lanes), called) for one, lanes in shared.items())


def _card(
    config: RunConfig,
    ledger: Ledger,
    formulation: Formulation,
    lanes: tuple[int, ...],
    called: Sequence[str],
) -> Card:
    index = list(lanes)
    parts, penalty = ledger.parts[index], ledger.penalty[index]
    has_two = (
        bool(np.isfinite(parts[:, 1]).any()) or len(d_terms(formulation)) - bool(formulation.penalties) == 2
    )
    of_terms = [parts[:, 0], parts[:, 1]] if has_two else [parts[:, 0]]
    d_values = [*of_terms, *[penalty] * bool(formulation.penalties)]
    d_loss, g_loss = np.sum(d_values, axis=0), ledger.g_loss[index, 0]
    of_d, of_g = d_terms(formulation), g_terms(formulation)
    is_all = takes_all(config, lanes[0])
    if is_all:  # of D some steps ahead; the value is of D as it is
        of_g = (Term("-L_D", "g_loss"),)
    if not formulation.loss.has_discriminator:
        g_loss = ledger.g_trained[index]
    rows = [
        _row("L_D", "d_loss", d_loss, of_d, d_values),
        _row("L_G", "g_loss", g_loss, of_g, [g_loss] if len(of_g) == 1 else []),
    ]
    value = ledger.value[index]
    if np.isfinite(value).any():
        rows.append(_row("V(D, G)", "value", value, VALUE_FUNCTION, [-one for one in of_terms]))
    terms, values = [*of_d, *of_g], [*d_values, *[g_loss] * (len(of_g) == 1)]
    if is_all:
        terms, values = [], []
    elif formulation.loss.is_canceling and has_two:
        left = [i for i in range(len(of_d)) if i != 1]
        terms, values = [of_d[i] for i in left], [d_values[i] for i in left]
    if formulation.loss.has_discriminator:
        rows.append(_row("L_D + L_G", "total", d_loss + g_loss, terms, values))
    names = [called[lane] for lane in lanes]
    if len({config.lanes[lane].called for lane in lanes}) < len(lanes):
        names = [f"{title_of(formulation)}: {len(lanes)} lanes"]
    return Card(formulation, ", ".join(names), lanes, tuple(rows))


def _row(
    name: str, role: str, value: Values, terms: Sequence[Term], values: Sequence[Values]
) -> tuple[Piece, ...]:
    """Return a name with its value, and terms with theirs; a single term's is that of the name."""
    pieces = [Piece(name, role, _shown(value)), *[Piece("=")] * bool(terms)]
    for i, term in enumerate(terms):
        known = _shown(values[i]) if i < len(values) and len(terms) > 1 else ()
        if i == 0:
            pieces.append(Piece(term.latex, term.role, known))
        else:
            sign = "-" if term.is_subtracted else "+"
            pieces.append(Piece(rf"{sign}\;{term.latex.removeprefix('-')}", term.role, known))
    return tuple(pieces)


def _shown(values: Values) -> tuple[float, ...]:
    """Return the values of a few lanes, or the median of more."""
    return tuple(values.tolist()) if len(values) <= MOST_VALUES else (float(np.median(values)),)

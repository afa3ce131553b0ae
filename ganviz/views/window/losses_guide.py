"""The guide's page on formulations, a section a family, made from what the entries say of themselves."""

from __future__ import annotations

import html
import inspect

from ganviz.losses.adversarial.facts import Equilibrium
from ganviz.losses.presets import FORMULATIONS, NamedFormulation
from ganviz.views.bases.equilibrium import value_name

_VALUES = (
    ("L<sub>D</sub>", "d_loss"),
    ("L<sub>G</sub>", "g_loss"),
    ("L<sub>D</sub> + L<sub>G</sub>", "total"),
)


def losses_html() -> str:
    """Return all formulations by family as HTML."""
    families: dict[str, list[NamedFormulation]] = {}
    for named in FORMULATIONS.values():
        families.setdefault(named.formulation.loss.family, []).append(named)
    return "".join(
        f"<h2>{family}</h2>{''.join(_entry(named) for named in entries)}"
        for family, entries in families.items()
    )


def _entry(named: NamedFormulation) -> str:
    """Return one formulation: what it is, both objectives, and a list of what is known of it."""
    formulation = named.formulation
    loss = formulation.loss
    words = (inspect.getdoc(type(loss)) or "").partition("\n\n")[0]
    first = words.replace("\n", " ").replace(" - ", " − ")
    objective = " + ".join([loss.d_words(), *(penalty.formula for penalty in formulation.penalties)])
    papers = dict.fromkeys([loss.reference, *(penalty.reference for penalty in formulation.penalties)])
    known = [
        named.behavior,
        loss.warning,
        f"At the best D, G descends {loss.divergence}." if loss.divergence else "",
        f"L<sub>D</sub> lies in {loss.d_range}, L<sub>G</sub> in {loss.g_range}, their sum in {loss.total_range}.",
        _equilibrium(loss.equilibrium()),
        f"{'; '.join(html.escape(paper) for paper in papers)}.",
    ]
    lines = "".join(f"<li>{text}</li>" for text in known if text)
    formulas = f"L<sub>D</sub> = {objective}<br>L<sub>G</sub> = {loss.g_formula}"
    return f"<p><b>{named.title}.</b> {html.escape(first)}</p><p>{formulas}</p><ul>{lines}</ul>"


def _equilibrium(values: Equilibrium) -> str:
    told = [
        f"{symbol} = {value_name(value)[0]}" if abs(value) > 0 else f"{symbol} = 0"
        for symbol, name in _VALUES
        if (value := getattr(values, name)) is not None
    ]
    return f"At equilibrium {', '.join(told)}." if told else ""

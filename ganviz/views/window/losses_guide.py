"""The guide's pages on formulations, one a family, made from what the entries say of themselves."""

from __future__ import annotations

import html
import inspect
import re

from ganviz.losses.adversarial.facts import Equilibrium
from ganviz.losses.presets import FORMULATIONS, NamedFormulation
from ganviz.views.bases.equilibrium import value_name

_VALUES = (
    ("L<sub>D</sub>", "d_loss"),
    ("L<sub>G</sub>", "g_loss"),
    ("L<sub>D</sub> + L<sub>G</sub>", "total"),
)


_TAG = re.compile(r"(<[^>]*>)")
_VARIABLE = re.compile(r"(?<![A-Za-zα-ω&])([A-DF-Za-zα-ω])(?![\w;])")
"""A letter by itself; E, the mean, stands upright as log and exp do."""
_SERIF = "'STIX Two Text', 'Cambria', 'Times New Roman', 'DejaVu Serif', serif"


def losses_html() -> str:
    """Return all formulations by family as HTML, and links to the families ahead of them."""
    families: dict[str, list[NamedFormulation]] = {}
    for named in FORMULATIONS.values():
        families.setdefault(named.formulation.loss.family, []).append(named)
    links = " · ".join(f'<a href="#family-{i}">{family}</a>' for i, family in enumerate(families))
    pages = (
        f'<h2><a name="family-{i}"></a>{family}</h2>{"".join(map(_entry, entries))}'
        for i, (family, entries) in enumerate(families.items())
    )
    return f"<p>{links}</p>{''.join(pages)}"


def mathematics(markup: str) -> str:
    """Return a formula in HTML as books set it: with serifs, variables in italics."""
    pieces = _TAG.split(markup)
    pieces[::2] = (_VARIABLE.sub(r"<i>\1</i>", text) for text in pieces[::2])
    return f'<big style="font-family: {_SERIF}">{"".join(pieces)}</big>'


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
        f"{'At the best D, ' * loss.has_discriminator}G descends {loss.divergence}."
        if loss.divergence
        else "",
        f"L<sub>D</sub> lies in {loss.d_range}, L<sub>G</sub> in {loss.g_range}, their sum in {loss.total_range}."
        if loss.has_discriminator
        else "",
        _equilibrium(loss.equilibrium()),
        f"{'; '.join(html.escape(paper) for paper in papers)}.",
    ]
    lines = "".join(f"<li>{text}</li>" for text in known if text)
    formulas = mathematics(f"L<sub>D</sub> = {objective}<br>L<sub>G</sub> = {loss.g_formula}")
    return f"<p><b>{named.title}.</b> {html.escape(first)}</p><p>{formulas}</p><ul>{lines}</ul>"


def _equilibrium(values: Equilibrium) -> str:
    told = [
        f"{symbol} = {value_name(value)[0]}" if abs(value) > 0 else f"{symbol} = 0"
        for symbol, name in _VALUES
        if (value := getattr(values, name)) is not None
    ]
    return f"At equilibrium {', '.join(told)}." if told else ""

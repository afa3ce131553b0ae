"""The guide's pages on formulations: one a family and one of penalties, made of what the entries say of themselves."""

from __future__ import annotations

import html
import sys
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from ganviz.losses.adversarial import abstract, base
from ganviz.losses.adversarial.facts import Equilibrium
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS, NamedFormulation, other_numbers
from ganviz.views.bases.equilibrium import value_name
from ganviz.views.look.formula import markup_of, plain_formula
from ganviz.views.look.markup_latex import markup_latex
from ganviz.views.window.docstrings import SOURCE, paragraphs

FORMULA = "latex:"
"""How the names of pictures begin that are formulas; their LaTeX follows, as in an address."""
PENALTIES_PAGE = "losses/penalties"
_VALUES = (
    ("L<sub>D</sub>", "d_loss"),
    ("L<sub>G</sub>", "g_loss"),
    ("L<sub>D</sub> + L<sub>G</sub>", "total"),
)


def families() -> dict[str, list[NamedFormulation]]:
    """Return the formulations by family, in the order of their first entries."""
    found: dict[str, list[NamedFormulation]] = {}
    for named in FORMULATIONS.values():
        found.setdefault(named.formulation.loss.family, []).append(named)
    return found


def family_page(family: str) -> str:
    """Return the name of a family's page."""
    return f"losses/{family.casefold().replace(' ', '-')}"


def losses_markdown() -> str:
    """Return a list of links to the pages, each with what stands there."""
    pages = [(family, family_page(family), [one.title for one in of]) for family, of in families().items()]
    pages.append(("Penalties", PENALTIES_PAGE, [cls.title for cls in PENALTIES.values()]))
    return "\n".join(f"- [{title}](guide:{page}): {', '.join(names)}" for title, page, names in pages)


def losses_page(page: str) -> str | None:
    """Return a page as HTML, or None where there is none of this name."""
    if page == PENALTIES_PAGE:
        return f"{_links(page)}<h1>Penalties</h1>{_penalties()}"
    for family, entries in families().items():
        if page == family_page(family):
            return f"{_links(page)}<h1>{family}</h1>{''.join(_family(entries))}"
    return None


def _links(current: str) -> str:
    pages = [*((family, family_page(family)) for family in families()), ("Penalties", PENALTIES_PAGE)]
    links = (
        f"<b>{title}</b>" if page == current else f'<a href="guide:{page}">{title}</a>'
        for title, page in pages
    )
    return f'<p><a href="guide:contents">← Contents</a></p><p>{" · ".join(links)}</p><hr>'


def _family(entries: Sequence[NamedFormulation]) -> Iterator[str]:
    """Return what a family's common part says, and each entry; files and classes speak once."""
    own = {type(named.formulation.loss).__module__ for named in entries}
    common = dict.fromkeys(
        parent
        for named in entries
        for parent in type(named.formulation.loss).__mro__
        if vars(parent).get("family") == named.formulation.loss.family
        and parent.__module__ not in {*own, abstract.__name__}
    )
    for parent in common:
        # What all kinds share stands in one file: there the class speaks for itself.
        yield _told(
            paragraphs(parent if parent.__module__ == base.__name__ else sys.modules[parent.__module__])
        )
    told = set[object]()
    for named in entries:
        cls = type(named.formulation.loss)
        of_file = [] if cls.__module__ in told else paragraphs(sys.modules[cls.__module__])
        of_class = [] if cls in told else paragraphs(cls)[:1]
        told |= {cls, cls.__module__}
        yield _entry(named, [*of_file[:1], *of_class], of_file[1:])


def _entry(named: NamedFormulation, lead: list[str], more: list[str]) -> str:
    """Return one formulation: what it is, both objectives, and a table of what is known of it."""
    loss, penalties = named.formulation.loss, named.formulation.penalties
    if not lead:
        parts = [one.title for one in penalties] or other_numbers(named.formulation)
        lead = [f"{loss.title} with {' and '.join(parts)}."]
    objectives = {
        "L_D": named.formulation.d_words(),
        "L_G": loss.g_formula,
    }
    if not loss.has_discriminator:
        del objectives["L_D"]
    ranges = (
        f"L<sub>D</sub> in {loss.d_range}, L<sub>G</sub> in {loss.g_range}, their sum in {loss.total_range}"
    )
    ranges = ranges if loss.has_discriminator else f"L<sub>G</sub> in {loss.g_range}"
    known = {
        "Behavior": named.behavior,
        "Beware": loss.warning,
        "At the best D" if loss.has_discriminator else "Descends": _followed(named.formulation),
        "Ranges": f"{ranges}. {markup_of(loss.range_note)}" if loss.range_note else ranges,
        "Equilibrium": _equilibrium(named.formulation.equilibrium())
        or "Nothing is known: D may not be flat.",
        "Papers": "; ".join(html.escape(paper) for paper in named.papers),
        "Name": f"<code>{named.key}</code>, as in <code>--formulation {named.key}</code>",
    }
    rows = "".join(
        f'<tr><td style="padding-right: 12px"><i>{name}</i></td><td>{text}</td></tr>'
        for name, text in known.items()
        if text
    )
    head = f"<h3>{named.title}</h3><p>{' '.join(lead)}</p>"
    return f'{head}{_formulas(objectives)}{_told(more)}<table style="margin-top: 6px">{rows}</table>'


def _followed(formulation: Formulation) -> str:
    """Return what the generator descends, and whether penalties are left out there; nothing where it has no name."""
    loss = formulation.loss
    if not loss.divergence or not loss.has_discriminator:
        return loss.divergence
    is_plain = formulation.followed_at == "the best D"
    return f"G descends {loss.divergence}{'' if is_plain else '; penalties are left out here'}"


def _formulas(named: dict[str, str]) -> str:
    """Return formulas below each other with their equals signs in line, as one picture that is read as text."""
    lines = r" \\ ".join(f"{name} &= {_signed(markup_latex(markup))}" for name, markup in named.items())
    spoken = "; ".join(f"{name} = {plain_formula(markup)}" for name, markup in named.items())
    return _picture(rf"\begin{{aligned}}{lines}\end{{aligned}}", spoken)


def _signed(latex: str) -> str:
    """Return a formula whose first minus is a sign: after "=" it would be set as taking away."""
    return f"{{-}}{latex[1:]}" if latex.startswith("-") else latex


def _picture(latex: str, spoken: str) -> str:
    source = quote(latex, safe="")
    return f'<p style="margin-left: 24px"><img src="{FORMULA}{source}" title="{html.escape(spoken)}"></p>'


def _told(parts: Sequence[str]) -> str:
    """Return paragraphs, sources in small letters."""
    return "".join(
        f"<p><small>{part}</small></p>" if part.startswith(SOURCE) else f"<p>{part}</p>" for part in parts
    )


def _penalties() -> str:
    """Return each file's words, and below them its penalties with their formulas and their classes' words."""
    pieces = []
    modules = dict.fromkeys(cls.__module__ for cls in PENALTIES.values())
    for module in modules:
        pieces.append(f"<hr>{_told(paragraphs(sys.modules[module]))}")
        for cls in PENALTIES.values():
            if cls.__module__ == module:
                formula = _picture(markup_latex(cls().formula), plain_formula(cls().formula))
                pieces.append(f"<h3>{cls.title}</h3>{formula}{_told(paragraphs(cls))}")
    return "".join(pieces)


def _equilibrium(values: Equilibrium) -> str:
    told = [
        f"{symbol} = {value_name(value)[0]}" if abs(value) > 0 else f"{symbol} = 0"
        for symbol, name in _VALUES
        if (value := getattr(values, name)) is not None
    ]
    return ", ".join(told)

"""The report of a run: what happens, end figures, pictures, changes on the way, settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ganviz.session.figure_titles import figure_title, percent
from ganviz.session.reports import page
from ganviz.session.reports.schemes import DARK, LIGHT, Schemes, only
from ganviz.session.seed_words import compared, difference_parts
from ganviz.spec.frozen import dataclass
from ganviz.spec.words import grouped, regrouped
from ganviz.training.config import RunConfig

if TYPE_CHECKING:
    from ganviz.training.history import ChangeMark

OF_FIRST_SEED = "Seed {}, as in pictures of samples."
MEDIANS = "Medians of the seeds, in brackets from 5 to 95 % of them."
_LONGEST = 300
_NAMED = re.compile(rb'(\bid="|url\(#|href="#)')
_START = re.compile(rb"<svg\b", re.IGNORECASE)
_TITLES = re.compile(rb"<(title|desc)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a view: its key and title, SVG files for bright and dark pages, or why it shows nothing."""

    key: str
    title: str
    light: bytes
    dark: bytes
    absence: str = ""


def run_report(
    config: RunConfig,
    summary: dict[str, Any],
    words: Sequence[str],
    drawings: Sequence[Drawing],
    marks: Iterable[ChangeMark],
) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    config : RunConfig
    summary : dict
        What :func:`ganviz.session.summary.run_summary` returns.
    words : sequence of str
        What happens to each lane.
    drawings : sequence of Drawing
    marks : iterable of ChangeMark
        What was changed on the way.
    """
    titles = [config.lane_title(lane) for lane in range(len(config.lanes))]
    has_seeds, schemes = "seeds" in summary, Schemes()
    pictures = page.pictures([_figure(one, schemes) for one in drawings if one.light])
    return page.page(
        f"{config.distribution.title}: {page.listed(titles)}",
        *(page.paragraph(line, "soft") for line in _lines(config, summary)),
        page.section(
            "What is happening",
            page.paragraph(OF_FIRST_SEED.format(summary["seed"]), "soft") if has_seeds else "",
            page.words_table(zip(titles, map(regrouped, words), strict=True)),
        ),
        page.section(
            "Figures",
            page.paragraph(MEDIANS, "soft") if has_seeds else "",
            _figures(summary, titles),
        ),
        page.section("Compared by equal seeds", _comparisons(summary, titles)),
        page.section("Pictures", pictures),
        page.section(
            "Left out", page.words_table((one.title, one.absence) for one in drawings if one.absence)
        ),
        page.section("Changes on the way", page.words_table(_changes(marks, titles))),
        page.section(
            "Settings",
            page.details("Every setting by its name", page.words_table(settings_rows(config.to_plain()))),
            page.details(
                "As JSON, for ganviz train --config",
                page.preformatted(json.dumps(config.to_plain(), indent=1)),
            ),
        ),
        style=schemes.style(),
    )


def _lines(config: RunConfig, summary: dict[str, Any]) -> Iterator[str]:
    """Yield how far the run has come, and where its data are from if not from ganviz."""
    seeds = summary.get("seeds", 1)
    of_seeds = f"{seeds} seeds from {summary['seed']} on" if seeds > 1 else f"seed {summary['seed']}"
    yield f"Step {grouped(summary['steps'])}, {of_seeds}; trained on {summary['device']} ({summary['step_method']})."
    if path := config.to_plain()["distribution"].get("path"):
        yield f"Data: {path}"


def _comparisons(summary: dict[str, Any], titles: list[str]) -> str:
    """Return a table of a row a figure and a column for each lane after the first."""
    found = summary.get("comparisons", ())
    names = [f"{titles[one['second']]} minus {titles[one['first']]}" for one in found]
    rows = [
        [figure_title(name), *(difference(one["figures"].get(name), name) for one in found)]
        for name in compared({name for one in found for name in one["figures"]})
    ]
    return page.table(["", *names], rows)


def difference(figure: dict[str, Any] | None, name: str) -> tuple[str, str] | None:
    """Return a median difference of lanes or cells, and what chance says of it."""
    if figure is None:
        return None
    shown, verdict = difference_parts(figure, name)
    return shown.replace("-", "−"), verdict.replace("-", "−")


def _figures(summary: dict[str, Any], titles: list[str]) -> str:
    """Return a table of a row a figure and a column a lane; of several seeds, medians with their band."""
    rows = []
    for kind in ("losses", "scores", "metrics"):
        for name in summary["lanes"][0][kind]:
            cells = [_value(lane, kind, name) for lane in summary["lanes"]]
            if any(cell is not None for cell in cells):
                rows.append([figure_title(name), *cells])
    return page.table(["", *titles], [["state", *(lane["state"] for lane in summary["lanes"])], *rows])


def _value(lane: dict[str, Any], kind: str, name: str) -> object:
    value = lane[kind][name]
    if value is None or "low" not in lane:
        return percent(name, value) or value
    values = (value, lane["low"][kind][name], lane["high"][kind][name])
    middle, low, high = (percent(name, one) or page.written(one) for one in values)
    return middle if low == high else (middle, f"({low} to {high})")


def _changes(marks: Iterable[ChangeMark], titles: list[str]) -> Iterator[tuple[str, str]]:
    for mark in marks:
        where = "all lanes" if mark.lane is None else titles[mark.lane]
        yield f"after step {grouped(mark.step)}, {where}", mark.label


def _figure(drawing: Drawing, schemes: Schemes) -> str:
    caption = f"<figcaption>{page.text(drawing.title)}</figcaption>"
    light, dark = (inline_svg(drawing.key, svg) for svg in (drawing.light, drawing.dark))
    shown = schemes.joined(light, dark)
    if shown is None:  # more than colors differs, so that there are two, which need names of their own
        shown = only(light, LIGHT) + only(inline_svg(f"{drawing.key}-{DARK}", drawing.dark), DARK)
    return f'<figure class="drawn">{caption}{shown}</figure>'


def inline_svg(key: str, svg: bytes) -> str:
    """Return a picture as part of a page: without the file's head, its names told apart from other pictures'."""
    start = _START.search(svg)
    assert start is not None
    # the settings in each picture's description stand once in the report
    content = _TITLES.sub(b"", svg[start.start() :])
    own = _NAMED.sub(lambda found: found[1] + key.encode() + b"-", content)
    return own.decode("utf-8", "replace")


def settings_rows(plain: object, start: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and value of every setting; long lists are cut."""
    entries: Iterable[tuple[Any, Any]] = ()
    if isinstance(plain, dict):
        entries = plain.items()
    elif isinstance(plain, list) and any(isinstance(one, dict) for one in plain):
        entries = enumerate(plain)
    elif start:
        words = plain if isinstance(plain, str) else json.dumps(plain)
        yield start, words if len(words) <= _LONGEST else f"{words[:_LONGEST]} …"
    for name, value in entries:
        yield from settings_rows(value, f"{start}.{name}" if start else str(name))

"""The page of a report: plain HTML with its style inside, in the colors that the reader prefers.

Whatever comes from outside (titles, paths, settings, errors) passes :func:`text` or :func:`table`, which escape it.
Nothing is loaded and nothing runs: a policy in the head forbids both, should anything slip through all the same.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from ganviz import __version__
from ganviz.spec.words import grouped

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_SYMBOL = re.compile(r"\bL_([DG])\b")
_STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #5c6670; --line: #d5dae0; --page: #ffffff; --mark: #3465a4 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #dfe4ea; --soft: #98a2ae; --line: #3a424c; --page: #1b1f24; --mark: #8ab4f0 }
}
body { margin: 2em auto; max-width: 88em; padding: 0 1.2em; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: break-word }
h1 { font-size: 1.6em; line-height: 1.25; margin-bottom: .2em } h2 { font-size: 1.2em; margin: 1.8em 0 .4em }
p { margin: .4em 0; max-width: 60em } sub { font-size: .75em; line-height: 0 }
.soft { color: var(--soft) }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .2em .8em .2em 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
th { vertical-align: bottom } td:first-child, th:first-child { min-width: 9em }
td:nth-child(2):not(.number), .rows span { overflow-wrap: anywhere }
td.number, th.number { text-align: right; padding-left: .8em; padding-right: 0 }
td.number { white-space: nowrap } td small { display: block; color: var(--soft); white-space: normal }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 36em), 1fr)); gap: 1.6em;
  margin-top: .8em }
figure { margin: 0; min-width: 0 } figcaption { font-weight: 600; margin-bottom: .3em }
figcaption .soft { font-weight: 400 }
figure.drawn svg { width: 100%; max-width: 60em; height: auto; vertical-align: top }
.rows { display: grid; grid-template-columns: fit-content(42%) minmax(0, 1fr); column-gap: 1.4em; padding-right: .8em }
.rows span { font-size: .87em; line-height: 1.3; padding: .25em 0; text-align: right; align-self: center }
.rows div { position: relative; min-height: 1.6em }
.rows svg { position: absolute; width: 100%; height: 100%; overflow: visible; color: var(--ink); font-size: .87em }
summary { cursor: pointer } pre { white-space: pre-wrap; font-size: .85em }
@media print {
  @page { margin: 14mm }
  body { margin: 0; max-width: none; padding: 0; font-size: 10pt } .wide { overflow: visible }
  h1, h2, figcaption, summary { break-after: avoid } tr, figure { break-inside: avoid }
  .pictures { grid-template-columns: minmax(0, 1fr) } figure.drawn svg { max-width: 46em }
  table { font-size: .9em } td.number { min-width: 5em; white-space: normal }
}
""".strip()


def text(words: object) -> str:
    """Return words as HTML shows them, whatever characters they have; no line ends before a percent sign."""
    return _escaped(words).replace(" %", "\N{NO-BREAK SPACE}%")


def _escaped(words: object) -> str:
    """Return words in which nothing is markup; half of a surrogate pair becomes ``?``."""
    return html.escape(str(words)).encode("utf-8", "replace").decode("utf-8")


def marked(words: object) -> str:
    """Return words as :func:`text` does, with the players' letters below the line."""
    return _SYMBOL.sub(r"L<sub>\1</sub>", text(words))


def paragraph(words: object, kind: str = "") -> str:
    """Return a paragraph of words."""
    return f"<p{_class(kind)}>{text(words)}</p>"


def section(title: str, *parts: str) -> str:
    """Return a section of HTML parts; nothing where they are empty."""
    inner = "\n".join(part for part in parts if part)
    return f"<h2>{text(title)}</h2>\n{inner}" if inner else ""


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them: a, b and c."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def pictures(figures: Iterable[str]) -> str:
    """Return figures side by side where there is room for two."""
    inner = "\n".join(figures)
    return f'<div class="pictures">\n{inner}\n</div>' if inner else ""


def table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; numbers, and words for them, stand at the right; of two values the second is below, small."""
    head = "".join(f"<th{_class('number') if k else ''}>{marked(name)}</th>" for k, name in enumerate(names))
    body = "\n".join(f"<tr>{''.join(_cell(k, value) for k, value in enumerate(row))}</tr>" for row in rows)
    return f'<div class="wide"><table>\n<tr>{head}</tr>\n{body}\n</table></div>' if body else ""


def words_table(rows: Iterable[tuple[object, object]]) -> str:
    """Return a table of two columns of words, without a head."""
    body = "\n".join(f"<tr><td>{text(name)}</td><td>{text(value)}</td></tr>" for name, value in rows)
    return f'<div class="wide"><table>\n{body}\n</table></div>' if body else ""


def _cell(k: int, value: object) -> str:
    first, second = value if isinstance(value, tuple) else (value, "")
    below = f"<small>{text(second)}</small>" if second else ""
    return f"<td{_class('number') if k else ''}>{marked(written(first))}{below}</td>"


def written(value: object) -> str:
    """Return a value of a table in words: four digits of a measured number, a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer() and abs(value) >= 1000):
        return grouped(value).replace("-", "−")
    return f"{value:.4g}".replace("-", "−") if isinstance(value, float) else str(value)


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def details(title: str, inner: str) -> str:
    """Return HTML that opens with a click."""
    return f"<details><summary>{text(title)}</summary>\n{inner}\n</details>"


def preformatted(words: str) -> str:
    """Return text as it is, line by line."""
    return f"<pre>{_escaped(words)}</pre>"


def page(title: str, *parts: str, style: str = "") -> str:
    """Return the whole file; ``style`` is that of its drawings."""
    body = "\n".join(part for part in parts if part)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{text(title)}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="ganviz {__version__}">\n<style>\n{_STYLE}\n{style}</style>\n</head>\n<body>\n'
        f"<h1>{text(title)}</h1>\n{body}\n"
        f'<p class="soft">Written by ganviz {__version__}.</p>\n</body>\n</html>\n'
    )

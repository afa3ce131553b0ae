"""The page of a report: plain HTML with its style inside, in the colors that the reader prefers.

Whatever comes from outside (titles, paths, settings, errors) passes :func:`text` or :func:`table`, which escape it.
Nothing is loaded and nothing runs: a policy in the head forbids both, should anything slip through all the same.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from ganviz import __version__

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #5c6670; --line: #d5dae0; --page: #ffffff; --mark: #3465a4 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #dfe4ea; --soft: #98a2ae; --line: #3a424c; --page: #15191e; --mark: #8ab4f0 }
}
body { margin: 2em auto; max-width: 70em; padding: 0 1.2em; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.6em; margin-bottom: 0 } h2 { font-size: 1.2em; margin: 1.8em 0 .4em } p { margin: .4em 0 }
.soft { color: var(--soft) }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .2em .8em .2em 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
td.number, th.number { text-align: right; white-space: nowrap }
figure { margin: 1em 0; display: inline-block; max-width: 100% } figcaption { color: var(--soft) }
figure.paper svg { background: #ffffff; max-width: 100%; height: auto }
svg.own { max-width: 100%; height: auto; color: var(--ink) }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85em }
""".strip()


def text(words: object) -> str:
    """Return words as HTML shows them, whatever characters they have; half of a surrogate pair becomes ``?``."""
    return html.escape(str(words)).encode("utf-8", "replace").decode("utf-8")


def paragraph(words: object, kind: str = "") -> str:
    """Return a paragraph of words."""
    return f"<p{_class(kind)}>{text(words)}</p>"


def section(title: str, *parts: str) -> str:
    """Return a section of HTML parts; nothing where they are empty."""
    inner = "\n".join(part for part in parts if part)
    return f"<h2>{text(title)}</h2>\n{inner}" if inner else ""


def table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; numbers, and words for them, stand at the right."""
    head = "".join(f"<th{_class('number') if k else ''}>{text(name)}</th>" for k, name in enumerate(names))
    body = "\n".join(f"<tr>{''.join(_cell(k, value) for k, value in enumerate(row))}</tr>" for row in rows)
    return f'<div class="wide"><table>\n<tr>{head}</tr>\n{body}\n</table></div>' if body else ""


def words_table(rows: Iterable[tuple[object, object]]) -> str:
    """Return a table of two columns of words, without a head."""
    body = "\n".join(f"<tr><td>{text(name)}</td><td>{text(value)}</td></tr>" for name, value in rows)
    return f'<div class="wide"><table>\n{body}\n</table></div>' if body else ""


def _cell(k: int, value: object) -> str:
    return f"<td{_class('number') if k else ''}>{text(written(value))}</td>"


def written(value: object) -> str:
    """Return a value of a table in words: four digits of a number, a dash for nothing."""
    if value is None:
        return "–"
    return f"{value:.4g}".replace("-", "−") if isinstance(value, float) else str(value)


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def details(title: str, inner: str) -> str:
    """Return HTML that opens with a click."""
    return f"<details><summary>{text(title)}</summary>\n{inner}\n</details>"


def preformatted(words: str) -> str:
    """Return text as it is, line by line."""
    return f"<pre>{text(words)}</pre>"


def page(title: str, *parts: str) -> str:
    """Return the whole file."""
    body = "\n".join(part for part in parts if part)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{text(title)}</title>\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="ganviz {__version__}">\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n'
        f"<h1>{text(title)}</h1>\n{body}\n"
        f'<p class="soft">Written by ganviz {__version__}.</p>\n</body>\n</html>\n'
    )

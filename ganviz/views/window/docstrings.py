"""What docstrings say, as paragraphs for people who read the guide."""

from __future__ import annotations

import html
import inspect
import re

SOURCE = "Source: "
_SETTING = (
    (re.compile(r"``(.+?)``"), r"<code>\1</code>"),
    (re.compile(r"\*([a-z]+)\*"), r"<i>\1</i>"),
    (re.compile(r"\b([A-Za-zαθ])_(?:(r)eal\b|(f)ake\b|(\w+))"), r"\1<sub>\2\3\4</sub>"),
    (re.compile(r"\be\^(\d?[vt])\b"), r"e<sup>\1</sup>"),
    (re.compile(r"\b([PQ]) x ([PQ])\b"), r"\1 × \2"),
    (re.compile(r" - "), " − "),
    (re.compile(r"(?<![\w’])-(?=[\w(√‖∞])"), "−"),
    (re.compile(r"&lt;="), "≤"),
    (re.compile(r"arXiv (\d{4}\.\d{4,5})"), r'<a href="https://arxiv.org/abs/\1">arXiv \1</a>'),
)
"""What stands in plain letters there, and how it is set here."""


def set_prose(text: str) -> str:
    """Return plain words as HTML: minus signs, subscripts, and papers as links."""
    told = html.escape(text, quote=False)
    for written, shown in _SETTING:
        told = written.sub(shown, told)
    return told


def paragraphs(of: object) -> list[str]:
    """Return the docstring of a class or a module in paragraphs of HTML, its source the last one."""
    return [set_prose(" ".join(part.split())) for part in (inspect.getdoc(of) or "").split("\n\n")]

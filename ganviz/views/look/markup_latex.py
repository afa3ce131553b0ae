"""The catalog's formulas, HTML text with subscripts, as LaTeX with the letters of the papers: γ, not a lane's 0.1."""

from __future__ import annotations

import html
import re

_SHAPES = (
    (re.compile(r"<sub>(.*?)</sub>"), r"_{\1}"),
    (re.compile(r"<sup>(.*?)</sup>"), r"^{\1}"),
    (re.compile(r"\((\w)/(\d)\)"), r"\\frac{\1}{\2}\\,"),
    (re.compile(r"exp\(([^()]*)\)"), r"e^{\1}"),
    (re.compile(r"√(\w)"), r"\\sqrt{\1}"),
)
_OPERATORS = ("log", "max", "min", "exp", "tanh", "sin", "cos")
_SIGNS = {
    "−": "-", "½": r"\frac{1}{2}\,", "²": "^{2}", "³": "^{3}", "‖": r"\|", "∇": r"\nabla ", "·": r"\cdot ",
    "ℓ": r"\ell ", "′": "'", "±": r"\pm ", "α": r"\alpha ", "γ": r"\gamma ", "ε": r"\varepsilon ", "λ": r"\lambda ",
    "σ": r"\sigma ",
}  # fmt: skip


_OWN_SIGN = re.compile(r"(\(|\\text\{\w+\}\\; *)(-|\\pm) ?")
"""A sign of a number, behind a parenthesis or a word: set as one between two numbers it would have room around it."""


def markup_latex(markup: str) -> str:
    """Return a formula as LaTeX; words that are no function stand upright, with spaces around them."""
    text = markup
    for shape, latex in _SHAPES:
        text = shape.sub(latex, text)
    pieces = re.split(r"(\\[a-z]+)", html.unescape(re.sub(r"<[^>]*>", "", text)))
    pieces[::2] = (re.sub(r"[A-Za-z]{2,}", _word, piece) for piece in pieces[::2])
    text = re.sub(r"(?<![A-Za-z\\])E(?![A-Za-z])", r"\\mathbb{E}\\,", "".join(pieces))
    text = re.sub(r"([a-z0-9)λ]) ?\\mathbb", r"\1\\,\\mathbb", text)
    text = "".join(_SIGNS.get(sign, sign) for sign in text)
    return _OWN_SIGN.sub(r"\1{\2}", text)


def _word(found: re.Match[str]) -> str:
    word = found[0]
    if word in _OPERATORS:
        return rf"\{word} "
    is_called = found.string[found.end() : found.end() + 1] == "("
    return rf"\mathrm{{{word}}}" if is_called else rf"\;\text{{{word}}}\;"

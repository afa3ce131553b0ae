"""A formulation's objectives as LaTeX, term by term, made of the formulas that are computed.

A cross-entropy's score t is written as D = σ(t), as in Goodfellow et al. 2014: softplus(-t) is -log D.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

from ganviz.losses.adversarial.of_samples import AbstractSampleLoss, as_sample_loss
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties.base import (
    AbstractPenalty,
    AbstractSlopePenalty,
    Around,
    at_fake,
    at_real,
    interpolates,
)
from ganviz.losses.written import ATOM, NEGATED, Written, held, is_number, number_text
from ganviz.spec.frozen import dataclass

E = r"\mathbb{E}\,"
SAMPLES = {"t_r": "x", "t_f": "G(z)"}
_NAMES = {
    "sqrt": r"\sqrt",
    "sin": r"\sin",
    "cos": r"\cos",
    "tanh": r"\tanh",
    "log": r"\log",
    "sigmoid": r"\sigma",
}
_SUM, _PRODUCT = 1, 2


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an objective: its LaTeX, with a sign of its own where it is subtracted, and whose it is.

    ``role`` is "real", "generated", "d_loss", "g_loss" or "penalty".
    """

    latex: str
    role: str

    @property
    def is_subtracted(self) -> bool:
        """Return whether it begins with a minus."""
        return self.latex.startswith("-")


def d_terms(formulation: Formulation) -> tuple[Term, ...]:
    """Return the terms of L_D: of real and of fake samples, or of pairs, and all penalties as one."""
    if not formulation.loss.has_discriminator:
        return (Term(r"\mathrm{none}", "d_loss"),)
    terms = _terms(formulation)[0]
    roles = ("real", "generated") if len(terms) == 2 else ("d_loss",) * len(terms)
    found = [Term(expectation(term), role) for term, role in zip(terms, roles, strict=True)]
    if formulation.penalties:
        found.append(Term(" + ".join(penalty_latex(one) for one in formulation.penalties), "penalty"))
    return tuple(found)


def g_terms(formulation: Formulation) -> tuple[Term, ...]:
    """Return the terms of L_G."""
    if (of_samples := as_sample_loss(formulation.loss)) is not None:
        return tuple(Term(expectation(_turned(term)), "g_loss") for term in _of_samples(of_samples))
    return tuple(Term(expectation(term), "g_loss") for term in _terms(formulation)[1])


def joined(terms: Sequence[Term]) -> str:
    """Return terms as a sum."""
    text = terms[0].latex
    for term in terms[1:]:
        text += f" - {term.latex.removeprefix('-')}" if term.is_subtracted else f" + {term.latex}"
    return text


def formulation_latex(formulation: Formulation) -> str:
    """Return both objectives as one display."""
    objectives = f"L_D &= {joined(d_terms(formulation))} \\\\\nL_G &= {joined(g_terms(formulation))}"
    return f"\\begin{{aligned}}\n{objectives}\n\\end{{aligned}}"


def _terms(formulation: Formulation) -> tuple[list[Any], list[Any]]:
    loss = formulation.loss
    real, fake = (cast(Any, Written.name(name)) for name in SAMPLES)
    in_words = _in_probabilities if loss.score_kind == "logit" else _turned
    return (
        [in_words(term) for term in loss.d_terms(real, fake)],
        [in_words(term) for term in loss.g_terms(real, fake)],
    )


def _of_samples(loss: AbstractSampleLoss) -> tuple[Any, ...]:
    """Return the kernels of which a distance of samples is the sum of the means."""
    kernel = loss.kernel(cast(Any, Written.name("squares")))
    pairs = ("x - x'", "G(z) - G(z')", "x - G(z)")
    among_real, among_generated, between = (
        _with_norm(kernel, Written.name(rf"\|{pair}\|")) for pair in pairs
    )
    return among_real, among_generated, -2.0 * between


def expectation(term: Any) -> str:
    """Return the mean of a term over its samples; a sign and a factor stand in front."""
    if not isinstance(term, Written):
        return number_text(term)
    if term.operation == "negated":
        return f"-{expectation(term.arguments[0])}"
    if term.operation == "*" and not isinstance(term.arguments[0], Written):
        return f"{_factor(term.arguments[0])}{expectation(term.arguments[1])}"
    text, strength = _latex(term)
    return f"{E}{text}" if strength >= _PRODUCT else f"{E}\\left[{text}\\right]"


def penalty_latex(penalty: AbstractPenalty) -> str:
    """Return a weighted penalty, with the slope's norm at its points; its name where it is not of slopes alone."""
    if not isinstance(penalty, AbstractSlopePenalty):
        return rf"\mathrm{{{''.join(sign for sign in penalty.title if sign.isalnum())}}}"
    points = penalty.points
    known = {at_real: "x", at_fake: "G(z)", interpolates: r"x_\varepsilon"}
    where = (
        f"x + {number_text(points.sigma)}\\,n"
        if isinstance(points, Around)
        else known.get(cast(Any, points), "x")
    )
    norm = Written.name(rf"\|\nabla t({where})\|")
    value = _with_norm(penalty.of_squares(cast(Any, Written.name("squares"))), norm)
    return expectation(value if penalty.factor == 1 else Written("*", (penalty.factor, value)))


def _with_norm(part: Any, norm: Written) -> Any:
    """Return a function of squared slopes as one of slopes: the floor inside the root is for rounding alone."""
    if not isinstance(part, Written):
        return part
    if part.operation == "squares":
        return norm**2
    if part.operation == "sqrt" and "squares" in str(part):
        return norm
    return Written(part.operation, tuple(_with_norm(one, norm) for one in part.arguments))


def _in_probabilities(part: Any) -> Any:
    """Return softplus of scores as logarithms of D, and signs in front of sums and products."""
    if not isinstance(part, Written) or not part.arguments:
        return part
    if part.operation == "softplus":
        (inner,) = part.arguments
        is_negated = inner.operation == "negated"
        name = (inner.arguments[0] if is_negated else inner).operation
        if name in SAMPLES:
            judged = f"D({SAMPLES[name]})"
            return -Written.name(rf"\log {judged}" if is_negated else rf"\log(1 - {judged})")
    return _rebuilt(part, [_in_probabilities(one) for one in part.arguments])


def _turned(part: Any) -> Any:
    """Return -(a - b) as b - a."""
    if not isinstance(part, Written) or not part.arguments:
        return part
    return _rebuilt(part, [_turned(one) for one in part.arguments])


def _rebuilt(part: Written, arguments: list[Any]) -> Any:
    """Return the operation on new arguments, with signs as far outside as they go."""
    first = arguments[0]
    match part.operation:
        case "negated" if isinstance(first, Written) and first.operation == "-":
            return first.arguments[1] - first.arguments[0]
        case "negated":
            return -first
        case "+":
            return first + arguments[1]
        case "-":
            return first - arguments[1]
        case "*" if not isinstance(arguments[1], Written):
            return _rebuilt(part, arguments[::-1])
        case "*" if not isinstance(first, Written) and first < 0:
            return -_rebuilt(part, [-first, arguments[1]])
        case "*" if isinstance(arguments[1], Written) and arguments[1].operation == "negated":
            return -_rebuilt(part, [first, arguments[1].arguments[0]])
    return Written(part.operation, tuple(arguments))


def _factor(number: float) -> str:
    if number == 0.5:
        return r"\frac{1}{2}\,"
    return f"{number_text(number)}\\,"


def _latex(part: Any) -> tuple[str, int]:
    """Return a part as LaTeX, and how strongly it holds together."""
    if not isinstance(part, Written):
        return (
            (r"\log 2", _PRODUCT) if part == math.log(2) else (f"{part:.6g}", NEGATED if part < 0 else ATOM)
        )
    operation, arguments = part.operation, part.arguments
    if not arguments:
        return operation, ATOM
    first = _latex(arguments[0])
    match operation:
        case "negated":
            return f"-{held(first, _PRODUCT)}", _SUM
        case "+" | "-":
            return f"{first[0]} {operation} {held(_latex(arguments[1]), _PRODUCT)}", _SUM
        case "*":
            number = arguments[0]
            left = held(first, _PRODUCT) + r"\," if isinstance(number, Written) else _factor(number)
            return f"{left}{held(_latex(arguments[1]), _PRODUCT)}", _PRODUCT
        case "/":
            return rf"\frac{{{first[0]}}}{{{_latex(arguments[1])[0]}}}", ATOM
        case "**":
            return f"{held(first, ATOM)}^{{{_latex(arguments[1])[0]}}}", ATOM - 1
        case "mean":
            return f"{E}{held(first, _PRODUCT)}", _PRODUCT
    return _function(operation, first, arguments), ATOM


def _function(operation: str, first: tuple[str, int], arguments: tuple[Any, ...]) -> str:
    inner = first[0]
    match operation:
        case "exp":
            return f"e^{{{inner}}}"
        case "softplus":
            return rf"\log(1 + e^{{{inner}}})"
        case "relu":
            return rf"\max(0, {inner})"
        case "abs":
            return f"|{inner}|"
        case "sqrt":
            return rf"\sqrt{{{inner}}}"
        case "clip" if inner in SAMPLES and arguments[1] is not None and arguments[2] is not None:
            return inner.replace("t", "v", 1)  # the score held within bounds
        case "clip" if is_number(arguments[1], arguments[1]) and arguments[2] is None:
            return rf"\max({inner}, {number_text(arguments[1])})"
        case "clip":
            return rf"\min({inner}, {number_text(arguments[2])})"
        case "maximum" | "minimum":
            return rf"\{operation[:3]}({inner}, {_latex(arguments[1])[0]})"
    name = _NAMES.get(operation, rf"\mathrm{{{operation}}}")
    return f"{name}({inner})"

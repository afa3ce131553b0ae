"""What an experiment came to, on a card: one sentence to remember, a table of ticks, and the rest folded away."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from ganviz.session.claims import DIVERGED_AT, Claim, Finding
from ganviz.session.experiments import Experiment
from ganviz.session.figure_titles import SHARES, percent
from ganviz.session.predictions import Answer
from ganviz.spec.words import grouped, regrouped
from ganviz.training.columns import METRICS
from ganviz.views.controls.said import MUTED, Said
from ganviz.views.look.formula import markup_of
from ganviz.views.plot.plotting import number
from ganviz.views.window.prediction_dialog import answer_words, measured_words

NAMES = {"reverse_kl": "reverse KL", "sliced_wasserstein": "sliced W₁", DIVERGED_AT: "at step"}
"""What a number is called that a claim's words do not name by themselves."""
HARD = "\u00a0"
"""A space at which no line breaks."""
UNDER_CROSS_PX = 28
"""What a card leaves free of its first line for the cross that closes it."""
SMALL = f"color: {MUTED}; font-size: small"
TABLE = '<table cellspacing="0" cellpadding="1" width="100%">{}</table>'
SEEN, NOT_SEEN = "Seen", "Not all of it was seen this time"


def result_card(one: Experiment, found: Sequence[Finding], answer: Answer | None, guess: int | None) -> Said:
    """Return what is said at an experiment's end.

    Parameters
    ----------
    one : Experiment
    found : sequence of Finding
        What was found of its claims, stage after stage.
    answer : Answer or None
        To what it asked first.
    guess : int or None
        The person's own answer, by its place.
    """
    word = SEEN if all(finding.is_seen for finding in found) else NOT_SEEN
    predicted = [] if answer is None or guess is None else [answer_words(answer, guess)]
    when, remember = f"When it shows: {regrouped(one.when)}", regrouped(one.remember)
    rest, means = [regrouped(one.claim), f"Source: {regrouped(one.source)}"], _means(found)
    rows = [_row_words(finding) for finding in found]
    plain = [f"{one.title}. {word}:", remember, *predicted, *rows, *means, when, *rest]
    top = [
        f'<p style="color: {MUTED}; margin: 0 {UNDER_CROSS_PX}px 0 0">{markup_of(one.title)} · {word.lower()}</p>',
        f'<p style="font-size: large; margin: 4px 0"><b>{markup_of(remember)}</b></p>',
        *(f'<p style="margin: 4px 0">{markup_of(text)}</p>' for text in (*predicted, when)),
    ]
    details = "".join(f'<p style="margin: 4px 0">{markup_of(text)}</p>' for text in rest)
    top += [f'<p style="margin: 4px 0; {SMALL}">{text}</p>' for text in means]
    return Said("\n".join(plain), "".join(top), _table(found), details, _rows(found))


def _means(found: Sequence[Finding]) -> list[str]:
    """Return over how many steps what curves show was averaged: a legend has the last step's value."""
    lengths = sorted({finding.claim.over for finding in found if finding.claim.over > 1})
    words = " or ".join(map(grouped, lengths))
    return [f"Losses and scores: means of the last {words} steps of a stage."] if lengths else []


def _table(found: Sequence[Finding]) -> str:
    """Return the rows below their columns' names, and where there are several stages below each stage's step."""
    rows, has_steps = list[str](), len({finding.step for finding in found}) > 1
    for step, at_step in itertools.groupby(found, lambda finding: finding.step):
        names = ("", "") if rows else ("measured", "expected")
        if has_steps or not rows:
            rows.append(_cells("", f"step {grouped(step)}" if has_steps else "", *names, SMALL))
        rows += [_cells(*_columns(finding)) for finding in at_step]
    return TABLE.format("".join(rows))


def _cells(mark: str, says: str, measured: str, expected: str, style: str = "") -> str:
    texts = (markup_of(text) for text in (measured, expected))
    numbers = "".join(f'<td align="right" style="padding-left: 8px; {style}">{text}</td>' for text in texts)
    return f'<tr><td style="padding-right: 4px">{mark}</td><td style="{style}">{markup_of(says)}</td>{numbers}</tr>'


def _rows(found: Sequence[Finding]) -> str:
    """Return the table's rows with the numbers below what is claimed, for a card without room for columns."""
    rows = list[str]()
    for step, at_step in itertools.groupby(found, lambda finding: finding.step):
        rows.append(_pair("", f'<span style="{SMALL}">step {grouped(step)}: measured (expected)</span>'))
        for mark, says, measured, expected in map(_columns, at_step):
            rows.append(_pair(mark, f"{markup_of(says)}<br>{measured} ({markup_of(expected)})"))
    return TABLE.format("".join(rows))


def _pair(mark: str, cell: str) -> str:
    return f'<tr><td style="padding-right: 4px">{mark}</td><td width="100%">{cell}</td></tr>'


def _columns(finding: Finding) -> Iterator[str]:
    """Yield a tick or a cross, what is claimed, what was measured, and what was expected."""
    claim = finding.claim
    yield "✓" if finding.is_seen else "✗"
    yield f"{claim.says}{f' ({NAMES[claim.quantity]})' if claim.quantity in NAMES else ''}"
    yield (percent(claim.quantity, finding.value) if _is_share(claim) else "") or measured_words(
        finding.value
    )
    yield expected_words(claim)


def expected_words(claim: Claim) -> str:
    """Return a claim's range, short; only between two ends may a line break, for a card is narrow."""
    low, high = (_bound(end, is_share=_is_share(claim)) for end in (claim.low, claim.high))
    if claim.low == claim.high:
        return low
    if claim.quantity in METRICS and math.isinf(claim.low) and claim.high == 0:
        return high  # less there cannot be
    if math.isinf(claim.high):
        return f"≥{HARD}{low}"
    if math.isinf(claim.low):
        return f"≤{HARD}{high}"
    return f"0{HARD}± {high}" if claim.low == -claim.high else f"{low}{HARD}… {high}"


def _is_share(claim: Claim) -> bool:
    """Return whether a claim is of a share itself, and not of how it compares."""
    return claim.quantity in SHARES and claim.compared_with is None and claim.minus is None


def _bound(value: float, *, is_share: bool) -> str:
    """Return an end of a range without zeros that say nothing; what is small has its power of ten."""
    if is_share and math.isfinite(value):
        return f"{100 * value:g}{HARD}%"
    return number(value).replace(".00·", "·") if 0 < abs(value) < 1e-4 else f"{value:g}".replace("-", "−")


def _row_words(finding: Finding) -> str:
    """Return a row as a line, for who cannot see a table."""
    mark, says, measured, expected = _columns(finding)
    return f"{mark} step {grouped(finding.step)}: {says}: {measured} ({expected})"

"""What a person is asked before an experiment runs: a question about one quantity, and what may come of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from ganviz.session.claims import Claim, Finding, check_object, claim_from_plain
from ganviz.spec import InvalidValueError, Plain
from ganviz.spec.frozen import dataclass

FEWEST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question with several answers, of which at most one comes true.

    Attributes
    ----------
    question, title : str
        ``title`` names the experiment while nothing is answered; empty where its own gives nothing away.
    choices : tuple of Claim
        Ranges of one and the same quantity that do not touch, from small values to large ones, as they are offered.
    """

    question: str
    choices: tuple[Claim, ...]
    title: str = ""

    def answer(self, findings: Iterable[Finding]) -> Answer:
        """Return what came true, from what was found of the choices."""
        found = tuple(findings)
        true = next((place for place, one in enumerate(found) if one.is_seen), None)
        return Answer(self, true, found[0].value)


@dataclass(frozen=True, slots=True)
class Answer:
    """Which choice came true, None where the value lies in no range, and the value."""

    prediction: Prediction
    true: int | None
    value: float

    @property
    def says(self) -> str:
        """Return the true choice in words, empty where there is none."""
        return "" if self.true is None else self.prediction.choices[self.true].says


_QUANTITY = {"quantity", "minus", "lane", "compared_with", "over"}
_CHOICE = {"says", "at_least", "at_most"}


def prediction_from_plain(plain: Plain, n_lanes: int, steps: int, where: str) -> Prediction:
    """Make a prediction of a JSON object; raise InvalidValueError that says what is wrong ``where``."""
    check_object(
        plain, {"question", "title", "choices", *_QUANTITY}, {"question", "choices", "quantity"}, where
    )
    quantity = {name: value for name, value in plain.items() if name in _QUANTITY}
    choices = []
    for one in plain["choices"]:
        check_object(one, _CHOICE, {"says"}, f"{where}: a choice")
        choices.append(claim_from_plain(quantity | one, n_lanes, steps, where))
    if not FEWEST <= len(choices) <= MOST:
        raise InvalidValueError(f"{where} must have {FEWEST} to {MOST} choices, not {len(choices)}.")
    for lower, upper in itertools.pairwise(choices):
        if not lower.high < upper.low:
            raise InvalidValueError(
                f"{where}: choices must go up without touching, not from {lower.range} to {upper.range}."
            )
    return Prediction(str(plain["question"]), tuple(choices), str(plain.get("title", "")))

"""Claims about a run: a quantity and a range, measured and not believed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ganviz.spec import InvalidValueError, Plain, UnknownKeyError
from ganviz.spec.frozen import dataclass
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.probes.base import AbstractProbe, Reading, Subject
from ganviz.training.probes.metrics import MetricsProbe
from ganviz.training.slopes import mean_slopes
from ganviz.training.wasserstein import readings

Values = NDArray[np.float64]

LAST_STEP = "last_step"
"""The last step that a lane took: earlier than the stage's end where it diverged."""
DIVERGED_AT = "diverged_at"
"""The step whose numbers were not finite, one after a lane's last; NaN of a lane that goes on."""
MEAN_SLOPE = "mean_slope"
"""What :func:`ganviz.training.slopes.mean_slopes` measures at the stage's end."""
WASSERSTEIN = "wasserstein"
"""The true Wasserstein-1 distance of real and generated samples at the stage's end, by the best matching."""
READING_RATIO = "reading_ratio"
"""What a critic reads of the same samples, divided by that distance: 1 where it can be believed."""
AT_END = (MEAN_SLOPE, WASSERSTEIN, READING_RATIO)


@dataclass(frozen=True, slots=True)
class Claim:
    """One quantity, and between which values it will be.

    Attributes
    ----------
    says : str
        The claim in words.
    quantity : str
        A column of the history, one of ``columns.METRICS`` or :data:`AT_END`, measured at the stage's end,
        :data:`LAST_STEP` or :data:`DIVERGED_AT`.
    minus : str or None
        A column that is taken from it at every step, so that what moves both from step to step is gone.
    lane : int
    compared_with : int or None
        Another lane, whose value it is divided by.
    over : int
        Steps at the stage's end that a column is averaged over.
    low, high : float
        The range, both ends included.
    """

    says: str
    quantity: str
    minus: str | None
    lane: int
    compared_with: int | None
    over: int
    low: float
    high: float

    @property
    def range(self) -> str:
        """Return the range in words."""
        if self.low == self.high:
            return f"{self.low:g}"
        if math.isinf(self.high):
            return f"at least {self.low:g}"
        return f"at most {self.high:g}" if math.isinf(self.low) else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a claim's quantity turned out to be."""

    claim: Claim
    step: int
    value: float

    @property
    def is_seen(self) -> bool:
        """Return whether the value lies in the claimed range; what is undefined does not."""
        return bool(self.claim.low <= self.value <= self.claim.high)


@dataclass(frozen=True, slots=True)
class Measured(Reading):
    """The values of claims' quantities, ``[claims]``, NaN where a lane has no value."""

    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClaimsProbe(AbstractProbe):
    """Measures what claims speak of, at this step and over the steps before it."""

    min_interval_s: ClassVar[float] = 0.0

    claims: tuple[Claim, ...]

    def measure(self, subject: Subject) -> Measured:
        """Return the values."""
        wanted = {claim.quantity for claim in self.claims}
        measured: dict[str, Values] = {MEAN_SLOPE: mean_slopes(subject)} if MEAN_SLOPE in wanted else {}
        if wanted & {WASSERSTEIN, READING_RATIO}:
            reading, distance = readings(subject)
            measured |= {WASSERSTEIN: distance, READING_RATIO: reading / distance}
        if names := wanted & {*METRICS}:
            metrics = MetricsProbe().measure(subject)
            measured |= {name: getattr(metrics, name) for name in names}
        return Measured(np.array([_value(subject, claim, measured) for claim in self.claims]))

    def findings(self, measured: Measured, step: int) -> tuple[Finding, ...]:
        """Return each claim with what was measured of it."""
        return tuple(
            Finding(claim, step, float(value))
            for claim, value in zip(self.claims, measured.values, strict=True)
        )


def _value(subject: Subject, claim: Claim, measured: Mapping[str, Values]) -> float:
    value = _of_lane(subject, claim, measured, claim.lane)
    if claim.compared_with is None:
        return value
    other = _of_lane(subject, claim, measured, claim.compared_with)
    return value / other if other else math.nan


def _of_lane(subject: Subject, claim: Claim, measured: Mapping[str, Values], lane: int) -> float:
    """Return a lane's value; NaN where the lane stopped before this step, save for steps it stopped at.

    NaN as well where the run is not the one that the claim is about any more: with less lanes, or begun anew.
    """
    if lane >= subject.n_lanes:
        return math.nan
    history = subject.read_history()
    last = history.n_rows(lane)
    if claim.quantity == LAST_STEP:
        return float(last)
    if claim.quantity == DIVERGED_AT:
        return last + 1.0 if last < subject.step else math.nan
    if last < max(subject.step, claim.over):
        return math.nan
    if claim.quantity in measured:
        return float(measured[claim.quantity][lane])
    columns = [COLUMNS.index(name) for name in (claim.quantity, claim.minus) if name is not None]
    values = history.between(lane, last - claim.over, last, columns)
    return float((values[:, 0] - values[:, 1:].sum(axis=1)).mean())


def check_object(plain: Plain, known: set[str], wanted: set[str], where: str) -> None:
    """Raise InvalidValueError unless ``plain`` is an object of known fields that has all that are wanted."""
    if not isinstance(plain, dict):
        raise InvalidValueError(f"{where} must be an object, not {plain!r}.")
    for name in plain:
        if name not in known:
            raise UnknownKeyError(f"field of {where[:1].lower()}{where[1:]}", name, sorted(known))
    for name in sorted(wanted - plain.keys()):
        raise InvalidValueError(f"{where} has no {name!r}.")


_CLAIM = {"says", "quantity", "minus", "lane", "compared_with", "over", "at_least", "at_most"}


def claim_from_plain(plain: Plain, n_lanes: int, steps: int, where: str) -> Claim:
    """Make a claim of a JSON object; raise InvalidValueError that says what is wrong ``where``."""
    check_object(plain, _CLAIM, {"says", "quantity"}, f"{where}: a claim")
    quantity = str(plain["quantity"])
    known = [*COLUMNS, *METRICS, *AT_END, LAST_STEP, DIVERGED_AT]
    if quantity not in known:
        raise UnknownKeyError("quantity", quantity, known)
    minus = plain.get("minus")
    if minus is not None and not {quantity, minus} <= set(COLUMNS):
        raise InvalidValueError(
            f"{where}: 'minus' takes one column from another, not {minus} from {quantity}."
        )
    lanes = {name: plain.get(name) for name in ("lane", "compared_with")}
    lanes["lane"] = lanes["lane"] or 0
    for name, lane in lanes.items():
        if lane is not None and not 0 <= lane < n_lanes:
            raise InvalidValueError(f"{where}: {name} must be from 0 to {n_lanes - 1}, not {lane}.")
    over = int(plain.get("over", 1))
    if not 1 <= over <= steps:
        raise InvalidValueError(f"{where}: over must be from 1 to {steps}, not {over}.")
    low, high = float(plain.get("at_least", -math.inf)), float(plain.get("at_most", math.inf))
    if math.isinf(low) and math.isinf(high):
        raise InvalidValueError(f"{where}: a claim needs 'at_least' or 'at_most'.")
    found: dict[str, Any] = lanes
    return Claim(str(plain["says"]), quantity, minus, over=over, low=low, high=high, **found)

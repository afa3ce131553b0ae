"""The state of the game in words."""

from __future__ import annotations

import math

from ganviz.session.happening import OF_LAST_BATCH
from ganviz.session.state import RunState
from ganviz.spec.words import grouped
from ganviz.training.config import RunConfig
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.probes.metrics import Metrics

WORDS = {
    RunState.PAUSED: "Paused",
    RunState.RUNNING: "Running",
    RunState.DIVERGED: "Diverged",
    RunState.FAILED: "Failed",
    RunState.FINISHED: "Finished",
}


def steps_words(number: int) -> str:
    """Return a number of steps, one of them in the singular."""
    return f"{grouped(number)} step{'' if number == 1 else 's'}"


def missing_words(n: int, view: str) -> str:
    """Return what is said of ``n`` things that a view has no room for: "2 more need a wider view"."""
    return f"{n} more {'needs' if n == 1 else 'need'} a {view} view"


def quality_words(metrics: Metrics | None, lane: int, step: int) -> str:
    """Return modes and quality, where the data have modes, with the step that they are of unless that is ``step``."""
    if metrics is None or not metrics.n_modes or lane >= len(metrics.modes_hit):
        return ""
    hit, quality = metrics.modes_hit[lane], 100 * metrics.quality_fraction[lane]
    words = f"{hit:.0f} of {metrics.n_modes} modes · quality {quality:.0f} %"
    return words if metrics.step in (step, -1) else f"{words} (at step {grouped(metrics.step)})"


def without_d(config: RunConfig, lane: int | None) -> str:
    """Return why there is nothing of D in a lane, or in all of them for None; nothing where it plays."""
    lanes = config.lanes if lane is None else config.lanes[lane : lane + 1]
    is_idle = not any(one.has_discriminator for one in lanes)
    return f"{lanes[0].formulation.loss.called} trains G without a discriminator" if is_idle else ""


def balance_words(config: RunConfig, trace: LossTrace, lane: int) -> str:
    """Return who is ahead, from the means of the scores of D's last update, which it says."""

    def now(column: str) -> float:
        return float(trace.latest[lane, trace.column(column)])

    if not math.isfinite(now("fake_mean")):
        return ""
    if config.lanes[lane].formulation.loss.score_kind != "logit":
        pair = now("real_mean"), now("fake_mean")
        digits = digits_apart(*pair)
        gap, real, fake = (_number(value, digits) for value in (pair[0] - pair[1], *pair))
        return f"gap {gap}: mean score {real} on real, {fake} on generated, {OF_LAST_BATCH}"
    d_real, d_fake = now("real_probability"), now("fake_probability")
    means = f"D(x) ≈ {d_real:.2f}, D(G(z)) ≈ {d_fake:.2f} {OF_LAST_BATCH}"
    if d_real - d_fake > 0.1:
        return f"the discriminator is ahead: {means}"
    if d_fake - d_real > 0.05:
        return f"the generator is ahead: {means}"
    return f"the two are level: {means}"


def digits_apart(one: float, other: float) -> int:
    """Return how many decimals show two figures of what two numbers differ by: 2 to 6."""
    gap = abs(one - other)
    return max(2, 1 - math.floor(math.log10(gap))) if 1e-5 <= gap < math.inf else 2


def score_digits(one: float, other: float, *, is_probability: bool) -> int:
    """Return with how many decimals two mean scores are told apart, and from zero: 2 to 6."""
    alone = 2 if is_probability else max(map(mean_digits, (one, other)))
    return max(alone, digits_apart(one, other))


def mean_digits(mean: float) -> int:
    """Return with how many decimals a mean score is told from zero: 2, or 4 for a small one."""
    return 4 if 0 < abs(mean) < 0.1 else 2


def _number(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")

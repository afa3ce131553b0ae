"""What is happening to a lane, in a sentence: rules over measured figures, with thresholds; silent where none holds.

The rules are tried in their order, and the first that holds speaks: what makes all else meaningless comes first.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ganviz.losses.penalties.one_centered import AbstractOneCentered
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.probes.loss_shape import LossShape
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.probes.metrics import Metrics
from ganviz.training.probes.samples import Samples
from ganviz.training.snapshot import LaneStatus

OUTSIDE = 0.9
"""All is called outside the plane from this share of the samples on."""
DOMINATES = 0.8
"""A penalty dominates from this share of what L_D is made of on, parts counted by size."""
FEW = 0.5
"""Modes are called lost up to this share of them, where those that are hit are hit well."""
GOOD, HARDLY = 0.5, 0.05
"""Shares of high quality above which samples lie on modes, and below which they are a cloud."""
RECENT = 0.5
"""Of modes nothing is said that was measured before this share of the steps."""
LEVEL = 0.1
"""Losses sit at equilibrium within this distance, as a share of L_D's value there."""
REJECTED, SURE = 0.1, 0.8
"""D is far ahead where D(G(z)) is below the first and D(x) above the second, in the mean."""
GONE = 0.1
"""The generator's slope is gone below this, in the mean of the quantiles of its scores."""
AHEAD_BY = 0.15
"""The running average is far better than G itself where its share of high quality is larger by this."""
SUNK_BY, SUNK_TO, LOST = 0.25, 2 / 3, 0.25
"""Samples have become worse where their share of high quality is lower by the first than the best one since the last
switch and at most the second of it, or where this share of the modes is hit no more."""
OF_LAST_BATCH = "in D's last batch"
"""Which scores the sentences are of: those of fixed samples, which views show in evaluation mode, may differ."""
OFF = 0.3
"""A critic is no distance where its slope is this far from 1, by root mean square."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that rules may know of a lane; readings are None where nobody has measured."""

    config: RunConfig
    lane: int
    status: LaneStatus
    trace: LossTrace | None
    metrics: Metrics | None
    samples: Samples | None
    shape: LossShape | None = None

    def now(self, column: str) -> float:
        """Return the newest value of a scalar, also where D was moved by hand since; NaN where there is none."""
        trace = self.trace
        if trace is None or self.lane >= len(trace.latest) or column not in trace.columns:
            return math.nan
        return float(trace.latest[self.lane, trace.column(column)])

    def last(self, column: str) -> float:
        """Return the last finite value of a scalar's curve, a mean of the steps of its bucket; NaN where none is."""
        trace = self.trace
        if trace is None or self.lane >= len(trace.mean) or column not in trace.columns:
            return math.nan
        values = trace.mean[self.lane, trace.column(column)]
        known = np.flatnonzero(np.isfinite(values))
        return float(values[known[-1]]) if known.size else math.nan

    @property
    def modes(self) -> tuple[float, int, float] | None:
        """Return modes hit, modes there are, and the share of high quality; None also where that was long ago."""
        m, now = self.metrics, -1 if self.trace is None else self.trace.step
        if m is None or not m.n_modes or self.lane >= len(m.modes_hit) or math.isnan(m.modes_hit[self.lane]):
            return None
        if 0 <= m.step < RECENT * now:
            return None
        return float(m.modes_hit[self.lane]), m.n_modes, float(m.quality_fraction[self.lane])

    @property
    def best(self) -> tuple[int, float, float] | None:
        """Return the step of the highest quality since the last switch, the modes hit there and that quality."""
        m = self.metrics
        if m is None or m.best_steps is None or m.best_modes is None or m.best_quality is None:
            return None
        if self.lane >= len(m.best_steps) or math.isnan(m.best_steps[self.lane]):
            return None
        return int(m.best_steps[self.lane]), float(m.best_modes[self.lane]), float(m.best_quality[self.lane])

    @property
    def live(self) -> tuple[float, float] | None:
        """Return modes hit and the share of high quality of G itself, where a running average is shown instead."""
        m = self.metrics
        if (
            m is None
            or m.live_modes_hit is None
            or m.live_quality is None
            or self.lane >= len(m.live_quality)
        ):
            return None
        found = float(m.live_modes_hit[self.lane]), float(m.live_quality[self.lane])
        return None if math.isnan(found[1]) else found

    @property
    def measured_slope(self) -> float | None:
        """Return the mean |slope| of L_G on the last batch; None where nobody has measured it at this step."""
        trace, shape = self.trace, self.shape
        if trace is None or shape is None or trace.ahead is not None or shape.step != trace.step:
            return None
        return float(shape.mean_slope[self.lane]) if self.lane < len(shape.mean_slope) else None

    @property
    def mean_slope(self) -> float:
        """Return the mean |slope| of L_G on the batch, as Loss shape measures it, or where nobody does at quantiles.

        These are 10, 50 and 90 % of the generated scores; NaN where L_G sees real ones too.
        """
        if (measured := self.measured_slope) is not None:
            return measured
        loss = self.config.lanes[self.lane].formulation.loss
        at = np.array([self.now(name) for name in ("fake_q10", "fake_q50", "fake_q90")])
        if loss.generator_sees_real or not np.isfinite(at).all():
            return math.nan
        step = 1e-4
        slopes = (np.asarray(loss.g_shape(at + step)) - np.asarray(loss.g_shape(at - step))) / (2 * step)
        return float(np.abs(slopes).mean())


def happening(facts: Facts) -> str:
    """Return the sentence of the first rule that holds; nothing where none does."""
    rule = speaking(facts)
    return "" if rule is None else rule(facts)


def speaking(facts: Facts) -> Callable[[Facts], str] | None:
    """Return the first rule that holds; None where none does."""
    return next((rule for rule in RULES if rule(facts)), None)


def diverged(facts: Facts) -> str:
    """Say that the lane has stopped."""
    if facts.status.diverged_at is None:
        return ""
    return f"{facts.status.sentence}; a smaller learning rate often helps"


def at_rest(facts: Facts) -> str:
    """Say which player does not move because its learning rate is 0: what is said of it else would sound like play."""
    lane = facts.config.lanes[facts.lane]
    rests = ["G"] if lane.generator_optimizer.learning_rate == 0 else []
    if lane.has_discriminator and lane.discriminator_optimizer.learning_rate == 0:
        rests.append("D")
    if not rests:
        return ""
    if len(rests) == 2:
        return "neither G nor D moves: their learning rates are 0"
    return f"{rests[0]} does not move: its learning rate is 0"


def outside(facts: Facts) -> str:
    """Say that the samples have left the plane."""
    samples, data = facts.samples, facts.config.distribution
    if samples is None or data.kind.name != "plane" or facts.lane >= len(samples.generated):
        return ""
    extent, (x, y) = data.extent, samples.generated[facts.lane].T
    inside = (x >= extent.x_min) & (x <= extent.x_max) & (y >= extent.y_min) & (y <= extent.y_max)
    if inside.mean() > 1 - OUTSIDE:
        return ""
    return f"{100 * (1 - inside.mean()):.0f} % of the samples lie outside the plane"


def penalty_dominates(facts: Facts) -> str:
    """Say that D minimizes little but its penalty."""
    penalty, d_loss = facts.now("penalty"), facts.now("d_loss")
    parts = [facts.now("d_loss_real"), facts.now("d_loss_fake")]
    if not all(map(math.isfinite, parts)):
        parts = [d_loss - penalty]
    size = abs(penalty) + sum(map(abs, parts))
    if not math.isfinite(size) or penalty <= DOMINATES * size or penalty <= 0:
        return ""
    return f"the penalty is {100 * penalty / size:.0f} % of what D minimizes: D hardly learns to tell samples apart"


def starved_critic(facts: Facts) -> str:
    """Say that a Wasserstein critic has fewer updates than it needs, where modes are missed."""
    is_critic = facts.config.lanes[facts.lane].formulation.loss.key == "wasserstein"
    if not is_critic or facts.config.training.d_steps > 1 or facts.modes is None:
        return ""
    hit, n, _ = facts.modes
    return "modes are missed: the critic has 1 update a step, its papers give it 5" if hit <= FEW * n else ""


def collapsed(facts: Facts) -> str:
    """Say that modes are lost while those that are hit are hit well."""
    if facts.modes is None:
        return ""
    hit, n, quality = facts.modes
    if n < 2 or quality < GOOD or hit > FEW * n:
        return ""
    return f"collapse: {hit:.0f} of {n} modes{_yet_level(facts)}"


def cloud(facts: Facts) -> str:
    """Say that the samples lie between the modes."""
    if facts.modes is None or facts.modes[2] >= HARDLY:
        return ""
    return f"a cloud that misses the modes{_yet_level(facts)}: quality {100 * facts.modes[2]:.0f} %"


def _yet_level(facts: Facts) -> str:
    """Return what a sentence on bad samples goes on with where L_D alone would not tell them from perfect ones."""
    end = facts.config.lanes[facts.lane].formulation.equilibrium().d_loss
    d_loss = facts.now("d_loss") - facts.now("penalty")
    is_level = end is not None and abs(d_loss - end) < LEVEL * max(abs(end), 1.0)
    return ", while the losses sit at equilibrium" if is_level else ""


def far_ahead(facts: Facts, of: str = f" {OF_LAST_BATCH}") -> str:
    """Say that D tells samples apart, ``of`` which scores, what is left of G's slope, and what its optimizer does."""
    lane = facts.config.lanes[facts.lane]
    real, fake = facts.now("real_probability"), facts.now("fake_probability")
    if lane.formulation.loss.score_kind != "logit" or not (fake < REJECTED and real > SURE):
        return ""
    slope = facts.mean_slope
    words = f"D is far ahead: D(G(z)) {f'≈ {fake:.2f}' if fake >= 0.01 else '< 0.01'}{of}"
    if not math.isfinite(slope):
        return words
    if slope >= GONE:
        return f"{words}, yet G's slope is {slope:.2f}"
    optimizer = lane.generator_optimizer
    answer = (
        f"{optimizer.title} hides it: its steps do not shrink with the gradient"
        if optimizer.is_normalized
        else "G hardly moves"
    )
    left = f"{slope:.2g}" if slope >= 1e-3 else "< 0.001"
    return f"{words}, G's slope is gone ({left}); {answer}"


def got_worse(facts: Facts) -> str:
    """Say that samples were better before, and when: no loss needs to show it."""
    if facts.modes is None or facts.best is None:
        return ""
    (hit, n, quality), (step, best_hit, best_quality) = facts.modes, facts.best
    has_sunk = best_quality - quality >= SUNK_BY and quality <= SUNK_TO * best_quality
    if not has_sunk and best_hit - hit < max(LOST * n, 1.0):
        return ""
    now = f"quality {100 * quality:.0f} %" + (f", {hit:.0f} of {n} modes" if hit < best_hit else "")
    then = f"{100 * best_quality:.0f} %" + (f" and {best_hit:.0f} modes" if hit < best_hit else "")
    return f"samples have become worse: {now}; {then} at step {step:,}"


def average_ahead(facts: Facts) -> str:
    """Say that what is shown, the running average, is far better than what is trained."""
    if facts.modes is None or facts.live is None:
        return ""
    (hit, n, quality), (live_hit, live_quality) = facts.modes, facts.live
    if quality < live_quality or (quality - live_quality < AHEAD_BY and hit - live_hit < n / 4):
        return ""
    return (
        f"the running average is far better than G itself: {hit:.0f} of {n} modes, quality {100 * quality:.0f} %, "
        f"against {live_hit:.0f} and {100 * live_quality:.0f} %"
    )


def steep_critic(facts: Facts) -> str:
    """Say that a critic's value is no distance."""
    formulation = facts.config.lanes[facts.lane].formulation
    if formulation.loss.key != "wasserstein":
        return ""
    for penalty in formulation.penalties:
        weight = getattr(penalty, "weight", 0.0)
        value = facts.now(f"penalty_{penalty.key}")
        if isinstance(penalty, AbstractOneCentered) and weight > 0 and value >= 0:
            off = math.sqrt(value / weight)
            if off > OFF:
                return f"the critic's slope is off 1 by {off:.2f} (rms): −L_D is no distance"
    return ""


def no_game(facts: Facts) -> str:
    """Say what a lane without a discriminator does: its loss is the distance itself."""
    loss, value = facts.config.lanes[facts.lane].formulation.loss, facts.now("g_loss")
    if loss.has_discriminator or not math.isfinite(value):
        return ""
    made = f"{value:.4f}".replace("-", "−")
    return f"no game: G alone makes the {loss.divergence} smaller, {made} for this batch"


RULES: tuple[Callable[[Facts], str], ...] = (
    diverged, at_rest, outside, penalty_dominates, starved_critic, collapsed, far_ahead, cloud, got_worse,
    average_ahead, steep_critic, no_game,
)  # fmt: skip

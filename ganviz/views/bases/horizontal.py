"""What steps are laid along: their numbers, or updates of D or of G, samples seen or seconds at each of them."""

from __future__ import annotations

from dataclasses import field, replace

import numpy as np

from ganviz.spec.frozen import dataclass
from ganviz.spec.words import grouped
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.views.plot.looks import Look, Range
from ganviz.views.plot.plotting import number
from ganviz.views.plot.scales import LINEAR, Array, Floats, Scale, linear_ticks, tick_text


@dataclass(frozen=True, slots=True)
class Horizontal:
    """A quantity for the horizontal axis: ``key`` is its column, ``title`` names it in menus, ``label`` at the axis.

    ``digits`` are those behind the point in read-outs.
    """

    key: str
    title: str
    label: str
    tip: str
    digits: int = 0


STEP = Horizontal("step", "Steps", "step", "Lays curves along steps, each of both players.")
HORIZONTALS = (
    STEP,
    Horizontal("d_updates", "D updates", "D updates", "Lays curves along updates of the discriminator."),
    Horizontal("g_updates", "G updates", "G updates", "Lays curves along updates of the generator."),
    Horizontal("samples_seen", "Samples seen", "samples", "Lays curves along real samples that D was trained on."),
    Horizontal("seconds", "Seconds", "seconds", "Lays curves along the seconds of training.", 1),
)  # fmt: skip


def horizontal(key: str) -> Horizontal:
    """Return the quantity of this key; steps where there is none."""
    return next((one for one in HORIZONTALS if one.key == key), STEP)


@dataclass(frozen=True, slots=True, eq=False)
class StepScale(Scale):
    """Lays steps along a quantity that grows with them: exact at the ends of the trace's buckets, straight between.

    Before the first and beyond the last step it goes on as it does in the mean.
    """

    steps: Floats = field(default_factory=lambda: np.array([0.0, 1.0]))
    at: Floats = field(default_factory=lambda: np.array([0.0, 1.0]))

    @property
    def _rate(self) -> float:
        return float((self.at[-1] - self.at[0]) / (self.steps[-1] - self.steps[0]))

    def forward(self, values: Array) -> Floats:
        """Return the quantity at steps."""
        steps = np.asarray(values, dtype=np.float64)
        outside = steps - np.clip(steps, self.steps[0], self.steps[-1])
        return np.interp(steps, self.steps, self.at) + outside * self._rate

    def steps_at(self, positions: Floats) -> Floats:
        """Return the steps at values of the quantity."""
        outside = positions - np.clip(positions, self.at[0], self.at[-1])
        return np.interp(positions, self.at, self.steps) + outside / self._rate

    def backward(self, position: float) -> float:
        """Return the step at a value of the quantity."""
        return float(self.steps_at(np.array([position]))[0])

    def ticks(self, low: float, high: float, n: int) -> list[float]:
        """Return the steps of about ``n`` round values of the quantity."""
        a, b = self.forward(np.array([low, high])).tolist()
        return [self.backward(tick) for tick in linear_ticks(a, b, n)]

    def text(self, tick: float) -> str:
        """Return the quantity at a step."""
        return tick_text(float(np.round(self.forward(np.array([tick]))[0], 6)))


@dataclass(frozen=True, slots=True)
class Along:
    """The quantity that was chosen, and how the steps of a run lie along it; it is steps where that is not known."""

    chosen: Horizontal = STEP
    scale: Scale = LINEAR
    steps: Horizontal = STEP
    """What steps are called: those of another program's log may be epochs."""

    @classmethod
    def of(cls, chosen: Horizontal, trace: LossTrace | None, steps: Horizontal = STEP) -> Along:
        """Return how the steps of a trace of the whole run lie along a quantity."""
        return cls(chosen, step_scale(chosen, trace) or LINEAR, steps)

    @property
    def shown(self) -> Horizontal:
        """Return what the axis shows."""
        return self.chosen if isinstance(self.scale, StepScale) else self.steps

    def steps_at(self, positions: Floats) -> Floats:
        """Return the steps at places along the axis."""
        return self.scale.steps_at(positions) if isinstance(self.scale, StepScale) else positions

    def position(self, step: float) -> float:
        """Return where a step lies along the axis."""
        return float(self.scale.forward(np.array([step]))[0])

    def in_steps(self, look: Look) -> Look:
        """Return a look along the axis as a look at steps."""
        if look.x is None:
            return look
        return replace(look, x=(self.scale.backward(look.x[0]), self.scale.backward(look.x[1])))

    def moved(self, x: Range | None, other: Along) -> Range | None:
        """Return the same steps along another axis."""
        if x is None:
            return None
        low, high = (other.position(self.scale.backward(end)) for end in x)
        return (low, high)

    def place(self, step: int) -> str:
        """Return what a step is called, with the quantity where it is another one: "step 1 565 · 3 130 D updates"."""
        return " · ".join(filter(None, (f"{self.steps.label} {grouped(step)}", self.words(step))))

    def words(self, step: float) -> str:
        """Return the quantity at a step in words, as in "1 565 D updates"; nothing where steps are shown."""
        return self._words(self.position(step), "")

    def difference_words(self, step: float, other: float) -> str:
        """Return how far two steps are apart, as in "Δ +200 D updates"; nothing where steps are shown."""
        return self._words(self.position(other) - self.position(step), "Δ ")

    def _words(self, value: float, before: str) -> str:
        if self.shown is self.steps:
            return ""
        sign = "+" if before and value > 0 else ""
        text = number(value, self.shown.digits) if self.shown.digits else grouped(round(value))
        return f"{before}{sign}{text} {self.shown.label}"


def step_scale(chosen: Horizontal, trace: LossTrace | None) -> StepScale | None:
    """Return how a trace's steps lie along a quantity; None for steps, and where it is not known of all of them."""
    if chosen is STEP or trace is None or chosen.key not in trace.columns or not len(trace.first):
        return None
    column = trace.column(chosen.key)
    low, high = np.fmin.reduce(trace.low[:, column]), np.fmax.reduce(trace.high[:, column])
    # Alike in all lanes, and growing: the smallest value in a bucket is that of its first step.
    ends = np.stack([trace.first, trace.last], axis=1).ravel().astype(np.float64)
    at = np.stack([low, high], axis=1).ravel()
    steps, at = np.concatenate(([0.0], ends)), np.concatenate(([0.0], at))
    if not np.isfinite(at).all() or at[-1] <= 0.0:
        return None
    steps, first = np.unique(steps, return_index=True)
    return StepScale(chosen.key, chosen.title, steps, at[first])

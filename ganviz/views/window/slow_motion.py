"""One step in slow motion: each phase in words and numbers, with the views that show it framed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from ganviz.session.commands import HalfStep, Pause, Step
from ganviz.session.events import ConfigChanged, StateChanged
from ganviz.session.state import RunState
from ganviz.spec.frozen import dataclass
from ganviz.spec.words import grouped
from ganviz.training.probes.base import AbstractProbe
from ganviz.training.probes.ledger import Ledger, LedgerProbe
from ganviz.training.probes.score_histogram import ScoreHistogram, ScoreHistogramProbe
from ganviz.training.rules import Alternating
from ganviz.training.snapshot import Snapshot
from ganviz.views.controls.banner import StatusBanner
from ganviz.views.plot.plotting import number
from ganviz.views.window.docks import ViewDocks
from ganviz.views.window.view_light import ViewLight

PHASE_MS = 5000
"""How long a phase stands unless somebody goes on."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known of the first lane at one snapshot: mean outputs on fixed samples, and the last batch's losses.

    ``lane`` names it where there are others; ``rule`` is the run's where it is not D and G in turn; ``d_steps`` and
    ``g_steps`` are both players' updates in a step; ``is_fresh`` is whether G's update draws latents of its own.
    """

    lane: str
    rule: str
    batch: int
    d_steps: int
    g_steps: int
    is_fresh: bool
    has_penalties: bool
    step: int
    is_probability: bool
    on_real: float
    on_generated: float
    real_part: float
    fake_part: float
    g_loss: float

    @classmethod
    def of(cls, snapshot: Snapshot) -> Moment | None:
        """Return what a snapshot says; None where it says too little."""
        outputs, ledger = snapshot.get(ScoreHistogram, ScoreHistogramProbe()), snapshot.get(Ledger)
        if outputs is None or ledger is None:
            return None
        real_part, fake_part = ledger.parts[0].tolist()
        config, training = snapshot.config, snapshot.config.training
        return cls(
            config.shown_title(0) if len(config.lanes) * training.seeds > 1 else "",
            "" if isinstance(training.rule, Alternating) else training.rule.title,
            training.batch_size, training.d_steps, training.g_steps, training.fresh_latents,
            bool(config.lanes[0].formulation.penalties), snapshot.stamp.step,
            bool(outputs.is_probability[0]),
            float(outputs.real_mean[0]), float(outputs.generated_mean[0]),
            real_part, fake_part, float(ledger.g_trained[0]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phase:
    """A piece of a step: what is said of the moments before and after it, what it does, which views show it.

    ``noted`` is written on the curves of a loss of which they do not have this step yet.
    """

    says: Callable[[Moment, Moment], str]
    views: tuple[str, ...]
    move: HalfStep | None = None
    noted: Callable[[Moment], str] | None = None


def _draw(before: Moment, now: Moment) -> str:
    rule = f" This run's rule is {now.rule}; here D and G move in turn." if now.rule else ""
    return f"Draw. {now.batch} real samples x and {now.batch} latents z.{rule}"


def _generate(before: Moment, now: Moment) -> str:
    return (
        f"Generate. G makes {now.batch} samples G(z) of them; the view shows what it makes of fixed latents."
    )


def _judge_both(before: Moment, now: Moment) -> str:
    real, generated = _outputs(now)
    means = f"{real} is {number(now.on_real)} on average, {generated} {number(now.on_generated)}"
    return f"Judge both. On the fixed samples that the views show, {means}."


def _d_loss(before: Moment, now: Moment) -> str:
    parts = (
        ""
        if np.isnan(now.fake_part)
        else f"{number(now.real_part)} (real) + {number(now.fake_part)} (fake) = "
    )
    penalties = ", and what its penalties add" if now.has_penalties else ""
    curves = f"Curves have whole steps alone, up to {grouped(now.step)}."
    costs = f"L_D = {parts}{number(_total(now))}{penalties}"
    return f"D's loss. What D said of this batch costs it {costs}. {curves}"


def _total(now: Moment) -> float:
    return now.real_part + (0.0 if np.isnan(now.fake_part) else now.fake_part)


def _d_loss_noted(now: Moment) -> str:
    penalties = ", without its penalties" if now.has_penalties else ""
    return f"This batch: L_D = {number(_total(now))}{penalties}"


def _d_moves(before: Moment, now: Moment) -> str:
    real, generated = _outputs(now)
    return (
        f"D moves down its loss; G stands still. On the fixed samples {real} went "
        f"{_went(before.on_real, now.on_real)}, {generated} {_went(before.on_generated, now.on_generated)}."
    )


def _generate_again(before: Moment, now: Moment) -> str:
    drawn = f"{now.batch} latents are drawn anew" if now.is_fresh else "The same latents are used again"
    return f"Generate, for G's turn. {drawn}, and the same G makes samples of them."


def _judge_again(before: Moment, now: Moment) -> str:
    generated = "D(G(z))" if now.is_probability else "the score of generated samples"
    return (
        f"Judge them with the D that has moved. On the fixed samples {generated} is {number(now.on_generated)} on "
        "average."
    )


def _g_loss(before: Moment, now: Moment) -> str:
    whole = f"With it, curves and ledger have the whole of step {grouped(now.step)}."
    return f"G's loss. What D said of G's samples costs it L_G = {number(now.g_loss)}. {whole}"


def _g_moves(before: Moment, now: Moment) -> str:
    generated = "D(G(z))" if now.is_probability else "the score of generated samples"
    others = f" A step of this run has {now.g_steps} such moves." if now.g_steps > 1 else ""
    return (
        f"G moves down its loss; D stands still. On the fixed samples {generated} went "
        f"{_went(before.on_generated, now.on_generated)}.{others} That was step {grouped(now.step)}; the run is paused."
    )


def _outputs(now: Moment) -> tuple[str, str]:
    """Return what the discriminator's output on real and on generated samples is called."""
    return (
        ("D(x)", "D(G(z))") if now.is_probability else ("the score of real samples", "that of generated ones")
    )


def _went(before: float, now: float) -> str:
    return f"{number(before)} → {number(now)}"


SAMPLES = ("plane", "line", "digits")
CURVES = "losses"
LOSSES = (CURVES, "ledger", "formula")
PHASES = (
    Phase(_draw, SAMPLES),
    Phase(_generate, SAMPLES),
    Phase(_judge_both, (*SAMPLES, "score_histogram")),
    # A loss is known once the half step that it leads to has been made: the first of its two phases makes it.
    Phase(_d_loss, LOSSES, HalfStep.DISCRIMINATOR, _d_loss_noted),
    Phase(_d_moves, (*SAMPLES, "score_histogram")),
    Phase(_generate_again, SAMPLES),
    Phase(_judge_again, (*SAMPLES, "score_histogram")),
    Phase(_g_loss, (*LOSSES, "loss_shape"), HalfStep.GENERATOR),
    Phase(_g_moves, (*SAMPLES, "loss_shape")),
)
D_TURN = 3, 4
"""The places of D's loss and D's move, told as often as D moves in a step."""


class SlowMotion(QObject):
    """Plays one step phase by phase, and stops when somebody lets the run go on; GUI thread only."""

    command_requested = Signal(object)
    needs_changed = Signal()

    def __init__(self, banner: StatusBanner, docks: ViewDocks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._banner, self._docks = banner, docks
        self._at: int | None = None
        self._turn, self._waits, self._said = 1, False, ""
        self._before: Moment | None = None
        self._now: Moment | None = None
        self._lights: list[ViewLight] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.go_on)

    def needs(self) -> tuple[AbstractProbe, ...]:
        """Return what the next look should measure."""
        return () if self._at is None else (ScoreHistogramProbe(), LedgerProbe())

    def begin(self) -> None:
        """Pause, and show the first phase once there are numbers."""
        self._at, self._turn, self._waits, self._before, self._now = 0, 1, True, None, None
        self.command_requested.emit(Pause())
        self.needs_changed.emit()

    def stop(self) -> None:
        """Show no phase any more."""
        self._at = None
        self._timer.stop()
        self._put_out()
        self.needs_changed.emit()

    def _end(self) -> None:
        """Stop, and take the words away, but not those of a preset or an experiment that has begun since."""
        if self._at is None:
            return
        self.stop()
        self._banner.take_away(self._said)

    def read(self, event: object) -> None:
        """Stop when the run goes on, or another has taken its place."""
        match event:
            case StateChanged(RunState.RUNNING) | ConfigChanged(restarted=True):
                self._end()

    def show(self, snapshot: Snapshot) -> None:
        """Take the numbers of a moment, and say the phase that waits for them."""
        moment = None if self._at is None else Moment.of(snapshot)
        if moment is None or not self._waits or moment == self._now:
            return
        self._before, self._now, self._waits = self._now or moment, moment, False
        self._say()

    def go_on(self) -> None:
        """Go to the next phase, of D's phases back to the first until D has had all its turns.

        It is said at once, or after its move has been made; while numbers of a phase are waited for, not yet.
        """
        if self._at is None or self._waits:
            return
        if self._at + 1 == len(PHASES):
            self._end()
            return
        if self._at == D_TURN[-1] and self._now is not None and self._turn < self._now.d_steps:
            self._at, self._turn = D_TURN[0] - 1, self._turn + 1
        self._at += 1
        move = PHASES[self._at].move
        if move is None:
            self._say()
        else:
            self._waits = True
            self.command_requested.emit(Step(move))

    def _say(self) -> None:
        assert self._at is not None
        assert self._before is not None
        assert self._now is not None
        phase, is_last = PHASES[self._at], self._at + 1 == len(PHASES)
        lane = f", lane “{self._now.lane}”" if self._now.lane else ""
        has_turns = self._at in D_TURN and self._now.d_steps > 1
        turn = f", D's turn {self._turn} of {self._now.d_steps}" if has_turns else ""
        self._said = f"{self._at + 1} of {len(PHASES)}{lane}{turn}. {phase.says(self._before, self._now)}"
        self._banner.say(self._said, action="Done" if is_last else "Go on", does=self.go_on)
        self._put_out()
        noted = "" if phase.noted is None else phase.noted(self._now)
        views = {key: self._docks.views.get(key) for key in phase.views}
        self._lights = [
            ViewLight(view, noted if key == CURVES else "")
            for key, view in views.items()
            if view is not None and view.isVisible()
        ]
        self._timer.start(PHASE_MS)

    def _put_out(self) -> None:
        for light in self._lights:
            light.deleteLater()
        self._lights = []

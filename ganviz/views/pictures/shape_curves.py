"""What the loss shape draws: curves over the score or over D(G(z)), who has them, and where the batch lies on them."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig
from ganviz.training.probes.loss_shape import GHOSTS, GONE, LossShape, LossShapeProbe
from ganviz.views.plot.looks import Range
from ganviz.views.plot.plotting import number
from ganviz.views.plot.scales import next_round, tick_step

Array = NDArray[np.floating[Any]]

WITHOUT_PROBABILITY = "Only the scores of cross-entropy losses are logits: others have no probability."
ON_PROBABILITY = (
    "Over D(G(z)) nothing saturates; over the score t, whose slope is D(1 − D) times as steep, it does."
)


MAIN_REACH = 6.0
"""How far the scores go that are of interest in any run, to either side."""
REACHES = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 1e4)
"""How far curves are asked for: the nearest one beyond the batch."""
OUTERMOST = 0.01
"""Of the batch, at either end: lies in the outermost bars where it is further out."""


def reach_of(places: Array, before: float) -> float:
    """Return how far a range goes that holds the batch, the same as before until that is too short or half empty."""
    known = places[np.isfinite(places)]
    far = float(np.abs(np.quantile(known, (OUTERMOST, 1 - OUTERMOST))).max()) if known.size else 0.0
    wanted = max(far, MAIN_REACH)
    return before if 0.5 * before < wanted <= before else min(REACHES[-1], next_round(wanted))


def probe_of(reach: float) -> LossShapeProbe:
    """Return what measures curves that go at least as far."""
    longest = next(one for one in REACHES if one >= reach)
    return LossShapeProbe(-longest, longest)


MARK_SHARE = 0.05
"""Of a plot's height: as much room a batch's mean has to the edge at least, for it is drawn as a symbol."""


@dataclass(frozen=True, slots=True)
class ShapeCurve:
    """A loss and its slope at ``x``, and the samples' places; a ghost is of no lane and has no batch.

    ``mean_size`` is the mean of the generator's |slopes| at its samples, along this axis.
    """

    name: str
    role: str
    lane: int
    x: Array
    loss: Array
    slope: Array
    places: Array
    end: float | None
    is_ghost: bool = False
    mean_size: float = math.nan

    @property
    def key(self) -> str:
        """Return what a legend knows it by."""
        return f"{self.role}:{self.lane}"

    @property
    def sets_range(self) -> bool:
        """Return whether heights go by it: one of the losses that were ticked may be of another size."""
        return not (self.is_ghost and self.lane)

    @property
    def mean(self) -> float:
        """Return where the batch lies in the mean; NaN without one."""
        known = self.places[np.isfinite(self.places)]
        return float(known.mean()) if known.size else np.nan

    def at(self, x: float) -> tuple[float, float]:
        """Return loss and slope at a place."""
        return float(np.interp(x, self.x, self.loss)), float(np.interp(x, self.x, self.slope))


def has_probability(config: RunConfig) -> bool:
    """Return whether every lane's scores are logits of single samples."""
    losses = [lane.formulation.loss for lane in config.lanes if lane.has_discriminator]
    return all(loss.score_kind == "logit" and not loss.generator_sees_real for loss in losses)


def shape_curves(
    config: RunConfig,
    shape: LossShape,
    *,
    of_d: bool,
    is_probability: bool,
    with_ghosts: bool,
    also: tuple[str, ...] = (),
) -> list[ShapeCurve]:
    """Return the curves of one player, ghosts first, among them the losses ``also``; none for lanes without D."""
    found = _ghosts(config, shape) if with_ghosts and not of_d and has_probability(config) else []
    if not of_d:
        found += _ticked(config, shape, also, [curve.loss for curve in found], is_probability)
    for lane, one in enumerate(config.lanes):
        if not one.has_discriminator:
            continue
        loss, title = one.formulation.loss, config.lane_title(lane)
        end = 0.0 if loss.generator_sees_real else loss.equilibrium().score
        if not of_d:
            curve = shape.g_loss[lane], shape.g_slope[lane], shape.places[lane]
            size = float(shape.mean_slope[lane])
            found.append(ShapeCurve(title, "g_loss", lane, shape.axis, *curve, end, mean_size=size))
            continue
        for part, role in enumerate(("real", "generated")):
            if np.isfinite(shape.d_loss[lane, part]).any():
                curve = shape.d_loss[lane, part], shape.d_slope[lane, part], shape.d_places[lane, part]
                found.append(ShapeCurve(title, role, lane, shape.axis, *curve, end))
    return [_over_probability(curve) for curve in found] if is_probability else found


def heights(curves: list[ShapeCurve], index: int, inner: tuple[float, float], *, is_split: bool) -> Range:
    """Return the range of a plot's values between two scores and at each batch's mean, which does not lie on the edge.

    The one plot of a low view has losses and slopes.
    """
    values: list[Array] = [np.zeros(1)]
    marks: list[Array] = [np.zeros(0)]
    for curve in (one for one in curves if one.sets_range):
        within = (curve.x >= inner[0]) & (curve.x <= inner[1])
        chosen = (curve.loss, curve.slope) if not is_split else ((curve.loss, curve.slope)[index],)
        values += [part[within] for part in chosen]
        if inner[0] < 0 and np.isfinite(curve.mean):  # over D(G(z)) losses have no end at 0 and 1
            marks.append(np.array(curve.at(curve.mean)[index : index + 1]))
    marked, known = np.concatenate(marks), np.concatenate(values + marks)
    known = known[np.isfinite(known)]
    low, high = float(known.min()), max(float(known.max()), float(known.min()) + 1e-3)
    step = tick_step(low, high, 6)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    near = MARK_SHARE * (high - low)
    return low - near * bool((marked < low + near).any()), high + near * bool((marked > high - near).any())


def _ghosts(config: RunConfig, shape: LossShape) -> list[ShapeCurve]:
    """Return the generator losses of the original paper that no lane trains."""
    none = np.empty(0)
    return [
        ShapeCurve(name, "g_loss", 0, shape.axis, loss, slope, none, None, is_ghost=True)
        for name, loss, slope in zip(GHOSTS, shape.ghost_loss, shape.ghost_slope, strict=True)
        if not any(np.array_equal(loss, own) for own in shape.g_loss)
    ]


def _ticked(
    config: RunConfig, shape: LossShape, keys: tuple[str, ...], known: list[Array], is_probability: bool
) -> list[ShapeCurve]:
    """Return other losses of the catalog over the same axis, without those that are functions of something else."""
    leads = {one.formulation.loss.generator_sees_real for one in config.lanes if one.has_discriminator}
    x, step = shape.axis.astype(np.float64), 1e-4
    found: list[ShapeCurve] = []
    for key in keys:
        loss = ADVERSARIAL_LOSSES[key]()
        values = np.asarray(loss.g_shape(x))
        is_drawn = any(np.allclose(values, one, atol=1e-5) for one in (*known, *shape.g_loss))
        is_other = leads != {loss.generator_sees_real} or (is_probability and loss.score_kind != "logit")
        if is_other or is_drawn:
            continue
        slope = (np.asarray(loss.g_shape(x + step)) - np.asarray(loss.g_shape(x - step))) / (2 * step)
        place = (loss.title, "g_loss", len(found) + 1, shape.axis, values, slope)
        found.append(ShapeCurve(*place, np.empty(0), None, is_ghost=True))
    return found


def _over_probability(curve: ShapeCurve) -> ShapeCurve:
    """Return a curve over D = σ(t): dL/dD is dL/dt divided by D(1 - D)."""
    end = None if curve.end is None else float(probability(np.array(curve.end)))
    known = curve.places[np.isfinite(curve.places)]
    with np.errstate(divide="ignore", invalid="ignore"):  # beyond ±700, D is 0 or 1 to the last figure
        slope = curve.slope / _spread(curve.x)
        sizes = np.abs(np.interp(known, curve.x, curve.slope) / _spread(known))
    sizes = sizes[np.isfinite(sizes)]
    return dataclasses.replace(
        curve,
        x=probability(curve.x),
        slope=slope,
        places=probability(curve.places),
        end=end,
        mean_size=float(sizes.mean()) if sizes.size else math.nan,
    )


def _spread(t: Array) -> Array:
    """Return D(1 - D) = σ(t) σ(-t), which keeps its digits where D is 0 or 1 but for the last of them."""
    decay = np.exp(-np.abs(np.asarray(t, dtype=np.float64)))
    result: Array = decay / (1 + decay) ** 2
    return result


def probability(t: Array) -> Array:
    """Return σ(t)."""
    t = np.asarray(t, dtype=np.float64)
    result: Array = 0.5 + 0.5 * np.tanh(0.5 * t)
    return result


def axis_words(config: RunConfig) -> tuple[str, ...]:
    """Return what the axis is, in ever fewer words."""
    arguments = {
        lane.formulation.loss.g_argument: lane.formulation.loss.generator_sees_real
        for lane in config.lanes
        if lane.has_discriminator
    }
    if len(arguments) > 1:
        mixed = "score, or lead over real samples, of a generated one"
        return mixed, "score, or lead over real", "score or lead"
    ((argument, is_lead),) = arguments.items()
    if is_lead:
        return f"← behind      {argument}      ahead →", argument, "lead over real samples", "lead"
    kinds = {lane.formulation.loss.score_kind for lane in config.lanes if lane.has_discriminator}
    low, high = ("less real", "more real") if kinds == {"critic"} else ("rejected by D", "taken for real")
    return f"← {low}      {argument}      {high} →", argument, "score t"


def batch_words(
    shape: LossShape, curves: list[ShapeCurve], *, with_means: bool, is_brief: bool = False
) -> str:
    """Return which shares of lanes' batches have no slope left, and of one lane loss and slope at the batch's mean.

    ``with_means`` puts the mean sizes of the slopes before it, which a legend has no room for; ``is_brief`` is for
    views that have no room for sentences.
    """
    shares = [f"{100 * share:.0f} %" if np.isfinite(share) else "–" for share in shape.gone.tolist()]
    lie = "with" if is_brief else f"of the batch {'lies' if len(shares) == 1 else 'lie'} where"
    words = f"{', '.join(shares)} {lie} |slope| < {GONE:g}."
    if with_means:
        words = f"Mean |slope| {', '.join(map(number, shape.mean_slope.tolist()))}. {words}"
    own = [curve for curve in curves if not curve.is_ghost]
    if len(own) != 1 or not np.isfinite(own[0].mean):
        return words
    loss, slope = own[0].at(own[0].mean)
    at = "Mean" if is_brief else "At its mean,"
    return f"{words} {at} {number(own[0].mean, 2)}: loss {number(loss)}, slope {number(slope)}."

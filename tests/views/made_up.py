"""Snapshots that no engine made: readings of the shape and look of real ones, from NumPy and fixed seeds alone."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np

from ganviz.data.base import AbstractDistribution
from ganviz.data.gaussians import Grid, Ring
from ganviz.data.mnist import MNIST
from ganviz.data.scalars import TwoGaussians1D
from ganviz.losses.presets import named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.session.events import ConfigChanged, Keyframes
from ganviz.training.checkpoint_seal import MAGIC, VERSION
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.config import LaneConfig, Latents, RunConfig
from ganviz.training.floors import NO_LEVEL, Floors, Level
from ganviz.training.history import ChangeMark, History
from ganviz.training.probes.base import AbstractProbe, Reading
from ganviz.training.probes.bound import Bound, BoundProbe
from ganviz.training.probes.dirac import DiracPlays, DiracProbe, DiracSettings
from ganviz.training.probes.gradients import GradientArrows, GradientArrowsProbe
from ganviz.training.probes.image_grid import ImageGrid, ImageGridProbe
from ganviz.training.probes.latent_map import LatentMap, LatentMapProbe
from ganviz.training.probes.ledger import Ledger, LedgerProbe, is_cross_entropy
from ganviz.training.probes.line import LineGame, LineGameProbe
from ganviz.training.probes.loss_shape import LossShape, LossShapeProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.probes.metrics import Metrics, MetricsProbe
from ganviz.training.probes.metrics_trace import MetricsTrace, MetricsTraceProbe
from ganviz.training.probes.optimal_surface import OptimalSurface, OptimalSurfaceProbe
from ganviz.training.probes.samples import Samples, SamplesProbe
from ganviz.training.probes.score_histogram import ScoreHistogram, ScoreHistogramProbe
from ganviz.training.probes.shadow_gradients import SHADOWS, ShadowGradients, ShadowGradientsProbe
from ganviz.training.probes.shadow_trace import ShadowTrace, ShadowTraceProbe
from ganviz.training.probes.surface import Surface, SurfaceProbe
from ganviz.training.shadows import ShadowCurve
from ganviz.training.snapshot import LaneStatus, Snapshot, Stamp
from ganviz.views.window.main_window import MainWindow

MARKS = (
    ChangeMark(900, None, "saturating → non-saturating", True),
    ChangeMark(2600, 0, "learning rate of G 0.002 → 0.001", False),
)


def run_config(data: str = "ring", formulations: tuple[str, ...] = ("non_saturating",)) -> RunConfig:
    """Return a run on "ring", "grid", "digits" or "line" with one lane a formulation."""
    lanes = tuple(LaneConfig(named_formulation(key)) for key in formulations)
    if data == "digits":
        return RunConfig(lanes, MNIST(), DCGAN16(), Latents(size=64))
    if data == "line":
        return RunConfig(lanes, TwoGaussians1D(), MLP(), Latents(size=1, distribution="uniform"))
    return RunConfig(lanes, Grid() if data == "grid" else Ring(), MLP())


def snapshot(
    config: RunConfig, *, step: int = 4000, run: int = 1, leave_out: tuple[type[Reading], ...] = ()
) -> Snapshot:
    """Return a snapshot with every reading that has a meaning for the run."""
    rng = np.random.default_rng([step, len(config.lanes)])
    n = len(config.lanes)
    taken: list[tuple[AbstractProbe, Reading]] = [
        (LossTraceProbe(), trace(n, step, rng)),
        (LossShapeProbe(), loss_shape(n, rng)),
        (LedgerProbe(), ledger(config, rng)),
        (ShadowGradientsProbe(), shadow_gradients(n, rng)),
        (ShadowTraceProbe(), shadow_trace(n, step, rng)),
        (DiracProbe(), dirac(n)),
        (ScoreHistogramProbe(), histogram(config, rng)),
    ]
    if config.distribution.kind.name == "image":
        taken += [(ImageGridProbe(), images(config, rng)), (MetricsProbe(), metrics(n, 0, rng))]
    elif config.distribution.kind.name == "line":
        taken += [(LineGameProbe(), line_game(config, rng)), (BoundProbe(), bound(config, rng))]
        taken.append((MetricsProbe(), metrics(n, 2, rng)))
    else:
        taken += plane_readings(config, rng)
        modes = config.distribution.modes()
        taken.append((MetricsProbe(), metrics(n, 0 if modes is None else len(modes.centers), rng)))
    taken.append((MetricsTraceProbe(), metrics_over_time(taken[-1][1], step)))
    kept = tuple(pair for pair in taken if not isinstance(pair[1], leave_out))
    return Snapshot(Stamp(run, step, 0), config, (LaneStatus(),) * n, "analytic", "cpu", kept, step)


def line_game(config: RunConfig, rng: np.random.Generator) -> LineGame:
    """Return two Gaussians and a generator that has nearly found them."""
    data, n = config.distribution, len(config.lanes)
    x, z = np.linspace(data.extent.x_min, data.extent.x_max, 240), np.linspace(-1, 1, 41)
    density = data.density(x[:, None])
    assert density is not None
    generated = np.stack([0.8 * np.roll(density, 4 + lane) + 0.02 for lane in range(n)])
    best = np.log((density + 1e-3) / (generated + 1e-3))
    images = np.stack([2 * np.tanh(5 * z) + 0.4 * z] * n) + rng.normal(0, 0.02, (n, 41))
    return LineGame(x, density, generated, 0.4 * best, best, z, images)


def of_view(cls: type) -> str:
    """Return the data on which a view has something to show."""
    return cls.key if cls.key in ("digits", "line") else "ring"  # type: ignore[attr-defined, no-any-return]


def plane_readings(config: RunConfig, rng: np.random.Generator) -> list[tuple[AbstractProbe, Reading]]:
    """Return samples, surface, arrows and latent map."""
    data, n = config.distribution, len(config.lanes)
    real, generated = data.sample(500, rng), np.stack([blurred(data, 500, rng) for _ in range(n)])
    line = np.linspace(-2, 2, 21)
    lattice = np.stack(np.meshgrid(line, line), axis=-1)
    radius = np.hypot(lattice[..., 0], lattice[..., 1])[..., None] + 1e-6
    warped = lattice / radius * (1.2 + 0.7 * np.tanh(radius * 1.4)) * data.extent.x_max / 3.2
    points = generated[:, :120]
    slopes = 0.9 * np.stack([-points[..., 1], points[..., 0]], axis=-1) / data.extent.x_max
    optimal = OptimalSurface(0.6 * np.stack([scores(data, lane + 2) for lane in range(n)]), data.extent)
    return [
        (SamplesProbe(), Samples(real, generated)),
        (OptimalSurfaceProbe(), optimal),
        (BoundProbe(), bound(config, rng)),
        (SurfaceProbe(), Surface(np.stack([scores(data, lane) for lane in range(n)]), data.extent)),
        (GradientArrowsProbe(), GradientArrows(points, slopes.astype(np.float32))),
        (LatentMapProbe(), LatentMap(np.stack([warped] * n).astype(np.float32))),
    ]


def blurred(data: AbstractDistribution, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return samples of the plane that look generated: a little off, some astray between modes."""
    samples = data.sample(n, rng) + rng.normal(0, 0.04 * data.extent.x_max, (n, 2))
    astray = rng.random(n) < 0.12
    samples[astray] = 0.7 * samples[astray] + rng.normal(0, 0.1, (int(astray.sum()), 2))
    return samples.astype(np.float32)


def scores(data: AbstractDistribution, lane: int, n: int = 64) -> np.ndarray:
    """Return a smooth surface of raw scores."""
    extent = data.extent
    centers = extent.x_min + (extent.x_max - extent.x_min) * (np.arange(n) + 0.5) / n
    x, y = np.meshgrid(centers / extent.x_max, centers / extent.x_max)
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    height = 2.4 * np.exp(-(((radius - 0.62) / 0.22) ** 2)) * (1 + 0.45 * np.cos(5 * angle + lane)) - 1.1
    return height.astype(np.float32)


def trace(n_lanes: int, steps: int, rng: np.random.Generator, buckets: int = 600) -> LossTrace:
    """Return curves that settle at the equilibria of the original paper, with two change marks, and D's updates."""
    at = np.arange(1, steps + 1)
    values = np.zeros((steps, n_lanes, len(COLUMNS)))
    for lane in range(n_lanes):
        swing = (1 + 0.4 * lane) * np.exp(-at / 700.0)
        noise = rng.normal(0, 0.05, (2, steps))
        d_real = math.log(2) - 0.35 * swing + noise[0]
        d_fake = math.log(2) - 0.45 * swing + noise[1]
        score = -swing * 1.6 + noise[1]
        derived = {
            "d_real": d_real, "d_fake": d_fake, "d_loss_real": d_real, "d_loss_fake": d_fake,
            "d_loss": d_real + d_fake, "value": -d_real - d_fake, "g_saturating": -d_fake,
            "g_non_saturating": np.logaddexp(0, -score), "g_loss": np.logaddexp(0, -score),
        }  # fmt: skip
        derived["total_saturating"] = d_real
        derived["total_non_saturating"] = derived["d_loss"] + derived["g_non_saturating"]
        derived["batch_total"] = derived["total"] = derived["total_non_saturating"]
        for name, column in derived.items():
            values[:, lane, COLUMNS.index(name)] = column
    updates = at + 4.0 * np.maximum(0, at - 1000)  # five a step from step 1,000 on
    progress = {"d_updates": updates, "samples_seen": 128 * updates, "seconds": at / 200.0, "g_updates": at}
    for name, column in progress.items():
        values[:, :, COLUMNS.index(name)] = column[:, None]
    history = History(n_lanes)
    history.append(values, [steps] * n_lanes)
    marks = tuple(mark for mark in MARKS if mark.step < steps)
    return LossTrace(COLUMNS, *history.thinned(buckets), marks=marks)


def loss_shape(n_lanes: int, rng: np.random.Generator) -> LossShape:
    """Return the non-saturating loss for even lanes and the saturating one for odd lanes."""
    axis = np.linspace(-10, 10, 201)
    kinds = [lane % 2 for lane in range(n_lanes)]
    loss = [-np.logaddexp(0, axis) if odd else np.logaddexp(0, -axis) for odd in kinds]
    slope = [-1 / (1 + np.exp(-axis)) if odd else -1 / (1 + np.exp(axis)) for odd in kinds]
    fake = rng.normal(-1.2, 0.9, (n_lanes, 128))
    mean_slope = [float(np.abs(np.interp(fake[i], axis, slope[i])).mean()) for i in range(n_lanes)]
    gone = [float((np.abs(np.interp(fake[i], axis, slope[i])) < 0.05).mean()) for i in range(n_lanes)]
    of_d = np.stack([np.logaddexp(0, -axis), np.logaddexp(0, axis)])
    d_slope = np.stack([-1 / (1 + np.exp(axis)), 1 / (1 + np.exp(-axis))])
    places = np.stack([rng.normal(1.0, 0.9, fake.shape), fake], axis=1)
    ghosts = (
        np.stack([-np.logaddexp(0, axis), np.logaddexp(0, -axis)]),
        np.stack([-1 / (1 + np.exp(-axis)), -1 / (1 + np.exp(axis))]),
    )
    made = (
        np.stack(loss), np.stack(slope), fake, np.array(mean_slope), np.array(gone),
        np.stack([of_d] * n_lanes), np.stack([d_slope] * n_lanes), places, *ghosts,
    )  # fmt: skip
    return LossShape(axis.astype(np.float32), *(array.astype(np.float32) for array in made))


def shadow_gradients(n_lanes: int, rng: np.random.Generator) -> ShadowGradients:
    """Return six gradients of different lengths that mostly agree."""
    gradients = rng.normal(0, 1, (n_lanes, 6, 20)) * 10.0 ** np.arange(-3, 3)[:, None]
    gradients += np.abs(gradients)
    norms = np.linalg.norm(gradients, axis=-1)
    units = gradients / norms[..., None]
    values = rng.normal(0.7, 0.3, (n_lanes, 6))
    return ShadowGradients(values, norms, units @ units.transpose(0, 2, 1), np.full(n_lanes, -2.0), 128)


def shadow_trace(n_lanes: int, step: int, rng: np.random.Generator) -> ShadowTrace:
    """Return noisy curves of which two begin late, and one reaches far."""
    last = np.unique(np.linspace(1, max(step, 1), 200).astype(np.int64))
    first = np.concatenate(([1], last[:-1] + 1))
    curves = []
    for k in range(6):
        a = len(last) // 2 if k > 3 else 0
        mean = k * 0.3 - 0.5 + rng.normal(0, 0.05, (n_lanes, len(last) - a))
        curves.append(ShadowCurve(first[a:], last[a:], mean - 0.1, mean + (3.0 if k == 5 else 0.1), mean))
    return ShadowTrace(SHADOWS, tuple(curves), np.stack([curve.mean[:, -1] for curve in curves], axis=1))


def bound(config: RunConfig, rng: np.random.Generator) -> Bound:
    """Return values below their bound where L_D is -V, and L_D above that of the best D where it has one."""
    losses = [lane.formulation.loss for lane in config.lanes]
    best = np.where(
        [is_cross_entropy(loss) for loss in losses], -1.2 + rng.normal(0, 0.01, len(losses)), np.nan
    )
    ends = [loss.equilibrium().d_loss if loss.has_best_d else np.nan for loss in losses]
    d_loss = np.where(np.isnan(best), ends, -best)
    return Bound(best - 0.15, best, 2000, Level(-1.37, -1.372, -1.368), d_loss + 0.15, d_loss)


def dirac(n: int) -> DiracPlays:
    """Return spirals around the equilibrium, the second lane's with no game."""
    time, axis = np.linspace(0, 30, 301), np.linspace(-1.5, 1.5, 15)
    theta, psi = (
        np.tile(math.sqrt(2) * np.exp(-0.03 * time) * f(time + 0.785), (n, 1)) for f in (np.sin, np.cos)
    )
    theta[1:2], psi[1:2] = np.nan, np.nan
    to_theta, to_psi = (np.tile(one, (n, 1, 1)) for one in np.meshgrid(axis, -axis, indexing="xy")[::-1])
    roots, step_roots = (
        np.tile(np.array(pair), (n, 1)) for pair in ((-0.1 + 0.5j, -0.1 - 0.5j), (0.9 + 0.2j, 0.9 - 0.2j))
    )
    words = (("converges",) * n, ("steps of this size converge",) * n, ("",) * n)
    refusals = tuple("There is no such game." if lane == 1 else "" for lane in range(n))
    return DiracPlays(
        DiracSettings(), theta, psi, axis, to_theta, to_psi, roots, step_roots, *words, refusals
    )


def ledger(config: RunConfig, rng: np.random.Generator) -> Ledger:
    """Return sums near the equilibrium of the paper, and of critics; a penalty where there are penalties."""
    n = len(config.lanes)
    is_logit = np.array([lane.formulation.loss.score_kind == "logit" for lane in config.lanes])
    parts = math.log(2) + rng.normal(0, 0.1, (n, 2))
    penalty = np.array([0.3 if lane.formulation.penalties else 0.0 for lane in config.lanes])
    g_loss = np.stack([0.8 + 0 * penalty, -parts[:, 1], 0.8 + 0 * penalty], axis=1)
    g_loss[~is_logit, 1:] = np.nan
    value = np.where(is_logit, -parts.sum(1), np.nan)
    norms = np.where(np.isfinite(g_loss), 1.3, np.nan), np.where(np.isfinite(g_loss), [0.4, 0.0, 0.4], np.nan)
    for lane, one in enumerate(config.lanes):
        if one.formulation.loss.is_canceling:
            g_loss[lane, 0], norms[1][lane, 0] = -parts[lane, 1], 0.0
    return Ledger(parts, penalty, g_loss, value, g_loss[:, 0] + 0.05, *norms, n=128)


def histogram(config: RunConfig, rng: np.random.Generator, bins: int = 40) -> ScoreHistogram:
    """Return overlapping histograms, of probabilities for logits and of scores for critics."""
    rows = []
    for lane in config.lanes:
        is_logit = lane.formulation.loss.score_kind == "logit"
        real, fake = rng.normal(0.9, 0.9, 500), rng.normal(-0.8, 1.1, 500)
        if is_logit:
            real, fake = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
        both = np.concatenate([real, fake])
        edges = np.linspace(0, 1, bins + 1) if is_logit else np.linspace(both.min(), both.max(), bins + 1)
        shares = [np.histogram(part, edges)[0] / len(part) for part in (real, fake)]
        rows.append((edges, *shares, float(is_logit), real.mean(), fake.mean()))
    return ScoreHistogram(*(np.array(part, dtype=np.float32) for part in zip(*rows, strict=True)))


def images(config: RunConfig, rng: np.random.Generator, n: int = 36) -> ImageGrid:
    """Return real digits, and blurred and speckled ones as if generated."""
    lanes = len(config.lanes)
    real = config.distribution.sample(n, rng)
    source = config.distribution.sample(n * lanes, rng)
    soft = (source + np.roll(source, 1, 2) + np.roll(source, 1, 3) + np.roll(source, -1, 2)) / 4
    soft = np.clip(soft + rng.normal(0, 0.08, soft.shape) * (soft > -0.9), -1, 1).reshape(
        lanes, n, *source.shape[1:]
    )
    made = (soft, rng.normal(-0.6, 1.2, (lanes, n)), real, rng.normal(0.8, 1.0, (lanes, n)))
    return ImageGrid(*(array.astype(np.float32) for array in made))


def metrics(n_lanes: int, n_modes: int, rng: np.random.Generator) -> Metrics:
    """Return the measures of a run that is nearly learned; without modes only the sliced distance."""
    nothing = np.full(n_lanes, np.nan)
    distance = 0.06 + 0.05 * np.arange(n_lanes)
    floor = np.full(n_lanes, 0.031)
    if not n_modes:
        empty = np.empty((n_lanes, 0))
        floors = Floors(Level(0.031, 0.02, 0.045), NO_LEVEL, NO_LEVEL, NO_LEVEL, NO_LEVEL, ())
        return Metrics(
            2500,
            0,
            nothing,
            nothing,
            nothing,
            nothing,
            distance,
            floor,
            nothing,
            nothing,
            empty,
            empty,
            nothing,
            np.empty(0),
            floors,
        )
    hit = np.array([float(n_modes - lane) for lane in range(n_lanes)])
    counts = rng.multinomial(2500, np.ones(n_modes) / n_modes, n_lanes).astype(np.float64)
    return Metrics(
        n=2500, n_modes=n_modes, modes_hit=hit, quality_fraction=0.942 - 0.1 * np.arange(n_lanes),
        reverse_kl=0.021 + 0.3 * np.arange(n_lanes), sliced_wasserstein=distance,
        good_reverse_kl=0.018 + 0.3 * np.arange(n_lanes), good_counts=np.floor(0.94 * counts),
        sliced_wasserstein_floor=floor, js_divergence=distance / 2, js_divergence_floor=floor / 5,
        mode_counts=counts, modes_with_a_sample=hit, fair_counts=np.full(n_modes, 2500 / n_modes),
        floors=Floors(
            Level(0.031, 0.02, 0.045), Level(0.0062, 0.005, 0.008), Level(0.0014, 0.0006, 0.0025),
            Level(0.0014, 0.0006, 0.0025),
            Level(0.989, 0.986, 0.992), tuple([0.98 / n_modes] * n_modes),
        ),
    )  # fmt: skip


def metrics_over_time(now: Reading, step: int) -> MetricsTrace:
    """Return measures that were twice as large at half of the steps."""
    assert isinstance(now, Metrics)
    steps = np.array([step // 2, step])
    found = np.array([getattr(now, name) for name in METRICS]).T
    values = np.stack([2 * found, found], axis=2)
    return MetricsTrace(
        METRICS,
        steps,
        steps,
        values,
        values,
        values,
        found,
        (),
        n=1000,
        n_modes=now.n_modes,
        floors=now.floors,
    )


def show_in(window: MainWindow, config: RunConfig | None = None) -> None:
    """Let a window show a run as if an engine had told of it."""
    config = config or run_config()
    window.handle_event(ConfigChanged(config, Stamp(1, 500, 0), True))
    window.handle_event(Keyframes((0, 64, 128)))
    window.show_snapshot(snapshot(config, step=500))


def run_file(path: Path) -> Path:
    """Make a file that looks like a run's at first sight."""
    seal = hashlib.sha256(b"a run").hexdigest().encode()
    path.write_bytes(MAGIC + str(VERSION).encode() + b"\n" + seal + b"\n" + b"a run")
    return path

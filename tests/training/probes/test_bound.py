"""V and its bound: the table of exact coverages, the identity of what D lacks, and who has none."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ganviz.data.gaussians import Grid, Ring
from ganviz.data.points_file import PointsFile
from ganviz.data.scalars import TwoGaussians1D
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.distances import KERNEL_WIDTH, kernel_density
from ganviz.training.probes.bound import BoundProbe, bound_floor, values
from ganviz.training.probes.optimal_surface import grid_axes
from ganviz.training.trainer import Trainer

LN2 = math.log(2)


@pytest.mark.parametrize(
    ("k", "best"), [(1, -0.392436), (2, -0.625503), (4, -0.954771), (5, -1.082702), (8, -2 * LN2)]
)
def test_the_best_value_of_k_of_8_modes(k: int, best: float) -> None:
    p, q = np.ones(8), (np.arange(8) < k).astype(float)
    assert values(p, q, np.zeros(8)) == (pytest.approx(-2 * LN2), pytest.approx(best, abs=1e-6))


def test_what_d_lacks_is_twice_the_mean_divergence_of_its_answers() -> None:
    rng = np.random.default_rng(0)
    p, q, t = rng.random(50), rng.random(50), rng.normal(0, 2, 50)
    p, q = p / p.sum(), q / q.sum()
    best, d = p / (p + q), 1 / (1 + np.exp(-t))
    kl = best * np.log(best / d) + (1 - best) * np.log((1 - best) / (1 - d))
    value, at_best = values(p, q, t)
    assert at_best - value == pytest.approx(2 * (0.5 * (p + q) * kl).sum(), rel=1e-10)
    assert values(p, q, np.log(p / q))[0] == pytest.approx(at_best, rel=1e-12)


def test_v_stays_below_its_bound_and_critics_have_neither() -> None:
    keys = ("saturating", "wgan_gp", "non_saturating", "least_squares", "hinge", "rpgan", "fgan_kl")
    lanes = tuple(LaneConfig(named_formulation(key)) for key in keys)
    trainer = Trainer(RunConfig(lanes, architecture=MLP(width=8)))
    for steps in (0, 60):
        trainer.train(steps)
        found = BoundProbe(n=300).measure(trainer.subject())
        assert (
            np.isnan(found.value).tolist()
            == np.isnan(found.best).tolist()
            == [False, True, False, *[True] * 4]
        )
        assert (
            np.isnan(found.d_loss).tolist()
            == np.isnan(found.best_d_loss).tolist()
            == [False, True, *[False] * 5]
        )
        for lane in (3, 4, 5, 6):
            equilibrium = lanes[lane].formulation.loss.equilibrium().d_loss
            assert found.best_d_loss[lane] < min(equilibrium, found.d_loss[lane])
        for lane in (0, 2):
            assert found.gap[lane] >= 0
            assert 0 <= found.js_divergence[lane] <= LN2
            assert found.value[lane] <= found.best[lane] <= 0
            assert found.d_loss[lane] == -found.value[lane]


def test_the_floor_is_what_real_samples_score_and_is_alike_in_every_run() -> None:
    """Between -2 ln 2, which no finite number of samples reaches, and what fewer samples score."""
    data = Ring()
    few, many = (bound_floor(data, data.version, n, 48) for n in (200, 2000))
    assert -2 * LN2 < many.low <= many.mean <= many.high < few.low <= few.mean <= few.high < -1.2
    bound_floor.cache_clear()
    assert bound_floor(data, data.version, 200, 48) == few
    axes = grid_axes(data.extent, 48)
    p = data.density(np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2), KERNEL_WIDTH)
    q = kernel_density(data.sample(2000, np.random.default_rng(5)), *axes, KERNEL_WIDTH).ravel()
    p, q = p / p.sum(), q / q.sum()
    divergence = 0.5 * ((p * np.log(2 * p / (p + q))).sum() + (q * np.log(2 * q / (p + q))).sum())
    assert many.mean == pytest.approx(2 * divergence - 2 * LN2, abs=6 * (many.high - many.low))


def test_on_a_line_it_is_that_of_the_densities_themselves() -> None:
    """Against sums over exact normal densities: one of two Gaussians alone, which is 1 of 2 modes, and D = 0.3."""
    data, width = TwoGaussians1D(distance=4.0, sigma=0.5), math.hypot(0.5, KERNEL_WIDTH)
    left = np.random.default_rng(1).normal(-2, 0.5, (1, 40_000, 1)).astype(np.float32)
    score = math.log(0.3 / 0.7)
    subject = SimpleNamespace(
        config=RunConfig(distribution=data), step=0, n_lanes=1, device=torch.device("cpu"),
        latents=lambda n: n, generator=lambda n: torch.from_numpy(left[:, :n]),
        scores_at=lambda points: torch.full(points.shape[:2], score),
    )  # fmt: skip
    found = BoundProbe(n=40_000).measure(subject)
    x = np.linspace(-8, 8, 20_001)
    q, other = (np.exp(-0.5 * ((x - at) / width) ** 2) for at in (-2, 2))
    p, q = (q + other) / (q + other).sum(), q / q.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        best = np.nansum(p * np.log(p / (p + q))) + np.nansum(q * np.log(q / (p + q)))
    assert best == pytest.approx(-0.954771, abs=1e-4)
    assert found.best[0] == pytest.approx(best, abs=1e-3)
    assert found.value[0] == pytest.approx(math.log(0.3) + math.log(0.7), rel=1e-6)
    assert -2 * LN2 < found.floor.low <= found.floor.high < -1.37


def test_v_stays_below_its_bound_on_a_line() -> None:
    lanes = tuple(
        LaneConfig(named_formulation(key)) for key in ("non_saturating", "least_squares", "wgan_gp")
    )
    trainer = Trainer(RunConfig(lanes, TwoGaussians1D(), MLP(width=8)))
    trainer.train(60)
    found = BoundProbe(n=500).measure(trainer.subject())
    assert found.value[0] <= found.best[0] <= 0
    assert found.gap[1] >= 0
    assert np.isnan(found.d_loss[2])


def test_it_needs_a_density() -> None:
    assert BoundProbe().supports(RunConfig())
    assert BoundProbe().supports(RunConfig(distribution=TwoGaussians1D()))
    assert not BoundProbe().supports(RunConfig(distribution=TwoGaussians1D(distance=100.0, sigma=100.0)))
    assert not BoundProbe().supports(RunConfig(distribution=PointsFile()))


def test_the_floor_is_prepared_and_no_part_of_a_measurement() -> None:
    trainer, probe = Trainer(RunConfig(architecture=MLP(width=8))), BoundProbe(n=123, resolution=24)
    probe.prepare(trainer.config)
    before = bound_floor.cache_info().misses
    assert np.isfinite(probe.measure(trainer.subject()).floor.mean)
    assert bound_floor.cache_info().misses == before


def test_both_values_of_each_lane_are_those_of_numpy_with_the_noise_that_it_sees() -> None:
    """By sums over exact kernels at the cells, of each lane's own D, samples and width; JSD from its definition."""
    noisy = Formulation(NonSaturating(), inputs=(InstanceNoise(sigma=0.4, anneal_steps=1000),))
    formulations = (named_formulation("saturating"), noisy, named_formulation("non_saturating"))
    trainer = Trainer(RunConfig(tuple(map(LaneConfig, formulations)), Ring(sigma=0.3), MLP(width=8)))
    trainer.train(40)
    subject = trainer.subject()
    found = BoundProbe(n=200, resolution=40).measure(subject)
    modes = trainer.config.distribution.modes()
    axes = grid_axes(trainer.config.distribution.extent, 40)
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    made = subject.generator(subject.latents(200)).detach().double().numpy()
    lanes = torch.from_numpy(points.astype(np.float32)).expand(3, -1, -1)
    scores = subject.discriminator(lanes).detach().double().numpy()
    for lane in range(3):
        noise = 0.4 * (1 - 40 / 1000) if lane == 1 else 0.0
        width = math.hypot(KERNEL_WIDTH, noise)

        def mixture(centers: np.ndarray, size: float) -> np.ndarray:
            squares = ((points[:, None] - centers) ** 2).sum(-1)
            density = np.exp(-0.5 * squares / size**2).sum(1)
            return density / density.sum()

        p, q = mixture(modes.centers, math.hypot(0.3, width)), mixture(made[lane], width)
        d, middle = 1 / (1 + np.exp(-scores[lane])), (p + q) / 2
        value = (p * np.log(d)).sum() + (q * np.log(1 - d)).sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            jsd = 0.5 * (np.nansum(p * np.log(p / middle)) + np.nansum(q * np.log(q / middle)))
        assert found.value[lane] == pytest.approx(value, abs=1e-5)
        assert found.js_divergence[lane] == pytest.approx(jsd, abs=1e-5)
        assert found.best[lane] == pytest.approx(2 * jsd - 2 * LN2, abs=2e-5)
        assert found.js_divergence_least[lane] == pytest.approx(LN2 + value / 2, abs=1e-5)
        assert found.gap[lane] == pytest.approx(2 * jsd - 2 * LN2 - value, abs=3e-5)
    assert np.unique(np.round(found.value, 6)).size == np.unique(np.round(found.best, 6)).size == 3


@pytest.mark.parametrize(
    ("data", "divergence", "room"),
    [(Ring(sigma=0.02), 0.0004, 0.0002), (Ring(sigma=0.2), 0.0052, 0.0006), (Grid(), 0.0019, 0.0006)],
)
def test_the_floor_is_that_of_the_reference(data: Ring | Grid, divergence: float, room: float) -> None:
    """gan-maths 3.3: the smoothed divergence of 2500 real samples; both densities are smoothed, or it is far above."""
    floor = bound_floor(data, data.version, 2500, 128)
    assert floor.mean / 2 + LN2 == pytest.approx(divergence, abs=room)

"""D* = p / (p + q): right for a perfect generator, one that is elsewhere, and where nothing is."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ganviz.data.gaussians import Ring
from ganviz.data.mnist import MNIST
from ganviz.data.points_file import PointsFile
from ganviz.networks.conv import DCGAN16
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.probes.base import Subject
from ganviz.training.probes.optimal_surface import OptimalSurface, OptimalSurfaceProbe, optimal_logits
from ganviz.training.probes.surface import cell_centers

torch = pytest.importorskip("torch")

RING = Ring()


def subject(config: RunConfig, samples: np.ndarray) -> Subject:
    """Return a subject whose generator gives ``samples`` ``[lanes, n, 2]`` whatever it is asked."""
    made = torch.from_numpy(samples.astype(np.float32))
    none = {"read_history": None, "real_scores": None, "fake_scores": None, "device": "cpu", "trained": None}
    return Subject(
        config=config,
        step=0,
        generator=lambda _: made,
        discriminator=lambda x: x,
        seen=lambda x, _: x,
        **none,
    )


def measured(samples: np.ndarray) -> OptimalSurface:
    return OptimalSurfaceProbe().measure(subject(RunConfig(), samples[None]))


def at(surface: OptimalSurface, x: float, y: float) -> float:
    """Return D* in the cell nearest to a point."""
    extent, n = surface.extent, surface.scores.shape[1]
    column = int(np.abs(cell_centers(extent.x_min, extent.x_max, n) - x).argmin())
    row = int(np.abs(cell_centers(extent.y_min, extent.y_max, n) - y).argmin())
    return float(1 / (1 + np.exp(-surface.scores[0, row, column])))


def test_a_perfect_generator_leaves_one_half_everywhere() -> None:
    surface = measured(RING.sample(40_000, np.random.default_rng(0)))
    density = RING.density(np.array([[2.0, 0.0]]))
    assert density is not None
    for angle in np.arange(8) * np.pi / 4:
        assert at(surface, 2 * np.cos(angle), 2 * np.sin(angle)) == pytest.approx(0.5, abs=0.05)
    assert at(surface, 0, 0) == pytest.approx(0.5, abs=0.05)


def test_mass_elsewhere_is_told_apart_surely() -> None:
    surface = measured(np.random.default_rng(0).normal(0, 0.2, (2000, 2)))
    assert at(surface, 0, 0) < 0.02
    assert at(surface, 2, 0) > 0.98
    assert at(surface, 0, 2) > 0.98
    corner = surface.extent.x_max
    assert at(surface, corner, corner) == pytest.approx(0.5, abs=0.02)


def test_a_generator_with_twice_the_density_gets_one_third() -> None:
    p = np.full((2, 2), 0.3)
    assert 1 / (1 + np.exp(-optimal_logits(p, 2 * p))) == pytest.approx(np.full((2, 2), 1 / 3), abs=1e-3)


def test_rows_are_y_and_columns_are_x() -> None:
    surface = measured(np.random.default_rng(0).normal([0.0, 2.0], 0.1, (2000, 2)))
    assert at(surface, 0, 2) < 0.2
    assert at(surface, 2, 0) > 0.98


def test_every_lane_has_its_own() -> None:
    rng = np.random.default_rng(0)
    samples = np.stack([RING.sample(2000, rng), rng.normal(0, 0.2, (2000, 2))])
    lane = RunConfig().lanes[0]
    config = dataclasses.replace(RunConfig(), lanes=(lane, dataclasses.replace(lane, label="b")))
    scores = OptimalSurfaceProbe().measure(subject(config, samples)).scores
    assert scores.shape == (2, 64, 64)
    assert scores[0].min() > scores[1].min()


def test_it_is_offered_where_a_density_is_known() -> None:
    lanes = (LaneConfig(RunConfig().lanes[0].formulation),)
    probe = OptimalSurfaceProbe()
    assert probe.supports(RunConfig())
    assert not probe.supports(RunConfig(lanes, PointsFile()))
    assert not probe.supports(RunConfig(lanes, MNIST(), DCGAN16()))

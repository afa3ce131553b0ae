"""Data on a line: exact densities, distances that are exact there, and the reading of the game."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from ganviz.data import DISTRIBUTIONS
from ganviz.data.base import AbstractDistribution
from ganviz.data.scalars import Gaussian1D, UnequalGaussians1D
from ganviz.session.choosing import chosen_run
from ganviz.session.exporting import write_samples
from ganviz.training.distances import KERNEL_WIDTH, directions, sliced_wasserstein
from ganviz.training.floors import floors, smoothed_data
from ganviz.training.line_distances import line_density
from ganviz.training.probes.line import LineGameProbe
from ganviz.training.trainer import Trainer

LINES = {key: cls() for key, cls in DISTRIBUTIONS.items() if cls().kind.name == "line"}


@pytest.mark.parametrize("key", LINES)
def test_density_and_modes_are_those_of_the_samples(key: str) -> None:
    data = LINES[key]
    made = data.sample(100_000, np.random.default_rng(0))
    assert made.shape == (100_000, 1)
    assert made.dtype == np.float32
    extent = data.extent
    edges = np.linspace(extent.x_min, extent.x_max, 41)
    for width in (0.0, 0.1):
        noisy = made[:, 0] + width * np.random.default_rng(1).standard_normal(len(made))
        fine = np.linspace(extent.x_min, extent.x_max, 4001)
        density = data.density(fine[:, None], width)
        assert density is not None
        cumulated = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(fine))])
        assert cumulated[-1] == pytest.approx(1, abs=2e-3)
        shares = np.histogram(noisy, edges)[0] / len(made)
        np.testing.assert_allclose(shares, np.diff(np.interp(edges, fine, cumulated)), atol=6e-3)
    modes = data.modes()
    assert modes is not None
    nearest = np.abs(made - modes.centers[:, 0]).argmin(1)
    np.testing.assert_allclose(np.bincount(nearest) / len(made), modes.weights, atol=0.01)


def test_weights_fall_by_the_ratio_and_the_density_is_that_of_scipy() -> None:
    data = UnequalGaussians1D(ratio=0.5, spacing=2, sigma=0.3)
    x = np.linspace(-3, 3, 50)
    expected = sum(
        w * stats.norm(c, 0.3).pdf(x) for w, c in zip((4 / 7, 2 / 7, 1 / 7), (-2, 0, 2), strict=True)
    )
    np.testing.assert_allclose(data.density(x[:, None]), expected, rtol=1e-12)


def test_the_distance_on_a_line_is_wasserstein_1_itself() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(500, 1)), rng.gamma(2, size=(500, 1))
    onto = directions(1, rng)
    assert sliced_wasserstein(a, b, onto) == pytest.approx(
        stats.wasserstein_distance(a[:, 0], b[:, 0]), rel=1e-12
    )
    assert sliced_wasserstein(a, a + 0.75, onto) == pytest.approx(0.75)


def test_the_divergence_vanishes_for_the_data_and_is_ln_2_far_away() -> None:
    data = Gaussian1D()
    line = smoothed_data(data)
    assert line is not None
    near, far = (line.divergence(data.sample(5000, np.random.default_rng(0)) + shift) for shift in (0, 50))
    assert near < 0.004
    assert far == pytest.approx(np.log(2), abs=1e-6)
    # Two Gaussians of one variance s² + h², d standard deviations apart, by quadrature.
    wide, shift = np.hypot(data.sigma, KERNEL_WIDTH), 1.0
    x = np.linspace(-9, 11, 20_001)
    p, q = stats.norm(1, wide).pdf(x), stats.norm(1 + shift, wide).pdf(x)
    exact = np.trapezoid((p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q))) / 2, x)
    many = data.sample(40_000, np.random.default_rng(0)) + np.float32(shift)
    assert line.divergence(many) == pytest.approx(exact, abs=0.006)
    assert floors(data, 0, 500).sliced_wasserstein.mean < 0.1
    estimate = line_density(np.zeros((3, 1)), np.array([0.0, 0.1]), 0.1)
    np.testing.assert_allclose(estimate, stats.norm(0, 0.1).pdf([0, 0.1]))


@pytest.mark.parametrize("settings", [(), ("latents.size=3", "training.packing=2")])
def test_the_reading_is_of_this_moment(settings: tuple[str, ...]) -> None:
    config, _ = chosen_run(data="gaussian_1d", formulations=("non_saturating", "wgan_gp"), settings=settings)
    trainer = Trainer(config)
    trainer.train(30)
    assert LineGameProbe().supports(config)
    subject = trainer.subject()
    game = LineGameProbe().measure(subject)
    again = LineGameProbe().measure(subject)
    for name in ("scores", "generated", "images"):
        assert np.isfinite(getattr(game, name)).all()
        np.testing.assert_array_equal(getattr(game, name), getattr(again, name))
    assert game.latents.shape == (41,)
    assert game.images.shape == (2, 41)
    lattice = torch.zeros(2, 41, trainer.config.latents.size)
    lattice[..., 0] = torch.from_numpy(game.latents.copy())
    expected = trainer.subject().generator(lattice)[..., 0].detach()
    np.testing.assert_allclose(game.images, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(game.data, stats.norm(1, 0.7).pdf(game.x), rtol=1e-12)
    p, q = stats.norm(1, np.hypot(0.7, KERNEL_WIDTH)).pdf(game.x), game.generated[0]
    best = np.log(p + 1e-3 * p.max()) - np.log(q + 1e-3 * p.max())
    np.testing.assert_allclose(game.optimal[0], config.training.packing * best, rtol=1e-3, atol=0.02)


def test_choosing_a_line_brings_one_latent_and_samples_have_one_column(tmp_path: object) -> None:
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    config, steps = chosen_run(data="two_gaussians_1d", settings=["training.device=cpu"])
    assert (config.latents.size, config.latents.distribution, steps) == (1, "uniform", 3000)
    trainer = Trainer(config)
    trainer.train(2)
    assert trainer.step_method == "analytic"
    write_samples(tmp_path / "samples.csv", trainer)
    assert (tmp_path / "samples.csv").read_text().splitlines()[0] == "kind,lane,label,seed,x"


def test_all_lines_are_found() -> None:
    assert len(LINES) == 3
    assert all(isinstance(data, AbstractDistribution) for data in LINES.values())

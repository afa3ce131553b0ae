"""How far samples are from the data, against closed forms and another library."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from ganviz.data.base import Extent, Modes
from ganviz.data.gaussians import Grid, Ring
from ganviz.training import distances
from ganviz.training.distances import (
    KERNEL_WIDTH,
    SmoothedPlane,
    directions,
    divergence_on_grid,
    grid_points,
    kernel_density,
    mode_coverage,
    projected,
    projected_quickly,
    sliced_wasserstein,
)
from ganviz.training.wasserstein import best_matching, wasserstein

RING = Ring(sigma=0.02)
N = 10_000
CEILING = 0.98889
"""1 - e^(-9/2): of a lone Gaussian's samples in the plane, the share within three standard deviations."""


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("distribution", [RING, Ring(), Grid()], ids=["sharp ring", "soft ring", "grid"])
def test_an_exact_sampler_reaches_the_ceiling(distribution):
    """1 - e^(-9/2) of a Gaussian's samples lie within three standard deviations; all modes are hit."""
    modes = distribution.modes()
    found = mode_coverage(distribution.sample(N, rng()), modes)
    assert found.quality_fraction == pytest.approx(CEILING, abs=0.005 if distribution is RING else 0.02)
    assert found.modes_with_a_sample == len(modes.centers)
    floor = (len(modes.centers) - 1) / (2 * N)
    assert 0 <= found.reverse_kl < 4 * floor
    assert found.counts.sum() == N


def test_dropped_modes_are_counted():
    """A generator on k of 8 modes: reverse KL ln(8 / k)."""
    modes = RING.modes()
    for k in (1, 2, 4):
        samples = np.repeat(modes.centers[:k], 100, axis=0)
        found = mode_coverage(samples, modes)
        assert (found.modes_with_a_sample, found.quality_fraction) == (k, 1.0)
        assert found.reverse_kl == pytest.approx(math.log(8 / k), rel=1e-12)


def test_all_samples_and_good_ones_are_counted_apart():
    """90 at one of two modes of unequal weight, 30 nearest to the other and astray: KL by hand, in nats."""
    modes = Modes(np.array([[0.0, 0], [10, 0]]), np.ones((2, 2)), np.array([0.25, 0.75]))
    samples = np.repeat([[0.5, 0.0], [7.0 - 1e-9, 0.1]], [90, 30], axis=0)
    found = mode_coverage(samples, modes)
    assert (found.counts.tolist(), found.good_counts.tolist()) == ([90, 30], [90, 0])
    assert found.reverse_kl == pytest.approx(0.75 * math.log(3) + 0.25 * math.log(1 / 3), rel=1e-12)
    assert found.good_reverse_kl == pytest.approx(math.log(4), rel=1e-12)
    assert found.quality_fraction == 0.75


def test_distance_is_measured_in_each_modes_own_deviations():
    modes = Modes(np.array([[0.0, 0], [10, 0]]), np.array([[1.0, 0.1], [2.0, 2.0]]), np.array([0.5, 0.5]))
    samples = np.array([[2.9, 0.0], [0.0, 0.29], [0.0, 0.31], [10.0, 5.9], [10.0, 6.1]])
    assert mode_coverage(samples, modes).quality_fraction == pytest.approx(3 / 5)


@settings(max_examples=25, deadline=None)
@given(st.floats(-5, 5), st.floats(-5, 5))
def test_a_shift_costs_two_over_pi_of_its_length(x, y):
    """The mean of |cos| over all directions is 2/π; 128 of them come within one in ten thousand."""
    samples = rng().standard_normal((200, 2))
    found = sliced_wasserstein(samples, samples + np.array([x, y]), directions(2, rng()))
    assert found == pytest.approx(2 / math.pi * math.hypot(x, y), rel=2e-4, abs=1e-9)


def test_projections_are_the_one_dimensional_distance():
    a, b = rng(1).standard_normal((300, 2)), rng(2).standard_normal((300, 2)) * 2
    onto = directions(2, rng())
    expected = np.mean([stats.wasserstein_distance(a @ v, b @ v) for v in onto.T])
    assert sliced_wasserstein(a, b, onto) == pytest.approx(expected, rel=1e-10)
    assert projected(a, onto).shape == (128, 300)
    assert sliced_wasserstein(a, a[::-1], onto) == 0.0


@pytest.mark.parametrize("offset", [0.0, 1e6])
@pytest.mark.parametrize("shape", [(2,), (16, 16)])
def test_what_is_sorted_quickly_is_sorted_and_right_to_seven_digits(shape, offset):
    points = rng().standard_normal((500, *shape)) + offset
    onto = directions(math.prod(shape), rng())
    exact, quick = projected(points, onto), projected_quickly(points, onto)
    assert (np.diff(quick, axis=1) >= 0).all()
    from_mean = np.abs(exact - exact.mean(axis=1, keepdims=True))
    assert (np.abs(quick - exact) <= 1e-7 * from_mean + 1e-14 * offset).all()


def test_samples_of_different_size_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        sliced_wasserstein(np.zeros((3, 2)), np.zeros((4, 2)), directions(2, rng()))


def test_directions_are_unit_vectors():
    for dimensions in (2, 784):
        np.testing.assert_allclose(np.linalg.norm(directions(dimensions, rng()), axis=0), 1.0)


def test_the_kernel_estimate_is_the_mean_of_kernels():
    samples = rng().standard_normal((40, 2)) * 0.5
    x, y = np.linspace(-1, 1, 5), np.linspace(-0.5, 1, 4)
    grid = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    direct = np.exp(-((grid[:, None] - samples) ** 2).sum(-1) / (2 * KERNEL_WIDTH**2)).mean(1)
    direct /= 2 * np.pi * KERNEL_WIDTH**2
    np.testing.assert_allclose(kernel_density(samples, x, y).ravel(), direct, rtol=1e-10)


def test_products_of_kernels_are_ordinary_numbers_however_far_samples_are():
    """Subnormal ones would make a matrix product 25 times as slow."""
    far = torch.tensor([100.0, 1e4], dtype=torch.float64)
    for kernel, dtype in ((distances._quickly, torch.float32), (distances._exactly, torch.float64)):
        assert (kernel(far.clone()).square() > torch.finfo(dtype).tiny).all()


def smoothed(distribution):
    density = distribution.density(grid_points(distribution.extent), KERNEL_WIDTH)
    return SmoothedPlane(density, distribution.extent)


@pytest.mark.parametrize("distribution", [Ring(), RING, Grid()], ids=["soft ring", "sharp ring", "grid"])
def test_the_divergence_of_exact_samples_vanishes_with_their_number(distribution):
    plane = smoothed(distribution)
    few, many = (plane.divergence(distribution.sample(n, rng(3))) for n in (500, 20_000))
    assert 0 <= many < few < 0.1
    assert many < 0.005


def test_the_divergence_of_samples_elsewhere_is_ln_2():
    plane = smoothed(Ring())
    extent = Ring().extent
    assert plane.divergence(np.zeros((500, 2))) == pytest.approx(math.log(2), abs=0.01)
    far = np.full((500, 2), 10 * extent.x_max)
    assert plane.divergence(far) == pytest.approx(math.log(2), abs=1e-6)


def test_half_of_the_modes_is_the_divergence_of_halves():
    """P uniform on 8 far modes, Q on 4 of them: JSD = ¾ ln(4/3) + … in closed form, smoothing changes nothing."""
    samples = RING.sample(40_000, rng())
    modes = RING.modes()
    nearest = ((samples[:, None] - modes.centers) ** 2).sum(-1).argmin(1)
    # p = 1/8 everywhere; q = 1/4 on four: m = 3/16 there and 1/16 elsewhere.
    expected = 0.5 * (
        4 * (1 / 8) * math.log((1 / 8) / (3 / 16)) + 4 * (1 / 8) * math.log(2)
        + 4 * (1 / 4) * math.log((1 / 4) / (3 / 16))
    )  # fmt: skip
    assert smoothed(RING).divergence(samples[nearest < 4]) == pytest.approx(expected, abs=0.004)


@pytest.mark.parametrize("share", [0.125, 0.5, 0.875])
def test_what_lies_beyond_the_grid_counts_with_ln_2(share):
    """A generator that is right for a share m of its samples, the others far away: ln 2 − ½((1+m) ln(1+m) − m ln m)."""
    p = np.random.default_rng(0).random((20, 30))
    p /= p.sum() * 0.01
    expected = math.log(2) - 0.5 * ((1 + share) * math.log(1 + share) - share * math.log(share))
    assert divergence_on_grid(p, share * p, 0.01) == pytest.approx(expected, rel=1e-12)
    assert divergence_on_grid(share * p, p, 0.01) == pytest.approx(expected, rel=1e-12)


def test_the_grid_reaches_past_the_extent():
    points = grid_points(Extent(-2.0, 2.0, -2.0, 2.0))
    assert points.min() < -2.3
    assert points.max() > 2.3


@pytest.mark.parametrize("n", [1, 2, 7, 60])
def test_the_best_matching_is_the_best_of_all(n):
    """Against another library, also with many equal costs, and on a line against sorting."""
    for costs in (rng(n).random((n, n)), rng(n).integers(0, 3, (n, n)).astype(float)):
        chosen = best_matching(costs)
        assert sorted(chosen) == list(range(n))
        assert costs[np.arange(n), chosen].sum() == pytest.approx(
            costs[optimize.linear_sum_assignment(costs)].sum(), abs=1e-12
        )
    a, b = rng(n).standard_normal((n, 1)), 2 * rng(n + 1).standard_normal((n, 1)) + 1
    assert wasserstein(a, b) == pytest.approx(np.abs(np.sort(a, 0) - np.sort(b, 0)).mean(), rel=1e-12)


def test_only_equally_large_samples_are_matched():
    with pytest.raises(ValueError, match="one shape, not"):
        wasserstein(np.zeros((3, 2)), np.zeros((4, 2)))

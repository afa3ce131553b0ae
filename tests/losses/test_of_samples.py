"""Distances of samples: against loops in NumPy, finite differences, closed forms and quadrature, in float64."""

import math

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial.energy_distance import EnergyDistance
from ganviz.losses.adversarial.mmd import MMD

KERNELS = {
    MMD(): lambda d: math.exp(-2 * d * d),
    MMD(bandwidth=3.0): lambda d: math.exp(-d * d / 18),
    EnergyDistance(): lambda d: -d,
}
each = pytest.mark.parametrize("loss", KERNELS, ids=str)


def samples(n, m, numbers, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, numbers)), 0.5 + 1.5 * rng.standard_normal((m, numbers))


def by_loops(kernel, real, generated):
    """Return E k(x, x′) + E k(y, y′) - 2 E k(x, y) over pairs of different samples, one pair after the other."""

    def among(points):
        n = len(points)
        pairs = ((i, j) for i in range(n) for j in range(n) if i != j)
        return sum(kernel(math.dist(points[i], points[j])) for i, j in pairs) / (n * (n - 1))

    between = sum(kernel(math.dist(x, y)) for x in real for y in generated) / (len(real) * len(generated))
    return among(real) + among(generated) - 2 * between


def test_a_batch_gives_values_within_the_range_that_is_told():
    """The same two far places in both batches come to -2/n, two places far from each other to 2."""
    far, near = (
        torch.tensor([[[0.0], [99.0]], [[0.0], [0.0]]]),
        torch.tensor([[[0.0], [99.0]], [[9.0], [9.0]]]),
    )
    found = MMD().distance(far, near)
    assert found.tolist() == [MMD().g_range.low, MMD().g_range.high]
    assert EnergyDistance().distance(far, near).tolist() == [-99.0, 18.0]


@each
@pytest.mark.parametrize("numbers", [1, 2, 5])
def test_values_are_those_of_loops_and_slopes_those_of_differences(loss, numbers):
    real, generated = samples(7, 5, numbers)
    real[0] = generated[0]  # a root that has no slope where two samples meet
    expected = by_loops(KERNELS[loss], real, generated)
    x, y = torch.from_numpy(real), torch.from_numpy(generated).requires_grad_()
    value, slopes = loss.with_slopes(x, y.detach())
    assert float(value) == pytest.approx(expected, abs=1e-9)
    assert float(loss.distance(x, y.detach())) == pytest.approx(expected, abs=1e-9)
    (by_autograd,) = torch.autograd.grad(loss.distance(x, y), y)
    torch.testing.assert_close(slopes, by_autograd, rtol=1e-12, atol=1e-13)
    h = 1e-5
    for i in range(1 if isinstance(loss, EnergyDistance) else 0, len(generated)):
        for k in range(numbers):
            ends = []
            for step in (h, -h):
                moved = generated.copy()
                moved[i, k] += step
                ends.append(by_loops(KERNELS[loss], real, moved))
            assert float(slopes[i, k]) == pytest.approx((ends[0] - ends[1]) / (2 * h), abs=1e-8)


@each
def test_samples_that_are_the_same_stay_finite(loss):
    points = torch.ones(6, 3, requires_grad=True)
    value, slopes = loss.with_slopes(points.detach(), points.detach())
    (once,) = torch.autograd.grad(loss.distance(points.detach(), points), points, create_graph=True)
    (twice,) = torch.autograd.grad(once.square().sum(), points, allow_unused=True, materialize_grads=True)
    assert float(value) == pytest.approx(0, abs=1e-9)
    for slope in (slopes, once, twice):
        torch.testing.assert_close(slope, torch.zeros(6, 3))


def assert_mean(loss, draw, expected, n_batches=200, n=128):
    """The mean over batches is the distance itself, within four standard errors: the estimate has no bias."""
    rng = np.random.default_rng(5)
    pairs = ((torch.from_numpy(one) for one in draw(n, rng)) for _ in range(n_batches))
    found = np.array([float(loss.with_slopes(x, y)[0]) for x, y in pairs])
    assert found.mean() == pytest.approx(expected, abs=4 * found.std() / math.sqrt(n_batches))
    return found


@pytest.mark.parametrize(("mean", "scale"), [(0.0, 1.0), (1.5, 1.0), (0.3, 2.0)])
def test_energy_distance_of_normals_is_twice_the_area_between_squared_distribution_functions(mean, scale):
    x = np.linspace(-30, 30, 60_001)
    gap = np.array([math.erf(a / math.sqrt(2)) - math.erf((a - mean) / scale / math.sqrt(2)) for a in x]) / 2
    expected = 2 * float((gap**2).sum() * (x[1] - x[0]))

    def draw(n, rng):
        return rng.standard_normal((n, 1)), mean + scale * rng.standard_normal((n, 1))

    found = assert_mean(EnergyDistance(), draw, expected)
    assert bool(found.min() < 0) == (expected == 0)


@pytest.mark.parametrize(
    ("bandwidth", "k", "expected"),
    [(0.5, 1, 0.869876), (0.5, 4, 0.125768), (0.5, 8, 0.0), (1.0, 2, 0.447277), (1.0, 7, 0.016162)],
)
def test_mmd_of_some_modes_of_a_ring(bandwidth, k, expected):
    """gan-maths 3.5: eight modes of s = 0.02 at radius 2, and a generator that is perfect on the first k."""
    angles = 2 * np.pi * np.arange(8) / 8
    centers = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def draw(n, rng):
        modes = rng.integers(0, 8, n), rng.integers(0, k, n)
        return tuple(centers[one] + 0.02 * rng.standard_normal((n, 2)) for one in modes)

    assert_mean(MMD(bandwidth=bandwidth), draw, expected)

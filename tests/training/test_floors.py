"""What real samples score, and what counts as a mode that is hit."""

import dataclasses

import numpy as np
import pytest

from ganviz.data.gaussians import Grid, Ring, TwoGaussians
from ganviz.networks.mlp import MLP
from ganviz.training.config import RunConfig, TrainingSettings
from ganviz.training.distances import ModeCoverage, mode_coverage, modes_are_hit
from ganviz.training.floors import floors
from ganviz.training.probes.metrics import MetricsProbe, _yardstick
from ganviz.training.trainer import Trainer

N = 2500
CEILING = 0.98889
"""1 - e^(-9/2): of a lone Gaussian's samples in the plane, the share within three standard deviations."""


def run_config(distribution):
    training = TrainingSettings(batch_size=8, device="cpu")
    return RunConfig(distribution=distribution, architecture=MLP(width=8), training=training)


def coverage(distribution, samples):
    found = mode_coverage(samples, distribution.modes())
    return found, found.modes_hit(np.array(floors(distribution, 0, len(samples)).good_shares))


def test_the_sliced_floor_is_one_number_with_its_band_whatever_the_seed():
    """One pair of draws of the sharp ring says anything from .02 to .08; the reference gives .036 ± .019."""
    readings = []
    for seed in range(3):
        config = run_config(Ring(sigma=0.02))
        config = dataclasses.replace(config, training=dataclasses.replace(config.training, seed=seed))
        readings.append(MetricsProbe().measure(Trainer(config).subject()))
    level = readings[0].floors.sliced_wasserstein
    assert floors(Ring(), 0, 50) is floors(Ring(), 0, 50), "16 draws were made for every reading"
    # Equal, not the same object: what other tests measured of this data may be kept longer than the floors are.
    assert all(reading.floors == readings[0].floors for reading in readings)
    assert {float(reading.sliced_wasserstein_floor[0]) for reading in readings} == {level.mean}
    assert level.low < level.mean < level.high
    assert level.mean == pytest.approx(0.036, abs=0.012)
    assert (level.low, level.high) == (pytest.approx(0.021, abs=0.01), pytest.approx(0.07, abs=0.025))


def test_separated_modes_have_the_ceiling_and_the_floor_of_the_formulas():
    for distribution, k in ((Ring(sigma=0.02), 8), (Grid(), 25)):
        found = floors(distribution, 0, N)
        assert found.quality.mean == pytest.approx(CEILING, abs=0.002)
        assert found.reverse_kl.mean == pytest.approx((k - 1) / (2 * N), rel=0.35)
        assert found.js_divergence.mean < 0.003
        np.testing.assert_allclose(found.good_shares, CEILING / k, atol=0.005)


def test_overlapping_modes_of_unequal_weight_are_measured_on_real_samples():
    """The broad one takes samples of the narrow one, so that even the true data are off the formulas."""
    distribution = TwoGaussians(distance=0.2, share=0.7)
    found = floors(distribution, 0, N)
    real = mode_coverage(distribution.sample(200_000, np.random.default_rng(9)), distribution.modes())
    assert found.quality.mean == pytest.approx(real.quality_fraction, abs=0.002)
    assert found.quality.mean > CEILING + 0.002
    assert found.reverse_kl.mean == pytest.approx(real.reverse_kl, rel=0.1)
    assert found.good_reverse_kl.mean == pytest.approx(real.good_reverse_kl, rel=0.1)
    assert found.reverse_kl.mean > 10 / (2 * N)


def test_a_uniform_cloud_hits_no_mode_though_each_has_a_sample():
    ring = Ring(sigma=0.02)
    cloud = np.random.default_rng(0).uniform(-2.2, 2.2, (4 * N, 2))
    found, hit = coverage(ring, cloud)
    assert found.quality_fraction < 0.01
    assert (found.modes_with_a_sample, hit) == (8, 0)
    read = _yardstick(ring, 0, len(cloud), 0).coverage(cloud)
    assert (read["modes_with_a_sample"], read["modes_hit"]) == (8, 0), (
        "the literature's count has a name of its own"
    )


def test_a_mode_is_hit_from_a_tenth_of_its_true_share_on():
    pair = TwoGaussians(distance=6.0, share=0.9)
    narrow = floors(pair, 0, N).good_shares[1] * N
    assert narrow == pytest.approx(0.1 * N * CEILING, rel=0.05)
    for few, hit in ((int(0.1 * narrow), 1), (int(0.1 * narrow) + 1, 2)):
        samples = np.repeat(pair.modes().centers, [N - few, few], axis=0)
        assert coverage(pair, samples)[1] == hit


def test_real_samples_hit_every_mode():
    for distribution in (Ring(), Ring(sigma=0.02), Grid(), TwoGaussians(share=0.97)):
        samples = distribution.sample(N, np.random.default_rng(5))
        assert coverage(distribution, samples)[1] == len(distribution.modes().centers)


def test_fair_counts_are_those_of_the_true_weights():
    config = run_config(TwoGaussians(share=0.7))
    np.testing.assert_allclose(MetricsProbe().measure(Trainer(config).subject()).fair_counts, [1750, 750])


def test_no_mode_is_hit_without_a_sample():
    """Where real samples have none either, as of a mode with next to no weight, a tenth of none would be reached."""
    good, shares = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 0.001, 0.0, 0.001])
    assert modes_are_hit(good, shares, 100).tolist() == [False, False, True, True]


def test_each_floor_is_of_its_own_measure(monkeypatch):
    """Those of all samples and of good ones are next to equal for all data here, and would not be told apart."""
    told = ModeCoverage(8, 0.9, 0.1, 0.2, np.ones(8), np.full(8, 5.0))
    monkeypatch.setattr("ganviz.training.floors.mode_coverage", lambda *_: told)
    draws = iter(np.cumsum(np.arange(20.0)))  # 0, 1, 3, 6 …: each is one farther from the one before
    monkeypatch.setattr("ganviz.training.floors.projected_quickly", lambda *_: np.full((2, 5), next(draws)))
    found = floors.__wrapped__(Ring(), 0, 50)
    assert found.sliced_wasserstein.mean == np.mean(np.arange(1, 17)), "each draw against the one before it"
    means = found.reverse_kl.mean, found.good_reverse_kl.mean, found.quality.mean
    assert means == pytest.approx((0.1, 0.2, 0.9))
    assert found.good_shares == pytest.approx((0.1,) * 8)


@pytest.mark.parametrize("shift", [(0.3, 0.0), (0.2, -0.7)])
def test_the_distance_that_is_measured_is_two_over_pi_of_a_shift(shift):
    """gan-maths 3.3, of the very samples that the measure compares with."""
    data = Ring()
    real = data.sample(400, np.random.default_rng([7, 0x5EED]))
    read = _yardstick(data, 0, 400, 7).measure((real + np.array(shift)).astype(np.float32))
    assert read["sliced_wasserstein"] == pytest.approx(2 / np.pi * np.hypot(*shift), rel=1e-4)

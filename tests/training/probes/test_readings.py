"""Every probe on runs that were trained: what it reads, that it owns it, and that looking changes nothing."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.losses.adversarial.base import AbstractPointwiseLoss
from ganviz.losses.presets import named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, Latents, RunConfig, TrainingSettings
from ganviz.training.history import ChangeMark
from ganviz.training.probes.bound import BoundProbe
from ganviz.training.probes.dirac import DiracProbe, DiracSettings
from ganviz.training.probes.gradients import GradientArrowsProbe
from ganviz.training.probes.image_grid import ImageGridProbe
from ganviz.training.probes.latent_map import LatentMapProbe
from ganviz.training.probes.ledger import LedgerProbe
from ganviz.training.probes.loss_shape import LossShapeProbe
from ganviz.training.probes.loss_trace import LossTraceProbe, thinned_marks
from ganviz.training.probes.metrics import MetricsProbe
from ganviz.training.probes.optimal_surface import OptimalSurfaceProbe
from ganviz.training.probes.samples import EarlierSamplesProbe, SamplesProbe
from ganviz.training.probes.score_histogram import ScoreHistogramProbe
from ganviz.training.probes.shadow_gradients import ShadowGradientsProbe
from ganviz.training.probes.shadow_trace import ShadowTraceProbe
from ganviz.training.probes.surface import SurfaceProbe, cell_centers
from ganviz.training.trainer import Trainer

LANES = tuple(
    LaneConfig(named_formulation(key)) for key in ("saturating", "non_saturating", "least_squares", "wgan_gp")
)
PLANE = RunConfig(
    lanes=LANES, architecture=MLP(width=8), training=TrainingSettings(batch_size=16, ema_decay=0.9)
)
DIGITS = RunConfig(
    lanes=LANES[:1], distribution=MNIST(), architecture=DCGAN16(channels=2),
    latents=Latents(size=3), training=TrainingSettings(batch_size=8),
)  # fmt: skip
PROBES = [
    SamplesProbe(n=20), SurfaceProbe(resolution=9), GradientArrowsProbe(n=10), LatentMapProbe(cells=4),
    OptimalSurfaceProbe(), LossShapeProbe(), LossTraceProbe(buckets=7), ScoreHistogramProbe(n=30, bins=8),
    MetricsProbe(n=100), ImageGridProbe(n=4), LedgerProbe(n=8),
    ShadowGradientsProbe(n=8), ShadowTraceProbe(), BoundProbe(n=30), DiracProbe(DiracSettings(steps=5)),
    EarlierSamplesProbe(of_step=40, n=20),
]  # fmt: skip


def trained(config, steps=70, dtype=torch.float32):
    trainer = Trainer(config, dtype)
    trainer.train(steps)
    return trainer


@pytest.fixture(scope="module")
def plane():
    return trained(PLANE)


@pytest.fixture(scope="module")
def digits():
    return trained(DIGITS, 3)


def arrays(reading):
    values = [getattr(reading, field.name) for field in dataclasses.fields(reading)]
    return [value for value in values if isinstance(value, np.ndarray)]


def read(trainer, probe):
    return probe.measure(trainer.subject())


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: type(probe).__name__)
@pytest.mark.parametrize("name", ["plane", "digits"])
def test_a_reading_is_frozen_repeatable_and_its_own(request, name, probe):
    trainer = request.getfixturevalue(name)
    if not probe.supports(trainer.config):
        assert isinstance(probe, ImageGridProbe) == (name == "plane")
        return
    first, again = read(trainer, probe), read(trainer, probe)
    for a, b in zip(arrays(first), arrays(again), strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.flags.owndata
        assert not a.flags.writeable
        assert not np.shares_memory(a, b)


def test_which_readings_have_a_meaning():
    thin = dataclasses.replace(PLANE, latents=Latents(size=1))
    for probe in PROBES:
        of_plane = isinstance(
            probe, (SurfaceProbe, GradientArrowsProbe, LatentMapProbe, OptimalSurfaceProbe, BoundProbe)
        )
        assert probe.supports(PLANE) == (not isinstance(probe, ImageGridProbe))
        assert probe.supports(DIGITS) == (not of_plane)
    assert not LatentMapProbe().supports(thin)


def test_lanes_are_read_one_by_one():
    """Lanes with equal settings give equal readings, and another lane beside them changes nothing but rounding."""
    two = trained(dataclasses.replace(PLANE, lanes=(LANES[1], LANES[1])))
    mixed = trained(dataclasses.replace(PLANE, lanes=(LANES[1], LANES[2])))
    for probe in (
        SamplesProbe(n=20),
        SurfaceProbe(resolution=5),
        GradientArrowsProbe(n=8),
        LatentMapProbe(cells=3),
    ):
        a, b = (arrays(read(trainer, probe))[-1] for trainer in (two, mixed))
        np.testing.assert_array_equal(a[0], a[1])
        np.testing.assert_allclose(a[0], b[0], rtol=1e-4, atol=1e-5)
        assert not np.array_equal(b[0], b[1])


def test_the_surface_is_the_discriminator_on_the_grid(plane):
    reading, subject = read(plane, SurfaceProbe(resolution=9)), plane.subject()
    x = cell_centers(reading.extent.x_min, reading.extent.x_max, 9)
    y = cell_centers(reading.extent.y_min, reading.extent.y_max, 9)
    assert x[0] - reading.extent.x_min == pytest.approx((x[1] - x[0]) / 2)
    for row, column in ((0, 0), (0, 8), (3, 5), (8, 2)):
        point = torch.tensor([[[x[column], y[row]]]], dtype=torch.float32).expand(4, 1, 2)
        expected = subject.discriminator(point)[:, 0].detach()
        np.testing.assert_allclose(reading.scores[:, row, column], expected, rtol=1e-4, atol=1e-6)


def test_arrows_descend_the_chosen_loss_not_the_discriminator():
    """Against central differences of each lane's own generator loss, sample by sample, in float64."""
    trainer = trained(PLANE, 70, torch.float64)
    reading, subject = read(trainer, GradientArrowsProbe(n=10)), trainer.subject()
    points = torch.from_numpy(reading.points.copy()).double()

    def losses(at):
        scores = subject.discriminator(at).detach()
        return torch.stack(
            [lane.formulation.loss.on_generated(s) for lane, s in zip(LANES, scores, strict=True)]
        )

    h = 1e-5
    for axis in (0, 1):
        shift = torch.zeros(2, dtype=torch.float64)
        shift[axis] = h
        numerical = (losses(points + shift) - losses(points - shift)) / (2 * h)
        np.testing.assert_allclose(reading.vectors[..., axis], -numerical, rtol=2e-3, atol=2e-5)


def test_saturated_samples_have_short_arrows():
    """Where D rejects, the saturating arrow is e^t of the non-saturating one: the same direction, another length."""
    trainer = trained(dataclasses.replace(PLANE, lanes=LANES[:1]), 30)
    trainer.fork(0, LANES[1])
    reading, subject = read(trainer, GradientArrowsProbe(n=50)), trainer.subject()
    scores = subject.discriminator(torch.from_numpy(reading.points.copy()))[0].detach().numpy()
    np.testing.assert_allclose(
        reading.vectors[0], reading.vectors[1] * np.exp(scores)[:, None], rtol=1e-3, atol=1e-6
    )


def test_the_latent_map_starts_at_the_lower_left(plane):
    reading, subject = read(plane, LatentMapProbe(cells=4)), plane.subject()
    corners = torch.tensor([[[-2.0, -2], [2, -2], [-2, 2], [0, 0]]]).expand(4, 4, 2)
    expected = subject.generator(corners).detach()
    found = [
        reading.points[:, 0, 0],
        reading.points[:, 0, 4],
        reading.points[:, 4, 0],
        reading.points[:, 2, 2],
    ]
    np.testing.assert_allclose(np.stack(found, 1), expected, rtol=1e-4, atol=1e-6)


def test_the_loss_shape_is_the_chosen_loss_over_the_batch(plane):
    reading, subject = read(plane, LossShapeProbe()), plane.subject()
    np.testing.assert_array_equal(reading.places, subject.fake_scores)
    assert (reading.axis[0], reading.axis[-1], len(reading.axis)) == (-10.0, 10.0, 201)
    for lane, config in enumerate(LANES):
        loss = config.formulation.loss
        assert isinstance(loss, AbstractPointwiseLoss)
        axis = torch.from_numpy(reading.axis.copy()).double()
        np.testing.assert_allclose(reading.g_loss[lane], loss.on_generated(axis), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(reading.g_slope[lane], loss.on_generated_slope(axis), rtol=1e-5, atol=1e-6)
        slopes = loss.on_generated_slope(torch.from_numpy(subject.fake_scores[lane].copy()))
        assert reading.mean_slope[lane] == pytest.approx(float(slopes.abs().mean()), rel=1e-5)


def test_the_loss_shape_of_the_discriminator_and_where_the_slope_is_gone(plane):
    reading, subject = read(plane, LossShapeProbe()), plane.subject()
    fake, real = subject.fake_scores.astype(float), subject.real_scores.astype(float)
    np.testing.assert_allclose(reading.d_places, np.stack([real, fake], axis=1), rtol=1e-6)
    axis = reading.axis.astype(float)
    for lane in (0, 1):
        np.testing.assert_allclose(reading.d_loss[lane], np.logaddexp(0, [-axis, axis]), rtol=1e-5, atol=1e-7)
        slopes = [-1 / (1 + np.exp(axis)), 1 / (1 + np.exp(-axis))]
        np.testing.assert_allclose(reading.d_slope[lane], slopes, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(reading.ghost_loss[0], reading.g_loss[0])
    np.testing.assert_array_equal(reading.ghost_slope[1], reading.g_slope[1])
    subject = dataclasses.replace(subject, fake_scores=subject.fake_scores - 3)
    gone = LossShapeProbe().measure(subject).gone
    assert gone[0] == (1 / (1 + np.exp(3 - fake[0])) < 0.05).mean()
    assert gone[0] > 0
    assert gone[1] == gone[3] == 0


def test_the_loss_shape_of_pairs_has_one_part_of_the_discriminator():
    lanes = tuple(LaneConfig(named_formulation(key)) for key in ("rpgan", "ragan"))
    trainer = trained(dataclasses.replace(PLANE, lanes=lanes))
    reading, subject = read(trainer, LossShapeProbe()), trainer.subject()
    fake, real = subject.fake_scores.astype(float), subject.real_scores.astype(float)
    np.testing.assert_allclose(reading.d_places[0, 0], real[0] - fake[0], rtol=1e-5, atol=1e-6)
    leads = [real[1] - fake[1].mean(), fake[1] - real[1].mean()]
    np.testing.assert_allclose(reading.d_places[1], leads, rtol=1e-5, atol=1e-6)
    assert np.isnan(reading.d_loss[0, 1]).all()
    assert np.isfinite(reading.d_loss[1]).all()


def test_the_loss_shape_of_differences_lies_over_leads():
    """By hand: RpGAN's term is softplus(-(t_f - t_r)) by pairs, RaGAN's softplus(-(t_f - mean t_r))."""
    lanes = tuple(LaneConfig(named_formulation(key)) for key in ("rpgan", "ragan"))
    trainer = trained(dataclasses.replace(PLANE, lanes=lanes))
    reading, subject = read(trainer, LossShapeProbe()), trainer.subject()
    fake, real = subject.fake_scores.astype(float), subject.real_scores.astype(float)
    places = np.stack([fake[0] - real[0], fake[1] - real[1].mean()])
    np.testing.assert_allclose(reading.places, places, rtol=1e-5, atol=1e-6)
    axis = reading.axis.astype(float)
    np.testing.assert_allclose(reading.g_loss, np.logaddexp(0, -axis)[None].repeat(2, 0), rtol=1e-5)
    np.testing.assert_allclose(reading.mean_slope, (1 / (1 + np.exp(places))).mean(-1), rtol=1e-5)


def test_the_loss_shape_before_the_first_step_has_no_batch():
    lanes = tuple(LaneConfig(named_formulation(key)) for key in ("rpgan", "hinge"))
    reading = read(trained(dataclasses.replace(PLANE, lanes=lanes), 0), LossShapeProbe())
    assert reading.places.shape == (2, 0)
    assert np.isnan(reading.mean_slope).all()


def test_histograms_count_every_sample_on_their_own_axis(plane):
    reading = read(plane, ScoreHistogramProbe(n=30, bins=8))
    np.testing.assert_allclose(reading.real.sum(1), 1.0, rtol=1e-6)
    np.testing.assert_allclose(reading.generated.sum(1), 1.0, rtol=1e-6)
    np.testing.assert_array_equal(reading.is_probability, [1, 1, 0, 0])
    np.testing.assert_array_equal(reading.edges[:2, [0, -1]], [[0, 1], [0, 1]])
    middles = (reading.edges[:, 1:] + reading.edges[:, :-1]) / 2
    width = reading.edges[:, 1] - reading.edges[:, 0]
    assert (np.abs((middles * reading.real).sum(1) - reading.real_mean) <= width).all()


def test_histograms_of_fixed_samples_are_of_the_present_players(plane):
    """By each lane's own D on real samples and on those of its G: probabilities for logits, raw scores else."""
    reading, subject = read(plane, ScoreHistogramProbe(n=30, bins=8)), plane.subject()
    real = torch.from_numpy(subject.real(30)).expand(4, -1, -1)
    of_both = [
        subject.discriminator(one).detach().double().numpy()
        for one in (real, subject.generator(subject.latents(30)))
    ]
    for scores, found in zip(of_both, (reading.real_mean, reading.generated_mean), strict=True):
        expected = np.concatenate([1 / (1 + np.exp(-scores[:2])), scores[2:]]).mean(1)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    assert (reading.real_mean[:2] != reading.generated_mean[:2]).all()


def test_histograms_of_the_last_batch_are_of_the_scores_that_d_learned_from(plane):
    """Of probabilities for logits, of raw scores else, by the subject's own scores; unknown before the first step."""
    reading, subject = read(plane, ScoreHistogramProbe(bins=8, of_batch=True)), plane.subject()
    for lane, is_logit in enumerate(reading.is_probability):
        for scores, shares, mean in (
            (subject.real_scores[lane], reading.real[lane], reading.real_mean[lane]),
            (subject.fake_scores[lane], reading.generated[lane], reading.generated_mean[lane]),
        ):
            places = 1 / (1 + np.exp(-scores.astype(float))) if is_logit else scores.astype(float)
            assert mean == pytest.approx(places.mean(), rel=1e-4)
            inside = reading.edges[lane].astype(float)[1:-1]
            counted = np.bincount(np.searchsorted(inside, places, side="right"), minlength=8) / len(places)
            np.testing.assert_allclose(
                shares, counted, atol=1.5 / len(places)
            )  # edges are rounded to four bytes
    first = read(trained(PLANE, 0), ScoreHistogramProbe(bins=8, of_batch=True))
    assert np.isnan(first.edges).all()
    assert np.isnan(first.real).all()


def test_images_come_with_their_scores(digits):
    reading, subject = read(digits, ImageGridProbe(n=4)), digits.subject()
    assert reading.generated.shape == (1, 4, 1, 28, 28)
    assert np.abs(reading.generated).max() <= 1
    assert (reading.real.min(), reading.real.max()) == (-1, 1)
    shown = torch.from_numpy(reading.generated[:, :, None].copy())
    expected = subject.discriminator(shown).detach()
    np.testing.assert_allclose(reading.generated_scores, expected, rtol=1e-4, atol=1e-6)


def test_a_trace_of_some_steps_and_columns_has_every_step(plane):
    probe = LossTraceProbe(steps=(20, 50), columns=("g_loss", "d_loss"))
    reading = read(plane, probe)
    np.testing.assert_array_equal(reading.first, np.arange(20, 51))
    np.testing.assert_array_equal(reading.last, reading.first)
    assert reading.columns == probe.columns
    for lane in range(2):
        table = plane.history.table(lane)[19:50]
        for name in probe.columns:
            for values in (reading.low, reading.high, reading.mean):
                np.testing.assert_array_equal(
                    values[lane, reading.column(name)], table[:, COLUMNS.index(name)]
                )
        assert reading.current[lane, 1] == plane.history.last_row(lane)["d_loss"]
    whole, some = read(plane, LossTraceProbe(buckets=7)), read(plane, LossTraceProbe(7, columns=("value",)))
    np.testing.assert_array_equal(some.high[:, 0], whole.high[:, whole.column("value")])


def test_the_trace_is_the_history(plane):
    reading = read(plane, LossTraceProbe(buckets=7))
    table = plane.history.table(1)
    assert reading.last[-1] == 70
    column = reading.column("d_loss")
    for first, last, low, high, mean in zip(
        reading.first, reading.last, reading.low[1, column], reading.high[1, column], reading.mean[1, column],
        strict=True,
    ):  # fmt: skip
        part = table[first - 1 : last, column]
        np.testing.assert_allclose([low, high, mean], [part.min(), part.max(), part.mean()], rtol=1e-12)
    np.testing.assert_array_equal(reading.current[1], table[-1])


def test_a_trace_carries_no_more_marks_than_buckets_and_lanes():
    last = np.array([10, 20, 30])
    few = [ChangeMark(step, None, str(step), False) for step in (1, 2, 3)]
    assert thinned_marks(few, last) == tuple(few)
    many = [ChangeMark(step, step % 2, str(step), step == 3) for step in range(1, 25)]
    kept = thinned_marks(many, last)
    assert [(mark.step, mark.lane) for mark in kept] == [(9, 1), (10, 0), (19, 1), (20, 0), (23, 1), (24, 0)]
    assert [mark.breaks for mark in kept] == [True, False, False, False, False, False]
    assert thinned_marks(many, np.empty(0, np.int64)) == (
        ChangeMark(23, 1, "23", True), ChangeMark(24, 0, "24", False),
    )  # fmt: skip


def test_samples_of_a_keyframe_are_those_that_looking_back_shows_and_change_nothing(plane):
    before = {name: tensor.clone() for name, tensor in plane._players.tensors.items()}
    keyframes = plane.keyframes.steps
    for step in (0, 40, plane.step):
        found = read(plane, EarlierSamplesProbe(of_step=step, n=20))
        back = plane.subject(step)
        there = SamplesProbe(n=20).measure(back)
        assert found.at_step == back.step <= step
        np.testing.assert_array_equal(found.generated, there.generated)
    first = read(plane, EarlierSamplesProbe(of_step=0, n=20)).generated
    assert not np.array_equal(first, there.generated)
    assert keyframes == plane.keyframes.steps
    assert all(torch.equal(tensor, plane._players.tensors[name]) for name, tensor in before.items())

"""Packing (PacGAN, Lin et al. 2018): D gives one score for several samples of one kind side by side."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.data.gaussians import Ring
from ganviz.data.mnist import MNIST
from ganviz.losses.adversarial.averaged_relativistic import AveragedRelativistic
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.one_centered import DRAGAN, GradientPenalty
from ganviz.losses.penalties.zero_centered import R1
from ganviz.networks.conv import DCGAN16
from ganviz.networks.layers import EVALUATE
from ganviz.networks.mlp import MLP
from ganviz.session.data_change import with_data
from ganviz.session.settings import with_settings
from ganviz.spec import InvalidValueError
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.players import initial_tensors, networks_of
from ganviz.training.probes import PROBES
from ganviz.training.probes.image_grid import ImageGridProbe
from ganviz.training.probes.optimal_surface import OptimalSurfaceProbe
from ganviz.training.probes.score_histogram import ScoreHistogramProbe
from ganviz.training.probes.surface import SurfaceProbe
from ganviz.training.rules import Extragradient
from ganviz.training.seed_streams import make_streams
from ganviz.training.steps import step_class
from ganviz.training.steps.analytic import AnalyticStep
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.steps.captured import CapturedStep
from ganviz.training.trainer import Trainer
from tests.training.tape import Tape

PLAIN = Formulation(NonSaturating())
PAIRED = Formulation(PairedRelativistic(), (R1(),), inputs=(InstanceNoise(sigma=0.2),))
GAMES = {
    "plain": (PLAIN,),
    "paired": (PAIRED,),
    "averaged": (Formulation(AveragedRelativistic()),),
    "every penalty": (Formulation(NonSaturating(), tuple(cls() for cls in PENALTIES.values())),),
    "lanes": (PLAIN, PAIRED, Formulation(NonSaturating(), (DRAGAN(), GradientPenalty(interval=2)))),
}
DIGITS = {"distribution": MNIST(), "architecture": DCGAN16(channels=2)}
WAYS = [AnalyticStep, AutogradStep]


def config(*formulations, packing=2, batch=36, training=None, **changes):
    lanes = tuple(LaneConfig(formulation) for formulation in formulations)
    settings = TrainingSettings(batch_size=batch, packing=packing, **(training or {}))
    return RunConfig(**{"lanes": lanes, "architecture": MLP(width=8), "training": settings} | changes)


def trained(spec, steps, dtype=torch.float32):
    trainer = Trainer(spec, dtype)
    trainer.train(steps)
    trainer.flush()
    return trainer


def weights(trainer, lane=0):
    return {name: tensor[lane].clone() for name, tensor in trainer._players.tensors.items()}


def assert_same(a, b):
    assert a.keys() == b.keys()
    for name, tensor in a.items():
        assert torch.equal(tensor, b[name]), name


@pytest.mark.parametrize("packing", [2, 3, 4])
@pytest.mark.parametrize("cls", WAYS)
def test_the_first_step_judges_neighbors_together(monkeypatch, cls, packing):
    """Scores of one step, put together by hand: x₁ … xₘ side by side, then the next m."""
    monkeypatch.setattr("ganviz.training.steps.step_class", lambda config: cls)
    spec = config(PLAIN, packing=packing)
    trainer = trained(spec, 1, torch.float64)
    streams, (first, _) = (
        make_streams(spec, "cpu", torch.float64),
        initial_tensors(spec, "cpu", torch.float64),
    )
    generator, discriminator = networks_of(spec)
    nothing = torch.zeros(1, 0, dtype=torch.float64)

    def judged(samples, flat):
        packs = torch.stack([torch.cat(list(pack)) for pack in samples.split(packing)])
        return discriminator.forward(flat, nothing, packs[None], EVALUATE)[0].detach()

    fake, own = (
        generator.forward(first["generator"], nothing, streams.latents.take()[None], EVALUATE)[0]
        for _ in range(2)
    )
    real = streams.real.take()
    expected = torch.cat([judged(real, first["discriminator"]), judged(fake, first["discriminator"])])
    assert len(expected) == 2 * 36 // packing
    torch.testing.assert_close(trainer._block.d_scores[0, 0], expected)
    after = trainer._players.tensors["discriminator"]
    torch.testing.assert_close(trainer._block.g_scores[0, 0], judged(own, after))


SETTINGS = {
    "as usual": {},
    "three": {"packing": 3, "training": {"d_steps": 2}},
    "reused latents": {"packing": 4, "training": {"fresh_latents": False}},
    "extragradient": {"training": {"rule": Extragradient()}},
    "one pack": {"packing": 4, "batch": 4},
    "digits": {"distribution": MNIST(), "batch": 16},
}


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("name", GAMES)
def test_both_ways_agree(monkeypatch, name, settings):
    spec, ends = config(*GAMES[name], **SETTINGS[settings]), []
    for cls in WAYS:
        monkeypatch.setattr("ganviz.training.steps.step_class", lambda config, cls=cls: cls)
        ends.append(trained(spec, 16, torch.float64))
        assert ends[-1].step_method == cls.name
    for lane, formulation in enumerate(GAMES[name]):
        np.testing.assert_allclose(
            ends[0].history.table(lane), ends[1].history.table(lane), rtol=1e-7, atol=1e-9
        )
        for player, tensor in weights(ends[0], lane).items():
            if not player.startswith("discriminator") or not formulation.loss.generator_sees_real:
                torch.testing.assert_close(tensor, weights(ends[1], lane)[player], rtol=1e-8, atol=1e-10)


def test_a_pack_of_one_is_a_sample():
    assert (
        networks_of(config(PLAIN, packing=1))[1].layout.n
        == networks_of(RunConfig(architecture=MLP(width=8)))[1].layout.n
    )
    assert config(PLAIN, packing=1).judged_shape == Ring().shape
    assert config(PLAIN, packing=3).judged_shape == (6,)
    assert config(PLAIN, packing=2, **DIGITS).judged_shape == (2, 28, 28)


@pytest.mark.parametrize("batch", [32, 68])
@pytest.mark.parametrize("run", [{}, DIGITS], ids=["plane", "digits"])
def test_a_lane_beside_others_is_the_lane_alone(run, batch):
    games = GAMES["lanes"]
    together = trained(config(*games, batch=batch, **run), 6)
    for lane, game in enumerate(games):
        assert_same(weights(together, lane), weights(trained(config(game, batch=batch, **run), 6)))


@pytest.mark.parametrize("run", [{}, DIGITS], ids=["plane", "digits"])
def test_a_file_a_look_back_and_a_fork_go_on_from_there(run):
    spec = config(PAIRED, batch=8, **run)
    whole = weights(trained(spec, 24))
    resumed = Trainer.from_state(trained(spec, 11).state())
    resumed.train(13)
    rewound = trained(spec, 15)
    rewound.rewind(9)
    rewound.train(24 - rewound.step)
    forked = trained(spec, 11)
    forked.fork(0, LaneConfig(PAIRED))
    forked.train(13)
    for other, lane in ((resumed, 0), (rewound, 0), (forked, 0), (forked, 1)):
        assert_same(weights(other, lane), whole)


@pytest.mark.parametrize("run", [{}, DIGITS], ids=["plane", "digits"])
def test_captured_steps_are_steps(monkeypatch, run):
    spec = config(*GAMES["lanes"], batch=8, **run)
    plain = trained(spec, 12)
    monkeypatch.setattr("ganviz.kernels.counter.COUNTED_BY_HOST", ())
    monkeypatch.setattr(
        "ganviz.training.trainer.make_step",
        lambda config, *more: CapturedStep(step_class(config), config, *more, make_recorder=Tape),
    )
    captured = trained(spec, 12)
    for lane in range(3):
        assert_same(weights(captured, lane), weights(plain, lane))
        np.testing.assert_array_equal(captured.history.table(lane), plain.history.table(lane))


@pytest.mark.parametrize("packing", [2, 3])
@pytest.mark.parametrize("run", [{}, DIGITS], ids=["plane", "digits"])
def test_every_look_is_possible_and_does_not_disturb(run, packing):
    spec = config(PLAIN, PAIRED, packing=packing, batch=12, **run)
    watched = trained(spec, 3)
    for probe in PROBES:
        if probe.supports(spec):
            reading = probe.measure(watched.subject())
            for field in dataclasses.fields(reading):
                value = getattr(reading, field.name)
                if isinstance(value, np.ndarray) and field.name in (
                    "scores",
                    "vectors",
                    "edges",
                    "real",
                    "generated",
                ):
                    assert np.isfinite(value).all(), field.name
    watched.train(3)
    plain = trained(spec, 6)
    for lane in range(2):
        assert_same(weights(watched, lane), weights(plain, lane))


def test_looks_show_packs():
    """The plane shows D of copies, the histogram packs, an image the score of its pack, D* the m-fold logit."""
    subject = Trainer(config(PLAIN)).subject()
    points = torch.randn(1, 9, 2)
    doubled = torch.cat([points, points], -1)
    torch.testing.assert_close(subject.discriminator(points), subject.discriminator(doubled))
    surface = SurfaceProbe(resolution=4).measure(subject)
    assert surface.scores.shape == (1, 4, 4)
    sums = dataclasses.replace(subject, discriminator=lambda x: x.sum(-1))
    histogram = ScoreHistogramProbe(n=500).measure(sums)
    samples = torch.from_numpy(subject.real(500)).reshape(250, 4).sum(-1)
    middle = torch.sigmoid(samples).mean()
    np.testing.assert_allclose(histogram.real_mean, [middle], rtol=1e-5)
    one = OptimalSurfaceProbe().measure(Trainer(config(PLAIN, packing=1)).subject()).scores
    np.testing.assert_allclose(OptimalSurfaceProbe().measure(subject).scores, 2 * one, rtol=1e-5, atol=1e-6)
    grid = ImageGridProbe().measure(Trainer(config(PLAIN, **DIGITS)).subject())
    np.testing.assert_array_equal(grid.real_scores[:, ::2], grid.real_scores[:, 1::2])
    assert grid.real_scores.shape == (1, 36)


def test_it_is_a_setting_that_restarts_and_divides_the_batch():
    plain = RunConfig()
    packed = with_settings(plain, ["training.packing=2"])
    assert plain.needs_restart(packed)
    assert packed.training.n_scores == plain.training.batch_size // 2
    with pytest.raises(InvalidValueError, match="batch_size must be a multiple of packing, 3, not 128"):
        with_settings(plain, ["training.packing=3"])
    both = with_settings(plain, ["training.batch_size=129", "training.packing=3"])
    assert both.training.n_scores == 43
    on_digits = with_data(packed, MNIST())
    assert on_digits.training.batch_size % on_digits.training.packing == 0

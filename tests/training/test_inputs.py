"""What the discriminator sees, in the engine: one place for every way of computing, in training and in looks."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.data.gaussians import Ring
from ganviz.data.mnist import MNIST
from ganviz.data.scalars import TwoGaussians1D
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.inputs.scaled import Scaled
from ganviz.losses.penalties.zero_centered import R1
from ganviz.networks.conv import DCGAN16
from ganviz.networks.layers import EVALUATE
from ganviz.networks.mlp import MLP
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.distances import KERNEL_WIDTH
from ganviz.training.players import initial_tensors, networks_of
from ganviz.training.probes import PROBES
from ganviz.training.probes.line import LineGameProbe
from ganviz.training.probes.optimal_surface import OptimalSurfaceProbe, grid_axes, optimal_logits
from ganviz.training.probes.score_histogram import ScoreHistogramProbe
from ganviz.training.probes.surface import SurfaceProbe
from ganviz.training.rules import Extragradient
from ganviz.training.seed_streams import make_streams
from ganviz.training.slopes import mean_slopes
from ganviz.training.steps.analytic import AnalyticStep
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.trainer import Trainer
from tests.losses.test_inputs import Bent

PLAIN = Formulation(NonSaturating())
NOISY = Formulation(NonSaturating(), inputs=(InstanceNoise(sigma=0.3),))
ANNEALED = Formulation(NonSaturating(), inputs=(InstanceNoise(sigma=0.3, anneal_steps=30),))
PAIRED = Formulation(PairedRelativistic(), (R1(),), inputs=(InstanceNoise(sigma=0.2),))
SCALED = Formulation(NonSaturating(), inputs=(Scaled(factor=0.25),))
BENT = Formulation(NonSaturating(), (R1(),), inputs=(Bent(), InstanceNoise()))
DIGITS = {"distribution": MNIST(), "architecture": DCGAN16(channels=2)}
WAYS = [AnalyticStep, AutogradStep]


def config(*formulations, rule=None, **changes):
    lanes = tuple(LaneConfig(formulation) for formulation in formulations)
    settings = {"batch_size": 32} | ({"rule": rule} if rule else {}) | changes.pop("training", {})
    run = {"lanes": lanes, "architecture": MLP(width=8), "training": TrainingSettings(**settings)}
    return RunConfig(**run | changes)


def trained(spec, steps, dtype=torch.float32):
    trainer = Trainer(spec, dtype)
    trainer.train(steps)
    trainer.flush()
    return trainer


def tensors(trainer, lane=0):
    return {name: tensor[lane].clone() for name, tensor in trainer._players.tensors.items()}


def assert_same(a, b):
    assert a.keys() == b.keys()
    for name, tensor in a.items():
        assert torch.equal(tensor, b[name]), name


@pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "reused"])
@pytest.mark.parametrize("formulation", [NOISY, PAIRED], ids=["pointwise", "paired"])
@pytest.mark.parametrize("cls", WAYS)
def test_the_first_step_sees_what_the_streams_hold(monkeypatch, cls, formulation, fresh):
    """Scores of one step, put together by hand: x + σ n for both players, with numbers of their own each."""
    monkeypatch.setattr("ganviz.training.steps.step_class", lambda config: cls)
    spec = config(formulation, training={"fresh_latents": fresh})
    trainer = trained(spec, 1, torch.float64)
    streams = make_streams(spec, "cpu", torch.float64)
    (g_flat, d_flat), sigma = _weights(spec), formulation.inputs[0].sigma
    d_noise, g_noise = (sigma * s.take("instance_noise") for s in (streams.d_inputs, streams.g_inputs))
    first = streams.latents.take()
    second = streams.latents.take() if fresh else first
    made, own = _generated(spec, g_flat, first), _generated(spec, g_flat, second)
    seen = torch.cat([streams.real.take() + d_noise[:32], made + d_noise[32:]])
    torch.testing.assert_close(trainer._block.d_scores[0, 0], _judged(spec, d_flat, seen))
    after = trainer._players.tensors["discriminator"]
    torch.testing.assert_close(trainer._block.g_scores[0, 0], _judged(spec, after, own + g_noise[:32]))
    if formulation is PAIRED:
        partners = streams.partners.take() + g_noise[32:]
        torch.testing.assert_close(trainer._block.g_real[0, 0], _judged(spec, after, partners))


def _weights(spec):
    made, _ = initial_tensors(spec, "cpu", torch.float64)
    return made["generator"], made["discriminator"]


def _generated(spec, flat, latents):
    return networks_of(spec)[0].forward(flat, flat.new_zeros(1, 0), latents[None], EVALUATE)[0].detach()


def _judged(spec, flat, samples):
    return networks_of(spec)[1].forward(flat, flat.new_zeros(1, 0), samples[None], EVALUATE)[0].detach()


@pytest.mark.parametrize("cls", WAYS)
def test_the_first_step_judges_scaled_samples(monkeypatch, cls):
    """D(x / 4) for both players; data and generated samples stay as large as they are."""
    monkeypatch.setattr("ganviz.training.steps.step_class", lambda config: cls)
    spec = config(SCALED)
    trainer = trained(spec, 1, torch.float64)
    streams = make_streams(spec, "cpu", torch.float64)
    g_flat, d_flat = _weights(spec)
    made, own = (_generated(spec, g_flat, streams.latents.take()) for _ in range(2))
    seen = torch.cat([streams.real.take(), made]) / 4
    torch.testing.assert_close(trainer._block.d_scores[0, 0], _judged(spec, d_flat, seen))
    after = trainer._players.tensors["discriminator"]
    torch.testing.assert_close(trainer._block.g_scores[0, 0], _judged(spec, after, own / 4))


def distance(monkeypatch, spec, dtype, steps=200):
    ends = []
    for cls in WAYS:
        monkeypatch.setattr("ganviz.training.steps.step_class", lambda config, cls=cls: cls)
        ends.append(trained(spec, steps, dtype))
        assert ends[-1].step_method == cls.name
    fast, slow = ends
    for lane in range(len(spec.lanes)):
        np.testing.assert_allclose(fast.history.table(lane), slow.history.table(lane), rtol=2e-4, atol=2e-5)
    pairs = [
        (slow._players.tensors[name], fast._players.tensors[name]) for name in ("generator", "discriminator")
    ]
    return max(float((a - b).norm() / a.norm()) for a, b in pairs)


RUNS = {
    "noise": (NOISY,),
    "annealed beside none": (ANNEALED, PLAIN),
    "noise and its neighbors": (PLAIN, NOISY, Formulation(NonSaturating(), (R1(),))),
    "scaled beside noise": (SCALED, NOISY),
    "bent": (BENT,),
    "bent beside noise": (BENT, NOISY, PLAIN),
}
SETTINGS = {
    "as usual": {},
    "several D steps": {"training": {"d_steps": 2}},
    "reused latents": {"training": {"fresh_latents": False}},
    "extragradient": {"rule": Extragradient()},
    "a batch that fills no vector": {"training": {"batch_size": 17}},
    "digits": {"distribution": MNIST(), "training": {"batch_size": 16}},
}


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("name", RUNS)
def test_both_ways_agree(monkeypatch, name, settings):
    assert distance(monkeypatch, config(*RUNS[name], **SETTINGS[settings]), torch.float64, steps=40) < 1e-10


def test_both_ways_agree_in_single_precision(monkeypatch):
    assert distance(monkeypatch, config(NOISY), torch.float32) < 1e-5


@pytest.mark.parametrize("run", [{}, DIGITS], ids=["plane", "digits"])
def test_no_strength_is_no_noise_to_the_bit(run):
    silent = Formulation(NonSaturating(), inputs=(InstanceNoise(sigma=0.0),))
    assert_same(tensors(trained(config(silent, **run), 6)), tensors(trained(config(PLAIN, **run), 6)))


def test_noise_that_is_gone_is_gone():
    """From the last step of the annealing on, a lane moves as one that never knew noise."""
    trainer = trained(config(ANNEALED), 30)
    trainer.fork(0, LaneConfig(PLAIN))
    assert_same(tensors(trainer, 0), tensors(trainer, 1))
    trainer.train(30)
    assert_same(tensors(trainer, 0), tensors(trainer, 1))
    before = trained(config(ANNEALED), 29)
    before.fork(0, LaneConfig(PLAIN))
    before.train(1)
    assert not torch.equal(tensors(before, 0)["discriminator"], tensors(before, 1)["discriminator"])


@pytest.mark.parametrize("formulation", [ANNEALED, PAIRED], ids=["annealed", "paired"])
@pytest.mark.parametrize("run", [{}, DIGITS], ids=["plane", "digits"])
def test_a_file_a_look_back_and_a_fork_go_on_from_there(formulation, run):
    spec = config(formulation, training={"batch_size": 8}, **run)
    whole = tensors(trained(spec, 24))
    resumed = Trainer.from_state(trained(spec, 11).state())
    resumed.train(13)
    assert_same(tensors(resumed), whole)
    rewound = trained(spec, 15)
    rewound.rewind(9)
    rewound.train(24 - rewound.step)
    assert_same(tensors(rewound), whole)
    forked = trained(spec, 11)
    forked.fork(0, LaneConfig(formulation))
    forked.train(13)
    assert_same(tensors(forked, 0), whole)
    assert_same(tensors(forked, 1), whole)


@pytest.mark.parametrize("run", [{}, DIGITS], ids=["plane", "digits"])
def test_looks_do_not_disturb_and_are_the_same_twice(run):
    spec = config(NOISY, PAIRED, **run)
    watched = trained(spec, 3)
    for probe in PROBES:
        if probe.supports(spec):
            first, second = (probe.measure(watched.subject()) for _ in range(2))
            np.testing.assert_equal(dataclasses.asdict(first), dataclasses.asdict(second))
    watched.train(3)
    plain = trained(spec, 6)
    for lane in range(2):
        assert_same(tensors(watched, lane), tensors(plain, lane))


def test_half_steps_see_the_noise_of_their_step():
    halves, wholes = Trainer(config(ANNEALED)), Trainer(config(ANNEALED))
    for trainer in (halves, wholes):
        trainer.train(10)
    halves.half_step("discriminator")
    assert halves._method.inputs._groups[0][0][0].value == pytest.approx(0.2)
    noise = halves._streams.d_inputs
    assert noise.state() == wholes._streams.d_inputs.state() + 1
    halves.half_step("generator")
    assert (halves.step, halves._streams.g_inputs.state()) == (11, 11)


def test_the_histogram_shows_scores_of_what_is_seen():
    """A critic that hands on the first coordinate is a ruler: both kinds of samples are as wide as data and noise."""
    noise = Formulation(Wasserstein(), inputs=(InstanceNoise(sigma=3.0),))
    subject = Trainer(config(noise, Formulation(Wasserstein()))).subject()
    ruler = dataclasses.replace(subject, discriminator=lambda x: x[..., 0])
    shown = ScoreHistogramProbe(n=4000).measure(ruler)
    middles = (shown.edges[:, 1:] + shown.edges[:, :-1]) / 2
    for shares, means, samples in (
        (shown.real, shown.real_mean, subject.real(4000)[None]),
        (shown.generated, shown.generated_mean, subject.generator(subject.latents(4000)).detach().numpy()),
    ):
        variances = (shares * middles**2).sum(1) - means**2
        clear = samples[..., 0].var(-1)
        np.testing.assert_allclose(variances, clear + np.array([9.0, 0.0]), rtol=0.1, atol=0.02)


def test_the_best_discriminator_is_that_of_blurred_densities():
    """A generator that makes one point, and a mixture of variance s²: seen are N(0, σ²) and variance s² + σ²."""
    subject = dataclasses.replace(
        Trainer(config(PLAIN, NOISY)).subject(), generator=lambda z: torch.zeros(2, len(z[0]), 2)
    )
    ring = subject.config.distribution
    found = OptimalSurfaceProbe().measure(subject)
    axes = grid_axes(ring.extent, found.scores.shape[-1])
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    angles = np.arange(8) * np.pi / 4
    centers = ring.radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    for scores, sigma in zip(found.scores, (0.0, 0.3), strict=True):
        width = KERNEL_WIDTH**2 + sigma**2
        p = np.mean([gaussian(points - center, ring.sigma**2 + width) for center in centers], axis=0)
        expected = optimal_logits(p, gaussian(points, width)).reshape(scores.shape)
        np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=1e-5)


def test_smoothed_labels_move_the_best_discriminator():
    smoothed = Formulation(NonSaturating(real_target=0.9, fake_target=0.2))
    subject = Trainer(config(PLAIN, smoothed)).subject()
    plain, moved = (1 / (1 + np.exp(-scores)) for scores in OptimalSurfaceProbe().measure(subject).scores)
    np.testing.assert_allclose(moved, 0.2 + 0.7 * plain, rtol=1e-5)


def gaussian(points, variance):
    return np.exp(-0.5 * np.square(points).sum(-1) / variance) / (2 * np.pi * variance)


@pytest.mark.parametrize("data", [Ring(), TwoGaussians1D()], ids=["plane", "line"])
def test_looks_at_places_judge_what_is_seen_there(data):
    """The surface, D on the line, V, and the slope between samples: all of D(x / 4), as training has it."""
    spec = config(SCALED, PLAIN, distribution=data)
    subject = Trainer(spec).subject()
    _, judge = networks_of(spec)
    flat = initial_tensors(spec, "cpu", torch.float32)[0]["discriminator"]
    places = torch.from_numpy(subject.real(16)).expand(2, -1, -1)
    for lane, factor in enumerate((0.25, 1.0)):
        own = flat[lane : lane + 1]
        expected = judge.forward(own, own.new_zeros(1, 0), places[:1] * factor, EVALUATE)[0]
        torch.testing.assert_close(subject.scores_at(places)[lane], expected)
    ruler = dataclasses.replace(subject, discriminator=lambda x: x[..., 0])
    np.testing.assert_allclose(mean_slopes(ruler), [0.25, 1])
    if data.kind.name == "plane":
        surface = SurfaceProbe().measure(ruler)
        np.testing.assert_allclose(surface.scores[0], surface.scores[1] / 4, rtol=1e-6)
    else:
        game = LineGameProbe().measure(ruler)
        np.testing.assert_allclose(game.scores, np.outer([0.25, 1], game.x), rtol=1e-6)


def test_noise_is_told_in_the_units_of_the_samples():
    """x / 4 + 0.1 n is (x + 0.4 n) / 4; noise before it stays what it is."""
    scaled, noise = Scaled(factor=0.25), InstanceNoise(sigma=0.1)
    assert Formulation(NonSaturating(), inputs=(scaled, noise)).blur(0) == pytest.approx(0.4)
    assert Formulation(NonSaturating(), inputs=(noise, scaled)).blur(0) == pytest.approx(0.1)

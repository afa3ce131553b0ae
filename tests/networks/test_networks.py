"""Stacked networks against the ordinary modules of the same weights, lane by lane in float64."""

import dataclasses
import itertools

import numpy as np
import pytest
import torch
from torch import nn

from ganviz.networks.activations import ACTIVATIONS
from ganviz.networks.activations.smooth import Tanh
from ganviz.networks.conv import DCGAN16
from ganviz.networks.initializations import INITIALIZATIONS
from ganviz.networks.layers import EVALUATE, TRAIN, TRAIN_KEEP_BUFFERS, Activation, Linear
from ganviz.networks.mlp import MLP
from ganviz.networks.network import perceptron
from ganviz.spec import InvalidValueError

IMAGE, RGB, POINT = (1, 28, 28), (3, 16, 32), (2,)
NETWORKS = {
    **{
        f"{activation}_{depth}_g": lambda a=activation, d=depth: MLP(
            width=5, hidden_layers=d, activation=a
        ).generator(3, POINT)
        for activation, depth in itertools.product(ACTIVATIONS, (1, 3))
    },
    "mlp_apart_g": lambda: MLP(generator_widths=(5, 9), generator_activation="elu").generator(3, POINT),
    "mlp_d": lambda: MLP(width=7).discriminator(POINT),
    "mlp_digits_g": lambda: MLP(width=5).generator(3, IMAGE),
    "mlp_digits_d": lambda: MLP(width=5).discriminator(IMAGE),
    "spectral_d": lambda: MLP(width=7, spectral_norm=True).discriminator(POINT),
    "dcgan_g": lambda: DCGAN16(channels=4).generator(6, IMAGE),
    "dcgan_d": lambda: DCGAN16(channels=4).discriminator(IMAGE),
    "dcgan_rgb_g": lambda: DCGAN16(channels=4).generator(6, RGB),
    "dcgan_rgb_d": lambda: DCGAN16(channels=4).discriminator(RGB),
    "dcgan_wide_g": lambda: DCGAN16(channels=16).generator(6, IMAGE),
}


@pytest.fixture(autouse=True)
def _double_precision():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def made(name, n_lanes=3):
    """Return a network, different weights and buffers for each lane, and an input."""
    network = NETWORKS[name]()
    drawn = [network.initial(np.random.default_rng(seed)) for seed in range(n_lanes)]
    parameters, buffers = (torch.stack(list(part)) for part in zip(*drawn, strict=True))
    features = {
        "dcgan_d": IMAGE,
        "dcgan_rgb_d": RGB,
        "mlp_digits_d": IMAGE,
        "mlp_d": POINT,
        "spectral_d": POINT,
    }
    shape = features.get(name) or ((6,) if name.startswith("dcgan") else (3,))
    x = torch.randn(n_lanes, 4, *shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    return network, parameters, buffers, x


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("n_lanes", [1, 3])
def test_every_lane_is_its_ordinary_module(name, n_lanes):
    network, parameters, buffers, x = made(name, n_lanes)
    found = network.forward(parameters, buffers, x, EVALUATE)
    for lane in range(n_lanes):
        expected = network.module(parameters[lane], buffers[lane])(x[lane])
        torch.testing.assert_close(found[lane], expected.reshape(found[lane].shape), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_are_the_ordinary_modules(name):
    network, parameters, buffers, x = made(name, 1)
    leaf, points = parameters.clone().requires_grad_(), x.clone().requires_grad_()
    out = network.forward(leaf, buffers, points, EVALUATE)
    gradient, at_x = torch.autograd.grad(out.square().sum(), (leaf, points))
    module, points = network.module(parameters[0], buffers[0]), x[0].clone().requires_grad_()
    module.zero_grad()
    module(points).square().sum().backward()
    torch.testing.assert_close(at_x[0], points.grad, rtol=1e-9, atol=1e-11)
    if name == "spectral_d":
        return  # its module carries weights that were divided already
    theirs = [p.grad for p in module.parameters()]
    for mine, other in zip(network.layout.split(gradient[0]), theirs, strict=True):
        expected = other.T if other.dim() == 2 else other
        torch.testing.assert_close(mine, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("channels", [1, 16])
def test_the_slope_at_images_has_a_derivative_by_the_weights(channels):
    """Gradient penalties need it: through convolutions, by finite differences."""
    network = DCGAN16(channels=channels).discriminator(IMAGE)
    parameters, buffers = (part[None] for part in network.initial(np.random.default_rng(0)))
    x = torch.randn(1, 3, *IMAGE, generator=torch.Generator().manual_seed(4)).requires_grad_()
    leaf = parameters.clone().requires_grad_()

    def penalty(weights):
        score = network.forward(weights, buffers, x, EVALUATE).sum()
        return torch.autograd.grad(score, x, create_graph=True)[0].square().sum()

    (found,) = torch.autograd.grad(penalty(leaf), leaf)
    direction = torch.randn(leaf.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    h = 1e-7  # small, to cross no kink of the leaky ReLU
    numerical = (penalty(parameters + h * direction) - penalty(parameters - h * direction)) / (2 * h)
    torch.testing.assert_close((found * direction).sum(), numerical.detach(), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("name", ["mlp_d", "dcgan_g"])
def test_lanes_do_not_touch(name):
    network, parameters, buffers, x = made(name)
    before = network.forward(parameters, buffers, x, EVALUATE)
    parameters[1] *= 3.0
    after = network.forward(parameters, buffers, x, EVALUATE)
    torch.testing.assert_close(after[[0, 2]], before[[0, 2]], rtol=0, atol=0)
    assert not torch.equal(after[1], before[1])


def test_scores_are_raw():
    """No sigmoid at the end of D: a last bias of ±10 is a score of ±10 (gan-maths, pitfalls 12 and 13)."""
    for architecture, shape in ((MLP(), POINT), (MLP(), IMAGE), (DCGAN16(), IMAGE)):
        network = architecture.discriminator(shape)
        parameters, buffers = (part[None] for part in network.initial(np.random.default_rng(0)))
        for bias in (-10.0, 10.0):
            network.layout.split(parameters[0])[-1].fill_(bias)
            scores = network.forward(parameters, buffers, torch.zeros(1, 5, *shape), EVALUATE)
            assert scores.shape == (1, 5)
            torch.testing.assert_close(scores, torch.full_like(scores, bias), rtol=0.2, atol=0)


def test_points_are_anywhere_and_pixels_between_minus_one_and_one():
    for architecture, shape, bound in ((MLP(), POINT, 1e9), (MLP(), IMAGE, 1), (DCGAN16(), IMAGE, 1)):
        network = architecture.generator(4, shape)
        parameters, buffers = (part[None] for part in network.initial(np.random.default_rng(0)))
        for bias in (-10.0, 10.0):
            network.layout.split(parameters[0])[-1].fill_(bias)
            made = network.forward(parameters, buffers, torch.zeros(1, 5, 4), EVALUATE)
            assert made.shape == (1, 5, *shape)
            torch.testing.assert_close(
                made, torch.full_like(made, bias).clamp(-bound, bound), rtol=0.2, atol=0
            )


def test_sizes_are_those_of_the_literature():
    """gan-maths §5: 110 k and 10 k parameters; without the gaps of the flat layout."""
    found = [
        sum(np.prod(shape) for shape in network.layout.shapes)
        for network in (DCGAN16().generator(64, IMAGE), DCGAN16().discriminator(IMAGE))
    ]
    np.testing.assert_allclose(found, [110_000, 10_000], rtol=0.06)


def test_batch_norm_learns_in_training_and_rests_when_looked_at():
    network, parameters, buffers, x = made("dcgan_g", 1)
    kept = buffers.clone()
    for mode in (EVALUATE, TRAIN_KEEP_BUFFERS):
        network.forward(parameters, buffers, x, mode)
        torch.testing.assert_close(buffers, kept, rtol=0, atol=0)
    network.forward(parameters, buffers, x, TRAIN)
    assert not torch.equal(buffers, kept)
    assert not any(isinstance(m, nn.BatchNorm2d) for m in _modules("dcgan_d"))


def _modules(name):
    network, parameters, buffers, _ = made(name, 1)
    return network.module(parameters[0], buffers[0])


def test_spectral_norm_bounds_the_slope():
    """Every layer is divided by its largest singular value, so D is 1-Lipschitz once that is known."""
    network, parameters, buffers, x = made("spectral_d", 1)
    parameters = parameters * 20.0
    for _ in range(200):
        network.forward(parameters, buffers, x, TRAIN)
    points = torch.randn(1, 500, 2, dtype=torch.float64, requires_grad=True)
    (slopes,) = torch.autograd.grad(network.forward(parameters, buffers, points, EVALUATE).sum(), points)
    assert float(slopes.norm(dim=-1).max()) < 1 + 1e-6


def layers_of(network):
    sizes = [(layer.n_in, layer.n_out) for layer in network.layers if isinstance(layer, Linear)]
    return sizes, [layer.function.key for layer in network.layers if isinstance(layer, Activation)]


def test_each_network_may_have_a_size_and_an_activation_of_its_own():
    both = MLP(width=5, hidden_layers=2, activation="relu")
    assert layers_of(both.generator(3, POINT)) == ([(3, 5), (5, 5), (5, 2)], ["relu"] * 2)
    assert layers_of(both.discriminator(POINT)) == ([(2, 5), (5, 5), (5, 1)], ["relu"] * 2)
    apart = dataclasses.replace(
        both, generator_widths=(7,), discriminator_widths=[9, 4, 6], discriminator_activation="sine"
    )
    assert layers_of(apart.generator(3, POINT)) == ([(3, 7), (7, 2)], ["relu"])
    assert layers_of(apart.discriminator(POINT)) == ([(2, 9), (9, 4), (4, 6), (6, 1)], ["sine"] * 3)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [("generator_widths", (4, 0), "between 1 and 4096"), ("discriminator_widths", (1,) * 13, "at most 12 layers"),
     ("generator_widths", 4, "must be a list"), ("generator_activation", "softplus", "Unknown generator_activation")],
)  # fmt: skip
def test_sizes_that_cannot_be_are_refused_in_a_sentence(field, value, sentence):
    with pytest.raises(InvalidValueError, match=sentence):
        MLP(**{field: value})


@pytest.mark.parametrize("kind", INITIALIZATIONS)
def test_first_weights_follow_their_distribution_and_seed(kind):
    network = perceptron([200, 300], Tanh(), None, INITIALIZATIONS[kind](), out_shape=(300,))
    first, _ = network.initial(np.random.default_rng(5))
    again, _ = network.initial(np.random.default_rng(5))
    torch.testing.assert_close(first, again, rtol=0, atol=0)
    weight, bias = network.layout.split(first)
    deviations = {
        "uniform": 1 / np.sqrt(3 * 200), "he": np.sqrt(2 / 200), "xavier": np.sqrt(2 / 500),
        "orthogonal": 0.8 / np.sqrt(300), "small_normal": 0.02,
    }  # fmt: skip
    assert float(weight.std()) == pytest.approx(deviations[kind], rel=0.02)
    assert kind == "uniform" or not bias.any()
    if kind == "orthogonal":
        torch.testing.assert_close(weight @ weight.T, 0.64 * torch.eye(200, dtype=torch.float64))

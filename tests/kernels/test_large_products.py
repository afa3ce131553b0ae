"""Large products by oneDNN are the products, and so are their first and second derivatives."""

import pytest
import torch

from ganviz.kernels import large_products
from ganviz.networks.layers import TRAIN, Linear
from ganviz.networks.mlp import MLP
from ganviz.training.config import RunConfig
from ganviz.training.trainer import Trainer

HAS_FUNCTION = hasattr(torch.ops.mkldnn, "_linear_pointwise")
needs_function = pytest.mark.skipif(not HAS_FUNCTION, reason="this build of torch has no oneDNN")


@pytest.fixture
def _always(monkeypatch):
    """Products of any size, on any processor that oneDNN serves."""
    monkeypatch.setattr(large_products, "LARGE", 1)
    monkeypatch.setattr(large_products, "_has_unused_width", lambda: True)


def tensors(lead, dtype=torch.float32):
    generator = torch.Generator().manual_seed(3)
    shapes = ((*lead, 40, 7), (*lead, 7, 5), (*lead, 5))
    return [torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype) for shape in shapes]


def penalized(affine, x, weight, bias):
    """Return the value, a penalty on its slope at x, and the derivatives of both by everything."""
    x, weight, bias = (t.clone().requires_grad_() for t in (x, weight, bias))
    y = affine(x, weight, bias)
    (slope,) = torch.autograd.grad(torch.tanh(y).sum(), x, create_graph=True)
    penalty = slope.square().sum()
    return y, penalty, *torch.autograd.grad(penalty + y.square().sum(), (x, weight, bias))


def plain(x, weight, bias):
    return x @ weight + bias.unsqueeze(-2)


@needs_function
@pytest.mark.parametrize("lead", [(), (1,), (3,)], ids=["matrices", "one lane", "three lanes"])
def test_values_and_both_derivatives(lead):
    found = penalized(large_products.affine, *tensors(lead))
    right = penalized(plain, *tensors(lead, torch.float64))
    for mine, exact in zip(found, right, strict=True):
        torch.testing.assert_close(mine.double(), exact, rtol=2e-5, atol=2e-5)


@needs_function
def test_lanes_may_share_their_samples():
    x, weight, bias = tensors((3,))
    shared = x[:1].expand(3, -1, -1)
    torch.testing.assert_close(large_products.affine(shared, weight, bias), plain(shared, weight, bias))


@needs_function
@pytest.mark.usefixtures("_always")
def test_networks_and_hand_derived_steps_use_them(monkeypatch):
    calls = []

    def counting(*operands):
        calls.append(operands[0].shape)
        return multiply(*operands)

    multiply = large_products.multiply
    monkeypatch.setattr(large_products, "multiply", counting)
    network = MLP(width=8, hidden_layers=1).discriminator((2,))
    network.forward(torch.randn(2, network.layout.n), torch.empty(2, 0), torch.randn(2, 30, 2), TRAIN)
    assert calls == [(30, 2), (30, 2), (30, 8), (30, 8)]
    calls.clear()
    Trainer(RunConfig(architecture=MLP(width=8, hidden_layers=1))).train(1)
    forward, weights, inputs = 3 * 2, 2 * 2, 1 + 2 + 1
    assert len(calls) == forward + weights + inputs


def test_what_is_left_to_torch(monkeypatch):
    x, weight = torch.empty(256, 128), torch.empty(128, 128)
    for has_avx512 in (True, False):
        monkeypatch.setattr(large_products, "_has_unused_width", lambda: has_avx512)  # noqa: B023
        assert large_products.is_large(x, weight) is has_avx512
        assert not large_products.is_large(x[:100], weight)
        assert not large_products.is_large(x.double(), weight.double())
        assert not large_products.is_large(x.to("meta"), weight.to("meta"))


def test_without_the_function_layers_go_on(monkeypatch):
    monkeypatch.setattr(large_products, "_has_unused_width", lambda: False)
    x, weight, bias = torch.randn(1, 512, 128), torch.randn(1, 128, 128), torch.randn(1, 128)
    layer = Linear(128, 128)
    torch.testing.assert_close(layer.forward(x, [weight, bias], [], TRAIN), plain(x, weight, bias))


LINUX = (
    "processor\t: 0\nvendor_id\t: {}\ncpu family\t: {}\nmodel\t\t: 17\nmodel name\t: a name of family 99\n"
)
WINDOWS = "AMD64 Family {1} Model 97 Stepping 2, {0}"


@pytest.mark.parametrize("about", [LINUX, WINDOWS], ids=["Linux", "Windows"])
@pytest.mark.parametrize(
    ("vendor", "family", "is_used"),
    [("AuthenticAMD", 26, True), ("AuthenticAMD", 25, False), ("GenuineIntel", 26, False)],
)
def test_it_is_for_processors_of_amd_with_their_whole_width(monkeypatch, about, vendor, family, is_used):
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX512")
    monkeypatch.setattr(large_products, "_about_processor", lambda: about.format(vendor, family))
    assert large_products._has_unused_width.__wrapped__() is (is_used and HAS_FUNCTION)


def test_a_processor_that_nothing_is_known_of_is_nobodys():
    assert large_products._amd_family("") == large_products._amd_family("AuthenticAMD") == 0


def test_something_is_known_of_this_processor():
    assert large_products._about_processor()

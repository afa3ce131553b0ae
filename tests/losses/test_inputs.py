"""What the discriminator sees: closed forms of instance noise, and slopes that pass through any input."""

import numpy as np
import pytest
import torch
from numpy.polynomial.hermite_e import hermegauss

from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.inputs import INPUTS
from ganviz.losses.inputs.base import AbstractInput
from ganviz.losses.inputs.instance_noise import InstanceNoise

NODES, SHARES = hermegauss(80)
SHARES = SHARES / SHARES.sum()


class Bent(AbstractInput):
    """x + strength · n x²: neither a shift nor linear."""

    key, title = "bent", "Bent"

    def strength(self, step):
        return 0.5

    def seen(self, samples, normals, strength):
        return samples + strength * normals * samples.square()


def normals(*shape, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape))


@pytest.mark.parametrize("shape", [(2,), (1, 4, 4)])
def test_noise_is_added_alike_in_all_lanes(shape):
    samples, drawn = normals(3, 8, *shape), normals(8, *shape, seed=1)
    seen = InstanceNoise().seen(samples, drawn, torch.tensor(0.3, dtype=torch.float64))
    np.testing.assert_array_equal(seen, samples.numpy() + 0.3 * drawn.numpy()[None])


@pytest.mark.parametrize(
    ("anneal_steps", "step", "share"),
    [(0, 0, 1), (0, 10**6, 1), (100, 0, 1), (100, 25, 0.75), (100, 50, 0.5), (100, 100, 0), (100, 1000, 0)],
)
def test_annealing_is_linear_and_ends_at_nothing(anneal_steps, step, share):
    noise = InstanceNoise(sigma=0.4, anneal_steps=anneal_steps)
    assert noise.strength(step) == pytest.approx(0.4 * share, abs=1e-15)
    assert noise.blur(step) == noise.strength(step)


@pytest.mark.parametrize("spec", [*(cls() for cls in INPUTS.values()), Bent()], ids=lambda spec: spec.key)
def test_slopes_pass_through_as_autograd_has_it(spec):
    samples, drawn, at_seen = normals(2, 5, 2), normals(5, 2, seed=1), normals(2, 5, 2, seed=2)
    strength = torch.tensor(0.7, dtype=torch.float64)
    leaf = samples.clone().requires_grad_()
    (expected,) = torch.autograd.grad(spec.seen(leaf, drawn, strength), leaf, at_seen)
    with torch.inference_mode():
        torch.testing.assert_close(spec.slopes(at_seen, samples, drawn, strength), expected)


@pytest.mark.parametrize("spec", [cls() for cls in INPUTS.values()], ids=lambda spec: spec.key)
def test_no_strength_is_nothing_to_the_bit(spec):
    samples = normals(2, 5, 2).float()
    assert torch.equal(spec.seen(samples, normals(5, 2).float(), torch.tensor(0.0)), samples)


@pytest.mark.parametrize(
    ("loss", "field"),
    [(Saturating(), (0.711909799, -0.913963966)), (NonSaturating(), (0.288090201, -0.913963966))],
    ids=lambda value: getattr(value, "key", ""),
)
def test_the_dirac_games_field_under_noise(loss, field):
    """At θ = ψ = 1 with s = 0.7; the expectation over the noise by quadrature, so that nothing is left to chance."""
    theta, psi = (torch.ones((), dtype=torch.float64, requires_grad=True) for _ in range(2))
    nodes, shares = (torch.from_numpy(numbers) for numbers in (NODES, SHARES))
    noise = InstanceNoise(sigma=0.7)
    strength = torch.tensor(noise.strength(0), dtype=torch.float64)
    real = noise.seen(torch.zeros(1, 80, dtype=torch.float64), nodes, strength)[0]
    made = noise.seen(theta.expand(1, 80), nodes, strength)[0]
    d_loss = (shares * (loss.on_real(psi * real) + loss.on_fake(psi * made))).sum()
    g_loss = (shares * loss.on_generated(psi * made)).sum()
    (to_psi,) = torch.autograd.grad(d_loss, psi, retain_graph=True)
    (to_theta,) = torch.autograd.grad(g_loss, theta)
    np.testing.assert_allclose((-float(to_theta), -float(to_psi)), field, atol=5e-10)


@pytest.mark.parametrize("s", [0.3, 1.0, 2.0])
def test_the_dirac_games_eigenvalues_under_noise(s):
    """-s²/4 ± √(s⁴/16 - ¼) at the equilibrium (Mescheder et al. 2018)."""
    noise, loss = InstanceNoise(sigma=s), NonSaturating()
    nodes, shares = (torch.from_numpy(numbers) for numbers in (NODES, SHARES))
    strength = torch.tensor(noise.strength(0), dtype=torch.float64)

    def field(place):
        theta, psi = place
        real = noise.seen(torch.zeros(1, 80, dtype=torch.float64), nodes, strength)[0]
        made = noise.seen(theta.expand(1, 80), nodes, strength)[0]
        to_psi = loss.on_real_slope(psi * real) * real + loss.on_fake_slope(psi * made) * made
        to_theta = loss.on_generated_slope(psi * made) * psi
        return -torch.stack([(shares * to_theta).sum(), (shares * to_psi).sum()])

    jacobian, h = np.empty((2, 2)), 1e-5
    for i in range(2):
        step = torch.zeros(2, dtype=torch.float64)
        step[i] = h
        jacobian[:, i] = (field(step) - field(-step)) / (2 * h)
    root = np.sqrt(complex(s**4 / 16 - 0.25))
    expected = sorted([-(s**2) / 4 - root, -(s**2) / 4 + root], key=lambda z: (z.real, z.imag))
    found = sorted(np.linalg.eigvals(jacobian).astype(complex), key=lambda z: (z.real, z.imag))
    np.testing.assert_allclose(found, expected, atol=1e-6)

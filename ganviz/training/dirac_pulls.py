"""Where both players of the Dirac game want to go: slopes of their objectives, with whatever the formulation has."""

from __future__ import annotations

import torch
from numpy.polynomial.hermite_e import hermegauss
from torch import Tensor

from ganviz.losses.formulation import Formulation
from ganviz.training.rules import AbstractRule, Alternating

REST_DISTANCE = 1e-3
"""How far from a place the pulls' size, or an objective through D's steps, is differentiated: to the fourth order."""

ALTERNATING = Alternating()

NODES = 40
"""Of the quadrature over noise: enough for 1e-9 at standard deviations up to 2."""


def pull_of_theta(
    formulation: Formulation,
    theta: Tensor,
    psi: Tensor,
    step: int = 0,
    rule: AbstractRule = ALTERNATING,
    packing: int = 1,
) -> Tensor:
    """Return -∂L_G/∂θ at places ``[n, 1]``: where G wants to go, which makes all samples of a pack."""
    if rule.unrolling[0]:
        return _pull_through_psi(formulation, theta, psi, step, rule, packing)
    real, fake, shares = _samples(formulation, theta, step, packing)
    slopes = formulation.loss.g_slopes(*_scores(formulation, psi, real, fake))
    return -(shares * slopes).sum(-1, keepdim=True) * psi * packing * formulation.scale


def _pull_through_psi(
    formulation: Formulation, theta: Tensor, psi: Tensor, step: int, rule: AbstractRule, packing: int
) -> Tensor:
    """Return -dL_G/dθ by differences, where ψ makes the rule's inner steps first, which depend on θ."""
    n_steps, rate = rule.unrolling

    def objective(theta: Tensor) -> Tensor:
        later = psi
        for _ in range(n_steps):
            later = later + rate * pull_of_psi(formulation, theta, later, step, packing)
        real, fake, shares = _samples(formulation, theta, step, packing)
        terms = rule.g_terms(formulation.loss, *_scores(formulation, later, real, fake))
        return sum(((shares * term).sum(-1, keepdim=True) for term in terms), torch.zeros_like(theta))

    h = REST_DISTANCE
    near, far = (objective(theta + k * h) - objective(theta - k * h) for k in (1, 2))
    return -(8 * near - far) / (12 * h)


def pull_of_psi(
    formulation: Formulation, theta: Tensor, psi: Tensor, step: int = 0, packing: int = 1
) -> Tensor:
    """Return -∂L_D/∂ψ at places ``[n, 1]``, penalties included: where each slope of D wants to go."""
    real, fake, shares = _samples(formulation, theta, step, packing)
    on_real, on_fake = formulation.loss.d_slopes(*_scores(formulation, psi, real, fake))
    pull = -(shares * (on_real * real + on_fake * fake)).sum(-1, keepdim=True)
    if formulation.penalties:
        pull = pull - _penalties_slope(formulation, theta, psi, packing)
    return pull / packing


def _samples(
    formulation: Formulation, theta: Tensor, step: int, packing: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Return what D sees of packs, their sums ``[n, nodes]``, real and fake, with their shares: one, or a quadrature's.

    Losses of pairs need every real node beside every fake one.
    """
    scale = formulation.scale
    theta, blur = packing * scale * theta, packing**0.5 * scale * formulation.blur(step)
    if not blur:
        return torch.zeros_like(theta), theta, torch.ones_like(theta)
    nodes, shares = (torch.from_numpy(numbers) for numbers in hermegauss(NODES))
    shares = shares / shares.sum()
    of_real, of_fake = nodes, nodes
    if formulation.loss.generator_sees_real:
        of_real, of_fake = nodes.repeat_interleave(NODES), nodes.repeat(NODES)
        shares = shares.repeat_interleave(NODES) * shares.repeat(NODES)
    return torch.zeros_like(theta) + blur * of_real, theta + blur * of_fake, shares


def _scores(formulation: Formulation, psi: Tensor, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    constant = formulation.loss.decision_score()
    return constant + psi * real, constant + psi * fake


class _Ones:
    """Random numbers of which every square, of a pack's sum, is what it is on average."""

    def random(self, size: tuple[int, ...], /) -> Tensor:
        return torch.full(size, 0.5, dtype=torch.float64)

    def standard_normal(self, size: tuple[int, ...], /) -> Tensor:
        return torch.full(size, size[-1] ** -0.5, dtype=torch.float64)


def _penalties_slope(formulation: Formulation, theta: Tensor, psi: Tensor, packing: int) -> Tensor:
    """Return the derivative of all penalties with respect to ψ; the slope is ψ everywhere, whatever is drawn.

    Normal numbers are 1: of a line, all that matters of them is that their squares are 1 on average. A pack's m ones
    are 1 / √m each, for their sum's square is m times each one's square.
    """
    constant = formulation.loss.decision_score()
    with torch.enable_grad():
        slope = psi.detach().requires_grad_()
        fake = (formulation.scale * theta.detach())[..., None].repeat(1, 1, packing)
        values = [
            penalty.value(
                lambda x: constant + slope * x.sum(-1), real=torch.zeros_like(fake), fake=fake, rng=_Ones()
            )
            for penalty in formulation.penalties
        ]
        (found,) = torch.autograd.grad(torch.stack(values).sum(), slope)
    return found

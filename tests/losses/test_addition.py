"""Verdicts on sums: each is what slopes and values of the two losses say on scores that are tried."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

from ganviz.losses.addition import ADDABLE, ALONE, LOST, OPEN, OPPOSED, addition
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.hinge import Hinge
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.mmd import MMD
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic
from ganviz.losses.adversarial.reverse_kl import ReverseKL
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.game_value import game_value

LN2 = math.log(2)
LOSSES = {key: cls() for key, cls in ADVERSARIAL_LOSSES.items() if cls.has_discriminator} | {
    "smoothed": NonSaturating(real_target=0.9)
}
PAIRS = [(a, b) for a, b in itertools.product(LOSSES, LOSSES)]


@pytest.mark.parametrize("of_g", LOSSES)
def test_a_sum_loses_the_generator_exactly_where_its_slope_is_gone(of_g: str) -> None:
    real = torch.tensor([[0.3, -0.8, 2.0]], dtype=torch.float64)
    for of_d in LOSSES:
        fake = torch.tensor([[-3.0, 0.4, 3.0]], dtype=torch.float64, requires_grad=True)
        total = LOSSES[of_d].discriminator(real_scores=real, fake_scores=fake)
        total = total + LOSSES[of_g].generator(real_scores=real, fake_scores=fake)
        (slope,) = torch.autograd.grad(total.sum(), fake, allow_unused=True)
        is_gone = slope is None or bool((slope.abs() < 1e-12).all())
        told = addition(LOSSES[of_d], LOSSES[of_g]).kind == LOST
        if told:
            assert is_gone, of_d
        elif is_gone:
            # The same D in other words: 2 JSD is V + 2 ln 2, and V itself is listed twice.
            assert LOSSES[of_d].d_words() != LOSSES[of_g].d_words(), of_d


@pytest.mark.parametrize("of_g", LOSSES)
def test_sums_lie_where_they_are_told_to(of_g: str) -> None:
    draw = torch.Generator().manual_seed(0)
    for of_d in LOSSES:
        told = addition(LOSSES[of_d], LOSSES[of_g])
        for size in (0.1, 1.0, 6.0):
            real, fake = (size * torch.randn(100, 8, dtype=torch.float64, generator=draw) for _ in range(2))
            d = LOSSES[of_d].discriminator(real_scores=real, fake_scores=fake)
            g = LOSSES[of_g].generator(real_scores=real, fake_scores=fake)
            for values, one in ((d, told.d_range), (g, told.g_range), (d + g, told.total_range)):
                assert values.min() >= one.low - 1e-9, of_d
                assert values.max() <= one.high + 1e-9, of_d


def test_verdicts_on_the_sums_of_the_article() -> None:
    kinds = {
        Saturating(): LOST, NonSaturating(): ADDABLE, LeastSquares(): ADDABLE, PairedRelativistic(): ADDABLE,
        Wasserstein(): LOST, Hinge(): OPEN, ReverseKL(): OPEN,
    }  # fmt: skip
    for loss, kind in kinds.items():
        assert addition(loss, loss).kind == kind, loss
    assert "no origin" in addition(Hinge(), Hinge()).sentence
    for one, other in ((NonSaturating(), Wasserstein()), (Wasserstein(), NonSaturating())):
        assert "no origin" in addition(one, other).sentence, "one critic is enough"
    assert "L_G can fall without end" in addition(ReverseKL(), ReverseKL()).sentence
    assert "pulled back" in addition(LeastSquares(), LeastSquares()).sentence
    assert str(addition(NonSaturating(), NonSaturating()).total_range) == "[2 ln 2, ∞)"
    assert addition(NonSaturating(), Saturating()).kind == LOST
    assert addition(LeastSquares(), NonSaturating()).kind == OPEN
    assert {addition(one, MMD()).kind for one in (None, MMD(), Hinge())} == {ALONE}


def test_the_value_is_not_of_one_direction_with_any_loss() -> None:
    """D's step along -∇L_D raises V; G's along -∇L_G lowers L_G."""
    for loss in LOSSES.values():
        assert addition(None, loss).kind == OPPOSED
    real, fake = (torch.tensor([[0.2, -0.5]], dtype=torch.float64, requires_grad=True) for _ in range(2))
    d_loss = NonSaturating().discriminator(real_scores=real, fake_scores=fake)
    step = [
        score - 0.1 * g
        for score, g in zip((real, fake), torch.autograd.grad(d_loss.sum(), (real, fake)), strict=True)
    ]
    values = [game_value(*(t.detach().numpy() for t in pair)).value[0] for pair in ((real, fake), step)]
    assert values[1] > values[0]
    assert str(addition(None, Saturating()).total_range) == "(−∞, 0]"


def test_ranges_at_the_best_discriminator_hold_and_are_reached() -> None:
    """Random p and q, q without some of p's mass, and the best scores ln(p / q), in NumPy."""
    rng = np.random.default_rng(0)
    found: dict[type, list[tuple[float, float, float]]] = {Saturating: [], NonSaturating: []}
    for sharpness in (0.02, 0.1, 0.5, 1.0, 5.0, 100.0, 1e4):
        for missing in range(8):
            p, q = rng.dirichlet(np.full(8, sharpness)) + 1e-12, rng.dirichlet(np.full(8, sharpness)) + 1e-12
            q[:missing] = 1e-300
            if missing and sharpness == 1e4:
                p, q = np.full(8, 1 / 8), np.where(np.arange(8) < missing, 1e-300, 1.0)
            p, q = p / p.sum(), q / q.sum()
            t = np.log(p) - np.log(q)
            d = (p * np.logaddexp(0, -t)).sum() + (q * np.logaddexp(0, t)).sum()
            for cls, g in (
                (Saturating, -(q * np.logaddexp(0, t)).sum()), (NonSaturating, (q * np.logaddexp(0, -t)).sum())
            ):  # fmt: skip
                found[cls].append((d, g, d + g))
    for cls, rows in found.items():
        told, values = cls().best_ranges, np.array(rows)
        assert told is not None
        for one, column in zip((told.d_loss, told.g_loss, told.total), values.T, strict=True):
            assert column.min() >= one.low - 1e-9
            assert column.max() <= one.high + 1e-9
            assert column.min() <= one.low + 0.03
            assert column.max() >= (one.high - 0.03 if one.high < math.inf else 3)
    assert NonSaturating().best_ranges.total.low == pytest.approx(2.03785, abs=1e-5)
    assert NonSaturating(real_target=0.9).best_ranges is None
    assert Saturating(fake_target=0.1).best_ranges is None
    assert all(loss.best_ranges is None for key, loss in LOSSES.items() if "saturating" not in key)

"""What the article derives, against closed forms and for any scores."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ganviz.losses.game_value import game_value

LN2 = math.log(2.0)
SCORES = hnp.arrays(np.float32, (2, 3, 16), elements=st.floats(-1e4, 1e4, width=32))


@given(SCORES)
def test_the_identities_hold_for_any_scores(scores):
    found = game_value(*scores)
    size = 1 + np.abs(scores).max()
    assert found.value.shape == (3,)
    np.testing.assert_array_equal(found.value, -(found.d_real + found.d_fake))
    np.testing.assert_array_equal(found.g_saturating, -found.d_fake)
    np.testing.assert_allclose(found.total_saturating, found.d_real, atol=1e-15 * size, rtol=0)
    np.testing.assert_array_equal(
        found.total_non_saturating, found.d_real + found.d_fake + found.g_non_saturating
    )


@given(SCORES)
def test_the_ranges_hold_for_any_discriminator(scores):
    found = game_value(*scores)
    assert (found.value <= 0).all()
    assert (found.g_saturating <= 0).all()
    assert (found.g_non_saturating >= 0).all()
    assert (found.total_non_saturating >= 2 * LN2 - 1e-12).all()


@given(SCORES)
def test_the_sum_without_the_generator(scores):
    """With the saturating loss nothing about the fakes is left in the total."""
    real, fake = scores
    a, b = game_value(real, fake), game_value(real, np.zeros_like(fake))
    np.testing.assert_allclose(
        a.total_saturating, b.total_saturating, atol=1e-15 * (1 + np.abs(scores).max())
    )


def test_a_discriminator_that_knows_nothing():
    found = game_value(np.zeros((1, 4)), np.zeros((1, 4)))
    for name, expected in {
        "d_real": LN2, "d_fake": LN2, "value": -2 * LN2, "g_saturating": -LN2, "g_non_saturating": LN2,
        "total_saturating": LN2, "total_non_saturating": 3 * LN2,
    }.items():  # fmt: skip
        assert getattr(found, name)[0] == pytest.approx(expected, rel=1e-15), name


@pytest.mark.parametrize("t", [-700.0, -40.0, -1.0, 0.3, 25.0, 700.0])
def test_tails_are_exact(t):
    """ln(1 + e^t) = t + ln(1 + e^-t), computed here by its series where that is tiny."""
    tiny = math.exp(-abs(t))
    tail = tiny - tiny**2 / 2 + tiny**3 / 3 if tiny < 1e-6 else math.log1p(tiny)
    found = game_value(np.array([[t]]), np.array([[t]]))
    assert found.d_fake[0] == pytest.approx(max(t, 0.0) + tail, rel=1e-14)
    assert found.d_real[0] == pytest.approx(max(-t, 0.0) + tail, rel=1e-14)

"""How far seeds lie apart: bands of seeds enough only, and which way a figure is better."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ganviz.session.figure_titles import better_words
from ganviz.session.seed_words import difference_text
from ganviz.session.spread import MIDDLE_HALF, TENTHS, has_band, least_seeds, spread
from ganviz.training.paired import compare


@pytest.mark.parametrize("left_out", [MIDDLE_HALF, TENTHS])
def test_a_band_leaves_a_seed_out_at_each_end(left_out):
    for n in range(2, 30):
        ends = np.quantile(np.arange(n, dtype=float), (left_out, 1 - left_out))
        assert has_band(n, left_out) == bool(ends[0] >= 1 and ends[1] <= n - 2)


def test_few_seeds_are_told_by_the_outermost_ones():
    assert (least_seeds(MIDDLE_HALF), least_seeds(TENTHS)) == (5, 11)
    assert spread([2.0, 1.0]) == (1.0, 2.0)
    assert spread([4.0, None, 1.0, math.nan, 2.0, 3.0]) == (1.0, 4.0)
    assert spread([5.0, 1.0, 2.0, 3.0, 4.0]) == (2.0, 4.0)
    assert spread([1.0, None]) is None


def test_a_figure_says_which_way_it_is_better():
    words = {name: better_words(name) for name in ("sliced_wasserstein", "modes_hit", "d_loss", "value")}
    assert words["sliced_wasserstein"] == "lower is better"
    assert words["modes_hit"] == "higher is better"
    assert words["d_loss"] == words["value"] == "neither higher nor lower is better"


def test_of_five_seeds_no_difference_can_be_told_from_chance() -> None:
    """All of them on one side have a p of 2 · 2^-5 = 0.0625, of six 0.03125."""
    for n, sign, verdict in (
        (5, 1, "too few seeds to tell"),
        (6, 1, "hardly chance"),
        (6, -1, "could be chance"),
    ):
        second = np.arange(1.0, n + 1)
        second[-1] *= sign
        assert verdict in difference_text(compare(np.zeros(n), second).plain)
    assert difference_text(compare(np.zeros(2), np.zeros(2)).plain) == "no difference"

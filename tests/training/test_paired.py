"""The paired comparison, against SciPy's."""

import math

import numpy as np
import pytest
import scipy.stats

from ganviz.training.paired import compare


@pytest.mark.parametrize("n", [1, 2, 6, 16, 32, 50, 51, 64])
@pytest.mark.parametrize("decimals", [15, 1], ids=["without ties", "with ties and zeros"])
def test_it_is_the_signed_rank_test(n, decimals):
    rng = np.random.default_rng(n)
    first, second = rng.normal(0, 1, n).round(decimals), rng.normal(0.4, 1, n).round(decimals)
    found, difference = compare(first, second), second - first
    assert (found.n, found.median_difference) == (n, np.median(difference))
    has_ties = len(np.unique(np.abs(difference[difference != 0]))) < n
    method = "approx" if has_ties or n > 50 else "exact"
    assert found.p == pytest.approx(scipy.stats.wilcoxon(difference, method=method).pvalue, rel=1e-9)


def test_what_has_no_value_is_left_out():
    first, second = np.array([1.0, math.nan, 3.0, 4.0]), np.array([2.0, 5.0, math.inf, 6.0])
    assert compare(first, second) == compare(first[[0, 3]], second[[0, 3]])
    assert math.isnan(compare(first, first).p)
    assert compare(first[:0], first[:0]).n == 0

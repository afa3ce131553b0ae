"""The paired comparison, against SciPy's."""

import itertools
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
    if has_ties and np.count_nonzero(difference) <= 50:
        assert found.p == pytest.approx(of_all_signs(difference), abs=1e-9 if n <= 16 else 0.01)
        return
    method = "approx" if n > 50 else "exact"
    assert found.p == pytest.approx(scipy.stats.wilcoxon(difference, method=method).pvalue, rel=1e-9)


def of_all_signs(difference):
    """Return p by all choices of signs; of many pairs by SciPy's approximation."""
    if len(difference) > 16:
        return scipy.stats.wilcoxon(difference, method="approx").pvalue
    nonzero = difference[difference != 0]
    ranks = scipy.stats.rankdata(np.abs(nonzero))
    signs = np.array(list(itertools.product((0, 1), repeat=len(ranks))))
    smaller = min(ranks[nonzero > 0].sum(), ranks[nonzero < 0].sum())
    return min(1.0, 2 * np.mean(signs @ ranks <= smaller + 1e-9))


def test_few_equal_differences_can_be_chance():
    """Two of thirty-two choices of signs are as uneven; the normal approximation would say 0.025."""
    assert compare(np.zeros(5), np.ones(5)).p == pytest.approx(2 / 32)
    assert compare(np.zeros(4), np.array([1.0, 1.0, 2.0, 0.0])).p == pytest.approx(2 / 8)


def test_what_has_no_value_is_left_out():
    first, second = np.array([1.0, math.nan, 3.0, 4.0]), np.array([2.0, 5.0, math.inf, 6.0])
    assert compare(first, second) == compare(first[[0, 3]], second[[0, 3]])
    assert math.isnan(compare(first, first).p)
    assert compare(first[:0], first[:0]).n == 0

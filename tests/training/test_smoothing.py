"""Running averages against their definition: the same in any range, any number of buckets and any length of a run."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganviz.training import history as history_module
from ganviz.training.columns import COLUMNS
from ganviz.training.history import ChangeMark, History
from ganviz.training.smoothing import MOST, Average, Averages

SOME = [4, 1]


def defined(table, weight, breaks):
    """Return the average at every row as its definition says."""
    result, total, count = np.full_like(table, np.nan), np.zeros(table.shape[1]), np.zeros(table.shape[1])
    for i, row in enumerate(table):
        if i in breaks:
            total, count = np.zeros_like(total), np.zeros_like(count)
        total = weight * total + np.nan_to_num(row)
        count = weight * count + np.isfinite(row)
        result[i] = np.divide(total, count, out=result[i], where=count > 0)
    return result


def read(history, weight, steps=None, buckets=900):
    """Return first and last steps of buckets, and where and what the average is, in SOME columns."""
    first, last, *_ = history.thinned(buckets) if steps is None else history.detail(steps, buckets, SOME)
    return first, last, *history.averages.of(weight, SOME).read(history, first, last)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(1, 700), stop=st.integers(0, 700), weight=st.sampled_from([0.3, 0.9, 0.999]),
    breaks=st.sets(st.integers(0, 700), max_size=4), low=st.integers(1, 700), span=st.integers(0, 700),
    buckets=st.sampled_from([3, 50, 900]), cuts=st.sets(st.integers(1, 699), max_size=3),
)  # fmt: skip
def test_every_average_is_exact(monkeypatch, n, stop, weight, breaks, low, span, buckets, cuts):
    monkeypatch.setattr(history_module, "CHUNK_ROWS", 64)
    monkeypatch.setattr(history_module, "CHUNKS_IN_MEMORY", 2)
    values = np.random.default_rng(n).standard_normal((n, 2, len(COLUMNS)))
    values[:, 1, 4] = np.nan
    values[n // 2, 0, 1] = np.nan
    history, stops = History(2), [n, min(stop, n)]
    for start, end in zip(
        [0, *sorted(c for c in cuts if c < n)], [*sorted(c for c in cuts if c < n), n], strict=True
    ):
        history.append(values[start:end], [max(0, min(s, end) - start) for s in stops])
        history.marks = [ChangeMark(step, 0, "x", True) for step in sorted(breaks) if step <= end]
        read(history, weight)
    history.marks.append(ChangeMark(n // 3, None, "no break", False))
    expected = [
        defined(values[: stops[lane], lane], weight, breaks if lane == 0 else set())[:, SOME]
        for lane in range(2)
    ]
    for steps in (None, (low, low + span)):
        first, last, at, found = read(history, weight, steps, buckets)
        assert found.shape == ((2 if len(first) else 0), 2, len(first))
        assert ((first <= at) & (at <= last)).all()
        for lane in range(2 if len(first) else 0):
            for i, step in enumerate(at):
                wanted = expected[lane][step - 1] if step <= stops[lane] else np.full(2, np.nan)
                np.testing.assert_allclose(found[lane, :, i], wanted, rtol=1e-9, atol=1e-12)


def decay(n):
    values = np.repeat(np.exp(-np.arange(1, n + 1) / 1000.0)[:, None], len(COLUMNS), axis=1)
    return History.from_tables([values], [])


@pytest.mark.parametrize("weight", [0.9, 0.999])
def test_a_decay_reads_the_same_in_every_width_zoom_and_length(weight):
    expected = defined(np.exp(-np.arange(1, 2001) / 1000.0)[:, None], weight, set())[:, 0]
    for n in (2_000, 60_000):
        history = decay(n)
        for steps in (None, (1, n), (900, 1100), (1, 2000)):
            for buckets in (400, 900):
                _, _, at, found = read(history, weight, steps, buckets)
                early = at <= 2000
                assert early.sum() > 5
                np.testing.assert_allclose(found[0, 0, early], expected[at[early] - 1], atol=1e-9)


def test_an_average_reads_no_more_than_what_it_remembers(monkeypatch):
    """Also where one looks at another part, and back, and at all: the same as one that has read everything."""
    history, read_rows, between = decay(60_000), [], History.between

    def counted(self, lane, first, end, columns):
        read_rows.append(end - first)
        return between(self, lane, first, end, columns)

    monkeypatch.setattr(History, "between", counted)
    for steps, most in (
        ((40_000, 40_040), 800),
        ((40_010, 40_060), 200),
        ((9_000, 9_100), 800),
        (None, 70_000),
    ):
        read_rows.clear()
        _, _, at, found = read(history, 0.9, steps)
        assert sum(read_rows) < most, steps
        everything = Average(0.9, SOME)
        everything.read(history, np.array([1]), np.array([60_000]))
        np.testing.assert_allclose(found, everything.read(history, at, at)[1], rtol=1e-12)


@pytest.mark.parametrize("buckets", [10, 60, 400])
@pytest.mark.parametrize("weight", [0.9, 0.999])
def test_long_ranges_read_hardly_a_row_and_are_exact(monkeypatch, weight, buckets):
    """Of whole chunks and of groups in them, in memory and spilled; with gaps, and breaks wherever they are."""
    monkeypatch.setattr(history_module, "CHUNKS_IN_MEMORY", 4)
    n, breaks = 60_000, {3, 4096, 9_000, 9_100, 30_719, 30_720, 58_000}
    values = np.random.default_rng(0).standard_normal((n, 1, len(COLUMNS)))
    values[::3, 0, 4] = np.nan
    values[20_000:20_300, 0, 1] = np.nan
    history = History(1)
    for start in range(0, n, 7_000):
        history.append(values[start : start + 7_000], [len(values[start : start + 7_000])])
    history.marks = [ChangeMark(step, 0, "x", True) for step in sorted(breaks)]
    read_rows, between = [], History.between
    monkeypatch.setattr(
        History, "between", lambda self, *args: (read_rows.append(args[2] - args[1]), between(self, *args))[1]
    )
    expected = defined(values[:, 0], weight, breaks)[:, SOME]
    _, last, *_ = history.detail((1, n), buckets, SOME)
    read_rows.clear()
    _, _, at, found = read(history, weight, (1, n), buckets)
    assert len(at) > 0.5 * buckets or buckets == 400
    np.testing.assert_allclose(found[0].T, expected[at - 1], rtol=1e-9, atol=1e-12)
    if last[0] >= 256:
        assert sum(read_rows) < 4096 * (len(breaks) + 1)


def test_an_average_follows_forks_and_removed_lanes():
    values = np.random.default_rng(0).standard_normal((500, 2, len(COLUMNS)))
    history = History(2)
    history.append(values, [500, 500])
    before = read(history, 0.9)[3]
    history.fork(0)
    np.testing.assert_array_equal(read(history, 0.9)[3], before[[0, 1, 0]])
    history.remove(0)
    np.testing.assert_array_equal(read(history, 0.9)[3], before[[1, 0]])


@given(st.floats(-1e3, 1e3), st.sampled_from([0.5, 0.99, 0.9999]), st.integers(1, 300))
def test_an_average_keeps_a_constant(value, weight, n):
    history = History.from_tables([np.full((n, len(COLUMNS)), value)], [])
    np.testing.assert_allclose(read(history, weight)[3], value, rtol=1e-9, atol=1e-12)


def test_only_the_last_weights_are_kept():
    averages = Averages()
    first = averages.of(0.5, SOME)
    assert averages.of(0.5, SOME) is first
    assert averages.of(0.5, SOME[:1]) is not first
    for weight in np.linspace(0.6, 0.7, MOST - 1):
        averages.of(weight, SOME)
    assert averages.of(0.5, SOME) is not first
    assert len(averages._known) == MOST

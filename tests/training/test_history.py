"""Every step's scalars against a plain table, in memory and on disk, and their bounded overview."""

import copy
import errno
import io
import itertools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganviz.training import chunks as chunks_module
from ganviz.training import detail as detail_module
from ganviz.training import history as history_module
from ganviz.training.columns import COLUMNS
from ganviz.training.history import ChangeMark, History
from ganviz.training.overview import MAX_BUCKETS, Overview

SIZES = st.lists(st.integers(1, 70), min_size=1, max_size=12)


def rows(n, n_lanes, seed=0):
    return np.random.default_rng(seed).standard_normal((n, n_lanes, len(COLUMNS)))


def filled(sizes, n_lanes=2, stops=None):
    """Return a history of blocks of these sizes and the tables it must hold; lane i ends at ``stops[i]``."""
    history, values = History(n_lanes), rows(sum(sizes), n_lanes)
    stops = stops or [len(values)] * n_lanes
    at = 0
    for size in sizes:
        n_valid = [max(0, min(size, stop - at)) for stop in stops]
        history.append(values[at : at + size], n_valid)
        at += size
    return history, [values[: min(stop, at), lane] for lane, stop in enumerate(stops)]


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(history_module, "CHUNK_ROWS", 16)
    monkeypatch.setattr(history_module, "CHUNKS_IN_MEMORY", 3)


def assert_holds(history, tables):
    assert history.n_lanes == len(tables)
    assert history.n_steps == max(len(table) for table in tables)
    for lane, table in enumerate(tables):
        assert history.n_rows(lane) == len(table)
        np.testing.assert_array_equal(history.table(lane), table)
        steps = np.concatenate([steps for steps, _ in history.rows(lane)] or [np.empty(0)])
        np.testing.assert_array_equal(steps, np.arange(1, len(table) + 1))
        last = list(history.last_row(lane).values())
        np.testing.assert_array_equal(last, table[-1] if len(table) else np.full(len(COLUMNS), np.nan))


@pytest.mark.parametrize("is_small", [False, True], ids=["in memory", "on disk"])
@settings(max_examples=25, deadline=None)
@given(sizes=SIZES, stop=st.integers(0, 300))
def test_every_step_is_kept(request, is_small, sizes, stop):
    if is_small:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(history_module, "CHUNK_ROWS", 16)
            patch.setattr(history_module, "CHUNKS_IN_MEMORY", 3)
            assert_holds(*filled(sizes, stops=[10**9, stop]))
    else:
        assert_holds(*filled(sizes, stops=[10**9, stop]))


def test_memory_is_bounded(small_chunks):
    history, tables = filled([64] * 20)
    kept = [chunk for chunks in history._chunks for chunk in chunks if chunk.values is not None]
    assert len(kept) <= 3 + 2  # what may wait, and the chunk that each lane is writing to
    assert_holds(history, tables)


def test_what_is_spilled_leaves_little_behind(monkeypatch):
    monkeypatch.setattr(history_module, "CHUNKS_IN_MEMORY", 1)
    history = History.from_tables([rows(30_000, 1)[:, 0]], [])
    spilled = [chunk for chunk in history._chunks[0] if chunk.values is None]
    assert len(spilled) > 3
    for chunk in spilled:
        kept = sum(groups.nbytes for groups in chunk._made.values())
        assert kept == 4 * len(COLUMNS) * 8  # low, high, sum and count of the whole


@pytest.mark.parametrize("problem", ["full from the start", "full later", "no folder to write to"])
def test_what_no_disk_takes_stays_in_memory(small_chunks, monkeypatch, tmp_path, problem):
    """A disk takes what fits, and no more; what is there already has to be read all the same."""
    limit = {"full from the start": 100, "full later": 60_000}.get(problem, 0)

    class Full(io.FileIO):
        def write(self, data):
            free = limit - self.tell()
            if free <= 0:
                raise OSError(errno.ENOSPC, "no space left on device")
            return super().write(data[:free])

    def made(prefix, buffering=-1):
        if problem == "no folder to write to":
            raise FileNotFoundError(errno.ENOENT, "no usable temporary directory")
        file = Full(tmp_path / "history", "w+")
        return io.BufferedRandom(file) if buffering else file

    monkeypatch.setattr(history_module.tempfile, "TemporaryFile", made)
    history, tables = filled([64] * 5)
    assert_holds(history, tables)
    assert_detail(history, tables, (3, 300), 20, [1])
    if history._file is not None:  # no part of a chunk takes what is left
        size = history._file.seek(0, 2)
        chunks = {id(chunk): chunk for chunk in itertools.chain(*history._chunks)}.values()
        assert size == max((end_of(chunk) for chunk in chunks if chunk.values is None), default=0)


def end_of(chunk):
    """Return where what a chunk has spilled ends."""
    places = [(chunk._offset, chunk._shape), *chunk._spilled.values()]
    return max(offset + 8 * math.prod(shape) for offset, shape in places)


@pytest.mark.usefixtures("small_chunks")
def test_the_disk_is_not_filled(monkeypatch):
    """What a person saves, and settings, go to the same disk."""
    monkeypatch.setattr(chunks_module, "LEFT_FREE", 1 << 60)
    history, tables = filled([64] * 5)
    assert all(chunk.values is not None for chunk in itertools.chain(*history._chunks))
    assert history._file.seek(0, 2) == 0
    assert_holds(history, tables)


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("n_more", [1, 70, 700])
def test_a_frozen_history_does_not_see_what_comes_later(n_more):
    history, tables = filled([64] * 4 + [10], stops=[10**9, 21])
    frozen = history.frozen()
    history.append(rows(n_more, 2, seed=1), [n_more, 0])
    history.remove(1)
    history.marks.append(ChangeMark(3, None, "x", False))
    assert frozen.marks == []
    assert_holds(frozen, tables)
    del history
    assert_holds(frozen, tables)


@pytest.mark.usefixtures("small_chunks")
def test_a_fork_has_the_past_of_its_origin_and_a_future_of_its_own():
    history, tables = filled([50, 25])
    history.fork(1)
    more = rows(40, 3, seed=1)
    history.append(more, [40, 40, 40])
    expected = [np.concatenate([table, more[:, i]]) for i, table in enumerate([*tables, tables[1]])]
    assert_holds(history, expected)
    history.remove(1)
    assert_holds(history, [expected[0], expected[2]])


def test_a_change_made_again_at_the_same_step_is_counted():
    history = History(2)
    for step, lane, label in (
        *[(5, None, "D step")] * 12, (5, 0, "D step"), (5, None, "x × y"), (5, None, "x"), *[(6, None, "x")] * 2,
    ):  # fmt: skip
        history.mark(ChangeMark(step, lane, label, False))
    assert [(mark.step, mark.lane, mark.label) for mark in history.marks] == [
        (5, None, "D step × 12"), (5, 0, "D step"), (5, None, "x × y"), (5, None, "x"), (6, None, "x × 2"),
    ]  # fmt: skip


def test_a_fork_has_the_changes_of_its_past():
    history = History(2)
    history.marks = [ChangeMark(5 + i, lane, "x", True) for i, lane in enumerate((1, None, 0))]
    history.fork(1)
    assert [mark.step for mark in history.marks] == [5, 5, 6, 7]
    history.remove(1)
    assert history.marks == [ChangeMark(5 + i, lane, "x", True) for i, lane in enumerate((1, None, 0))]


def test_marks_follow_their_lanes():
    history = History(3)
    history.marks = [ChangeMark(5, lane, "x", True) for lane in (None, 0, 1, 2)]
    history.remove(1)
    assert [mark.lane for mark in history.marks] == [None, 0, 1]


@settings(max_examples=20, deadline=None)
@given(sizes=SIZES, stop=st.integers(0, 200))
def test_tables_make_the_same_history(sizes, stop):
    _, tables = filled(sizes, stops=[10**9, stop])
    marks = [ChangeMark(3, None, "x", False)]
    again = History.from_tables(tables, marks)
    assert_holds(again, tables)
    assert again.marks == marks
    np.testing.assert_array_equal(again.table(0, up_to=2), tables[0][:2])


def brute(table, first, last):
    parts = [table[a - 1 : b] for a, b in zip(first, last, strict=True)]
    return [np.stack([f(part, axis=0) for part in parts]) for f in (np.min, np.max, np.mean)]


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 3000), min_size=1, max_size=5),
    buckets=st.sampled_from([1, 7, 600, MAX_BUCKETS]),
)
def test_the_overview_keeps_every_extreme(sizes, buckets):
    values = np.random.default_rng(len(sizes)).standard_normal((sum(sizes), 1, 3))
    overview = Overview(1, 3)
    for i, (start, end) in enumerate(itertools.pairwise(np.cumsum([0, *sizes]))):
        overview.append(values[start:end])
        if i % 3 < 2:  # what is found out at a look is kept for the next one
            overview.thinned(buckets)
    first, last, low, high, mean = overview.thinned(buckets)
    assert len(first) <= buckets
    assert first[0] == 1
    assert last[-1] == len(values)
    np.testing.assert_array_equal(first[1:], last[:-1] + 1)
    for found, expected in zip((low, high, mean), brute(values[:, 0], first, last), strict=True):
        np.testing.assert_allclose(found[0].T, expected, rtol=1e-9, atol=1e-12)
    assert low.min() == values.min()
    assert high.max() == values.max()


def test_lanes_that_come_and_go_between_looks_are_those_of_an_overview_that_nobody_looked_at():
    looked_at, other = Overview(2, 3), Overview(2, 3)
    for n_lanes, change in (
        (2, lambda one: one.fork(1)),
        (3, lambda one: one.remove(0)),
        (2, lambda _: None),
    ):
        values = np.random.default_rng(n_lanes).standard_normal((700, n_lanes, 3))
        for one in (looked_at, other):
            one.append(values)
            change(one)
        for ours, theirs in zip(looked_at.thinned(100), copy.deepcopy(other).thinned(100), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_no_value_is_no_value():
    """A lane that has stopped leaves buckets without a value, and none at all spoils a mean."""
    values = np.ones((MAX_BUCKETS * 4, 2, 1))
    values[100:, 1] = np.nan
    values[3, 0] = np.nan
    overview = Overview(2, 1)
    overview.append(values)
    _, last, low, _, mean = overview.thinned(MAX_BUCKETS)
    np.testing.assert_array_equal(mean[0, 0], 1.0)
    np.testing.assert_array_equal(np.isnan(mean[1, 0]), last > 100)
    np.testing.assert_array_equal(np.isnan(low[1, 0]), last > 100)


def test_an_overview_of_nothing_is_empty():
    assert [len(part) for part in Overview(2, 3).thinned(9)[:2]] == [0, 0]
    assert all(part.shape == (2, 3, 0) for part in Overview(2, 3).thinned(9)[2:])


def assert_detail(history, tables, steps, buckets, columns):
    first, last, low, high, mean, current = history.detail(steps, buckets, columns)
    a, b = max(1, steps[0]), min(history.n_steps, steps[1])
    if b < a:
        assert (len(first), low.shape) == (0, (len(tables), len(columns), 0))
        return
    assert first[0] <= a
    assert b <= last[-1] <= history.n_steps
    assert len(first) <= buckets + 1
    np.testing.assert_array_equal(first[1:], last[:-1] + 1)
    if b - a < buckets:
        np.testing.assert_array_equal(first, np.arange(a, b + 1))
        np.testing.assert_array_equal(first, last)
    for lane, table in enumerate(tables):
        for found, reduce in ((low, np.nanmin), (high, np.nanmax), (mean, np.nanmean)):
            for i, (start, end) in enumerate(zip(first, last, strict=True)):
                part = table[start - 1 : end, columns]
                expected = reduce(part, axis=0) if len(part) else np.full(len(columns), np.nan)
                np.testing.assert_allclose(found[lane, :, i], expected, rtol=1e-9, atol=1e-12)
        np.testing.assert_array_equal(current[lane], table[-1, columns] if len(table) else np.nan)


@pytest.mark.usefixtures("small_chunks")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=SIZES, stop=st.integers(0, 200), low=st.integers(-3, 220), span=st.integers(0, 300),
    buckets=st.sampled_from([1, 2, 3, 20, 600]), groups=st.sampled_from([(4, 8), (64,), ()]),
)  # fmt: skip
def test_any_range_is_read_from_memory_and_disk(sizes, stop, low, span, buckets, groups):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(detail_module, "GROUP_ROWS", groups)
        history, tables = filled(sizes, stops=[10**9, stop])
        assert_detail(history, tables, (low, low + span), buckets, [3, 0])
        history.fork(0)
        assert_detail(history, [*tables, tables[0]], (low, low + span), buckets, [1])
        assert_detail(history.frozen(), [*tables, tables[0]], (low, low + span), buckets, [1])


def test_a_long_run_is_read_in_any_range_without_losing_an_extreme(monkeypatch):
    monkeypatch.setattr(history_module, "CHUNKS_IN_MEMORY", 2)
    values = rows(30_000, 1)
    values[12_344, 0, 2], values[20_000, 0, 2] = 1e3, -1e3
    history = History.from_tables([values[:, 0]], [])
    for steps in ((1, 30_000), (11_000, 29_000), (12_000, 21_000), (20_001, 20_001), (12_345, 13_000)):
        for buckets in (5, 100, 900):
            assert_detail(history, [values[:, 0]], steps, buckets, [2, 5])
    for buckets in (5, 100, 900):
        _, _, low, high, _, _ = history.detail((12_000, 21_000), buckets, [2])
        assert (low.min(), high.max()) == (-1e3, 1e3)


def test_a_bucket_stays_the_same_while_the_range_is_moved():
    history = History.from_tables([rows(9_000, 1)[:, 0]], [])
    firsts = [history.detail((low, low + 5_000), 500, [0])[0] for low in (1000, 1003, 1011)]
    assert all(set(np.diff(first)) == {11} and (first[0] - 1) % 11 == 0 for first in firsts)

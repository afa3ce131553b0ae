"""A loss log as a run that has a past alone: what it reads quickly is what reading all of it would give."""

from __future__ import annotations

import numpy as np
import pytest

from ganviz.losses import ADVERSARIAL_LOSSES
from ganviz.session.logs.log import LossLog
from ganviz.session.logs.recorded import RecordedRun
from ganviz.session.logs.table import Table, remembering
from ganviz.training.detail import summaries
from ganviz.training.probes.ledger import Ledger, LedgerProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe

N = 9_000


def recorded(**columns: object) -> RecordedRun:
    steps, *values = map(np.asarray, np.broadcast_arrays(*columns.values()))
    names = list(columns)[1:]
    log = LossLog(steps, dict(zip(names, values, strict=True)), {}, frozenset(), 1.0, "step", ())
    return RecordedRun(log, ADVERSARIAL_LOSSES["non_saturating"]())


def test_the_ledger_is_of_the_whole_row_that_is_nearest() -> None:
    steps = np.arange(N) * 3.0
    real = np.where(np.arange(N) % 10 == 4, 0.5, np.nan)  # logged every tenth time
    run = recorded(steps=steps, d_loss=1.0, d_loss_real=real, d_loss_fake=0.5, g_loss=0.7)
    whole = steps[np.isfinite(real)]
    for step in (-8.0, 0.0, 11.9, 12.0, 13.0, 26.9, 27.1, 13_501.0, steps[-1] + 99, None):
        nearest = whole[-1] if step is None else whole[np.argmin(np.abs(whole - step))]
        found = run.snapshot([LedgerProbe()], step)
        assert found.viewed_step == nearest, step
        assert isinstance(found.readings[0][1], Ledger)


@pytest.mark.parametrize("rest", [np.nan, np.inf, 2.0])
def test_the_newest_number_may_lie_far_back(rest: float) -> None:
    late = np.where(np.arange(N) < 40, 1.5, rest)
    run = recorded(steps=np.arange(N, dtype=np.float64), d_loss=late, g_loss=np.nan)
    assert run._rows.newest[0, run._rows.places["d_loss"]] == (2.0 if rest == 2 else 1.5)
    assert run.has("d_loss")
    assert not run.has("g_loss")


def test_a_column_by_itself_is_summarized_as_among_others() -> None:
    values = np.random.default_rng(3).normal(size=N + 37)
    values[[5, 70, 71, 6_000]] = np.nan, np.inf, -np.inf, np.nan
    values[640:704] = np.nan
    alone, among = summaries(values[:, None], 4096), summaries(np.stack((values, values[::-1]), axis=1), 4096)
    for length in alone:
        np.testing.assert_array_equal(alone[length][:, :, 0], among[length][:, :, 0])


def test_columns_that_were_asked_for_last_are_not_read_again() -> None:
    asked = []

    def load(columns: object) -> tuple[np.ndarray, int]:
        asked.append(columns)
        return np.zeros((2, len(asked))), len(asked)

    table = remembering(Table(("a", "b"), "", load))
    assert table.load([0, 1])[0] is table.load([0, 1])[0]
    assert table.load([1])[1] == 2
    assert asked == [(0, 1), (1,)]


def test_what_is_taken_over_from_before_is_what_would_be_made_anew() -> None:
    steps, values = np.arange(N, dtype=np.float64), np.random.default_rng(1).normal(size=(5, N))
    names = ("d_loss", "g_loss", "d_loss_real", "d_loss_fake")
    log = LossLog(steps, dict(zip(names, values, strict=False)), {}, frozenset(), 1.0, "step", ())
    other = LossLog(steps, {**log.values, "d_loss": values[4]}, {}, frozenset(), 1.0, "step", ())
    before = None
    for one, key in ((log, "non_saturating"), (log, "hinge"), (log, "saturating"), (other, "saturating")):
        loss = ADVERSARIAL_LOSSES[key]()
        run, anew = RecordedRun(one, loss, before=before), RecordedRun(one, loss)
        probe = LossTraceProbe(50)
        assert_same(run.snapshot([probe]).get(LossTrace), anew.snapshot([probe]).get(LossTrace))
        before = run


def assert_same(one: LossTrace | None, other: LossTrace | None) -> None:
    assert one is not None
    assert other is not None
    for name in ("low", "high", "mean", "current"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))

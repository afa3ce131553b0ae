"""Numbers of one name are one number, whichever view shows them: with smoothed targets, noise, packs and penalties."""

from __future__ import annotations

import dataclasses
import math

import made_up
import numpy as np
import pytest

from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.session.experiment_pictures import kept_picture
from ganviz.session.experiments import Experiment, experiments
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.probes.ledger import Ledger, LedgerProbe
from ganviz.training.probes.loss_shape import LossShapeProbe
from ganviz.training.probes.loss_trace import LossTrace, LossTraceProbe
from ganviz.training.rules import RULES
from ganviz.training.snapshot import Snapshot, Stamp
from ganviz.training.trainer import Trainer
from ganviz.views.bases.chart_canvas import AbstractChartView
from ganviz.views.bases.chart_content import Curve
from ganviz.views.bases.traces import latest_values
from ganviz.views.pictures.direction_rows import now_of
from ganviz.views.pictures.formula_rows import cards
from ganviz.views.pictures.ledger_rows import LedgerRow, lane_ledger
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.total_loss_view import TotalLossView

R1, GP = PENALTIES["r1"](gamma=3.0), PENALTIES["gradient_penalty"](weight=2.0)
SMOOTHED = NonSaturating(real_target=0.7)
ENTRIES: dict[str, tuple[Formulation, dict[str, object]]] = {
    "plain": (Formulation(NonSaturating()), {}),
    "smoothed": (Formulation(SMOOTHED), {}),
    "smoothed both ways, saturating": (Formulation(Saturating(real_target=0.9, fake_target=0.2)), {}),
    "R1": (Formulation(NonSaturating(), (R1,)), {}),
    "saturating, GP": (Formulation(Saturating(), (GP,)), {}),
    "smoothed, R1, noise, packs": (
        Formulation(SMOOTHED, (R1,), inputs=(InstanceNoise(sigma=0.3),)), {"packing": 2},
    ),
    "least squares": (named_formulation("least_squares"), {}),
    "pairs": (named_formulation("rpgan"), {}),
    "averages": (named_formulation("ragan"), {}),
    "critic": (named_formulation("wgan_gp"), {"d_steps": 2}),
    "mixed": (named_formulation("mixed"), {}),
    "unrolled": (Formulation(Saturating()), {"rule": RULES["unrolled"](inner_steps=2)}),
}  # fmt: skip


def snapshot_of(formulation: Formulation, **training: object) -> Snapshot:
    settings = TrainingSettings(batch_size=16, **training)  # type: ignore[arg-type]
    config = RunConfig((LaneConfig(formulation),), architecture=MLP(width=8), training=settings)
    trainer = Trainer(config)
    trainer.train(5)
    trainer.flush()
    probes = LedgerProbe(), LossTraceProbe(), LossShapeProbe()
    readings = tuple((probe, probe.measure(trainer.subject())) for probe in probes)
    stamp = Stamp(1, trainer.step, 0)
    return Snapshot(stamp, config, tuple(trainer.lanes), "analytic", "cpu", readings, trainer.step)


@pytest.mark.parametrize("name", ENTRIES)
def test_totals_losses_and_v_are_the_same_in_every_view(qtbot, name: str) -> None:
    formulation, training = ENTRIES[name]
    snapshot = snapshot_of(formulation, **training)
    ledger, trace = snapshot.get(Ledger), snapshot.get(LossTrace)
    assert ledger is not None
    assert trace is not None
    rows = {row.short: row for row in lane_ledger(snapshot.config, ledger, 0, "trained").rows}
    views = TotalLossView(), LossesView()
    for view in views:
        qtbot.addWidget(view)
        view.show_snapshot(snapshot)
        view._value.setChecked(True)

    def legend(view: TotalLossView | LossesView, symbol: str) -> float:
        (curve,) = (one for one in view.curves(snapshot.config) if one.symbol == symbol)
        return float(latest_values(trace, curve.column)[0])

    close = {"rel": 1e-5, "abs": 1e-5}
    total, d_loss = rows["total"].value, rows["L<sub>D</sub>" if "L<sub>D</sub>" in rows else "pairs"].value
    if any(one.symbol == "L<sub>D</sub> + L<sub>G</sub>" for one in views[0].curves(snapshot.config)):
        assert legend(views[0], "L<sub>D</sub> + L<sub>G</sub>") == pytest.approx(total, **close)
    assert legend(views[1], "L<sub>D</sub>") == pytest.approx(d_loss, **close)
    loss = formulation.loss
    of_d, _, of_both = now_of(loss, ledger, 0, (loss, loss))
    assert (of_d, of_both) == pytest.approx((d_loss, total), **close)
    card = {row[0].latex: row[0].values[0] for row in cards(snapshot.config, ledger)[0].rows}
    assert card["L_D + L_G"] == pytest.approx(total, **close)
    assert card["L_D"] == pytest.approx(d_loss, **close)
    if "V" in rows:
        for view in views:
            assert legend(view, "V(D, G)") == pytest.approx(rows["V"].value, **close)
    assert float(latest_values(trace, "batch_total")[0]) == pytest.approx(total, **close)


@pytest.mark.parametrize("name", ENTRIES)
def test_the_end_of_the_game_is_the_same_in_every_view(qtbot, name: str) -> None:
    formulation, training = ENTRIES[name]
    snapshot = snapshot_of(formulation, **training)
    config, ledger = snapshot.config, snapshot.get(Ledger)
    assert ledger is not None
    rows: dict[str, LedgerRow] = {row.short: row for row in lane_ledger(config, ledger, 0, "trained").rows}
    views = TotalLossView(), LossesView()
    ends: dict[str, set[float]] = {"total": set(), "d_loss": set(), "value": set()}
    for view in views:
        qtbot.addWidget(view)
        view.show_snapshot(snapshot)
        view._value.setChecked(True)
        for line in view.references(config):
            if line.role in ends and not line.is_open:
                ends[line.role].add(round(line.value, 9))
    own = config.equilibrium(0)
    is_trained = views[0].curves(config)[0].symbol == "L<sub>D</sub> + L<sub>G</sub>"
    for role, value in (("total", own.total), ("d_loss", own.d_loss)):
        if role == "d_loss" or is_trained:
            assert ends[role] == (set() if value is None else {round(value, 9)})
    at_end = rows["total"].at_equilibrium
    assert at_end == pytest.approx(own.total) if own.total is not None else math.isnan(at_end)
    assert len(ends["value"]) <= 1


def test_smoothed_targets_move_the_total_to_the_known_value(qtbot) -> None:
    """A10 of the reference: α = 0.9 alone ends at D = 0.45, L_D = 1.376278, total 2.174785; V = ln .45 + ln .55."""
    snapshot = snapshot_of(Formulation(NonSaturating(real_target=0.9)))
    view = TotalLossView()
    qtbot.addWidget(view)
    view.show_snapshot(snapshot)
    view._value.setChecked(True)
    lines = {line.role: line.value for line in view.references(snapshot.config)}
    assert lines["total"] == pytest.approx(2.174785, abs=5e-7)
    assert lines["value"] == pytest.approx(math.log(0.45) + math.log(0.55))
    curves = {curve.column: curve for curve in view.curves(snapshot.config)}
    assert curves["batch_total"].formula == "as trained, with smoothed targets"
    assert "total_saturating" not in curves
    assert not view._other.isEnabled()
    assert curves["value"].formula == "E log D(x) + E log(1 − D(G(z)))"


def parts_that_add_up(qtbot, view: AbstractChartView, *, is_stacked: bool, without: str = "") -> list[Curve]:
    """Return the curves of a penalized run below the first one, which is their sum."""
    snapshot = snapshot_of(*ENTRIES["smoothed, R1, noise, packs"][:1], packing=2)
    qtbot.addWidget(view)
    view.show_snapshot(snapshot)
    view._stacked.setChecked(is_stacked)
    trace = snapshot.get(LossTrace)
    assert trace is not None
    total, *parts = (curve for curve in view.curves(snapshot.config) if curve.column != without)
    values = [trace.mean[0, trace.column(curve.column)] for curve in (total, *parts)]
    np.testing.assert_allclose(values[0], np.sum(values[1:], axis=0), atol=1e-9)
    return parts


@pytest.mark.parametrize("is_stacked", [False, True])
def test_parts_and_penalty_of_a_trained_loss_add_up_to_it(qtbot, is_stacked) -> None:
    parts = parts_that_add_up(qtbot, LossesView(), is_stacked=is_stacked, without="g_loss")
    assert [part.column for part in parts] == ["d_loss_real", "d_loss_fake", "penalty"]
    assert [part.stacked_on for part in parts] == (
        ["0", "d_loss_real", "d_loss_fake"] if is_stacked else ["", "", ""]
    )


def test_a_penalty_that_was_is_drawn_where_it_was(qtbot) -> None:
    snapshot = snapshot_of(*ENTRIES["smoothed, R1, noise, packs"][:1], packing=2)
    plain = made_up.run_config("ring", ("non_saturating",))
    view = LossesView()
    qtbot.addWidget(view)
    view.show_snapshot(made_up.snapshot(plain))
    assert "penalty" not in [curve.column for curve in view.curves(plain)]
    view.show_snapshot(dataclasses.replace(snapshot, config=plain))  # it was switched off
    assert "penalty" in [curve.column for curve in view.curves(plain)]


def test_stacked_parts_of_a_trained_total_add_up_to_it(qtbot) -> None:
    parts = parts_that_add_up(qtbot, TotalLossView(), is_stacked=True)
    assert [part.column for part in parts] == ["d_loss_real", "d_loss_fake", "penalty", "g_non_saturating"]


def test_a_run_of_before_draws_the_total_that_it_has() -> None:
    import torch

    from ganviz.training.columns import COLUMNS
    from ganviz.training.history_files import _rows

    names = [name for name in COLUMNS if name != "batch_total"]
    block = torch.arange(2.0 * len(names), dtype=torch.float64).reshape(2, -1)
    (table,) = _rows([block], names)
    np.testing.assert_array_equal(table[:, COLUMNS.index("batch_total")], table[:, COLUMNS.index("total")])


@pytest.mark.parametrize("one", experiments(), ids=lambda one: one.key)
def test_what_an_experiment_claims_of_a_total_is_what_its_chart_draws(one: Experiment, qapp: object) -> None:
    """That of R1 measured it without the penalty, while the chart beside the claim had it."""
    totals = {"total", "batch_total", "total_saturating", "total_non_saturating"}
    view = TotalLossView()
    for at, (_, config) in enumerate(one.configs()):
        claimed = {claim.quantity for claim in one.stages[at].claims} & totals
        if "total_loss" in one.views:
            assert claimed <= {curve.column for curve in view.curves(config)}
    picture = kept_picture(one.key)
    assert picture is not None
    drawn = {curve.column for curve in picture.curves}
    assert drawn <= {claim.quantity for stage in one.stages for claim in stage.claims}


def test_a_curve_has_the_column_that_its_formula_names(qtbot) -> None:
    """By the history's own names, of which a table says what each is."""
    columns = {
        "E log(1 − D(G(z)))": "g_saturating", "−E log D(G(z))": "g_non_saturating", "−E log D(x)": "d_real",
        "−E log(1 − D(G(z)))": "d_fake", "V(D, G)": "value", "real part": "d_loss_real", "fake part": "d_loss_fake",
        "saturating total": "total_saturating", "penalty": "penalty",
    }  # fmt: skip
    found: set[str] = set()
    for formulation in (*(ENTRIES[name][0] for name in ENTRIES), named_formulation("mixed")):
        config = RunConfig((LaneConfig(formulation),))
        for view in (LossesView(), TotalLossView()):
            qtbot.addWidget(view)
            view.show_snapshot(made_up.snapshot(config))
            view._value.setChecked(True)
            if isinstance(view, LossesView):
                view._shadows.setChecked(True)
            for curve in view.curves(config):
                if curve.symbol in columns:
                    assert curve.column == columns[curve.symbol]
                    found.add(curve.symbol)
    assert found == set(columns)

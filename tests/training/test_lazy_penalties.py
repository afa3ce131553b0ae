"""Penalties one by one: a column each, and intervals at which they count."""

import csv
import dataclasses

import numpy as np
import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.one_centered import DRAGAN, GradientPenalty
from ganviz.losses.penalties.zero_centered import R1, R2, ZeroCenteredPenalty
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.session.exporting import write_history
from ganviz.training.columns import COLUMNS, PENALTY_COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD
from ganviz.training.rules import Extragradient, Simultaneous
from ganviz.training.steps.analytic import AnalyticStep
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.trainer import Trainer

WAYS = [AnalyticStep, AutogradStep]
DIGITS = {"distribution": MNIST(), "architecture": DCGAN16(channels=2)}


def game(*penalties):
    return Formulation(NonSaturating(), penalties)


def config(*formulations, optimizer=None, training=None, **changes):
    spec = optimizer or SGD(learning_rate=0.05)
    lanes = tuple(LaneConfig(formulation, "", spec, spec) for formulation in formulations)
    settings = TrainingSettings(**({"batch_size": 32} | (training or {})))
    return RunConfig(**{"lanes": lanes, "architecture": MLP(width=8), "training": settings} | changes)


def trained(spec, steps, dtype=torch.float64):
    trainer = Trainer(spec, dtype)
    trainer.train(steps)
    trainer.flush()
    return trainer


def column(trainer, name, lane=0):
    return trainer.history.table(lane)[:, COLUMNS.index(name)]


def weights(trainer, lane=0):
    return {name: tensor[lane].clone() for name, tensor in trainer._players.tensors.items()}


def assert_same(a, b):
    assert a.keys() == b.keys()
    for name, tensor in a.items():
        assert torch.equal(tensor, b[name]), name


@pytest.fixture(params=WAYS, ids=lambda cls: cls.name)
def way(request, monkeypatch):
    monkeypatch.setattr("ganviz.training.steps.step_class", lambda config: request.param)


def test_every_penalty_has_a_column():
    assert set(PENALTY_COLUMNS) == set(PENALTIES)
    assert set(PENALTY_COLUMNS.values()) <= set(COLUMNS)


@pytest.mark.usefixtures("way")
def test_columns_hold_each_term_and_the_sum_is_what_was_trained():
    every = game(*(cls() for cls in PENALTIES.values()))
    trainer = trained(config(every, game(R2()), game()), 20)
    terms = np.stack([column(trainer, name) for name in PENALTY_COLUMNS.values()])
    assert (terms >= 0).all()
    np.testing.assert_allclose(terms.sum(0), column(trainer, "penalty"), rtol=1e-12)
    for name in PENALTY_COLUMNS.values():
        assert np.isnan(column(trainer, name, 1)).all() == (name != "penalty_r2")
        assert np.isnan(column(trainer, name, 2)).all()
    np.testing.assert_array_equal(column(trainer, "penalty_r2", 1), column(trainer, "penalty", 1))
    parts = [column(trainer, name) for name in ("d_loss_real", "d_loss_fake", "penalty")]
    np.testing.assert_allclose(sum(parts), column(trainer, "d_loss"), rtol=1e-12)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("d_steps", "rule", "due"),
    [(1, None, range(0, 24, 3)), (1, Simultaneous(), range(0, 24, 3)), (1, Extragradient(), range(0, 24, 3)),
     (2, None, range(1, 24, 3)), (3, None, []), (5, Extragradient(), range(1, 24, 3))],
)  # fmt: skip
def test_every_third_update_counts_three_times(d_steps, rule, due):
    """The record is that of a step's last update: after several updates, those whose number is a multiple of three."""
    training = {"d_steps": d_steps} | ({"rule": rule} if rule else {})
    trainer = trained(config(game(R1(interval=3)), training=training), 24)
    term, penalty = column(trainer, "penalty_r1"), column(trainer, "penalty")
    last = np.arange(1, 25) * d_steps - 1
    assert list(np.flatnonzero(np.isfinite(term))) == list(due) == list(np.flatnonzero(last % 3 == 0))
    np.testing.assert_allclose(penalty, np.where(np.isfinite(term), 3 * np.nan_to_num(term), 0.0), rtol=1e-12)
    parts = [column(trainer, name) for name in ("d_loss_real", "d_loss_fake", "penalty")]
    np.testing.assert_allclose(sum(parts), column(trainer, "d_loss"), rtol=1e-12)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "penalty", [R1(gamma=0.5), R2(gamma=0.5), GradientPenalty(), DRAGAN()], ids=lambda p: p.key
)
def test_where_it_counts_its_weight_is_the_intervals_multiple(penalty):
    number = "gamma" if hasattr(penalty, "gamma") else "weight"
    four = dataclasses.replace(penalty, **{number: 4 * getattr(penalty, number)})
    lazy = trained(config(game(dataclasses.replace(penalty, interval=4))), 1)
    strong = trained(config(game(four)), 1)
    for name, tensor in weights(lazy).items():
        torch.testing.assert_close(tensor, weights(strong)[name], rtol=1e-12, atol=1e-14)
    lazy.fork(0, dataclasses.replace(lazy.config.lanes[0], formulation=game()))
    lazy.train(3)
    assert_same(weights(lazy, 0), weights(lazy, 1))
    lazy.train(1)
    assert not torch.equal(weights(lazy, 0)["discriminator"], weights(lazy, 1)["discriminator"])


SEVERAL = {
    "one": [(R1(interval=2),)],
    "two at the same points": [(GradientPenalty(interval=2), ZeroCenteredPenalty(interval=3))],
    "at several points": [(R1(interval=3), R2(), DRAGAN(interval=2))],
    "lanes": [(R1(interval=3),), (), (R1(), GradientPenalty(interval=4)), (GradientPenalty(),)],
}
SETTINGS = {
    "as usual": {},
    "several D steps": {"training": {"d_steps": 2}},
    "extragradient": {"training": {"rule": Extragradient()}},
    "an odd batch": {"training": {"batch_size": 17}},
}


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("name", SEVERAL)
def test_both_ways_agree(monkeypatch, name, settings):
    spec, ends = config(*(game(*penalties) for penalties in SEVERAL[name]), **SETTINGS[settings]), []
    for cls in WAYS:
        monkeypatch.setattr("ganviz.training.steps.step_class", lambda config, cls=cls: cls)
        ends.append(trained(spec, 24))
        assert ends[-1].step_method == cls.name
    for lane in range(len(spec.lanes)):
        np.testing.assert_allclose(
            ends[0].history.table(lane), ends[1].history.table(lane), rtol=1e-8, atol=1e-10
        )
        for name, tensor in weights(ends[0], lane).items():
            torch.testing.assert_close(tensor, weights(ends[1], lane)[name], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("run", [{}, DIGITS], ids=["plane", "digits"])
def test_a_file_a_look_back_and_a_fork_go_on_from_there(run):
    spec = config(game(R1(interval=5)), training={"batch_size": 8, "d_steps": 2}, **run)
    whole = trained(spec, 24, torch.float32)
    resumed = Trainer.from_state(trained(spec, 11, torch.float32).state())
    resumed.train(13)
    rewound = trained(spec, 15, torch.float32)
    rewound.rewind(9)
    rewound.train(24 - rewound.step)
    forked = trained(spec, 11, torch.float32)
    forked.fork(0, spec.lanes[0])
    forked.train(13)
    for other, lane in ((resumed, 0), (rewound, 0), (forked, 0), (forked, 1)):
        assert_same(weights(other, lane), weights(whole))
        other.flush()
        np.testing.assert_array_equal(other.history.table(lane), whole.history.table(0))


def test_updates_made_one_by_one_are_counted_and_looks_are_not():
    trainer = Trainer(config(game(R1(interval=3))))
    trainer.half_step("generator")
    assert trainer._streams.updates.state() == 0
    trainer.half_step("discriminator")
    trainer.train(2)
    assert trainer._streams.updates.state() == 3
    trainer.flush()
    assert list(np.isfinite(column(trainer, "penalty_r1"))) == [True, False, False]


def test_the_columns_are_in_files_for_people(tmp_path):
    trainer = trained(config(game(R1(interval=2), GradientPenalty())), 4)
    write_history(tmp_path / "history.csv", trainer)
    with (tmp_path / "history.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert [row["penalty_r1"] == "nan" for row in rows] == [False, True, False, True]
    assert all(float(row["penalty_gradient_penalty"]) > 0 for row in rows)
    assert {row["penalty_dragan"] for row in rows} == {"nan"}
    write_history(tmp_path / "history.npz", trainer)
    with np.load(tmp_path / "history.npz") as arrays:
        assert list(arrays["columns"]) == list(COLUMNS)
        np.testing.assert_array_equal(arrays["lane_0"], trainer.history.table(0))


def test_a_file_without_these_columns_opens():
    """Missing ones are NaN, and the run goes on with them."""
    state = trained(config(game(R1())), 10).state()
    n = len(COLUMNS) - len(PENALTY_COLUMNS)
    history = state["history"]
    history["columns"] = history["columns"][:n]
    history["lanes"] = [[block[:, :n].contiguous() for block in blocks] for blocks in history["lanes"]]
    del state["now"]["streams"]["updates"]
    opened = Trainer.from_state(state)
    opened.train(5)
    opened.flush()
    assert list(np.isfinite(column(opened, "penalty_r1"))) == [False] * 10 + [True] * 5
    assert np.isfinite(column(opened, "penalty")).all()

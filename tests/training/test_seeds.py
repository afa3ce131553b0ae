"""Seeds side by side: each lane of each seed is that lane trained alone with that seed."""

import dataclasses
import json

import numpy as np
import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.penalties.one_centered import DRAGAN, GradientPenalty
from ganviz.losses.penalties.zero_centered import R1
from ganviz.losses.presets import named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.session.commands import Look
from ganviz.session.runner import Runner
from ganviz.session.summary import run_summary
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.probes import PROBES
from ganviz.training.probes.loss_trace import LossTrace, bands
from ganviz.training.probes.seed_samples import SeedSamples
from ganviz.training.rules import Consensus
from ganviz.training.seed_bands import BAND, by_lane, quantiles
from ganviz.training.trainer import Trainer

STEPS = 70
GAMES = {
    "plain": Formulation(NonSaturating()),
    "paired": named_formulation("rpgan"),
    "penalized": Formulation(NonSaturating(), (R1(interval=2), GradientPenalty(), DRAGAN())),
    "noisy": Formulation(PairedRelativistic(), inputs=(InstanceNoise(sigma=0.3, anneal_steps=90),)),
}
RUNS = {
    "plane": {"architecture": MLP(width=16), "steps": STEPS, "batch_size": 32},
    "odd batch": {"architecture": MLP(width=8), "steps": 20, "batch_size": 17, "fresh_latents": False},
    "spectral": {"architecture": MLP(width=8, spectral_norm=True), "steps": 20, "batch_size": 16, "d_steps": 2},
    "packed": {"architecture": MLP(width=8), "steps": 20, "batch_size": 64, "packing": 2},
    "consensus": {"architecture": MLP(width=8), "steps": 5, "batch_size": 32, "rule": Consensus()},
    "digits": {
        "architecture": DCGAN16(channels=2), "distribution": MNIST(), "steps": 3, "batch_size": 16, "ema_decay": 0.9
    },
}  # fmt: skip


def config_of(lanes, seeds=1, seed=5, **settings):
    settings = dict(settings)
    whole = {name: settings.pop(name) for name in ("architecture", "distribution") if name in settings}
    settings.pop("steps", None)
    lanes = tuple(LaneConfig(GAMES[game], seed=int(game == "paired")) for game in lanes)
    return RunConfig(lanes=lanes, training=TrainingSettings(seed=seed, seeds=seeds, **settings), **whole)


def trained(config, steps):
    trainer = Trainer(config)
    trainer.train(steps)
    trainer.flush()
    return trainer


def state(trainer, row):
    kept = {name: tensor[row] for name, tensor in trainer._players.tensors.items()}
    table = np.delete(trainer.history.table(row), COLUMNS.index("seconds"), axis=1)
    return kept | {"history": torch.from_numpy(table)}


def assert_equal(a, b):
    assert a.keys() == b.keys()
    for name in a:
        assert torch.equal(a[name].nan_to_num(7e7), b[name].nan_to_num(7e7)), name


@pytest.mark.parametrize("settings", RUNS.values(), ids=list(RUNS))
def test_a_seed_among_others_is_that_seed_alone(settings):
    seeds, steps = 3, settings["steps"]
    together = trained(config_of(GAMES, seeds, **settings), steps)
    assert len(together.lanes) == len(GAMES) * seeds
    for lane, game in enumerate(GAMES):
        number = lane % seeds
        alone = trained(config_of([game], seed=5 + number, **settings), steps)
        assert_equal(state(together, lane * seeds + number), state(alone, 0))


def test_sixty_four_rows_of_which_each_is_itself():
    settings = {"steps": 66, "batch_size": 32, "architecture": MLP(width=8)}
    together = trained(config_of(["plain", "penalized"], 32, **settings), 66)
    for row in (0, 31, 47, 63):
        alone = trained(config_of(["plain", "penalized"][row // 32 :][:1], seed=5 + row % 32, **settings), 66)
        assert_equal(state(together, row), state(alone, 0))


def test_a_file_a_fork_a_removal_and_a_way_back_leave_every_seed_as_it_is():
    settings = {"batch_size": 32, "architecture": MLP(width=8)}
    through = trained(config_of(["plain", "penalized", "noisy"], 3, **settings), 130)
    busy = trained(config_of(["plain", "penalized", "noisy"], 3, **settings), 70)
    busy = Trainer.from_state(busy.state())
    busy.fork(1, LaneConfig(GAMES["paired"]))
    assert (len(busy.config.lanes), len(busy.lanes), busy.history.n_lanes) == (4, 12, 12)
    busy.train(30)
    busy.remove_lane(0)
    assert [mark.lane for mark in busy.history.marks] == [2]
    busy.train(40)
    busy.rewind(64)
    assert (busy.step, len(busy.lanes)) == (64, 6)
    busy = Trainer.from_state(busy.state())
    busy.train(66)
    busy.flush()
    for row in range(6):
        assert_equal(state(busy, row), state(through, row + 3))


def test_a_change_of_a_lane_is_one_of_all_its_seeds():
    settings = {"batch_size": 32, "architecture": MLP(width=8)}
    together, alone = (
        trained(config_of(["plain"], 2, **settings), 20),
        trained(config_of(["plain"], 1, 6, **settings), 20),
    )
    for trainer in (together, alone):
        trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(LaneConfig(GAMES["penalized"]),)))
        trainer.train(20)
        trainer.flush()
    assert_equal(state(together, 1), state(alone, 0))


@pytest.mark.parametrize(("n", "seeds"), [(2, 33), (65, 1)])
def test_more_rows_than_sixty_four_are_refused(n, seeds):
    with pytest.raises(ValueError, match="64"):
        config_of(["plain"] * n, seeds)


@pytest.mark.parametrize("steps", [0, 70])
def test_a_look_shows_the_first_seed_and_the_bands_of_all(steps):
    """Every probe sees one seed's run; the history's is of all: medians with the band that the seeds keep to."""
    settings = {"batch_size": 32, "architecture": MLP(width=8)}
    together, first = (Runner(config_of(["plain", "penalized"], n, **settings)) for n in (3, 1))
    for runner in (together, first):
        runner.trainer.train(steps)
    look = Look(PROBES)
    ours, theirs = together.answer(look), first.answer(look)
    assert [one for one, _ in ours.readings] == [one for one, _ in theirs.readings]
    assert (ours.config, len(ours.lanes)) == (together.config, 2)
    for (_, mine), (_, one) in zip(ours.readings, theirs.readings, strict=True):
        if isinstance(mine, SeedSamples):
            np.testing.assert_array_equal(mine.generated[:, :1], one.generated)
        elif not isinstance(mine, LossTrace):
            assert_same_reading(mine, one)
    trace = ours.get(LossTrace)
    tables = np.array([together.trainer.history.table(row)[:, :6] for row in range(6)]).reshape(
        2, 3, steps, 6
    )
    for found, share in ((trace.low, 0.05), (trace.mean, 0.5), (trace.high, 0.95)):
        expected = np.quantile(tables, share, axis=1).swapaxes(1, 2)
        np.testing.assert_allclose(found[:, :6], expected, rtol=1e-12)
    np.testing.assert_array_equal(trace.seeds[:, :, :6], tables.swapaxes(2, 3).astype(np.float32))


def assert_same_reading(a, b):
    for field in dataclasses.fields(a):
        mine, one = getattr(a, field.name), getattr(b, field.name)
        if isinstance(mine, np.ndarray):
            np.testing.assert_array_equal(mine, one, err_msg=f"{type(a).__name__}.{field.name}")


def test_summaries_have_every_seed_and_compare_lanes_by_equal_seeds():
    trainer = trained(config_of(["plain", "noisy"], 4, batch_size=32, architecture=MLP(width=8)), 70)
    summary = run_summary(trainer, 1.0, 70, [])
    json.dumps(summary)
    lanes = summary["lanes"]
    assert [seed["seed"] for seed in lanes[1]["seeds"]] == [5, 6, 7, 8]
    values = [[seed["losses"]["d_loss"] for seed in lane["seeds"]] for lane in lanes]
    assert values[1] == [trainer.history.last_row(row)["d_loss"] for row in range(4, 8)]
    assert lanes[1]["losses"]["d_loss"] == pytest.approx(np.median(values[1]))
    assert lanes[1]["high"]["losses"]["d_loss"] == pytest.approx(np.quantile(values[1], 0.95))
    figure = summary["comparisons"][0]["figures"]["d_loss"]
    assert figure["median_difference"] == pytest.approx(np.median(np.subtract(values[1], values[0])))
    assert "seeds" not in run_summary(trained(config_of(["plain"], batch_size=32), 2), 1.0, 2, [])


def test_bands_are_quantiles_of_every_column_and_those_without_a_value_are_unknown():
    """Also of what is infinite or missing in part."""
    rng, n = np.random.default_rng(0), 30
    values = rng.standard_normal((6, 5, n))
    values[:, 1], values[:, 2], values[:3, 3], values[2:, 4, 5:] = np.nan, np.inf, np.nan, np.nan
    steps = np.arange(n)
    trace = bands(
        LossTrace(("a", "b", "c", "d", "e"), steps, steps, values, values, values, values[..., -1], ()), 3
    )
    expected = quantiles(by_lane(values, 3), (*BAND, 0.5))
    for found, whole in zip((trace.low, trace.high, trace.mean), expected, strict=True):
        np.testing.assert_array_equal(found, whole)

"""A lane's trajectory does not depend on which lanes stand beside it."""

import dataclasses
import itertools
from functools import lru_cache

import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs import INPUTS
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.one_centered import DRAGAN, GradientPenalty
from ganviz.losses.penalties.zero_centered import R1, R2
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD
from ganviz.training.rules import RULES
from ganviz.training.trainer import Trainer
from tests.training.entries import LANES, assert_same, rows_of
from tests.training.entries import trained as trained_run

STEPS = 20
GAMES = {key: named.formulation for key, named in FORMULATIONS.items()} | {
    f"GP {weight}": Formulation(Wasserstein(), (GradientPenalty(weight=weight),))
    for weight in (1.0, 10.0, 10.0000001)
}
GAMES |= {
    "smoothed": Formulation(NonSaturating(real_target=0.9)),
    "smoothed on both sides": Formulation(NonSaturating(real_target=0.8, fake_target=0.1)),
    **{
        f"noise {sigma}": Formulation(NonSaturating(), inputs=(InstanceNoise(sigma=sigma, anneal_steps=15),))
        for sigma in (0.0, 0.3)
    },
    "noise, pairs and penalties": Formulation(
        PairedRelativistic(), (R1(), GradientPenalty()), inputs=(InstanceNoise(),)
    ),
    "lazy": Formulation(NonSaturating(), (R1(interval=3), GradientPenalty(interval=2))),
    "less lazy": Formulation(NonSaturating(), (R1(interval=2), R2())),
    "R1 and R2": Formulation(PairedRelativistic(), (R1(), R2(gamma=0.2))),
    **{f"DRAGAN {sigma}": Formulation(NonSaturating(), (DRAGAN(sigma=sigma),)) for sigma in (0.1, 1.0)},
    "all penalties": Formulation(NonSaturating(), tuple(cls() for cls in PENALTIES.values())),
    "all penalties, lazily": Formulation(
        NonSaturating(), tuple(cls(interval=2) for cls in PENALTIES.values())
    ),
    "all inputs": Formulation(NonSaturating(), inputs=tuple(cls() for cls in INPUTS.values())),
}


TOGETHER = (
    "non_saturating", "least_squares", "rpgan", "ragan", "mmd", "wgan_gp", "GP 10.0000001", "smoothed",
    "noise, pairs and penalties", "lazy", "less lazy", "all penalties, lazily",
)  # fmt: skip
"""One of each kind, tried in twos; all entries are, in crowds."""


def run_of(*games, **settings):
    lanes = tuple(LaneConfig(GAMES[game]) for game in games)
    return RunConfig(**({"lanes": lanes, "architecture": MLP()} | settings))


def trained(*games, steps=STEPS, **settings):
    trainer = Trainer(run_of(*games, **settings))
    trainer.train(steps)
    return trainer


def state(trainer, lane):
    """Return all that training changes of a lane; memories of penalties that it does not have are empty."""
    rows = {name: tensor[lane] for name, tensor in trainer._players.tensors.items()}
    return {name: row for name, row in rows.items() if row.any() or not name.startswith("penalty_")}


def assert_equal(a, b):
    assert a.keys() == b.keys()
    for name in a:
        assert torch.equal(a[name], b[name]), name


@lru_cache(maxsize=1024)
def lonely(game, sizes="", steps=STEPS):
    return state(trained(game, steps=steps, **(ODD | {"digits": DIGITS, "": {}})[sizes]), 0)


@pytest.mark.parametrize(("game", "other"), [*itertools.combinations_with_replacement(TOGETHER, 2)])
def test_a_lane_beside_another_is_the_lane_alone(game, other):
    both = trained(game, other)
    assert_equal(state(both, 0), lonely(game))
    assert_equal(state(both, 1), lonely(other))


ENTRIES = tuple(dict.fromkeys([*LANES, *(LaneConfig(game) for game in GAMES.values())]))
WILD = LaneConfig(Formulation(LeastSquares()), "", SGD(learning_rate=100.0), SGD(learning_rate=100.0))
"""Is stopped after its second step."""
LINES = ((0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5))
"""The lines of the plane of seven points: through any two goes one. Points are shares of the entries here."""
SMALL = TrainingSettings(batch_size=8, ema_decay=0.9)
CROWDS = {
    "analytic": ({"architecture": MLP(width=8)}, 5),
    "autograd": ({"architecture": MLP(width=8, spectral_norm=True)}, 3),
    "digits": (
        {"architecture": DCGAN16(channels=4), "distribution": MNIST(digits="35")},
        3,
    ),  # both ways of convolving back
}


def crowd(kind, lanes):
    settings, steps = CROWDS[kind]
    return trained_run(RunConfig(lanes=tuple(lanes), training=SMALL, **settings), steps)


@lru_cache(maxsize=1024)
def solitary(kind, lane):
    return rows_of(crowd(kind, [lane]), 0)


def test_any_two_shares_are_on_a_line():
    pairs = [frozenset(pair) for line in LINES for pair in itertools.combinations(line, 2)]
    assert len(pairs) == len({*pairs}) == 7 * 6 / 2


def assert_each_is_itself(kind, lanes):
    """Try some lanes beside each other and beside one that is stopped on the way."""
    together = crowd(kind, [*lanes, WILD])
    assert together.lanes[-1].diverged_at is not None
    for row, lane in enumerate(lanes):
        assert_same(rows_of(together, row), solitary(kind, lane), lane)


@pytest.mark.parametrize("kind", CROWDS)
@pytest.mark.parametrize("line", LINES)
def test_every_entry_beside_every_other_is_what_it_is_alone(kind, line):
    """Any two are neighbors in one of these crowds; analytic, in both orders."""
    lanes = [lane for point in line for lane in ENTRIES[point :: len(LINES)]]
    for some in (lanes, lanes[::-1]) if kind == "analytic" else (lanes,):
        assert_each_is_itself(kind, some)


FEW = 8
"""Enough: every step multiplies the same sizes, and lazy penalties count at least twice."""
ODD = {
    f"{activation}, width {width}, batch {batch}": {
        "architecture": MLP(activation=activation, width=width),
        "training": TrainingSettings(batch_size=batch),
    }
    for activation, width, batch in (
        ("leaky_relu", 4, 16), ("relu", 7, 17), ("tanh", 31, 33), ("relu", 33, 48), ("tanh", 5, 5), ("tanh", 40, 24),
        ("elu", 9, 17), ("silu", 6, 33), ("sine", 8, 5), ("silu", 40, 24), ("leaky_relu", 15, 150),
    )
} | {
    f"spectral normalization, width {width}, batch {batch}": {
        "architecture": MLP(spectral_norm=True, width=width),
        "training": TrainingSettings(batch_size=batch),
    }
    for width, batch in ((7, 16), (5, 17), (32, 64), (4, 150))
}  # fmt: skip
DIGITS = {
    "distribution": MNIST(), "architecture": DCGAN16(channels=2),
    "training": TrainingSettings(batch_size=16, ema_decay=0.9),
}  # fmt: skip


PAIRS = (
    ("non_saturating", "non_saturating"), ("hinge", "saturating"), ("rpgan", "ragan"), ("ragan", "ragan"),
    ("wgan_gp", "GP 1.0"), ("wgan_gp", "wgan_gp"), ("R1 and R2", "non_saturating"), ("all penalties", "rpgan"),
    ("lazy", "less lazy"), ("lazy", "non_saturating"),
    ("noise 0.3", "noise, pairs and penalties"), ("noise, pairs and penalties", "rpgan"),
    ("mmd", "noise 0.3"), ("mmd", "energy_distance"),
)  # fmt: skip
SOME = [(*pair, sizes) for i, pair in enumerate(PAIRS) for j, sizes in enumerate(ODD) if (i + j) % 2]
"""Each pair with every second size, by turns."""


@pytest.mark.parametrize(("game", "other", "sizes"), SOME)
def test_sizes_that_fill_no_vector_and_no_block_change_nothing(game, other, sizes):
    """Leftovers of vector loops, tiny products, odd strides: computed otherwise for several lanes than for one.

    So are products of matrices that do not begin at a multiple of 16 bytes, as those of odd widths do in later lanes.
    """
    both = trained(game, other, steps=FEW, **ODD[sizes])
    assert_equal(state(both, 0), lonely(game, sizes, FEW))
    assert_equal(state(both, 1), lonely(other, sizes, FEW))


@pytest.mark.parametrize("game", ["non_saturating", "all penalties"])
@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if rule.needs_curvature], ids=lambda rule: rule.key
)
def test_what_a_neighbor_sees_changes_nothing(rule, game):
    """Samples lie otherwise in memory beside those that noise was put on; products are rounded by where they lie."""
    settings = {"training": TrainingSettings(batch_size=40, rule=rule()), "architecture": MLP(width=16)}
    both = trained(game, "noise 0.3", steps=FEW, **settings)
    assert_equal(state(both, 0), state(trained(game, steps=FEW, **settings), 0))


@pytest.mark.parametrize("other", ["non_saturating", "wgan_gp", "noise 0.3", "mmd"])
def test_digits_beside_digits_are_digits_alone(other):
    both = trained("non_saturating", other, steps=4, **DIGITS)
    assert_equal(state(both, 0), lonely("non_saturating", "digits", 4))
    assert_equal(state(both, 1), lonely(other, "digits", 4))


@pytest.mark.parametrize(
    ("game", "other"),
    [("wgan_gp", "GP 1.0"), ("DRAGAN 0.1", "DRAGAN 1.0"), ("noise 0.3", "noise, pairs and penalties")],
)
def test_a_penalty_that_begins_later_draws_what_its_neighbor_draws(game, other):
    """Numbers belong to an update, not to the lanes that have needed some before."""

    def switched(*neighbors):
        trainer = trained("non_saturating", *neighbors)
        trainer.reconfigure(run_of(game, *neighbors))
        trainer.train(STEPS)
        return state(trainer, 0)

    apart = switched()
    assert_equal(switched(other), apart)
    assert_equal(switched("hinge"), apart)


@pytest.mark.parametrize("game", ["non_saturating", "wgan_gp", "noise 0.3", "lazy"])
def test_forking_and_removing_change_no_other_lane(game):
    left_alone = trained(game)
    left_alone.train(2 * STEPS)
    busy = trained(game)
    busy.fork(0, LaneConfig(GAMES["GP 1.0"]))
    busy.train(STEPS)
    busy.remove_lane(1)
    busy.train(STEPS)
    assert_equal(state(busy, 0), state(left_alone, 0))


@pytest.mark.parametrize("game", ["wgan_gp", "DRAGAN 0.1", "noise 0.3", "lazy"])
def test_skipped_numbers_survive_a_file(game):
    there = trained("non_saturating")
    back = Trainer.from_state(there.state())
    for trainer in (there, back):
        trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(LaneConfig(GAMES[game]),)))
        trainer.train(STEPS)
    assert_equal(state(there, 0), state(back, 0))

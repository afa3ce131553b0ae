"""What holds for every entry of every list, each with several settings: all of them as lanes of a run.

A lane is what it is alone, whatever crowd it stands in and whoever comes and goes; a run that was resumed, watched and
rewound is the run that went on, and a fork to what a lane is plays on like that lane. What all lanes of a run share is
tried entry by entry, with two games. Pairs of games are in test_independence.py; that what is recorded is what was
trained, in test_steps.py (losses), test_tangent.py (penalties), test_inputs.py and test_rules_of_networks.py.
"""

import dataclasses

import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.constraints import WeightClipping
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.inputs.scaled import Scaled
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.one_centered import GradientPenalty
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks.activations import ACTIVATIONS
from ganviz.networks.conv import DCGAN16
from ganviz.networks.initializations import INITIALIZATIONS
from ganviz.networks.latents import LATENTS
from ganviz.networks.mlp import MLP
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, Latents, RunConfig, TrainingSettings
from ganviz.training.optimizers import OPTIMIZERS, SGD, Adam
from ganviz.training.probes import PROBES
from ganviz.training.rules import RULES, Unrolled
from ganviz.training.schedules import SCHEDULES
from ganviz.training.trainer import Trainer
from tests.campaigns.catalogue import losses
from tests.data.test_distributions import SPECS

COMPARED = [i for i, name in enumerate(COLUMNS) if name != "seconds"]
NS = NonSaturating()


def settings_of(cls):
    """Return a penalty as it is, lazily, and with every number of its own halved."""
    one = cls()
    halved = {
        field.name: value / 2
        for field in dataclasses.fields(one)
        if type(value := getattr(one, field.name)) is float and value
    }
    return one, cls(interval=3), dataclasses.replace(one, **halved)


GAMES = [
    *(named.formulation for named in FORMULATIONS.values()),
    *map(Formulation, losses()),
    *(Formulation(cls(real_target=0.9)) for cls in (NonSaturating, Saturating)),
    Formulation(NonSaturating(real_target=0.8, fake_target=0.1)),
    *(Formulation(NS, (penalty,)) for cls in PENALTIES.values() for penalty in settings_of(cls)),
    *(Formulation(NS, constraint=WeightClipping(c=c)) for c in (0.01, 0.1)),
    *(Formulation(NS, inputs=(InstanceNoise(sigma=s, anneal_steps=n),)) for s, n in ((0.1, 0), (0.3, 15))),
    *(Formulation(NS, inputs=(Scaled(factor=factor),)) for factor in (0.5, 3.0)),
]
MOVES = [
    *(cls() for cls in OPTIMIZERS.values()),
    *(cls(learning_rate=0.01) for cls in OPTIMIZERS.values()),
    *(Adam(schedule=cls()) for cls in SCHEDULES.values()),
    SGD(momentum=0.9), Adam(beta1=0.0, beta2=0.9),
]  # fmt: skip
LANES = [
    *map(LaneConfig, dict.fromkeys(GAMES)),
    *(LaneConfig(Formulation(NS), "", of_g, Adam()) for of_g in MOVES),
    *(LaneConfig(Formulation(NS), "", Adam(), of_d) for of_d in MOVES),
]
KINDS = {
    "analytic": ({"architecture": MLP(width=8)}, 48, 1),
    "digits": ({"architecture": DCGAN16(channels=1), "distribution": MNIST(digits="35")}, 16, 9),
}
CROWDS = [
    (kind, start)
    for kind, (_, size, every) in KINDS.items()
    for start in range(0, -(-len(LANES) // every), size)
]


def run_of(kind, lanes):
    training = TrainingSettings(batch_size=8, ema_decay=0.9)
    return RunConfig(lanes=tuple(lanes), training=training, **KINDS[kind][0])


def trained(config, steps):
    trainer = Trainer(config)
    trainer.train(steps)
    return trainer


def rows_of(trainer, row):
    """Return all that training changes of a lane; what its penalties and optimizers do not remember is empty."""
    trainer.flush()
    rows = {name: tensor[row].clone() for name, tensor in trainer._players.tensors.items()}
    rows = {name: one for name, one in rows.items() if one.any()}
    return rows | {"history": torch.from_numpy(trainer.history.table(row)[:, COMPARED].copy())}


def assert_same(one, other, what):
    assert one.keys() == other.keys()
    for name, tensor in one.items():
        same = torch.equal(tensor.nan_to_num(7.0), other[name].nan_to_num(7.0))
        assert same, (what, name)


def resumed_watched_and_rewound(config):
    """Return a run of 14 steps, some of them made twice, and looked at by everything that can look."""
    back = Trainer.from_state(trained(config, 5).state())
    back.train(4)
    subject = back.subject()
    for probe in PROBES:
        if probe.supports(back.config):
            probe.measure(subject)
    back.train(5)
    back.rewind(8)
    back.train(6)
    return back


@pytest.mark.parametrize(("kind", "start"), CROWDS)
def test_every_entry(kind, start):
    _, size, every = KINDS[kind]
    lanes = LANES[::every][start : start + size]
    config = run_of(kind, lanes)
    whole = trained(config, 14)
    expected = [rows_of(whole, row) for row in range(len(lanes))]

    back = resumed_watched_and_rewound(config)
    busy = trained(config, 6)
    busy.fork(0, LaneConfig(FORMULATIONS["wgan_gp"].formulation))
    busy.train(4)
    busy.remove_lane(1)
    busy.train(4)
    others = [row for row in range(len(lanes)) if row != 1]
    for row, lane in enumerate(lanes):
        assert_same(rows_of(back, row), expected[row], ("resumed and rewound", lane))
        assert_same(rows_of(trained(run_of(kind, [lane]), 14), 0), expected[row], ("alone", lane))
    for place, row in enumerate(others):
        assert_same(rows_of(busy, place), expected[row], ("beside others that come and go", lanes[row]))


SMALL = TrainingSettings(batch_size=8)
PLAYED = {key: cls() for key, cls in RULES.items()} | {"unrolled": Unrolled(inner_steps=2)}
TWO = (
    LaneConfig(FORMULATIONS["r3gan"].formulation),
    LaneConfig(Formulation(NS, (GradientPenalty(weight=0.1),))),
)
RUNS = (
    {f"data {name}": {"distribution": spec} for name, spec in SPECS.items()}
    | {f"activation {name}": {"architecture": MLP(width=8, activation=name)} for name in ACTIVATIONS}
    | {f"initialization {name}": {"architecture": MLP(width=8, initialization=name)} for name in INITIALIZATIONS}
    | {f"latents {name}": {"latents": Latents(size=3, distribution=name)} for name in LATENTS}
    | {
        f"rule {name}, {n} updates of each": {"training": dataclasses.replace(SMALL, rule=rule, d_steps=n, g_steps=n)}
        for name, rule in PLAYED.items()
        for n in (1, 2)
    }
    | {
        "spectral norm": {"architecture": MLP(width=8, spectral_norm=True)},
        "each its own layers": {"architecture": MLP(generator_widths=(8, 4), discriminator_widths=(6,))},
        "several seeds": {"training": dataclasses.replace(SMALL, seeds=2)},
        "packs": {"training": dataclasses.replace(SMALL, packing=2)},
        "stale latents": {"training": dataclasses.replace(SMALL, fresh_latents=False)},
    }
)  # fmt: skip
"""What all lanes share."""


@pytest.mark.parametrize("name", RUNS)
def test_every_entry_that_all_lanes_share(name):
    plain = {"architecture": MLP(width=8), "training": SMALL}
    config = RunConfig(**{"lanes": TWO} | plain | RUNS[name])
    whole, back, n = trained(config, 14), resumed_watched_and_rewound(config), config.training.seeds
    assert all(status.diverged_at is None for status in whole.lanes)
    expected = [rows_of(whole, row) for row in range(config.n_rows)]
    for row in range(config.n_rows):
        assert_same(rows_of(back, row), expected[row], "resumed, watched and rewound")
    for lane, spec in enumerate(TWO):
        alone = trained(dataclasses.replace(config, lanes=(spec,)), 14)
        for seed in range(n):
            assert_same(rows_of(alone, seed), expected[lane * n + seed], "alone")
    forked = trained(config, 5)
    forked.fork(1, TWO[1])
    forked.train(9)
    for row in range(n):
        assert_same(rows_of(forked, 2 * n + row), expected[n + row], "forked")
    for row in range(2 * n):
        assert_same(rows_of(forked, row), expected[row], "beside a fork")

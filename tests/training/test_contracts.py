"""What holds for every entry of every list, each with several settings: all of them as lanes of a run.

A lane is what it is alone, whatever crowd it stands in and whoever comes and goes; a run that was resumed and rewound
is the run that went on. Pairs of games are in test_independence.py.
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
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import OPTIMIZERS, SGD, Adam
from ganviz.training.schedules import SCHEDULES
from ganviz.training.trainer import Trainer
from tests.campaigns.catalogue import losses

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


@pytest.mark.parametrize(("kind", "start"), CROWDS)
def test_every_entry(kind, start):
    _, size, every = KINDS[kind]
    lanes = LANES[::every][start : start + size]
    config = run_of(kind, lanes)
    whole = trained(config, 14)
    expected = [rows_of(whole, row) for row in range(len(lanes))]

    back = Trainer.from_state(trained(config, 5).state())
    back.train(9)
    back.rewind(8)
    back.train(6)

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

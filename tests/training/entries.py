"""Every entry of every list that lanes can have, each with several settings, and what tests ask of lanes."""

import dataclasses

import torch

from ganviz.losses.adversarial.custom import CustomLoss, CustomPairedLoss
from ganviz.losses.adversarial.energy_margin import EnergyMargin
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.maximum_likelihood import MaximumLikelihood
from ganviz.losses.adversarial.mixed_cross_entropy import MixedCrossEntropy
from ganviz.losses.adversarial.mmd import MMD
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.reverse_kl import ReverseKL
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.constraints import WeightClipping
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.inputs.scaled import Scaled
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS
from ganviz.training.columns import COLUMNS
from ganviz.training.config import LaneConfig
from ganviz.training.optimizers import OPTIMIZERS, SGD, Adam, OptimisticAdam, RMSprop
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


OTHERWISE = (
    LeastSquares(a=-0.5, b=0.7, c=0.2), MixedCrossEntropy(a=0.2), MixedCrossEntropy(a=0.7, real_target=0.9),
    ReverseKL(real_target=0.9), MaximumLikelihood(real_target=0.9), EnergyMargin(margin=0.3), MMD(bandwidth=0.2),
    CustomLoss(real="softplus(1 - t)", fake="softplus(1 + t)", generated="-t"),
    CustomPairedLoss(lead="softplus(1 - u)"),
)  # fmt: skip
"""Losses that have numbers of their own or are written by hand, with others than named formulations have."""
GAMES = [
    *(named.formulation for named in FORMULATIONS.values()),
    *map(Formulation, losses()),
    *(Formulation(cls(real_target=0.9)) for cls in (NonSaturating, Saturating)),
    Formulation(NonSaturating(real_target=0.8, fake_target=0.1)),
    *map(Formulation, OTHERWISE),
    *(Formulation(NS, (penalty,)) for cls in PENALTIES.values() for penalty in settings_of(cls)),
    *(Formulation(NS, constraint=WeightClipping(c=c)) for c in (0.01, 0.1)),
    *(Formulation(NS, inputs=(InstanceNoise(sigma=s, anneal_steps=n),)) for s, n in ((0.1, 0), (0.3, 15))),
    *(Formulation(NS, inputs=(Scaled(factor=factor),)) for factor in (0.5, 3.0)),
]
MOVES = [
    *(cls() for cls in OPTIMIZERS.values()),
    *(cls(learning_rate=0.01) for cls in OPTIMIZERS.values()),
    *(Adam(schedule=cls()) for cls in SCHEDULES.values()),
    *(SGD(learning_rate=0.1, schedule=cls(length=7, end=0.2)) for key, cls in SCHEDULES.items() if key != "constant"),
    SGD(momentum=0.9), Adam(beta1=0.0, beta2=0.9), RMSprop(alpha=0.9), OptimisticAdam(beta1=0.0),
]  # fmt: skip
LANES = [
    *map(LaneConfig, dict.fromkeys(GAMES)),
    *(LaneConfig(Formulation(NS), "", of_g, Adam()) for of_g in MOVES),
    *(LaneConfig(Formulation(NS), "", Adam(), of_d) for of_d in MOVES),
]


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

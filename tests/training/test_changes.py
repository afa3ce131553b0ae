"""What change marks say: which part, which number, from what to what."""

import dataclasses

import pytest

from ganviz.losses.adversarial.custom import CustomLoss
from ganviz.losses.adversarial.f_kl import ForwardKL
from ganviz.losses.adversarial.hinge import Hinge
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.constraints import WeightClipping
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.penalties.one_centered import GradientPenalty
from ganviz.losses.penalties.zero_centered import R1, R2
from ganviz.losses.presets import named_formulation, title_of
from ganviz.networks.mlp import MLP
from ganviz.training.changes import change_marks
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD, Adam
from ganviz.training.trainer import Trainer


def labels(old, new, **training):
    before, after = RunConfig(lanes=(old,)), RunConfig(lanes=(new,), training=TrainingSettings(**training))
    return [label for _, label, _ in change_marks(before, after)]


def of(name):
    return named_formulation(name)


FORMULATIONS = {
    "a penalty's number": (
        of("non_saturating_r1"),
        Formulation(NonSaturating(), (R1(gamma=0.2),)),
        "R1 γ 0.1 → 0.2",
    ),
    "back to the preset": (
        Formulation(NonSaturating(), (R1(gamma=0.2),)),
        of("non_saturating_r1"),
        "R1 γ 0.2 → 0.1",
    ),
    "a tiny change": (
        of("non_saturating_r1"),
        Formulation(NonSaturating(), (R1(gamma=0.1000001),)),
        "R1 γ 0.1 → 0.1000001",
    ),
    "λ": (
        of("wgan_gp"),
        Formulation(Wasserstein(), (GradientPenalty(weight=1.0),)),
        "Gradient penalty λ 10 → 1",
    ),
    "a bound": (
        of("wasserstein"),
        Formulation(Wasserstein(), (), WeightClipping(c=0.02)),
        "Weight clipping c 0.01 → 0.02",
    ),
    "a loss's number": (
        of("least_squares"),
        Formulation(LeastSquares(a=-1.0)),
        "Least squares fake target a 0 → -1 · optimizer reset",
    ),
    "label smoothing": (
        of("non_saturating"),
        Formulation(NonSaturating(real_target=0.9)),
        "Non-saturating real target α 1 → 0.9",
    ),
    "a lazy penalty": (
        of("hinge"),
        Formulation(Hinge(), (R1(interval=16),)),
        "Hinge → Hinge + R1, R1 γ 0.1, R1 interval 16 updates",
    ),
    "a penalty made lazy": (
        Formulation(Hinge(), (R1(),)),
        Formulation(Hinge(), (R1(gamma=0.2, interval=16),)),
        "R1 γ 0.1 → 0.2, R1 interval 1 → 16 updates",
    ),
    "noise": (
        of("non_saturating"),
        Formulation(NonSaturating(), inputs=(InstanceNoise(sigma=0.2),)),
        "Non-saturating → Non-saturating + instance noise, Instance noise σ 0.2",
    ),
    "annealed noise": (
        of("non_saturating"),
        Formulation(NonSaturating(), inputs=(InstanceNoise(anneal_steps=500),)),
        "Non-saturating → Non-saturating + instance noise, Instance noise σ 0.1, Instance noise annealing 500 steps",
    ),
    "less noise": (
        Formulation(NonSaturating(), inputs=(InstanceNoise(sigma=0.2),)),
        Formulation(NonSaturating(), inputs=(InstanceNoise(anneal_steps=500),)),
        "Instance noise σ 0.2 → 0.1, Instance noise annealing 0 → 500 steps",
    ),
    "two numbers": (
        Formulation(Wasserstein(), (R1(),), WeightClipping()),
        Formulation(Wasserstein(), (R1(gamma=1.0),), WeightClipping(c=0.5)),
        "R1 γ 0.1 → 1, Weight clipping c 0.01 → 0.5",
    ),
    "presets": (of("non_saturating"), of("wasserstein"), "Non-saturating → WGAN · optimizer reset"),
    "a penalty that makes a preset": (
        of("non_saturating"),
        of("non_saturating_r1"),
        "Non-saturating → NS + R1",
    ),
    "a penalty of its own number": (
        of("hinge"),
        Formulation(Hinge(), (R1(gamma=0.5),)),
        "Hinge → Hinge + R1, R1 γ 0.5",
    ),
    "a penalty taken away": (Formulation(Hinge(), (R1(),)), of("hinge"), "Hinge + R1 → Hinge"),
    "a penalty added, another changed": (
        of("non_saturating_r1"),
        Formulation(NonSaturating(), (R1(gamma=1.0), GradientPenalty())),
        "NS + R1 → Non-saturating + R1 + Gradient penalty, R1 γ 0.1 → 1, Gradient penalty λ 10",
    ),
}


@pytest.mark.parametrize("name", FORMULATIONS)
def test_a_change_of_formulation_names_its_numbers(name):
    old, new, label = FORMULATIONS[name]
    assert labels(LaneConfig(old), LaneConfig(new)) == [label]


def test_a_change_of_optimizers_names_them_and_their_numbers():
    lane = LaneConfig(of("hinge"), generator_optimizer=Adam(), discriminator_optimizer=Adam())
    quick = Adam(learning_rate=0.01)
    both = dataclasses.replace(lane, generator_optimizer=quick, discriminator_optimizer=quick)
    one = dataclasses.replace(lane, generator_optimizer=dataclasses.replace(quick, beta1=0.9))
    assert labels(lane, both) == ["Adam learning rate 0.001 → 0.01"]
    assert labels(lane, one) == ["G Adam learning rate 0.001 → 0.01", "G Adam β₁ 0.5 → 0.9"]
    plain = dataclasses.replace(lane, discriminator_optimizer=SGD())
    assert labels(lane, plain) == ["D Adam → SGD · optimizer reset"]


def test_a_change_of_training_names_its_numbers():
    lane = LaneConfig(of("hinge"))
    assert labels(lane, lane, d_steps=5) == ["D steps per G step 1 → 5"]


def test_what_changes_in_every_lane_is_said_once():
    before, after = LaneConfig(of("non_saturating_r1")), LaneConfig(of("non_saturating"))
    other = LaneConfig(of("hinge"))
    assert list(change_marks(RunConfig(lanes=(before, before)), RunConfig(lanes=(after, after)))) == [
        (None, "NS + R1 → Non-saturating", True)
    ]
    assert list(change_marks(RunConfig(lanes=(before, other)), RunConfig(lanes=(after, other)))) == [
        (0, "NS + R1 → Non-saturating", True)
    ]


TITLES = {
    "NS + R1": Formulation(NonSaturating(), (R1(gamma=0.1),)),
    "NS + R1, γ 1": Formulation(NonSaturating(), (R1(gamma=1),)),
    "NS + R1, γ 0.1000001": Formulation(NonSaturating(), (R1(gamma=0.1000001),)),
    "NS + R1, interval 16 updates": Formulation(NonSaturating(), (R1(interval=16),)),
    "Non-saturating + R1 + R2": Formulation(NonSaturating(), (R1(), R2())),
    "Non-saturating + R1 + R2, R2 γ 1": Formulation(NonSaturating(), (R1(), R2(gamma=1))),
    "Non-saturating, α 0.9, β 0.1": Formulation(NonSaturating(real_target=0.9, fake_target=0.1)),
    "Least squares (−1, 1, 1), c 0.5": Formulation(LeastSquares(a=-1, b=1, c=0.5)),
    "f-GAN KL, generator alternative": Formulation(ForwardKL(generator_loss="alternative")),
    "Own loss": Formulation(CustomLoss(real="-t")),
    "mine + R1, γ 1": Formulation(CustomLoss(name="mine"), (R1(gamma=1),)),
}


@pytest.mark.parametrize("title", TITLES)
def test_a_formulation_is_called_by_its_namesake_and_the_numbers_that_are_others(title):
    assert title_of(TITLES[title]) == title


def test_a_fork_names_its_formulation_and_its_numbers():
    trainer = Trainer(RunConfig(architecture=MLP(width=4)))
    trainer.fork(0, LaneConfig(Formulation(NonSaturating(), (R1(gamma=0.3),))))
    assert [(mark.lane, mark.label) for mark in trainer.history.marks] == [(1, "fork: NS + R1, γ 0.3")]

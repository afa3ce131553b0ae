"""A captured step is the same step: on a GPU with CUDA graphs, elsewhere with a tape of the kernels' calls."""

import dataclasses
import logging

import numpy as np
import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.kernels import counter
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.penalties.one_centered import DRAGAN
from ganviz.losses.penalties.zero_centered import R1, R2
from ganviz.losses.presets import FORMULATIONS, named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD, Adam, OptimisticAdam, OptimisticSGD, RMSprop
from ganviz.training.rules import Consensus, Extragradient, Simultaneous
from ganviz.training.schedules import CosineDecay
from ganviz.training.steps import captured, step_class
from ganviz.training.steps.captured import WARM_UP_STEPS, CapturedStep
from ganviz.training.trainer import Trainer
from tests.training.tape import Tape

STEPS = 70
"""Beyond the end of a block of history, where what replays wrote is fetched."""
ADAM = Adam()
MNIST_RUN = {"distribution": MNIST(digits="35"), "architecture": DCGAN16(channels=2)}
NOISY = (
    LaneConfig(
        Formulation(NonSaturating(real_target=0.9), inputs=(InstanceNoise(sigma=0.3, anneal_steps=40),))
    ),
    LaneConfig(named_formulation("hinge")),
    LaneConfig(Formulation(PairedRelativistic(), (R1(),), inputs=(InstanceNoise(),))),
)
LAZY = (
    LaneConfig(Formulation(NonSaturating(), (R1(interval=3), DRAGAN(interval=2)))),
    LaneConfig(named_formulation("hinge")),
    LaneConfig(Formulation(NonSaturating(), (R1(interval=2), R2()))),
)
AROUND = Formulation(named_formulation("hinge").loss, (DRAGAN(),))


def config(*formulations, optimizer=ADAM, training=None, **changes):
    lanes = tuple(
        LaneConfig(named_formulation(name), "", optimizer, optimizer) for name in formulations or ("hinge",)
    )
    settings = TrainingSettings(**({"batch_size": 16} | (training or {})))
    return RunConfig(**{"lanes": lanes, "architecture": MLP(width=8), "training": settings} | changes)


RUNS = {name: config(name) for name in list(FORMULATIONS)[:10]} | {
    "all as lanes": config(*FORMULATIONS),
    "penalty on some lanes": config("wgan_gp", "hinge", "wgan_gp"),
    "penalties at other points": config("non_saturating_r1", "wgan_gp"),
    "penalty differentiated automatically": config("wgan_gp", architecture=MLP(width=8, spectral_norm=True)),
    **{
        f"normal numbers for a penalty of {name}": config(
            lanes=(LaneConfig(named_formulation("hinge")), LaneConfig(AROUND)), training={"d_steps": 2}, **run
        )
        for name, run in {"perceptrons": {}, "digits": MNIST_RUN}.items()
    },
    "lazy penalties": config(lanes=LAZY[:1]),
    "lazy penalties, several D steps": config(lanes=LAZY, training={"d_steps": 2}),
    "lazy penalties, extragradient": config(lanes=LAZY, training={"rule": Extragradient()}),
    "lazy penalties on digits": config(lanes=LAZY, training={"batch_size": 4}, **MNIST_RUN),
    "noise": config(lanes=NOISY[:1]),
    "noise on some lanes": config(lanes=NOISY, training={"d_steps": 2}),
    "noise on digits": config(lanes=NOISY[1:], training={"batch_size": 4}, **MNIST_RUN),
    "momentum": config(optimizer=SGD(momentum=0.5)),
    "RMSprop": config("wasserstein", optimizer=RMSprop()),
    "optimistic": config(optimizer=OptimisticAdam()),
    "optimistic descent": config("wasserstein", optimizer=OptimisticSGD()),
    "decaying rates": config(optimizer=Adam(schedule=CosineDecay(length=40))),
    "together": config(training={"rule": Simultaneous()}),
    "consensus": config("rpgan", "wgan_gp", training={"rule": Consensus()}),
    "extragradient": config("non_saturating", training={"rule": Extragradient(), "d_steps": 2}),
    "extragradient with a penalty": config("wgan_gp", training={"rule": Extragradient()}),
    "extragradient, pairs": config("rpgan", training={"rule": Extragradient(), "fresh_latents": False}),
    "several D steps": config("non_saturating", training={"d_steps": 3}),
    "several steps of both": config("rpgan", training={"d_steps": 2, "g_steps": 3, "fresh_latents": False}),
    "several D steps with a penalty": config("wgan_gp", training={"d_steps": 2}),
    "one batch of latents": config("hinge", training={"fresh_latents": False}),
    "average": config("hinge", training={"ema_decay": 0.9}),
    "spectral normalization": config("hinge", architecture=MLP(width=8, spectral_norm=True)),
    "different optimizers": config(
        lanes=(
            LaneConfig(named_formulation("hinge"), "", Adam(), SGD()),
            LaneConfig(named_formulation("least_squares"), "", RMSprop(), Adam(learning_rate=1e-4)),
            LaneConfig(named_formulation("hinge"), "", OptimisticAdam(), OptimisticSGD()),
        )
    ),
    "digits": config(training={"batch_size": 4, "ema_decay": 0.9}, **MNIST_RUN),
    "digits, extragradient": config(training={"batch_size": 4, "rule": Extragradient()}, **MNIST_RUN),
    "digits with a penalty": config("wgan_gp", training={"batch_size": 4}, **MNIST_RUN),
}

FEW = dict.fromkeys(("lazy penalties on digits", "noise on digits", "digits, extragradient", "digits with a penalty",
                     "normal numbers for a penalty of digits"), 24)  # fmt: skip
"""Of slow runs so many steps: twenty replays, in which lazy penalties count thrice. "digits" passes a block's end."""


def capturing(monkeypatch, make_recorder):
    """Let trainers made from now on capture their steps; return the list of their recorders."""
    made = []

    def make(*args):
        made.append(make_recorder())
        return CapturedStep(step_class(args[0]), *args, make_recorder=lambda: made[-1])

    monkeypatch.setattr("ganviz.training.trainer.make_step", make)
    monkeypatch.setattr(counter, "COUNTED_BY_HOST", ())
    return made


def assert_same(a, b):
    a.flush(), b.flush()
    assert (a.step, a.history.marks) == (b.step, b.history.marks)
    assert a._players.counts() == b._players.counts()
    for name, tensor in a._players.tensors.items():
        assert torch.equal(tensor, b._players.tensors[name]), name
    for lane in range(len(a.config.lanes)):
        np.testing.assert_array_equal(a.history.table(lane), b.history.table(lane))


@pytest.mark.parametrize("name", RUNS)
def test_replayed_is_made_call_by_call(name, monkeypatch):
    steps = FEW.get(name, STEPS)
    plain = Trainer(RUNS[name])
    plain.train(steps)
    tapes = capturing(monkeypatch, Tape)
    replayed = Trainer(RUNS[name])
    replayed.train(steps)
    assert_same(plain, replayed)
    assert [(tape.warm_ups, tape.captures) for tape in tapes] == [(WARM_UP_STEPS, 1)]


def test_a_life_with_changes(monkeypatch):
    """Every change is captured anew; half steps, looks back and files lie between."""

    def live():
        trainer = Trainer(config("non_saturating"))
        trainer.train(30)
        lanes = (LaneConfig(named_formulation("wgan_gp")),)
        trainer.reconfigure(dataclasses.replace(trainer.config, lanes=lanes))
        trainer.train(21)
        trainer.half_step("discriminator")
        trainer.half_step("generator")
        trainer.train(30)
        trainer.fork(0, LaneConfig(named_formulation("saturating")))
        trainer.train(70)
        trainer.rewind(64)
        trainer = Trainer.from_state(trainer.state())
        trainer.train(20)
        return trainer

    plain = live()
    tapes = capturing(monkeypatch, Tape)
    assert_same(plain, live())
    assert sum(tape.captures for tape in tapes) == 4


@pytest.mark.parametrize(
    "later", [named_formulation("rpgan"), AROUND, named_formulation("wgan_gp")], ids=repr
)
def test_what_replays_leave_out_is_left_out(later, monkeypatch):
    """A game that needs more numbers begins with those of its own step."""

    def live():
        trainer = Trainer(config("hinge"))
        trainer.train(30)
        trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(LaneConfig(later),)))
        trainer.train(30)
        return trainer

    plain = live()
    capturing(monkeypatch, Tape)
    assert_same(plain, live())


def test_a_lane_that_diverges_leaves_the_graph(monkeypatch):
    wild = LaneConfig(named_formulation("least_squares"), "", SGD(learning_rate=100), SGD(learning_rate=100))
    run = config(lanes=(LaneConfig(named_formulation("hinge")), wild))
    plain = Trainer(run)
    plain.train(200)
    assert plain.lanes[1].diverged_at is not None
    capturing(monkeypatch, Tape)
    replayed = Trainer(run)
    replayed.train(200)
    assert_same(plain, replayed)


class Refuses(Tape):
    """Fails somewhere in the middle of the step."""

    def capture(self, work):
        def interrupted():
            work()
            raise RuntimeError("operation not permitted when stream is capturing")

        return super().capture(interrupted)


def no_recorder():
    raise RuntimeError("no graphs on this device")


@pytest.mark.parametrize("name", ["hinge", "wgan_gp", "digits"])
@pytest.mark.parametrize("how", ["while capturing", "from the start"])
def test_what_cannot_be_captured_is_made_call_by_call(name, how, monkeypatch, caplog):
    plain = Trainer(RUNS[name])
    plain.train(STEPS)
    capturing(monkeypatch, Refuses)
    if how == "from the start":
        make = lambda *args: CapturedStep(step_class(args[0]), *args, make_recorder=no_recorder)  # noqa: E731
        monkeypatch.setattr("ganviz.training.trainer.make_step", make)
    with caplog.at_level(logging.WARNING, "ganviz"):
        fallen = Trainer(RUNS[name])
        fallen.train(STEPS)
    assert_same(plain, fallen)
    (message,) = caplog.messages
    assert fallen.step_method in message
    assert "call by call" in message


def test_asking_for_a_value_on_the_way_cannot_be_captured(monkeypatch, caplog):
    """The tape refuses what a GPU refuses."""
    loss = named_formulation("hinge").loss
    monkeypatch.setattr(
        type(loss), "on_real_slope", lambda self, scores: scores * 0 - float(scores.mean() < 1e9)
    )
    capturing(monkeypatch, Tape)
    with caplog.at_level(logging.WARNING, "ganviz"):
        Trainer(config("hinge")).train(STEPS)
    assert "_local_scalar_dense" in caplog.messages[0]


def test_without_a_gpu_the_real_recorder_gives_up(monkeypatch, caplog):
    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    run = config("hinge")
    plain = Trainer(run)
    plain.train(STEPS)
    make = lambda *args: CapturedStep(step_class(args[0]), *args)  # noqa: E731
    monkeypatch.setattr("ganviz.training.trainer.make_step", make)
    with caplog.at_level(logging.WARNING, "ganviz"):
        fallen = Trainer(run)
        fallen.train(STEPS)
    assert_same(plain, fallen)
    assert len(caplog.messages) == 1


def test_on_the_cpu_nothing_is_captured():
    assert not isinstance(Trainer(config())._method, CapturedStep)


@pytest.mark.parametrize("name", RUNS if torch.cuda.is_available() else ())
def test_on_a_gpu_replayed_is_made_call_by_call(name, monkeypatch, caplog):
    run = dataclasses.replace(RUNS[name], training=dataclasses.replace(RUNS[name].training, device="cuda"))
    replayed = Trainer(run)
    replayed.train(STEPS)
    assert isinstance(replayed._method, CapturedStep)
    monkeypatch.setattr(captured, "WARM_UP_STEPS", STEPS + 1)
    by_call = Trainer(run)
    by_call.train(STEPS)
    assert not caplog.messages
    for player in ("generator", "discriminator"):
        torch.testing.assert_close(
            replayed._players.tensors[player], by_call._players.tensors[player], rtol=1e-3, atol=1e-4
        )

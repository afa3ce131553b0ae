"""The engine on a GPU: eager = captured = CPU, through a run's life.

Each test body runs twice: on the GPU with CUDA graphs, and on the CPU with the tape that stands in for them, so that
the bodies are known to work where there is no GPU; of all games, the tape has a part. Neither Qt nor the installed
package is needed.
"""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import torch

from ganviz.data.mnist import MNIST
from ganviz.kernels import counter
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs import INPUTS
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.one_centered import DRAGAN
from ganviz.losses.penalties.zero_centered import R1
from ganviz.losses.presets import FORMULATIONS, named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.session.commands import Look
from ganviz.session.runner import Runner
from ganviz.training import progress
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import OPTIMIZERS, Adam
from ganviz.training.probes import PROBES
from ganviz.training.reproduction import keep_again
from ganviz.training.rules import RULES, Alternating, Extragradient
from ganviz.training.schedules import SCHEDULES, ConstantRate
from ganviz.training.steps import make_step, step_class
from ganviz.training.steps.autograd import AutogradStep
from ganviz.training.steps.captured import CapturedStep
from ganviz.training.trainer import Trainer
from tests.training.tape import Tape

STEPS = 50
STEPS_OF_A_TAPE = 12
CLOSE = 1e-4

_needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU here")
MACHINES = [pytest.param("cuda", marks=[pytest.mark.gpu, _needs_gpu]), "cpu"]


class Machine:
    """Where the steps under test are made, and whether they are captured there."""

    def __init__(self, device, monkeypatch):
        self.device, self._patch = device, monkeypatch
        monkeypatch.setattr(counter, "COUNTED_BY_HOST", counter.COUNTED_BY_HOST if device == "cuda" else ())
        # As in the suite's conftest, which needs Qt and is not read where this folder runs by itself.
        monkeypatch.setattr(progress, "clock", float)

    def config(self, *formulations, optimizer=None, n_lanes=None, **training):
        """Return a run of small perceptrons with a lane for each formulation."""
        spec = optimizer or Adam(learning_rate=1e-3)
        lanes = tuple(LaneConfig(named_formulation(name), "", spec, spec) for name in formulations)
        settings = TrainingSettings(**{"batch_size": 32, "device": self.device} | training)
        return RunConfig(
            lanes=lanes * (n_lanes or 1), architecture=MLP(width=8, hidden_layers=1), training=settings
        )

    @property
    def steps(self):
        """Steps of a comparison: the tape shows that the bodies work, the GPU what they are for."""
        return STEPS if self.device == "cuda" else STEPS_OF_A_TAPE

    def on_cpu(self, config, steps=None, dtype=torch.float32):
        """Return the run made call by call on the CPU."""
        self._patch.setattr("ganviz.training.trainer.make_step", make_step)
        plain = dataclasses.replace(config, training=dataclasses.replace(config.training, device="cpu"))
        return self._trained(plain, steps, dtype)

    def eager(self, config, steps=None, dtype=torch.float32):
        """Return the run made call by call on the machine."""
        self._patch.setattr(
            "ganviz.training.trainer.make_step", lambda config, *more: step_class(config)(config, *more)
        )
        return self._trained(config, steps, dtype)

    def captured(self, config, steps=None, dtype=torch.float32):
        """Return the run made by captured steps on the machine."""
        self.capture()
        return self._trained(config, steps, dtype)

    def capture(self):
        """Let runs made from now on capture their steps."""
        recorder = {} if self.device == "cuda" else {"make_recorder": Tape}
        self._patch.setattr(
            "ganviz.training.trainer.make_step",
            lambda config, *more: CapturedStep(step_class(config), config, *more, **recorder),
        )

    def _trained(self, config, steps, dtype):
        trainer = Trainer(config, dtype)
        trainer.train(self.steps if steps is None else steps)
        return trainer


@pytest.fixture(params=MACHINES)
def machine(request, monkeypatch, caplog):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield Machine(request.param, monkeypatch)
    torch.set_num_threads(threads)
    said = caplog.get_records("call")  # of the test itself: caplog.records is empty here
    assert not [record for record in said if "could not be captured" in record.getMessage()]


def weights(trainer):
    trainer.flush()
    return {key: tensor.detach().cpu() for key, tensor in trainer._players.tensors.items()}


def determined(trainer):
    """Return the weights, 0 for those that a loss leaves open.

    Losses of differences do not depend on the last bias of D: its gradient is rounding alone, which Adam enlarges.
    """
    found = {key: tensor.clone() for key, tensor in weights(trainer).items()}
    for lane, config in enumerate(trainer.config.lanes):
        if config.formulation.loss.generator_sees_real:
            trainer._players.discriminator.network.layout.split(found["discriminator"])[-1][lane] = 0
    return found


def assert_close(a, b):
    """Weights agree to 1e-4 of their length, and updates were counted alike."""
    found, expected = determined(a), determined(b)
    for key in ("generator", "discriminator"):
        for lane, (ours, theirs) in enumerate(zip(found[key], expected[key], strict=True)):
            distance = float((ours - theirs).norm() / theirs.norm())
            assert distance < CLOSE, f"{key} of lane {lane} differs by {distance:.2g}"
    assert a._players.counts() == b._players.counts()


def assert_same(a, b):
    found, expected = weights(a), weights(b)
    assert found.keys() == expected.keys()
    for key, tensor in found.items():
        assert torch.equal(tensor, expected[key]), key
    assert a._players.counts() == b._players.counts()
    for lane in range(len(a.config.lanes)):
        np.testing.assert_array_equal(a.history.table(lane), b.history.table(lane))


CHOICES = (FORMULATIONS, RULES, OPTIMIZERS)


def games():
    """Yield a machine and a game: on the GPU all, on the tape so many that any two of three choices meet."""
    cuda, tape = MACHINES
    most = max(len(RULES), len(OPTIMIZERS))
    for places in itertools.product(*map(range, map(len, CHOICES))):
        game = [[*choice][place] for choice, place in zip(CHOICES, places, strict=True)]
        yield pytest.param(*cuda.values, *game, marks=cuda.marks)
        if sum(places) % most == 0:
            yield tape, *game


@pytest.mark.parametrize(("machine", "formulation", "rule", "optimizer"), [*games()], indirect=["machine"])
def test_captured_is_eager_is_the_cpu(machine, formulation, rule, optimizer):
    spec = OPTIMIZERS[optimizer](learning_rate=1e-3)
    config = machine.config(formulation, optimizer=spec, rule=RULES[rule]())
    eager, captured = machine.eager(config), machine.captured(config)
    assert isinstance(captured._method, CapturedStep)
    assert not isinstance(eager._method, CapturedStep)
    assert_close(captured, eager)
    # Of one lane, the CPU's analytic step is the eager run's own; others may be made in halves there.
    if machine.device == "cuda" or step_class(config) is AutogradStep:
        assert_close(captured, machine.on_cpu(config))


GAMES = {
    "smoothed labels": Formulation(NonSaturating(real_target=0.9, fake_target=0.1)),
    "noise": Formulation(NonSaturating(), inputs=(InstanceNoise(sigma=0.3),)),
    "annealed noise, pairs, a penalty": Formulation(
        PairedRelativistic(), (R1(),), inputs=(InstanceNoise(anneal_steps=8),)
    ),
    "lazy penalties": Formulation(NonSaturating(), (R1(interval=4), DRAGAN(interval=3))),
    "plain": Formulation(NonSaturating()),
}
BESIDE = {name: (name,) for name in GAMES} | {"all of them": tuple(GAMES)}


@pytest.mark.parametrize("rule", [Alternating(), Extragradient()], ids=lambda rule: rule.key)
@pytest.mark.parametrize("names", BESIDE.values(), ids=list(BESIDE))
def test_what_changes_from_step_to_step_is_fed(machine, names, rule):
    """Noise that is annealed and penalties that are left out: a graph cannot decide, it is told."""
    config = machine.config("non_saturating", rule=rule, d_steps=2)
    lanes = tuple(dataclasses.replace(config.lanes[0], formulation=GAMES[name]) for name in names)
    config = dataclasses.replace(config, lanes=lanes)
    eager, captured = machine.eager(config), machine.captured(config)
    assert_close(captured, eager)
    assert_close(captured, machine.on_cpu(config))
    for lane in range(len(lanes)):
        np.testing.assert_allclose(
            captured.history.table(lane), eager.history.table(lane), rtol=1e-3, atol=1e-4
        )


def others():
    """Return lanes with what no named formulation has: further penalties, what D sees, schedules."""
    named = {type(one) for known in FORMULATIONS.values() for one in known.formulation.penalties}
    plain, spec = Formulation(NonSaturating()), Adam(learning_rate=1e-3)
    games = [Formulation(NonSaturating(), (cls(),)) for cls in PENALTIES.values() if cls not in named]
    games += [Formulation(NonSaturating(), inputs=(cls(),)) for cls in INPUTS.values()]
    rates = [
        dataclasses.replace(spec, schedule=cls(length=9))
        for cls in SCHEDULES.values()
        if cls is not ConstantRate
    ]
    return (
        *(LaneConfig(game, "", spec, spec) for game in games),
        *(LaneConfig(plain, "", rate, rate) for rate in rates),
    )


def test_entries_that_no_formulation_names(machine):
    """Each of two seeds."""
    config = dataclasses.replace(machine.config("non_saturating", seeds=2), lanes=others())
    eager, captured = machine.eager(config), machine.captured(config)
    assert_close(captured, eager)
    assert_close(captured, machine.on_cpu(config))


def digits(config):
    """Return a run with the same lanes that learns digits."""
    return dataclasses.replace(config, distribution=MNIST(digits="35"), architecture=DCGAN16(channels=4))


def test_digits_too(machine):
    config = digits(machine.config("non_saturating", batch_size=8, ema_decay=0.9))
    captured = machine.captured(config, 10)
    assert_close(captured, machine.eager(config, 10))
    assert_close(captured, machine.on_cpu(config, 10))


def test_formulations_are_switched_while_captured(machine):
    def live(config):
        trainer = Trainer(config)
        for key in FORMULATIONS:
            lane = dataclasses.replace(trainer.config.lanes[0], formulation=named_formulation(key))
            trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(lane,)))
            trainer.train(7)
        return trainer

    config = machine.config("non_saturating")
    eager = machine.eager(config, 0)
    by_call = live(config)
    assert type(by_call._method) is type(eager._method)
    machine.capture()
    assert_close(live(config), by_call)


@pytest.mark.parametrize("n_lanes", [1, 16, 64])
def test_many_lanes_are_one_beside_the_other(machine, n_lanes):
    config = machine.config("non_saturating", n_lanes=n_lanes)
    captured = machine.captured(config)
    assert_close(captured, machine.on_cpu(config))
    for key, tensor in weights(captured).items():
        for lane in range(n_lanes):
            torch.testing.assert_close(
                tensor[lane], tensor[0], rtol=CLOSE, atol=CLOSE, msg=f"{key} of lane {lane}"
            )


@pytest.mark.parametrize("formulation", ["non_saturating", "wgan_gp"])
def test_a_run_goes_on_from_its_state_from_a_rewind_and_as_a_fork(machine, formulation):
    config = machine.config(formulation, d_steps=2)
    whole, first = machine.captured(config, 110), machine.captured(config, 70)
    resumed = Trainer.from_state(first.state())
    resumed.train(40)
    assert_same(whole, resumed)
    first.rewind(64)
    first.train(46)
    assert_same(whole, first)
    first.fork(0, first.config.lanes[0])
    first.train(20)
    whole.train(20)
    for key, tensor in weights(first).items():
        torch.testing.assert_close(tensor[0], tensor[1], rtol=CLOSE, atol=CLOSE, msg=key)
        torch.testing.assert_close(tensor[0], weights(whole)[key][0], rtol=CLOSE, atol=CLOSE, msg=key)


def test_a_step_is_made_anew(machine):
    config = machine.config("non_saturating", "wgan_gp", seeds=2, ema_decay=0.9)
    whole, other = machine.captured(config, 110), machine.captured(config, 110)
    keep_again(other, 100)
    other.rewind(100)
    other.train(10)
    assert_same(whole, other)


@pytest.mark.parametrize("of", [lambda config: config, digits], ids=["plane", "digits"])
def test_looks_do_not_disturb(machine, of):
    """Also at lanes with noise, in packs, and where there is no discriminator."""
    config = machine.config("hinge", "wgan_gp", "mmd", packing=2, batch_size=8, ema_decay=0.9)
    noisy = dataclasses.replace(config.lanes[0], formulation=GAMES["annealed noise, pairs, a penalty"])
    config = of(dataclasses.replace(config, lanes=(*config.lanes, noisy)))
    machine.capture()
    runner = Runner(config)
    for _ in range(machine.steps // 4):
        runner.trainer.train(4)
        runner.answer(Look(PROBES))
    assert_same(runner.trainer, machine.captured(config, machine.steps // 4 * 4))

"""The script of a run, executed, has the engine's losses: for every entry of every catalog."""

import ast
import dataclasses
import gzip
import itertools
import math
import sys

import numpy as np
import pytest
import torch

from ganviz.data import DISTRIBUTIONS
from ganviz.data.mnist import MNIST
from ganviz.data.points_file import PointsFile
from ganviz.losses.constraints import CONSTRAINTS
from ganviz.losses.inputs import INPUTS
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.base import AbstractSlopePenalty
from ganviz.losses.presets import FORMULATIONS, named_formulation
from ganviz.networks.activations import ACTIVATIONS
from ganviz.networks.initializations import INITIALIZATIONS
from ganviz.networks.latents import LATENTS
from ganviz.session.choosing import chosen_run
from ganviz.session.scripting import run_script, script_of
from ganviz.session.scripting.numbers import RANDOM
from ganviz.spec import InvalidValueError
from ganviz.training.optimizers import OPTIMIZERS
from ganviz.training.rules import RULES
from ganviz.training.schedules import SCHEDULES
from ganviz.training.trainer import Trainer

STEPS = 20
SMALL = ("architecture.width=8", "training.batch_size=32", "training.device=cpu")
PACKED = (
    "training.packing=2",
    "training.ema_decay=0.9",
    "training.d_steps=3",
    "training.g_steps=2",
    "training.fresh_latents=false",
)
NOISE = "formulation.inputs.instance_noise"
D_RATE = "discriminator_optimizer.schedule"
OWN = "custom: max(0, 1 - t) + 2**t / 1e9; log(1 + exp(t)) * 0.5; -min(t, 3) + sqrt(t**2 + 1) + abs(t)"

GAMES = {
    **{f"loss {key}": (key,) for key in FORMULATIONS},
    "own": (OWN,),
    "own of pairs": ("custom: relu(1 - u); 3 + square(u) - tanh(u)",),
    "alternatives": ("fgan_pearson", "formulation.loss.generator_loss=alternative"),
    "smoothed": ("non_saturating", "formulation.loss.real_target=0.9", "formulation.loss.fake_target=0.1"),
    **{
        f"penalty {key}": ("hinge", f"formulation.penalties.{key}.interval=3", *PACKED)
        for key, cls in PENALTIES.items()
        if issubclass(cls, AbstractSlopePenalty)
    },
    **{f"input {key}": ("ragan", INPUTS[key](), *PACKED) for key in INPUTS},
    "annealed": (
        "rpgan",
        f"{NOISE}.sigma=0.5",
        f"{NOISE}.anneal_steps=15",
        "formulation.penalties.dragan.interval=1",
    ),
    **{f"constraint {key}": ("wasserstein", f"formulation.constraint={key}") for key in CONSTRAINTS},
    **{
        f"rule {key}": (
            "wgan_gp",
            f"training.rule={key}",
            "training.d_steps=2",
            "training.g_steps=3",
            "architecture.spectral_norm=true",
        )
        for key, rule in RULES.items()
        if not rule().unrolling[0]
    },
    **{
        f"optimizer {key}": ("non_saturating", f"generator_optimizer={key}", f"{D_RATE}={schedule}")
        for key, schedule in zip(OPTIMIZERS, [*SCHEDULES] * 5, strict=False)
    },
    **{f"schedule {key}": ("rpgan", f"generator_optimizer.schedule={key}") for key in SCHEDULES},
    "decay": ("rpgan", f"{D_RATE}=cosine", f"{D_RATE}.length=12", f"{D_RATE}.end=0.2"),
    "momentum": ("hinge", "generator_optimizer=sgd", "generator_optimizer.momentum=-0.3"),
    **{
        f"data {key}": ("non_saturating", f"distribution={key}")
        for key, one in DISTRIBUTIONS.items()
        if not one().has_files
    },
    **{f"activation {key}": ("hinge", f"architecture.activation={key}") for key in ACTIVATIONS},
    **{f"weights {key}": ("hinge", f"architecture.initialization={key}") for key in INITIALIZATIONS},
    **{f"latents {key}": ("hinge", f"latents.distribution={key}", "seed=3") for key in LATENTS},
}


def config_of(formulation, *settings):
    words = [one for one in settings if isinstance(one, str)]
    config, _ = chosen_run(formulations=(formulation,), settings=[*SMALL, *words])
    inputs = tuple(one for one in settings if not isinstance(one, str))
    if not inputs:
        return config
    lane = config.lanes[0]
    seen = dataclasses.replace(lane.formulation, inputs=inputs)
    return dataclasses.replace(config, lanes=(dataclasses.replace(lane, formulation=seen),))


def played(text):
    """Execute a script in double precision, in this process, and return what it leaves."""
    assert text.count("DTYPE = torch.float32") == 1
    named = [one.names[0].name for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Import)]
    assert {"torch"} <= set(named) <= {"torch", *sys.stdlib_module_names}
    left = {"print": lambda *words: None, "__name__": "script"}
    exec(compile(text.replace("DTYPE = torch.float32", "DTYPE = torch.float64"), "script", "exec"), left)
    return left


def assert_reproduced(config, lane=0):
    trainer = Trainer(config, torch.float64)
    trainer.train(STEPS)
    trainer.flush()
    table = trainer.history.table(lane)
    left = played(run_script(config, lane, steps=STEPS))
    np.testing.assert_allclose(left["history"], table[:, :2], rtol=1e-5, atol=1e-9)
    latents = torch.as_tensor(np.random.default_rng(0).standard_normal((8, config.latents.size)))
    subject = trainer.subject()
    average = left.get("average")
    if average is not None:
        for weights, kept in zip(left["G"].parameters(), average, strict=True):
            weights.data.copy_(kept)
    if not any(isinstance(layer, torch.nn.BatchNorm2d) for layer in left["G"]):
        expected = subject.generator(latents.expand(len(config.lanes), *latents.shape))[lane]
        in_units = left.get("in_file_units", lambda samples: samples)
        made = in_units(left["G"](latents).detach())
        np.testing.assert_allclose(made.numpy(), expected.detach().numpy(), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("numbers", [(0, 1), (2**33 + 5, 4, 123), (7, 6, 0xFEDCBA98, 8, 2**63)])
def test_a_script_draws_as_numpy_does(numbers):
    """One word more or less, and all that follows differs."""
    made = {"torch": torch, "math": math, "itertools": itertools}
    exec(RANDOM, made)
    ours, theirs = made["Random"](numbers), np.random.default_rng(numbers)
    for _ in range(2):
        pairs = [
            (ours.standard_normal((9001,), torch.float32), theirs.standard_normal(9001, np.float32)),
            (ours.integers(7, 301), theirs.integers(0, 7, 301)),
            (ours.integers(3_000_001, 301), theirs.integers(0, 3_000_001, 301)),
            (ours.integers(1, 3), theirs.integers(0, 1, 3)),
            (ours.random((5, 3)), theirs.random((5, 3))),
            (ours.random((5,), torch.float32), theirs.random(5, np.float32)),
            (ours.uniform(-0.3, 0.4, (5, 3)), theirs.uniform(-0.3, 0.4, (5, 3))),
            (ours.standard_normal((9001,)), theirs.standard_normal(9001)),
        ]
        for one, drawn in pairs:
            assert one.numpy().dtype == drawn.dtype
            np.testing.assert_allclose(one.numpy(), drawn, rtol=0, atol=1e-6)


@pytest.mark.parametrize("game", GAMES)
def test_a_script_has_the_losses_of_the_run(game):
    assert_reproduced(config_of(*GAMES[game]))


def test_steps_that_are_differentiated_are_refused():
    with pytest.raises(InvalidValueError, match="Unrolled cannot be written as a script"):
        run_script(config_of("hinge", "training.rule=unrolled"), 0, steps=1)
    with pytest.raises(InvalidValueError, match="Consistency cannot be written as a script"):
        run_script(config_of("hinge", "formulation.penalties.consistency.interval=3"), 0, steps=1)


def test_digits_points_and_other_lanes(tmp_path):
    table = tmp_path / "a 'table'.csv"
    table.write_text("# made up\nn;height;weight\n" + "".join(f"{i};{i / 7:.4f};-{i}\n" for i in range(60)))
    columns = PointsFile(path=str(table), columns="weight, height")
    two = config_of("hinge", "training.seed=5")
    lanes = (two.lanes[0], dataclasses.replace(two.lanes[0], formulation=named_formulation("dragan"), seed=2))
    assert_reproduced(dataclasses.replace(two, distribution=columns, lanes=lanes), lane=1)

    rng = np.random.default_rng(0)
    for name, shape in (("images-idx3", (40, 28, 28)), ("labels-idx1", (40,))):
        content = rng.integers(0, 10, shape, dtype=np.uint8).tobytes()
        head = bytes([0, 0, 8, len(shape), *b"".join(n.to_bytes(4, "big") for n in shape)])
        (tmp_path / f"train-{name}-ubyte.gz").write_bytes(gzip.compress(head + content, mtime=0))
    tiny = ("latents.size=4", "training.batch_size=8")
    for settings in (("architecture=dcgan16", "architecture.channels=2"), ("training.packing=2",)):
        config, _ = chosen_run(preset="digits", settings=[*tiny, "training.device=cpu", *settings])
        config = dataclasses.replace(config, distribution=MNIST(folder=str(tmp_path), digits="123"))
        lane = dataclasses.replace(config.lanes[0], formulation=named_formulation("wgan_gp"))
        assert_reproduced(dataclasses.replace(config, lanes=(lane,)))


def test_a_trained_run_tells_what_was_changed_on_the_way():
    trainer = Trainer(config_of("hinge"))
    assert "STEPS = 1000\n" in script_of(trainer)
    trainer.train(3)
    trainer.reconfigure(config_of("non_saturating"))
    trainer.train(2)
    text = script_of(trainer)
    assert "STEPS = 5\n" in text
    assert "The run was changed on the way (" in text
    assert "after step 3); this plays the last settings from the start" in text


def test_what_cannot_be_written_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(InvalidValueError, match=r"no lane 1; lanes are 0 to 0"):
        run_script(config_of("hinge"), lane=1)
    (table := tmp_path / "ragged.csv").write_text("1,2\n3,4,5\n6,7\n8,9\n")
    with pytest.raises(InvalidValueError):
        run_script(dataclasses.replace(config_of("hinge"), distribution=PointsFile(path=str(table))))


def test_no_text_of_a_person_becomes_code():
    """Names, formulas and paths come from files, and a script is made to be executed."""
    evil = '"""\nraise SystemExit("executed")\n#'
    config = config_of("hinge")
    lane = dataclasses.replace(config.lanes[0], label=evil.replace("\n", " ")[:60])
    loss = dataclasses.replace(named_formulation('custom: t; t; (t # """ \\\n)').loss, name='"""; 1/0')
    lane = dataclasses.replace(lane, formulation=dataclasses.replace(lane.formulation, loss=loss))
    text = run_script(dataclasses.replace(config, lanes=(lane,)), steps=1, notes=[evil])
    assert len(played(text)["history"]) == 1

"""ganviz in a program: what the README shows, and that it is the same run as everywhere else."""

import doctest
import subprocess
import sys

import numpy as np
import pytest
import torch

import ganviz
from ganviz import api
from ganviz.session.choosing import chosen_run
from ganviz.spec import InvalidValueError
from ganviz.training.trainer import Trainer

SMALL = {"architecture.width": 8, "training.batch_size": 32}


@pytest.fixture(scope="module")
def run():
    return ganviz.train(60, ("saturating", "non_saturating"), seed=3, settings=SMALL)


def test_it_is_the_run_that_the_command_line_trains(run):
    config, _ = chosen_run(
        formulations=("saturating", "non_saturating"), seed=3, settings=[f"{k}={v}" for k, v in SMALL.items()]
    )
    trainer = Trainer(config)
    trainer.train(60)
    trainer.flush()
    assert run.config == config
    for lane in (0, 1):
        row = trainer.history.last_row(lane)
        assert all(
            np.array_equal(run.history[name][lane, -1], row[name], equal_nan=True) for name in run.history
        )


def test_numbers_and_networks(run):
    assert run.lanes == ("Saturating", "Non-saturating")
    assert run.history["g_loss"].shape == (2, 60)
    assert "d_loss" in run.history
    samples = run.samples(50)
    assert samples.shape == (2, 50, 2)
    latents = run._trainer.subject().latents(50)
    for lane in (0, 1):
        with torch.no_grad():
            torch.testing.assert_close(run.generator(lane)(latents[lane]).numpy(), samples[lane])
    assert run.real_samples(7).shape == (7, 2)
    assert run.summary()["lanes"][1]["formulation"] == "non_saturating"
    assert "step 60" in repr(run)


def test_it_goes_on_from_a_file(run, tmp_path):
    run.save(tmp_path / "run.ganviz")
    other = ganviz.load(str(tmp_path / "run.ganviz"))
    assert other.step == 60
    other.train(10)
    again = ganviz.load(tmp_path / "run.ganviz")
    again.train(10)
    np.testing.assert_array_equal(other.history["total"], again.history["total"])


def test_a_lane_that_stops_has_no_more_numbers():
    settings = SMALL | {"discriminator_optimizer": "sgd", "discriminator_optimizer.learning_rate": 100}
    found = ganviz.train(200, "wgan_gp", settings=settings)
    values = found.history["d_loss"][0]
    assert values.shape == (found.step,)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (lambda: ganviz.train(10, "nothing"), "Unknown formulation"),
        (lambda: ganviz.train(0), "steps must be between 1 and 1,000,000,000"),
        (lambda: ganviz.train(1, settings={"nothing": 1}), "setting"),
        (lambda: ganviz.load("nowhere.ganviz"), "nowhere"),
        (lambda: ganviz.train(1, settings=SMALL).history["g_los"], "did you mean g_loss"),
        (lambda: ganviz.train(1, settings=SMALL).generator(1), "no lane 1"),
    ],
)
def test_errors_are_sentences(wish, words):
    with pytest.raises(InvalidValueError) as caught:
        wish()
    assert words in str(caught.value)


def test_examples_are_true():
    assert doctest.testmod(api).failed == 0


def test_importing_it_loads_nothing_that_is_slow():
    code = (
        "import sys, ganviz; ganviz.__version__; assert not {'torch', 'numpy', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    code = "import sys, ganviz; ganviz.train; assert 'PySide6' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(ganviz, "nothing")  # noqa: B009

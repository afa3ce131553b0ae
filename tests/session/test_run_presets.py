"""The runs in the menu: complete, usable as they are, and described."""

from __future__ import annotations

import json
import re

import pytest

from ganviz.resources import resource
from ganviz.session import run_presets as module
from ganviz.session.experiments import experiments
from ganviz.session.run_presets import RunPreset, run_preset, run_presets
from ganviz.spec import UnknownKeyError
from ganviz.training.columns import COLUMNS
from ganviz.training.config import RunConfig, config_from_plain
from ganviz.training.trainer import Trainer


def _key(preset: RunPreset) -> str:
    return preset.key


def test_the_menu_begins_with_the_default_and_has_every_file_once() -> None:
    keys = [preset.key for preset in run_presets()]
    assert keys[:2] == ["default", "saturating_vs_non_saturating"]
    assert {path.stem for path in resource("presets").iterdir()} == set(keys)
    orders = [json.loads(path.read_text("utf-8"))["order"] for path in resource("presets").glob("*.json")]
    assert len(set(orders)) == len(orders)


REVIEWED = {
    "default": (
        "Soft ring, non-saturating",
        "Eight soft Gaussians on a ring (σ = 0.2), two perceptrons, Adam, and the non-saturating loss.",
    ),
    "saturating_vs_non_saturating": (
        "Saturating against non-saturating",
        "Two lanes from the same weights on the same batches; only the generator's loss differs. The "
        "experiments on saturation measure what comes of it.",
    ),
    "sharp_ring": (
        "Sharp ring",
        "The ring with narrow modes (σ = 0.02), perceptrons of width 64, and the non-saturating loss "
        "without a penalty.",
    ),
    "grid": (
        "Grid of 25",
        "Twenty-five narrow modes on a square, perceptrons of width 128, and the non-saturating loss "
        "without a penalty.",
    ),
    "collapse": (
        "Unrolled GAN's toy example",
        "The ring of Metz et al. 2016, appendix A, which D sees scaled by 1/4, with its networks and rates, "
        "without unrolling. The experiments on equilibrium losses and on unrolling measure what comes of it.",
    ),
    "wgan_gp": (
        "WGAN-GP",
        "A Wasserstein critic with a gradient penalty of weight 0.1, as for the toy data of Gulrajani "
        "et al. 2017, and five updates of D a step. The experiment on the critic's slope measures one "
        "of weight 10.",
    ),
    "least_squares": (
        "Least squares",
        "The soft ring with the least-squares losses of Mao et al. 2017. The experiment “Least squares "
        "pull far from the boundary” measures them.",
    ),
    "r1_equilibrium": (
        "Sharp ring with R1",
        "The ring with narrow modes, the non-saturating loss with R1 (γ = 0.1; Mescheder et al. 2018), "
        "and a running average of G. The experiment “R1 keeps the losses of narrow modes near "
        "equilibrium” measures it.",
    ),
    "spiral": (
        "Spiral",
        "Samples along a spiral, perceptrons with three hidden layers of 64, and the non-saturating loss.",
    ),
    "line": (
        "One dimension, two Gaussians",
        "Two Gaussians on a line, and one uniform number as a latent: the kind of data in the first "
        "figure of Goodfellow et al. 2014.",
    ),
    "digits": (
        "Real digits, DCGAN",
        "Ten thousand real MNIST digits and small convolutional players. Shown is G's running average.",
    ),
    "digits_mlp": (
        "Real digits, perceptron",
        "Ten thousand real MNIST digits and fully connected players of width 256.",
    ),
}
"""Words read with one question: do they promise that something will be seen? Experiments may, which measure it."""


def test_presets_promise_nothing() -> None:
    assert {one.key: (one.title, one.help) for one in run_presets()} == REVIEWED
    told = {title for one in run_presets() for title in re.findall("“(.+?)”", one.help)}
    assert told <= {one.title for one in experiments()}


@pytest.mark.parametrize("preset", run_presets(), ids=_key)
def test_a_preset_says_what_it_is_and_how_long_to_watch(preset: RunPreset) -> None:
    assert 3 <= len(preset.title) <= 40
    assert not preset.title.endswith(".")
    assert preset.help.endswith((".", "?"))
    assert 1000 <= preset.steps <= 20_000
    assert preset.pace is None or 10 <= preset.pace <= 5000
    assert config_from_plain(preset.config.to_plain()) == preset.config


@pytest.mark.parametrize("preset", run_presets(), ids=_key)
def test_a_preset_trains(preset: RunPreset) -> None:
    trainer = Trainer(preset.config)
    assert trainer.train(2) == 2
    trainer.flush()
    rows = [trainer.history.last_row(lane) for lane in range(len(preset.config.lanes))]
    assert all(abs(row["value"] + row["d_real"] + row["d_fake"]) < 1e-5 for row in rows)
    assert [set(row) for row in rows] == [set(COLUMNS)] * len(rows)


def test_the_default_is_the_run_of_no_settings() -> None:
    assert run_preset("default").config == RunConfig()


def test_the_comparison_differs_in_nothing_but_the_formulation() -> None:
    first, second = run_preset("saturating_vs_non_saturating").config.lanes
    assert (first.formulation.loss.key, second.formulation.loss.key) == (
        "saturating", "non_saturating",
    )  # fmt: skip
    assert (first.seed, first.generator_optimizer, first.discriminator_optimizer) == (
        second.seed, second.generator_optimizer, second.discriminator_optimizer,
    )  # fmt: skip


def test_an_unknown_preset_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownKeyError, match="'defalt'; did you mean default"):
        run_preset("defalt")


def test_a_preset_that_cannot_be_used_is_named(tmp_path, monkeypatch) -> None:
    plain = {
        "order": 0,
        "title": "T",
        "help": "H.",
        "steps": 9,
        "pace": None,
        "config": {"latents": {"size": 0}},
    }
    (tmp_path / "odd.json").write_text(json.dumps(plain), encoding="utf-8")
    monkeypatch.setattr(module, "resource", lambda *parts: tmp_path)
    with pytest.raises(ValueError, match=r"odd\.json cannot be used: latents\.size must be between 1"):
        module.run_presets.__wrapped__()

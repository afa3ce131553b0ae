"""``ganviz list``: everything there is, for people and for programs."""

from __future__ import annotations

import json

import pytest

from ganviz.cli.parser import LISTS
from ganviz.data import DISTRIBUTIONS
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.constraints import CONSTRAINTS
from ganviz.losses.formulation import formulation_from_plain
from ganviz.losses.inputs import INPUTS
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS, Names, named_formulation
from ganviz.networks import ARCHITECTURES
from ganviz.networks.activations import ACTIVATIONS
from ganviz.networks.initializations import INITIALIZATIONS
from ganviz.networks.latents import LATENTS
from ganviz.session.experiments import experiments
from ganviz.session.run_presets import run_presets
from ganviz.session.settings import list_settings
from ganviz.session.view_names import VIEW_NAMES
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.optimizers import OPTIMIZERS
from ganviz.training.rules import RULES
from ganviz.training.schedules import SCHEDULES

KEYS = {
    "formulations": list(FORMULATIONS),
    "losses": list(ADVERSARIAL_LOSSES),
    "penalties": list(PENALTIES),
    "inputs": list(INPUTS),
    "constraints": list(CONSTRAINTS),
    "optimizers": list(OPTIMIZERS),
    "rules": list(RULES),
    "data": list(DISTRIBUTIONS),
    "architectures": list(ARCHITECTURES),
    "activations": list(ACTIVATIONS),
    "initializations": list(INITIALIZATIONS),
    "latents": list(LATENTS),
    "schedules": list(SCHEDULES),
    "experiments": [one.key for one in experiments()],
    "presets": [preset.key for preset in run_presets()],
    "views": [key for key, _ in VIEW_NAMES],
    "columns": [*COLUMNS, *METRICS],
    "settings": [setting.path for setting in list_settings()],
}


@pytest.mark.parametrize("what", LISTS)
def test_a_list_has_every_key_in_order_with_words_beside_it(ganviz, what):
    entries = json.loads(ganviz("list", what, "--json").out)
    assert [entry["key"] for entry in entries] == KEYS[what]
    lines = [line for line in ganviz("list", what).out.splitlines() if not line.startswith(" ")]
    assert len(lines) >= len(entries)
    for entry, line in zip(entries, lines, strict=False):
        key, _, title = line.partition(" ")
        assert (key, title.strip()) == (entry["key"], entry["title"])
        assert len(entry["title"]) > 5
        assert "<" not in entry["title"]


def test_experiments_and_presets_tell_their_parts(ganviz):
    for entry in json.loads(ganviz("list", "experiments", "--json").out):
        assert entry["title"].startswith(f"{entry['name']} ({entry['steps']:,} steps, about ")
        assert entry["claim"] in entry["title"]
        assert 0 < entry["seconds"] < 600
        assert entry["claims"]
        assert entry["source"]
    for entry in json.loads(ganviz("list", "presets", "--json").out):
        assert entry["title"] == f"{entry['name']}. {entry['help']}"


def test_formulations_tell_all_that_is_known_of_them(ganviz):
    entries = {entry["key"]: entry for entry in json.loads(ganviz("list", "formulations", "--json").out)}
    for key, entry in entries.items():
        named = FORMULATIONS[key]
        assert formulation_from_plain(entry["settings"], key) == named.formulation
        assert entry["family"] == named.formulation.loss.family
        of_d = ("d_formula", "divergence_at")
        assert all((entry[name] is None) == (not entry["has_discriminator"]) for name in of_d)
        for name in ("name", "g_formula", "behavior", *of_d[: entry["has_discriminator"]]):
            assert entry[name] or key.startswith("custom")
            assert "<" not in entry[name]
        assert entry["papers"]
    plain = entries["non_saturating"]
    assert (plain["d_range"], plain["g_range"]) == ([0, None], [0, None])
    assert plain["total_range"] == [pytest.approx(1.386294361), None]
    assert plain["divergence"] == "2 KL(m ‖ p), m = (p + q)/2"
    assert plain["equilibrium"]["total"] == pytest.approx(2.079441542)
    assert plain["papers"] == ["Goodfellow et al. 2014, section 3"]
    assert entries["r3gan"]["penalties"][1].startswith("R2: (γ/2)")
    assert entries["r3gan"]["papers"][:2] == [
        "Huang et al. 2024, arXiv 2501.05441",
        "Jolicoeur-Martineau 2018, RSGAN",
    ]
    assert "c below b" in entries["least_squares_0"]["warning"]
    assert plain["warning"] is None


def test_formulations_are_told_in_a_few_lines(ganviz):
    text = ganviz("list", "formulations").out
    block = text.partition("fgan_reverse_kl")[2].partition("fgan_pearson")[0]
    for words in (
        "L_D = E exp(−v_r) + E(v_f − 1), v = t within ±15",
        "L_D in (−∞, ∞), L_G in (−∞, ∞), their sum in [0, ∞)",
        "G descends, at the best D: KL(q ‖ p)",
        "at equilibrium L_D = 0, L_G = 1, sum = 1",
        "Nowozin et al. 2016",
    ):
        assert words in block
    assert "at equilibrium L_D = 2, L_G and sum open" in text
    mmd = text.partition("\nmmd ")[2].partition("Gretton")[0].split("\n")
    assert "no L_D: there is no D" in mmd[1]
    assert mmd[4].endswith("at equilibrium L_G = 0")
    assert "−2e^(2v)" in text
    dragan, gradient_penalty = (
        text.partition(f"\n{key} ")[2].partition("\n\n")[0].split("\n")[:6] for key in ("dragan", "wgan_gp")
    )
    assert "at equilibrium nothing is known: D may not be flat" in "".join(dragan)
    assert "at the D that is best without penalties: 2 KL(m ‖ p)" in "".join(dragan)
    assert "at equilibrium L_D = 0, L_G and sum open" in "".join(gradient_penalty)


def test_every_listed_name_is_accepted(ganviz):
    small = ("--set", "training.batch_size=4", "--steps", 1)
    lanes = [word for key in FORMULATIONS for word in ("--formulation", key)]
    assert ganviz("train", *lanes, *small).code == 0
    for key in DISTRIBUTIONS:
        answer = ganviz("train", "--data", key, *small)
        if DISTRIBUTIONS[key]().has_files:
            answer.assert_refused("Choose a CSV file" if key == "points_file" else "Choose a folder of PNG")
        else:
            assert answer.code == 0


def test_columns_say_of_which_moment_they_are(ganviz):
    entries = {entry["key"]: entry["title"] for entry in json.loads(ganviz("list", "columns", "--json").out)}
    assert "by the D before it" in entries["d_loss"]
    assert "D has moved by then" in entries["g_loss"]
    assert "two moments" in entries["total"]
    assert "one moment and one batch" in entries["batch_total"]


def test_the_settings_say_type_default_range_and_help(ganviz):
    entries = {entry["path"]: entry for entry in json.loads(ganviz("list", "settings", "--json").out)}
    width = entries["architecture.width"]
    assert (width["type"], width["default"], width["allowed"]) == ("whole number", "32", "between 1 and 4096")
    assert width["help"]
    assert "lanes.0." in ganviz("list", "settings").out


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("WGAN", "wasserstein"),
        ("lsgan", "least_squares"),
        ("ns + r1", "non_saturating_r1"),
        ("wgan-gp", "wgan_gp"),
        ("geometric gan", "hinge"),
    ],
)
def test_formulations_go_by_the_names_of_the_field_too(given, meant):
    assert named_formulation(given) == FORMULATIONS[meant].formulation
    assert given in Names()


def test_each_setting_is_listed_once():
    settings = list_settings()
    assert len(settings) == len(set(settings))

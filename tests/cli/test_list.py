"""``ganviz list``: everything there is, for people and for programs."""

from __future__ import annotations

import json

import pytest

from ganviz.cli.main import LISTS
from ganviz.data import DISTRIBUTIONS
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.constraints import CONSTRAINTS
from ganviz.losses.inputs import INPUTS
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks import ARCHITECTURES
from ganviz.session.run_presets import run_presets
from ganviz.session.settings import list_settings
from ganviz.session.view_names import VIEW_NAMES
from ganviz.training.optimizers import OPTIMIZERS
from ganviz.training.rules import RULES

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
    "presets": [preset.key for preset in run_presets()],
    "views": [key for key, _ in VIEW_NAMES],
    "settings": [setting.path for setting in list_settings()],
}


@pytest.mark.parametrize("what", LISTS)
def test_a_list_has_every_key_in_order_with_words_beside_it(ganviz, what):
    entries = json.loads(ganviz("list", what, "--json").out)
    assert [entry["key"] for entry in entries] == KEYS[what]
    lines = ganviz("list", what).out.splitlines()
    for entry, line in zip(entries, lines, strict=False):
        key, _, title = line.partition(" ")
        assert (key, title.strip()) == (entry["key"], entry["title"])
        assert len(entry["title"]) > 5
        assert "<" not in entry["title"]


def test_every_listed_name_is_accepted(ganviz):
    small = ("--set", "training.batch_size=4", "--steps", 1)
    lanes = [word for key in FORMULATIONS for word in ("--formulation", key)]
    assert ganviz("train", *lanes, *small).code == 0
    for key in DISTRIBUTIONS:
        answer = ganviz("train", "--data", key, *small)
        if key == "points_file":
            answer.assert_refused("Choose a CSV file")
        else:
            assert answer.code == 0


def test_the_settings_say_type_default_range_and_help(ganviz):
    entries = {entry["path"]: entry for entry in json.loads(ganviz("list", "settings", "--json").out)}
    width = entries["architecture.width"]
    assert (width["type"], width["default"], width["allowed"]) == ("whole number", "32", "between 1 and 4096")
    assert width["help"]
    assert "lanes.0." in ganviz("list", "settings").out

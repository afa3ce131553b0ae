"""Experiments: what their files may hold, and how their claims are checked."""

import copy
import json
import math

import numpy as np
import pytest

from ganviz.session.experimenting import play
from ganviz.session.experiments import experiment, experiment_from_plain, experiments
from ganviz.session.summary import metrics_of
from ganviz.session.view_names import VIEW_NAMES
from ganviz.spec import InvalidValueError
from ganviz.training.columns import COLUMNS
from ganviz.training.trainer import Trainer

PLAIN = {
    "order": 1,
    "title": "Two stages",
    "claim": "Something happens.",
    "watch": "The losses.",
    "source": "Here.",
    "config": {"lanes": [{"formulation": "saturating"}, {"formulation": "non_saturating"}]},
    "stages": [
        {"title": "D alone", "steps": 30, "set": ["generator_optimizer.learning_rate=0"]},
        {
            "title": "Both",
            "steps": 20,
            "set": ["generator_optimizer.learning_rate=0.002"],
            "claims": [
                {"says": "a", "quantity": "d_loss", "at_least": -1e9, "over": 20},
                {"says": "b", "quantity": "g_grad_norm", "lane": 1, "compared_with": 0, "at_most": 1e9},
                {"says": "c", "quantity": "sliced_wasserstein", "lane": 1, "at_least": 1e9},
            ],
        },
    ],
}


def made(**changes):
    return experiment_from_plain("two", copy.deepcopy(PLAIN) | changes)


def test_claims_are_checked_against_the_run():
    outcome = play(made(), seed=3)
    assert (outcome.steps, len(outcome.findings)) == (50, 3)
    assert [finding.is_seen for finding in outcome.findings] == [True, True, False]
    assert not outcome.is_seen
    configs = [config for _, config in made().configs(3)]
    trainer = Trainer(configs[0])
    start = trainer.generator_module(0).state_dict()
    trainer.train(30)
    for name, tensor in trainer.generator_module(0).state_dict().items():
        assert (tensor == start[name]).all(), "G moved while D was to learn alone"
    trainer.reconfigure(configs[1])
    trainer.train(20)
    trainer.flush()
    a, b, c = (finding.value for finding in outcome.findings)
    tables = [trainer.history.table(lane) for lane in (0, 1)]
    assert a == pytest.approx(tables[0][-20:, COLUMNS.index("d_loss")].mean(), rel=1e-14)
    norm = COLUMNS.index("g_grad_norm")
    assert b == pytest.approx(tables[1][-1, norm] / tables[0][-1, norm], rel=1e-14)
    assert c == pytest.approx(metrics_of(trainer)[0].sliced_wasserstein[1], rel=1e-14)


def test_what_has_diverged_is_not_seen():
    exploding = copy.deepcopy(PLAIN["config"])
    for lane in exploding["lanes"]:
        lane["discriminator_optimizer"] = {"kind": "sgd", "learning_rate": 100}
        penalties = {"gradient_penalty": {"weight": 1000}}
        lane["formulation"] = {"loss": "wasserstein", "penalties": penalties, "constraint": "none"}
    outcome = play(made(config=exploding))
    assert all(math.isnan(finding.value) for finding in outcome.findings)
    assert not outcome.is_seen


def claiming(**claim):
    return {"stages": [{"title": "x", "steps": 1, "claims": [{"says": "a", "quantity": "d_loss"} | claim]}]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stages": [{"title": "x", "steps": 0}]}, "at least 1 step, not 0"),
        ({"stages": [{"steps": 1}]}, "stage 1 has no 'title'"),
        ({"stages": [{"title": "x", "steps": 1, "sett": []}]}, "did you mean set"),
        ({"stages": [{"title": "x", "steps": 1, "set": ["nothing=1"]}]}, "nothing"),
        (claiming(quantity="d_los", at_least=0), "d_loss"),
        (claiming(), "needs 'at_least'"),
        (claiming(at_least=0, lane=2), "lane must be from 0 to 1, not 2"),
        (claiming(at_least=0, over=2), "over must be from 1 to 1, not 2"),
        ({"config": {"lanes": []}}, "cannot be used"),
        ({"colour": 1}, "Unknown field"),
    ],
)
def test_what_is_no_experiment_is_a_sentence(change, words):
    with pytest.raises(InvalidValueError) as caught:
        made(**change)
    assert words in str(caught.value)


@pytest.mark.parametrize("one", experiments(), ids=lambda one: one.key)
def test_every_experiment_can_be_shown(one):
    assert one.stages[-1].claims, "it claims nothing"
    assert {*one.views} <= dict(VIEW_NAMES).keys()
    assert 0.5 <= one.share <= 1
    assert len(one.title) <= 60
    assert len(one.claim) <= 260
    assert json.dumps(one.config.to_plain())
    for stage, config in one.configs(7):
        assert config.training.seed == 7
        assert stage.steps <= 10_000


@pytest.mark.slow
@pytest.mark.parametrize("key", ["saturation", "saturation_hidden_by_adam", "divergence"])
@pytest.mark.parametrize("seed", [1, 5])
def test_the_quick_ones_are_seen(key, seed):
    outcome = play(experiment(key), seed)
    assert outcome.is_seen, [
        (f.claim.says, f.value, f.claim.range) for f in outcome.findings if not f.is_seen
    ]


def test_ranges_are_told_in_words():
    ranges = {claim.range for one in experiments() for stage in one.stages for claim in stage.claims}
    assert all("inf" not in text for text in ranges)
    assert np.array([len(text) for text in ranges]).max() < 40

"""Experiments: what their files may hold, and how their claims are checked."""

import copy
import dataclasses
import json
import math

import numpy as np
import pytest
import torch

from ganviz.resources import resource
from ganviz.session.claims import ClaimsProbe
from ganviz.session.experiment_pictures import kept_picture, set_up_of
from ganviz.session.experimenting import play
from ganviz.session.experiments import experiment, experiment_from_plain, experiments, headings
from ganviz.session.picturing import made_picture, written
from ganviz.session.summary import metrics_of
from ganviz.session.view_names import VIEW_NAMES
from ganviz.spec import InvalidValueError
from ganviz.training.columns import COLUMNS
from ganviz.training.slopes import mean_slopes
from ganviz.training.trainer import Trainer
from ganviz.training.wasserstein import N_SAMPLES, readings

PLAIN = {
    "order": 1,
    "title": "Two stages",
    "claim": "Something happens.",
    "remember": "It happens.",
    "when": "Here.",
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


def test_a_slope_is_the_gradients_mean_length():
    """Of planes of slope 5 and 13, and of a cone whose slope is 1 wherever it is looked at."""
    subject = Trainer(made().config).subject()
    slopes = torch.tensor([[3.0, 4.0], [5.0, 12.0]])
    level = dataclasses.replace(subject, discriminator=lambda x: (x * slopes[:, None]).sum(-1))
    assert mean_slopes(level) == pytest.approx([5, 13], rel=1e-6)
    cone = dataclasses.replace(subject, discriminator=lambda x: torch.linalg.vector_norm(x, dim=-1))
    assert mean_slopes(cone) == pytest.approx([1, 1], rel=1e-6)


def test_a_critic_reads_the_true_distance_times_its_slope():
    """Of samples moved by (3, 4), which are 5 away whatever they are, by a critic that falls by 2 on the way."""
    subject = Trainer(made().config).subject()
    moved = torch.from_numpy(subject.real(N_SAMPLES)) + torch.tensor([3.0, 4.0])
    level = dataclasses.replace(
        subject,
        generator=lambda latents: moved.expand(2, *moved.shape),
        discriminator=lambda x: x @ torch.tensor([-1.2, -1.6]),
    )
    reading, distance = readings(level)
    assert distance == pytest.approx([5, 5], rel=1e-6)
    assert reading / distance == pytest.approx([2, 2], rel=1e-5)


def test_what_has_diverged_is_not_seen():
    exploding = copy.deepcopy(PLAIN["config"])
    for lane in exploding["lanes"]:
        lane["discriminator_optimizer"] = {"kind": "sgd", "learning_rate": 100}
        penalties = {"gradient_penalty": {"weight": 1000}}
        lane["formulation"] = {"loss": "wasserstein", "penalties": penalties, "constraint": "none"}
    outcome = play(made(config=exploding))
    assert all(math.isnan(finding.value) for finding in outcome.findings)
    assert not outcome.is_seen


def test_a_lane_diverges_at_the_step_that_its_status_names():
    lanes = [{"discriminator_optimizer": {"kind": "sgd", "learning_rate": rate}} for rate in (100, 1e-3)]
    for lane in lanes:
        lane["formulation"] = {"loss": "wasserstein", "penalties": {}, "constraint": "none"}
    says = [{"says": "", "quantity": "diverged_at", "lane": lane, "at_most": 49} for lane in (0, 1)]
    outcome = play(made(config={"lanes": lanes}, stages=[PLAIN["stages"][0] | {"set": [], "claims": says}]))
    trainer = Trainer(made(config={"lanes": lanes}).config)
    trainer.train(30)
    trainer.flush()
    assert outcome.findings[0].value == trainer.lanes[0].diverged_at
    assert math.isnan(outcome.findings[1].value)


ASKED = {
    "question": "How many?",
    "quantity": "last_step",
    "lane": 1,
    "choices": [
        {"says": "few", "at_most": 49},
        {"says": "fifty", "at_least": 50, "at_most": 50},
        {"says": "many", "at_least": 51},
    ],
}


def test_what_was_asked_is_answered_by_what_was_measured():
    outcome = play(made(prediction=ASKED))
    assert (outcome.answer.says, outcome.answer.true, outcome.answer.value) == ("fifty", 1, 50)
    assert outcome.findings == play(made()).findings  # it is no claim
    assert play(made(prediction=ASKED | {"choices": ASKED["choices"][::2]})).answer.true is None


def test_claims_about_another_run_than_this_are_undefined():
    """A person may begin the run anew, or take a lane away, while an experiment's claims are being measured."""
    probe = ClaimsProbe(made().stages[1].claims)
    for lanes, steps, known in ((2, 0, []), (2, 10, [1, 2]), (1, 10, []), (1, 30, [0]), (2, 30, [0, 1, 2])):
        config = dataclasses.replace(made().config, lanes=made().config.lanes[:lanes])
        trainer = Trainer(config)
        trainer.train(steps)
        assert np.flatnonzero(np.isfinite(probe.measure(trainer.subject()).values)).tolist() == known


def test_a_stage_with_other_networks_begins_at_step_0():
    stages = copy.deepcopy(PLAIN["stages"])
    stages[1]["set"] += ["training.packing=2"]
    stages[1]["claims"] = [
        {"says": "a", "quantity": "d_loss", "at_least": 0},
        {
            "says": "b",
            "quantity": "g_loss",
            "minus": "g_non_saturating",
            "lane": 1,
            "over": 20,
            "at_least": 0,
        },
    ]
    told = []
    outcome = play(made(stages=stages), 3, told.append)
    assert (outcome.steps, told, outcome.findings[0].step) == (50, [30, 50], 20)
    trainer = Trainer([config for _, config in made(stages=stages).configs(3)][1])
    trainer.train(20)
    trainer.flush()
    assert outcome.findings[0].value == trainer.history.table(0)[-1, COLUMNS.index("d_loss")]
    with_reaction, without = (
        trainer.history.table(1)[:, COLUMNS.index(name)].mean() for name in ("g_loss", "g_non_saturating")
    )
    assert outcome.findings[1].value == pytest.approx(with_reaction - without, rel=1e-12)


def claiming(**claim):
    return {"stages": [{"title": "x", "steps": 1, "claims": [{"says": "a", "quantity": "d_loss"} | claim]}]}


def test_titles_have_no_subscripts_which_menus_cannot_show():
    for one in experiments():
        assert "_" not in f"{one.title}{one.open_title}{''.join(stage.title for stage in one.stages)}"


def test_what_asks_gives_no_answer_away_before():
    asking = {one.key: one for one in experiments() if one.prediction is not None}
    assert len(asking) == 6
    for one in asking.values():
        assert headings()[one.key] == (one.open_title, one.prediction.question)
    assert "total" in headings()["total_loses_the_generator"][0], "it is looked for by this word"
    told = {
        "the slope is gone",
        "loses the generator",
        "moves the equilibrium",
        "little on soft modes",
        "not at the minimum",
    }
    for words in told:
        assert not any(words in f"{one.open_title} {one.watch}" for one in asking.values())
    plain = made(prediction=ASKED)
    assert (plain.open_title, made(prediction=ASKED | {"title": "Open"}).open_title) == (plain.title, "Open")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"stages": [{"title": "x", "steps": 0}]}, "at least 1 step, not 0"),
        ({"stages": [{"steps": 1}]}, "stage 1 has no 'title'"),
        ({"when": 7, "remembered": ""}, "Unknown field"),
        ({"stages": [{"title": "x", "steps": 1, "sett": []}]}, "did you mean set"),
        ({"stages": [{"title": "x", "steps": 1, "set": ["nothing=1"]}]}, "nothing"),
        (claiming(quantity="d_los", at_least=0), "d_loss"),
        (claiming(), "needs 'at_least'"),
        (claiming(at_least=0, minus="reverse_kl"), "'minus' takes one column from another, not reverse_kl"),
        (claiming(at_least=0, lane=2), "lane must be from 0 to 1, not 2"),
        (claiming(at_least=0, over=2), "over must be from 1 to 1, not 2"),
        ({"config": {"lanes": []}}, "cannot be used"),
        ({"colour": 1}, "Unknown field"),
        ({"prediction": ASKED | {"choices": ASKED["choices"][:1]}}, "must have 2 to 4 choices, not 1"),
        ({"prediction": ASKED | {"choices": ASKED["choices"][::-1]}}, "choices must go up without touching"),
        ({"prediction": {"question": "What?"}}, "prediction has no 'choices'"),
    ],
)
def test_what_is_no_experiment_is_a_sentence(change, words):
    with pytest.raises(InvalidValueError) as caught:
        made(**change)
    assert words in str(caught.value)


@pytest.mark.parametrize("one", experiments(), ids=lambda one: one.key)
def test_every_experiment_can_be_shown(one):
    assert one.stages[-1].claims, "it claims nothing"
    if one.prediction is not None:
        assert len(one.prediction.question) <= 260
        assert max(len(choice.says) for choice in one.prediction.choices) <= 60
    assert one.columns, "what it shows may lie behind what was open before"
    assert {*one.views} <= dict(VIEW_NAMES).keys()
    assert 0.5 <= one.share <= 1
    assert len(one.title) <= 60
    assert len(one.claim) <= 260
    assert len(one.remember) <= 80, "one sentence"
    assert len(one.when) <= 160
    assert max(len(claim.says) for stage in one.stages for claim in stage.claims) <= 40, "rows of a table"
    assert json.dumps(one.config.to_plain())
    for stage, config in one.configs(7):
        assert config.training.seed == 7
        assert stage.steps <= 10_000


def test_pictures_are_of_what_is_played_today():
    """What fails here has another set-up than its picture shows: packaging/experiment_pictures.py makes it anew."""
    kept = {path.stem: kept_picture(path.stem) for path in resource("pictures").iterdir()}
    assert {key: picture.of for key, picture in kept.items()} == {key: set_up_of(key) for key in kept}
    assert all(bool(picture.panes) != bool(picture.curves) for picture in kept.values())
    made, known = made_picture(experiment("v_is_nobodys_loss")), kept["v_is_nobodys_loss"]
    assert json.loads(written(made)).keys() == json.loads(written(known)).keys()
    for again, before in zip(made.curves, known.curves, strict=True):
        assert (again.column, again.lane) == (before.column, before.lane)
        assert again.values == pytest.approx(before.values, rel=0.02, abs=0.02)


SLOW = pytest.mark.slow
QUICK = ("v_is_nobodys_loss", "two_parts_add_up")
LESS_QUICK = (
    "saturation",
    "saturation_hidden_by_adam",
    "divergence",
    "fresh_against_reused_latents",
    "total_below_the_equilibrium",
)


@pytest.mark.parametrize(
    ("key", "seed"),
    [
        *((key, 3) for key in QUICK),
        *(pytest.param(key, seed, marks=SLOW) for seed in (1, 5) for key in LESS_QUICK),
    ],
)
def test_the_quick_ones_are_seen(key, seed):
    outcome = play(experiment(key), seed)
    assert outcome.is_seen, [
        (f.claim.says, f.value, f.claim.range) for f in outcome.findings if not f.is_seen
    ]
    assert outcome.answer is None or outcome.answer.true is not None


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_unrolling_cures_the_collapse(seed):
    """AT4 after a fifth of its steps; the whole of it, AT8 and AT13 are in test_published_setups.py."""
    whole = experiment("unrolling_cures_collapse")
    stage = dataclasses.replace(whole.stages[1], steps=400)
    reverse_kl, d_loss, g_loss = (
        finding.value for finding in play(dataclasses.replace(whole, stages=(stage,)), seed).findings
    )
    assert reverse_kl < 0.1
    assert abs(d_loss - 2 * math.log(2)) < 0.03
    assert abs(d_loss + g_loss) < 0.05  # L_G is all of V


def test_ranges_are_told_in_words():
    ranges = {claim.range for one in experiments() for stage in one.stages for claim in stage.claims}
    assert all("inf" not in text for text in ranges)
    assert np.array([len(text) for text in ranges]).max() < 40

"""Losses that people type, beside the ones that are built in."""

import dataclasses

import numpy as np
import pytest
import torch

from ganviz.losses.adversarial.custom import CustomLoss, CustomPairedLoss, typed_loss
from ganviz.losses.adversarial.hinge import Hinge
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.examination import examine
from ganviz.losses.presets import named_formulation
from ganviz.spec import InvalidValueError
from ganviz.training.changes import setting_changes
from ganviz.training.config import LaneConfig, RunConfig, config_from_plain
from ganviz.training.trainer import Trainer

BUILT_IN = {
    "softplus(-t); softplus(t); softplus(-t)": NonSaturating(),
    "softplus(-t); softplus(t); -softplus(t)": Saturating(),
    "(t - 1)**2 / 2; t**2 / 2; (t - 1)**2 / 2": LeastSquares(),
    "relu(1 - t); relu(1 + t); -t": Hinge(),
    "-t; t; -t": Wasserstein(),
    "softplus(-u); softplus(u)": PairedRelativistic(),
}


def lanes(*losses):
    lane = LaneConfig(named_formulation("non_saturating"))
    formulations = (dataclasses.replace(lane.formulation, loss=loss) for loss in losses)
    return RunConfig(lanes=tuple(dataclasses.replace(lane, formulation=one) for one in formulations))


@pytest.mark.parametrize("text", BUILT_IN)
def test_a_typed_loss_is_the_built_in_one(text):
    typed, built_in = typed_loss(text), BUILT_IN[text]
    real, fake = torch.randn(2, 3, 64, dtype=torch.float64) * 3
    for name in ("d_terms", "d_slopes", "g_terms"):
        for ours, theirs in zip(
            getattr(typed, name)(real, fake), getattr(built_in, name)(real, fake), strict=True
        ):
            torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(
        typed.g_slopes(real, fake), built_in.g_slopes(real, fake), rtol=1e-12, atol=1e-12
    )
    for name in ("d_real", "d_fake", "d_loss", "g_loss", "total", "score"):
        ours, theirs = getattr(typed.equilibrium(), name), getattr(built_in.equilibrium(), name)
        assert (ours is None) == (theirs is None) or ours is None, name
        if ours is not None and theirs is not None:
            assert ours == pytest.approx(theirs, abs=1e-9), name
    assert (typed.score_kind == "logit") == (built_in.score_kind == "logit")


@pytest.mark.parametrize("text", BUILT_IN)
def test_it_trains_as_the_built_in_one_does(text):
    trainer = Trainer(lanes(typed_loss(text), BUILT_IN[text]), torch.float64)
    trainer.train(60)
    assert trainer.step_method == "analytic"
    np.testing.assert_allclose(
        trainer.history.table(0)[:, :6], trainer.history.table(1)[:, :6], rtol=1e-7, atol=1e-9
    )


def test_it_is_saved_and_named_in_configurations():
    formulation = named_formulation("custom: softplus(-t); softplus(t); -t")
    assert formulation.loss == CustomLoss(generated="-t")
    config = RunConfig(lanes=(LaneConfig(formulation),))
    assert config_from_plain(config.to_plain()) == config
    plain = config.to_plain()
    plain["lanes"][0]["formulation"] = "custom: -u; u"
    assert config_from_plain(plain).lanes[0].formulation.loss == CustomPairedLoss(lead="-u", generated="u")
    named = dataclasses.replace(formulation, loss=CustomLoss(name="Mine"))
    assert named.title == "Mine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("softplus(-t)", "not 1"),
        ("t; t; t; t", "not 4"),
        ("t; exp(exp(t)); t", "fake: 'exp(exp(t))' cannot be used"),
        ("t; t", "lead: A formula cannot hold the name 't'"),
    ],
)
def test_what_is_no_loss_is_a_sentence(text, words):
    with pytest.raises(InvalidValueError) as caught:
        named_formulation(f"custom: {text}")
    assert words in str(caught.value)


@pytest.mark.parametrize("name", ["<img src=x>", "a\x1b[2J", "a\ud800"], ids=ascii)
def test_names_hold_no_markup_and_nothing_that_cannot_be_printed(name):
    with pytest.raises(InvalidValueError, match=r"name cannot hold .* does\.$"):
        CustomLoss(name=name)


EXAMINED = [
    ("softplus(-t); softplus(t); softplus(-t)", "they may be added"),
    ("softplus(-t); softplus(t); -softplus(t)", "L_D lies in [0, ∞), L_G in (−∞, 0]: L_G takes L_D's fake part back"),
    ("softplus(-t); softplus(t); -softplus(t)", "for its own samples; below −2.95 the slope is gone."),
    ("-t; t; -t", "L_G takes L_D's fake part back, so their sum has lost the generator"),
    ("-t; 2 * t; -t", "L_D and L_G can fall without end"),
    ("(t - 1)**2; t**2; (t - 1)**2", "D wants a higher score for real samples, but not above 1."),
    ("relu(1 - t); relu(1 + t); -t", "D wants a higher score for real samples; above 1 the slope is gone."),
    ("softplus(t); softplus(t); t", "D is pushed the wrong way by real samples"),
    ("softplus(t); softplus(t); t", "G is pushed the wrong way by its own samples"),
    ("1; t * t; sin(t)", "D learns nothing from real samples"),
    ("1; t * t; sin(t)", "but not everywhere"),
    ("softplus(-u); softplus(u)", "D wants a larger lead for pairs"),
    ("-u; u", "G wants a smaller lead for pairs, at every lead."),
    ("-tanh(u); tanh(u)", "their sum is 0 whatever the scores are, so it says nothing."),
    ("min(softplus(-t), 3); t; -t", "for real samples; below −2.95 and above 3 the slope is gone."),
    ("-t; 12 * sigmoid(t) - t / 2; -t", "for fake samples, but not below −3.075 and above 3.075."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), EXAMINED)
def test_what_a_loss_will_do_is_told_before_it_trains(text, words):
    assert words in " ".join(examine(typed_loss(text)))


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("softplus(-t); softplus(t); -sin(t)", ("[0, ∞)", "[−1, 1]", "[−1, ∞)")),
        ("100*cos(3*t); 1; sin(t) + cos(t)", ("[−99, 101]", "[−1.41421, 1.41421]", "[−100.414, 102.414]")),
        ("(t-1)**2/2; (t+1)**2/2; t**2", ("[0, ∞)", "[0, ∞)", "[0.333333, ∞)")),
        ("t; t; -1/(t-0.0123)**2", ("(−∞, ∞)", "(−∞, −0.000156202]", "(−∞, ∞)")),
        ("t; t; -max(0, 1 - abs(t-0.0123))", ("(−∞, ∞)", "[−1, 0]", "(−∞, ∞)")),
    ],
)
def test_ranges_are_exact_between_the_places_that_are_tried_too(text, ranges):
    loss = typed_loss(text)
    assert tuple(map(str, (loss.d_range, loss.g_range, loss.total_range))) == ranges


def test_an_equilibrium_is_found_where_it_is():
    found = typed_loss("0.9 * softplus(-t) + 0.1 * softplus(t); softplus(t); softplus(-t)").equilibrium()
    assert found.score == pytest.approx(np.log(0.45 / 0.55), abs=1e-9)
    assert found.d_loss == pytest.approx(1.376278, abs=1e-6)
    assert typed_loss("-t; 2 * t; -t").equilibrium().d_loss is None  # falls without end
    assert typed_loss("abs(t - 2); 0; -t").equilibrium().score == pytest.approx(2, abs=1e-9)
    many = typed_loss("sin(t); cos(t); -t").equilibrium()
    assert (many.score, many.d_loss) == (None, pytest.approx(-np.sqrt(2), abs=1e-9))


def test_a_pole_between_the_places_that_are_tried_is_no_warning():
    for text in ("1 / (t - 0.0125)", "-1 / (t - 0.0125)**2", "tanh(tanh(60 / (t - 1e-3)))"):
        loss = typed_loss(f"softplus(-t); {text}; -t")
        assert examine(loss)
        assert all(one is None or np.isfinite(one) for one in dataclasses.astuple(loss.equilibrium()))
        loss.read("fake").slope(np.array([0.0125, 1e-3]))


@pytest.mark.parametrize(
    ("text", "d_formula", "g_formula"),
    [
        ("-t; 0.1 * t**2 + 1; exp(-t)", "E (−r) + E (0.1·f<sup>2</sup> + 1)", "E exp(−f)"),
        ("2**(t / 9); abs(t)**1.5; (1 - t) * (2 + t)", "E 2^(r / 9) + E abs(f)^1.5", "E (1 − f)·(2 + f)"),
        ("-u; 1e-3 * u**2", "E (−(r − f))", "E 1e−3·(r − f)<sup>2</sup>"),
        ("exp(-u); exp(u)", "E exp(−(r − f))", "E exp(r − f)"),
    ],
)
def test_a_typed_formula_is_set_as_mathematics(text, d_formula, g_formula):
    loss = typed_loss(text)
    found = [one.replace("<sub>", "").replace("</sub>", "") for one in (loss.d_formula, loss.g_formula)]
    assert [one.replace("tr", "r").replace("tf", "f") for one in found] == [d_formula, g_formula]


def test_a_mark_tells_of_no_name_that_was_not_given():
    formulation = named_formulation("custom: softplus(-t); softplus(t); -t")
    found = setting_changes(RunConfig(), RunConfig(lanes=(LaneConfig(formulation),)))
    assert found == "Non-saturating → Own loss, Own loss G -t · optimizer reset"

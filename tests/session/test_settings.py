"""What ``--set`` reaches, what it says of what it cannot, and what the list of settings promises."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.penalties.zero_centered import R1
from ganviz.losses.presets import named_formulation
from ganviz.session.settings import Setting, list_settings, with_settings
from ganviz.spec import InvalidValueError
from ganviz.training.config import LaneConfig, RunConfig, config_from_plain
from ganviz.training.optimizers import SGD, Adam

DEFAULT = RunConfig()
TWO_LANES = RunConfig(
    lanes=(LaneConfig(named_formulation("saturating")), LaneConfig(named_formulation("non_saturating")))
)


def _name(setting: Setting) -> str:
    return f"{setting.path}[{setting.of}]"


OPTIONAL = (".penalties.", ".inputs.")
"""What a run has only where it is asked for."""


def _kind_first(setting: Setting) -> list[str]:
    """Return the assignments after which the setting is there."""
    if not setting.of or any(part in setting.path for part in OPTIONAL):
        return []
    assignments = [f"{setting.path.rpartition('.')[0]}={setting.of}"]
    if setting.path.startswith("architecture.") and setting.of != "mlp":
        assignments.insert(0, "distribution=mnist")
    return assignments


@pytest.mark.parametrize("setting", list_settings(), ids=_name)
def test_every_listed_setting_can_be_set_to_its_default_and_says_what_it_does(setting: Setting) -> None:
    is_drawn = setting.default == "a heart"
    value = "[[0, 0], [1, 1]]" if is_drawn else setting.default
    before = with_settings(DEFAULT, _kind_first(setting))
    after = with_settings(before, [f"{setting.path}={value}"])
    if is_drawn:
        assert after != before
    elif not _kind_first(setting) and not any(part in setting.path for part in OPTIONAL):
        assert after == DEFAULT, "the list shows another default than a run has"
    elif not any(part in setting.path for part in OPTIONAL) and "optimizer" not in setting.path:
        assert after == before
    assert setting.help.endswith((".", "?"))
    assert all(setting.name.split(" · "))


def test_what_version_0_1_could_set_can_be_set_as_it_was() -> None:
    lines = (Path(__file__).parents[1] / "data" / "v0.1" / "settings.txt").read_text("utf-8").splitlines()
    listed = {(setting.path, setting.of): setting for setting in list_settings()}
    assert len(lines) == 73
    for path, of, default in (line.split("\t") for line in lines):
        value = "[[0, 0], [1, 1]]" if default == "a heart" else default
        with_settings(with_settings(DEFAULT, _kind_first(listed[path, of])), [f"{path}={value}"])


def test_the_list_shows_the_defaults_of_a_run_where_the_kind_is_the_runs() -> None:
    shown = {(setting.path, setting.of): setting.default for setting in list_settings()}
    assert shown["formulation.loss", ""] == "non_saturating"
    assert json.loads(shown["generator_optimizer.learning_rate", "adam"]) == 2e-3


def test_a_setting_of_lanes_goes_to_all_of_them_or_to_one() -> None:
    both = with_settings(TWO_LANES, ["generator_optimizer.learning_rate=0.5"])
    assert [lane.generator_optimizer.learning_rate for lane in both.lanes] == [0.5, 0.5]
    assert [lane.discriminator_optimizer.learning_rate for lane in both.lanes] == [2e-3, 2e-3]
    one = with_settings(TWO_LANES, ["lanes.1.generator_optimizer.learning_rate=0.5"])
    assert [lane.generator_optimizer.learning_rate for lane in one.lanes] == [2e-3, 0.5]


def test_a_named_formulation_and_its_parts() -> None:
    config = with_settings(TWO_LANES, ["lanes.0.formulation=wgan_gp", "formulation.penalties.r1.gamma=0.3"])
    assert [p.key for p in config.lanes[0].formulation.penalties] == ["gradient_penalty", "r1"]
    assert config.lanes[1].formulation.penalties == (R1(gamma=0.3),)
    least_squares = with_settings(DEFAULT, ["formulation.loss=least_squares", "formulation.loss.c=0.5"])
    assert least_squares.lanes[0].formulation.loss.to_plain()["c"] == 0.5
    noisy = with_settings(TWO_LANES, ["formulation.inputs.instance_noise.sigma=0.2"])
    assert [lane.formulation.inputs for lane in noisy.lanes] == [(InstanceNoise(sigma=0.2),)] * 2
    without = with_settings(config, ["formulation.penalties={}"])
    assert [lane.formulation.penalties for lane in without.lanes] == [(), ()]


def test_another_kind_of_optimizer_keeps_the_rate_and_assignments_go_in_order() -> None:
    config = with_settings(DEFAULT, ["generator_optimizer=sgd", "generator_optimizer.momentum=-0.5"])
    assert config.lanes[0].generator_optimizer == SGD(learning_rate=2e-3, momentum=-0.5)
    assert isinstance(config.lanes[0].discriminator_optimizer, Adam)
    assert with_settings(DEFAULT, ["training.seed=1", "training.seed=2"]).training.seed == 2


def test_penalties_are_chosen_by_name_and_those_there_keep_their_numbers() -> None:
    formulations = [
        with_settings(DEFAULT, [*before, f"formulation.penalties={text}"]).lanes[0].formulation
        for before, text in (
            (["formulation=wgan_gp"], "none"),
            (["formulation=wgan_gp"], "r1 + r2"),
            (["formulation.penalties.r1.gamma=3"], "r1+gradient_penalty"),
        )
    ]
    keys = [[penalty.key for penalty in one.penalties] for one in formulations]
    assert keys == [[], ["r1", "r2"], ["r1", "gradient_penalty"]]
    assert formulations[1].loss.key == "wasserstein"
    assert formulations[2].penalties[0].to_plain()["gamma"] == 3
    listed = {setting.path: setting for setting in list_settings()}["formulation.penalties"]
    assert listed.default == "none"
    assert "r1, r2, gradient_penalty" in listed.allowed
    assert dict(listed.titles)["r1"] == "R1"


def test_a_text_made_of_digits_stays_a_text() -> None:
    config = with_settings(DEFAULT, ["distribution=mnist", "distribution.digits=38", "label=2014"])
    assert config.distribution.to_plain()["digits"] == "38"
    assert config.lanes[0].label == "2014"


@pytest.mark.parametrize(("text", "wanted"), [("true", True), ("False", False), ("TRUE", True)])
def test_truth_may_be_capitalized(text: str, wanted: bool) -> None:
    assert with_settings(DEFAULT, [f"training.fresh_latents={text}"]).training.fresh_latents is wanted


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("architecture.widht=5", "'architecture.widht'; did you mean architecture.width"),
        ("widht=5", "did you mean architecture.width"),
        ("learning_rate=1", "generator_optimizer.learning_rate"),
        ("xyzzy=5", "'xyzzy'; `ganviz list settings` prints all"),
        ("distribution.turns=3", "belongs to spiral; choose that first: --set distribution=spiral"),
        ("formulation.loss.a=3", "belongs to least_squares"),
        ("formulation.penalties.r11.gamma=1", "did you mean formulation.penalties.r1.gamma"),
        ("distribution.kind=grid", "did you mean"),
        ("architecture=mpl", "'mpl'; did you mean mlp"),
        ("formulation=nonsaturated", "did you mean non_saturating"),
        ("architecture.width=0", "architecture.width must be between 1 and 4096, not 0"),
        ("architecture.width=1.5", "a whole number between 1 and 4096, not 1.5"),
        ("architecture.width=wide", "a whole number between 1 and 4096, not 'wide'"),
        ("training.ema_decay=NaN", "a finite number between 0 and 0.999999, not nan"),
        ("training.seed=1e400", "whole number"),
        ("training.fresh_latents=maybe", "true or false, not 'maybe'"),
        ("training=3", "training must be an object"),
        ("latents=big", "'latents' holds several settings; set one of them, such as latents.size"),
        ("lanes.1.formulation=hinge", "this run has only lane 0"),
        ("lanes.².formulation=hinge", "only lane 0"),
        ("lanes=2", "only lane 0"),
        ("lanes.0.seed=-1", "lanes.0.seed must be a whole number between 0"),
        ("seed=1.5", "lanes.0.seed must be a whole number between 0 and 2147483647, not 1.5."),
        (
            "formulation=3",
            "formulation must be an object with 'loss', 'penalties', 'constraint' and 'inputs', not 3.",
        ),
        ("formulation.constraint=3", "formulation.constraint must be an object with a text field 'kind'"),
        ('formulation.penalties={"r1": 3}', "formulation.penalties.r1 must be an object, not 3."),
        ("formulation.penalties=r3", "Unknown penalties 'r3'; did you mean r"),
        ("formulation.penalties=r1+", "Unknown penalties ''; did you mean none, r1"),
        ("formulation.penalties=r1+r1", "formulation.penalties takes each kind once, not 'r1+r1'."),
        ("formulation={}", "formulation.loss must be an object with a text field 'kind', but is missing."),
        (
            "training.batch_size=null",
            "training.batch_size must be a whole number between 1 and 65536, not null.",
        ),
        ("generator_optimizer.lr=1", "generator_optimizer.learning_rate, "),
        ("lr=1", "did you mean generator_optimizer.learning_rate, discriminator_optimizer.learning_rate"),
        ("label=" + "x" * 61, "at most 60 characters"),
        ("architecture.width", "KEY=VALUE, not 'architecture.width'"),
        ("=3", "KEY=VALUE"),
        ("architecture=dcgan16", "'dcgan16' cannot be used for points"),
        ("training.seed=" + "[" * 100_000, "whole number"),
    ],
)
def test_what_cannot_be_set_is_one_sentence_with_what_can(assignment: str, words: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        with_settings(DEFAULT, [assignment])
    text = str(caught.value)
    assert words in text
    assert "\n" not in text
    assert text.endswith((".", "?"))


_ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([]), st.just({}),
    st.just([[1]]), st.just({"kind": "ring"}), st.just({"kind": 3}), st.just({"kind": "mlp", "x": 1}),
)  # fmt: skip


def _paths(plain: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    if isinstance(plain, dict):
        return [path, *(found for key in plain for found in _paths(plain[key], (*path, key)))]
    if isinstance(plain, list):
        return [path, *(found for i in range(len(plain)) for found in _paths(plain[i], (*path, i)))]
    return [path]


@given(st.data())
def test_a_configuration_with_anything_odd_in_it_is_used_or_turned_away_in_a_sentence(
    data: st.DataObject,
) -> None:
    plain = json.loads(json.dumps(TWO_LANES.to_plain()))
    path = data.draw(st.sampled_from([path for path in _paths(plain) if path]))
    where = plain
    for key in path[:-1]:
        where = where[key]
    where[path[-1]] = data.draw(_ODD)
    try:
        config = config_from_plain(plain)
    except InvalidValueError as error:
        assert "\n" not in str(error)  # noqa: PT017 - both outcomes are allowed
    else:
        assert config_from_plain(config.to_plain()) == config

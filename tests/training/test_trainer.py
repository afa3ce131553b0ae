"""The engine: reproducible, resumable, not disturbed by looks; lanes, changes, divergence, going back."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from ganviz.data.gaussians import Ring
from ganviz.data.mnist import MNIST
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.constraints import WeightClipping
from ganviz.losses.formulation import Formulation
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.penalties.one_centered import GradientPenalty
from ganviz.losses.penalties.zero_centered import R1
from ganviz.losses.presets import FORMULATIONS, named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.layers import EVALUATE
from ganviz.networks.mlp import MLP
from ganviz.spec import InvalidValueError
from ganviz.training.columns import COLUMNS, PENALTY_COLUMNS
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.optimizers import SGD, Adam
from ganviz.training.probes import PROBES
from ganviz.training.trainer import Trainer

SMALL = TrainingSettings(batch_size=16)
ALWAYS = tuple(name for name in COLUMNS if name not in PENALTY_COLUMNS.values())
"""Columns of every lane, whatever it is trained by."""
R1_LANE = LaneConfig(Formulation(named_formulation("hinge").loss, (R1(),)))


def config(*formulations, **changes):
    lanes = tuple(LaneConfig(named_formulation(name)) for name in formulations or ("non_saturating",))
    return RunConfig(**{"lanes": lanes, "architecture": MLP(width=8), "training": SMALL} | changes)


def with_training(base, **changes):
    return dataclasses.replace(base, training=dataclasses.replace(base.training, **changes))


def with_lane(base, lane, **changes):
    lanes = list(base.lanes)
    lanes[lane] = dataclasses.replace(lanes[lane], **changes)
    return dataclasses.replace(base, lanes=tuple(lanes))


def weights(trainer):
    return trainer._players.tensors


def assert_same(a, b):
    """Everything that training changed is equal to the bit."""
    a.flush(), b.flush()
    assert a.step == b.step
    assert set(weights(a)) == set(weights(b))
    for name, tensor in weights(a).items():
        assert torch.equal(tensor, weights(b)[name]), name
    for lane in range(len(a.config.lanes)):
        np.testing.assert_array_equal(a.history.table(lane), b.history.table(lane))
    assert a.history.marks == b.history.marks


RUNS = {
    "analytic": config(),
    "two lanes": config("saturating", "non_saturating"),
    "penalty": config("wgan_gp"),
    "spectral norm": config(architecture=MLP(width=8, spectral_norm=True)),
    "average": config(training=TrainingSettings(batch_size=16, ema_decay=0.9)),
}


@pytest.mark.parametrize("name", RUNS)
def test_resumed_is_never_stopped(name):
    whole, first = Trainer(RUNS[name]), Trainer(RUNS[name])
    whole.train(200)
    first.train(90)
    second = Trainer.from_state(first.state())
    second.train(110)
    assert_same(whole, second)
    assert whole.keyframes.steps == second.keyframes.steps


@pytest.mark.parametrize("name", ["penalty", "average"])
def test_watched_is_unwatched(name):
    """Again and again; once, every entry of every list is in test_contracts.py."""
    alone, watched = Trainer(RUNS[name]), Trainer(RUNS[name])
    alone.train(150)
    for n in (1, 7, 56, 3, 83):
        watched.train(n)
        subject = watched.subject()
        for probe in PROBES:
            if probe.supports(watched.config):
                probe.measure(subject)
        watched.state()
    assert_same(alone, watched)


def test_equal_lanes_stay_equal_and_lanes_do_not_disturb_each_other():
    trainer = Trainer(config("hinge", "non_saturating", "hinge"))
    trainer.train(150)
    for tensor in weights(trainer).values():
        assert torch.equal(tensor[0], tensor[2])
    other = Trainer(config("hinge", "saturating", "hinge"))
    other.train(150)
    assert torch.equal(weights(trainer)["generator"][0], weights(other)["generator"][0])


def test_the_articles_identities_hold_in_every_row():
    for formulation in ("saturating", "wasserstein", "wgan_gp", "least_squares"):
        trainer = Trainer(config(formulation))
        trainer.train(100)
        trainer.flush()
        rows = {name: trainer.history.table(0)[:, i] for i, name in enumerate(COLUMNS)}
        np.testing.assert_allclose(rows["value"], -(rows["d_real"] + rows["d_fake"]), atol=1e-9)
        np.testing.assert_allclose(rows["total_saturating"], rows["d_real"], atol=1e-9)
        expected = rows["d_real"] + rows["d_fake"] + rows["g_non_saturating"]
        np.testing.assert_allclose(rows["total_non_saturating"], expected, atol=1e-9)
        np.testing.assert_allclose(rows["total"], rows["d_loss"] + rows["g_loss"], atol=1e-9)
        assert np.isfinite([rows[name] for name in ALWAYS]).all()


def test_a_change_takes_effect_at_the_next_step_and_keeps_the_weights():
    trainer = Trainer(config("saturating"))
    trainer.train(70)
    before = {name: tensor.clone() for name, tensor in weights(trainer).items()}
    lane = LaneConfig(named_formulation("least_squares"))
    trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(lane,)))
    for name in ("generator", "discriminator"):
        assert torch.equal(weights(trainer)[name], before[name])
        assert before[f"{name}_second"].any()
        assert not weights(trainer)[f"{name}_second"].any()
    (mark,) = trainer.history.marks
    assert (mark.step, mark.label, mark.breaks) == (70, "Saturating → Least squares · optimizer reset", True)
    trainer.train(1)
    trainer.flush()
    assert trainer.history.n_rows(0) == 71
    assert trainer._players.counts()["generator"] == [1]


def test_other_changes_keep_the_moments():
    trainer = Trainer(config())
    trainer.train(10)
    moments = weights(trainer)["generator_second"].clone()
    rate = Adam(learning_rate=1e-4)
    trainer.reconfigure(with_lane(with_training(trainer.config, d_steps=3), 0, generator_optimizer=rate))
    assert torch.equal(weights(trainer)["generator_second"], moments)
    labels = [mark.label for mark in trainer.history.marks]
    assert labels == ["G Adam learning rate 0.002 → 0.0001", "D steps per G step 1 → 3"]
    trainer.train(5)
    assert trainer._players.counts() == {"generator": [15], "discriminator": [10 + 3 * 5]}


LOSS = named_formulation("least_squares").loss
KEEPING = {
    "a weight": (Formulation(LOSS, (R1(),)), Formulation(LOSS, (R1(gamma=0.1 + 1e-7),))),
    "an interval": (Formulation(LOSS, (R1(),)), Formulation(LOSS, (R1(interval=8),))),
    "a penalty added": (Formulation(LOSS), Formulation(LOSS, (R1(),))),
    "a penalty removed": (Formulation(LOSS, (R1(),)), Formulation(LOSS)),
    "another penalty": (Formulation(LOSS, (R1(),)), Formulation(LOSS, (GradientPenalty(),))),
    "a bound": (Formulation(LOSS, (), WeightClipping()), Formulation(LOSS, (), WeightClipping(c=0.02))),
    "a constraint added": (Formulation(LOSS), Formulation(LOSS, (), WeightClipping())),
    "smoothing": (Formulation(NonSaturating()), Formulation(NonSaturating(real_target=0.9, fake_target=0.1))),
    "noise": (Formulation(LOSS), Formulation(LOSS, inputs=(InstanceNoise(),))),
    "less noise": (
        Formulation(LOSS, inputs=(InstanceNoise(),)),
        Formulation(LOSS, inputs=(InstanceNoise(sigma=0.01, anneal_steps=100),)),
    ),
    "no smoothing": (Formulation(Saturating(real_target=0.9)), Formulation(Saturating())),
}


@pytest.mark.parametrize("name", KEEPING)
def test_penalties_and_constraints_keep_the_moments(name):
    before, after = KEEPING[name]
    trainer = Trainer(dataclasses.replace(config(), lanes=(LaneConfig(before),)))
    trainer.train(10)
    kept = {name: tensor.clone() for name, tensor in weights(trainer).items()}
    trainer.reconfigure(with_lane(trainer.config, 0, formulation=after))
    assert set(weights(trainer)) == set(kept)
    for name, tensor in weights(trainer).items():
        assert torch.equal(tensor, kept[name]), name
    assert kept["generator_first"].any()
    assert trainer._players.counts() == {"generator": [10], "discriminator": [10]}
    (mark,) = trainer.history.marks
    assert "moments" not in mark.label


def test_another_number_of_the_loss_resets_the_moments_and_the_mark_says_so():
    trainer = Trainer(config("least_squares"))
    trainer.train(10)
    field = dataclasses.fields(LOSS)[0].name
    loss = dataclasses.replace(LOSS, **{field: getattr(LOSS, field) - 0.25})
    trainer.reconfigure(with_lane(trainer.config, 0, formulation=Formulation(loss)))
    assert not weights(trainer)["generator_second"].any()
    assert trainer._players.counts() == {"generator": [0], "discriminator": [0]}
    (mark,) = trainer.history.marks
    assert mark.label.endswith(" · optimizer reset")


def test_another_optimizer_resets_that_players_moments_and_the_mark_says_so():
    trainer = Trainer(config())
    trainer.train(10)
    trainer.reconfigure(with_lane(trainer.config, 0, discriminator_optimizer=SGD()))
    assert trainer._players.counts() == {"generator": [10], "discriminator": [0]}
    (mark,) = trainer.history.marks
    assert mark.label == "D Adam → SGD · optimizer reset"


def test_a_restart_is_not_a_live_change():
    trainer = Trainer(config())
    for other in (with_training(trainer.config, batch_size=32), config(distribution=Ring(sigma=0.02))):
        with pytest.raises(InvalidValueError, match="restart"):
            trainer.reconfigure(other)


def test_a_penalty_keeps_the_step_method():
    trainer = Trainer(config("hinge"))
    trainer.train(5)
    assert trainer.step_method == "analytic"
    trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(R1_LANE,)))
    trainer.train(5)
    trainer.flush()
    assert trainer.step_method == "analytic"
    assert trainer.history.last_row(0)["penalty"] > 0


def test_a_fork_goes_on_like_its_origin_under_the_same_formulation():
    trainer = Trainer(config())
    trainer.train(100)
    trainer.fork(0, trainer.config.lanes[0])
    trainer.train(100)
    for tensor in weights(trainer).values():
        assert torch.equal(tensor[0], tensor[1])
    trainer.flush()
    np.testing.assert_array_equal(trainer.history.table(0), trainer.history.table(1))


@pytest.mark.parametrize("name", FORMULATIONS)
def test_a_fork_keeps_moments_and_counts_under_any_formulation(name):
    trainer = Trainer(config())
    trainer.train(100)
    trainer.fork(0, LaneConfig(named_formulation(name)))
    for tensor in weights(trainer).values():
        assert torch.equal(tensor[0], tensor[1])
    assert weights(trainer)["generator_second"][1].any()
    assert trainer._players.counts() == {"generator": [100, 100], "discriminator": [100, 100]}


def test_a_fork_to_a_penalty_of_no_weight_goes_on_like_its_origin():
    trainer = Trainer(config(), torch.float64)
    trainer.train(100)
    trainer.fork(0, LaneConfig(Formulation(named_formulation("non_saturating").loss, (R1(gamma=0.0),))))
    trainer.train(50)
    trainer.flush()
    (forked, origin) = (trainer.history.table(lane)[:, : len(ALWAYS)] for lane in (1, 0))
    np.testing.assert_allclose(forked, origin, rtol=1e-6, atol=1e-7)


def test_a_fork_to_another_optimizer_keeps_only_the_other_players_moments():
    trainer = Trainer(config())
    trainer.train(100)
    trainer.fork(0, dataclasses.replace(trainer.config.lanes[0], generator_optimizer=SGD()))
    assert not weights(trainer)["generator_second"][1].any()
    assert weights(trainer)["generator_second"][0].any()
    assert trainer._players.counts() == {"generator": [100, 0], "discriminator": [100, 100]}


def test_a_forked_lane_can_be_removed_and_so_can_its_origin():
    trainer = Trainer(config())
    trainer.train(100)
    trainer.fork(0, LaneConfig(named_formulation("saturating"), label="other"))
    trainer.train(30)
    kept = weights(trainer)["generator"][1].clone()
    trainer.remove_lane(0)
    assert torch.equal(weights(trainer)["generator"][0], kept)
    assert [lane.label for lane in trainer.config.lanes] == ["other"]
    trainer.train(100)
    trainer.flush()
    assert trainer.history.n_rows(0) == 230
    with pytest.raises(InvalidValueError, match="last lane"):
        trainer.remove_lane(0)


def exploding(**changes):
    wild = LaneConfig(
        named_formulation("least_squares"),
        generator_optimizer=SGD(learning_rate=50.0),
        discriminator_optimizer=SGD(learning_rate=50.0),
    )
    calm = LaneConfig(named_formulation("least_squares"))
    return RunConfig(lanes=(calm, wild), architecture=MLP(width=8), training=SMALL, **changes)


def test_a_lane_diverges_alone():
    trainer = Trainer(exploding())
    assert trainer.train(200) == 200
    trainer.flush()
    status = trainer.lanes[1]
    assert status.diverged_at is not None
    assert status.cause
    assert trainer.lanes[0].diverged_at is None
    assert trainer.history.n_rows(1) == status.diverged_at - 1
    assert trainer.history.n_rows(0) == 200
    assert np.isfinite(trainer.history.table(1)[:, : len(ALWAYS)]).all()
    assert all(torch.isfinite(tensor).all() for tensor in weights(trainer).values())
    alone = Trainer(
        RunConfig(lanes=(trainer.config.lanes[0],) * 2, architecture=MLP(width=8), training=SMALL)
    )
    alone.train(200)
    assert torch.equal(weights(alone)["generator"][0], weights(trainer)["generator"][0])


@pytest.mark.parametrize(
    "changes",
    [
        {"architecture": MLP(width=8, spectral_norm=True)},
        {"architecture": DCGAN16(channels=2), "distribution": MNIST()},
        {"architecture": MLP(width=8)},
    ],
    ids=["spectral norm", "batch norm", "plain"],
)
def test_nothing_of_a_stopped_lane_changes(changes):
    training = TrainingSettings(batch_size=8, ema_decay=0.9)
    trainer = Trainer(config("hinge", "saturating", training=training, **changes))
    trainer.train(66)
    weights(trainer)["discriminator"][1] = math.nan
    trainer.train(3)
    trainer.flush()
    assert trainer.lanes[1].diverged_at == 67
    kept = {name: tensor.clone() for name, tensor in weights(trainer).items()}
    counts, restored = trainer._players.counts(), trainer.keyframes.at(trainer.lanes[1].diverged_at)
    scores = trainer.subject().real_scores
    trainer.half_step("discriminator")
    trainer.half_step("generator")
    trainer.train(20)
    assert (trainer.subject().real_scores[0] != scores[0]).all()
    np.testing.assert_array_equal(trainer.subject().real_scores[1], scores[1])
    assert not torch.equal(weights(trainer)["ema"][0], kept["ema"][0])
    for name, tensor in weights(trainer).items():
        assert torch.equal(tensor[1], kept[name][1]), name
        assert torch.equal(tensor[1], restored["tensors"][name][1]), name
    for name, of_lanes in trainer._players.counts().items():
        assert of_lanes[1] == counts[name][1] == restored["counts"][name][1]
        assert of_lanes[0] > counts[name][0]


def test_when_every_lane_has_diverged_the_run_ends_there():
    wild = exploding().lanes[1]
    trainer = Trainer(RunConfig(lanes=(wild,), architecture=MLP(width=8), training=SMALL))
    assert trainer.train(500) < 500
    assert trainer.is_finished
    assert trainer.step == trainer.lanes[0].diverged_at
    assert trainer.train(10) == 0
    watched = Trainer(trainer.config)
    while not watched.is_finished:
        watched.train(1)
        watched.flush()
    assert watched.step == trainer.step


def test_going_back_and_on_gives_the_same_future():
    trainer, straight = Trainer(config()), Trainer(config())
    straight.train(300)
    trainer.train(300)
    assert trainer.keyframes.steps == (0, 1, 2, 4, 8, 16, 32, 64, 128, 192, 256)
    trainer.rewind(130)
    assert trainer.step == 128
    assert trainer.history.n_rows(0) == 128
    assert trainer.keyframes.steps == (0, 1, 2, 4, 8, 16, 32, 64, 128)
    trainer.train(172)
    assert_same(trainer, straight)


@pytest.mark.parametrize("step", [1, 2, 4, 8, 32])
@pytest.mark.parametrize("name", RUNS)
def test_early_keyframes_are_the_run_as_it_was_and_disturb_nothing(name, step):
    trainer, straight, without = Trainer(RUNS[name]), Trainer(RUNS[name]), Trainer(RUNS[name])
    without.keyframes._early = frozenset()
    trainer.train(100)
    without.train(100)
    assert without.keyframes.steps == (0, 64)
    assert_same(trainer, without)
    straight.train(step)
    trainer.rewind(step)
    assert trainer.step == step
    assert_same(trainer, straight)
    trainer.train(100 - step)
    assert_same(trainer, without)


def test_looking_back_shows_the_past():
    trainer, past = Trainer(config()), Trainer(config())
    past.train(64)
    latents = past.subject().latents(5)
    expected = past.subject().generator(latents)
    trainer.train(200)
    subject = trainer.subject(at_step=70)
    assert subject.step == 64
    assert torch.equal(subject.generator(latents), expected)
    np.testing.assert_array_equal(subject.real_scores, past.subject().real_scores)


def test_half_steps_move_one_player_and_count_with_the_generator():
    trainer = Trainer(config())
    trainer.half_step("discriminator")
    assert trainer.step == 0
    assert trainer.subject().real_scores is not None
    trainer.half_step("generator")
    trainer.flush()
    assert trainer.step == trainer.history.n_rows(0) == 1
    row = trainer.history.last_row(0)
    assert all(math.isfinite(row[name]) for name in ALWAYS)


def test_the_running_average_is_what_is_shown():
    trainer = Trainer(config(training=TrainingSettings(batch_size=16, ema_decay=0.5)))
    average = weights(trainer)["generator"][0].clone().double()
    for _ in range(20):
        trainer.train(1)
        average = 0.5 * average + 0.5 * weights(trainer)["generator"][0]
    torch.testing.assert_close(weights(trainer)["ema"][0], average.float(), rtol=1e-5, atol=1e-6)
    latents = trainer.subject().latents(4)
    shown = trainer.subject().generator(latents)[0]
    torch.testing.assert_close(trainer.generator_module(0)(latents[0]), shown)


def averaged(*formulations):
    trainer = Trainer(config(*formulations, training=TrainingSettings(batch_size=16, ema_decay=0.99)))
    trainer.train(70)
    return trainer


def test_another_loss_restarts_the_average_of_its_lane_and_the_mark_says_so():
    trainer = averaged("hinge", "hinge")
    before = weights(trainer)["ema"].clone()
    trainer.reconfigure(with_lane(trainer.config, 1, formulation=named_formulation("saturating")))
    average, live = weights(trainer)["ema"], weights(trainer)["generator"]
    assert torch.equal(average[0], before[0])
    assert torch.equal(average[1], live[1])
    assert not torch.equal(before[1], live[1])
    (mark,) = trainer.history.marks
    assert mark.label == "Hinge → Saturating · optimizer, average reset"


def test_penalties_and_forks_keep_the_average():
    trainer = averaged("hinge")
    before = weights(trainer)["ema"].clone()
    trainer.reconfigure(dataclasses.replace(trainer.config, lanes=(R1_LANE,)))
    assert torch.equal(weights(trainer)["ema"], before)
    trainer.fork(0, LaneConfig(named_formulation("wgan_gp")))
    assert torch.equal(weights(trainer)["ema"], before.expand(2, -1))


def test_a_change_leaves_a_stopped_lane_as_it_is():
    trainer = averaged("hinge", "saturating")
    weights(trainer)["discriminator"][1] = math.nan
    trainer.train(1)
    trainer.flush()
    kept = {name: tensor.clone() for name, tensor in weights(trainer).items()}
    lanes = tuple(LaneConfig(named_formulation("least_squares")) for _ in range(2))
    trainer.reconfigure(dataclasses.replace(trainer.config, lanes=lanes))
    trainer.train(5)
    for name, tensor in weights(trainer).items():
        assert torch.equal(tensor[1], kept[name][1]), name


DIGITS = {"distribution": MNIST(), "architecture": DCGAN16(channels=2)}


def with_own_statistics(module, latents):
    """Give an ordinary module the batch statistics of one large batch."""
    with torch.no_grad():
        for layer in module:
            if isinstance(layer, torch.nn.BatchNorm2d):
                layer.momentum = None
                layer.reset_running_stats()
        module.train()(latents)
    return module.eval()


def test_the_average_is_shown_and_exported_with_batch_statistics_of_its_own():
    trainer = Trainer(config("hinge", training=TrainingSettings(batch_size=16, ema_decay=0.98), **DIGITS))
    trainer.train(70)
    subject, kept = trainer.subject(), {name: tensor.clone() for name, tensor in weights(trainer).items()}
    latents = subject.latents(16)
    shown = subject.generator(latents)[0]
    module = trainer.generator_module(0)
    torch.testing.assert_close(module(latents[0]), shown, rtol=1e-5, atol=1e-6)
    assert all(torch.equal(tensor, kept[name]) for name, tensor in weights(trainer).items())
    own = with_own_statistics(module, subject.latents(2000)[0])
    assert (own(latents[0]) - shown).abs().mean() < 0.02
    generator = trainer._players.generator.network
    stale = generator.forward(kept["ema"], kept["generator_buffers"], latents, EVALUATE)[0]
    assert (own(latents[0]) - stale).abs().mean() > 0.05
    past = Trainer(trainer.config)
    past.train(64)
    assert torch.equal(trainer.subject(at_step=64).generator(latents), past.subject().generator(latents))


def test_without_the_average_the_live_statistics_are_shown():
    trainer = Trainer(config("hinge", training=TrainingSettings(batch_size=16), **DIGITS))
    trainer.train(10)
    latents, tensors = trainer.subject().latents(4), weights(trainer)
    generator = trainer._players.generator.network
    live = generator.forward(tensors["generator"], tensors["generator_buffers"], latents, EVALUATE)
    assert torch.equal(trainer.subject().generator(latents), live)


def test_a_missing_gpu_is_a_sentence():
    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    with pytest.raises(InvalidValueError, match="no GPU here"):
        Trainer(with_training(config(), device="cuda"))


@pytest.mark.parametrize("part", ["now", "keyframes", "interval", "history"])
def test_an_incomplete_state_is_refused(part):
    trainer = Trainer(config())
    trainer.train(70)
    state = trainer.state()
    del state[part]
    with pytest.raises((ValueError, KeyError)):
        Trainer.from_state(state)


def test_a_state_of_other_networks_is_refused():
    trainer = Trainer(config())
    state = trainer.state()
    state["now"]["tensors"]["generator"] = torch.zeros(1, 3)
    with pytest.raises(ValueError, match="should have shape"):
        Trainer.from_state(state)

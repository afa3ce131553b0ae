"""Other data keep what fits and bring what does not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from ganviz.data.curves import Spiral
from ganviz.data.gaussians import Ring
from ganviz.data.mnist import MNIST
from ganviz.data.points_file import PointsFile
from ganviz.session.data_change import startable, with_data
from ganviz.session.run_presets import run_preset
from ganviz.session.settings import with_settings


def test_points_for_points_change_nothing_else() -> None:
    config = with_settings(run_preset("default").config, ["architecture.width=77", "training.batch_size=9"])
    assert with_data(config, Spiral()) == dataclasses.replace(config, distribution=Spiral())


def test_digits_bring_their_networks_and_keep_formulations_and_seed() -> None:
    before = with_settings(run_preset("saturating_vs_non_saturating").config, ["training.seed=7"])
    digits = run_preset("digits").config
    after = with_data(before, MNIST(digits="38"))
    assert [lane.formulation for lane in after.lanes] == [lane.formulation for lane in before.lanes]
    assert [lane.label for lane in after.lanes] == [lane.label for lane in before.lanes]
    assert after.training.seed == 7
    assert (after.architecture, after.latents) == (digits.architecture, digits.latents)
    assert after.training == dataclasses.replace(digits.training, seed=7)
    assert {lane.generator_optimizer for lane in after.lanes} == {digits.lanes[0].generator_optimizer}


def test_there_and_back_is_the_default_again() -> None:
    default = run_preset("default").config
    assert with_data(with_data(default, MNIST()), Ring()) == default


def test_there_and_back_with_what_was_set_earlier_loses_nothing() -> None:
    mine = with_settings(
        run_preset("saturating_vs_non_saturating").config,
        [
            "architecture.width=77",
            "latents.size=5",
            "lanes.1.generator_optimizer=sgd",
            "training.ema_decay=0.5",
        ],
    )
    assert with_data(with_data(mine, MNIST()), Ring(), mine) == mine
    one_lane = dataclasses.replace(mine, lanes=mine.lanes[:1])
    back = with_data(with_data(mine, MNIST()), Ring(), one_lane)
    assert [lane.generator_optimizer.key for lane in back.lanes] == ["adam", "adam"]


def test_data_whose_files_are_gone_at_the_start_become_the_default_with_a_sentence(tmp_path: Path) -> None:
    digits = run_preset("digits").config
    for lost in (PointsFile(path=str(tmp_path / "gone.csv")), MNIST(folder=str(tmp_path / "gone"))):
        before = with_data(digits, lost)
        after, sentence = startable(before)
        assert after == with_data(before, Ring())
        assert "gone" in sentence
        assert sentence.endswith("'Ring' instead.")


def test_data_that_are_there_start_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("0,1\n2,3\n")
    for data in (PointsFile(path=str(tmp_path / "points.csv")), Ring(), MNIST()):
        config = with_data(run_preset("default").config, data)
        assert startable(config) == (config, "")

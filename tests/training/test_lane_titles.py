"""Lanes are called by names that tell them apart, wherever they are named."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from ganviz.losses.presets import named_formulation
from ganviz.session.exporting import write_history
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.lane_titles import in_column, told_apart
from ganviz.training.trainer import Trainer


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        (["Hinge"], ["Hinge"]),
        (["Hinge", "mine"], ["Hinge", "mine"]),
        (["Hinge", "Hinge"], ["1. Hinge", "2. Hinge"]),
        (["Hinge", "mine", "Hinge"], ["1. Hinge", "mine", "3. Hinge"]),
        (["mine", "Hinge", "mine", "Hinge"], ["1. mine", "2. Hinge", "3. mine", "4. Hinge"]),
        (["2. Hinge", "Hinge", "Hinge"], ["1. 2. Hinge", "2. 2. Hinge", "3. Hinge"]),
    ],
)
def test_names_that_occur_twice_have_their_number(names: list[str], titles: list[str]) -> None:
    assert list(told_apart(names)) == titles


def test_a_column_names_lane_and_number_once() -> None:
    assert in_column(2, "Hinge") == "lane 3: Hinge"
    assert in_column(2, "3. Hinge") == "lane 3: Hinge"


def test_lanes_switched_to_one_formulation_are_told_apart(tmp_path: Path) -> None:
    lanes = tuple(LaneConfig(named_formulation(key)) for key in ("saturating", "hinge"))
    trainer = Trainer(RunConfig(lanes))
    assert [trainer.config.lane_title(lane) for lane in (0, 1)] == ["Saturating", "Hinge"]
    hinge = tuple(replace(lane, formulation=named_formulation("hinge")) for lane in lanes)
    trainer.reconfigure(replace(trainer.config, lanes=hinge))
    assert [trainer.config.lane_title(lane) for lane in (0, 1)] == ["1. Hinge", "2. Hinge"]
    trainer.train(1)
    write_history(tmp_path / "history.csv", trainer)
    with (tmp_path / "history.csv").open(encoding="utf-8") as text:
        rows = csv.DictReader(line for line in text if not line.startswith("#"))
        assert [row["label"] for row in rows] == ["1. Hinge", "2. Hinge"]
    trainer.remove_lane(0)
    assert trainer.config.lane_title(0) == "Hinge"


def test_seeds_of_lanes_called_alike_are_told_apart() -> None:
    config = RunConfig((LaneConfig(), LaneConfig(label="mine"), LaneConfig()))
    config = replace(config, training=replace(config.training, seeds=2))
    titles = [config.row_title(row) for row in range(config.n_rows)]
    assert len(set(titles)) == 6
    assert titles[4] == "3. Non-saturating, seed 0"

"""``ganviz train`` and ``resume``: what they choose, print and write."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from ganviz import __version__
from ganviz.session.run_folder import FILES
from ganviz.session.settings import with_settings
from ganviz.training.checkpoint import load_checkpoint, save_checkpoint
from ganviz.training.config import RunConfig
from ganviz.training.rules import RULES
from ganviz.training.trainer import Trainer

SMALL = ("--set", "architecture.width=8", "--set", "training.batch_size=16", "--device", "cpu")
LOSSES = [
    "d_loss", "g_loss", "d_real", "d_fake", "value", "g_saturating", "g_non_saturating", "total_non_saturating",
    "total_saturating",
]  # fmt: skip
METRICS = [
    "n_samples", "modes_hit", "n_modes", "quality_fraction", "reverse_kl", "sliced_wasserstein",
    "sliced_wasserstein_floor", "js_divergence", "modes_with_a_sample", "good_reverse_kl",
]  # fmt: skip


def _rows(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def test_json_is_one_object_with_everything_the_manual_names(ganviz, tmp_path):
    folder = tmp_path / "run"
    answer = ganviz("train", "--steps", 12, "--seed", 4, *SMALL, "--json", "--out", folder)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.count("\n") == 1
    found = answer.json
    assert (found["version"], found["data"], found["steps"]) == (__version__, "ring", 12)
    assert (found["device"], found["seed"]) == ("cpu", 4)
    assert found["seconds"] > 0
    assert found["steps_per_second"] == pytest.approx(12 / found["seconds"])
    (lane,) = found["lanes"]
    assert list(lane) == ["label", "formulation", "state", "losses", "scores", "metrics", "metrics_over_time"]
    assert (lane["label"], lane["formulation"]) == ("Non-saturating", "non_saturating")
    assert (list(lane["losses"]), list(lane["metrics"])) == (LOSSES, METRICS)
    assert list(lane["scores"]) == ["real_mean", "fake_mean"]
    assert found["files"] == [str(folder / name) for name in FILES]
    assert all(Path(path).is_file() for path in found["files"])
    assert json.loads((folder / "metrics.json").read_text("utf-8")) == found


def test_the_history_has_a_row_for_each_lane_and_step_that_the_json_ends_with(ganviz, tmp_path):
    games = ("--formulation", "saturating", "--formulation", "wgan_gp")
    found = ganviz("train", *games, "--steps", 7, *SMALL, "--json", "--out", tmp_path / "run").json
    rows = _rows(tmp_path / "run" / "history.csv")
    assert [(row["lane"], int(row["step"])) for row in rows] == [
        (lane, step) for lane in "01" for step in range(1, 8)
    ]
    for lane, last in zip(found["lanes"], (rows[6], rows[13]), strict=True):
        kept = {name: float(last[name]) for name in LOSSES}
        read = lane.get(
            "read_as_logits", {}
        )  # what a critic's scores would give, which is none of its losses
        assert kept == lane["losses"] | read
        assert set(read) == {name for name, value in lane["losses"].items() if value is None}
        assert last["formulation"] == lane["formulation"]
    assert [bool(lane.get("read_as_logits")) for lane in found["lanes"]] == [False, True]
    for row in rows:
        assert abs(float(row["value"]) + float(row["d_real"]) + float(row["d_fake"])) < 1e-5
        assert abs(float(row["total_saturating"]) - float(row["d_real"])) < 1e-5


@pytest.mark.parametrize("data", ["ring", "mnist"])
def test_half_and_the_rest_is_the_whole_to_the_last_bit(ganviz, tmp_path, data):
    n = 20 if data == "ring" else 2
    choice = ("--data", data, "--set", "training.batch_size=16", "--device", "cpu")
    assert ganviz("train", *choice, "--steps", 2 * n, "--out", tmp_path / "whole").code == 0
    assert ganviz("train", *choice, "--steps", n, "--out", tmp_path / "half").code == 0
    half = tmp_path / "half" / "checkpoint.ganviz"
    answer = ganviz("resume", half, "--steps", n, "--out", tmp_path / "rest", "--json")
    assert answer.json["steps"] == 2 * n
    whole, rest = ((tmp_path / name / "history.csv").read_bytes() for name in ("whole", "rest"))
    assert whole == rest
    ends = [load_checkpoint(tmp_path / name / "checkpoint.ganviz") for name in ("whole", "rest")]
    states = [end.generator_module(0).state_dict() for end in ends]
    assert all((states[0][name] == states[1][name]).all() for name in states[0])
    samples = [np.load(tmp_path / name / "samples.npz")["generated"] for name in ("whole", "rest")]
    assert np.array_equal(*samples)


def test_resume_without_out_writes_nothing(ganviz, saved_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = (saved_run / "checkpoint.ganviz").read_bytes()
    assert ganviz("resume", saved_run / "checkpoint.ganviz", "--steps", 3).code == 0
    assert list(tmp_path.iterdir()) == []
    assert (saved_run / "checkpoint.ganviz").read_bytes() == before


def test_a_run_of_a_gpu_goes_on_where_there_is_none(ganviz, tmp_path, monkeypatch):
    trainer = Trainer(with_settings(RunConfig(), ["architecture.width=8", "training.device=cpu"]))
    trainer.train(3)
    trainer.config = with_settings(trainer.config, ["training.device=cuda"])
    save_checkpoint(tmp_path / "gpu.ganviz", trainer)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    found = ganviz("resume", tmp_path / "gpu.ganviz", "--steps", 2, "--json").json
    assert (found["steps"], found["device"]) == (5, "cpu")
    ganviz("train", "--device", "cuda", "--steps", 1).assert_refused("'cuda'", "no GPU", "'cpu' or 'auto'")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("formulation", ["hinge", "wgan_gp"])
def test_every_rule_trains_with_any_number_of_d_steps(ganviz, tmp_path, rule, formulation):
    options = ("--formulation", formulation, "--set", f"training.rule={rule}", "--set", "training.d_steps=3")
    if (
        rule == "unrolled"
    ):  # its inner steps are plain descent, too long for a penalty of weight 10 at the usual rate
        options += ("--set", "training.rule.inner_rate=0.001")
    found = ganviz("train", *options, *SMALL, "--steps", 70, "--json", "--out", tmp_path / "run").json
    assert found["steps"] == 70
    assert [lane["state"] for lane in found["lanes"]] == ["trained"]
    config = json.loads((tmp_path / "run" / "config.json").read_text("utf-8"))["config"]
    chosen = {"inner_rate": 0.001} if rule == "unrolled" else {}
    assert config["training"]["rule"] == {**RULES[rule]().to_plain(), **chosen}
    again = ganviz("resume", tmp_path / "run" / "checkpoint.ganviz", "--steps", 10, "--json").json
    assert again["steps"] == 80


@pytest.mark.parametrize(
    ("name", "value"),
    [("formulation.inputs.instance_noise.sigma", 0.1), ("formulation.inputs.instance_noise.anneal_steps", 50),
     ("formulation.loss.real_target", 0.9), ("formulation.loss.fake_target", 0.1)],
)  # fmt: skip
def test_what_d_sees_and_what_it_aims_at_are_settings(ganviz, tmp_path, name, value):
    found = ganviz(
        "train", "--set", f"{name}={value}", *SMALL, "--steps", 70, "--json", "--out", tmp_path / "run"
    )
    assert [lane["state"] for lane in found.json["lanes"]] == ["trained"]
    formulation = json.loads((tmp_path / "run" / "config.json").read_text("utf-8"))["config"]["lanes"][0][
        "formulation"
    ]
    for part in name.split(".")[1:]:
        formulation = formulation[part]
    assert formulation == value
    assert (
        ganviz("resume", tmp_path / "run" / "checkpoint.ganviz", "--steps", 10, "--json").json["steps"] == 80
    )


def test_options_apply_in_the_order_of_the_manual(ganviz, tmp_path):
    def written(*options):
        assert ganviz("train", *options, "--steps", 1, "--out", tmp_path, "--force").code == 0
        return json.loads((tmp_path / "config.json").read_text("utf-8"))["config"]

    config = written(
        "--preset", "sharp_ring", "--data", "spiral", "--formulation", "hinge", "--seed", 3, "--device", "cpu",
        "--set", "training.seed=5", "--set", "distribution.turns=2",
    )  # fmt: skip
    assert config["distribution"]["kind"] == "spiral"
    assert config["distribution"]["turns"] == 2.0
    assert config["architecture"]["width"] == 64
    assert [lane["formulation"]["loss"]["kind"] for lane in config["lanes"]] == ["hinge"]
    assert config["lanes"][0]["generator_optimizer"]["learning_rate"] == 1e-3
    assert (config["training"]["seed"], config["training"]["device"]) == (5, "cpu")
    again = tmp_path / "again.json"
    (tmp_path / "config.json").rename(again)
    assert written("--config", again) == config


def test_digits_bring_fitting_networks_unless_they_are_set(ganviz):
    chosen = "--set", "training.batch_size=4", "--json", "--steps", 1
    found = ganviz("train", "--data", "mnist", *chosen).json
    assert (found["data"], found["step_method"]) == ("mnist", "autograd")
    metrics = found["lanes"][0]["metrics"]
    assert [name for name in METRICS if metrics[name] is None] == [
        "modes_hit", "n_modes", "quality_fraction", "reverse_kl", "js_divergence", "modes_with_a_sample",
        "good_reverse_kl",
    ]  # fmt: skip
    mlp = ganviz("train", "--data", "mnist", "--set", "architecture=mlp", *chosen).json
    assert mlp["step_method"] == "analytic"
    back = ganviz("train", "--preset", "digits", "--data", "ring", *chosen).json
    assert back["lanes"][0]["metrics"]["n_modes"] == 8


def test_points_from_a_file_whatever_its_name(ganviz, tmp_path, monkeypatch):
    (tmp_path / "points.csv").write_text("x,y\n1,2\n3,4\n")
    (tmp_path / "points.txt").write_text("1 2\n3 4\n")
    monkeypatch.chdir(tmp_path)
    for name in ("points.csv", "points.txt"):
        answer = ganviz(
            "train", "--data", name, "--steps", 1, *SMALL, "--json", "--out", tmp_path / name[-3:]
        )
        assert answer.json["data"] == "points_file"
    monkeypatch.chdir("/")
    checkpoint = tmp_path / "csv" / "checkpoint.ganviz"
    assert ganviz("resume", checkpoint, "--steps", 1).code == 0, "the file is found from another folder"


def test_how_a_file_of_points_was_understood_is_said(ganviz, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text(";a;b\n0;0,5;1,25\n1;-2;3,5\n", "utf-8")
    chosen = "train", "--data", path, "--steps", 1, *SMALL
    assert "2 points of the columns 'a' and 'b' (without column 1); semicolons between" in ganviz(*chosen).err
    assert ganviz(*chosen, "--quiet").err == ""
    assert "'b' and 'a'" in ganviz(*chosen, "--set", "distribution.columns=b, a").err
    ganviz(*chosen, "--set", "distribution.columns=b, c").assert_refused("no column 'c'")


def test_without_json_a_person_reads_losses_metrics_and_files(ganviz, tmp_path):
    answer = ganviz("train", "--steps", 3, *SMALL, "--out", tmp_path / "run")
    assert answer.out.startswith("3 steps on ring")
    assert "Non-saturating (trained): d_loss " in answer.out
    assert "modes 0 of 8" in answer.out
    assert str(tmp_path / "run" / "history.csv") in answer.out


def test_a_run_that_diverges_ends_with_3_and_everything_written(ganviz, tmp_path):
    rates = [f"{player}_optimizer.learning_rate=100" for player in ("generator", "discriminator")]
    kinds = [f"{player}_optimizer=sgd" for player in ("generator", "discriminator")]
    wild = [part for setting in (*kinds, *rates) for part in ("--set", setting)]
    folder = tmp_path / "run"
    games = ("--formulation", "least_squares", "--set", "label=Wild")
    answer = ganviz("train", *games, *wild, "--steps", 500, "--out", folder, "--json")
    assert answer.code == 3
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
    (lane,) = answer.json["lanes"]
    assert lane["state"].startswith("diverged at step ")
    assert "NaN" not in answer.out
    assert "Infinity" not in answer.out
    assert answer.json["steps"] < 500
    assert all(math.isfinite(float(row["value"])) for row in _rows(folder / "history.csv"))
    ganviz("resume", folder / "checkpoint.ganviz", "--steps", 5).assert_refused("has diverged")


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_default_run_reaches_all_modes_and_the_equilibrium(ganviz, seed):
    answer = ganviz("train", "--json", "--steps", 4000, "--seed", seed, "--device", "cpu")
    (lane,) = answer.json["lanes"]
    assert (lane["metrics"]["modes_hit"], lane["metrics"]["n_modes"]) == (8, 8)
    assert lane["metrics"]["quality_fraction"] > 0.85
    assert abs(lane["losses"]["total_non_saturating"] - 3 * math.log(2)) < 0.06


def test_a_relative_path_of_a_setting_is_made_absolute(ganviz, tmp_path, monkeypatch):
    """The files of a run hold its settings, and are opened from anywhere."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.csv").write_text("0,1\n2,3\n", "utf-8")
    chosen = "--set", "distribution=points_file", "--set", "distribution.path=points.csv"
    assert ganviz("train", *chosen, "--steps", 1, "--out", "run", *SMALL).code == 0
    config = json.loads((tmp_path / "run" / "config.json").read_text("utf-8"))
    config = config.get("config", config)
    assert config["distribution"]["path"] == str(tmp_path / "points.csv")


def test_a_run_without_its_data_is_not_resumed_but_exported(ganviz, tmp_path, caplog):
    data = tmp_path / "points.csv"
    data.write_text("0,1\n2,3\n", "utf-8")
    assert ganviz("train", "--data", data, "--steps", 3, "--out", tmp_path / "run", *SMALL).code == 0
    data.unlink()
    (saved,) = (tmp_path / "run").glob("*.ganviz")
    ganviz("resume", saved, "--steps", 5).assert_refused("points.csv", "not trained without its data")
    assert not caplog.records, "the refusal was told twice"
    assert ganviz("export", saved, "--what", "history", "--out", tmp_path / "out").code == 0


def test_a_critic_s_scores_are_told_and_no_cross_entropies(ganviz):
    told = ganviz("train", "--formulation", "wgan_gp", "--steps", 3, *SMALL).out
    assert "real_mean" in told
    assert "fake_mean" in told
    assert not any(name in told for name in ("d_real", "value", "total_non_saturating"))


def test_a_run_on_somebodys_points_is_said_to_be_on_that_file(ganviz, tmp_path):
    points = tmp_path / "lizards.csv"
    points.write_text("x,y\n0.1,0.2\n-1,1\n0.5,0\n")
    words = ("train", "--data", points, "--steps", 2, "--quiet", *SMALL)
    assert ganviz(*words).out.startswith("2 steps on lizards.csv, ")
    found = json.loads(ganviz(*words, "--json").out)
    assert (found["data"], found["data_file"]) == ("points_file", str(points))
    assert json.loads(ganviz("train", "--steps", 1, "--quiet", "--json", *SMALL).out)["data_file"] is None

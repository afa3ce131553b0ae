"""``ganviz export`` writes; ``ganviz render`` is handed on only when it can be done."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from ganviz import api as ganviz_api
from ganviz.session.view_names import ANIMATED_VIEWS, VIEW_NAMES
from ganviz.training.checkpoint import load_checkpoint, write_state


def test_everything_is_written_by_default(ganviz, saved_run, tmp_path):
    answer = ganviz("export", saved_run / "checkpoint.ganviz", "--out", tmp_path / "new")
    names = [
        "config.json",
        "generator_0.safetensors",
        "generator_1.safetensors",
        "history.csv",
        "samples.npz",
    ]
    assert answer.code == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == names
    assert (tmp_path / "new" / "history.csv").read_bytes() == (saved_run / "history.csv").read_bytes()
    config = json.loads((tmp_path / "new" / "config.json").read_text("utf-8"))["config"]
    assert [lane["formulation"]["loss"]["kind"] for lane in config["lanes"]] == [
        "saturating",
        "non_saturating",
    ]
    assert np.load(tmp_path / "new" / "samples.npz")["generated"].shape[0] == 2
    assert safetensors.torch.load_file(tmp_path / "new" / "generator_1.safetensors")


def test_one_kind_is_written_and_forced_again(ganviz, saved_run, tmp_path):
    export = ("export", saved_run / "checkpoint.ganviz", "--out", tmp_path, "--what", "history")
    assert ganviz(*export).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["history.csv"]
    text = (tmp_path / "history.csv").read_text("utf-8")
    assert len(list(csv.reader(line for line in text.splitlines() if line[0] != "#"))) == 41
    ganviz(*export).assert_refused("--force")
    assert ganviz(*export, "--force").code == 0


def test_a_script_is_a_file_for_each_lane(ganviz, saved_run, tmp_path):
    export = ("export", saved_run, "--what", "script", "--out")  # a run can be named by its folder
    assert ganviz(*export, tmp_path).code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["script_0.py", "script_1.py"]
    text = (tmp_path / "script_0.py").read_text("utf-8")
    assert "ganviz." not in text.split('"""')[2]
    assert text == ganviz_api.load(saved_run).script(0)
    ganviz(*export, tmp_path / "run.py").assert_refused("2 lanes, a script each: --out must be a folder")
    unsaid = (
        "export",
        saved_run,
        "--out",
        tmp_path / "run.py",
    )  # was a folder of that name, with everything else
    ganviz(*unsaid).assert_refused("2 lanes, a script each: --out must be a folder")
    ganviz(*unsaid, "--what", "history,script").assert_refused("--out must be a folder for history,script")


@pytest.mark.parametrize(("view", "title"), VIEW_NAMES)
@pytest.mark.parametrize("ending", [".png", ".SVG", ".pdf", ".gif"])
def test_a_view_is_rendered_to_what_can_hold_it(ganviz, opened, saved_run, tmp_path, view, title, ending):
    out = tmp_path / f"plot{ending}"
    answer = ganviz(
        "render",
        saved_run,
        "--view",
        view,
        "--out",
        out,
        "--size",
        "640x480",
        "--theme",
        "dark",
    )
    if ending == ".gif" and view not in ANIMATED_VIEWS:
        answer.assert_refused("plot.gif", ".png or .svg or .pdf", view)
        assert opened == []
    else:
        (options,) = opened
        assert options.file == saved_run / "checkpoint.ganviz"
        assert (options.view, options.out, options.figure.pixels, options.theme) == (
            view,
            out,
            (640, 480),
            "dark",
        )


@pytest.mark.parametrize(
    ("options", "pixels", "points"),
    [((), (1920, 1080), (16, 3)), (("--dpi", "72", "--font-size", "20"), (960, 540), (20, 3))],
)
def test_a_slide_has_large_letters(ganviz, opened, saved_run, tmp_path, options, pixels, points):
    ganviz("render", saved_run, "--view", "losses", "--out", tmp_path / "a.png", "--size", "slide", *options)
    figure = opened[0].figure
    assert (figure.pixels, (figure.font_pt, figure.line_pt)) == (pixels, points)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"--view": "plain"}, ["'plain'", "did you mean plane"]),
        ({"--out": "plot.jpg"}, ["'plot.jpg' must end in .png or .svg or .pdf"]),
        ({"--out": "nowhere/plot.png"}, ["no folder", "nowhere"]),
        ({"--out": " "}, ["--out", "a file is wanted"]),
        (
            {"--out": "~nobody-of-that-name/plot.png"},
            ["'~nobody-of-that-name/plot.png' cannot be used as a path"],
        ),
        ({"--size": "big"}, ["WIDTHxHEIGHT", "'big'"]),
        ({"--size": "20x20"}, ["between 100 and 10000"]),
        ({"--size": "85mmx60px"}, ["85mmx60mm", "single", "'85mmx60px'"]),
        ({"--size": "20mmx60mm"}, ["between 30 and 1000 mm", "'20mmx60mm'"]),
        ({"--dpi": "nan"}, ["between 30 and 2400", "'nan'"]),
        ({"--font-size": "0"}, ["between 3 and 72 (pt)", "'0'"]),
        ({"--format": "svg"}, ["--format is for --view all"]),
        ({"--view": "all"}, ["a folder of figures", "'plot.png'"]),
        ({"--theme": "pink"}, ["'pink'", "dark"]),
        ({"file": "missing.ganviz"}, ["no file 'missing.ganviz'"]),
    ],
)
def test_a_picture_that_cannot_be_made(ganviz, opened, saved_run, change: dict[str, str], words: list[str]):
    given: dict[str, str | Path] = {
        "file": saved_run / "checkpoint.ganviz", "--view": "plane", "--out": "plot.png", "--size": "640x480",
        "--theme": "light", **change,
    }  # fmt: skip
    options = [part for name, value in given.items() if name != "file" for part in (name, value)]
    ganviz("render", given["file"], *options).assert_refused(*words)
    assert opened == []


@pytest.mark.parametrize(
    ("options", "there"),
    [
        (("--view", "plane", "--out", "plot.png"), "plot.png"),
        (("--view", "plane", "--out", "plot.svg", "--with-data"), "plot.csv"),
        (("--view", "plane", "--out", "plot.gif"), "plot.gif"),
        (("--view", "all", "--out", "figures"), "figures/losses.pdf"),
        (("--view", "all", "--out", "figures", "--format", "png", "--with-data"), "figures/losses.csv"),
    ],
)
def test_no_picture_is_overwritten_unasked(ganviz, opened, saved_run, tmp_path, monkeypatch, options, there):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "figures").mkdir()
    (tmp_path / there).write_text("a person's")
    ganviz("render", saved_run, *options).assert_refused(there, "is there already", "--force")
    assert opened == []
    assert ganviz("render", saved_run, *options, "--force").code == 0
    assert len(opened) == 1


def test_names_of_files_begin_at_home(ganviz, opened, saved_run, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert ganviz("render", saved_run, "--view", "plane", "--out=~/plot.png").code == 0
    assert opened[0].out == tmp_path / "plot.png"


def test_what_a_file_keeps_that_is_not_known_is_told(ganviz, saved_run, tmp_path, caplog):
    trainer = load_checkpoint(saved_run / "checkpoint.ganviz")
    state = trainer.state()
    history = state["history"]
    history["columns"].append("novelty")
    history["lanes"] = [[torch.cat((b, b[:, :1]), 1) for b in blocks] for blocks in history["lanes"]]
    write_state(tmp_path / "later.ganviz", state)
    assert ganviz("export", tmp_path / "later.ganviz", "--out", tmp_path / "new").code == 0
    assert "'novelty'" in caplog.text


def test_the_window_opens_a_run_by_its_file_or_its_folder(ganviz, opened, saved_run, tmp_path):
    file = saved_run / "checkpoint.ganviz"
    for place in (saved_run, file):
        assert ganviz(place).code == 0
    assert opened == [file, file]
    ganviz(tmp_path).assert_refused(tmp_path.name, "is a folder without a saved run", "can be opened")
    (tmp_path / "events.out.tfevents.1.host").write_bytes(b"")
    assert ganviz(tmp_path).code == 0
    assert opened[2:] == [tmp_path]
    ganviz(tmp_path / "none").assert_refused("none", "commands are")

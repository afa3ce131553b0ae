"""Files that version 0.1 wrote, one of each kind: they open, look, train on as it would have, and leave as exports."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from ganviz.rendering import render
from ganviz.session.exporting import write_config, write_history, write_samples, write_weights
from ganviz.session.figure import Figure
from ganviz.session.view_names import ANIMATIONS
from ganviz.training.checkpoint import load_checkpoint, save_checkpoint
from ganviz.training.columns import COLUMNS
from ganviz.training.config import config_from_plain

FILES = Path(__file__).parents[1] / "data" / "v0.1"
RUNS = ("plane", "wgan_gp", "digits")
EXPECTED = json.loads((FILES / "expected.json").read_text("utf-8"))
"""What version 0.1 had at some steps, and 20 steps after it wrote the file."""


def assert_as_before(trainer, name: str, step: int) -> None:
    """Every column that version 0.1 had reads the same; float32 kernels may differ from machine to machine."""
    wanted = np.array(EXPECTED[name]["rows"][str(step)], dtype=np.float64)
    columns = [COLUMNS.index(column) for column in EXPECTED[name]["columns"]]
    found = np.array([trainer.history.table(lane)[step - 1, columns] for lane in range(len(wanted))])
    np.testing.assert_allclose(found, wanted, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("name", RUNS)
def test_a_run_goes_on_as_it_would_have_gone_on_then(name: str, tmp_path: Path) -> None:
    trainer = load_checkpoint(FILES / f"{name}.ganviz")
    assert trainer.step == 70
    assert {0, 64} <= set(trainer.keyframes.steps)
    for step in (1, 70):
        assert_as_before(trainer, name, step)
    trainer.train(20)
    trainer.flush()
    assert_as_before(trainer, name, 90)
    trainer.rewind(64)
    trainer.train(26)
    save_checkpoint(tmp_path / "again.ganviz", trainer)
    again = load_checkpoint(tmp_path / "again.ganviz")
    assert again.step == 90
    if name != "plane":  # there a change was made after step 66
        assert_as_before(again, name, 90)


def test_a_change_that_was_made_then_is_still_marked() -> None:
    (mark,) = load_checkpoint(FILES / "plane.ganviz").history.marks
    assert (mark.step, mark.lane, mark.breaks) == (66, 0, True)


def n_pictures(path: Path) -> int:
    if path.suffix == ".mp4":
        with av.open(str(path)) as film:
            return sum(1 for _ in film.decode(video=0))
    with Image.open(path) as animation:
        return int(animation.n_frames)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", RUNS)
def test_a_run_is_drawn_animated_and_exported(name: str, tmp_path: Path, qapp: object) -> None:
    file = FILES / f"{name}.ganviz"
    view = "digits" if name == "digits" else "plane"
    for shown in (view, "losses", "total_loss"):
        render(file, shown, tmp_path / f"{shown}.png", Figure.of_pixels(400, 300), "light")
    for ending in ANIMATIONS:
        told: list[tuple[int, int]] = []
        render(
            file,
            view,
            tmp_path / f"run{ending}",
            Figure.of_pixels(200, 200),
            "dark",
            tell=lambda *n, told=told: told.append(n),
        )
        assert told == [(0, 3), (1, 3), (2, 3)]
        assert n_pictures(tmp_path / f"run{ending}") == (44 if ending == ".mp4" else 3)
    trainer = load_checkpoint(file)
    write_history(tmp_path / "history.csv", trainer)
    write_samples(tmp_path / "samples.npz", trainer)
    write_config(tmp_path / "config.json", trainer.config)
    write_weights(tmp_path / "weights.safetensors", trainer, 0)
    assert len((tmp_path / "history.csv").read_text("utf-8").splitlines()) >= 70


@pytest.mark.parametrize("name", RUNS)
def test_settings_are_those_of_the_run(name: str) -> None:
    config = config_from_plain(json.loads((FILES / f"{name}.json").read_text("utf-8"))["config"])
    saved = load_checkpoint(FILES / f"{name}.ganviz").config
    if name == "plane":  # the loss of its first lane was changed after the settings had been written
        assert config.lanes[1:] == saved.lanes[1:]
        assert config.distribution == saved.distribution
    else:
        assert config == saved

"""Runs whose data files are gone open, show and export what they have, and refuse only training."""

import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from ganviz.data import digests, image_folder, mnist, points_file
from ganviz.data.image_folder import ImageFolder
from ganviz.data.mnist import MNIST
from ganviz.data.points_file import PointsFile
from ganviz.networks.mlp import MLP
from ganviz.session.commands import Export, ExportKind, HalfStep, LoadCheckpoint, Restart, Run, Step
from ganviz.session.events import FileWritten, Refused
from ganviz.session.runner import Runner
from ganviz.spec import InvalidValueError
from ganviz.training.checkpoint import load_checkpoint, save_checkpoint
from ganviz.training.config import RunConfig, TrainingSettings
from ganviz.training.probes import PROBES
from ganviz.training.trainer import Trainer

SMALL = TrainingSettings(batch_size=8, device="cpu")


@pytest.fixture(params=["points", "images"])
def lost(request, tmp_path, monkeypatch):
    """A saved run, whose data then move away, as another process finds it."""
    saved = tmp_path / "run.ganviz"
    if request.param == "points":
        path = tmp_path / "points.csv"
        path.write_text("".join(f"{i},{i * i / 9}\n" for i in range(20)), "utf-8")
        data = PointsFile(path=str(path))
    else:
        path = tmp_path / "digits"
        data = MNIST(folder=str(path))
        shipped = mnist._shipped()
        path.mkdir()
        monkeypatch.setattr(
            mnist, "_read_folder", lambda folder, _subset: shipped if folder.is_dir() else _gone(folder)
        )
    trainer = Trainer(RunConfig(distribution=data, architecture=MLP(width=8), training=SMALL))
    trainer.train(70)
    extent = data.extent
    save_checkpoint(saved, trainer)
    path.rename(tmp_path / "elsewhere")
    forget()
    yield saved, trainer, extent
    forget()


def _gone(folder):
    raise InvalidValueError(f"There is no folder {str(folder)!r}.")


def forget():
    points_file._READ.clear()
    image_folder._READ.clear()
    mnist._chosen.cache_clear()
    mnist._STAND_INS.clear()


def test_it_opens_with_what_was_kept_of_its_data(lost):
    saved, trainer, extent = lost
    opened = load_checkpoint(saved)
    assert opened.step == 70
    assert opened.config == trainer.config
    assert opened.config.distribution.extent == extent
    subject = opened.subject()
    assert np.isfinite(subject.real(50)).all()
    for probe in PROBES:
        if probe.supports(opened.config):
            assert probe.measure(subject)


def test_only_training_is_refused(lost, tmp_path):
    run = Runner(RunConfig(training=SMALL, architecture=MLP(width=8)))
    run.handle(LoadCheckpoint(lost[0]))
    assert run.trainer.step == 70
    for command in (Run(), Step(HalfStep.BOTH), Step(HalfStep.GENERATOR), Restart()):
        refused = [event for event in run.handle(command) if isinstance(event, Refused)]
        assert len(refused) == 1, command
        assert "points.csv" in refused[0].message or "digits" in refused[0].message
    assert run.trainer.step == 70
    found = [*run.handle(Export(ExportKind.HISTORY, tmp_path / "h.csv")), *run.finish_writing()]
    assert any(isinstance(event, FileWritten) for event in found)


def test_the_refusal_is_a_sentence(lost):
    opened = load_checkpoint(lost[0])
    with pytest.raises(InvalidValueError, match=r"not trained without its data\.$"):
        opened.train(1)


def test_it_trains_again_when_the_data_are_back(lost, tmp_path):
    load_checkpoint(lost[0])
    name = "points.csv" if (tmp_path / "elsewhere").is_file() else "digits"
    (tmp_path / "elsewhere").rename(tmp_path / name)
    assert load_checkpoint(lost[0]).train(1) == 1


def test_a_file_that_kept_nothing_of_its_data_opens_too(lost):
    state = lost[1].state()
    del state["data"]
    opened = Trainer.from_state(state)
    assert opened.missing_data
    assert np.isfinite(opened.subject().generator(opened.subject().latents(5)).numpy()).all()


def test_a_window_in_another_process_knows_the_extent(lost):
    data = load_checkpoint(lost[0]).config.distribution
    code = "import sys, pickle, json, dataclasses; d = pickle.loads(sys.stdin.buffer.read()); "
    code += "print(json.dumps(dataclasses.astuple(d.extent)))"
    out = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(data), capture_output=True, check=True
    )
    assert json.loads(out.stdout) == pytest.approx(
        [lost[2].x_min, lost[2].x_max, lost[2].y_min, lost[2].y_max]
    )


def test_a_run_whose_data_are_gone_says_so_when_it_is_opened(lost):
    saved, _, _ = lost
    (note,) = load_checkpoint(saved).notes
    assert "can be shown and exported, but not trained" in note


def test_other_content_under_the_same_path_is_told_and_marked(tmp_path):
    path, saved = tmp_path / "points.csv", tmp_path / "run.ganviz"
    path.write_text("".join(f"{i},{i * i / 9}\n" for i in range(20)), "utf-8")
    forget()
    trainer = Trainer(
        RunConfig(distribution=PointsFile(path=str(path)), architecture=MLP(width=8), training=SMALL)
    )
    trainer.train(70)
    save_checkpoint(saved, trainer)
    same = load_checkpoint(saved)
    assert (same.notes, same.history.marks) == ((), [])
    path.write_text("".join(f"{i},{i * i / 8}\n" for i in range(20)), "utf-8")
    forget()
    other = load_checkpoint(saved)
    (note,) = other.notes
    assert "other content now" in note
    assert [(mark.step, mark.lane, mark.label, mark.breaks) for mark in other.history.marks] == [
        (70, None, "other data", False)
    ]
    other.train(5)
    save_checkpoint(saved, other)
    assert load_checkpoint(saved).notes == ()
    forget()


def digits_of(folder, images):
    folder.mkdir(exist_ok=True)
    header = b"\0\0\x08\x03" + b"".join(n.to_bytes(4, "big") for n in images.shape)
    (folder / "train-images-idx3-ubyte").write_bytes(header + images.tobytes())


def pictures_of(folder, images):
    folder.mkdir(exist_ok=True)
    for i, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{i}.png")


def points_of(path, images):
    path.write_text("".join(f"{i},{image[3, 3]}\n" for i, image in enumerate(images)), "utf-8")


@pytest.mark.parametrize(
    ("write", "made"),
    [
        (points_of, lambda path: PointsFile(path=path, standardize="no")),
        (digits_of, lambda path: MNIST(folder=path)),
        (pictures_of, lambda path: ImageFolder(path=path, side=28, is_color=False)),
    ],
)
def test_a_change_beyond_what_is_kept_of_the_data_is_told_too(tmp_path, monkeypatch, write, made):
    for module, name, most in (
        (points_file, "MAX_EXCERPT", 4),
        (mnist, "MAX_EXCERPT", 4),
        (image_folder, "EXCERPT_BYTES", 1),
    ):
        monkeypatch.setattr(module, name, most)
    data, images = made(str(tmp_path / "data")), np.arange(20 * 784, dtype=np.uint8).reshape(20, 28, 28)
    write(tmp_path / "data", images)
    forget()
    state = Trainer(RunConfig(distribution=data, architecture=MLP(width=8), training=SMALL)).state()
    assert Trainer.from_state(state).notes == ()
    (tmp_path / "data").rename(tmp_path / "away")
    forget()
    again = Trainer.from_state(Trainer.from_state(state).state()).state()
    images[18, 3, 3] ^= 1
    write(tmp_path / "data", images)
    for one in (state, again):
        forget()
        (note,) = Trainer.from_state(one).notes
        assert "other content now" in note
    del state["data"]["digest"]
    assert Trainer.from_state(state).notes == (), "a file of before has nothing that tells"
    forget()


@pytest.mark.parametrize(
    ("write", "made"),
    [
        (digits_of, lambda path: MNIST(folder=path)),
        (pictures_of, lambda path: ImageFolder(path=path, side=28, is_color=False)),
    ],
)
def test_what_tells_images_from_others_is_made_when_they_are_read_and_no_save_waits(
    tmp_path, monkeypatch, write, made
):
    forget()
    write(tmp_path / "data", np.arange(20 * 784, dtype=np.uint8).reshape(20, 28, 28))
    data = made(str(tmp_path / "data"))
    data.load()
    monkeypatch.setattr(digests, "hashlib", None)
    assert len(data.excerpt()["digest"]) == 32
    forget()

"""What is written can be read again, carries its settings, and is there completely or not at all."""

import contextlib
import csv
import dataclasses
import io
import json
import math
import sys
import tracemalloc

import numpy as np
import pytest
import safetensors
import safetensors.torch
import torch

from ganviz import __version__
from ganviz.data.mnist import MNIST
from ganviz.losses.formulation import Formulation
from ganviz.losses.penalties.zero_centered import R1
from ganviz.losses.presets import named_formulation
from ganviz.networks.conv import DCGAN16
from ganviz.networks.mlp import MLP
from ganviz.session.exporting import write_config, write_history, write_samples, write_weights
from ganviz.session.summary import metrics_of, run_summary
from ganviz.spec import InvalidValueError
from ganviz.training import history as history_module
from ganviz.training.atomic import PART, FileError, _beginning, atomic_path
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.config import LaneConfig, Latents, RunConfig, TrainingSettings, config_from_plain
from ganviz.training.history import History
from ganviz.training.measurements import N_SAMPLES
from ganviz.training.trainer import Trainer

SMALL = TrainingSettings(batch_size=16)
LANES = (
    LaneConfig(named_formulation("saturating"), label='odd, "label"\nof two lines'),
    LaneConfig(Formulation(named_formulation("hinge").loss, (R1(gamma=0.3),))),
)
CONFIG = RunConfig(lanes=LANES, architecture=MLP(width=8), training=SMALL)
DIGITS = RunConfig(
    distribution=MNIST(),
    architecture=DCGAN16(channels=2),
    latents=Latents(size=5),
    training=TrainingSettings(batch_size=4),
)


@pytest.fixture(scope="module")
def trained():
    trainer = Trainer(CONFIG)
    trainer.train(70)
    lane = dataclasses.replace(LANES[0], formulation=named_formulation("non_saturating"))
    trainer.reconfigure(dataclasses.replace(CONFIG, lanes=(lane, LANES[1])))
    trainer.train(20)
    return trainer


@pytest.fixture(scope="module")
def digits():
    trainer = Trainer(DIGITS)
    trainer.train(2)
    return trainer


def read_csv(path):
    """Return the comment lines and the rows by column."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(file)
    n = next((i for i, line in enumerate(lines) if line.startswith("#")), len(lines))
    assert all(line.startswith("# ") for line in lines[n:])
    return [line[2:].rstrip("\n") for line in lines[n:]], list(csv.DictReader(lines[:n]))


def assert_settings(text, config):
    plain = json.loads(text)
    assert plain["ganviz"] == __version__
    assert config_from_plain(plain["config"]) == config


def test_history_csv_holds_every_step_exactly(trained, tmp_path):
    write_history(tmp_path / "history.csv", trained)
    comments, rows = read_csv(tmp_path / "history.csv")
    assert list(rows[0]) == ["lane", "label", "formulation", "seed", "step", *COLUMNS, *METRICS]
    assert len(rows) == 2 * 90
    for lane in range(2):
        mine = [row for row in rows if row["lane"] == str(lane)]
        assert [int(row["step"]) for row in mine] == list(range(1, 91))
        values = np.array([[float(row[name]) for name in COLUMNS] for row in mine])
        np.testing.assert_array_equal(values, trained.history.table(lane))
        found = [[float(row[name]) for name in METRICS] for row in mine if row["modes_hit"]]
        np.testing.assert_array_equal(found, trained.history.measured.table(lane)[1])
        assert len(found) == 1
    assert rows[0]["label"] == LANES[0].label
    assert rows[0]["formulation"] == "non_saturating"
    assert rows[90]["formulation"] == LANES[1].formulation.title
    assert_settings(comments[0], trained.config)
    assert comments[1].startswith("moments: d_loss with its parts and batch_total are of D's last batch")
    assert comments[2:] == [
        'change after step 70, lane 0 (odd, "label" of two lines): Saturating → Non-saturating · optimizer reset'
    ]


def test_history_holds_the_articles_identities(trained, tmp_path):
    write_history(tmp_path / "history.csv", trained)
    for row in read_csv(tmp_path / "history.csv")[1]:
        value, real, fake, total = (
            float(row[name]) for name in ("value", "d_real", "d_fake", "total_saturating")
        )
        assert abs(value + real + fake) < 1e-5
        assert abs(total - real) < 1e-5


def without_comments(path, *, also_in_quotes):
    """Return the rows that ``pandas.read_csv(comment="#")`` sees: its Python parser cuts in quoted cells too."""
    text, kept, is_quoted, is_comment = path.read_text("utf-8"), [], False, False
    for sign in text:
        is_quoted ^= sign == '"' and not is_comment
        is_comment = (is_comment or (sign == "#" and (also_in_quotes or not is_quoted))) and sign != "\n"
        kept.append("" if is_comment else sign)
    return list(csv.DictReader(io.StringIO("".join(kept))))


@pytest.fixture(scope="module")
def numbered(tmp_path_factory):
    """A history and samples of lanes whose labels look like comments."""
    lanes = (
        LaneConfig(named_formulation("saturating"), label="run #1"),
        LaneConfig(named_formulation("hinge"), label="# two"),
    )
    trainer = Trainer(dataclasses.replace(CONFIG, lanes=lanes))
    trainer.train(30)
    folder = tmp_path_factory.mktemp("numbered")
    write_history(folder / "history.csv", trainer)
    write_samples(folder / "samples.csv", trainer)
    return folder, trainer


@pytest.mark.parametrize("also_in_quotes", [True, False])
def test_labels_that_look_like_comments_lose_no_row(numbered, also_in_quotes):
    folder, trainer = numbered
    rows = without_comments(folder / "history.csv", also_in_quotes=also_in_quotes)
    assert [row["label"] for row in rows] == ["run ＃1"] * 30 + ["＃ two"] * 30
    assert all(None not in row and None not in row.values() for row in rows)
    found = np.array([[float(row[name]) for name in COLUMNS] for row in rows])
    np.testing.assert_array_equal(found, np.concatenate([trainer.history.table(lane) for lane in range(2)]))
    assert len(without_comments(folder / "samples.csv", also_in_quotes=also_in_quotes)) == 3 * 2500


def test_numpy_reads_a_history_as_it_comes(numbered):
    folder, trainer = numbered
    table = np.genfromtxt(folder / "history.csv", delimiter=",", names=True)
    assert table.dtype.names[3:] == ("seed", "step", *COLUMNS, *METRICS)
    np.testing.assert_array_equal(table["d_loss"][:30], trainer.history.table(0)[:, COLUMNS.index("d_loss")])
    steps = np.loadtxt(folder / "history.csv", delimiter=",", skiprows=1, usecols=4)
    assert steps.tolist() == [*range(1, 31)] * 2
    named = np.genfromtxt(folder / "samples.csv", delimiter=",", names=True)
    assert np.isfinite(named["x"]).sum() == 3 * 2500


def test_a_plain_csv_reader_finds_the_header_first(numbered):
    for name, columns in (("history.csv", ["lane", "label", "formulation", "seed", "step", *COLUMNS, *METRICS]),
                          ("samples.csv", ["kind", "lane", "label", "seed", "x", "y"])):  # fmt: skip
        with (numbered[0] / name).open(encoding="utf-8", newline="") as file:
            assert csv.DictReader(file).fieldnames == columns


def test_history_npz_holds_the_same(trained, tmp_path):
    write_history(tmp_path / "history.npz", trained)
    with np.load(tmp_path / "history.npz") as arrays:
        assert tuple(arrays["columns"]) == COLUMNS
        for lane in range(2):
            np.testing.assert_array_equal(arrays[f"lane_{lane}"], trained.history.table(lane))
            steps, values = trained.history.measured.table(lane)
            np.testing.assert_array_equal(arrays[f"metric_steps_{lane}"], steps)
            np.testing.assert_array_equal(arrays[f"metrics_{lane}"], values)
        assert_settings(str(arrays["settings"]), trained.config)
        marks = [[70, 0, "Saturating → Non-saturating · optimizer reset"]]
        assert json.loads(str(arrays["change_marks"])) == marks


def test_a_long_history_is_written_in_little_memory(trained, tmp_path, monkeypatch):
    monkeypatch.setattr(history_module, "CHUNK_ROWS", 64)
    long = History(1)
    for _ in range(60):
        long.append(np.random.default_rng(0).random((128, 1, len(COLUMNS))), [128])
    trainer = Trainer(RunConfig(architecture=MLP(width=8), training=SMALL))
    trainer.history = long
    table_bytes = 60 * 128 * len(COLUMNS) * 8
    tracemalloc.start()
    try:
        write_history(tmp_path / "history.csv", trainer)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < table_bytes / 4
    assert len(read_csv(tmp_path / "history.csv")[1]) == 60 * 128


def test_samples_of_points(trained, tmp_path):
    write_samples(tmp_path / "samples.csv", trained)
    write_samples(tmp_path / "samples.npz", trained)
    comments, rows = read_csv(tmp_path / "samples.csv")
    with np.load(tmp_path / "samples.npz") as arrays:
        assert arrays["real"].shape == (2500, 2)
        assert arrays["generated"].shape == (2, 2500, 2)
        assert list(arrays["lanes"]) == [trained.config.lane_title(lane) for lane in range(2)]
        assert int(arrays["step"]) == 90
        for kind, lane, expected in (
            ("real", "", arrays["real"]),
            ("generated", "0", arrays["generated"][0]),
            ("generated", "1", arrays["generated"][1]),
        ):
            mine = [row for row in rows if (row["kind"], row["lane"]) == (kind, lane)]
            points = np.array([[float(row["x"]), float(row["y"])] for row in mine], dtype=np.float32)
            np.testing.assert_array_equal(points, expected)
        latents = torch.from_numpy(arrays["latents"])
        expected = trained.generator_module(1)(latents).detach().numpy()
        np.testing.assert_allclose(arrays["generated"][1], expected, rtol=1e-4, atol=1e-5)
    assert_settings(comments[0], trained.config)
    assert comments[1] == "step 90"


def test_samples_of_images(digits, tmp_path):
    write_samples(tmp_path / "samples.npz", digits)
    with np.load(tmp_path / "samples.npz") as arrays:
        assert arrays["real"].shape == (2500, 1, 28, 28)
        assert arrays["generated"].shape == (1, 2500, 1, 28, 28)
        assert abs(arrays["generated"]).max() <= 1
    with pytest.raises(InvalidValueError, match=r"choose a file that ends in \.npz"):
        write_samples(tmp_path / "samples.csv", digits)
    assert not (tmp_path / "samples.csv").exists()


def test_the_configuration_can_be_read_back(trained, tmp_path):
    write_config(tmp_path / "config.json", trained.config)
    assert_settings((tmp_path / "config.json").read_text(encoding="utf-8"), trained.config)


def plain_generator(path):
    """Return the generator in a file as README shows it."""
    with safetensors.safe_open(path, "pt") as file:
        layers = json.loads(file.metadata()["layers"])
    generator = torch.nn.Sequential(*[getattr(torch.nn, kind)(**options) for kind, options in layers])
    generator.load_state_dict(safetensors.torch.load_file(path))
    return generator.eval()


WEIGHTS = {
    "points": CONFIG,
    "average, digits from a perceptron": RunConfig(
        distribution=MNIST(),
        architecture=MLP(width=8, activation="relu"),
        training=TrainingSettings(batch_size=4, ema_decay=0.5),
    ),
    "digits": DIGITS,
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_make_an_ordinary_module(name, tmp_path):
    trainer = Trainer(WEIGHTS[name])
    trainer.train(3)
    subject, lane = trainer.subject(), len(trainer.config.lanes) - 1
    path = tmp_path / "generator.safetensors"
    write_weights(path, trainer, lane)
    generator, latents = plain_generator(path), subject.latents(7)
    assert "0.weight" in generator.state_dict()
    torch.testing.assert_close(generator(latents[lane]), subject.generator(latents)[lane])
    with safetensors.safe_open(path, "pt") as file:
        metadata = file.metadata()
    assert_settings(metadata["settings"], trainer.config)
    assert metadata["architecture"] == trainer.config.architecture.key
    assert metadata["latent_size"] == str(trainer.config.latents.size)
    assert (metadata["lane"], metadata["step"]) == (str(lane), "3")


@pytest.mark.parametrize("lane", [-1, 2])
def test_weights_of_no_lane_are_refused(trained, tmp_path, lane):
    with pytest.raises(InvalidValueError, match=f"no lane {lane}; lanes are 0 to 1"):
        write_weights(tmp_path / "g.safetensors", trained, lane)


WRITERS = {
    "history": (write_history, ".csv"),
    "history npz": (write_history, ".npz"),
    "samples": (write_samples, ".csv"),
    "samples npz": (write_samples, ".npz"),
    "config": (lambda path, trainer: write_config(path, trainer.config), ".json"),
    "weights": (lambda path, trainer: write_weights(path, trainer, 0), ".safetensors"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_another_ending_is_refused(name, trained, tmp_path):
    write, ending = WRITERS[name]
    with pytest.raises(InvalidValueError, match=f"'a.txt' must end in .*{ending}"):
        write(tmp_path / "a.txt", trained)
    write(tmp_path / f"A{ending.upper()}", trained)
    assert [path.name for path in tmp_path.iterdir()] == [f"A{ending.upper()}"]


@contextlib.contextmanager
def full_disk(n_bytes):
    """Let the system refuse to make any file longer than this, as a full disk does."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_is_a_sentence_and_the_old_file_stays(name, trained, tmp_path):
    write, ending = WRITERS[name]
    path = tmp_path / f"file{ending}"
    path.write_text("old")
    with full_disk(300), pytest.raises(FileError) as caught:
        write(path, trained)
    assert str(caught.value).startswith(f"{str(path)!r} cannot be written: ")
    assert str(caught.value).endswith(".")
    assert path.read_text() == "old"
    assert [other.name for other in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_that_cannot_be_written_to_is_a_sentence(name, trained, tmp_path):
    write, ending = WRITERS[name]
    (tmp_path / "file").touch()
    (tmp_path / f"folder{ending}").mkdir()
    for path in ("missing/a", "file/a", "folder", "long" * 90):
        with pytest.raises(FileError, match=r"cannot be written: .+\.$") as caught:
            write(tmp_path / f"{path}{ending}", trained)
        assert "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", f"folder{ending}"]


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), ValueError("no"), KeyboardInterrupt()]
)
def test_whatever_interrupts_writing_leaves_nothing_behind(error, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises((FileError, ValueError, KeyboardInterrupt)), atomic_path(path) as temporary:  # noqa: PT012
        temporary.write_text("half")
        assert path.read_text() == "old"
        raise error
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_has_the_permissions_of_any_other(tmp_path):
    with atomic_path(tmp_path / "a") as temporary:
        temporary.write_text("a")
    (tmp_path / "b").write_text("b")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_the_summary_is_plain_json(trained):
    summary = run_summary(trained, 2.0, 90, [])
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert summary | {"lanes": None} == {
        "version": __version__, "data": "ring", "data_file": None, "steps": 90, "seconds": 2.0,
        "steps_per_second": 45.0,
        "device": trained.device, "step_method": "analytic", "seed": 0, "lanes": None, "files": [],
    }  # fmt: skip
    measured = metrics_of(trained)[0]
    for lane, told in enumerate(summary["lanes"]):
        row = trained.history.last_row(lane)
        assert (told["label"], told["state"]) == (trained.config.lane_title(lane), "trained")
        assert set(told["losses"]) == {
            "d_loss", "g_loss", "d_real", "d_fake", "value", "g_saturating", "g_non_saturating",
            "total_non_saturating", "total_saturating",
        }  # fmt: skip
        figures = {**told["losses"], **told.get("read_as_logits", {}), **told["scores"]}
        assert all(row[name] == value for name, value in figures.items())
        assert list(told["metrics"]) == [
            "n_samples", "modes_hit", "n_modes", "quality_fraction", "reverse_kl", "sliced_wasserstein",
            "sliced_wasserstein_floor", "js_divergence", "modes_with_a_sample", "good_reverse_kl",
        ]  # fmt: skip
        assert told["metrics"]["n_modes"] == 8
        over_time, (steps, values) = told["metrics_over_time"], trained.history.measured.table(lane)
        assert (over_time.pop("n_samples"), over_time.pop("step")) == (N_SAMPLES, steps.tolist())
        np.testing.assert_array_equal(list(over_time.values()), values.T)
        assert told["metrics"]["modes_hit"] == measured.modes_hit[lane]
        assert type(told["metrics"]["modes_hit"]) is int
        assert told["metrics"]["sliced_wasserstein"] == measured.sliced_wasserstein[lane]


def test_what_has_no_meaning_is_null(digits):
    (lane,) = run_summary(digits, 0.0, 2, [])["lanes"]
    missing = [name for name, value in lane["metrics"].items() if value is None]
    assert missing == [
        "modes_hit",
        "n_modes",
        "quality_fraction",
        "reverse_kl",
        "js_divergence",
        "modes_with_a_sample",
        "good_reverse_kl",
    ]
    assert all(math.isfinite(value) for value in lane["losses"].values())


def test_a_run_without_a_step_has_a_summary():
    summary = run_summary(Trainer(CONFIG), 0.0, 0, [])
    assert summary["steps_per_second"] is None
    assert set(summary["lanes"][0]["losses"].values()) == {None}
    json.dumps(summary, allow_nan=False)


@pytest.mark.skipif(sys.platform == "win32", reason="whole paths are short there")
@pytest.mark.parametrize("name", ["a" * 251 + ".csv", "ü" * 125 + ".csv"])
def test_a_name_as_long_as_a_system_takes_is_written_and_leftovers_go(tmp_path, name):
    path = tmp_path / name
    beginning = _beginning(path)
    (tmp_path / f"{beginning}0123{PART}").write_text("of one that was killed")
    for text in ("old", "new"):
        with atomic_path(path) as temporary:
            temporary.write_text(text)
        assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {name: text}

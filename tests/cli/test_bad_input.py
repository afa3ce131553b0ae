"""Bad input: one clear sentence, exit code 2, nothing overwritten."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import struct
import sys
from pathlib import Path

import pytest
import torch

from ganviz.session.run_folder import FILES

SMALL = ("--set", "architecture.width=8", "--set", "training.batch_size=16", "--device", "cpu")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--steps", "-1"), ["--steps must be between 1 and 1,000,000,000, not -1"]),
        (("--steps", "0"), ["--steps must be between 1 and 1,000,000,000, not 0"]),
        (("--steps", "9" * 400), ["--steps must be between 1 and 1,000,000,000, not 999", "9…."]),
        (("--steps", "many"), ["--steps", "'many'"]),
        (("--set", "architecture.width=0"), ["architecture.width must be between 1 and 4096, not 0"]),
        (("--set", "architecture.widht=9"), ["'architecture.widht'", "architecture.width"]),
        (("--set", "architecture"), ["KEY=VALUE", "'architecture'"]),
        (("--preset", "defalt"), ["'defalt'", "did you mean default"]),
        (("--formulation", "nonsaturated"), ["'nonsaturated'", "non_saturating"]),
        (("--data", "rign"), ["'rign'", "ring"]),
        (("--data", "missing.csv"), ["no file or folder 'missing.csv'", "ring"]),
        (("--data", "some/where"), ["no file or folder 'some/where'"]),
        (("--seed", "-1"), ["training.seed must be between 0 and 2147483647, not -1"]),
        (("--device", "tpu"), ["--device", "'tpu'", "cuda"]),
        (("--config", "missing.json"), ["'missing.json' cannot be read"]),
        (("--config", "a.json", "--preset", "default"), ["--preset or --config, not both"]),
        (("--step", "3", "--data"), ["--data"]),
        (("--sede", "3"), ["--sede"]),
        (("--out", ""), ["--out", "a folder is wanted"]),
        (("--config", ""), ["--config", "a file is wanted"]),
        (("--out", "~nobody-of-that-name/run"), ["'~nobody-of-that-name/run' cannot be used as a path"]),
        (("--config", "~nobody-of-that-name/a.json"), ["'~nobody-of-that-name/a.json' cannot be used"]),
        (("--data", "~nobody-of-that-name/a.csv"), ["'~nobody-of-that-name/a.csv' cannot be used as a path"]),
        (("--out", "é" * 128), ["cannot be used as a path: a name in it is longer than 255 bytes"]),
        (("--out", "a/" * 2100), ["cannot be used as a path: it is longer than 4095 bytes"]),
    ],
)
def test_an_option_that_cannot_be_used(ganviz, tmp_path, monkeypatch, options, words):
    monkeypatch.chdir(tmp_path)
    ganviz("train", *options, "--out", tmp_path / "run").assert_refused(*words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe{}", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"3", "config must be an object, not 3"),
        (b'{"lanes": []}', "between 1 and 64 lanes, not 0"),
        (b'{"widht": 3}', "'widht'"),
        (b'{"architecture": {"kind": "mlp", "width": 0}}', "architecture.width must be between 1 and 4096"),
        (b'{"lanes": [{"formulation": {"loss": null}}]}', "lanes.0.formulation.loss"),
    ],
)
def test_a_configuration_that_cannot_be_used(ganviz, tmp_path, content, words):
    path = tmp_path / "config.json"
    path.write_bytes(content)
    ganviz("train", "--config", path).assert_refused(str(path), words)


def test_a_broken_line_of_points_is_named_by_its_number(ganviz, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("x,y\n1,2\n3,oops\n5,6\n")
    ganviz("train", "--data", path, "--out", tmp_path / "run").assert_refused("line 3", "'3,oops'")
    assert [found.name for found in tmp_path.iterdir()] == ["points.csv"]


def _write_idx(folder: Path, *, cut: str) -> None:
    for part in ("train", "t10k"):
        images = struct.pack(">iiii", 2051, 2, 28, 28) + bytes(2 * 28 * 28)
        labels = struct.pack(">ii", 2049, 2) + b"\x03\x08"
        for name, content in (("images-idx3", images), ("labels-idx1", labels)):
            path = folder / f"{part}-{name}-ubyte"
            path.write_bytes(content[:-1] if path.name == cut else content)


@pytest.mark.parametrize("cut", ["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"])
def test_a_truncated_file_of_digits_is_named(ganviz, tmp_path, cut):
    _write_idx(tmp_path, cut=cut)
    ganviz("train", "--data", tmp_path).assert_refused(cut, "should hold")


def test_complete_files_of_digits_train(ganviz, tmp_path):
    _write_idx(tmp_path, cut="")
    assert ganviz("train", "--data", tmp_path, "--steps", 1, "--json").json["data"] == "mnist"


def test_a_folder_without_digits_says_which_file_is_missing(ganviz, tmp_path):
    ganviz("train", "--data", tmp_path).assert_refused("train-images-idx3-ubyte")


class _Hostile:
    """A pickle of this creates a folder when it is opened carelessly."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


def _sealed(payload: bytes) -> bytes:
    return b"ganviz checkpoint 2\n" + hashlib.sha256(payload).hexdigest().encode() + b"\n" + payload


def _hostile_torch_file(mark: Path) -> bytes:
    buffer = io.BytesIO()
    torch.save({"now": _Hostile(mark)}, buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("command", ["resume", "export"])
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda whole, mark: whole[: len(whole) // 2], "damaged"),
        (lambda whole, mark: whole[:30], "ganviz checkpoint|damaged"),
        (lambda whole, mark: b"", "not a ganviz checkpoint"),
        (lambda whole, mark: os.urandom(5000), "not a ganviz checkpoint"),
        (lambda whole, mark: whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:], "damaged"),
        (lambda whole, mark: whole.replace(b"checkpoint 2\n", b"checkpoint 7\n", 1), "version 7"),
        (lambda whole, mark: pickle.dumps(_Hostile(mark)), "not a ganviz checkpoint"),
        (lambda whole, mark: _sealed(pickle.dumps(_Hostile(mark))), "hold a run|other than tensors"),
        (lambda whole, mark: _sealed(_hostile_torch_file(mark)), "other than tensors"),
        (lambda whole, mark: _sealed(b"PK\x03\x04 nothing"), "hold a run|complete run"),
    ],
)
def test_a_checkpoint_that_is_none(ganviz, saved_run, tmp_path, command, damage, words):
    mark, path = tmp_path / "hostile-code-has-run", tmp_path / "run.ganviz"
    path.write_bytes(damage((saved_run / "checkpoint.ganviz").read_bytes(), mark))
    steps = ("--steps", 1) if command == "resume" else ()
    answer = ganviz(command, path, *steps, "--out", tmp_path / "out")
    answer.assert_refused(str(path))
    assert any(word in answer.err for word in words.split("|")), answer.err
    assert [found.name for found in tmp_path.iterdir()] == ["run.ganviz"]


def test_a_folder_of_another_run_is_left_alone(ganviz, saved_run):
    before = {path: path.read_bytes() for path in saved_run.iterdir()}
    answer = ganviz("train", "--steps", 1, *SMALL, "--out", saved_run)
    answer.assert_refused("already holds checkpoint.ganviz", "--force")
    answer = ganviz("resume", saved_run / "checkpoint.ganviz", "--steps", 1, "--out", saved_run)
    answer.assert_refused("--force")
    answer = ganviz("export", saved_run / "checkpoint.ganviz", "--out", saved_run, "--what", "history")
    answer.assert_refused("already holds history.csv")
    assert {path: path.read_bytes() for path in saved_run.iterdir()} == before


@pytest.mark.parametrize("command", ["train", "export"])
def test_where_nothing_can_be_written(ganviz, saved_run, tmp_path, command):
    (tmp_path / "file").write_text("mine")
    first = ("train", "--steps", 10**9) if command == "train" else ("export", saved_run / "checkpoint.ganviz")
    ganviz(*first, "--out", tmp_path / "file").assert_refused("file' cannot be written to")
    ganviz(*first, "--out", tmp_path / "file" / "run").assert_refused("cannot be written to")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is Unix's")
@pytest.mark.parametrize("command", ["train", "resume", "export"])
def test_a_disk_without_room_leaves_what_was_there(ganviz, saved_run, tmp_path, command):
    import resource

    for name in FILES:
        (tmp_path / name).write_text("precious")
    checkpoint = saved_run / "checkpoint.ganviz"
    first = {
        "train": ("train", "--steps", 300, *SMALL),
        "resume": ("resume", checkpoint, "--steps", 1),
        "export": ("export", checkpoint, "--what", "config,samples"),
    }[command]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, hard))  # the largest file that the system allows
    try:
        answer = ganviz(*first, "--out", tmp_path, "--force")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    answer.assert_refused(str(tmp_path), "cannot be written to: File too large")
    rescued = list(tmp_path.glob("ganviz-step-*.ganviz"))  # the run is kept where it fits
    assert all(str(path) in answer.err for path in rescued)
    for path in rescued:
        path.unlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
    assert {path.read_text() for path in tmp_path.iterdir()} == {"precious"}


def test_a_kind_of_export_that_there_is_not(ganviz, saved_run, tmp_path):
    checkpoint = saved_run / "checkpoint.ganviz"
    answer = ganviz("export", checkpoint, "--out", tmp_path / "out", "--what", "history,sample")
    answer.assert_refused("'sample'", "did you mean samples")
    assert not (tmp_path / "out").exists()

"""Logs that grow with a run: each format read back by another program's reader, killed, gone on with, refused."""

from __future__ import annotations

import csv
import errno
import json
import math
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from ganviz.cli.main import main
from ganviz.session.choosing import chosen_run
from ganviz.session.live_log import RunLog
from ganviz.session.live_log.text import CsvLog
from ganviz.session.logs import event_files
from ganviz.session.logs.log import read_log
from ganviz.spec import InvalidValueError
from ganviz.training.atomic import FileError
from ganviz.training.checkpoint import load_checkpoint
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.config import RunConfig
from ganviz.training.trainer import Trainer

FORMATS = ("log.csv", "log.jsonl", "log.npz", "events", "log.tfevents")
SMALL = (
    "--set",
    "architecture.width=8",
    "--set",
    "training.batch_size=16",
    "--set",
    "training.metrics_every=64",
)
GAMES = ("--formulation", "saturating", "--formulation", "hinge")
NAMES = (*COLUMNS, *METRICS)
Rows = dict[tuple[int, int], dict[str, float]]
"""What is known, by lane and step."""


def with_lanes(*formulations: str) -> RunConfig:
    return chosen_run(formulations=formulations)[0]


def ganviz(*arguments: object) -> int:
    return main([str(one) for one in arguments], *[lambda given: 1] * 3)  # type: ignore[arg-type,list-item]


def read_back(path: Path) -> Rows:
    """Read a log with what belongs to its format, and with nothing of ganviz."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return {(int(row["lane"]), int(row["step"])): known(row) for row in csv.DictReader(file)}
    if path.suffix == ".jsonl":
        rows = [json.loads(line, parse_constant=pytest.fail) for line in path.read_text("utf-8").splitlines()]
        return {(row["lane"], row["step"]): known(row) for row in rows}
    if path.suffix == ".npz":
        return of_arrays(path)
    return of_events(path)


def known(row: dict[str, object]) -> dict[str, float]:
    values = {name: row.get(name) for name in NAMES}
    return {name: float(value) for name, value in values.items() if value not in ("", None, "nan")}  # type: ignore[arg-type]


def of_arrays(path: Path) -> Rows:
    found: Rows = {}
    with np.load(path) as arrays:
        for lane in range(2):
            for k, row in enumerate(arrays[f"lane_{lane}"]):
                found[lane, k + 1] = dict(zip(arrays["columns"].tolist(), row.tolist(), strict=True))
            for step, row in zip(arrays[f"metric_steps_{lane}"], arrays[f"metrics_{lane}"], strict=True):
                found[lane, int(step)] |= dict(zip(METRICS, row.tolist(), strict=True))
    return {
        key: {name: value for name, value in row.items() if not math.isnan(value)}
        for key, row in found.items()
    }


def of_events(path: Path) -> Rows:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found: Rows = {}
    for lane, run in enumerate(("lane_0_saturating", "lane_1_hinge")):
        is_file = path.is_file()
        events = EventAccumulator(str(path if is_file else path / run), size_guidance={"scalars": 0}).Reload()
        assert "settings" in events.Tags()["tensors"]
        prefix = f"{run}/" if is_file else ""
        for tag in events.Tags()["scalars"]:
            if tag.startswith(prefix):
                for event in events.Scalars(tag):
                    found.setdefault((lane, event.step), {})[tag.removeprefix(prefix)] = event.value
    return found


def of_history(checkpoint: Path) -> Rows:
    history = load_checkpoint(checkpoint).history
    found: Rows = {}
    for lane in range(history.n_lanes):
        for k, row in enumerate(history.table(lane).tolist()):
            found[lane, k + 1] = dict(zip(COLUMNS, row, strict=True))
        for step, row in zip(*(one.tolist() for one in history.measured.table(lane)), strict=True):
            found[lane, step] |= dict(zip(METRICS, row, strict=True))
    return {key: {name: value for name, value in row.items() if value == value} for key, row in found.items()}


def assert_holds(found: Rows, wanted: Rows, *, is_single: bool) -> None:
    assert found.keys() == wanted.keys()
    for key, row in wanted.items():
        rounded = {name: float(np.float32(value)) for name, value in row.items()} if is_single else row
        assert found[key] == rounded, key


@pytest.mark.parametrize("name", FORMATS)
def test_a_log_holds_the_history_also_after_the_run_was_cut_and_resumed(tmp_path, name, capsys):
    log, out = tmp_path / name, tmp_path / "run"
    train = ("train", *GAMES, *SMALL, "--device", "cpu", "--quiet")
    assert ganviz(*train, "--steps", 70, "--log", log, "--out", out) == 0
    assert f"{log}" in capsys.readouterr().out
    is_single = "tfevents" in name or name == "events"
    assert_holds(read_back(log), of_history(out / "checkpoint.ganviz"), is_single=is_single)

    assert ganviz(*train, "--steps", 70, "--log", log) == 2  # never over what is there
    assert "is there already" in capsys.readouterr().err
    cut(log)
    resume = ("resume", out, "--steps", 60, "--quiet", "--out", tmp_path / "rest")
    assert ganviz(*resume, "--log", log) == 0
    assert_holds(read_back(log), of_history(tmp_path / "rest" / "checkpoint.ganviz"), is_single=is_single)

    assert ganviz(*train, "--seed", 5, "--steps", 3, "--out", tmp_path / "other") == 0
    resume = ("resume", tmp_path / "other" / "checkpoint.ganviz", "--steps", 2, "--quiet", "--device", "cpu")
    capsys.readouterr()
    assert ganviz(*resume[:-2], "--log", log) == 2
    assert "is the log of another run" in capsys.readouterr().err


def cut(log: Path) -> None:
    """Leave of a log what a program that was killed may have left: half of what it wrote last."""
    if log.suffix == ".npz":
        return  # takes its place as a whole
    for path in [log] if log.is_file() else list(log.rglob("*.ganviz")):
        os.truncate(path, path.stat().st_size * 3 // 4)


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_written_can_be_read_while_the_run_goes_on(tmp_path, name):
    """So it can be when its program is killed: nothing waits in a buffer of its own."""
    trainer = Trainer(with_lanes("saturating", "hinge"))
    log = RunLog(tmp_path / name, trainer, goes_on=False, is_forced=False)
    for steps in (3, 5):
        trainer.train(steps)
        log.write()
        assert {step for _, step in read_back(tmp_path / name)} == set(range(1, trainer.step + 1))
    log.close()


def test_a_log_that_went_on_for_longer_is_a_restart_that_repeats_steps(tmp_path):
    log = tmp_path / "log.csv"
    later, earlier = (Trainer(with_lanes("hinge")) for _ in range(2))
    later.train(9)
    RunLog(log, later, goes_on=False, is_forced=False).close()
    earlier.train(4)
    run_log = RunLog(log, earlier, goes_on=True, is_forced=False)
    earlier.train(2)
    run_log.close()
    found = read_log(log, {}, None)
    assert found.steps.tolist() == [1, 2, 3, 4, 5, 6]
    assert any("1 restart" in note for note in found.notes)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are Unix's")
@pytest.mark.parametrize("name", ["log.csv", "log.tfevents"])
def test_a_full_disk_is_said_once_and_what_is_missing_comes_later(tmp_path, name, caplog):
    import resource

    trainer, path = Trainer(with_lanes("saturating", "hinge")), tmp_path / name
    log = RunLog(path, trainer, goes_on=False, is_forced=False)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    trainer.train(2)
    log.write()
    before = path.read_bytes()
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 1000, limits[1]))
    try:
        for _ in range(2):
            trainer.train(2)
            log.write()
            assert path.read_bytes() == before
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    log.close()
    assert {step for _, step in read_back(path)} == {1, 2, 3, 4, 5, 6}
    assert caplog.text.count("cannot be written for now") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are Unix's")
@pytest.mark.parametrize("name", ["log.csv", "log.jsonl", "log.tfevents", "events"])
def test_a_log_that_cannot_be_begun_is_not_in_the_way_of_the_next_one(tmp_path, name):
    import resource

    trainer, path = Trainer(with_lanes("saturating", "hinge")), tmp_path / name
    trainer.train(2)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        if name == "log.jsonl":  # begins with nothing
            RunLog(path, trainer, goes_on=False, is_forced=False).close()
        else:
            with pytest.raises(FileError, match=f"The log '.*{name}' cannot be written: File too large"):
                RunLog(path, trainer, goes_on=False, is_forced=False)
            assert not path.exists()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    log = RunLog(path, trainer, goes_on=False, is_forced=False)
    log.close()
    assert log.files == (path,)


@pytest.mark.parametrize("name", FORMATS)
def test_an_old_log_is_there_until_the_new_one_has_a_row(tmp_path, name, monkeypatch):
    """A run that ends before its first step leaves what was there."""
    trainer, path = Trainer(with_lanes("saturating", "hinge")), tmp_path / name
    trainer.train(2)
    RunLog(path, trainer, goes_on=False, is_forced=False).close()
    old = contents(path)
    train = ("train", *GAMES, *SMALL, "--steps", 5, "--log", path, "--force", "--quiet", "--device", "cpu")
    with monkeypatch.context() as patched:
        patched.setattr(Trainer, "train", defect)
        with pytest.raises(ValueError, match="a defect"):
            ganviz(*train)
    assert contents(path) == old
    assert ganviz(*train, "--out", tmp_path / "run") == 0
    is_single = "tfevents" in name or name == "events"
    wanted = of_history(tmp_path / "run" / "checkpoint.ganviz")
    assert_holds(read_back(path), wanted, is_single=is_single)
    assert len(contents(path)) == len(old)


def defect(*_: object) -> None:
    raise ValueError("a defect")


def contents(path: Path) -> dict[Path, bytes]:
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return {one: one.read_bytes() for one in files}


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are Unix's")
@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_keeps_an_old_log_and_its_followers(tmp_path, name):
    import resource

    trainer, path = Trainer(with_lanes("saturating", "hinge")), tmp_path / name
    trainer.train(2)
    RunLog(path, trainer, goes_on=False, is_forced=False).close()
    old, (first, *_) = contents(path), contents(path)
    number = first.stat().st_ino
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    trainer = Trainer(with_lanes("saturating", "hinge"))
    log = RunLog(path, trainer, goes_on=False, is_forced=True)
    trainer.train(4)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        log.write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    found = contents(path)
    assert {one: found[one] for one in old} == old
    assert log.missing.endswith("ends at step 0: File too large")
    log.close()
    assert {step for _, step in read_back(path)} == {1, 2, 3, 4}
    if name in ("log.csv", "log.jsonl", "log.tfevents"):
        assert first.stat().st_ino == number


@pytest.mark.skipif(sys.platform == "win32", reason="no open file is removed there")
@pytest.mark.parametrize("name", ["log.csv", "log.tfevents"])
@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_log_that_is_removed_or_changed_meanwhile_is_said_to_lack_steps(tmp_path, name, change, caplog):
    trainer, path = Trainer(with_lanes("hinge")), tmp_path / name
    log = RunLog(path, trainer, goes_on=False, is_forced=False)
    trainer.train(2)
    log.write()
    assert (log.missing, log.files) == ("", (path,))
    change(path)
    trainer.train(2)
    log.close()
    assert not path.exists() or not path.read_bytes()
    assert log.missing == f"The log {str(path)!r} ends at step 2: another program has removed or changed it"
    assert log.files == ()
    assert "changed it" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are Unix's")
def test_a_run_whose_log_lacks_steps_at_the_end_is_kept_and_it_is_said(tmp_path, monkeypatch, capsys):
    """Nothing else of it would be left."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(CsvLog, "append", refuse)
    assert ganviz("train", *SMALL, "--steps", 70, "--log", "log.csv", "--quiet") == 2
    said = capsys.readouterr()
    assert "written" not in said.out
    assert said.err.endswith(
        "ganviz: The log 'log.csv' ends at step 0: No space left on device; "
        "'ganviz-step-70.ganviz' holds the run.\n".replace("'ganviz-step", f"'{tmp_path}/ganviz-step")
    )
    assert load_checkpoint(tmp_path / "ganviz-step-70.ganviz").step == 70
    assert ganviz("train", *SMALL, "--steps", 70, "--log", "log.csv", "--out", "run", "--force") == 2
    assert capsys.readouterr().err.endswith("No space left on device; 'run' holds the run.\n")
    assert load_checkpoint(tmp_path / "run" / "checkpoint.ganviz").step == 70


def refuse(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("log.txt", "must end in .csv"),
        ("there.csv", "is no log that"),
        ("no/such/log.csv", "There is no folder"),
        ("folder.csv", "is a folder"),
        ("run/history.csv", "another name"),
    ],
)
def test_targets_are_checked_before_training(tmp_path, name, words, capsys):
    (tmp_path / "there.csv").write_text("mine\n1\n", "utf-8")
    (tmp_path / "folder.csv").mkdir()
    train = ("train", "--steps", 2, "--quiet", "--out", tmp_path / "run", "--log", tmp_path / name)
    assert ganviz(*train) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert (tmp_path / "there.csv").read_text("utf-8") == "mine\n1\n"


@pytest.mark.parametrize("line", ['{"step": 1e400}', '{"step": ' + "[" * 50_000, '{"step": [1]}'])
def test_a_json_log_of_somebody_else_is_refused_in_a_sentence(tmp_path, line, capsys):
    path = tmp_path / "there.jsonl"
    path.write_text(line + "\n", "utf-8")
    assert ganviz("train", "--steps", 2, "--quiet", "--log", path) == 2
    assert "is no log that" in capsys.readouterr().err
    assert path.read_text("utf-8") == line + "\n"


def test_without_tensorboard_a_sentence_says_how_to_get_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    assert ganviz("train", "--steps", 1, "--log", tmp_path / "events") == 2
    (tmp_path / "events.out.tfevents.1").write_bytes(b"")
    assert ganviz("log", tmp_path / "events.out.tfevents.1") == 2
    assert capsys.readouterr().err.count("pip install 'ganviz[tensorboard]'") == 2


def write_events(folder: Path, rows: list[tuple[int, dict[str, float]]], number: int = 0) -> None:
    """Write scalars as PyTorch's users do."""
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(folder), filename_suffix=f".{number}") as writer:
        for step, values in rows:
            for tag, value in values.items():
                writer.add_scalar(tag, value, step)
        writer.add_histogram("weights", np.arange(9.0), 3)
        writer.add_text("words", "no number", 3)


def test_event_files_of_other_programs(tmp_path):
    def row(d: float, g: float) -> dict[str, float]:
        return {"Loss/discriminator": d, "Loss/generator": g, "acc/real": 0.5}

    write_events(tmp_path, [(0, row(1.5, 1)), (10, row(1.25, math.nan)), (20, row(9, 9)), (30, row(9, 9))], 1)
    next(iter(tmp_path.iterdir())).rename(tmp_path / "events.out.tfevents.1.a")
    write_events(tmp_path, [(20, row(1, 2)), (40, row(0.5, 3))], 2)
    found = read_log(tmp_path, {}, None)
    assert found.columns == {"d_loss": "Loss/discriminator", "g_loss": "Loss/generator"}
    assert found.steps.tolist() == [0, 10, 20, 40]
    np.testing.assert_array_equal(found.values["d_loss"], [1.5, 1.25, 1, 0.5])
    np.testing.assert_array_equal(found.values["g_loss"], [1, math.nan, 2, 3])
    assert "2 event files" in found.notes[0]
    assert any("1 restart: 2 rows replaced" in note for note in found.notes)

    path = sorted(tmp_path.iterdir())[0]
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])  # a program that is writing it, or was killed
    assert "damaged or cut" in read_log(path, {}, None).notes[0]
    path.write_bytes(b"\xff" * 4096)
    with pytest.raises(InvalidValueError, match="holds no scalars"):
        read_log(path, {}, None)


def test_event_files_in_folders_of_a_folder_are_named(tmp_path, monkeypatch):
    write_events(tmp_path / "one", [(1, {"d_loss": 1.0})])
    with pytest.raises(InvalidValueError, match=r"choose one: one\.$"):
        read_log(tmp_path, {}, None)
    for k in range(6):
        write_events(tmp_path / "more" / str(k), [(1, {"d_loss": 1.0})])
    with pytest.raises(InvalidValueError, match=r"choose one: more/0, .*more/4 …\.$"):
        read_log(tmp_path, {}, None)
    monkeypatch.setattr(event_files, "MOST_LOOKED_AT", 2)  # of a whole disk only a part is looked through
    with pytest.raises(InvalidValueError, match=r"choose one: more/0\.$"):
        read_log(tmp_path, {}, None)
